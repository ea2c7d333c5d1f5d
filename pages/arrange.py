"""Arrange: a band plays a piece; mixer, other parts, stems."""

from __future__ import annotations

from ui import shell
from ui.arrange import page

shell.guard(__file__)
page.draw()
