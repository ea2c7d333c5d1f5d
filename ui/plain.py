"""Words from outside, such as a file's title, shown as they are and not read as Markdown."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|$~:&^=])")


def plain(text: str) -> str:
    """`text` on one line, with everything escaped that Markdown or Streamlit would act on."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
