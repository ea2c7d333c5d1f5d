"""What the roll's browser side is told of a `Score`: plain numbers and words, ready for JSON."""

from __future__ import annotations

from typing import Any

from core.score.clock import Clock
from core.score.types import TICKS_PER_QUARTER, Score, Track
from ui.drums import KIT, drum_name
from ui.palette import DARK, LIGHT


def score_data(score: Score, *, new_from: int = 0, min_bars: int = 1, lang: str = "en") -> dict[str, Any]:
    """The score for the browser.

    `tracks[i].notes` is flat: start, pitch, duration, velocity, start, … (ticks); `bars` are
    [start, end, ticks a beat]; `tempo` is [tick, seconds at that tick, seconds a tick];
    `chords` are [tick, text]. `bars` has at least `min_bars` entries, so that there is room to draw.
    """
    bars = [[start, end, metre.beat_ticks] for start, end, metre in score.bars]
    while len(bars) < min_bars:
        start = bars[-1][1]
        metre = [metre for metre in score.metres if metre.tick <= start][-1]
        ends = [start + metre.bar_ticks, *(change.tick for change in score.metres if change.tick > start)]
        bars.append([start, min(ends), metre.beat_ticks])
    fifths = score.key.fifths if score.key else 0
    drums = {note.pitch for track in score.tracks if track.is_drum for note in track.notes}
    return {
        "tracks": [_track_data(track) for track in score.tracks] or [_track_data(Track())],
        "bars": bars,
        "firstBar": 0 if score.pickup else 1,
        "tempo": tempo_map(score),
        "chords": [[chord.tick, chord.text(fifths)] for chord in score.chords],
        "flats": fifths < 0,
        "kit": list(KIT),
        "drumNames": {pitch: drum_name(pitch, lang) for pitch in sorted(drums | set(KIT))},
        "newFrom": new_from,
        "palette": {"light": list(LIGHT), "dark": list(DARK)},
    }


def _track_data(track: Track) -> dict[str, Any]:
    flat = [value for note in track.notes for value in (note.start, note.pitch, note.duration, note.velocity)]
    return {"name": track.name, "drum": track.is_drum, "muted": track.muted, "notes": flat}


def tempo_map(score: Score) -> list[list[float]]:
    """[tick, seconds at that tick, seconds a tick] for each tempo of the score, in order."""
    clock = Clock.of(score)
    return [[tempo.tick, round(clock.seconds(tempo.tick), 6), 60 / tempo.bpm / TICKS_PER_QUARTER] for tempo in score.tempos]
