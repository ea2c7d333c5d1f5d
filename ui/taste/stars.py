"""Stars and a heart for a piece wherever it is shown: in the library, under a take, in the catalogue."""

from __future__ import annotations

import re

import streamlit as st

from core.errors import SongloomError
from ui import tunes
from ui.services import store
from ui.shell import language, listener
from ui.taste import acts
from ui.tunes import Card, Shelf


def row(item: str, title: str) -> None:
    """A line with the listener's stars and heart for an item; nothing where the store cannot be read."""
    try:
        given = {rating.item: rating.stars for rating in store().listening.ratings(listener())}
        liked = item in store().listening.likes(listener())
    except SongloomError:
        st.empty()  # whoever shows the piece has said what is wrong with the store
        return
    card = Card(item, title, "", stars=given.get(item), liked=liked)
    key = "stars-" + re.sub(r"[^A-Za-z0-9]+", "-", item)
    tunes.shelves([Shelf("stars", "", (card,), layout="bare")], key=key, on_ops=acts.take_in, lang=language())
