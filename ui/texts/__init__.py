"""Every text of the pages, in each language under the same keys."""

from __future__ import annotations

from ui.texts.en import EN
from ui.texts.zh import ZH

LANGUAGES = {"en": "English", "zh": "中文"}
"""Language code to its own name."""

_TEXTS = {"en": EN, "zh": ZH}


def has_text(key: str) -> bool:
    """Whether there is a text `key`."""
    return key in EN


def text(language: str, key: str, **values: object) -> str:
    """The text `key`, with `{name}` filled from `values`.

    Raises:
        KeyError: there is no such language or key.
    """
    found = _TEXTS[language][key]
    return found.format(**values) if values else found
