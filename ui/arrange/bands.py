"""The bands on offer, and how they are to play; one click has one play."""

from __future__ import annotations

import streamlit as st

from core.corpora.band_styles import Band
from core.engines.arranging_resolve import played_metre
from core.errors import SongloomError
from ui import licences
from ui.arrange import state, work
from ui.names import describe, instrument, name_of
from ui.services import arranger
from ui.shape.ends import End
from ui.shell import language, show_error, t


def draw(piece: End) -> None:
    """The choices, and a card for each band; folded once there is an arrangement."""
    if not state.everything():
        _choose(piece)
        return
    with st.expander(t("arrange.another_band"), icon=":material/groups:", key="arrange-bands", on_change="rerun") as opened:
        if opened.open:
            _choose(piece)


def _choose(piece: End) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.slider(
            t("arrange.intensity"), 0, 100, 50, 5, format="%d%%", key=work.INTENSITY, help=t("arrange.intensity_help"),
            persist_state="session", width=320,
        )  # fmt: skip
        st.session_state.setdefault(work.HUMANISE, True)
        st.toggle(t("arrange.humanise"), key=work.HUMANISE, help=t("arrange.humanise_help"), persist_state="session")
        st.toggle(t("compose.free"), key=work.FREE, help=t("compose.free_help"), persist_state="session")
    free_only = bool(st.session_state.get(work.FREE))
    try:
        offered, sources = arranger().bands(free_only), arranger().sources(free_only)
    except SongloomError as error:
        show_error(error)
        return
    with st.grid(3, min_column_width=260, gap="small"):
        for band in offered:
            _card(band, piece)
    st.caption(licences.line(sources, language()))


def _card(band: Band, piece: End) -> None:
    metre = str(played_metre(piece.score.metres[0]))
    plays = metre in band.style.metres or len(piece.score.metres) > 1  # which of several counts, the band says
    with st.container(border=True, height="stretch", key=f"band-card-{band.id}", gap="xsmall"):
        st.button(
            f"**{name_of(band.style, language())}**",
            key=f"band-{band.id}",
            icon=":material/play_circle:",
            type="tertiary",
            on_click=work.play,
            args=(piece.score, piece.title, band.id),
            disabled=work.WORK.is_on or not plays,
        )
        st.caption(describe(band.style, language()))
        names = [instrument(program, language()) for program in dict.fromkeys(band.programs.values())]
        facts = [" · ".join(band.style.metres), t(f"arrange.feel_{band.feel}")]
        if not plays:
            facts = [t("arrange.other_metre", metre=metre, metres=", ".join(band.style.metres))]
        st.caption(" · ".join(facts), help=", ".join(names))
