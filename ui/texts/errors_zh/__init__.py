"""Every text of core's errors in Chinese: the English as it is raised, with `{}` for what varies, to the Chinese.

The Chinese takes the holes in their order, or by number (`{1}`) where it needs another. A text that is
raised without being here fails `tests/ui/test_errors_zh.py`.
"""

from ui.texts.errors_zh.analysis import ANALYSIS
from ui.texts.errors_zh.arrange import ARRANGE
from ui.texts.errors_zh.engines import ENGINES
from ui.texts.errors_zh.insight import INSIGHT
from ui.texts.errors_zh.lyrics import LYRICS
from ui.texts.errors_zh.rights import RIGHTS
from ui.texts.errors_zh.score import SCORE
from ui.texts.errors_zh.store import STORE
from ui.texts.errors_zh.taste import TASTE
from ui.texts.errors_zh.words import WORDS

ERRORS_ZH = ANALYSIS | ARRANGE | SCORE | ENGINES | INSIGHT | LYRICS | RIGHTS | STORE | TASTE | WORDS
