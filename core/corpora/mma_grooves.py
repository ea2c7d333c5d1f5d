"""Which grooves of `mma` stand for which band in which metre.

Only grooves of its own library `stdlib`, written for `mma`; those in `casio`, `kara`, `yamaha` and `zoom` were made from
keyboards' styles and are left alone. A family is a groove with the variants that its author gave it (`…1`, `…Plus`,
`…Intro`, `…Fill`, `…End`), as far as they are installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LIBRARY = Path("/usr/share/mma/lib/stdlib")


@dataclass(frozen=True, slots=True)
class Family:
    """`base` is the groove's name; its bars have `beats` beats and cover `span` bars of the song."""

    base: str
    beats: int = 4
    span: int = 1


def _families(names: str, beats: int = 4, span: int = 1) -> tuple[Family, ...]:
    return tuple(Family(name, beats, span) for name in names.split())


FAMILIES: dict[tuple[str, str], tuple[Family, ...]] = {
    ("folk", "4/4"): _families("Folk FolkRock BlueGrass HillCountry Polka SlowCountry Zydeco BlueFolk"),
    ("folk", "3/4"): _families("Waltz CountryWaltz FastWaltz", 3),
    ("folk", "2/4"): _families("Polka BlueGrass Folk HillCountry"),
    ("folk", "6/8"): _families("68March", 2) + _families("68Swing", 6) + _families("CountrySwing", 4, 2),
    ("rock", "4/4"): _families("8Beat BasicRock 60sRock SoftRock BubbleRock RockBallad 50sRock Twist"),
    ("rock", "3/4"): _families("RockWaltz RockWaltzWalk", 3),
    ("rock", "6/8"): _families("Rock128 Rock128Plain", 4, 2) + _families("Blues68", 6),
    ("jazz", "4/4"): _families("Swing SwingWalk JazzCombo MellowJazz ModernJazz EasySwing Foxtrot SlowJazz"),
    ("jazz", "3/4"): _families("JazzWaltz ModernJazzWaltz FastJazzWaltz", 3),
    ("jazz", "2/4"): _families("Dixie Charleston DixieMarch QuickStep"),
    ("ballad", "4/4"): _families("PopBallad Ballad PianoBallad GuitarBallad R&B-Ballad"),
    ("ballad", "3/4"): _families("Waltz BroadwayWaltz", 3),
    ("ballad", "6/8"): _families("Ballad68 Ballad128", 4, 2),
    ("orchestra", "4/4"): _families("BWMarch March ShowTune Broadway SlowBroadway"),
    ("orchestra", "3/4"): _families("VieneseWaltz BroadwayWaltz Waltz", 3),
    ("orchestra", "2/4"): _families("BWMarch March"),
    ("orchestra", "6/8"): _families("68March", 2),
    ("latin", "4/4"): _families("BossaNova ChaCha Rhumba Salsa Mambo Merengue Beguine Bolero"),
    ("latin", "3/4"): _families("LatinWaltz", 3),
    ("latin", "2/4"): _families("Samba Merengue Salsa Mambo TangoClean"),
}
"""Families by band and metre of the song. In 2/4 a bar of the groove is played twice as fast."""


def bands_for(metre: str) -> tuple[str, ...]:
    """Ids of the bands with a groove for a metre."""
    return tuple(band for band, known in FAMILIES if known == metre)


@cache
def installed(library: Path = LIBRARY) -> frozenset[str]:
    """Names of all grooves in the library, empty where it is not installed."""
    found: set[str] = set()
    for path in sorted(library.glob("*.mma")):
        found.update(re.findall(r"(?im)^\s*defgroove\s+(\S+)", path.read_text("utf-8", "replace")))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Variants:
    """The grooves of one arrangement by where they are played."""

    verse: str
    second: str
    """For the sections with another letter than the first."""
    chorus: str
    intro: str
    ending: str
    fill: str | None


def variants(family: Family, library: Path = LIBRARY) -> Variants:
    """The family's grooves, each where it is missing replaced by the plainer one."""
    base, have = family.base, {name.lower(): name for name in installed(library)}

    def first(names: Iterable[str]) -> str | None:
        return next((have[name.lower()] for name in names if name.lower() in have), None)

    second = first((f"{base}1", f"{base}2")) or base
    return Variants(
        verse=base,
        second=second,
        chorus=first((f"{base}Plus", f"{second}Plus", f"{base}SusPlus", second)) or base,
        intro=first((f"{base}Intro", *_parents(base, "Intro"))) or base,
        ending=first((f"{base}End", *_parents(base, "End"))) or base,
        fill=first((f"{base}Fill", *_parents(base, "Fill"))),
    )


def _parents(base: str, suffix: str) -> Iterator[str]:
    """`SwingWalk` has its intro from `Swing`, `Rock128Plain` from `Rock128`."""
    for tail in ("Walk", "Plain"):
        if base.endswith(tail):
            yield base.removesuffix(tail) + suffix
