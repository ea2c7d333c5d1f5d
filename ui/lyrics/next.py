"""Next lines that a machine writes: asked for, shown as what they are, put into the text with a click, taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.engines.lstm.lines import work
from core.errors import SongloomError
from core.lyrics import address, suggest
from core.lyrics.suggest import NextLine, Wish
from ui import composing
from ui.lyrics import own, state
from ui.plain import plain
from ui.services import writers
from ui.shell import note_problem, retell, t
from ui.working import Waiting

_AFTER, _COUNT, _RHYME = "c_next_after", "c_next_syllables", "c_next_rhyme"
_ASKED, _OFFER, _TAKEN = "lyrics_next_asked", "lyrics_next_offer", "lyrics_next_taken"
END, AUTO, NONE = -1, -1, -2
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: behind which line of which text, what, and whom (the host of an address, "" for ourselves)."""

    text: str
    after: int
    wish: Wish
    host: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What came."""

    asked: Asked
    lines: tuple[NextLine, ...]


def draw() -> None:
    """Where the next line goes and what it is like; the button; what came."""
    lines = state.text().split("\n")
    places = suggest.places(state.text())
    if not places:
        st.caption(t("next.no_line"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _choose(_AFTER, t("next.after"), [END, *places[:-1]], lambda at: t("next.end") if at == END else _short(lines[at]), 210)
        st.number_input(t("next.syllables"), suggest.LEAST, suggest.MOST, None, 1, key=_COUNT, placeholder=t("next.as_twin"),
                        persist_state="session", width=150)
        before = [at for at in places if at <= _after(places)]
        _choose(_RHYME, t("next.rhyme"), [AUTO, NONE, *reversed(before)],
                lambda at: {AUTO: t("next.rhyme_auto"), NONE: t("next.rhyme_none")}.get(at) or _short(lines[at]), 210)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if work.languages():
            st.button(t("next.ask"), key="lyrics-next", icon=":material/edit_note:", on_click=_ask, disabled=WORK.is_on)
        own.popover(_ask, WORK.is_on)
    asked: Asked | None = st.session_state.get(_ASKED)
    WORK.watch(t("next.waiting_for", host=plain(asked.host)) if asked and asked.host else t("next.waiting"))
    _offer()
    _undo()


def _choose(key: str, label: str, options: list[int], name: Callable[[int], str], width: int) -> None:
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    st.selectbox(label, options, key=key, format_func=name, persist_state="session", width=width)


def _short(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _after(places: tuple[int, ...]) -> int:
    """The line of the text behind which the next one goes."""
    chosen = st.session_state.get(_AFTER, END)
    return chosen if chosen in places else places[-1]


def _ask(to: address.Address | None = None) -> None:
    """Ask for lines: our own network, or the program at an address."""
    text = state.text()
    places = suggest.places(text)
    if not places or WORK.is_on:
        return
    after = _after(places)
    try:
        wish = _wish(text, places, after)
        st.session_state.pop(_OFFER, None)
        st.session_state[_ASKED] = Asked(text, after, wish, to.host if to else "")
        if to is None:
            WORK.start(work.suggest, wish, suggest.SUGGESTIONS, composing.new_random_seed())
        else:
            WORK.start(address.ask, to, wish, suggest.SUGGESTIONS)
    except SongloomError as error:
        note_problem(error)


def _wish(text: str, places: tuple[int, ...], after: int) -> Wish:
    """What the widgets ask for.

    Raises:
        SongloomError: the words cannot be read, or are in no language in which lines are written.
    """
    lyrics = state.read_text(suggest.up_to(text, after), state.language(), state.corrections_json())
    chosen, count = st.session_state.get(_RHYME, AUTO), st.session_state.get(_COUNT)
    rhyme: int | str | None = {AUTO: "auto", NONE: None}.get(chosen, "auto")
    if chosen in places and chosen <= after:
        wanted = text.split("\n")[chosen].strip()
        # Lines of a section that was called back stand twice among those that are sung: the last that reads so is meant.
        rhyme = next((line.number for line in reversed(lyrics.lines) if line.text.strip() == wanted), "auto")
    return suggest.wish(lyrics, int(count) if count else None, rhyme)


def _offer() -> None:
    """The lines that came, each a button that puts it into the text; nothing where the text is another by now."""
    offer: Offer | None = st.session_state.get(_OFFER)
    if offer is None or offer.asked.text != state.text():
        return
    asked = offer.asked
    by = t("next.by_host", host=plain(asked.host)) if asked.host else t("next.by_us")
    with st.container(key="lyrics-offer", gap="small"):
        st.markdown(f":material/smart_toy: **{t('next.machine')}** · {by}")
        for at, line in enumerate(offer.lines):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.button(plain(line.text), key=f"lyrics-take-{at}", icon=":material/add:", on_click=_take, args=(at,),
                          help=t("next.take"))
                st.caption(_about(line, asked.wish), width="content")


def _about(line: NextLine, wish: Wish) -> str:
    said = t("lyrics.syllables", count=line.syllables)
    if wish.rhyme is not None:
        key = "next.rhymes" if line.rhymes else "next.rhymes_not"
        said += " · " + t(key, word=plain(wish.rhyme.words[-1].text))
    return said


def _take(at: int) -> None:
    offer: Offer | None = st.session_state.get(_OFFER)
    if offer is None or offer.asked.text != state.text() or at >= len(offer.lines):
        return
    line = offer.lines[at].text
    after = suggest.inserted(offer.asked.text, offer.asked.after, line)
    put(after, line)
    state.machine_wrote(line)
    if st.session_state.get(_AFTER, END) != END:
        st.session_state[_AFTER] = offer.asked.after + 1
    retell()


def put(after: str, what: str) -> None:
    """Change the text in a callback, so that it can be taken back."""
    st.session_state[_TAKEN] = (state.text(), after, what)
    st.session_state[state.WORDS] = after
    st.session_state.pop(_OFFER, None)


def _undo() -> None:
    """A way back from what was put into the text last, as long as nothing else has changed."""
    taken = st.session_state.get(_TAKEN)
    if taken is None or taken[1] != state.text():
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(t("next.taken", line=plain(_short(taken[2]))), width="content")
        st.button(t("next.undo"), key="lyrics-next-undo", icon=":material/undo:", type="tertiary", on_click=_take_back)


def _take_back() -> None:
    taken = st.session_state.pop(_TAKEN, None)
    if taken is not None and taken[1] == state.text():
        st.session_state[state.WORDS] = taken[0]


def _done(lines: tuple[NextLine, ...]) -> None:
    asked: Asked | None = st.session_state.get(_ASKED)
    if asked is not None:
        st.session_state[_OFFER] = Offer(asked, lines)


def _cancelled() -> None:
    st.session_state["said"] = "next.cancelled"


WORK = Waiting("lyrics_next_job", "lyrics-next-cancel", _done, _cancelled, patience=1.5, line=writers)
