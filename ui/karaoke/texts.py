"""The words of the karaoke, in the languages of the app."""

from __future__ import annotations

WORDS = {
    "en": {
        "strip": "Notes with their words",
        "words": "Words; a click on a syllable goes there",
        "again": "Sing line {line} again, keep the others",
    },
    "zh": {
        "strip": "带歌词的音符",
        "words": "歌词；点击音节即跳到那里",
        "again": "重唱第 {line} 行，保留其他行",
    },
}
