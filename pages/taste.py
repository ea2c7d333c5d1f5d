"""My taste: what a listener may love, why, and everything that is kept about them."""

from __future__ import annotations

from ui import shell
from ui.taste import page

shell.guard(__file__)
shell.head(shell.t("taste.title"), shell.t("taste.lead"))
page.draw()
