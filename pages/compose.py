"""Compose: choose a style or bring a melody, and get takes that are seen, heard and kept."""

from __future__ import annotations

from ui import compose_form, composing, gallery, seed, session, shell, takes
from ui.lyrics import state as lyrics
from ui.lyrics import write

shell.guard(__file__)
shell.head(shell.t("compose.title"), "" if session.batches() else shell.t("compose.lead"), beside=seed.choose)
composing.say()
seed.bring()
write.draw()
compose_form.draw()
composing.watch()
if session.batches():
    takes.show_current()
elif not lyrics.is_chosen():
    gallery.invite()
