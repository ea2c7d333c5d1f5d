"""Errors of originality, provenance and registered recordings in Chinese."""

RIGHTS = {
    # Originality
    "Originality needs its distributions of likeness": "原创性检查需要相似度的分布",
    "{} holds the distributions of likeness": "{} 应含相似度的分布",
    "Fetch it with the repository, or make it again with: songloom train originality":
        "请随代码库取回，或用 songloom train originality 重新生成",
    "Passages are shown of pieces that are at hand": "只能显示手边乐曲的片段",
    "{} is not": "{} 不在手边",
    # Provenance
    "The note of how this was made should be JSON": "关于来历的附注应为 JSON",
    "it is damaged": "它已损坏",
    "The note of how this was made should be as Songloom writes it": "关于来历的附注应与 Songloom 所写的一致",
    "its part {} is {}": "其中的 {} 是 {}",
    "it says {}": "其中写着 {}",
    "again": "重来的步骤",
    "data": "数据",
    "random_seed": "随机种子",
    "It was changed by another program; export the piece again": "它被别的程序改过；请重新导出乐曲",
    "A sound file with its parts in order is needed": "需要结构完好的声音文件",
    "this one cannot be read ({})": "这个文件无法读取（{}）",
    "An MP3 file begins with ID3 or a frame of sound": "MP3 文件以 ID3 或声音帧开头",
    "its ID3 tag is of another version or cut off": "其 ID3 标签是别的版本或不完整",
    "a part of its ID3 tag is longer than the tag": "其 ID3 标签的一部分比标签还长",
    "The content of a .wav file is RIFF and WAVE": ".wav 文件的内容应为 RIFF 和 WAVE",
    "The content of a .{} file is {}": ".{} 文件的内容应为 {}",
    "this is something else": "这是别的东西",
    "this is {}": "这是 {}",
    "Rename it": "请改名",
    # Recordings
    "A recording is known again from {} seconds on": "录音至少要有 {} 秒才能再认出",
    "Recordings are known again by the library Chromaprint": "再认出录音需要 Chromaprint 库",
    "Type: sudo apt-get install libchromaprint-tools": "请输入：sudo apt-get install libchromaprint-tools",
    "A listener has at most {} recordings": "每位听众最多有 {} 个录音",
    "A title": "标题",
    "Only your own recordings can be removed": "只能移除自己的录音",
    "there is no such one": "没有这样的录音",
    "Look at the list again": "请再看一下列表",
}
