"""A small lexicon of Chinese words of feeling, with valence −4 to 4 and arousal 0 to 1, written for comments
on music, lyrics and wishes for a mood."""

from __future__ import annotations

_FEELINGS = """
+3.4 0.8 太棒 超棒 绝了 惊艳 神作 完美 狂喜 欣喜若狂 热爱 爱死 无敌 炸裂 封神 震撼 燃爆 一级棒 天籁
+2.8 0.7 棒 赞 精彩 出色 优秀 惊喜 兴奋 激动 欢快 欢乐 欢腾 雀跃 热烈 辉煌 振奋 带劲 过瘾 上头 燃 嗨 欢呼 欢笑
+2.6 0.5 喜欢 爱 好听 动听 悦耳 快乐 开心 高兴 愉快 幸福 美妙 美好 甜蜜 可爱 迷人 动人 感动 享受 喜悦 喜爱 欣喜 心动
+2.6 0.5 着迷 好玩 有趣 有意思 欢喜 活泼 轻快 明快 俏皮 阳光 灿烂 青春 活力 朝气 希望 光明 自由 笑 微笑 笑容 鼓舞
+2.2 0.3 好 美 不错 舒服 优美 优雅 温暖 温馨 治愈 耐听 悠扬 清新 亲切 满意 满足 推荐 支持 感谢 谢谢 流畅 自然 高级
+2.2 0.3 浪漫 温柔 深情 美丽 漂亮 值得 入耳 顺耳 单曲循环 循环播放 收藏 春风 花开 团圆 家乡 故乡的歌
+1.6 0.1 安静 宁静 平静 轻柔 柔和 放松 舒缓 悠闲 恬静 静谧 安详 安宁 催眠 惬意 祥和 淡雅 空灵 清澈 月光 沉静 安心 静静
-1.2 0.2 一般 平淡 平庸 普通 无聊 单调 乏味 没劲 没意思 枯燥 冗长 拖沓 无感 疲惫 疲倦 沉闷 老套 俗气 土气 困 累 冷清
-1.2 0.2 犯困 无趣 寡淡 呆板
-1.8 0.2 悲伤 伤感 忧伤 忧郁 难过 伤心 孤独 寂寞 凄凉 惆怅 哀愁 哀伤 失落 落寞 眼泪 流泪 泪 哭泣 离别 思念 心碎 悲凉
-1.8 0.2 凄美 苍凉 感伤 愁 悲 离愁 断肠 惨淡 荒凉 冰冷 寒冷 凋零 遗憾 后悔 怅然 黯然 沮丧 消沉 抑郁 痛苦 痛 苦 伤 孤单
-1.8 0.2 绝望 死 坟
-2.4 0.6 难听 讨厌 不爽 失望 糟糕 糟 差 差劲 刺耳 吵 吵闹 嘈杂 混乱 跑调 走音 生硬 别扭 烦 烦躁 烦人 心烦 尴尬 焦虑
-2.4 0.6 紧张 不安 慌 害怕 恐惧 可怕 阴森 坏 烂 劣质 敷衍 抄袭 浪费 后悔听 失败 崩溃 哭 痛哭 噪音 噪声
-3.2 0.8 垃圾 恶心 愤怒 生气 暴怒 气愤 恨 憎恨 烂透 烂到家 难听死 受不了 折磨 灾难 恐怖 惨不忍睹 不堪入耳 反感 狂怒
-3.2 0.8 讨厌死 狗屁
"""
"""Valence, arousal, words."""

_STRENGTHS = """
1.4 非常 特别 超 超级 太 极 极其 极为 十分 真 真的 实在 最 好不 无比 格外 相当 这么 那么 如此 万分 尤其 巨 老 贼
1.15 很 挺 蛮 更 更加 越来越 好好
0.6 有点 有些 稍微 略 略微 稍 一点 还算 比较 不太 不怎么 不够 还
"""
"""Factor, words."""

_NEGATIONS = """
不 没 没有 别 无 非 未 毫无 绝不 从不 并不 并非 不是 不太 不怎么 不够 不算 谈不上 说不上 称不上 算不上
"""

_NO_NEGATIONS = """
不仅 不但 不只 不光 不得不 非常 无比 没想到 不禁 不由得 不愧 忍不住 停不下来 无敌 特别 无限 分别 无不 别致
"""

_TURNS = "但 但是 可是 不过 然而 却 只是 可惜"


def _feelings() -> dict[str, tuple[float, float]]:
    lexicon: dict[str, tuple[float, float]] = {}
    for line in _FEELINGS.strip().splitlines():
        valence, arousal, *words = line.split()
        lexicon |= dict.fromkeys(words, (float(valence), float(arousal)))
    return lexicon


def _strengths() -> dict[str, float]:
    lexicon: dict[str, float] = {}
    for line in _STRENGTHS.strip().splitlines():
        factor, *words = line.split()
        lexicon |= dict.fromkeys(words, float(factor))
    return lexicon


LEXICON: dict[str, tuple[float, float]] = _feelings()
"""Word to valence and arousal."""

STRENGTH: dict[str, float] = _strengths()
"""Words that strengthen or weaken what follows, to the factor."""

NEGATIONS = frozenset(_NEGATIONS.split())
"""Words that turn what follows."""

NOT_NEGATIONS = frozenset(_NO_NEGATIONS.split())
"""Words that begin like a negation and are none."""

TURNS = frozenset(_TURNS.split())
"""After these words comes what counts more."""
