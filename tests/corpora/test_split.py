"""Duplicates and splits on made-up melodies."""

from __future__ import annotations

import random
from dataclasses import replace

from core.corpora.fingerprint import clusters, fingerprint, intervals, melody_line
from core.corpora.split import TEST, TRAIN, VALID, split_of, split_pieces
from core.corpora.types import Piece
from core.score import Note, Score, Track


def melody(seed: int, length: int = 60) -> list[int]:
    chance = random.Random(seed)
    return [60 + chance.choice((0, 2, 4, 5, 7, 9, 11, 12, 14)) for _ in range(length)]


def score(pitches: list[int], unit: int = 240) -> Score:
    return Score((Track(tuple(Note(index * unit, pitch, unit) for index, pitch in enumerate(pitches))),))


def piece(name: str, pitches: list[int], unit: int = 240) -> Piece:
    return Piece(name, name.partition("/")[0], "irish-reel", name, score(pitches, unit))


def test_a_melody_in_another_key_or_in_longer_notes_has_the_same_fingerprint() -> None:
    tune = melody(1)
    assert fingerprint(score(tune)) == fingerprint(score([pitch + 5 for pitch in tune]))
    assert fingerprint(score(tune)) == fingerprint(score(tune, 480))
    assert fingerprint(score(tune)) != fingerprint(score(melody(2)))
    assert fingerprint(score(tune)) != fingerprint(score([*tune[:-1], tune[-1] + 1]))


def test_rhythm_is_part_of_the_fingerprint() -> None:
    even = score(melody(1))
    first, *rest = even.tracks[0].notes
    dotted = replace(even, tracks=(Track((first, *(replace(note, start=note.start + 120) for note in rest))),))
    assert fingerprint(even) != fingerprint(dotted)


def test_duplicates_go_and_the_first_stays() -> None:
    found = split_pieces([piece("a/1", melody(1)), piece("b/1", [p + 3 for p in melody(1)]), piece("b/2", melody(2))])
    assert [p.piece.id for p in found] == ["a/1", "b/2"]


def test_variants_share_a_cluster_and_a_split() -> None:
    pieces = []
    for seed in range(40):
        tune = melody(seed)
        changed = list(tune)
        changed[30] += 1
        higher = [pitch + 2 for pitch in tune[:40]] + melody(seed + 99, 9)
        pieces += [piece(f"a/{seed}", tune), piece(f"b/{seed}", changed), piece(f"c/{seed}", higher)]
    found = split_pieces(pieces)
    assert len(found) == 120
    by_seed: dict[str, set[tuple[str, str]]] = {}
    for p in found:
        by_seed.setdefault(p.piece.id.partition("/")[2], set()).add((p.cluster, p.split))
    assert all(len(together) == 1 for together in by_seed.values())
    assert len({cluster for together in by_seed.values() for cluster, _ in together}) == 40
    assert {p.split for p in found} == {TRAIN, VALID, TEST}


def test_a_piece_keeps_its_split_when_later_sources_are_missing() -> None:
    first = [piece(f"a/{seed}", melody(seed)) for seed in range(30)]
    later = [piece(f"b/{seed}", [*melody(seed)[:50], *melody(seed + 500, 10)]) for seed in range(15, 60)]
    alone = {p.piece.id: p.split for p in split_pieces(first)}
    together = {p.piece.id: p.split for p in split_pieces([*first, *later])}
    assert all(together[name] == split for name, split in alone.items())


def test_the_same_opening_makes_variants() -> None:
    opening = melody(7, 15)
    a, b, c = ([*opening, *melody(8, 80)], [*opening, *melody(9, 80)], melody(10, 95))
    lines = [intervals(melody_line(score(tune))) for tune in (a, b, c)]
    assert clusters(lines) == [0, 0, 2]


def test_shares_of_the_splits() -> None:
    splits = [split_of(f"{number:016x}") for number in range(4000)]
    assert abs(splits.count(TRAIN) / 4000 - 0.8) < 0.03
    assert abs(splits.count(TEST) / 4000 - 0.1) < 0.02


def test_pieces_without_notes_are_left_out() -> None:
    assert split_pieces([Piece("a/1", "a", "irish-reel", "", Score((Track(),)))]) == ()
