"""About: what the styles learned from, what may be done with the music, what is kept."""

from __future__ import annotations

from ui import about, shell

shell.guard(__file__)
shell.head(shell.t("about.title"), shell.t("about.lead"))
about.draw()
