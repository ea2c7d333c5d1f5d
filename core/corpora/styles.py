"""The styles that Songloom writes, by their names in the field, in English and Chinese.

Which sources a style was learned from, and so what may be done with it, follows from the sources
(`core.corpora.registry`); this table only says what the style is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """One style. `metres` and `modes` are those it can be asked for, the usual one first."""

    id: str
    name: str
    name_zh: str
    description: str
    description_zh: str
    metres: tuple[str, ...]
    modes: tuple[str, ...]
    tempo: int
    """Usual tempo in quarter notes a minute."""
    program: int
    """General MIDI program that the style is heard with unless another is asked for."""
    pitch_range: tuple[int, int]
    """Usual range of the melody, lowest and highest MIDI pitch."""


_FOLK_MODES = ("major", "minor", "dorian", "mixolydian")

STYLES: tuple[Style, ...] = (
    Style("irish-jig", "Irish jig", "爱尔兰吉格舞曲", "Lilting dance in 6/8, two eight-bar parts",
          "轻快的 6/8 拍舞曲,两个八小节段落", ("6/8",), _FOLK_MODES, 170, 73, (55, 88)),
    Style("irish-reel", "Irish reel", "爱尔兰里尔舞曲", "Fast, flowing dance in even eighth notes",
          "快速流畅的均匀八分音符舞曲", ("4/4", "2/2"), _FOLK_MODES, 200, 40, (55, 88)),
    Style("hornpipe", "Hornpipe", "号笛舞曲", "Stately dance with dotted rhythm and three closing beats",
          "附点节奏、以三拍收尾的庄重舞曲", ("4/4", "2/4", "2/2"), ("major", "minor", "mixolydian", "dorian"), 140, 21, (55, 88)),
    Style("slip-jig", "Slip jig", "滑步吉格舞曲", "Graceful dance in 9/8", "优雅的 9/8 拍舞曲",
          ("9/8",), _FOLK_MODES, 170, 73, (55, 88)),
    Style("irish-air", "Irish air and march", "爱尔兰歌调与进行曲", "Slow songs and marches of Ireland",
          "爱尔兰慢板歌调与进行曲", ("3/4", "4/4", "6/8", "2/4"), _FOLK_MODES, 90, 46, (55, 88)),
    Style("polka", "Polka and reel in two", "波尔卡", "Bright dance in 2/4", "明快的 2/4 拍舞曲",
          ("2/4",), ("major", "minor", "dorian", "mixolydian"), 120, 21, (55, 88)),
    Style("scottish", "Scottish strathspey and air", "苏格兰斯特拉斯佩舞曲与歌调", "Scotch snaps, drones and old airs",
          "苏格兰短长节奏与古老歌调", ("4/4", "2/4", "3/4", "6/8", "2/2"), _FOLK_MODES, 120, 109, (55, 88)),
    Style("country-dance", "English country dance", "英格兰乡村舞曲", "Tunes of the English dance floor",
          "英格兰乡间舞会曲调", ("4/4", "2/4", "6/8", "3/4"), ("major", "minor", "dorian", "mixolydian"), 120, 40, (55, 88)),
    Style("waltz", "Waltz", "华尔兹", "Dance in three with a singing line", "歌唱性的三拍舞曲",
          ("3/4",), ("major", "minor"), 140, 40, (55, 88)),
    Style("german-folk", "German folk song", "德国民歌", "Songs of the German-speaking lands",
          "德语地区民歌", ("2/4", "4/4", "3/4", "6/8", "3/8"), ("major", "minor"), 100, 73, (55, 84)),
    Style("chinese-folk", "Chinese folk song", "中国民歌", "Pentatonic songs from many provinces",
          "来自各省的五声音阶民歌", ("2/4", "4/4", "3/4"), ("major", "minor", "dorian", "mixolydian"), 80, 77, (55, 88)),
    Style("hymn", "Hymn", "赞美诗", "Plain, strong congregational tunes", "朴素有力的会众圣诗",
          ("4/4", "3/4", "6/4", "6/8", "3/2", "2/2"), ("major", "minor"), 100, 19, (57, 79)),
    Style("art-song", "Art song", "艺术歌曲", "The voice part of a nineteenth-century Lied",
          "十九世纪艺术歌曲的声乐旋律", ("4/4", "3/4", "2/4", "6/8", "3/8", "9/8", "2/2"), ("major", "minor"), 90, 52, (55, 84)),
    Style("early-jazz", "Early jazz and popular song", "早期爵士与流行歌曲", "Standards from before 1931, with chords",
          "一九三一年以前的流行标准曲,带和弦", ("4/4", "2/2", "3/4", "2/4", "6/8"), ("major", "minor"), 140, 66, (52, 84)),
    Style("pop", "Chinese pop ballad", "华语流行", "Song melodies of recent decades over rich chords",
          "近几十年的流行歌曲旋律与丰富和弦", ("4/4",), ("major", "minor"), 90, 0, (50, 84)),
    Style("chorale", "Bach chorale", "巴赫众赞歌", "Four voices, soprano to bass, in the manner of Bach",
          "巴赫风格的四声部合唱", ("4/4", "3/4"), ("major", "minor"), 80, 19, (36, 84)),
)

BY_ID = {style.id: style for style in STYLES}
