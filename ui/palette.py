"""Colours of the tracks: told apart with every common colour vision, on light and on dark pages."""

from __future__ import annotations

LIGHT: tuple[str, ...] = (
    "#2767d8",
    "#b3440f",
    "#0da2b7",
    "#ba1a5e",
    "#9f9204",
    "#2c85c0",
    "#a84a39",
    "#696e88",
)
"""For light pages, and where the page's theme is unknown: each also stands out 3 : 1 from near black."""

DARK: tuple[str, ...] = (
    "#8182fc",
    "#f9c020",
    "#70f6b2",
    "#c675ac",
    "#f5a74c",
    "#75befa",
    "#cd7b4d",
    "#caccd7",
)
"""For dark pages: lighter, and further apart in lightness."""


def track_colour(index: int, *, dark: bool = False) -> str:
    """Colour of the track at `index` (0, 1, …) as `#rrggbb`; after eight tracks they repeat."""
    palette = DARK if dark else LIGHT
    return palette[index % len(palette)]
