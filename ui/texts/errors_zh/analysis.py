"""Errors of the analysis of a piece in Chinese."""

ANALYSIS = {
    "A piece to analyse needs notes": "要分析的曲子需要音符",
    "A range needs pitched notes": "音域需要有音高的音符",
    "Add chord symbols, or harmonise it in Compose": "请添加和弦标记，或在作曲页配和声",
    "Chords are read in a key": "和弦要在调中解读",
    "Chords need chord symbols or notes that sound together": "和弦需要和弦标记，或同时发声的音符",
    "Fetch them with the repository, or run: songloom train insight --only key":
        "请随仓库获取，或运行：songloom train insight --only key",
    "The form is found in up to {} bars": "曲式分析最多 {} 小节",
    "The weights of the key finder are needed": "需要调性识别的权重",
    "the key of this piece cannot be told": "这首曲子的调无法判断",
    "this piece is a single line": "这首曲子是单声部",
}  # fmt: skip
