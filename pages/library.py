"""Library: the takes that were kept, and the catalogue of tunes to hear and to start from."""

from __future__ import annotations

from ui import composing, library, shell

shell.guard(__file__)
shell.head(shell.t("library.title"), shell.t("library.lead"))
composing.say()
library.draw()
