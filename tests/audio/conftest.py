"""The soundfont inside pretty_midi: small, and on every machine that has the dependencies."""

from __future__ import annotations

import pytest

from core.audio.soundfonts import Soundfont, available


@pytest.fixture(scope="session")
def font() -> Soundfont:
    return next(font for font in available() if font.source == "package")
