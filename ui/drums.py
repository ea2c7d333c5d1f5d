"""Short names of the General MIDI drum map's keys, for the rows of a roll."""

from __future__ import annotations

_NAMES: dict[int, tuple[str, str]] = {
    35: ("Kick 2", "底鼓 2"), 36: ("Kick", "底鼓"), 37: ("Rim", "鼓边"), 38: ("Snare", "军鼓"), 39: ("Clap", "拍手"),
    40: ("Snare 2", "军鼓 2"), 41: ("Tom 6", "通鼓 6"), 42: ("Hat", "闭镲"), 43: ("Tom 5", "通鼓 5"), 44: ("Pedal", "踩镲"),
    45: ("Tom 4", "通鼓 4"), 46: ("Open", "开镲"), 47: ("Tom 3", "通鼓 3"), 48: ("Tom 2", "通鼓 2"), 49: ("Crash", "吊镲"),
    50: ("Tom 1", "通鼓 1"), 51: ("Ride", "叮镲"), 52: ("China", "中国镲"), 53: ("Bell", "镲帽"), 54: ("Tamb", "铃鼓"),
    55: ("Splash", "水镲"), 56: ("Cowbell", "牛铃"), 57: ("Crash 2", "吊镲 2"), 59: ("Ride 2", "叮镲 2"),
    60: ("Bongo 1", "邦戈 1"), 61: ("Bongo 2", "邦戈 2"), 62: ("Conga 1", "康加 1"),
    63: ("Conga 2", "康加 2"), 64: ("Conga 3", "康加 3"),
    69: ("Cabasa", "卡巴萨"), 70: ("Maracas", "沙槌"), 75: ("Claves", "响棒"),
    80: ("Triang 1", "三角铁 1"), 81: ("Triang 2", "三角铁 2"),
}  # fmt: skip

KIT = (36, 38, 42, 46, 49, 51)
"""The keys that an empty drum track offers to draw on."""


def drum_name(pitch: int, lang: str = "en") -> str:
    """Name of the drum on MIDI key `pitch`, at most eight characters in English; the number where it has none here."""
    names = _NAMES.get(pitch)
    return str(pitch) if names is None else names[lang.startswith("zh")]
