"""Words that only serve the others and are sung lightly, written down for this project."""

from __future__ import annotations

_ENGLISH = """
a an the and or nor but yet so if as than that though although because since while whilst until till unless lest of to
in on at by for from with without into onto upon unto o'er over under through up down out off about above across after
against along amid among around before behind below beneath beside between beyond during near past toward towards within
o' i me my mine you your yours he him his she her hers it its we us our ours they them their theirs thou thee thy thine
ye myself yourself himself herself itself ourselves themselves thyself who whom whose which what this these those am is
are was were be been being art wast wert do does did dost doth didst has have had hast hath hadst having will would
shall should can could may might must wilt shalt canst wouldst shouldst mayst not there here when where why how then too
very just some any each every such no i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll
it's it'd it'll we're we've we'd we'll they're they've they'd they'll that's there's here's what's who's let's isn't
aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't won't wouldn't shan't shouldn't can't couldn't mustn't
ain't 'tis 'twas 'twill 'twere 'em th' 'til 'neath 'mid 'mong 'cause gonna wanna gotta oh o ah
"""

ENGLISH = frozenset(_ENGLISH.split())
"""In lower case with a plain apostrophe."""

_CHINESE = """
的 了 着 过 地 得 吗 呢 吧 啊 呀 哦 啦 嘛 么 和 与 及 或 而 且 但 但是 可是 不过 因为 所以
如果 若 虽然 即使 就 都 也 还 又 再 才 只 在 从 到 向 往 对 给 把 被 让 为 为了 以 于 由
跟 同 比 是 这 那 这个 那个 我 你 您 他 她 它 我们 你们 他们 她们 谁 什么 怎么 哪 哪里 之 其
乃 兮 矣 乎 焉 哉 者 所 与其 并 则 个 们 里 上 下 中
"""

CHINESE = frozenset(_CHINESE.split())
"""In simplified characters."""
