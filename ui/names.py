"""Names of things in the listener's language: styles, keys, metres, instruments."""

from __future__ import annotations

from core.corpora.band_styles import BY_ID as BANDS
from core.corpora.styles import BY_ID, Style
from core.score.instruments import KITS, instrument_name
from core.score.types import Key, pitch_class_name
from ui.texts.instruments_zh import DRUMS_ZH, INSTRUMENTS_ZH, KITS_ZH

_MODES_ZH = {
    "major": "大调",
    "minor": "小调",
    "dorian": "多利亚",
    "mixolydian": "混合利底亚",
    "phrygian": "弗里几亚",
    "lydian": "利底亚",
    "locrian": "洛克里亚",
}


def style_name(id: str, language: str) -> str:
    """A style's or a band's name; an id that is in neither table, such as a user's own style, names itself."""
    style = BY_ID.get(id) or (BANDS[id].style if id in BANDS else None)
    return id if style is None else name_of(style, language)


def name_of(style: Style, language: str) -> str:
    return style.name_zh if language == "zh" else style.name


def describe(style: Style, language: str) -> str:
    return style.description_zh if language == "zh" else style.description


def mode_name(mode: str, language: str) -> str:
    return _MODES_ZH.get(mode, mode) if language == "zh" else mode


def key_name(key: Key | None, language: str) -> str:
    """`D major`, `D 大调`; empty when unknown."""
    if key is None:
        return ""
    tonic = pitch_class_name(key.tonic, key.fifths).replace("#", "♯").replace("b", "♭")
    return f"{tonic} {mode_name(key.mode, language)}"


def tonic_name(tonic: int) -> str:
    """A tonic before its mode is known, with both names for the black keys: `C♯ / D♭`."""
    sharp, flat = pitch_class_name(tonic), pitch_class_name(tonic, -1)
    return (sharp if sharp == flat else f"{sharp} / {flat}").replace("#", "♯").replace("b", "♭")


def instrument(program: int, language: str, is_drum: bool = False) -> str:
    """The name of a General MIDI program 0..127."""
    if language != "zh":
        return instrument_name(program, is_drum)
    return DRUMS_ZH if is_drum else INSTRUMENTS_ZH[program]


def kits(language: str) -> dict[int, str]:
    """Programs of drum tracks to the names of their kits."""
    return KITS_ZH if language == "zh" else KITS
