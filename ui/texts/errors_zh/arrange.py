"""Errors of arranging in Chinese."""

ARRANGE = {
    # The request
    "An arranger is one of {}": "编曲引擎应为 {} 之一",
    "A band is one of {}": "乐队应为 {} 之一",
    "The intensity must be between 0 and 1": "强度应在 0 到 1 之间",
    "A band plays at most {} bars": "乐队最多演奏 {} 小节",
    "the piece has {}": "这首乐曲有 {} 小节",
    "A band plays a piece in one metre": "乐队只演奏拍号不变的乐曲",
    "this one changes between {}": "这首乐曲的拍号在 {} 之间变换",
    "Choose bars of it that have one metre": "请选择其中拍号相同的小节",
    "{} plays in {}": "{}的拍号有 {}",
    "this piece is in {}": "这首乐曲是 {}",
    "Choose another band or piece": "请换一支乐队或一首乐曲",
    # The melody
    "A band needs a melody to play to: a track with pitched notes": "乐队需要一段旋律：一条有音高的音轨",
    "all its notes are drums (MIDI channel 10)": "所有音符都是鼓（MIDI 第 10 通道）",
    "this piece has no notes": "这首乐曲没有音符",
    "the chosen track is for drums (MIDI channel 10)": "所选音轨是鼓（MIDI 第 10 通道）",
    "the chosen track has no notes": "所选音轨没有音符",
    "Choose another track or file, or give the melody a channel other than 10":
        "请换一条音轨或一个文件，或把旋律放到第 10 以外的通道",
    "The piece has the tracks 0 to {}": "这首乐曲的音轨编号为 0 到 {}",
    "Choose one of them": "请选择其中之一",
    # Chords and sections
    "A band plays over chords": "乐队按和弦演奏",
    "the piece names none, and the network that writes them is not at hand": "这首乐曲没有和弦，而写和弦的网络不在手边",
    "none could be written under this melody in {}": "无法为这段 {} 拍的旋律写出和弦",
    "Write chords above the bars": "请在小节上方写出和弦",
    "Sections follow each other from bar 1 to bar {}": "段落应从第 1 小节到第 {} 小节首尾相接",
    "after bar {} they do not": "第 {} 小节之后没有接上",
    "Correct the sections": "请更正段落",
    "A bar of {} has room for chords on its {} beats": "一个 {} 小节有 {} 拍可放和弦",
    "got {} of them": "得到的是 {} 个",
    "Write one for each beat, with {} where none begins": "请每拍写一个，没有新和弦的拍写 {}",
    "A chord is written like C, Am7, D/F# or N.C.": "和弦写作 C、Am7、D/F# 或 N.C.",
    # Stems
    "Stems of up to {} MB are made here": "这里最多生成 {} MB 的分轨",
    "these have {} MB": "这些有 {} MB",
    "Use songloom arrange --stems": "请使用 songloom arrange --stems",
    # Parts and bars anew
    "{} plays the parts {}": "{}的声部有 {}",
    "Bars between 1 and {} are needed, the first not after the last": "小节应在 1 到 {} 之间，首小节不晚于末小节",
    "Playing a part or some bars anew needs what was played before": "重奏某个声部或某些小节，需要先前演奏的内容",
    "there is nothing": "什么也没有",
    "Let the whole band play first": "请先让整个乐队演奏一遍",
    "What was played before has tracks named {}": "先前演奏的内容应有名为 {} 的音轨",
    "there are none of these": "一条也没有",
    # Timing and touch
    "The tables {} are needed": "需要数据表 {}",
    "Fetch them with the repository, or fit them with: songloom train feel": "请随仓库一同获取，或用 songloom train feel 拟合",
    # A band from nothing
    "A band plays in one style": "乐队只演奏一种风格",
}
