"""Every format of histories, as its files really look, and broken in every way that files break."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import FormatError, LimitError, SongloomError
from core.taste.history import objects as objects_module
from core.taste.history.lastfm import LastfmCsv, decoded
from core.taste.history.objects import objects
from core.taste.history.protocol import HistoryFormat, Listen
from core.taste.history.registry import FORMATS, format_of
from core.taste.history.values import moment, moment_of_text, number, words

AT = 1_577_836_740  # 31 Dec 2019 23:59 UTC

BRAINZ = {
    "listened_at": AT,
    "user_name": "ann",
    "track_metadata": {
        "artist_name": "Planxty",
        "track_name": "The Blacksmith",
        "additional_info": {"duration_ms": 250_000},
    },
}
EXTENDED = {
    "ts": "2020-01-01T00:03:59Z",
    "ms_played": 239_000,
    "master_metadata_track_name": "The Blacksmith",
    "master_metadata_album_artist_name": "Planxty",
    "spotify_track_uri": "spotify:track:1",
    "skipped": False,
}
BASIC = {"endTime": "2020-01-01 00:03", "artistName": "Planxty", "trackName": "The Blacksmith", "msPlayed": 240_000}
CSV = {
    "plain": "Planxty,Planxty,The Blacksmith,31 Dec 2019 23:59\n",
    "named": "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
    f'"{AT}","31 Dec 2019, 23:59","Planxty","","Planxty","","The Blacksmith",""\n',
    "stats": f"Artist;Album;AlbumId;Track;Date#ann\nPlanxty;Planxty;1;The Blacksmith;{AT * 1000}\n",
}


def read(text: str | bytes, name: str = "history") -> list[Listen | None]:
    data = text.encode() if isinstance(text, str) else text
    form = format_of(name, decoded(data[:65536]))
    assert form is not None
    return list(form.listens(io.BytesIO(data)))


@pytest.mark.parametrize("text", CSV.values(), ids=CSV)
def test_lastfm(text: str) -> None:
    assert read(text) == [Listen("Planxty", "The Blacksmith", AT)]


@pytest.mark.parametrize(
    "text",
    [json.dumps([BRAINZ]), json.dumps(BRAINZ), json.dumps(BRAINZ, indent=2) + "\n"],
    ids=["array", "line", "indented"],
)
def test_listenbrainz(text: str) -> None:
    assert read(text) == [Listen("Planxty", "The Blacksmith", AT, 250, 250, listener="ann")]


def test_spotify() -> None:
    assert read(json.dumps([EXTENDED])) == [Listen("Planxty", "The Blacksmith", AT + 60, 239)]
    assert read(json.dumps([BASIC])) == [Listen("Planxty", "The Blacksmith", AT, 240)]


def test_spotify_skips_podcasts_and_films() -> None:
    podcast = {
        **EXTENDED,
        "master_metadata_track_name": None,
        "master_metadata_album_artist_name": None,
        "episode_name": "1",
    }
    assert read(json.dumps([podcast, {**EXTENDED, "ms_played": 3000}, {**EXTENDED, "skipped": True}])) == [
        None,
        Listen("Planxty", "The Blacksmith", AT + 296, 3, skipped=True),
        Listen("Planxty", "The Blacksmith", AT + 60, 239, skipped=True),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_csv(encoding: str) -> None:
    text = "Sigur Rós,Ágætis byrjun,Svefn-g-englar,31 Dec 2019 23:59\n"
    assert read(text.encode(encoding)) == [Listen("Sigur Rós", "Svefn-g-englar", AT)]


def test_single_wrong_bytes_in_utf8_do_not_stop_the_rest() -> None:
    lines = b"Planxty,,Blacksmith,31 Dec 2019 23:59\n" * 3000 + b"Bj\xf6rk,,J\xf3ga,31 Dec 2019 23:59\n"
    found = read(lines)
    assert len(found) == 3001
    assert found[-1] == Listen("Bj�rk", "J�ga", AT)


def test_names_stay_text() -> None:
    names = [
        '=HYPERLINK("http://x","y")',
        "Robert'); DROP TABLE plays;--",
        "../../etc/passwd",
        '"quoted", and comma',
        "+1",
        "@x",
        "-2",
    ]
    lines = "".join('"{}",,"{}",31 Dec 2019 23:59\n'.format(*[name.replace('"', '""')] * 2) for name in names)
    assert [(found.artist, found.title) for found in read(lines) if found] == [(name, name) for name in names]


def test_lines_that_cannot_be_read_are_passed_over() -> None:
    text = CSV["plain"] + "too,few\n\n" + ",,,31 Dec 2019 23:59\n" + "A,B,C,yesterday\n" + CSV["plain"]
    assert read(text) == [
        Listen("Planxty", "The Blacksmith", AT),
        None,
        None,
        None,
        Listen("Planxty", "The Blacksmith", AT),
    ]


def test_entries_that_cannot_be_read_are_passed_over() -> None:
    wrong = [{**BRAINZ, "listened_at": value} for value in (None, "x", True, -1, 1e300, 5_000_000_000)]
    wrong += [{**BRAINZ, "track_metadata": value} for value in (None, [], {"artist_name": ""}, {"artist_name": {}})]  # type: ignore[list-item]
    assert read(json.dumps([BRAINZ, *wrong, 7, "x", None, [BRAINZ]])) == [
        read(json.dumps([BRAINZ]))[0],
        *[None] * (len(wrong) + 4),
    ]


@pytest.mark.parametrize("cut", [1, 40, 100, 150])
def test_json_that_breaks_off_is_told(cut: int) -> None:
    text = json.dumps([BRAINZ, BRAINZ])
    with pytest.raises(FormatError, match="breaks off"):
        read(text[:-cut])


@pytest.mark.parametrize(
    "bad", [b'[{"track_metadata": \xff\xfe}]', b'{"track_metadata": {]}', b'["track_metadata"' + b"[" * 200_000]
)
def test_broken_json_is_told(bad: bytes) -> None:
    with pytest.raises((FormatError, LimitError)):
        read(bad)


def test_entries_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects_module, "MAX_OBJECT", 10_000)
    monkeypatch.setattr(objects_module, "CHUNK", 1000)
    with pytest.raises(LimitError, match=r"up to 10,000 characters"):
        list(objects(io.BytesIO(b'["' + b"x" * 100_000)))


def test_lines_without_end_are_refused() -> None:
    with pytest.raises(LimitError, match=r"up to 100,000 characters"):
        list(LastfmCsv().listens(io.BytesIO(b"a," * 200_000)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.text(max_size=8),
            st.one_of(
                st.integers(),
                st.floats(allow_nan=False),
                st.text(max_size=30),
                st.none(),
                st.booleans(),
                st.lists(st.integers(), max_size=3),
            ),
            max_size=4,
        ),
        max_size=12,
    ),
    st.integers(1, 60),
    st.booleans(),
)
def test_objects_come_back_whatever_the_size_of_the_pieces(entries: list, chunk: int, in_lines: bool) -> None:
    text = "\n".join(map(json.dumps, entries)) if in_lines else json.dumps(entries, ensure_ascii=False)
    before, objects_module.CHUNK = objects_module.CHUNK, chunk
    try:
        assert (
            list(objects(io.BytesIO(text.encode("utf-8", "surrogatepass") if in_lines else text.encode()))) == entries
        )
    finally:
        objects_module.CHUNK = before


NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cc"]), min_size=1, max_size=40
).map(str.strip)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES.filter(bool), NAMES, st.integers(0, 4_000_000_000)), min_size=1, max_size=20))
def test_any_names_survive_csv(rows: list[tuple[str, str, int]]) -> None:
    import csv

    file = io.StringIO()
    csv.writer(file).writerows([("artist", "track", "uts"), *rows])
    assert read(file.getvalue()) == [Listen(artist, title, at) for artist, title, at in rows]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b"\xff\xfe")
@example(b'[{"ms_played": 1, "ts": "0001-01-01T00:00:00+14:00", "track_metadata": {}}]')
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for form in FORMATS:
        found, refusal = outcome(form, data)
        assert all(listen is None or is_sound(listen) for listen in found)
        assert refusal is None or (refusal.expected and refusal.got)
        if not form.claims("x", decoded(data)):
            assert format_of("x", decoded(data)) is not form


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
@example(1, b"\n")
def test_damaged_files_are_read_or_refused(at: int, junk: bytes) -> None:
    for form, text in zip(
        FORMATS,
        (json.dumps([EXTENDED] * 2), json.dumps([BASIC] * 2), json.dumps([BRAINZ]), CSV["named"]),
        strict=True,
    ):
        data = text.encode()
        whole, none = outcome(form, data)
        assert whole
        assert none is None
        cut = at % len(data)
        found, refusal = outcome(form, data[:cut] + junk + data[cut + 1 :])
        assert all(listen is None or is_sound(listen) for listen in found)
        assert sum(listen is not None for listen in found) <= len(whole) + len(junk)  # damage makes no plays
        assert refusal is None or (refusal.expected and refusal.got)


def outcome(form: HistoryFormat, data: bytes) -> tuple[list[Listen | None], SongloomError | None]:
    """What is read, up to where the file is refused, and with what words; any other error fails the test."""
    found: list[Listen | None] = []
    try:
        found.extend(form.listens(io.BytesIO(data)))
    except SongloomError as error:
        return found, error
    return found, None


def is_sound(listen: Listen) -> bool:
    return bool(listen.artist) and 0 <= listen.at < 4_102_444_800 and listen.heard >= 0


def test_values() -> None:
    assert [words(value) for value in (" a ", 7, None, {}, "x" * 2000)] == ["a", "7", "", "", "x" * 1000]
    assert [number(value) for value in (5, "7.5", "x", -1, float("nan"), True, 1e12)] == [5, 7.5, 0, 0, 0, 0, 0]
    assert [moment(value) for value in (AT, AT * 1000, -5, 1e300, None, True)] == [AT, AT, None, None, None, None]
    texts = (
        "31 Dec 2019 23:59",
        "2019-12-31T23:59:00Z",
        "2019-12-31 23:59",
        "31/12/2019 23:59",
        str(AT),
        "2020-01-01T00:59:00+01:00",
    )
    assert {moment_of_text(text) for text in texts} == {AT}
    assert [
        moment_of_text(text) for text in ("", "soon", "31 Dec 1950 23:59", "0001-01-01T00:00:00+14:00", None)
    ] == [None] * 5
