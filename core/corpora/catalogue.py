"""The built-in catalogue: every tune of the books inside the music21 package, to search, hear and use.

A listing needs the fields of the tunes only; a tune is read when it is opened.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from glob import escape
from pathlib import Path

from core.corpora.codeversion import code_version
from core.corpora.intake import sources_of, tunes_of
from core.corpora.tunebooks import BOOKS, package_folder
from core.corpora.types import Tier
from core.errors import DataMissingError, InputError, RequestError
from core.score import Score
from core.score.abc_fields import parse_key, parse_metre, plain_text
from core.score.abc_reader import TuneText, tune_text
from core.score.types import Key

CACHE = Path(".cache/catalogue")

FOLK = "folk"
"""Style of tunes that are none of Songloom's styles."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One tune of the catalogue. `style` is an id of `core.corpora.styles` or `FOLK`; `key` is as printed."""

    id: str
    title: str
    style: str
    source: str
    metre: str
    key: str
    commercial: bool
    """Whether the source is free for any use."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    source: str
    folder: str
    style_of: Callable[[str, TuneText], str | None]
    free: bool


_SHELVES = (
    *(_Shelf(book.id, book.corpus_name, book.style_of, book.tier == Tier.FREE) for book in BOOKS),
    _Shelf("folk", "miscFolk", lambda _ident, _tune: None, False),
)
SOURCE_NAMES = {**{book.id: book.name for book in BOOKS}, "folk": "Northumbrian Minstrelsy and American fife tunes"}


@cache
def catalogue(folder: Path = CACHE) -> tuple[Entry, ...]:
    """All tunes in the order of the books; built once, then kept as JSON in `folder`.

    Raises:
        DataMissingError: the music21 package is not at hand.
    """
    corpus = _corpus()
    path = folder / f"{code_version(__name__)}-{corpus.stat().st_mtime_ns}.json"
    if path.is_file():
        return tuple(Entry(**row) for row in json.loads(path.read_text(encoding="utf-8")))
    entries = tuple(entry for entry, _ in tunes())
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink(missing_ok=True)
    # Threads and servers may build it at the same time: each writes a file of its own.
    part = path.with_suffix(f".{secrets.token_hex(4)}.part")
    part.write_text(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False), encoding="utf-8")
    part.replace(path)
    return entries


def search(words: str = "", style: str | None = None, source: str | None = None, folder: Path = CACHE) -> tuple[Entry, ...]:
    """Entries whose title holds every word, in any case, of one style and source where given.

    Raises:
        DataMissingError: the music21 package is not at hand.
    """
    wanted = words.casefold().split()
    return tuple(
        entry
        for entry in catalogue(folder)
        if (style is None or entry.style == style)
        and (source is None or entry.source == source)
        and all(word in entry.title.casefold() for word in wanted)
    )


def load(ident: str, *, unfold: bool = True) -> Score:
    """The tune with an id of the catalogue, as heard, or with `unfold=False` as printed.

    Raises:
        RequestError: no such tune.
        DataMissingError: the music21 package is not at hand.
    """
    return _text(ident).read(unfold=unfold)


def tunes() -> Iterator[tuple[Entry, TuneText]]:
    """Every entry with its tune, not read yet, in the order of the books.

    Raises:
        DataMissingError: the music21 package is not at hand.
    """
    corpus = _corpus()
    return ((_entry(shelf, ident, tune), tune) for shelf in _SHELVES for ident, tune in _tunes(corpus, shelf))


@lru_cache(maxsize=64)
def _text(ident: str) -> TuneText:
    source, _, rest = ident.partition("/")
    shelf = next((shelf for shelf in _SHELVES if shelf.source == source), None)
    stem, _, _ = rest.partition("/")
    if shelf is not None and stem:
        wanted = ident.removeprefix(f"{source}/")
        for found, text in sources_of(_corpus() / shelf.folder, f"{escape(stem)}.abc"):
            if found == wanted:
                return tune_text(text)
    example = "oneill/0701-0720/701"
    raise RequestError(f"A tune of the catalogue is named like {example}", f"got {ident[:80]}", "Choose it from the list")


def _corpus() -> Path:
    corpus = package_folder()
    if corpus is None or not corpus.is_dir():
        place = "The catalogue lies inside the Python package music21"
        raise DataMissingError(place, "it is not installed here", "Run make run, or pip install music21")
    return corpus


def _tunes(corpus: Path, shelf: _Shelf) -> Iterator[tuple[str, TuneText]]:
    """Tunes with their ids."""
    return ((f"{shelf.source}/{ident}", tune) for ident, tune in tunes_of(corpus / shelf.folder))


def _entry(shelf: _Shelf, ident: str, tune: TuneText) -> Entry:
    style = shelf.style_of(ident, tune) or FOLK
    title = plain_text(tune.first("T")) or "Untitled"
    return Entry(ident, title, style, shelf.source, _metre_name(tune), _key_name(tune), shelf.free)


def _metre_name(tune: TuneText) -> str:
    try:
        metre = parse_metre(tune.metre)
    except InputError:
        return ""
    return "" if metre.free else f"{metre.numerator}/{metre.denominator}"


def _key_name(tune: TuneText) -> str:
    try:
        signature = parse_key(tune.first("K"))
    except InputError:
        return ""
    return "" if signature.tonic is None else Key(0, signature.tonic, signature.mode).name
