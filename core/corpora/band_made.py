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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from core.analysis.chords import chords_from_notes
from core.analysis.sections import full_bars
from core.corpora import mma
from core.corpora.band_piece import BandPiece
from core.corpora.band_styles import BY_ID, Band
from core.corpora.mma_grooves import FAMILIES, Family, Variants, bands_for, variants
from core.corpora.mma_parts import Stretch, backing, highest_voice
from core.corpora.song_form import Form, song_form
from core.corpora.split import Progress, SplitPiece
from core.corpora.types import Tier
from core.score import ChordSymbol, Metre, Score, Tempo, Track

SONGS = {"hymnal": 3, "openewld": 3, "nottingham": 2, "pop909": 1}
"""Collections to play under, and by how many bands each song is played."""

_PAD = {"folk": 0.3, "rock": 0.4, "jazz": 0.3, "ballad": 0.7, "orchestra": 1.0, "latin": 0.4}
"""In what share of a band's pieces the held strings are under everything; under choruses they always are."""
_TERNARY = ("4/4", "3/4")
_LONGEST = 200
"""Bars."""
_AT_ONCE = 60
"""Songs in one call of `mma`."""


class MmaStore:
    """What `mma` played, by a hash of its input, in one file a collection: made once, also for who has no `mma`."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._kept: dict[str, bytes] = pickle.loads(path.read_bytes()) if path and path.is_file() else {}

    def prepare(self, jobs: Iterable[mma.Job], progress: Progress | None = None) -> None:
        """Have `mma` play those jobs that it has not played before.

        Raises:
            DataMissingError: `mma` is needed and not installed.
        """
        missing = {key: job for job in jobs if (key := _key(job)) not in self._kept}
        # Side by side what needs the same grooves: reading those takes longer than playing.
        todo = sorted(missing.items(), key=lambda item: item[1].bars[-1].groove)
        for start in range(0, len(todo), _AT_ONCE):
            if progress:
                progress(start, len(todo))
            some = todo[start : start + _AT_ONCE]
            for (key, _), tracks in zip(some, mma.play([job for _, job in some]), strict=True):
                self._kept[key] = zlib.compress(pickle.dumps(tracks))
        if self.path and todo:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(".part")
            part.write_bytes(pickle.dumps(self._kept))
            part.replace(self.path)

    def tracks(self, job: mma.Job) -> tuple[Track, ...]:
        """What was played to a job that was prepared."""
        played: tuple[Track, ...] = pickle.loads(zlib.decompress(self._kept[_key(job)]))
        return played


def _key(job: mma.Job) -> str:
    return sha256(mma.script(job).encode()).hexdigest()[:32]


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
    sheet = replace(score, tracks=(Track(highest_voice(melody.notes), "melody", melody.program),), chords=chords)
    bars = full_bars(sheet)
    if not 4 <= len(bars) <= _LONGEST:
        return None
    return Song(sheet, song_form(sheet), metre)


@dataclass(frozen=True, slots=True)
class Plan:
    """A song, the band that is to play it, and what `mma` is asked for."""

    piece: SplitPiece
    song: Song
    band: Band
    family: Family
    job: mma.Job
    stretches: tuple[Stretch, ...]

    @property
    def id(self) -> str:
        return f"{self.piece.piece.id}@{self.band.id}"


def plans(piece: SplitPiece) -> Iterator[Plan]:
    """How some bands would play the song, as many as `SONGS` says; none where no band can."""
    song = song_of(piece.piece.score)
    if song is None:
        return
    ident = piece.piece.id
    bands = sorted(bands_for(song.metre), key=lambda band: chance(f"{ident}@{band}"))
    for band in bands[: SONGS[piece.piece.source]]:
        families = FAMILIES[band, song.metre]
        yield planned(piece, song, BY_ID[band], families[int(chance(f"family {ident}@{band}") * len(families))])


def arrangement(plan: Plan, tracks: Sequence[Track]) -> BandPiece:
    """The piece from what `mma` played to the plan."""
    song, band = plan.song, plan.band
    parts = backing(tracks, plan.stretches, plan.family.beats, band, song.metre in _TERNARY)
    melody = Track(song.score.tracks[0].notes, "melody", band.programs["melody"])
    score = replace(
        song.score, tracks=(melody, *parts), tempos=(Tempo(0, float(band.style.tempo)),), texts=(), composer=""
    )
    source = plan.piece.piece.source
    return BandPiece(
        id=plan.id,
        source=source,
        band=band.id,
        split=plan.piece.split,
        tier=TIERS[source],
        machine_made=True,
        score=score,
        letters=song.form.letters,
        kinds=song.form.kinds,
        fills=song.form.fills if variants(plan.family).fill else (False,) * len(song.form.fills),
        groove=plan.family.base,
    )


def chance(text: str) -> float:
    """A number from 0 up to 1 that a text always gives."""
    return int(sha256(text.encode()).hexdigest()[:8], 16) / 16**8


def planned(piece: SplitPiece, song: Song, band: Band, family: Family, take: int = 0) -> Plan:
    """The grooves and chords of every bar; `take` chooses between likes."""
    name = f"{piece.piece.id}@{band.id} {family.base} {take}"
    score, named = song.score, variants(family)
    pads = chance(f"pad {name}") < _PAD[band.id]
    usual = score.metres[0].bar_ticks * family.span
    all_bars = full_bars(score)
    bars, stretches = [], []
    for group in _groups(score, family.span):
        start, end = all_bars[group[0]][0], all_bars[group[-1]][1]
        groove = _groove(named, song.form, group, len(all_bars))
        pad = pads or song.form.kinds[group[0]] == "chorus"
        for part in range(math.ceil((end - start) / usual)):
            stretch = Stretch(start + part * usual, usual, min(end, start + (part + 1) * usual))
            stretches.append(stretch)
            bars.append(mma.GrooveBar(groove, _chords(score.chords, stretch, family.beats), pad))
    job = mma.Job(tuple(bars), family.beats, int(chance(f"seed {name}") * 10**6))
    return Plan(piece, song, band, family, job, tuple(stretches))


def _groove(named: Variants, form: Form, group: Sequence[int], count: int) -> str:
    """The variant for some bars of a song of `count` bars."""
    kind, letter = form.kinds[group[0]], form.letters[group[0]]
    if group[-1] >= count - (2 if count >= 8 else 1):
        return named.ending
    if kind == "intro":
        return named.intro
    if named.fill and any(form.fills[bar] for bar in group):
        return named.fill
    return named.chorus if kind == "chorus" else named.verse if letter in ("", "A") else named.second


def _groups(score: Score, span: int) -> list[list[int]]:
    """Bars (pick-up left out) that one bar of `mma` covers: `span` of usual length together, else one alone."""
    bars, usual = full_bars(score), score.metres[0].bar_ticks
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
