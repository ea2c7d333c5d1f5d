"""Whether a take may be recommended to others: its maker decides."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.errors import SongloomError
from ui import session
from ui.services import store
from ui.session import Shown
from ui.shell import listener, note_problem, t


def button(shown: Shown) -> None:
    """Publish the take, or take it back."""
    public = shown.record.published
    st.button(
        t("take.published") if public else t("take.publish"),
        key=f"publish-{shown.id}",
        icon=":material/public:" if public else ":material/public_off:",
        type="tertiary",
        help=t("take.publish_help"),
        on_click=_publish,
        args=(shown, not public),
    )


def _publish(shown: Shown, public: bool) -> None:
    try:
        session.update(replace(shown, record=store().listening.publish(shown.id, listener(), public)))
    except SongloomError as error:
        note_problem(error)
