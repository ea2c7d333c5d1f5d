"""What can be composed: every style with its engines, what it was learned from and its licence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.corpora.registry import sources_of
from core.corpora.styles import BY_ID, STYLES, Style
from core.engines import registry
from core.engines.protocol import Engine


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """One style as a user sees it.

    `engines` are the ids of those that write it with the weights at hand, empty where none does;
    `trained_on` names the collections that carry the style; `commercial_use` tells whether weights
    are at hand that learned from free music alone.
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
    """The styles that engines write, then those whose weights are not at hand.

    Args:
        free_only: only styles, engines and collections that are free for commercial use.
        get: how to come by an engine; pass what shares them where there is such.
    """
    engines = {engine_id: get(engine_id) for engine_id in registry.ENGINES}
    written: dict[str, tuple[Style, list[str]]] = {}
    free: set[str] = set()
    for engine_id, engine in engines.items():
        free.update(style.id for style in engine.styles(free_only=True))
        for style in engine.styles(free_only):
            written.setdefault(style.id, (style, []))[1].append(engine_id)
    rows = [_facts(style, tuple(ids), style.id in free, free_only) for style, ids in written.values()]
    if not free_only:
        rows += [_facts(style, (), style.id in free, free_only) for style in STYLES if style.id not in written]
    return tuple(rows)


def _facts(style: Style, engines: tuple[str, ...], commercial: bool, free_only: bool) -> StyleFacts:
    sources = sources_of(style.id, free_only)
    own = style.id not in BY_ID
    return StyleFacts(
        id=style.id,
        name=style.name,
        name_zh=style.name_zh,
        description=style.description,
        engines=engines,
        metres=style.metres,
        modes=style.modes,
        trained_on=tuple(source.name for source in sources) if not own else ("your own files",),
        licence="; ".join(dict.fromkeys(source.licence for source in sources)) if not own else "your own",
        commercial_use=commercial,
    )
