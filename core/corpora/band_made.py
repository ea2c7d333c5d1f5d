"""Band pieces made by machine: `mma` plays under the melody and chords of a song.

Every song is played by some of the bands that know its metre, drawn by a hash of its name, each with one of the band's
families of grooves. The groove's variants follow the form of the song: its intro before the melody begins, one variant for
the first strain, another for the others, the full one in choruses, fills before a new section where the family has one, the
ending in the last bars. Held strings of our own are laid under choruses, and under all of it in some pieces.
"""

from __future__ import annotations

import math
import pickle
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from core.analysis.chords import chords_from_notes
from core.corpora import mma
from core.corpora.band_piece import BandPiece
from core.corpora.band_styles import BY_ID, Band
from core.corpora.mma_grooves import FAMILIES, Family, bands_for, variants
from core.corpora.mma_parts import Stretch, backing, one_voice
from core.corpora.song_form import Form, song_form, whole_bars
from core.corpora.split import SplitPiece
from core.corpora.types import Tier
from core.score import ChordSymbol, Metre, Note, Score, Tempo, Track
from core.score.midi import read_midi

SONGS = {"hymnal": 3, "openewld": 3, "nottingham": 2, "pop909": 1}
"""Collections to play under, and by how many bands each song is played."""

_PAD = {"folk": 0.3, "rock": 0.4, "jazz": 0.3, "ballad": 0.7, "orchestra": 1.0, "latin": 0.4}
"""In what share of a band's pieces the held strings are under everything; under choruses they always are."""
_TERNARY = ("4/4", "3/4")
_LONGEST = 200
"""Bars."""


class MmaStore:
    """What `mma` wrote, by a hash of its input, in one file a collection: made once, also for who has no `mma`."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._kept: dict[str, bytes] = pickle.loads(path.read_bytes()) if path and path.is_file() else {}
        self._grew = False

    def midi(self, text: str) -> bytes:
        """
        Raises:
            DataMissingError: it was not made before, and `mma` is not installed.
        """
        key = sha256(text.encode()).hexdigest()[:32]
        if key not in self._kept:
            self._kept[key] = zlib.compress(mma.run(text))
            self._grew = True
        return zlib.decompress(self._kept[key])

    def save(self) -> None:
        if self.path and self._grew:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(".part")
            part.write_bytes(pickle.dumps(self._kept))
            part.replace(self.path)
            self._grew = False


@dataclass(frozen=True, slots=True)
class Song:
    """A lead sheet to be played: melody alone, chords, the form of it, and a metre that bands know."""

    score: Score
    form: Form
    metre: str


def song_of(score: Score) -> Song | None:
    """None where no band knows the metre, or there are no chords to be had, or no four bars."""
    metre = str(score.metres[0])
    if metre == "2/2" and len(score.metres) == 1:
        score, metre = replace(score, metres=(Metre(0, 4, 4),)), "4/4"
    chords = score.chords or chords_from_notes(score)
    if not bands_for(metre) or not any(chord.root is not None for chord in chords):
        return None
    melody = score.melody
    sheet = replace(score, tracks=(Track(one_voice_above(melody), "melody", melody.program),), chords=chords)
    bars = whole_bars(sheet)
    if not 4 <= len(bars) <= _LONGEST:
        return None
    return Song(sheet, song_form(sheet), metre)


def one_voice_above(track: Track) -> tuple[Note, ...]:
    """The track's highest line."""
    mirrored = [replace(note, pitch=127 - note.pitch) for note in track.notes]
    return tuple(replace(note, pitch=127 - note.pitch) for note in one_voice(mirrored))


def arrangements(piece: SplitPiece, store: MmaStore) -> Iterator[BandPiece]:
    """The song as some bands play it, as many as `SONGS` says; none where no band can.

    Raises:
        DataMissingError: see `MmaStore.midi`.
    """
    song = song_of(piece.piece.score)
    if song is None:
        return
    ident = piece.piece.id
    bands = sorted(bands_for(song.metre), key=lambda band: chance(f"{ident}@{band}"))
    for band in bands[: SONGS[piece.piece.source]]:
        families = FAMILIES[band, song.metre]
        name = f"{ident}@{band}"
        family = families[int(chance(f"family {name}") * len(families))]
        yield BandPiece(
            id=name,
            source=piece.piece.source,
            band=band,
            split=piece.split,
            tier=TIERS[piece.piece.source],
            machine_made=True,
            score=played(song, BY_ID[band], family, name, store),
            letters=song.form.letters,
            kinds=song.form.kinds,
            fills=song.form.fills if variants(family).fill else (False,) * len(song.form.fills),
            groove=family.base,
        )


def chance(text: str) -> float:
    """A number from 0 up to 1 that a text always gives."""
    return int(sha256(text.encode()).hexdigest()[:8], 16) / 16**8


def played(song: Song, band: Band, family: Family, seed: str, store: MmaStore) -> Score:
    """The song with the melody on the band's instrument and the parts of `mma` under it; `seed` chooses between likes.

    Raises:
        DataMissingError: see `MmaStore.midi`.
    """
    groups = _groups(song.score, family.span)
    bars, stretches = [], []
    score, named = song.score, variants(family)
    pads = chance(f"pad {seed}") < _PAD[band.id]
    usual = score.metres[0].bar_ticks * family.span
    all_bars = whole_bars(score)
    for group in groups:
        bar = group[0]
        start, end = all_bars[bar][0], all_bars[group[-1]][1]
        kind, letter = song.form.kinds[bar], song.form.letters[bar]
        near_end = group[-1] >= len(all_bars) - (2 if len(all_bars) >= 8 else 1)
        fill = named.fill if any(song.form.fills[one] for one in group) else None
        groove = (
            named.ending if near_end
            else named.intro if kind == "intro"
            else fill or (named.chorus if kind == "chorus" else named.verse if letter in ("", "A") else named.second)
        )  # fmt: skip
        for part in range(math.ceil((end - start) / usual)):
            stretch = Stretch(start + part * usual, usual, min(end, start + (part + 1) * usual))
            stretches.append(stretch)
            bars.append(mma.GrooveBar(groove, _chords(score.chords, stretch, family.beats), pads or kind == "chorus"))
    text = mma.script(bars, family.beats, int(chance(f"seed {seed}") * 10**6))
    raw = read_midi(store.midi(text), seed)
    parts = backing(raw, stretches, family.beats, band, str(score.metres[0]) in _TERNARY)
    melody = Track(score.tracks[0].notes, "melody", band.programs["melody"])
    return replace(score, tracks=(melody, *parts), tempos=(Tempo(0, float(band.style.tempo)),), texts=(), composer="")


def _groups(score: Score, span: int) -> list[list[int]]:
    """Bars (pick-up left out) that one bar of `mma` covers: `span` of usual length together, else one alone."""
    bars, usual = whole_bars(score), score.metres[0].bar_ticks
    groups: list[list[int]] = []
    for index, (start, end) in enumerate(bars):
        full = end - start == usual
        joins = groups and full and len(groups[-1]) < span and all(bars[i][1] - bars[i][0] == usual for i in groups[-1])
        if joins:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _chords(chords: Sequence[ChordSymbol], stretch: Stretch, beats: int) -> tuple[tuple[float, ChordSymbol], ...]:
    """The chords of one bar of `mma`, at beats counted from 1 in steps of a half; the one in force stands at 1."""
    before = [chord for chord in chords if chord.tick <= stretch.start]
    placed = {1.0: before[-1] if before else chords[0]}
    for chord in chords:
        if stretch.start < chord.tick < stretch.end:
            beat = round((chord.tick - stretch.start) * beats * 2 / stretch.length) / 2 + 1
            if beat < beats + 1:
                placed[beat] = chord
    return tuple(sorted(placed.items()))


TIERS = {"hymnal": Tier.FREE, "openewld": Tier.FREE, "nottingham": Tier.COPYLEFT, "pop909": Tier.RESEARCH}
"""Tier of an arrangement: that of the song. What `mma` adds changes nothing in it (docs/gan.md says why and what is open)."""
