"""The network at work: several candidates for each line, note by note, all takes at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from core.engines.lstm.choice import choose_rows
from core.engines.lstm.leadsheet import DURATIONS, HIGH, LOW, METRES, MODES, bar_units
from core.engines.lstm.network import NONE
from core.engines.lstm.song.fitting import Line, SungNote
from core.engines.lstm.song.network import MOST_BARS, MOST_NOTES, SongNet
from core.engines.lstm.song.plan import LinePlan
from core.engines.lstm.song.rules import Floats, RhythmRules
from core.engines.lstm.song.sung import DURATION_UNITS, GAP_UNITS, GAPS, nearest
from core.engines.lstm.song.words import Ints

State = tuple[Tensor, Tensor]


class Reader:
    """What is the same for all rows: the network, what it read of the words, metre, mode and style."""

    def __init__(self, net: SongNet, words: Ints, metre: str, mode: str, style: Tensor) -> None:
        self.net, self.metre, self.mode, self.words = net, METRES.index(metre), MODES.index(mode), words
        self.bar = bar_units(metre)
        self.style = style
        with torch.no_grad():
            self.sung = net.read(torch.from_numpy(words)[None])[0]


class RhythmWriter:
    """Rhythm for one line after another; `rows` songs at once."""

    def __init__(self, reader: Reader, rules: RhythmRules, rows: int, rng: np.random.Generator, temperature: float,
                 top_p: float, density: float) -> None:
        self.reader, self.rules, self.rng = reader, rules, rng
        self.temperature, self.top_p = temperature, top_p
        self.lean = -density * np.log2(DURATION_UNITS / 24)
        hidden = reader.net.rhythm.hidden_size
        self.state: State = (torch.zeros(1, rows, hidden), torch.zeros(1, rows, hidden))
        self.gap, self.duration = np.full(rows, len(GAPS)), np.full(rows, len(DURATIONS))
        self.time, self.line_bar = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
        self.before = np.zeros(rows, np.int64)
        """Units of the note before."""
        self.least = np.zeros(rows, np.int64)
        """Units of the shortest note of the lines before; 0 in the first one."""

    @property
    def rows(self) -> int:
        return len(self.time)

    def choose(self, rows: Ints) -> None:
        """Go on from these rows; one may be taken several times."""
        self.state = (self.state[0][:, rows], self.state[1][:, rows])
        for name in ("gap", "duration", "time", "line_bar", "before", "least"):
            setattr(self, name, getattr(self, name)[rows])

    @torch.no_grad()
    def write(self, line: LinePlan, given: Sequence[Line | None]) -> list[Line]:
        """A line for every row; rows with a line `given` take that one."""
        reader, rows, bar = self.reader, self.rows, self.reader.bar
        at, nth, count = np.full(rows, line.first), np.zeros(rows, np.int64), np.zeros(rows, np.int64)
        done = np.zeros(rows, bool)
        notes: list[list[SungNote]] = [[] for _ in range(rows)]
        opened = self.line_bar.copy()
        facts = np.tile([reader.metre, reader.mode], (rows, 1))
        while not done.all():
            syllable = np.minimum(at, line.last - 1)
            bars = np.clip(self.time // bar - self.line_bar, 0, MOST_BARS - 1)
            features = np.stack([self.gap, self.duration, self.time % bar, bars, np.minimum(nth, MOST_NOTES - 1)], 1)
            told = torch.from_numpy(np.concatenate([features, facts], 1))[:, None]
            sung = reader.sung[torch.from_numpy(syllable)][:, None]
            context, state = reader.net.rhythm_step(told, sung, reader.style, self.state)
            context = context[:, 0]
            is_first = line.first == 0 and not count.any()
            symbols = self._note(context, syllable, nth, is_first)
            units = [GAP_UNITS[symbols[0]], DURATION_UNITS[symbols[1]]]
            more = symbols[2].astype(bool)
            for row, own in enumerate(given):
                if own is not None and not done[row]:
                    note = own[count[row]]
                    units[0][row], units[1][row] = note.gap, note.duration
                    more[row] = count[row] + 1 < len(own) and own[count[row] + 1].carries == note.carries
            live = ~done
            for row in np.flatnonzero(live).tolist():
                notes[row].append(SungNote(int(units[0][row]), int(units[1][row]), int(at[row] - line.first)))
            begins = self.time + units[0]
            opened = np.where(live & (count == 0), begins // bar, opened)
            keep = torch.from_numpy(live)[None, :, None]
            self.state = (torch.where(keep, state[0], self.state[0]), torch.where(keep, state[1], self.state[1]))
            self.gap = np.where(live, nearest(GAP_UNITS, units[0]), self.gap)
            self.duration = np.where(live, nearest(DURATION_UNITS, units[1]), self.duration)
            self.before = np.where(live, units[1], self.before)
            self.time = np.where(live, begins + units[1], self.time)
            self.line_bar = np.where(live, opened, self.line_bar)
            count += live
            nth = np.where(more, nth + 1, 0)
            at += live & ~more
            done |= at >= line.last
        shortest = np.array([min(note.duration for note in own) for own in notes])
        self.least = np.where(self.least > 0, np.minimum(self.least, shortest), shortest)
        return [tuple(own) for own in notes]

    def _note(self, context: Tensor, syllable: Ints, nth: Ints, is_first: bool) -> tuple[Ints, Ints, Ints]:
        net, how = self.reader.net, (self.rng, self.temperature, self.top_p)
        gap = choose_rows(net.gap_logits(context), self.rules.gaps(syllable, nth, self.before, is_first), *how)
        told, place = torch.from_numpy(gap), torch.from_numpy((self.time + GAP_UNITS[gap]) % self.reader.bar)
        lengths = self.rules.lengths(syllable, self.time + GAP_UNITS[gap], self.least) + self.lean
        duration = choose_rows(net.duration_logits(context, told, place), lengths, *how)
        more = choose_rows(net.more_logits(context, told, place, torch.from_numpy(duration)), self.rules.goes_on(nth), *how)
        return gap, duration, more


class MelodyWriter:
    """Pitches for one line after another over rhythms that are whole; `rows` songs at once.

    Args:
        reader: the network.
        features: for every row (notes, `MELODY` without the last pitch).
        carries: for every row (notes,) the syllable of each note.
        mask: (pitches,) what key and range allow.
    """

    def __init__(self, reader: Reader, features: Sequence[Ints], carries: Sequence[Ints], mask: Floats, rng: np.random.Generator,
                 temperature: float, top_p: float) -> None:
        self.reader, self.mask, self.rng, self.temperature, self.top_p = reader, mask, rng, temperature, top_p
        self.features, self.carries = list(features), list(carries)
        rows, hidden = len(self.features), reader.net.melody.hidden_size
        self.state: State = (torch.zeros(1, rows, hidden), torch.zeros(1, rows, hidden))
        self.heard = np.full((rows, 2), NONE)
        """The last pitch above the reference and the one before it."""

    def choose(self, rows: Ints) -> None:
        """Go on from these rows."""
        self.state = (self.state[0][:, rows], self.state[1][:, rows])
        self.heard = self.heard[rows]
        self.features, self.carries = [self.features[row] for row in rows], [self.carries[row] for row in rows]

    @torch.no_grad()
    def write(self, starts: Ints, lines: Sequence[Line], given: Sequence[Line | None], lean: Sequence[Floats | None],
              last: Floats | None) -> list[Line]:
        """Pitches for the notes of a line in every row.

        Args:
            starts: (rows,) number of the line's first note in its song.
            lines: the line of each row, without pitches.
            given: lines whose pitches are to be taken.
            lean: for each row (notes, 49 steps from -24 to 24) nats for intervals from the note before, or None.
            last: (pitches,) a mask for the last note of the song, None in other lines.

        Returns:
            The lines with pitches.
        """
        rows, lengths = len(lines), np.array([len(line) for line in lines])
        found: list[list[int]] = [[] for _ in lines]
        opened = np.full(rows, NONE)
        for step in range(int(lengths.max())):
            live = step < lengths
            at = np.minimum(starts + step, starts + lengths - 1)
            symbol = np.where(self.heard[:, 0] == NONE, HIGH - LOW + 1, self.heard[:, 0] - LOW)
            told = np.stack([np.append(self.features[row][at[row]], symbol[row]) for row in range(rows)])
            sung = self.reader.sung[torch.from_numpy(np.array([self.carries[row][at[row]] for row in range(rows)]))]
            context, state = self.reader.net.melody_step(torch.from_numpy(told)[:, None], sung[:, None], self.reader.style,
                                                         self.state)
            references = torch.from_numpy(np.concatenate([self.heard, opened[:, None]], 1))
            mask = np.tile(self.mask, (rows, 1))
            for row in range(rows):
                if last is not None and step == lengths[row] - 1:
                    mask[row] += last
                own = lean[row]
                if own is not None and live[row] and self.heard[row, 0] != NONE:
                    steps = np.clip(np.arange(LOW, HIGH + 1) - self.heard[row, 0], -24, 24) + 24
                    mask[row] += own[step][steps]
            logits = self.reader.net.pitch_logits(context[:, 0], references)
            pitch = choose_rows(logits, mask, self.rng, self.temperature, self.top_p) + LOW
            for row, own_line in enumerate(given):
                if own_line is not None and live[row]:
                    pitch[row] = own_line[step].pitch
            for row in np.flatnonzero(live).tolist():
                found[row].append(int(pitch[row]))
            keep = torch.from_numpy(live)[None, :, None]
            self.state = (torch.where(keep, state[0], self.state[0]), torch.where(keep, state[1], self.state[1]))
            opened = np.where(live & (opened == NONE), pitch, opened)
            self.heard = np.where(live[:, None], np.stack([pitch, self.heard[:, 0]], 1), self.heard)
        return [tuple(replace(note, pitch=pitch) for note, pitch in zip(line, own, strict=True))
                for line, own in zip(lines, found, strict=True)]
