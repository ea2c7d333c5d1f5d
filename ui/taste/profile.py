"""The listener's taste as it is known, in plots; and what they may change about it."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from core.errors import SongloomError
from core.taste.profile import Edits, Profile
from core.taste.scoring import Ear
from ui import catalogue, tunes
from ui.plain import plain
from ui.services import store, taste
from ui.shell import language, listener, note_problem, show_problem, t
from ui.taste import acts, cards, charts, words

EDITS = "taste"
"""Under what name the listener's preferences keep what they say of their taste."""
PIECES = 24
ENERGY, VALENCE = "taste.edit.energy", "taste.edit.valence"


def draw() -> None:
    """Plots, corrections, what is left out, and the pieces that count."""
    show_problem()
    ear = taste().ear(listener(), fresh=True)
    profile = taste().profile(ear)
    if not profile.pieces and not ear.history.left_out:
        st.subheader(t("taste.profile_empty"), anchor=False)
        st.markdown(t("taste.profile_empty_lead"))
        return
    if profile.pieces:
        _plots(profile)
    _left_out(ear)
    _pieces(ear)


def _plots(profile: Profile) -> None:
    dark = st.context.theme.type == "dark"
    with st.grid(2, min_column_width=340, gap="large"):
        with st.container():
            st.subheader(t("taste.profile_styles"), anchor=False)
            charts.show(charts.styles(profile, dark), "taste-plot-styles", t("taste.profile_styles"))
        with st.container():
            st.subheader(t("taste.profile_features"), anchor=False)
            charts.show(charts.features(profile, dark), "taste-plot-features", t("taste.profile_features"))
    if len(profile.spans) > 1:
        st.subheader(t("taste.profile_time"), anchor=False)
        charts.show(charts.over_time(profile, dark), "taste-plot-time", t("taste.profile_time"))
    with st.expander(t("taste.profile_edit"), icon=":material/edit:", key="taste-edit"):
        _edit(profile)


def _edit(profile: Profile) -> None:
    st.markdown(t("taste.profile_edit_lead"))
    edits = taste().edits(listener())
    with st.grid(2, min_column_width=260, gap="medium"):
        for key, value, label in ((ENERGY, profile.energy, "axis_energetic"), (VALENCE, profile.valence, "axis_happy")):
            st.session_state[key] = round(100 * value)
            st.slider(t(f"taste.{label}"), 0, 100, key=key, format="%d %%", on_change=_correct)
        for style, share in list(profile.styles.items())[:8]:
            key = f"taste.edit.{style}"
            st.session_state[key] = round(100 * edits.styles.get(style, share))
            st.slider(catalogue.name_of_style(style), 0, 100, key=key, format="%d %%", on_change=_correct, args=(style,))
    if profile.edited:
        label = t("taste.profile_measured")
        st.button(label, key="taste-edit-reset", icon=":material/undo:", type="tertiary", on_click=_measured)


def _correct(style: str | None = None) -> None:
    edits = taste().edits(listener())
    energy, valence = edits.energy, edits.valence
    styles = dict(edits.styles)
    if style is not None:
        styles[style] = st.session_state[f"taste.edit.{style}"] / 100
    else:
        energy, valence = st.session_state[ENERGY] / 100, st.session_state[VALENCE] / 100
    _save(Edits(styles, energy, valence, edits.tempo))


def _measured() -> None:
    _save(Edits())


def _save(edits: Edits) -> None:
    try:
        store().save_listener(listener(), preferences={EDITS: edits.to_json()})
    except SongloomError as error:
        note_problem(error)


def _left_out(ear: Ear) -> None:
    st.subheader(t("taste.profile_out"), anchor=False)
    if not ear.history.left_out:
        st.caption(t("taste.profile_out_none"))
    for rule in ear.history.left_out:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{t(f'taste.kind_{rule.kind}')}: **{plain(_name(ear, rule.kind, rule.value))}**", width="content")
            st.button(t("taste.profile_allow"), key=f"allow-{rule.kind}-{rule.value}", icon=":material/undo:", type="tertiary",
                      on_click=_change, args=("allow", rule.kind, rule.value))  # fmt: skip
    with st.grid(2, min_column_width=300, gap="medium"):
        styles = sorted({piece.style for piece in ear.world.book.values() if piece.style}, key=catalogue.name_of_style)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            style = st.selectbox(t("taste.profile_out_style"), styles, format_func=catalogue.name_of_style, key="taste-out-style")
            st.button(t("taste.profile_apply"), key="taste-out-style-go", on_click=_change, args=("exclude", "style", style))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            period: Any = st.date_input(t("taste.profile_out_period"), [], max_value=date.today(), key="taste-out-period",
                                   help=t("taste.profile_period_help"))  # fmt: skip
            whole = isinstance(period, tuple) and len(period) == 2
            value = f"{period[0]}/{period[1]}" if whole else ""
            st.button(t("taste.profile_apply"), key="taste-out-period-go", disabled=not whole, on_click=_change,
                      args=("exclude", "period", value))  # fmt: skip


def _name(ear: Ear, kind: str, value: str) -> str:
    book = ear.world.book
    if kind == "item":
        return book[value].title if value in book else value
    if kind == "style":
        return catalogue.name_of_style(value)
    if kind == "period":
        return value.replace("/", " – ")
    return next((words.artist(piece) for piece in book.values() if piece.is_left_out_by(kind, value)), value)


def _change(how: str, kind: str, value: str) -> None:
    try:
        getattr(store().listening, how)(listener(), kind, value)
    except SongloomError as error:
        note_problem(error)


def _pieces(ear: Ear) -> None:
    history = ear.history
    known = [item for item in {**history.weights, **history.stars} if item in ear.world.book]
    dearest = sorted(known, key=lambda item: (-history.weights.get(item, 0.0), item))[:PIECES]
    if not dearest:
        return
    with st.expander(t("taste.profile_pieces"), icon=":material/queue_music:", key="taste-pieces", on_change="rerun") as opened:
        if opened.open:
            setting = cards.Setting(ear.world.book, history)
            found = tuple(cards.of_piece(ear.world.book[item], setting) for item in dearest)
            shelf = tunes.Shelf("pieces", "", found, t("taste.profile_pieces_lead"), "grid")
            tunes.shelves([shelf], key="taste-pieces-list", on_ops=acts.take_in, lang=language())
            acts.go_on()
