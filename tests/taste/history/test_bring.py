"""Histories in the store: once, again, undone, stopped; zips; the limits."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import Cancelled, FormatError, LimitError
from core.store.store import Store
from core.taste.history import archive as archive_module
from core.taste.history import bring as bring_module
from core.taste.history.bring import artist_of, bring_history, item_of
from tests.taste.history.test_formats import AT, BRAINZ, CSV, EXTENDED

ME = "me-1234567890"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'db.sqlite'}")
    yield made
    made.close()


def zipped(files: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def history(plays: int, first: int = 0) -> bytes:
    lines = [f"Artist {at % 7},,Song {at % 23},{AT + 200 * at}\n" for at in range(first, first + plays)]
    return ("artist,album,track,uts\n" + "".join(lines)).encode()


def test_a_history_is_brought_once(store: Store) -> None:
    first = bring_history(store, ME, history(50), "a.csv")
    assert (first.imported.rows, first.imported.known, first.left_out, first.imported.source) == (50, 0, 0, "lastfm")
    again = bring_history(store, ME, history(80), "b.csv")
    assert (again.imported.rows, again.imported.known) == (30, 50)
    assert len(store.listening.plays(ME)) == 80
    play = store.listening.plays(ME)[-1]
    assert (play.item, int(play.at.timestamp()), play.skipped) == ("track:artist-0/song-0", AT, False)
    assert store.listening.items([play.item])[play.item].title == "Song 0"


def test_a_history_can_be_undone(store: Store) -> None:
    kept = bring_history(store, ME, history(50), "a.csv")
    gone = bring_history(store, ME, history(80), "b.csv")
    store.imports.undo(ME, gone.imported.id)
    assert len(store.listening.plays(ME)) == 50
    store.imports.undo(ME, kept.imported.id)
    assert store.listening.plays(ME) == ()
    assert store.listening.items() == {}


def test_progress_rises_to_the_end_and_stops_everything(store: Store) -> None:
    seen: list[tuple[int, int]] = []
    bring_history(store, ME, history(5000), "a.csv", lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == seen[-1][1]
    assert len(seen) > 5

    def stop(done: int, total: int) -> None:
        if done > 0.9 * total:
            raise Cancelled

    with pytest.raises(Cancelled):
        bring_history(store, "other-listener", history(5000), "a.csv", stop)
    assert store.listening.plays("other-listener") == ()
    assert store.imports.of("other-listener") == ()


def test_spotifys_zip_as_downloaded(store: Store) -> None:
    spread = [{**EXTENDED, "ts": f"2020-01-{day:02}T10:00:00Z"} for day in range(1, 29)]
    data = zipped(
        {
            "Spotify Extended Streaming History/Streaming_History_Audio_2019-2020_0.json": json.dumps(
                spread[:14]
            ).encode(),
            "Spotify Extended Streaming History/Streaming_History_Audio_2020_1.json": json.dumps(
                spread[14:]
            ).encode(),
            "Spotify Extended Streaming History/ReadMeFirst_ExtendedStreamingHistory.pdf": b"%PDF-1.4",
            "Spotify Account Data/Userdata.json": b'{"username": "x"}',
        }
    )
    brought = bring_history(store, ME, data, "my_spotify_data.zip")
    assert (brought.imported.source, brought.imported.rows) == ("spotify", 28)


def test_listenbrainz_zip_and_path(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "lb.zip"
    path.write_bytes(zipped({"user.json": b'{"user_id": 1}', "listens/2019/12.jsonl": json.dumps(BRAINZ).encode()}))
    assert bring_history(store, ME, path, path.name).imported.rows == 1


@pytest.mark.parametrize("cut", [30, 200, 400])
def test_a_broken_zip_is_told(store: Store, cut: int) -> None:
    with pytest.raises(FormatError, match="cannot be opened"):
        bring_history(store, ME, zipped({"a.csv": history(2000)})[:cut], "x.zip")


def test_a_zip_broken_inside_is_told(store: Store) -> None:
    data = bytearray(zipped({"a.csv": history(4000)}, zipfile.ZIP_STORED))
    data[80_000] ^= 0xFF
    with pytest.raises(FormatError, match="CRC"):
        bring_history(store, ME, bytes(data), "x.zip")
    assert store.listening.plays(ME) == ()


def test_text_named_zip_is_told(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_text("hello")
    with pytest.raises(FormatError, match="does not begin like one"):
        bring_history(store, ME, path, path.name)


def test_zip_bombs_are_refused_before_they_are_unpacked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LimitError, match="unpack to at most 200 times"):
        bring_history(store, ME, zipped({"a.csv": b"0" * 50_000_000}), "bomb.zip")
    with pytest.raises(LimitError, match="up to 5,000 files"):
        bring_history(store, ME, zipped({f"{n}.csv": b"" for n in range(5001)}), "many.zip")
    monkeypatch.setattr(archive_module, "MAX_BYTES", 10_000)
    with pytest.raises(LimitError, match="MB unpacked"):
        bring_history(store, ME, zipped({"a.csv": history(500)}), "large.zip")
    with pytest.raises(LimitError, match="MB unpacked"):
        bring_history(store, ME, history(500), "large.csv")


def test_a_zip_that_lies_about_sizes_is_refused(store: Store) -> None:
    data = zipped({"a.csv": history(40_000)})
    true = len(history(40_000)).to_bytes(4, "little")
    lie = (100_000).to_bytes(4, "little")
    with pytest.raises((LimitError, FormatError)):
        bring_history(store, ME, data.replace(true, lie), "liar.zip")
    assert store.listening.plays(ME) == ()


@pytest.mark.parametrize("data", [b"", b"hello", b"<html></html>", b"\0\1\2" * 100, b"{}", b"[]", b"a,b,c\n1,2,3\n"])
def test_what_is_no_history_is_refused(store: Store, data: bytes) -> None:
    with pytest.raises(FormatError, match=r"Last\.fm"):
        bring_history(store, ME, data, "x.txt")


def test_a_history_without_music_is_told(store: Store) -> None:
    podcast = {**EXTENDED, "master_metadata_track_name": None}
    with pytest.raises(FormatError, match="holds none among 3 entries"):
        bring_history(store, ME, json.dumps([podcast] * 3).encode(), "p.json")


def test_more_plays_than_the_limit_are_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bring_module, "MAX_LISTENS", 100)
    with pytest.raises(LimitError, match="up to 100 plays"):
        bring_history(store, ME, history(101), "a.csv")


def test_hostile_names_are_only_names(store: Store) -> None:
    bring_history(store, ME, history(10), "../../../etc/passwd")
    evil = (
        'artist,track,uts\n"=cmd|\' /C calc\'!A0","Robert\'); DROP TABLE plays;--",5\n"../..","\\\\host\\share",6\n'
    )
    bring_history(store, ME, evil.encode(), "'; DROP TABLE items;--.csv")
    titles = {item.title for item in store.listening.items().values()}
    assert {"Robert'); DROP TABLE plays;--", "\\\\host\\share"} <= titles
    assert {item.artist for item in store.listening.items().values()} >= {"=cmd|' /C calc'!A0", "../.."}
    assert len(store.listening.plays(ME)) == 12


def test_ids_of_tracks_and_artists() -> None:
    assert item_of("Sigur Rós", "Hoppípolla") == "track:sigur-rós/hoppípolla"
    assert item_of("Sigur Rós") == artist_of(item_of("Sigur Rós", "x")) == "artist:sigur-rós"
    assert item_of("PLANXTY", "x") == item_of("planxty", "X!")
    assert artist_of("tune:a/b") is None
    assert artist_of("artist:a") is None


def test_csv_of_every_kind(store: Store) -> None:
    for name, text in CSV.items():
        assert bring_history(store, f"listener-{name}", text.encode(), f"{name}.csv").imported.rows == 1
