"""Where the browser fetches a take's sound: an address, so that it can seek by Range requests."""

from __future__ import annotations

from streamlit import config, runtime


def audio_url(audio: bytes, mime: str, key: str) -> str:
    """Keep `audio` in Streamlit's media store while the session shows the roll `key`; its address.

    The store works as for `st.audio`: equal bytes are kept once, a new sound under the same key
    takes the place of the old one, and what no session shows any more is freed. Returns "" where
    no Streamlit server runs.
    """
    if not runtime.exists():
        return ""
    url = runtime.get_instance().media_file_mgr.add(audio, mime, f"songloom-roll-{key}")
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{url}" if base else url
