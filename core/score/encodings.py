"""Decoding names and words in files that do not say how they are encoded."""

from __future__ import annotations

import re

_HALFWIDTH = re.compile("[\uff61-\uff9f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def decode_text(data: bytes) -> str:
    """Text from bytes in UTF-8, or else the likeliest of GB 18030, Shift JIS and Windows 1252.

    Bytes above 127 that stand alone between letters are Western; bytes that come in pairs are
    Chinese or Japanese. Never fails; control characters other than tab and line ends are dropped.
    """
    paired = any(len(run) > 1 for run in re.findall(rb"[\x80-\xff]+", data))
    for encoding in ("utf-8-sig", *(("gb2312", "cp932", "gb18030") if paired else ())):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "cp932" or not _HALFWIDTH.search(text):
            return _CONTROL.sub("", text)
    return _CONTROL.sub("", data.decode("cp1252", errors="replace"))
