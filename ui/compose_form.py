"""The controls of the Compose page: what is asked for, read from the widgets as a `Request`.

Every widget has a key that begins with `c_` and keeps its value while the session lasts. The
request is read from the session, so that a button's callback sees what the page shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.corpora.styles import Style
from core.engines.lstm.song.wish import CHOIR, VOICES
from core.engines.protocol import LIMITS, How, Request
from core.engines.request_io import pitch_text
from core.errors import RequestError, SongloomError, WeightsMissingError
from core.score import Metre, Score
from ui import composing, examples, licences
from ui.lyrics import moods
from ui.lyrics import state as lyrics
from ui.names import describe, instrument, mode_name, name_of, tonic_name
from ui.seed import is_ready, seed_score
from ui.services import engine
from ui.shell import language, note_problem, show_error, t

BARS = (4, 8, 12, 16, 24, 32, 48, 64)
SINGS_WELL = "hymn"
"""The style that is chosen when words are sung for the first time in a session; dances have few words."""
FREE = ""
"""The choice that leaves it to the style, or to the melody."""

KEEP: dict[str, Any] = {"persist_state": "session"}


def styles() -> tuple[Style, ...]:
    """The styles on offer, with the switch for free music as it stands.

    Raises:
        WeightsMissingError: the engine has no weights.
    """
    free_only = bool(st.session_state.get("c_free", False))
    if lyrics.is_chosen():
        return singing(free_only)
    found = tuple(engine().styles(free_only=free_only))
    if not found:
        raise WeightsMissingError(
            "Songloom composes with trained weights in assets/models",
            "there are none",
            "Get them with git, or run: songloom train lstm",
        )
    return found


def singing(free_only: bool) -> tuple[Style, ...]:
    """The styles in which words are sung.

    Raises:
        WeightsMissingError: no weights at hand sing.
    """
    found = tuple(engine().sung_styles(free_only))
    if not found:
        got = t("lyrics.no_weights_free" if free_only else "lyrics.no_weights_got")
        raise WeightsMissingError(t("lyrics.no_weights"), got, t("lyrics.no_weights_todo"))
    return found


def draw() -> None:
    """Draw the controls; the button starts the work."""
    try:
        offered = styles()
    except SongloomError as error:
        show_error(error)
        st.toggle(t("compose.free"), key="c_free", help=t("compose.free_help"), **KEEP)
        return
    by_id = {style.id: style for style in offered}
    if lyrics.is_chosen() and SINGS_WELL in by_id and not st.session_state.get("c_style_sung"):
        st.session_state["c_style"], st.session_state["c_style_sung"] = SINGS_WELL, True
    with st.container(border=True, key="composer"):
        style = _basic(by_id)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
            free_only = bool(st.session_state.get("c_free"))
            sources = engine().sources(style.id, free_only)
            words = f"{describe(style, language())} · {licences.line(sources, language())}"
            st.caption(words, width="content")
            examples.button(style, free_only)
        with st.expander(t("compose.more"), icon=":material/tune:"):
            _advanced(style, by_id)


def _basic(by_id: dict[str, Style]) -> Style:
    """Style, key, length and the button in one row, on a phone in three."""
    style_column, small_column, button_column = st.columns([4, 4, 2], vertical_alignment="bottom")
    with style_column:
        _choice(
            "c_style", t("compose.style"), list(by_id), lambda id: name_of(by_id[id], language()), icon=":material/queue_music:"
        )
    with small_column:
        key_column, bars_column = st.columns(2, wrap=False)
        with key_column:
            _choice("c_tonic", t("compose.key"), [FREE, *range(12)], lambda tonic: _or_free(tonic, tonic_name))
        with bars_column:
            if lyrics.is_chosen():  # the words say how long the song is
                names = {FREE: t("lyrics.voice_free")} | {voice: t(f"lyrics.voice_{voice}") for voice in VOICES}
                _choice(lyrics.VOICE, t("lyrics.voice"), list(names), names.__getitem__)
            else:
                _choice("c_bars", t("compose.bars"), list(BARS), lambda bars: t("compose.n_bars", bars=bars), start=16)
    with button_column:
        st.button(
            t("compose.button"),
            key="compose",
            type="primary",
            icon=":material/auto_awesome:",
            width="stretch",
            on_click=submit,
            disabled=composing.WORK.is_on,
        )
    return by_id[st.session_state["c_style"]]


def _advanced(style: Style, by_id: dict[str, Style]) -> None:
    zh = language()
    seeded = is_ready()
    with_words = lyrics.is_chosen()
    with st.grid(3, min_column_width=240, gap="medium"):
        modes = [FREE, *style.modes]
        _choice("c_mode", t("compose.mode"), modes, lambda mode: _or_free(mode, lambda m: mode_name(m, zh), "c_mode"))
        if not seeded:  # a melody brings its own
            _choice("c_metre", t("compose.metre"), [FREE, *style.metres], lambda metre: _or_free(metre, str))
        low, high = (int(limit) for limit in LIMITS["tempo"])
        usual = t("compose.as_words") if with_words else t("compose.tempo_free", tempo=style.tempo)
        st.number_input(t("compose.tempo"), low, high, None, 1, key="c_tempo", placeholder=usual, **KEEP)
        others = [FREE, *(id for id in by_id if id != style.id)]
        _choice("c_style2", t("compose.mix"), others, lambda id: t("compose.mix_none") if id == FREE else name_of(by_id[id], zh))
        if st.session_state["c_style2"] != FREE:
            _slider("c_mix", t("compose.weight"), 0.0, 1.0, 0.3, 0.05)
        fewest, most = (int(limit) for limit in LIMITS["takes"])
        _slider("c_takes", t("compose.takes"), fewest, most, 4, 1)
        _slider("c_temperature", t("compose.temperature"), *LIMITS["temperature"], 1.0, 0.05, help=t("compose.temperature_help"))
        _slider("c_top_p", t("compose.top_p"), *LIMITS["top_p"], 0.95, 0.01, help=t("compose.top_p_help"))
        _choice("c_program", t("compose.instrument"), [FREE, *range(128)], lambda n: _or_free(n, _instrument, "c_program"))
        with st.container():
            st.toggle(t("compose.own_range"), key="c_own_range", **KEEP)
            if st.session_state["c_own_range"]:
                pitches = range(24, 109)
                st.select_slider(t("compose.range"), pitches, style.pitch_range, pitch_text, key="c_range", **KEEP)
        free_seed = t("compose.random_free")
        st.number_input(t("compose.random_seed"), 0, 2**31 - 1, None, 1, key="c_seed", placeholder=free_seed, **KEEP)
        with st.container():
            st.toggle(t("compose.free"), key="c_free", help=t("compose.free_help"), **KEEP)
            if seeded:
                st.session_state.setdefault("c_with_seed", True)
                st.toggle(t("compose.with_seed"), key="c_with_seed", help=t("compose.with_seed_help"), **KEEP)


def _instrument(program: int) -> str:
    return instrument(program, language())


def _or_free(value: Any, name: Callable[[Any], str], key: str = "") -> str:
    if value != FREE:
        return name(value)
    if lyrics.is_chosen():
        return {"c_mode": t("compose.as_words"), "c_program": _instrument(CHOIR)}.get(key, t("compose.as_style"))
    return t("compose.as_style" if st.session_state.get("c_from") == "style" else "compose.as_style_or_seed")


def _choice(
    key: str, label: str, options: Sequence[Any], name: Callable[[Any], str], start: Any = None, **more: Any
) -> None:
    """A select box that goes back to its start when what was chosen is no longer on offer."""
    if st.session_state.get(key, _NOTHING) not in options:
        st.session_state[key] = start if start in options else options[0]
    names = {option: name(option) for option in options}
    st.selectbox(label, options, format_func=names.__getitem__, key=key, **more, **KEEP)


_NOTHING = object()


def _slider(key: str, label: str, low: float, high: float, start: float, step: float, **more: Any) -> None:
    st.session_state.setdefault(key, start)
    st.slider(label, low, high, step=step, key=key, **more, **KEEP)


def choose_style(id: str) -> None:
    """Choose a style from elsewhere on the page, and compose in it."""
    st.session_state["c_style"] = id
    submit()


def submit() -> None:
    """Read the widgets and start; what cannot be asked for is said at the head of the page."""
    try:
        composing.start(read())
    except SongloomError as error:
        note_problem(error)


def read() -> Request:
    """What the widgets ask for.

    Raises:
        SongloomError: they contradict each other, or the words cannot be read.
    """
    state = st.session_state
    seed: Score | None = seed_score()
    metre, style2 = _chosen("c_metre"), _chosen("c_style2")
    random_seed = state.get("c_seed")
    how: How = state.get("c_how") or "continue"
    words = lyrics.text() if lyrics.is_chosen() else ""
    if lyrics.is_chosen() and not words.strip():
        raise RequestError(t("lyrics.missing"), todo=t("lyrics.missing_todo"))
    return Request(
        style=state["c_style"],
        style2=style2,
        mix=float(state.get("c_mix", 0.0)) if style2 else 0.0,
        tonic=_chosen("c_tonic"),
        mode=_chosen("c_mode"),
        metre=Metre(0, *map(int, metre.split("/"))) if metre and seed is None else None,
        tempo=state.get("c_tempo"),
        bars=int(state.get("c_bars", 16)),
        takes=int(state.get("c_takes", 4)),
        temperature=float(state.get("c_temperature", 1.0)),
        top_p=float(state.get("c_top_p", 0.95)),
        random_seed=composing.new_random_seed() if random_seed is None else int(random_seed),
        pitch_range=_range(),
        program=_chosen("c_program"),
        free_only=bool(state.get("c_free", False)),
        seed=seed,
        how=how if seed is not None else "continue",
        with_seed=bool(state.get("c_with_seed", True)),
        words=words,
        language=lyrics.language() if words else "auto",
        corrections=lyrics.corrections_json() if words else "",
        moods=moods.as_json(lyrics.read()) if words else "",
    )


def _range() -> tuple[int, int] | None:
    """The lowest and highest note that was asked for: by themselves, or as a voice."""
    state = st.session_state
    if state.get("c_own_range") and "c_range" in state:
        low, high = state["c_range"]
        return int(low), int(high)
    voice = _chosen(lyrics.VOICE) if lyrics.is_chosen() else None
    return VOICES[voice] if voice else None


def _chosen(key: str) -> Any:
    """A select box's value, None where it leaves the matter open."""
    value = st.session_state.get(key, FREE)
    return None if value == FREE else value
