"""The four tune books inside the music21 package: O'Neill, Ryan's Mammoth, Aird and Essen.

The ABC files are read by Songloom's own reader; music21 is only asked where it lies.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from core.corpora.folder import DataFolder
from core.corpora.intake import Unusable, melody_piece, tunes_of
from core.corpora.types import Piece, Tier
from core.errors import DataMissingError
from core.score import Score
from core.score.abc_reader import TuneText

_SCOTTISH = re.compile(
    r"strathspey|reel|scot|highland|lass|laird|bonn|clan|glen|lad\b|laddie|loch|edinb|glasgow|perth|athol|argyl|gordon|burn|brae"
    r"|ness\b|mac|mc[a-z]|dund|tibb|auld|wee\b|moor|duncan|jock|jenny|maggie|fife|caithness|tweed|ayr|kirk",
    re.IGNORECASE,
)
_COUNTRY = re.compile(
    r"quick ?step|march|minuet|gavott|allemand|cotill|giga|gigue|dance|english|england|london|country|rondeau|rondo|menuet"
    r"|masquerade|fandango|bath\b|vauxhall|ranelagh|regiment|regt|waltz|assembly|favou?rite|medley|newcastle|york\b|tambourin|air\b|rant\b",
    re.IGNORECASE,
)
_GERMAN = re.compile(
    r"deutsch|oesterreich|schweiz|tirol|steiermark|kaernten|siebenbuergen|gottschee|luxemburg|lothringen|elsass|schlesien"
    r"|boehmen|maehren|ostpreussen|sudeten|banat|batschka|zips",
    re.IGNORECASE,
)


def package_folder() -> Path | None:
    """Where the corpus of the music21 package lies; the package itself is not loaded."""
    spec = importlib.util.find_spec("music21")
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) / "corpus" if places else None


def dance_style(rhythm: str, metre: str) -> str | None:
    """The style that an `R:` field (or a title) and the metre name; None where they name no dance."""
    words = rhythm.lower()
    if "strathspey" in words or "fling" in words or "schottische" in words:
        return "scottish"
    if "hornpipe" in words or "clog" in words:
        return "hornpipe" if metre in ("C", "C|", "2/4", "4/4", "2/2") else None
    if metre == "9/8":
        return "slip-jig"
    if "jig" in words or "slide" in words:
        return "irish-jig" if metre == "6/8" else None
    if "reel" in words:
        return "polka" if metre == "2/4" else "irish-reel"
    if "polka" in words:
        return "polka"
    return None


def _oneill(_file: str, tune: TuneText) -> str | None:
    """By the sections of the book: airs, double jigs, slip jigs, reels, hornpipes, marches and long dances."""
    metre = tune.metre
    named = dance_style(tune.first("R"), metre)
    if named:
        return named
    if re.search(r"air|march|waltz|song", tune.first("R"), re.IGNORECASE):
        return "irish-air"
    number = int((re.search(r"\d+", tune.first("X")) or ["0"])[0])
    for last, rhythm in ((700, ""), (1115, "jig"), (1175, "slip jig"), (1555, "reel"), (1800, "hornpipe")):
        if number <= last:
            return (dance_style(rhythm, metre) or ("irish-jig" if metre == "6/8" else None)) if rhythm else "irish-air"
    return "irish-air"


def _ryan(_file: str, tune: TuneText) -> str | None:
    metre = tune.metre
    named = dance_style(tune.first("R"), metre) or dance_style(" ".join(tune.fields.get("T", ())), metre)
    return named or {"6/8": "irish-jig", "2/4": "polka"}.get(metre, "country-dance")


def _aird(_file: str, tune: TuneText) -> str | None:
    metre = tune.metre
    title = " ".join((*tune.fields.get("T", ()), *tune.fields.get("G", ()), *tune.fields.get("R", ())))
    if "hornpipe" in title.lower():
        return dance_style("hornpipe", metre) or "country-dance"
    if metre == "9/8":
        return "slip-jig"
    if "irish" in title.lower():
        return "irish-jig" if metre == "6/8" else "irish-air"
    if _COUNTRY.search(title) and not re.search(r"strathspey|reel|scot|highland", title, re.IGNORECASE):
        return "country-dance"
    if _SCOTTISH.search(title) or metre not in ("6/8", "2/4"):
        return "scottish"
    return "scottish" if re.search(r"strathspey|minor|dorian|mixolydian", tune.first("K"), re.IGNORECASE) else "country-dance"


def _essen(_file: str, tune: TuneText) -> str | None:
    origin = tune.first("O")
    if "china" in origin.lower():
        return "chinese-folk"
    if "irland" in origin.lower():
        return "irish-air"
    return "german-folk" if _GERMAN.search(origin) else None


class TuneBook:
    """One book of the music21 corpus as a source."""

    address = "inside the Python package music21"

    def __init__(
        self,
        ident: str,
        name: str,
        folder: str,
        licence: str,
        tier: Tier,
        styles: tuple[str, ...],
        style_of: Callable[[str, TuneText], str | None],
    ) -> None:
        self.id, self.name, self.licence, self.tier, self.styles = ident, name, licence, tier, styles
        self.corpus_name, self._style_of = folder, style_of

    def style_of(self, ident: str, tune: TuneText) -> str | None:
        """The style of a tune of this book, None where it has none of Songloom's."""
        return self._style_of(ident, tune)

    def book_folder(self) -> Path:
        """The folder of the book's ABC files.

        Raises:
            DataMissingError: the package music21 is not installed, or came without its corpus.
        """
        corpus = package_folder()
        if corpus is None or not (corpus / self.corpus_name).is_dir():
            raise DataMissingError(
                f"{self.name} lies inside the Python package music21",
                "it is not installed here",
                "Run make run, or pip install music21",
            )
        return corpus / self.corpus_name

    def is_at_hand(self, folder: DataFolder) -> bool:
        corpus = package_folder()
        return corpus is not None and (corpus / self.corpus_name).is_dir()

    def pieces(self, folder: DataFolder) -> Iterator[Piece]:
        for ident, style, title, score in self.candidates(folder):
            if not isinstance(score, str):
                yield Piece(ident, self.id, style, title, score)

    def candidates(self, folder: DataFolder) -> Iterator[tuple[str, str, str, Score | str]]:
        """Every tune as (id, style, title, score), or the reason for leaving it out in place of the score."""
        for ident, tune in tunes_of(self.book_folder()):
            style = self._style_of(ident, tune)
            name = f"{self.id}/{ident}"
            if style is None:
                yield name, "", tune.first("T"), "no style"
                continue
            try:
                yield name, style, tune.first("T"), melody_piece(tune, style)
            except Unusable as error:
                yield name, style, tune.first("T"), error.reason


PUBLIC_DOMAIN = "public domain"

ONEILL = TuneBook(
    "oneill", "O'Neill's Music of Ireland (1903)", "oneills1850", PUBLIC_DOMAIN, Tier.FREE,
    ("irish-jig", "irish-reel", "hornpipe", "slip-jig", "irish-air", "polka"), _oneill,
)  # fmt: skip
RYAN = TuneBook(
    "ryan", "Ryan's Mammoth Collection (1883)", "ryansMammoth", PUBLIC_DOMAIN, Tier.FREE,
    ("irish-reel", "irish-jig", "hornpipe", "slip-jig", "scottish", "polka", "country-dance"), _ryan,
)  # fmt: skip
AIRD = TuneBook(
    "aird", "Aird's Selection of Scotch, English, Irish and Foreign Airs (1782–1801)", "airdsAirs", PUBLIC_DOMAIN, Tier.FREE,
    ("scottish", "country-dance", "irish-jig", "irish-air", "hornpipe", "slip-jig"), _aird,
)  # fmt: skip
ESSEN = TuneBook(
    "essen", "Essen Folksong Collection", "essenFolksong", "non-commercial use and research", Tier.RESEARCH,
    ("german-folk", "chinese-folk", "irish-air"), _essen,
)  # fmt: skip

BOOKS = (ONEILL, RYAN, AIRD, ESSEN)
