"""Errors of what is said of a piece in Chinese."""

INSIGHT = {
    "A mood needs pitched notes": "判断情绪需要有音高的音符",
    "A quality needs at least two notes": "判断质量至少需要两个音符",
    "this piece has one": "这首乐曲只有一个",
    "Choose a longer piece": "请选择更长的乐曲",
}
