"""`songloom lyrics FILE|-`: words as they would be sung, and their mood; next lines with `--suggest`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands import lyrics_suggest

if TYPE_CHECKING:
    from core.lyrics.mood import Mood
    from core.lyrics.types import Line, Lyrics, Section, Word

_BREATHS = ("", ",", ".", "|", "||")
_STRESSES = ("", "'", "`")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom lyrics`."""
    parser.add_argument("source", metavar="FILE|-", help="a text file in UTF-8, or - for standard input")
    parser.add_argument("--language", default="auto", metavar="L", help="auto, en, zh or another language in Latin letters")
    parser.add_argument("--corrections", type=Path, metavar="FILE", help="JSON: words with syllables, stress or pinyin")
    parser.add_argument("--json", action="store_true", help="print JSON")
    lyrics_suggest.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print every line with syllables, breaths, rhyme and count; then the mood of each section.

    In words `'` stands before a stressed syllable and a backtick before one of weaker stress; Chinese has pinyin with the
    tone that is sung; `~` marks a guess. Breaths are `,` `.` `|` (line) and `||` (section).

    Raises:
        InputError: the text cannot be sung.
    """
    from core.lyrics import read_lyrics
    from core.lyrics.corrections import NO_CORRECTIONS, corrections_from_json
    from core.lyrics.mood import moods

    fixed = corrections_from_json(read_text(args.corrections.read_bytes())) if args.corrections else NO_CORRECTIONS
    lyrics = read_lyrics(read_words(args.source), args.language, fixed)
    if args.suggest is not None:
        return lyrics_suggest.run(args, lyrics)
    felt = moods(lyrics)
    print(json.dumps(_as_dict(lyrics, felt), ensure_ascii=False, indent=1) if args.json else _as_text(lyrics, felt))
    return 0


def read_words(source: str) -> str:
    """The text of a file, or of standard input for `-`.

    Raises:
        FormatError: it is not UTF-8.
        OSError: it cannot be read.
    """
    return read_text(sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes())


def read_text(data: bytes) -> str:
    """Text in UTF-8.

    Raises:
        FormatError: it is not.
    """
    from core.errors import FormatError

    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError("A text in UTF-8 is needed", f"byte {error.start} is not", "Save it as UTF-8") from error


def _as_text(lyrics: Lyrics, felt: tuple[Mood, ...]) -> str:
    from core.lyrics.mood import suggest
    from core.lyrics.structure import misfits, scheme

    odd = {twin.line: twin for twin in misfits(lyrics)}
    rows = []
    for number, (section, mood) in enumerate(zip(lyrics.sections, felt, strict=True)):
        hint = suggest(mood)
        again = f", again {section.repeats + 1}" if section.repeats is not None else ""
        rows.append(f"{number + 1} {section.kind}{' (found)' if section.is_guess else ''}{again}  {scheme(section)}")
        for line in section.lines:
            twin = odd.get(line.number)
            note = f"  ! line {twin.other + 1} has {twin.other_syllables}" if twin and twin.other is not None else ""
            rows.append(f"  {len(line.syllables):2d}  {' '.join(map(_word, line.words))}{note}")
        rows.append(f"  mood: valence {mood.valence:+.2f}, arousal {mood.arousal:+.2f}: {hint.mode or 'any mode'}, {hint.bpm} bpm"
                    + (f" ({', '.join(hint.because)})" if hint.because else ""))
    return "\n".join(rows)


def _word(word: Word) -> str:
    parts = []
    for syllable in word.syllables:
        if syllable.tone:
            sung = f"{syllable.text}({syllable.pinyin[:-1]}{syllable.tone})"
        else:
            sung = _STRESSES[syllable.stress or 0] + syllable.text
        parts.append(sung + _BREATHS[syllable.breath])
    return "-".join(parts) + ("~" if word.is_guess else "")


def _as_dict(lyrics: Lyrics, felt: tuple[Mood, ...]) -> dict[str, Any]:
    from core.lyrics.mood import suggest
    from core.lyrics.structure import misfits

    return {
        "languages": lyrics.languages,
        "sections": [
            _section(section) | {"mood": asdict(mood), "suggestion": asdict(suggest(mood))}
            for section, mood in zip(lyrics.sections, felt, strict=True)
        ],
        "misfits": [asdict(twin) for twin in misfits(lyrics)],
    }


def _section(section: Section) -> dict[str, Any]:
    from core.lyrics.structure import scheme

    return {"kind": section.kind, "heading": section.heading, "is_guess": section.is_guess, "repeats": section.repeats,
            "scheme": scheme(section), "lines": [_line(line) for line in section.lines]}


def _line(line: Line) -> dict[str, Any]:
    words = [asdict(word) for word in line.words]
    for word in words:
        for syllable in word["syllables"]:
            syllable["breath"] = syllable["breath"].name.lower()
    return {"number": line.number, "text": line.text, "rhyme": line.rhyme, "repeats": line.repeats, "words": words}
