"""All pieces between two under one slider, drawn by the browser itself: its picture answers in the same frame.

A Streamlit component of our own; Python learns where the slider comes to rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from core.errors import FormatError
from ui.components import Component, Entry
from ui.tunes.data import HEIGHT, WIDTH

_COMPONENT = Component.of("morph", Path(__file__).parent / "web", ("main",), most=1000)


def show(
    strips: Sequence[str], *, at: int, piece: str, ends: tuple[str, str], label: str, key: str, on_rest: Callable[[int], None]
) -> None:
    """Draw the slider; `on_rest` is told the index of the strip at which it rests.

    Args:
        strips: what `ui.tunes.strip` makes of each piece, from end to end.
        at: where the slider stands at first.
        piece: names what is morphed; another name puts the slider where `at` says.
        ends: what the two ends are called.
        label: what the slider does, for those who do not see it.
        key: names this one among the components of the session.
    """

    def rest(entries: tuple[Entry, ...]) -> None:
        index = entries[-1].get("at")
        if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < len(strips):
            raise FormatError(f"A place of the slider from 0 to {len(strips) - 1} is needed", f"got {index!r:.40}")
        on_rest(index)

    data = {
        "strips": list(strips), "box": f"0 0 {WIDTH} {HEIGHT}", "at": at, "piece": piece, "from": ends[0], "to": ends[1],
        "label": label,
    }  # fmt: skip
    _COMPONENT.show(data, key=key, book=f"{key}:log", on_entries=rest)
