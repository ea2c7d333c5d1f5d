"""Songloom in the browser: `streamlit run app.py`."""

from ui import shell

shell.run()
