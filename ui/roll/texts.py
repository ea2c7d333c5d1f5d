"""The roll's own words, in the languages of the app."""

from __future__ import annotations

EN = {
    "play": "Play",
    "pause": "Pause",
    "seek": "Position",
    "volume": "Volume",
    "mute": "Mute",
    "unmute": "Unmute",
    "waiting": "Sound on its way",
    "failed": "The sound could not be loaded.",
    "seed": "Seed",
    "new": "New",
    "grid": "Grid",
    "track": "Track",
    "zoomIn": "Zoom in",
    "zoomOut": "Zoom out",
    "undo": "Undo",
    "redo": "Redo",
    "delete": "Delete the selected notes",
    "tools": "Editing",
    "triplet": "triplet",
    "help": "Click to draw, drag the right edge to lengthen, double-click to delete. Keys: arrows move, "
    "Shift with up or down by octaves, Enter draws, comma and full stop choose a note, Delete removes.",
    "added": "added",
    "deleted": "deleted",
    "bar": "bar",
    "notes": "notes",
    "selected": "selected",
    "empty": "Click here to draw the first note",
}

ZH = {
    "play": "播放",
    "pause": "暂停",
    "seek": "位置",
    "volume": "音量",
    "mute": "静音",
    "unmute": "取消静音",
    "waiting": "声音马上就来",
    "failed": "无法载入声音。",
    "seed": "种子",
    "new": "新写",
    "grid": "网格",
    "track": "声部",
    "zoomIn": "放大",
    "zoomOut": "缩小",
    "undo": "撤销",
    "redo": "重做",
    "delete": "删除所选音符",
    "tools": "编辑",
    "triplet": "三连音",
    "help": "单击画音符，拖动右缘改变长度，双击删除。键盘：方向键移动，按住 Shift 上下移动八度，"
    "回车画音符，逗号和句号选择音符，Delete 删除。",
    "added": "已添加",
    "deleted": "已删除",
    "bar": "小节",
    "notes": "个音符",
    "selected": "已选",
    "empty": "单击此处画下第一个音符",
}

WORDS = {"en": EN, "zh": ZH}


def describe(label: str, notes: int, bars: int, tracks: int, lang: str) -> str:
    """The roll's text alternative: what it shows, for those who do not see it."""
    if lang.startswith("zh"):
        return f"{label}：钢琴卷帘，{tracks} 个声部，{bars} 小节，{notes} 个音符"
    plural = ["" if n == 1 else "s" for n in (tracks, bars, notes)]
    return f"{label}: piano roll, {tracks} track{plural[0]}, {bars} bar{plural[1]}, {notes} note{plural[2]}"
