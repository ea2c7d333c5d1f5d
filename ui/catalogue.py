"""The built-in catalogue for the pages: found once a server, searched by words, scores on demand."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.corpora import catalogue as core_catalogue
from core.corpora.catalogue import FOLK, SOURCE_NAMES, Entry
from core.score import Score
from ui.names import style_name
from ui.shell import language, t

EXAMPLE_BARS = (12, 40)
"""Shortest and longest tune that serves as an example of its style."""


@dataclass(frozen=True, slots=True)
class Example:
    """A piece that lets a style be heard."""

    title: str
    source: str
    score: Score


@st.cache_resource(show_spinner=False)
def tunes() -> tuple[Entry, ...]:
    """Every tune, without its score.

    Raises:
        DataMissingError: the corpus that comes with music21 is not at hand.
    """
    return core_catalogue.catalogue()


def search(words: str, style: str | None) -> tuple[Entry, ...]:
    """The tunes of a style (None: of all) whose title or source has every word, in any case."""
    wanted = words.casefold().split()
    return tuple(
        tune
        for tune in tunes()
        if style in (None, tune.style)
        and all(word in f"{tune.title} {SOURCE_NAMES[tune.source]}".casefold() for word in wanted)
    )


def style_of(tune: Entry) -> str:
    """The name of a tune's style."""
    return name_of_style(tune.style)


def name_of_style(id: str) -> str:
    return t("library.folk") if id == FOLK else style_name(id, language())


def source_of(tune: Entry) -> str:
    """The name of the book that a tune is in."""
    return SOURCE_NAMES[tune.source]


@st.cache_data(max_entries=128, show_spinner=False)
def score(id: str) -> Score:
    """The score of a tune, repeats played.

    Raises:
        FormatError: it cannot be read.
    """
    return core_catalogue.load(id)


@st.cache_data(max_entries=64, show_spinner=False)
def example(style: str) -> Example | None:
    """A tune of the catalogue in a style, None where it has none of a fitting length.

    Raises:
        DataMissingError: the catalogue is not at hand.
    """
    for tune in search("", style)[:20]:
        found = core_catalogue.load(tune.id)
        if EXAMPLE_BARS[0] <= len(found.bars) <= EXAMPLE_BARS[1]:
            return Example(tune.title, SOURCE_NAMES[tune.source], found)
    return None
