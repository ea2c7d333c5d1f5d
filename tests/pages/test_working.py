"""Work that a page waits for: shown while it lasts, stopped when asked, told how it ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import FormatError
from ui import services
from ui.texts.en import EN

GO_ON = threading.Event()


def work(what: str, *, progress: Any) -> str:
    """Half of it is done at once, the rest when the test says so."""
    progress(1, 2)
    while not GO_ON.wait(0.01):
        progress(1, 2)
    if what == "bad":
        raise FormatError("A good file", "got a bad one", "Bring another")
    if what == "bug":
        raise ZeroDivisionError
    return what


def page() -> None:
    import streamlit as st

    from tests.pages.test_working import work
    from ui.shell import show_problem
    from ui.working import Waiting

    def done(result: str) -> None:
        st.session_state["result"] = result

    def cancelled() -> None:
        st.session_state["result"] = "cancelled"

    waiting = Waiting("work", "stop", done, cancelled, patience=st.session_state.get("patience", 0.0))
    show_problem()
    if "what" in st.session_state and "begun" not in st.session_state:
        st.session_state["begun"] = True
        waiting.start(work, st.session_state["what"])
    if st.session_state.get("again"):
        waiting.start(work, "a second one")
    waiting.watch("At work")


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    GO_ON.clear()
    yield
    GO_ON.set()


def begun(what: str, **state: Any) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    for key, value in {"what": what, "_language": "en", **state}.items():
        app.session_state[key] = value
    return app.run()


def ended(app: AppTest) -> AppTest:
    job = app.session_state["work"]
    GO_ON.set()
    services.runner().wait(job, 30)
    return app.run()


def test_the_bar_stays_until_the_one_result_is_taken_in() -> None:
    app = begun("takes")
    assert [button.label for button in app.button] == [EN["compose.cancel"]]
    assert "result" not in app.session_state
    app.session_state["again"] = True  # one at a time: it is not taken on
    app.run()
    app.session_state["again"] = False
    ended(app)
    assert app.session_state["result"] == "takes"
    assert not app.button
    assert not app.error
    app.session_state["result"] = "kept"
    assert app.run().session_state["result"] == "kept"


@pytest.mark.parametrize(("what", "words"), [("bad", "A good file; got a bad one"), ("bug", EN["error.bug"].split(".")[0])])
def test_what_went_wrong_is_said_and_the_page_is_free(what: str, words: str) -> None:
    app = ended(begun(what))
    assert [words in error.value for error in app.error] == [True]
    assert "result" not in app.session_state
    assert app.session_state["work"] is None
    assert not app.run().error


def test_work_can_be_stopped() -> None:
    app = begun("takes")
    job = app.session_state["work"]
    app.button(key="stop").click().run()
    assert services.runner().wait(job, 30).state == "cancelled"
    assert app.session_state["result"] == "cancelled"
    assert not app.button


def test_work_that_the_server_forgot_is_said() -> None:
    app = begun("takes")
    app.session_state["work"] = "of-before-a-restart"
    app.run()
    assert len(app.error) == 1
    assert app.session_state["work"] is None


def test_short_work_is_done_before_a_bar_is_drawn() -> None:
    GO_ON.set()
    app = begun("takes", patience=30.0)
    assert app.session_state["result"] == "takes"
    assert not app.button
