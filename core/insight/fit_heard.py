"""Teaching a network to hear harmony in performances: hidden notes filled in, chords and keys named.

It learns from the training songs of POP909 as they were played, with the chords and keys that come with them, and from EMOPIA's
training and validation clips without their labels. Songs are transposed, played faster and slower, louder and softer; some come
without dynamics, some as their highest line alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as fn

from core.corpora.emopia import Emopia
from core.corpora.folder import DataFolder
from core.corpora.pop909 import ARCHIVE, read_chord
from core.corpora.split import TRAIN, load_pieces, read_source
from core.engines.protocol import Progress, no_progress
from core.insight.heard import CHORDS, SIZES, Hearing, read, tokens
from core.insight.played import Ints, Played
from core.score import CHORD_QUALITIES, Score
from core.score.clock import Clock
from core.score.midi import read_midi

STEPS, BATCH, SPAN, RATE, DECAY = 1000, 32, 128, 2e-3, 0.01
_HIDDEN, _LONGER, _FIELD = 0.05, 0.75, 0.05
"""How often a stretch of hidden notes begins, how likely it goes on, and how often one field of a note alone is hidden."""
_EVEN, _LINE = 0.25, 0.12
"""Share of examples without dynamics and of those that are their highest line alone."""
_NO_CHORD = CHORDS - 1
_WORTH = {"pitch": 1.0, "since": 0.4, "length": 0.4, "velocity": 0.4, "chord": 1.0, "key": 0.5}


@dataclass(frozen=True)
class Song:
    """A performance; `chord` (N,) class of the chord at each note, -1 where not known, and `key` likewise for the whole."""

    played: Played
    chord: Ints
    key: int = -1


class Guesses(nn.Module):
    """What fills in the four fields of hidden notes; not needed once the network has learned."""

    def __init__(self, cells: int) -> None:
        super().__init__()
        self.fields = nn.ModuleList(nn.Linear(2 * cells, size) for size in SIZES)


def songs(folder: DataFolder, split: str = TRAIN, unlabelled: bool = True) -> Iterator[Song]:
    """What is learned from; `unlabelled` adds EMOPIA's clips.

    Raises:
        DataMissingError: a collection is not at hand.
    """
    root = folder.path(ARCHIVE)
    places = {path.parent.name: path.parent for path in root.rglob("beat_midi.txt")}
    for piece in load_pieces(folder):
        if piece.piece.source == "pop909" and piece.split == split:
            keys = piece.piece.score.keys
            key = keys[0].tonic + 12 * (keys[0].mode == "minor") if len(keys) == 1 else -1
            yield performed(places[piece.piece.id.split("/")[1]], key)
    if unlabelled:
        for clip in read_source(Emopia(), folder):
            if clip.score.texts[0] != "split: test":
                played = Played.of(clip.score)
                yield Song(played, np.full(len(played.pitch), -1))


def performed(place: Path, key: int = -1) -> Song:
    """A song of POP909 from its folder, in the time in which it was played, with the chord at each note."""
    score = read_midi((place / f"{place.name}.mid").read_bytes(), place.name)
    played = Played.of(score)
    rows = [line.split() for line in (place / "chord_midi.txt").read_text(encoding="utf-8").splitlines() if line.strip()]
    starts = np.array([float(row[0]) for row in rows]) - _first(score)
    named = np.array([_class(row[2]) for row in rows])
    at = np.clip(np.searchsorted(starts, played.onset + 0.03, "right") - 1, 0, len(rows) - 1)
    return Song(played, named[at], key)


def _first(score: Score) -> float:
    """Seconds to the first pitched note."""
    tick = min(track.notes[0].start for track in score.tracks if track.notes and not track.is_drum)
    return float(Clock.of(score).seconds(np.array([tick]))[0])


def _class(text: str) -> int:
    chord = read_chord(text)
    return _NO_CHORD if chord.root is None else chord.root + 12 * (3 in CHORD_QUALITIES[chord.quality])


def teach(
    taught: Sequence[Song], steps: int = STEPS, seed: int = 0, progress: Progress = no_progress, cells: int = 128,
    batch: int = BATCH, span: int = SPAN,
) -> tuple[Hearing, dict[str, float]]:
    """A network that learned from songs, and the mean losses of its last tenth of steps, in nats."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = Hearing(cells)
    guesses = Guesses(cells)
    parameters = [*net.parameters(), *guesses.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=DECAY)
    warm = min(50, steps // 10 + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1, (step + 1) / warm) * max(1 - step / steps, 0.01))
    sizes = np.array([len(song.chord) for song in taught], np.float64)
    last: dict[str, list[float]] = {}
    for step in range(steps):
        progress(step, steps)
        chosen = [varied(taught[index], rng, span) for index in rng.choice(len(taught), batch, p=sizes / sizes.sum())]
        losses = _losses(net, guesses, *(torch.from_numpy(np.stack(part)) for part in zip(*chosen, strict=True)))
        optimiser.zero_grad()
        torch.stack([_WORTH[name] * loss for name, loss in losses.items()]).sum().backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        if step >= int(0.9 * steps):
            for name, loss in losses.items():
                last.setdefault(name, []).append(float(loss.detach()))
    progress(steps, steps)
    return net.eval(), {name: float(np.mean(values)) for name, values in last.items()}


def varied(song: Song, rng: np.random.Generator, span: int = SPAN) -> tuple[Ints, Ints, Ints]:
    """`span` notes of a song, otherwise played: classes (span, 4), chords (span,) and keys (span,), -1 where not known."""
    played, chord = song.played, song.chord
    kind = rng.random()
    if kind < _LINE:
        top = np.append(np.diff(played.moments) > 0, True)
        played, chord = _cut(played, top), chord[top]
    start = int(rng.integers(0, max(len(chord) - span, 0) + 1))
    inside = slice(start, start + span)
    played, chord = _cut(played, inside), chord[inside]
    shift, faster = int(rng.integers(-6, 6)), float(np.exp(rng.normal(0, 0.12)))
    played = replace(played, onset=played.onset * faster, length=played.length * faster,
                     velocity=np.clip(played.velocity + int(rng.integers(-12, 13)), 1, 127))
    notes = tokens(played, shift, dynamics=kind >= _LINE + _EVEN)
    short = span - len(notes)
    moved = np.where((chord >= 0) & (chord < _NO_CHORD), (chord + shift) % 12 + 12 * (chord >= 12), chord)
    key = song.key if song.key < 0 else (song.key + shift) % 12 + 12 * (song.key >= 12)
    return (np.vstack([notes, np.resize(notes, (short, 4))]), np.append(moved, np.full(short, -1)).astype(np.int64),
            np.append(np.full(len(notes), key), np.full(short, -1)).astype(np.int64))


def _cut(played: Played, kept: slice | np.ndarray) -> Played:
    return Played(played.onset[kept], played.length[kept], played.pitch[kept], played.velocity[kept])


def _losses(net: Hearing, guesses: Guesses, notes: Tensor, chord: Tensor, key: Tensor) -> dict[str, Tensor]:
    unknown = torch.tensor(SIZES)
    whole = torch.rand(notes.shape[:2]) < _HIDDEN
    begun = whole.clone()
    for step in (1, 2, 3):
        whole[:, step:] |= begun[:, :-step] & (torch.rand(len(notes), notes.shape[1] - step) < _LONGER)
    hidden = whole[..., None] | (torch.rand(notes.shape) < _FIELD)
    states = net(torch.where(hidden, unknown, notes))
    hidden = hidden & (notes != unknown)
    found = {}
    for index, name in enumerate(("pitch", "since", "length", "velocity")):
        asked = hidden[..., index]
        if asked.any():
            found[name] = fn.cross_entropy(guesses.fields[index](states[asked]), notes[..., index][asked])
    for name, head, right in (("chord", net.chord, chord), ("key", net.key, key)):
        if (right >= 0).any():
            found[name] = fn.cross_entropy(head(states[right >= 0]), right[right >= 0])
    return found


def accuracy(net: Hearing, held_out: Sequence[Song]) -> tuple[float, float]:
    """Shares of notes whose chord and of songs whose key are named right."""
    chords, keys = [], []
    for song in held_out:
        chord, key, _ = read(net, song.played)
        known = song.chord >= 0
        chords.append((chord.argmax(1) == song.chord)[known].mean())
        if song.key >= 0:
            keys.append(float(key.mean(0).argmax() == song.key))
    return float(np.mean(chords)), float(np.mean(keys))
