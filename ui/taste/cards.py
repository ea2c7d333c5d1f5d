"""From recommendations to cards: titles, strips, sounds, reasons and menus."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.errors import SongloomError
from core.score import Score
from core.taste.listener import History
from core.taste.lists import LIKENESS, Because, Recommendation
from core.taste.pieces import TAKE, Piece, PieceBook
from core.taste.snapshot import Origin
from ui import catalogue, pieces, sound, tunes
from ui.bars import bar_count, trim_bars
from ui.roll.media import audio_url
from ui.services import store
from ui.shell import language, t
from ui.taste import words
from ui.texts.errors import in_language
from ui.tunes import Action, Card

_SOUNDS = "taste.sounds"
MAX_SOUNDS = 6
"""Sounds that a session keeps ready at once."""
EXAMPLE_BARS = 8
PARTS = 4
"""Pieces of the history that a reason names."""


@dataclass(frozen=True)
class Setting:
    """What all cards of a list share."""

    book: PieceBook
    history: History
    origin: Origin = field(default_factory=Origin)
    example: bool = False
    """Only the first bars are shown and heard."""


def card(found: Recommendation, setting: Setting, notes: tuple[str, ...] = (), menu: tuple[Action, ...] | None = None) -> Card:
    """The card of a recommendation; `notes` stand under its reasons."""
    guess = "" if found.stars is None else t("taste.guess", stars=f"{found.stars:.1f}")
    because = reasons(found, setting, notes)
    return of_piece(found.piece, setting, guess, because, menu)


def of_piece(piece: Piece, setting: Setting, guess: str = "", because: tunes.Because | None = None,
             menu: tuple[Action, ...] | None = None) -> Card:
    """The card of a piece."""
    path, heard, problem = "", None, None
    if piece.is_here:
        try:
            path = strip_of(piece.id, _version(piece), setting.example)
            if piece.id in st.session_state.get(_SOUNDS, ()):
                heard, problem = _sound(piece, setting.example)
        except SongloomError as error:
            problem = in_language(language(), error)
    return Card(
        piece.id, piece.title, words.line(piece), path, heard, problem,
        setting.history.stars.get(piece.id), piece.id in setting.history.likes, guess, because,
        actions(piece) if menu is None else menu,
    )  # fmt: skip


def _version(piece: Piece) -> int:
    return store().take(piece.id.partition(":")[2]).version if piece.kind == TAKE else 0


@st.cache_data(max_entries=4096, show_spinner=False)
def strip_of(item: str, version: int, example: bool) -> str:
    """The strip of a piece as it stands; `version` tells the edits of a take apart."""
    return tunes.strip(score(item, example))


def score(item: str, example: bool = False) -> Score:
    """The score of a tune or a take, or its first bars.

    Raises:
        SongloomError: it is not there or cannot be read.
    """
    found = pieces.score(item)
    return trim_bars(found, 1, EXAMPLE_BARS) if example and bar_count(found) > EXAMPLE_BARS else found


def ask_sound(item: str) -> None:
    """Have the sound of a piece made when its card is drawn next."""
    kept = [other for other in st.session_state.get(_SOUNDS, ()) if other != item]
    st.session_state[_SOUNDS] = (*kept, item)[-MAX_SOUNDS:]


def _sound(piece: Piece, example: bool) -> tuple[str | None, str | None]:
    """An address, or why there is none."""
    made = sound.at_once(score(piece.id, example))
    if made.audio is None:
        return None, in_language(language(), made.problem) if made.problem else None
    return audio_url(made.audio, made.mime, f"taste-{piece.id}"), None


def reasons(found: Recommendation, setting: Setting, notes: tuple[str, ...] = ()) -> tunes.Because:
    """Why a piece is there, in the listener's words: the pieces and features that its score is made of."""
    because, book = found.because, setting.book
    if because is None:
        return tunes.Because(t("taste.because_ask"), ask=True)
    parts = [(book[item].title, share) for item, share in because.items[:PARTS] if item in book and share >= 0.01]
    if because.prior >= 0.01:
        parts.append((t("taste.part_all"), because.prior))
    named = words.features(because.features)
    below = []
    if named:
        below.append(t("taste.note_features", features=", ".join(named)))
    if found.by == "content":
        below.append(t("taste.note_content"))
    elif found.by != LIKENESS and setting.origin.simulated_share >= 0.005:
        below.append(t("taste.note_simulated", share=round(100 * setting.origin.simulated_share)))
    return tunes.Because(_lead(found, setting, named), tuple(parts), (*below, *notes))


def _lead(found: Recommendation, setting: Setting, named: list[str]) -> str:
    because = found.because or Because()
    own = setting.history.stars.get(found.item)
    if own is not None or found.item in setting.history.likes:
        return t("taste.because_own", stars=words.stars(own)) if own is not None else t("taste.because_liked")
    causes = [item for item, share in because.items if item in setting.book and share >= 0.01]
    if found.by == LIKENESS and causes:
        return t("taste.because_like", title=setting.book[causes[0]].title, features=", ".join(named[:3]))
    if not causes or (because.prior > because.items[0][1] and because.prior > 0.5):
        return t("taste.because_all")
    first = causes[0]
    title, stars = setting.book[first].title, setting.history.stars.get(first)
    lead = t("taste.because_heard", title=title)
    if stars is not None:
        lead = t("taste.because_stars", title=title, stars=words.stars(stars))
    return lead if len(causes) == 1 else t("taste.because_more", lead=lead, count=len(causes) - 1)


def actions(piece: Piece) -> tuple[Action, ...]:
    """The menu of a piece."""
    item: dict[str, Any] = {"item": piece.id}
    found = [Action(t("taste.menu_pass"), {"do": "pass", **item}, said=t("taste.said_pass"))]
    if piece.is_here:
        found.append(Action(t("taste.menu_more"), {"do": "more", **item}))
        found.append(Action(t("taste.menu_seed"), {"do": "seed", **item}))
    found.append(Action(t("taste.menu_open"), {"do": "open", **item}))
    said = t("taste.said_out")
    found.append(Action(t("taste.menu_out_item"), {"do": "exclude", "kind": "item", "value": piece.id}, True, said))
    if piece.artist_id:
        leave = {"do": "exclude", "kind": "artist", "value": piece.artist_id}
        found.append(Action(t("taste.menu_out_artist", name=words.artist(piece)), leave, said=said))
    if piece.style:
        leave = {"do": "exclude", "kind": "style", "value": piece.style}
        found.append(Action(t("taste.menu_out_style", name=catalogue.name_of_style(piece.style)), leave, said=said))
    return tuple(found)
