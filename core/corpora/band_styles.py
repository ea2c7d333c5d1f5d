"""The bands that Songloom arranges for: what they play, on which instruments, in which metres and with which feel.

A band's music is a `Score` with one track for each of `PARTS` that it has, the track named as the part. The melody comes
first, so that `Score.melody` finds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from core.corpora.styles import Style

PARTS = ("melody", "chords", "pad", "bass", "drums")
"""The parts of a band in the order of its tracks."""

BACKING = PARTS[1:]
"""What a band plays under a melody."""

Feel = Literal["straight", "swing"]


@dataclass(frozen=True, slots=True)
class Band:
    """One band. `style.id` is the id that users ask for; `style.tempo` and `style.metres` are its usual ones."""

    style: Style
    feel: Feel
    programs: Mapping[str, int]
    """General MIDI program of each pitched part."""
    ranges: Mapping[str, tuple[int, int]]
    """Lowest and highest MIDI pitch of each pitched part but the melody."""

    @property
    def id(self) -> str:
        return self.style.id


def _band(id: str, names: tuple[str, str], about: tuple[str, str], metres: tuple[str, ...], tempo: int, feel: Feel,
          programs: tuple[int, int, int, int]) -> Band:
    """`programs` of melody, chords, pad and bass."""
    melody, chords, pad, bass = programs
    style = Style(id, *names, *about, metres, ("major", "minor", "dorian", "mixolydian"), tempo, melody, (55, 86))
    return Band(
        style,
        feel,
        MappingProxyType({"melody": melody, "chords": chords, "pad": pad, "bass": bass}),
        MappingProxyType({"chords": (43, 84), "pad": (43, 88), "bass": (28, 55)}),
    )


BANDS: tuple[Band, ...] = (
    _band("folk", ("Folk band", "民谣乐队"),
          ("Fiddle, guitar, accordion, double bass and a light kit",
           "小提琴、吉他、手风琴、低音提琴与轻鼓"),
          ("4/4", "3/4", "2/4", "6/8"), 120, "straight", (40, 25, 21, 32)),
    _band("rock", ("Rock band", "摇滚乐队"),
          ("Lead guitar, overdriven guitar, organ, electric bass and drums",
           "主音吉他、失真吉他、风琴、电贝斯与鼓"),
          ("4/4", "3/4", "6/8"), 124, "straight", (27, 29, 16, 33)),
    _band("jazz", ("Jazz combo", "爵士小组"),
          ("Saxophone, piano, vibraphone, walking bass and brushes",
           "萨克斯、钢琴、颤音琴、行走低音与鼓刷"),
          ("4/4", "3/4", "2/4"), 140, "swing", (66, 0, 11, 32)),
    _band("ballad", ("Pop ballad", "流行抒情"),
          ("Voice-like lead, piano, strings, electric bass and soft drums",
           "人声音色、钢琴、弦乐、电贝斯与轻柔鼓点"),
          ("4/4", "3/4", "6/8"), 84, "straight", (73, 0, 48, 33)),
    _band("orchestra", ("Orchestra", "管弦乐队"),
          ("Violins, harp, strings, cellos and basses, timpani and cymbals",
           "小提琴、竖琴、弦乐、低音弦乐、定音鼓与钹"),
          ("4/4", "3/4", "2/4", "6/8"), 96, "straight", (40, 46, 48, 43)),
    _band("latin", ("Latin band", "拉丁乐队"),
          ("Trumpet, piano montuno, strings, bass and percussion",
           "小号、钢琴、弦乐、贝斯与打击乐"),
          ("4/4", "2/4", "3/4"), 116, "straight", (56, 0, 48, 32)),
)  # fmt: skip

BY_ID = {band.id: band for band in BANDS}
