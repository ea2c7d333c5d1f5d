"""How loud each part of a band is and where it stands, before anybody moves a fader."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from core.score import Score, Track

USUAL = MappingProxyType({
    "melody": (110, 64), "chords": (76, 44), "pad": (62, 84), "bass": (88, 64), "drums": (80, 64),
})  # fmt: skip
"""Part to its MIDI volume 0..127 and pan (0 left, 64 middle, 127 right)."""

BY_BAND: dict[str, dict[str, tuple[int, int]]] = {
    "folk": {"chords": (58, 44), "pad": (65, 84), "bass": (81, 64), "drums": (61, 64)},
    "rock": {"chords": (69, 44), "pad": (82, 84), "bass": (98, 64), "drums": (84, 64)},
    "jazz": {"chords": (71, 44), "pad": (93, 84), "bass": (81, 64), "drums": (84, 64)},
    "ballad": {"chords": (72, 50), "pad": (68, 80), "bass": (86, 64), "drums": (69, 64)},
    "orchestra": {"chords": (56, 40), "pad": (65, 84), "bass": (84, 76), "drums": (70, 58)},
    "latin": {"chords": (73, 44), "pad": (62, 84), "bass": (74, 64), "drums": (76, 64)},
}
"""Where a band differs from `USUAL`: set so that in loudness (LUFS) the bass comes about 5 below the melody, drums 6 to 9,
chords 7 to 8, a pad 10 to 14, measured on stems (docs/arrange.md)."""


def mix_of(band: str, part: str) -> tuple[int, int]:
    """Volume and pan of a part of a band."""
    return BY_BAND.get(band, {}).get(part) or USUAL.get(part, (90, 64))


def mixed(score: Score, band: str, kept: Score | None = None) -> Score:
    """A score with the sound of its tracks set: as they sounded in `kept`, else as the band usually sounds.

    Kept are program, volume, pan and mute, found by the names of the tracks.
    """
    before = {track.name: track for track in kept.tracks} if kept is not None else {}
    return replace(score, tracks=tuple(_set(track, band, before.get(track.name)) for track in score.tracks))


def _set(track: Track, band: str, before: Track | None) -> Track:
    if before is not None:
        return replace(track, program=before.program, volume=before.volume, pan=before.pan, muted=before.muted)
    volume, pan = mix_of(band, track.name)
    return replace(track, volume=volume, pan=pan)
