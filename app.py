"""Songloom in the browser: `streamlit run app.py`."""

from ui import shell, sound_progress

shell.run(foot=sound_progress.watch)
