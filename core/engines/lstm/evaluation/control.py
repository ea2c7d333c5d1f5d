"""Two hundred requests drawn at random: is every wish obeyed, in the file as it is written?"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace

import numpy as np

from core.corpora.styles import Style
from core.engines.lstm.leadsheet import parse_metre
from core.engines.obey import violations
from core.engines.protocol import Engine, Request
from core.errors import SongloomError
from core.report import Figure
from core.score import Score
from core.score.midi import read_midi, write_midi

REQUESTS = 200


def measure(engine: Engine, count: int = REQUESTS) -> list[Figure]:
    """Share of random valid requests whose every take obeys, and the number that failed altogether."""
    rng = np.random.default_rng(2026)
    styles = list(engine.styles())
    seeds: list[Score] = []
    obeyed, crashed, takes, broken = 0, 0, 0, Counter[str]()
    for number in range(count):
        request = random_request(rng, styles, seeds, number)
        try:
            written = engine.compose(request)
        except SongloomError as error:
            crashed += 1
            broken[f"{request.style}: {error}"] += 1
            continue
        wrong = [what for take in written for what in violations(take, read_midi(write_midi(take.score)))]
        obeyed += not wrong
        takes += len(written)
        broken.update(f"{request.style} {request.how}: {what}" for what in wrong)
        if request.seed is None and request.style != "chorale":
            seeds.append(written[0].score)
    for what, times in broken.most_common(10):
        print(f"not obeyed ({times}): {what}", file=sys.stderr)
    return [
        Figure("control: requests obeyed in every take", obeyed / count, 1.0, "higher", count, "random requests"),
        Figure("control: crashes", float(crashed), 0.0, "lower", count, "random requests"),
    ]


def random_request(rng: np.random.Generator, styles: list[Style], seeds: list[Score], number: int) -> Request:
    """A valid request: a style, what it can be asked for, and now and then a seed, a range, an instrument, a mix."""
    style = styles[rng.integers(len(styles))]
    request = Request(
        style.id, tonic=int(rng.integers(12)), mode=str(rng.choice(style.modes)),
        metre=parse_metre(str(rng.choice(style.metres))),
        tempo=int(rng.integers(40, 240)), bars=int(rng.integers(1, 25)), takes=int(rng.integers(1, 4)),
        temperature=float(rng.uniform(0.7, 1.3)), top_p=float(rng.uniform(0.8, 1.0)), random_seed=number)
    if rng.random() < 0.3:
        low = int(rng.integers(40, 72))
        request = replace(request, pitch_range=(low, low + int(rng.integers(9, 24))))
    if rng.random() < 0.3:
        request = replace(request, program=int(rng.choice([0, 24, 40, 42, 56, 65, 71, 73])))
    others = [other.id for other in styles if other.id not in (style.id, "chorale")]
    if style.id != "chorale" and rng.random() < 0.2:
        request = replace(request, style2=str(rng.choice(others)), mix=float(rng.uniform(0.1, 0.9)))
    fitting = [s for s in seeds if str(s.metres[0]) in style.metres and s.key is not None and s.key.mode in style.modes]
    if fitting and rng.random() < 0.5:
        seed = fitting[rng.integers(len(fitting))]
        ways = ("continue", "harmonise") if style.id == "chorale" else ("continue", "answer", "vary", "harmonise")
        assert seed.key is not None
        request = replace(request, seed=seed, how=str(rng.choice(ways)), metre=None,  # type: ignore[arg-type]
                          mode=seed.key.mode, pitch_range=None, with_seed=bool(rng.random() < 0.6))
    return request
