"""Vary & morph: more of a piece, what lies between two, the same in another style."""

from __future__ import annotations

from ui import shell
from ui.shape import page

shell.guard(__file__)
page.draw()
