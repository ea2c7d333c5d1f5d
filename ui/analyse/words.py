"""Styles as the analysis names them, and numbers as people write them."""

from __future__ import annotations

from ui.names import style_name
from ui.shell import language, t

_NONE = "none"
"""As `core.insight.style.NONE`, which is not imported here: it would load torch with every page."""


def name_of(style: str) -> str:
    """A style's name, or that it is none of them."""
    return t("analyse.style_none") if style == _NONE else style_name(style, language())


def number(value: float) -> str:
    """Two significant places, without a trail of zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:.0f}"
    return "0" if text == "-0" else text.replace("-", "−")
