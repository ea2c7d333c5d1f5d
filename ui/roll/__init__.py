"""The piano roll that every page shows music with: seen, heard and, where asked for, edited.

A Streamlit component of our own. Its browser side is in `web/`: small ES modules, with no build step,
that draw on a canvas and play the sound through an audio element.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.errors import RequestError
from core.score.types import Score
from ui.components import Component, Entry, words
from ui.roll.data import score_data
from ui.roll.media import audio_url
from ui.roll.ops import Edit, apply_edits, gestures, read_edits
from ui.roll.texts import WORDS, describe

__all__ = ["Edit", "apply_edits", "gestures", "piano_roll"]

_COMPONENT = Component.of(
    "roll", Path(__file__).parent / "web", ("geometry", "edits", "draw", "player", "edit", "main"), most=5_000
)


def piano_roll(
    score: Score,
    *,
    key: str,
    label: str,
    audio: bytes | None = None,
    mime: str = "audio/ogg",
    waiting: bool = False,
    height: int = 160,
    editable: bool = False,
    new_from: int = 0,
    min_bars: int = 8,
    on_edit: Callable[[tuple[Edit, ...]], None] | None = None,
    can_undo: bool = True,
    can_redo: bool = True,
    item: str = "",
    lang: str = "en",
) -> None:
    """Show `score` as a piano roll, with a player under it when there is `audio`.

    Args:
        key: names this roll among those of the session.
        label: what the music is, read out in the roll's text alternative.
        audio: the sound of exactly this score, an encoded file; `mime` is its type.
        waiting: the sound is being made: the player is there, and plays when it comes if it was asked to.
        height: of the roll in pixels, 80 or more; the player adds about 48 and the tools about 44.
        editable: lets the listener draw, move, lengthen and delete notes.
        new_from: tick at which the new music begins after a seed; what comes before is shown paler.
        min_bars: when editable, at least so many bars are shown to draw in.
        on_edit: called before the page runs again, with the edits since the last call in order;
            the page keeps the score, for instance in a `ui.roll.history.History`.
        can_undo, can_redo: whether the tools offer undo and redo.
        item: the piece by its id in the store; what is heard of it is told through a list of pieces
            (`ui.tunes`) on this page or the next. "" for what is no piece of the store.
        lang: `en` or `zh`.

    Raises:
        RequestError: `editable` without `on_edit`, or a height below 80.
    """
    if height < 80:
        raise RequestError("A piano roll is at least 80 pixels high", f"got {height}")
    if editable and on_edit is None:
        raise RequestError("An editable piano roll needs on_edit", "got none", "Pass a function that takes the edits")

    def take_in(entries: tuple[Entry, ...]) -> None:
        edits = read_edits(entries)
        if edits and on_edit is not None:
            on_edit(edits)

    room = _room(score, min_bars) if editable else 1
    data = score_data(score, new_from=new_from, min_bars=room, lang=lang)
    data |= {
        "name": key,
        "label": describe(label, score.note_count, len(score.bars) if score.note_count else 0, len(score.tracks), lang),
        "height": height,
        "editable": editable,
        "audio": None if audio is None else audio_url(audio, mime, key),
        "waiting": waiting,
        "canUndo": can_undo,
        "canRedo": can_redo,
        "item": item,
        "texts": words(WORDS, lang),
        "lang": lang,
    }
    _COMPONENT.show(data, key=key, book=f"{key}:log", on_entries=take_in)


def _room(score: Score, min_bars: int) -> int:
    """Bars to show while editing: always two empty ones after the music."""
    used = len(score.bars) if score.note_count else 0
    return max(min_bars, used + 2)
