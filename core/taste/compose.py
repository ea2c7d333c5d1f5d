"""Compose for my taste: from a profile to requests that engines understand, and from takes to the best of them.

Style, mix, tempo, metre, mode and range are fields of a request. Density and mood are not: they follow from
style, tempo and mode, and then from the choice among takes, of which more are written than are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.corpora.styles import Style
from core.engines.protocol import LIMITS, Engine, Request, Take
from core.engines.request_io import parse_metre
from core.errors import RequestError
from core.taste.describe import describe
from core.taste.profile import Profile
from core.taste.protocol import Progress, no_progress
from core.taste.take_stars import TakeStars

WRITTEN, SHOWN = 8, 4
"""Takes that are written for a request, and those that are shown."""

_MIX_MOST, _MIX_LEAST = 0.5, 0.15
_HIGHER_MOST = 5  # semitones
_SAD, _HAPPY = 0.4, 0.6
_DARK, _BRIGHT = ("minor", "dorian"), ("major", "mixolydian")


@dataclass(frozen=True, slots=True)
class RankedTake:
    """A take with the stars that the listener is expected to give."""

    take: Take
    stars: float


def requests_for(profile: Profile, styles: Sequence[Style], count: int = 1, random_seed: int = 0,
                 base: Request | None = None) -> tuple[Request, ...]:
    """Requests for a taste: styles come up as often as the listener hears them.

    Args:
        styles: what the engine can write.
        count: how many requests.
        random_seed: 0 or more; decides about styles, modes and metres, and goes into the requests.
        base: everything that the taste says nothing about; None takes the defaults with `WRITTEN` takes.

    Raises:
        RequestError: the engine writes no styles.
    """
    if not styles:
        raise RequestError("To compose for a taste an engine must write some style", "it writes none", "See songloom doctor")
    random = np.random.default_rng(random_seed)
    by_id = {style.id: style for style in styles}
    shares = {style: share for style, share in profile.styles.items() if style in by_id}
    shares = shares or dict.fromkeys(by_id, 1.0)
    names, weights = list(shares), np.array(list(shares.values()))
    # Equal steps from a random start: with three requests a style of a third of the shares comes once.
    places = (random.random() + np.arange(count) / count) % 1
    chosen = np.searchsorted(np.cumsum(weights / weights.sum()), places, side="right").clip(max=len(names) - 1)
    base = base or Request(names[0], takes=WRITTEN)
    return tuple(
        _request(profile, by_id[names[at]], shares, random, replace(base, random_seed=random_seed + number))
        for number, at in enumerate(chosen)
    )


def compose_for(profile: Profile, engine: Engine, stars: TakeStars, count: int = 1, shown: int = SHOWN,
                random_seed: int = 0, base: Request | None = None, progress: Progress = no_progress) -> tuple[RankedTake, ...]:
    """Write takes for a taste and give the `shown` that are expected to please most, the best first.

    Raises:
        RequestError, WeightsMissingError, GenerationError, Cancelled: as `Engine.compose`.
    """
    requests = requests_for(profile, engine.styles(base.free_only if base else False), count, random_seed, base)
    takes: list[Take] = []
    for number, request in enumerate(requests):
        found = engine.compose(_alone_where_needed(engine, request), _part(progress, number, len(requests)))
        takes += found
    descriptions = [describe(take.score, take.request.style, "take", take.request.tempo) for take in takes]
    ranked = zip(takes, stars.predict(descriptions), strict=True)
    best = sorted(ranked, key=lambda pair: (-pair[1], pair[0].request.random_seed, pair[0].index))
    return tuple(RankedTake(take, float(value)) for take, value in best[:shown])


def _request(profile: Profile, style: Style, shares: Mapping[str, float], random: np.random.Generator, base: Request) -> Request:
    taste = profile.by_style.get(style.id)
    others = {name: share for name, share in shares.items() if name != style.id}
    second = max(others, key=lambda name: (others[name], name)) if others and len(profile.styles) > 1 else None
    mix = min(_MIX_MOST, others[second] / (others[second] + shares[style.id]) / 2) if second else 0.0
    metres = {} if taste is None else {name: share for name, share in taste.metres.items() if name in style.metres}
    metre = _drawn(metres, random)
    higher = 0 if taste is None else round(min(max(taste.higher, -_HIGHER_MOST), _HIGHER_MOST))
    low, high = style.pitch_range
    return replace(
        base, style=style.id, style2=second if mix >= _MIX_LEAST else None, mix=mix if mix >= _MIX_LEAST else 0.0,
        tempo=_tempo(profile, style), mode=_mode(profile, style, random), metre=parse_metre(metre) if metre else None,
        pitch_range=(low + higher, high + higher) if higher else None,
    )  # fmt: skip


def _tempo(profile: Profile, style: Style) -> float:
    """The listener's own tempo of the style; faster or slower where they asked for another energy or tempo."""
    taste = profile.by_style.get(style.id)
    tempo = taste.tempo if taste is not None else float(style.tempo)
    if "tempo" in profile.edited:
        tempo = profile.tempo
    elif "energy" in profile.edited and profile.measures:
        tempo *= 2 ** (profile.energy - profile.measures["energy"].mean)
    low, high = LIMITS["tempo"]
    return float(round(min(max(tempo, low), high)))


def _mode(profile: Profile, style: Style, random: np.random.Generator) -> str | None:
    """A mode drawn by the listener's shares within the style; dark or bright where they asked for a mood."""
    taste = profile.by_style.get(style.id)
    shares = dict(taste.modes) if taste is not None else {}
    if "valence" in profile.edited and not _SAD <= profile.valence <= _HAPPY:
        wanted = _DARK if profile.valence < _SAD else _BRIGHT
        shares = {mode: shares.get(mode, 0.0) + 0.01 for mode in wanted}
    return _drawn({mode: share for mode, share in shares.items() if mode in style.modes}, random)


def _drawn(shares: Mapping[str, float], random: np.random.Generator) -> str | None:
    if not shares:
        return None
    weights = np.array(list(shares.values()))
    return str(random.choice(list(shares), p=weights / weights.sum()))


def _alone_where_needed(engine: Engine, request: Request) -> Request:
    """The request without its second style where the engine cannot mix the two."""
    if request.style2 is None:
        return request
    try:
        engine.resolve(request)
    except RequestError:
        return replace(request, style2=None, mix=0.0)
    return request


def _part(progress: Progress, number: int, count: int) -> Progress:
    return lambda done, total: progress(number * total + done, count * total)
