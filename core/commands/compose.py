"""`songloom compose`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import RequestError

if TYPE_CHECKING:
    from core.engines.protocol import Take
    from core.score import Score

HOWS = ("continue", "answer", "vary", "harmonise")
VOICES = ("soprano", "alto", "tenor", "bass")
STYLES_OF_WORDS = {"zh": "chinese-folk", "en": "hymn"}
"""What words are set in where no style is asked for, by their language; others as English."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom compose`."""
    style = parser.add_argument_group("what")
    style.add_argument("--engine", default="lstm", help="generator (default: lstm)")
    style.add_argument("--style", metavar="S", help="a style of `songloom styles`; words have one of their own")
    style.add_argument("--style2", metavar="S", help="a second style to mix in")
    style.add_argument("--mix", type=float, metavar="0..1", help="weight of the second style (default: 0.5)")
    style.add_argument("--key", help="tonic, such as D, Bb or F#; F# minor names the mode too")
    style.add_argument("--mode", help="major, minor, dorian, ...")
    style.add_argument("--meter", "--metre", dest="metre", metavar="6/8", help="metre")
    style.add_argument("--tempo", type=float, metavar="BPM", help="quarter notes a minute")
    style.add_argument("--bars", type=int, default=16, metavar="N", help="bars of new music (default: 16)")
    style.add_argument("--range", dest="pitch_range", metavar="C4-A5", help="lowest and highest note of the melody")
    style.add_argument("--instrument", help="a General MIDI instrument, such as violin")
    style.add_argument("--pickup", action="store_true", help="begin with a pick-up")
    style.add_argument("--commercial", action="store_true", help="only weights trained on music free for commercial use")
    how = parser.add_argument_group("how")
    how.add_argument("--takes", type=int, default=4, metavar="N", help="1 to 8 (default: 4)")
    how.add_argument("--temperature", type=float, default=1.0, help="0.1 (tame) to 2 (wild)")
    how.add_argument("--top-p", type=float, default=0.95, help="0.1 to 1: leave out what is least likely")
    how.add_argument("--random-seed", type=int, default=0, metavar="N", help="the same number gives the same music")
    how.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    words = parser.add_argument_group("from words")
    words.add_argument("--lyrics", metavar="FILE|-", help="a text in UTF-8 to be sung, or - for standard input")
    words.add_argument("--language", default="auto", metavar="L", help="of the words: auto, en, zh or another in Latin letters")
    words.add_argument("--corrections", type=Path, metavar="FILE", help="JSON: words with syllables, stress or pinyin")
    words.add_argument("--voice", choices=VOICES, help="the range of a singer instead of --range")
    seed = parser.add_argument_group("from a melody")
    seed.add_argument("--seed", type=Path, metavar="FILE", help="a music file to go on from")
    seed.add_argument("--how", choices=HOWS, help="what to do with the seed (default: continue)")
    seed.add_argument("--without-seed", action="store_true", help="leave the seed out of the result")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for take-1.mid ... and takes.json")


def run(args: argparse.Namespace) -> int:
    """Compose and write the takes with `takes.json`.

    Raises:
        RequestError: see `core.engines.protocol.Engine.resolve`.
        InputError: the seed cannot be read.
        WeightsMissingError: the weights are not at hand.
    """
    # Steps of a few takes are too small to share out: two threads took 50 times as long as one.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from core.commands.progress import Bar
    from core.engines import registry
    from core.engines.request_io import learned_from
    from core.insight.ranking import ranked

    request = _request(args)
    engine = registry.get(args.engine, args.device)
    engine.resolve(request)
    args.out.mkdir(parents=True, exist_ok=True)
    with Bar("composing") as bar:
        takes = engine.compose(request, bar)
    found = ranked(takes)
    told = [{"quality": round(one.quality.overall, 1) if one.quality else None} for one in found]
    for path in write_takes([one.take for one in found], args.out, told, learned_from(engine, takes[0].request)):
        print(path)
    return 0


def _request(args: argparse.Namespace) -> Any:
    """The request that the options ask for.

    Raises:
        RequestError: an option cannot be understood or contradicts another.
        FormatError, LimitError, OSError: the seed cannot be read.
    """
    from core.engines.protocol import Request
    from core.engines.request_io import parse_key, parse_metre
    from core.score.files import read_score

    tonic, mode = parse_key(args.key) if args.key else (None, None)
    if mode and args.mode and args.mode != mode:
        raise RequestError("One mode can be asked for", f"--key says {mode} and --mode says {args.mode}", "Leave one of them out")
    if args.seed is None and (args.how or args.without_seed):
        option = f"--how {args.how}" if args.how else "--without-seed"
        raise RequestError(f"{option} needs a melody", "there is no --seed", "Add --seed FILE or leave it out")
    if args.mix is not None and args.style2 is None:
        raise RequestError("--mix needs a second style", "there is no --style2", "Add --style2 S or leave it out")
    words, corrections = _words(args)
    return Request(
        style=args.style or _style_of(words, args.language),
        engine=args.engine,
        style2=args.style2,
        mix=(0.5 if args.mix is None else args.mix) if args.style2 else 0.0,
        tonic=tonic,
        mode=args.mode or mode,
        metre=parse_metre(args.metre) if args.metre else None,
        tempo=args.tempo,
        bars=args.bars,
        takes=args.takes,
        temperature=args.temperature,
        top_p=args.top_p,
        random_seed=args.random_seed,
        pitch_range=_range(args),
        program=_program(args.instrument) if args.instrument else None,
        free_only=args.commercial,
        seed=read_score(args.seed.read_bytes(), args.seed.name) if args.seed else None,
        how=args.how or "continue",
        with_seed=not args.without_seed,
        pickup=args.pickup,
        words=words,
        language=args.language,
        corrections=corrections,
    )


def _words(args: argparse.Namespace) -> tuple[str, str]:
    """The words and their corrections, "" for none."""
    from core.commands.lyrics import read_text, read_words

    if args.lyrics is None and (args.corrections or args.voice or args.language != "auto"):
        option = "--corrections" if args.corrections else "--voice" if args.voice else "--language"
        raise RequestError(f"{option} belongs to words", "there is no --lyrics", "Add --lyrics FILE or leave it out")
    if args.lyrics is None:
        return "", ""
    return read_words(args.lyrics), read_text(args.corrections.read_bytes()) if args.corrections else ""


def _style_of(words: str, language: str) -> str:
    from core.lyrics import read_lyrics

    if not words:
        raise RequestError("A style is needed", "there is no --style", "Add --style S; songloom styles lists them")
    first = read_lyrics(words, language).languages[0]
    return STYLES_OF_WORDS.get(first, STYLES_OF_WORDS["en"])


def _range(args: argparse.Namespace) -> tuple[int, int] | None:
    from core.engines.lstm.song.wish import VOICES as RANGES
    from core.engines.request_io import parse_range

    if args.pitch_range and args.voice:
        raise RequestError("One range can be asked for", f"--range says {args.pitch_range} and --voice says {args.voice}",
                           "Leave one of them out")
    if args.voice:
        return RANGES[args.voice]
    return parse_range(args.pitch_range) if args.pitch_range else None


def _program(name: str) -> int:
    from core.score.instruments import find_instrument

    instrument = find_instrument(name)
    if instrument.is_drum:
        raise RequestError("A melody needs a pitched instrument", f"got {name!r}", "Choose another one, such as violin")
    return instrument.program


def write_takes(
    takes: Sequence[Take], folder: Path, more: Sequence[Mapping[str, Any]] = (), sources: Sequence[str] = ()
) -> list[Path]:
    """Write a MIDI file for each take, named by its index, then `takes.json` with the takes in the order given; returns their
    paths.

    Args:
        more: what is said of each take there beside the rest.
        sources: ids of the collections that the weights learned from.
    """
    from core.engines.request_io import key_text, range_text, stamped, to_json
    from core.score.files import write_score

    files = {folder / f"take-{take.index + 1}.mid": write_score(stamped(take, sources), ".mid") for take in takes}
    request, first = takes[0].request, takes[0]
    assert request.tonic is not None
    assert request.mode is not None
    facts = {
        "engine": request.engine,
        "style": request.style,
        "weights": first.weights,
        "random_seed": request.random_seed,
        "bars": request.bars,
        "key": key_text(request.tonic, request.mode),
        "metre": str(request.metre),
        "range": range_text(request.pitch_range) if request.pitch_range else None,
        "seconds": round(first.seconds, 3),
        "request": to_json(request),
        "takes": [
            {
                "file": f"take-{take.index + 1}.mid",
                "title": take.score.title,
                "bars": len(take.score.bars),
                "notes": take.score.note_count,
                "new_from_tick": take.new_from,
                **({"syllables": sung(take.score)} if request.words else {}),
                **(more[at] if more else {}),
            }
            for at, take in enumerate(takes)
        ],
    }
    files[folder / "takes.json"] = (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode()
    for path, data in files.items():
        path.write_bytes(data)
    print(f"{len(takes)} takes in {first.seconds:.1f} s", file=sys.stderr)
    return list(files)


def sung(score: Score) -> list[dict[str, Any]]:
    """Every syllable of a melody with the ticks and MIDI pitches of its notes."""
    from core.score.words import sung_notes

    return [{"text": lyric.text, "syllabic": lyric.syllabic,
             "notes": [{"tick": note.start, "duration": note.duration, "pitch": note.pitch} for note in notes]}
            for lyric, notes in sung_notes(score.melody)]
