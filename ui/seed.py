"""The melody that somebody brings: a file with its part and bars, ABC text, or notes on the roll."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.errors import RequestError, SongloomError
from core.score import Metre, Score, Tempo, Track
from core.score.files import MAX_BYTES, readable
from ui import files, hum, player, session
from ui.bars import bar_count, trim_bars
from ui.plain import plain
from ui.roll import Edit
from ui.roll.history import History
from ui.shell import note_problem, retell, show_error, t

WAYS = ("style", "upload", "abc", "draw", "hum", "lyrics")
NO_MELODY = ("style", "lyrics")
"""Ways that bring no melody."""
HOWS = ("continue", "answer", "vary", "harmonise")
METRES = ("4/4", "3/4", "2/4", "6/8", "9/8", "2/2")
EXAMPLE = "X:1\nL:1/8\nM:6/8\nK:D\nA|dfd cec|dAA A2 A|"
_SOURCE, _DRAWN = "seed_source", "seed_drawn"


def seed_score() -> Score | None:
    """The melody to compose from, None when it starts from a style alone or from words.

    Raises:
        RequestError: a melody was announced and none is there.
    """
    way = st.session_state.get("c_from") or "style"
    if way in NO_MELODY:
        return None
    score = {"upload": _uploaded, "abc": _typed, "draw": _drawn, "hum": hum.score}[way]()
    if score is None or not score.note_count:
        raise RequestError(t("compose.melody_missing"), todo=t("compose.melody_todo"))
    return score


def is_ready() -> bool:
    """Whether there is a melody to compose from, whole and readable."""
    try:
        return seed_score() is not None
    except SongloomError:
        return False


def use(score: Score, title: str) -> None:
    """Make a score from elsewhere, such as the catalogue, the melody to compose from."""
    st.session_state[_SOURCE] = (title, score)
    st.session_state["c_from"] = "upload"
    _forget_choice()


def harmonise(score: Score, title: str) -> None:
    """As `use`, to have voices written under the melody."""
    use(score, title)
    st.session_state["c_how"] = "harmonise"
    _choose_how()


def choose() -> None:
    """Where to start from."""
    st.session_state.setdefault("c_from", "style")
    st.segmented_control(
        t("compose.from"),
        WAYS,
        required=True,
        format_func={way: t(f"compose.from_{way}") for way in WAYS}.__getitem__,
        key="c_from",
        on_change=retell,  # "as usual" is "as the melody" or "as the words suggest" elsewhere
        label_visibility="collapsed",
        persist_state="session",
    )


def bring() -> None:
    """The melody, and what to do with it, where there is to be one."""
    way = st.session_state["c_from"]
    if way in NO_MELODY:
        return
    with st.container(border=True, key="melody"):
        {"upload": _upload, "abc": _type, "draw": _draw, "hum": lambda: hum.draw(METRES)}[way]()
        st.session_state.setdefault("c_how", "continue")
        st.segmented_control(
            t("compose.how"),
            HOWS,
            required=True,
            format_func={how: t(f"compose.how_{how}") for how in HOWS}.__getitem__,
            key="c_how",
            help=t("compose.how_help"),
            on_change=_choose_how,
            persist_state="session",
        )


def _choose_how() -> None:
    # Harmonising is what the chorales' network does; asking for it picks that style.
    if st.session_state["c_how"] == "harmonise":
        st.session_state["c_style"] = "chorale"


def _upload() -> None:
    st.file_uploader(
        t("seed.upload", megabytes=MAX_BYTES // 2**20),
        type=list(readable()),
        key="seed_file",
        max_upload_size=MAX_BYTES // 2**20,
        on_change=_read_upload,
    )
    if _SOURCE not in st.session_state:
        return
    name, source = st.session_state[_SOURCE]
    st.caption(t("seed.brought", name=plain(name)))
    parts = _parts(source)
    bars = bar_count(source)
    part_column, bars_column = st.columns(2)
    with part_column:
        _keep_in("c_seed_part", parts)
        names = {part: _part_name(source, part) for part in parts}
        st.selectbox(t("seed.track"), parts, key="c_seed_part", format_func=names.__getitem__, persist_state="session")
    with bars_column:
        if bars > 1:
            first, last = st.session_state.get("c_seed_bars") or (1, bars)
            if not 1 <= first <= last <= bars:
                st.session_state.pop("c_seed_bars", None)
            st.session_state.setdefault("c_seed_bars", (1, min(bars, 16)))
            st.slider(t("seed.bars"), 1, bars, key="c_seed_bars", persist_state="session")
    _preview(_uploaded())


def _read_upload() -> None:
    upload = st.session_state.get("seed_file")
    if upload is None:
        return
    try:
        score = files.read_upload(upload.getvalue(), upload.name)
        if not _parts(score):
            raise RequestError(t("compose.melody_missing"), t("seed.no_notes", name=upload.name), t("compose.melody_todo"))
    except SongloomError as error:
        # What was there before stays: a file that cannot be read takes nothing away.
        note_problem(error)
        return
    st.session_state[_SOURCE] = (upload.name, score)
    _forget_choice()


def _forget_choice() -> None:
    for key in ("c_seed_part", "c_seed_bars"):
        st.session_state.pop(key, None)


def _parts(score: Score) -> list[int]:
    return [index for index, track in enumerate(score.tracks) if track.notes and not track.is_drum]


def _part_name(score: Score, index: int) -> str:
    track = score.tracks[index]
    return t("seed.track_name", number=index + 1, name=track.name or t("seed.no_name"), notes=len(track.notes))


def _keep_in(key: str, options: list[int]) -> None:
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]


def _uploaded() -> Score | None:
    found = st.session_state.get(_SOURCE)
    if found is None:
        return None
    _, source = found
    parts = _parts(source)
    part = st.session_state.get("c_seed_part")
    score = replace(source, tracks=(source.tracks[part if part in parts else parts[0]],))
    bars = bar_count(score)
    first, last = st.session_state.get("c_seed_bars") or (1, min(bars, 16))
    return trim_bars(score, first, min(last, bars)) if (first, last) != (1, bars) and first <= bars else score


def _type() -> None:
    st.session_state.setdefault("c_abc", EXAMPLE)
    st.text_area(t("seed.abc"), key="c_abc", help=t("seed.abc_help"), height=150, max_chars=20_000, persist_state="session")
    try:
        _preview(_typed())
    except SongloomError as error:
        show_error(error)


def _typed() -> Score | None:
    text = (st.session_state.get("c_abc") or "").strip()
    return files.read_upload(text.encode(), "typed.abc") if text else None


def _draw() -> None:
    history = _history()
    st.caption(t("seed.draw"))
    metre_column, clear_column = st.columns([3, 1], vertical_alignment="bottom")
    with metre_column:
        st.session_state.setdefault("c_draw_metre", METRES[0])
        st.selectbox(
            t("compose.metre"), METRES, key="c_draw_metre", on_change=_set_metre, persist_state="session", width=160
        )
    empty = not history.present.note_count
    clear_column.button(
        t("seed.clear"), key="seed_clear", icon=":material/delete:", type="tertiary", on_click=_clear, disabled=empty
    )
    player.show(history.present, key="seed-roll", title=t("seed.preview"), height=260, on_edit=_on_edit, min_bars=4)


def _history() -> History[Score]:
    return session.get(_DRAWN, lambda: History(Score((Track(),), tempos=(Tempo(0, 110),))))


def _drawn() -> Score | None:
    return _history().present


def _on_edit(edits: tuple[Edit, ...]) -> None:
    try:
        st.session_state[_DRAWN] = _history().edit(edits)
    except SongloomError as error:
        note_problem(error)


def _set_metre() -> None:
    numerator, denominator = map(int, st.session_state["c_draw_metre"].split("/"))
    history = _history()
    st.session_state[_DRAWN] = history.push(replace(history.present, metres=(Metre(0, numerator, denominator),)))


def _clear() -> None:
    history = _history()
    st.session_state[_DRAWN] = history.push(replace(history.present, tracks=(Track(),)))


def _preview(score: Score | None) -> None:
    if score is not None:
        player.show(score, key="seed-preview", title=t("seed.preview"), height=140)
