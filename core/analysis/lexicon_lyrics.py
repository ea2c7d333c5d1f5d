"""Words of feeling as songs use them, where a comment on music would mean something else or nothing: rain, home,
winter, 远方, 落叶. Written for this project. Valence −4 to 4, arousal 0 to 1."""

from __future__ import annotations

_ENGLISH = """
+2.6 0.8 hurrah hooray hallelujah alleluia jubilee rejoice rejoicing joyous merry merrily merriment festival celebrate victory
+2.2 0.7 dancing dance laughter laugh laughing laughs cheers glee gleeful jolly triumph shout sparkle sparkling delight
+1.8 0.6 sing singing sings song sunshine sunny sunrise bright brightly golden summer spring blooming blossom wedding
+1.8 0.6 holiday fly flying skipping leaping jump jumping ringing bells drums parade rainbow radiant shining shine shines
+1.6 0.4 bloom blossoms blossoming flower flowers rose roses honey sweet sweetly lovely kiss kisses kissed darling beloved
+1.6 0.4 smile smiling smiles dawn light sunlight glow wonder blessed blessing dear together friend friends home
+1.4 0.2 lullaby peace peaceful gentle gently tender tenderly calm rest breeze meadow moonlight warm warmth cradle quiet still
+1.4 0.2 soft softly serene safe garden stars starlight
-1.0 0.3 rain rainy grey gray autumn winter cold dark darkness shadow shadows night alone goodbye farewell fading fade faded
-1.0 0.3 gone
-1.0 0.3 empty emptiness silence silent leaving left lost distant far miss missing missed falling fallen withered wither bare
-1.0 0.3 never nevermore yesterday ghost pale hollow dim
-2.0 0.25 tears tear weep weeping wept weeps cry crying cried cries sigh sighing sighs lonely loneliness lonesome sorrow
-2.0 0.25 sorrows
-2.0 0.25 sorrowful mourn mourning mournful melancholy grief grieve grieving sadness sad blue heartache heartbroken
-2.0 0.25 brokenhearted broken ache aching bitter regret regrets forsaken wistful gloomy gloom dreary tearful
-2.6 0.2 grave graves tomb coffin funeral buried bury dead death dying die died dies widow orphan despair hopeless
-2.6 0.7 scream screaming rage fury hatred betrayed betrayal burning terror fear afraid war blood bleeding bleed wound wounds
"""

_CHINESE = """
+2.6 0.8 欢歌 欢唱 高歌 歌唱 欢庆 庆祝 喜庆 狂欢 沸腾 飞翔 飞舞 飞扬 奔跑 奔放 锣鼓 鞭炮 胜利 凯旋 舞蹈 跳舞 起舞 舞起来
+2.6 0.8 唱起来 豪情
+2.6 0.8 热情 激情 欢声 笑语 欢聚 载歌载舞 蹦蹦跳跳 哈哈
+2.2 0.6 笑声 笑脸 笑着 欢喜 喜气 喜洋洋 乐 乐开花 乐悠悠 欢 甜 甜甜 香 金色 彩虹 朝阳 太阳 旭日 晴天 晴朗 明媚 春天 春光 春暖
+2.2 0.6 夏天
+2.2 0.6 鲜花 百花 开花 盛开 绽放 开放 鸟语花香 新年 过年 丰收 节日 生日 礼物 婚礼 拥抱 唱歌 歌声 梦想 起航 加油 勇敢 向前
+2.2 0.6 发芽 亮
+2.2 0.6 闪亮 闪耀 光芒 光辉 灯火 热闹 五彩 缤纷 精神 快活 逍遥 游玩 踏青 祝福 好运 喜 红火 兴高采烈 心花怒放 手拉手
+1.6 0.3 亲爱 爱你 相爱 爱人 朋友 团聚 相聚 相逢 重逢 陪伴 陪着 牵手 回家 家 妈妈 怀抱 温柔 微风 清风 和风 花香 芬芳 蓝天 白云
+1.6 0.3 绿草
+1.6 0.3 草原 田野 清晨 早晨 曙光 阳光下 露珠 小鸟 蝴蝶 蜜蜂 摇篮 宝贝 星光 晚安 暖 暖暖 安稳 永远 一起
-1.2 0.3 雨 冷雨 细雨 秋 秋风 秋雨 秋天 落叶 落花 黄昏 夕阳 残阳 寒 寒风 冷 冬天 冰 霜 雪夜 黑夜 长夜 夜深 深夜 漫漫 灰 灰色
-1.2 0.3 阴天 乌云 影子
-1.2 0.3 空 空荡荡 空房 沉默 无言 无声 远去 远方 离开 离去 走了 再见 告别 别离 送别 分手 分离 分别 散 散了 失去 消失 忘记
-1.2 0.3 忘不了 遗忘 回忆
-1.2 0.3 往事 从前 昨天 漂泊 流浪 天涯 他乡 异乡 旧 枯 枯萎 凋谢 残 老去 白发 断 一个人 独自 独 孤 醉 苦酒
-2.2 0.2 泪水 泪流 泪光 泪痕 流泪 含泪 落泪 哭了 哭着 呜咽 叹息 叹 忧愁 愁绪 哀 哀歌 悲歌 悲痛 悲哀 悲凄 凄凄 凄惨 凄冷 惨
-2.2 0.2 伤痕 心伤
-2.2 0.2 心痛 心酸 辛酸 酸楚 破碎 碎 碎了 梦碎 心灰意冷 孤零零 孤独 孤寂 寂寥 冷冷清清 憔悴 黯淡 无奈 无助 迷茫 空虚 相思 离人
-2.2 0.2 离恨
-2.2 0.2 永别 诀别 死去 坟墓 墓 葬 亡 逝去 肠断 惆怅 怨 遗恨 伤逝 不再 再也 回不来 回不去
-2.6 0.7 怒吼 咆哮 呐喊 战争 流血 血 背叛 欺骗 谎言 怒火 撕裂 仇恨 恐慌 噩梦 挣扎
"""


def _lexicon(text: str) -> dict[str, tuple[float, float]]:
    lexicon: dict[str, tuple[float, float]] = {}
    for line in text.strip().splitlines():
        valence, arousal, *words = line.split()
        lexicon |= dict.fromkeys(words, (float(valence), float(arousal)))
    return lexicon


NOT_ENGLISH_FEELINGS = ("like",)
"""Words that VADER takes for feelings and that songs compare with: like a river."""

ENGLISH: dict[str, tuple[float, float]] = _lexicon(_ENGLISH)
"""English word to valence and arousal."""

CHINESE: dict[str, tuple[float, float]] = _lexicon(_CHINESE)
"""Chinese word, in simplified characters, to valence and arousal."""

_OTHERS = """
亮相 分别是 大家 国家 人家 家伙 空间 断然 乐队 打断 判断 寒假 独特 独立 音乐 孤立
"""

NOT_FEELINGS = frozenset(_OTHERS.split())
"""Chinese words that hold one of these and mean something else."""
