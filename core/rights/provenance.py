"""Who and what made a piece: written into every file that leaves Songloom, and read back from it.

The note says the engine, the hash of its weights, the collections that they learned from with their licences,
the request, the random seed and how often the piece was edited since. It is the stamp of `core.score.stamp`: a
text event in MIDI, a field of `identification/miscellaneous` in MusicXML, a comment line in ABC, in LRC the short of it in
a tag (`core.score.lrc`), and in sound files what `core.audio.tags` says. Nobody signs it: whoever has the file can take it
out or write another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from core.corpora.registry import PART_SOURCES, SOURCES
from core.errors import FormatError
from core.score import Score
from core.score.files import read_score, readable
from core.score.lrc import read_lrc_note
from core.score.stamp import STAMP, facts_of, stamp_of

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Learned:
    """A collection that the weights learned from. What a listener brought has the licence ""."""

    source: str
    name: str
    licence: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a file says of how it was made. `engine` is "" where Songloom only wrote the file: the music is somebody's own.

    `request` is the resolved request as `core.engines.request_io.to_json` gives it, a seed by its hash. `take` counts
    from 1; 0 where unknown.
    """

    engine: str = ""
    weights: str = ""
    style: str = ""
    random_seed: int | None = None
    take: int = 0
    edits: int = 0
    data: tuple[Learned, ...] = ()
    request: Mapping[str, Any] = field(default_factory=dict)
    again: tuple[Mapping[str, Any], ...] = ()
    """Steps in which a band played a part or some bars anew."""

    @property
    def is_composed(self) -> bool:
        """Whether an engine of Songloom wrote the music."""
        return bool(self.engine)

    def facts(self) -> dict[str, Any]:
        """As JSON can hold it; `from_facts` gives it back."""
        return {
            **({"again": [dict(step) for step in self.again]} if self.again else {}),
            "data": [[one.source, one.name, one.licence] for one in self.data],
            "edits": self.edits,
            "engine": self.engine,
            "random_seed": self.random_seed,
            "request": dict(self.request),
            "take": self.take,
            "weights": self.weights,
        }


def from_facts(facts: Mapping[str, Any]) -> Provenance:
    """From what a stamp holds, also one of an older Songloom, which named engine and style in the request alone.

    Raises:
        FormatError: a part has another type, or a name is too long.
    """
    request = _typed(facts, "request", dict, {})
    rows = _typed(facts, "data", list, [])
    if not all(isinstance(row, list) and len(row) == 3 and all(isinstance(word, str) for word in row) for row in rows):
        raise _damaged("data", rows)
    again = _typed(facts, "again", list, [])
    if not all(isinstance(step, dict) for step in again):
        raise _damaged("again", again)
    seed = facts.get("random_seed")
    if seed is not None and type(seed) is not int:
        raise _damaged("random_seed", seed)
    return Provenance(
        engine=_name(facts, "engine", _name(request, "engine", "")),
        weights=_name(facts, "weights", ""),
        style=_name(request, "style", ""),
        random_seed=seed,
        take=_typed(facts, "take", int, 0),
        edits=_typed(facts, "edits", int, 0),
        data=tuple(Learned(*row) for row in rows),
        request=request,
        again=tuple(again),
    )


def _typed(values: Mapping[str, Any], name: str, kind: type, missing: Any) -> Any:
    value = values.get(name, missing)
    if type(value) is not kind:
        raise _damaged(name, value)
    return value


def _name(values: Mapping[str, Any], name: str, missing: str) -> str:
    value = str(_typed(values, name, str, missing))
    if len(value) > _LONGEST:
        raise _damaged(name, value)
    return value


def _damaged(name: str, value: object) -> FormatError:
    return FormatError("The note of how this was made should be as Songloom writes it", f"its part {name} is {value!r:.60}",
                       "It was changed by another program; export the piece again")


def provenance_of(score: Score) -> Provenance | None:
    """What a score carries, None for nothing.

    Raises:
        FormatError: the note is damaged.
    """
    return _parsed(stamp_of(score))


def _parsed(stamp: str) -> Provenance | None:
    if not stamp.startswith(STAMP):
        return None
    facts = facts_of(stamp)
    if facts is None:
        raise FormatError("The note of how this was made should be JSON", "it is damaged", "Export the piece again")
    return from_facts(facts)


def read_provenance(data: bytes, name: str) -> Provenance | None:
    """What a file carries, None for nothing; its suffix says how it is read: any file of music that can be read, or of sound.

    Raises:
        FormatError: the suffix is unknown, the file is broken, or the note is.
        LimitError: see `core.score.files.read_score`.
    """
    suffix = PurePath(name).suffix.lower().lstrip(".")
    if suffix == "lrc":
        return _of_lrc(data)
    if suffix not in {known.lstrip(".") for known in readable()}:
        from core.audio.export import audio_format  # not before it is needed: it brings numpy along
        from core.audio.tags import read_note

        audio_format(suffix)
        return _parsed(read_note(data, suffix))
    return provenance_of(read_score(data, name))


def _of_lrc(data: bytes) -> Provenance | None:
    facts = read_lrc_note(data)
    if facts is None:
        return None
    sources = facts.pop("sources")
    return replace(from_facts(facts), data=learned(sources))


def learned(sources: Iterable[str]) -> tuple[Learned, ...]:
    """Collections by their ids, with name and licence; unknown ones are a listener's own."""
    known = {source.id: source for source in (*SOURCES, *PART_SOURCES)}
    return tuple(Learned(ident, known[ident].name, known[ident].licence) if ident in known else Learned(ident, ident, "")
                 for ident in sources)
