"""Colours of the tracks: told apart with every common colour vision, on light and on dark pages."""

from __future__ import annotations

LIGHT: tuple[str, ...] = (
    "#2f62d9",
    "#c4660a",
    "#0b8a74",
    "#b0308c",
    "#8a7400",
    "#3c94c4",
    "#a3392b",
    "#6d7484",
)
"""For light pages, and where the page's theme is unknown: each also stands out 3 : 1 from near black."""

DARK: tuple[str, ...] = (
    "#7ea6ff",
    "#ffab66",
    "#38c9ab",
    "#f08acb",
    "#e3c545",
    "#79d3fa",
    "#f27d69",
    "#b4bac8",
)
"""The same hues, lighter, for dark pages."""


def track_colour(index: int, *, dark: bool = False) -> str:
    """Colour of the track at `index` (0, 1, …) as `#rrggbb`; after eight tracks they repeat."""
    palette = DARK if dark else LIGHT
    return palette[index % len(palette)]
