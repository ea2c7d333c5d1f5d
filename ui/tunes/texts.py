"""The component's own words, in the languages of the app."""

from __future__ import annotations

EN = {
    "play": "Play",
    "pause": "Pause",
    "waiting": "The sound is being made",
    "failed": "The sound could not be loaded.",
    "rate": "Your stars",
    "stars": "{stars} of 5 stars",
    "noStars": "No stars yet",
    "guess": "The stars you may give, by what you gave so far",
    "like": "Like",
    "more": "More",
    "because": "Because",
    "back": "Back",
    "on": "On",
}

ZH = {
    "play": "播放",
    "pause": "暂停",
    "waiting": "正在生成声音",
    "failed": "无法载入声音。",
    "rate": "你的评分",
    "stars": "{stars} 星（共 5 星）",
    "noStars": "尚未评分",
    "guess": "根据你以往的评分推测",
    "like": "喜欢",
    "more": "更多",
    "because": "为什么推荐",
    "back": "向前",
    "on": "向后",
}

WORDS = {"en": EN, "zh": ZH}
