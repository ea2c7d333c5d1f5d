"""Comments with the sign of their feeling, written for these tests: 1 good, -1 bad, 0 neither."""

from __future__ import annotations

ENGLISH: tuple[tuple[str, int], ...] = (
    ("I love this tune, it made my day!", 1), ("So catchy, could not stop humming it", 1),
    ("A lovely, soothing melody", 1), ("This is a masterpiece", 1), ("Great rhythm and a beautiful ending", 1),
    ("Absolute banger", 1), ("Not bad at all, I enjoyed it", 1), ("The second part gave me goosebumps", 1),
    ("Simple but charming", 1), ("uplifting and fun to play", 1), ("Best hornpipe I have heard in years", 1),
    ("It never gets boring", 1), ("I don't like this", -1), ("Boring and repetitive", -1), ("This is not good", -1),
    ("Sounds terrible, off-key all the time", -1), ("Too noisy and annoying for me", -1), ("What a waste of time", -1),
    ("I was disappointed by the ending", -1), ("Dull. Skipped after ten seconds.", -1),
    ("The melody is nice but the whole thing is awful", -1), ("not very interesting", -1), ("ugly chords", -1),
    ("I hate the bagpipes in this", -1), ("It isn't fun", -1), ("It has eight bars in G", 0),
    ("Recorded on Tuesday", 0), ("The key changes in bar nine", 0), ("6/8, fiddle", 0), ("Second take", 0),
)

CHINESE: tuple[tuple[str, int], ...] = (
    ("这首曲子太好听了", 1), ("我非常喜欢这个旋律", 1), ("节奏轻快,听着很开心", 1), ("真的很感动,单曲循环", 1),
    ("还不错,挺舒服的", 1), ("优美的旋律,让人放松", 1), ("没想到这么好听", 1), ("不但好听而且耐听", 1),
    ("绝了,封神之作", 1), ("虽然有点单调,但是很温暖", 1), ("一点也不无聊", 1), ("忍不住跟着笑", 1),
    ("希望以后有更多这样的曲子,支持", 1), ("百听不厌的好曲子", 1), ("结尾很惊艳", 1), ("不好听", -1),
    ("我不喜欢这首", -1), ("难听死了", -1), ("太吵了,受不了", -1), ("旋律平淡,没意思", -1), ("并不觉得好听", -1),
    ("开头不错,但是后面很糟糕", -1), ("跑调,刺耳", -1), ("浪费时间,垃圾", -1), ("有点失望", -1), ("不够动人", -1),
    ("听得犯困,太拖沓", -1), ("算不上精彩", -1), ("没有感动到我", -1), ("生硬又别扭", -1), ("这是第二段", 0),
    ("六八拍,一共十六小节", 0), ("用小提琴演奏", 0), ("星期二录的", 0), ("第九小节转调", 0),
)
