"""Songloom's core: everything that makes, reads, changes and judges music. No Streamlit in here."""
