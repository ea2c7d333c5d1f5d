"""Analyse: what a piece is, whether it is good, whom it resembles."""

from __future__ import annotations

from ui import shell
from ui.analyse import page

shell.guard(__file__)
page.draw()
