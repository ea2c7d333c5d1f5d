"""The built-in catalogue for the pages: found once a server, searched by words, scores on demand."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from core.corpora.catalogue import Tune

from core.corpora import catalogue as core_catalogue
from core.score import Score

EXAMPLE_BARS = (12, 40)
"""Shortest and longest tune that serves as an example of its style."""


@dataclass(frozen=True, slots=True)
class Example:
    """A piece that lets a style be heard."""

    title: str
    source: str
    score: Score


@st.cache_resource(show_spinner=False)
def tunes() -> tuple[Tune, ...]:
    """Every tune, without its score.

    Raises:
        DataMissingError: the corpus that comes with music21 is not at hand.
    """
    return tuple(core_catalogue.tunes())


def search(everything: tuple[Tune, ...], words: str, style: str | None) -> tuple[Tune, ...]:
    """The tunes of a style (None: of all) whose title or source has every word."""
    wanted = words.casefold().split()
    return tuple(
        tune
        for tune in everything
        if style in (None, tune.style) and all(word in f"{tune.title} {tune.source}".casefold() for word in wanted)
    )


@st.cache_data(max_entries=128, show_spinner=False)
def score(id: str) -> Score:
    """The score of a tune.

    Raises:
        FormatError: it cannot be read.
    """
    return core_catalogue.score(id)


@st.cache_data(max_entries=64, show_spinner=False)
def example(style: str) -> Example | None:
    """A tune of the catalogue in a style, None where it has none of a fitting length.

    Raises:
        DataMissingError: the catalogue is not at hand.
    """
    for tune in search(tunes(), "", style)[:20]:
        found = core_catalogue.score(tune.id)
        if EXAMPLE_BARS[0] <= len(found.bars) <= EXAMPLE_BARS[1]:
            return Example(tune.title, tune.source, found)
    return None


__all__ = ["Example", "Tune", "example", "score", "search", "tunes"]
