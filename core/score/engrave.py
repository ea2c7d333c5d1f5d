"""Engraved notation as SVG, drawn by verovio from our own MusicXML."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import verovio

from core.errors import FormatError, GenerationError, LimitError
from core.score.musicxml_writer import write_musicxml
from core.score.types import TICKS_PER_QUARTER, Score

MAX_NOTES = 6_000
"""Two seconds and five megabytes of SVG on the machine this was measured on; twice as many take three times as long."""
_SIZES = {"width": (200, 4000), "page": (200, 10_000), "scale": (10, 200)}
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_ALLOWED = frozenset(
    f"{{{_SVG}}}{name}"
    for name in ("svg", "g", "defs", "symbol", "use", "path", "rect", "ellipse", "circle", "line", "polygon", "polyline",
                 "text", "tspan", "title", "desc", "style")
)
_TALLEST = 60_000
"""Verovio's largest page, in its own units."""
_FONTS = str(Path(verovio.__file__).parent / "data")
# Verovio keeps its log in globals of the library: one drawing at a time.
_lock = threading.Lock()


def engrave(
    score: Score, *, width: int = 900, page: int | None = None, scale: int = 40, title: bool = False
) -> tuple[str, ...]:
    """The pages of a score as SVG texts.

    They draw in `currentColor` on nothing, so they follow the colours of what they are put into, and
    hold no scripts, links or outer resources. The same request gives the same text. Chord symbols
    stand above the first pitched part, syllables below their notes. May be called from any thread.

    Args:
        width: of a page in CSS pixels, 200 to 4000.
        page: height of a page in CSS pixels (200 to 10000); None for one page as long as the music is.
        scale: size of the music in percent, 10 to 200; 40 makes a staff about 30 pixels high.
        title: print title and composer above the music.

    Raises:
        LimitError: more than `MAX_NOTES` notes.
        FormatError: a size out of its range.
        GenerationError: verovio could not draw it.
    """
    _check(width=width, page=page or 200, scale=scale)
    pages, _ = _drawn(score, {
        "pageWidth": min(width * 100 // scale, _TALLEST),
        "pageHeight": _TALLEST if page is None else min(page * 100 // scale, _TALLEST),
        "adjustPageHeight": page is None,
        "scale": scale,
        "breaks": "auto",
        "header": "auto" if title else "none",
    })
    return pages


@dataclass(frozen=True, slots=True)
class Strip:
    """A score on one line, and where its notes are in it.

    Attributes:
        svg: the drawing, one system as long as the music.
        onsets: (tick, ids in the drawing) of all notes that begin together, a tied one at each of its heads; the syllable of a
            note is drawn within it.
    """

    svg: str
    onsets: tuple[tuple[int, tuple[str, ...]], ...]


def engrave_strip(score: Score, *, scale: int = 40) -> Strip:
    """A score as one long system to run along with its sound, without tempo and part names; safe to show as `engrave` says.

    Ticks are those of `score` after what notation cannot write is rounded (`core.score.notation`).

    Raises:
        LimitError: more than `MAX_NOTES` notes.
        FormatError: a scale out of its range.
        GenerationError: verovio could not draw it.
    """
    _check(scale=scale)
    options = {"scale": scale, "breaks": "none", "header": "none", "adjustPageWidth": True, "adjustPageHeight": True,
               "pageHeight": _TALLEST}
    chords = tuple(chord for chord in score.chords if chord.root is not None)
    tracks = tuple(replace(track, name="") for track in score.tracks)
    pages, times = _drawn(replace(score, chords=chords, tracks=tracks), options, without=("tempo",))
    onsets = ((round(event["qstamp"] * TICKS_PER_QUARTER), tuple(event["on"])) for event in times if event.get("on"))
    return Strip(pages[0], tuple(onsets))


def _check(**sizes: int) -> None:
    for name, value in sizes.items():
        low, high = _SIZES[name]
        if not low <= value <= high:
            raise FormatError(f"A {name} between {low} and {high} is needed", f"got {value}")


def _drawn(score: Score, options: dict[str, Any], without: tuple[str, ...] = ()) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """The pages, cleaned and without elements of these classes, and verovio's time map: what begins when, in quarter notes."""
    if score.note_count > MAX_NOTES:
        raise LimitError(f"At most {MAX_NOTES} notes can be engraved", f"this piece has {score.note_count}", "Choose fewer bars")
    text = write_musicxml(score).decode()
    with _lock:
        # Where the fonts are is known to the importing thread alone, until another is told. A new
        # toolkit takes 7 ms; a used one draws with what the piece before left in it.
        verovio.setDefaultResourcePath(_FONTS)
        verovio.enableLog(verovio.LOG_OFF)
        toolkit = verovio.toolkit()
        toolkit.setOptions({**options, "footer": "none", "svgViewBox": True, "svgHtml5": False, "xmlIdSeed": 1})
        if not toolkit.loadData(text):
            raise GenerationError("A score that verovio can draw is needed", "it refused this one", "Please report it")
        pages = [toolkit.renderToSVG(number) for number in range(1, toolkit.getPageCount() + 1)]
        times = toolkit.renderToTimemap({"includeRests": False, "includeMeasures": False})
    return tuple(_clean(svg, without) for svg in pages), times


def _clean(svg: str, without: tuple[str, ...] = ()) -> str:
    """The drawing with what we know of SVG alone, in the colour of the text around it."""
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag not in _ALLOWED or child.get("class") in without:
                parent.remove(child)
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name.startswith("on") or (name.endswith("href") and not value.startswith("#")):
                del element.attrib[name]
            elif name == "color":
                element.set("color", "currentColor")
    root.set("fill", "currentColor")
    root.set("role", "img")
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    return ElementTree.tostring(root, encoding="unicode")
