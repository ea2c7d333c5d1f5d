"""What can be composed: every style with its engines, what it was learned from and its licence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.corpora.registry import BENCHMARK, PART_SOURCES, SOURCES, are_free, sources_of
from core.corpora.styles import STYLES, Style
from core.engines import registry
from core.engines.protocol import Engine

_OWN = ("your own files", "your own")
_NAMES = {source.id: (source.name, source.licence) for source in (*SOURCES, *PART_SOURCES)} | {
    BENCHMARK: ("JSB chorales (benchmark split)", "public domain")
}


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """One style as a user sees it.

    `engines` are the ids of those that write it with the weights at hand, empty where none does.
    `trained_on` names every collection behind the freest weights that write the style (one network
    learns many styles, and all of its music is behind each); where there are none, the collections
    that carry the style. `commercial_use` tells whether those weights are at hand and learned from
    free music alone: `--commercial` composes with them.
    """

    id: str
    name: str
    name_zh: str
    description: str
    engines: tuple[str, ...]
    metres: tuple[str, ...]
    modes: tuple[str, ...]
    trained_on: tuple[str, ...]
    licence: str
    commercial_use: bool


def list_styles(free_only: bool = False, get: Callable[[str], Engine] = registry.get) -> tuple[StyleFacts, ...]:
    """The styles that engines write; with no weights at hand all that there could be.

    Args:
        free_only: only styles that can be written with weights free for commercial use.
        get: how to come by an engine; pass what shares them where there is such.
    """
    written: dict[str, tuple[Style, list[Engine]]] = {}
    free: set[str] = set()
    for engine_id in registry.ENGINES:
        engine = get(engine_id)
        free.update(style.id for style in engine.styles(free_only=True))
        for style in engine.styles(free_only):
            written.setdefault(style.id, (style, []))[1].append(engine)
    rows = [_facts(style, engines, style.id in free) for style, engines in written.values()]
    if not written:
        rows = [_facts(style, [], False) for style in STYLES]
    return tuple(rows)


def _facts(style: Style, engines: list[Engine], in_free: bool) -> StyleFacts:
    ids = [source for engine in engines for source in engine.sources(style.id, free_only=in_free)]
    if not engines:
        ids = [source.id for source in sources_of(style.id)]
    known = [_NAMES.get(source, _OWN) for source in dict.fromkeys(ids)]
    return StyleFacts(
        id=style.id,
        name=style.name,
        name_zh=style.name_zh,
        description=style.description,
        engines=tuple(engine.id for engine in engines),
        metres=style.metres,
        modes=style.modes,
        trained_on=tuple(dict.fromkeys(name for name, _ in known)),
        licence="; ".join(dict.fromkeys(licence for _, licence in known)),
        commercial_use=in_free and are_free(ids),
    )
