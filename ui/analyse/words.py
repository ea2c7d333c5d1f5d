"""What measures are called, and numbers as people write them."""

from __future__ import annotations

from ui.names import style_name
from ui.shell import language, t
from ui.taste import words as taste_words
from ui.texts import has_text

_NONE = "none"
"""As `core.insight.style.NONE`, which is not imported here: it would load torch with every page."""


def measure(name: str) -> str:
    """A measure in the listener's language; one that has no name of its own by what it is about with its own name behind."""
    key = f"analyse.measure_{name.replace(' ', '_')}"
    if has_text(key):
        return t(key)
    own = name.replace("_", " ")
    about = taste_words.group_of(name)
    return f"{t(f'feature.{about}')} ({own})" if about else own


def name_of(style: str) -> str:
    """A style's name, or that it is none of them."""
    return t("analyse.style_none") if style == _NONE else style_name(style, language())


def number(value: float) -> str:
    """Two significant places, without a trail of zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:.0f}"
