"""Headings of sections: [Verse 2], (Chorus), 副歌：, and what they name."""

from __future__ import annotations

import re

from core.lyrics.types import SectionKind

_NAMES: dict[SectionKind, str] = {
    "chorus": "chorus refrain hook burden 副歌 合唱 叠句 疊句 refrain: kehrvers refrão estribillo ritornello",
    "prechorus": "prechorus pre-chorus 预副歌 預副歌 导歌 導歌 前副歌",
    "verse": "verse strophe stanza 主歌 正歌 第一段 第二段 第三段 第四段 couplet estrofa strofa vers",
    "bridge": "bridge middle8 桥段 橋段 过渡 過渡 间奏 間奏",
    "intro": "intro introduction 前奏 引子",
    "outro": "outro coda ending 尾奏 尾声 尾聲 结尾 結尾",
}
_KINDS: dict[str, SectionKind] = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_BRACKETED = re.compile(r"^\s*(?:\[([^\[\]]{1,60})\]|【([^【】]{1,60})】|\(([^()]{1,60})\)|（([^（）]{1,60})）)\s*[:：]?\s*$")
_BARE = re.compile(r"^\s*([^\[\]:：]{1,40})[:：]\s*$")
_STRIP = re.compile(r"[\s\d.,#:：一二三四五六七八九十ivxIVX×x-]+$")
_TIME = re.compile(r"^\d+:\d\d")


def heading_kind(line: str) -> SectionKind | None:
    """What a line names if it is a heading, else None. In square brackets anything is a heading, `other` where its name
    says nothing to us; in round ones or before a colon it must be a name that we know."""
    match = _BRACKETED.match(line)
    if match:
        square, lenticular, *round_ = match.groups()
        name = square or lenticular
        if name is not None:
            return None if _TIME.match(name) else _kind(name) or "other"
        return _kind(next(group for group in round_ if group is not None))
    match = _BARE.match(line)
    return _kind(match.group(1)) if match else None


def _kind(name: str) -> SectionKind | None:
    plain = name.strip().casefold()
    for tried in (plain, _STRIP.sub("", plain), plain.split()[0] if plain.split() else "", plain.replace(" ", "")):
        if tried in _KINDS:
            return _KINDS[tried]
    return None
