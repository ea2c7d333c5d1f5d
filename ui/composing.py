"""From a request to takes on the page: start the work, watch it, store what came."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from core.corpora.band_styles import BY_ID as BANDS
from core.engines.arranging_chords import leadsheet_style
from core.engines.protocol import Request, Take
from core.engines.request_io import learned_from, stamped
from core.errors import SongloomError, StoreError
from core.insight.ranking import ranked
from core.jobs.work import compose
from core.store import NewTake, TakeRecord
from core.store.tables import now
from ui import files, session
from ui.names import style_name
from ui.services import engine, store
from ui.session import Shown
from ui.shell import language, listener, note_problem, t
from ui.working import Waiting

_BESIDE = "job_beside"


def start(request: Request, beside: Shown | None = None) -> None:
    """Check the request and put the work in the line; an error is shown at the head of the page.

    Args:
        beside: a take that the new ones are put beside; without it they are an answer of their own.
    """
    if WORK.is_on:
        return
    try:
        resolved = engine(request.engine).resolve(request)
        st.session_state["job_style"], st.session_state[_BESIDE] = resolved.style, beside
        WORK.start(compose, resolved)
    except SongloomError as error:
        note_problem(error)


def go_on(shown: Shown) -> None:
    """Compose from the end of a take, with the settings it was made with."""
    metre = shown.score.metres[0]
    style = leadsheet_style(shown.record.style, str(metre)) if shown.record.style in BANDS else shown.record.style
    base = shown.request or Request(style=style)
    request = replace(
        base,
        seed=shown.score,
        how="continue",
        with_seed=True,
        random_seed=new_random_seed(),
        tonic=None,
        mode=None,
        metre=replace(metre, tick=0),
        tempo=None,
        words="",
        corrections="",
        again=None,
    )
    start(request)


def new_random_seed() -> int:
    """A random seed for a request that asks for none."""
    return secrets.randbelow(2**31)


def watch() -> None:
    """Show the work in progress with a way to stop it; when it has ended, take in what came."""
    WORK.watch(t("compose.writing", style=style_name(st.session_state.get("job_style", ""), language())))


def _done(takes: tuple[Take, ...]) -> None:
    beside: Shown | None = st.session_state.pop(_BESIDE, None)
    if beside is None:
        session.add_batch(keep_drafts(tuple(one.take for one in ranked(takes))))
    else:
        session.add_beside(beside.id, keep_drafts(takes, lambda take: _again_title(beside, take)))


def _cancelled() -> None:
    st.session_state["said"] = "compose.cancelled"


WORK = Waiting("job", "cancel", _done, _cancelled, patience=0.7)


def _again_title(source: Shown, take: Take) -> str:
    return t("lyrics.again_title", title=source.record.title, line=(take.request.again or 0) + 1)


def _title(take: Take) -> str:
    return t("take.title", style=style_name(take.request.style, language()), number=take.index + 1)


def keep_drafts(takes: tuple[Take, ...], title: Callable[[Take], str] = _title) -> tuple[Shown, ...]:
    """Store takes as drafts, so that each has an address; without a store they are on the page alone."""
    sources = [learned_from(engine(take.request.engine), take.request) for take in takes]
    takes = tuple(replace(take, score=replace(stamped(take, known), title=title(take)))
                  for take, known in zip(takes, sources, strict=True))
    new = [_new_take(take) for take in takes]
    try:
        records = store().add(new)
    except StoreError as error:
        note_problem(error)
        records = tuple(map(_unsaved, new))
    return tuple(Shown(record, take.score, take.request) for record, take in zip(records, takes, strict=True))


def _new_take(take: Take) -> NewTake:
    request = take.request
    return NewTake(
        owner=listener(),
        title=take.score.title,
        style=request.style,
        engine=request.engine,
        request=files.request_to_json(request),
        weights=take.weights,
        random_seed=request.random_seed,
        midi=files.to_midi(take.score),
        index=take.index,
        new_from=take.new_from,
        seconds=take.seconds,
    )


def new_from_record(record: TakeRecord) -> NewTake:
    """What it takes to store a take once more."""
    return NewTake(**{name: getattr(record, name) for name in NewTake.__dataclass_fields__})


def _unsaved(new: NewTake) -> TakeRecord:
    values = {name: getattr(new, name) for name in NewTake.__dataclass_fields__}
    return TakeRecord(id=session.UNSAVED + secrets.token_hex(8), kept=False, created=now(), version=0, **values)


def say() -> None:
    """Show, once, a short word about what just happened."""
    said = st.session_state.pop("said", None)
    if said is not None:
        st.toast(t(said))
