"""A take at its own address, `/take?id=…`: anybody who has the address can see, hear and download it."""

from __future__ import annotations

from ui import shell, take_page

shell.guard(__file__)
take_page.draw()
