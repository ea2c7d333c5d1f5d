"""`songloom arrange`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import RequestError

if TYPE_CHECKING:
    from core.analysis.sections import Section
    from core.engines.arranging import Arrangement

KINDS = ("intro", "verse", "chorus", "ending")
MOST_TAKES = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom arrange`."""
    parser.add_argument("source", type=Path, metavar="IN",
                        help="a music file with a melody; where it has no chords, they are written")
    parser.add_argument("--style", required=True, metavar="BAND", help="a band of `songloom styles`: folk, rock, jazz, ...")
    parser.add_argument("--intensity", type=float, default=0.5, metavar="0..1", help="0 sparse, 1 full (default: 0.5)")
    parser.add_argument("--track", type=int, metavar="N", help="track with the melody, from 1 (default: the first pitched one)")
    parser.add_argument("--sections", metavar="A8,A8,B8", help="letter and bars of each section, with :intro, :chorus or :ending "
                                                              "where it is one (default: found in the melody)")
    parser.add_argument("--no-humanise", action="store_true", help="everything on the grid, with even touch")
    parser.add_argument("--takes", type=int, default=1, metavar="N", help=f"1 to {MOST_TAKES} (default: 1)")
    parser.add_argument("--seed", "--random-seed", dest="random_seed", type=int, default=0, metavar="N",
                        help="the same number gives the same music")
    parser.add_argument("--commercial", action="store_true", help="only weights trained on music free for commercial use")
    parser.add_argument("--stems", action="store_true", help="also a zip with a WAV file for each part")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR",
                        help="folder for arrangement-1.mid ..., arrangement.json and stems.zip")


def run(args: argparse.Namespace) -> int:
    """Have a band play a piece; write a MIDI file for each take, `arrangement.json`, and stems if asked for.

    Raises:
        RequestError, FormatError, LimitError: see `core.engines.arranging.Arranger.resolve`.
        WeightsMissingError, SoundMissingError: weights, or what stems need, are not at hand.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # steps are too small to share out
    from dataclasses import replace

    from core.commands.progress import Bar
    from core.engines import registry
    from core.engines.arranged import arrange
    from core.engines.arranging import ArrangeRequest
    from core.score.files import read_score

    if not 1 <= args.takes <= MOST_TAKES:
        raise RequestError(f"takes must be between 1 and {MOST_TAKES}", f"got {args.takes}")
    request = registry.shared_arranger().resolve(ArrangeRequest(
        read_score(args.source.read_bytes(), args.source.name),
        args.style,
        melody_track=None if args.track is None else args.track - 1,
        sections=parse_sections(args.sections) if args.sections else None,
        intensity=args.intensity,
        humanise=not args.no_humanise,
        random_seed=args.random_seed,
        free_only=args.commercial,
    ))
    args.out.mkdir(parents=True, exist_ok=True)
    with Bar("arranging") as bar:
        made = [arrange(replace(request, random_seed=args.random_seed + number), number + 1, progress=bar)
                for number in range(args.takes)]
    title = request.score.title or args.source.stem
    for path in _written(made, title, args.out, args.stems):
        print(path)
    return 0


def parse_sections(text: str) -> tuple[Section, ...]:
    """Sections from text such as `A8,A8,B8:chorus,C2:ending`: letter, number of bars and, where it is one, the kind.

    Raises:
        RequestError: it is not of that form.
    """
    import re

    from core.analysis.sections import Section

    found: list[Section] = []
    at = 0
    for word in text.split(","):
        match = re.fullmatch(rf"\s*([A-Za-z]+)(\d{{1,3}})(?::({'|'.join(KINDS)}))?\s*", word)
        if not match or not int(match[2]):
            raise RequestError("Sections are letters with numbers of bars, such as A8,A8,B8:chorus,C2:ending", f"got {word!r}",
                               f"A kind is one of {', '.join(KINDS)}")
        bars = int(match[2])
        found.append(Section(at, at + bars, match[1].upper(), match[3] or "verse"))  # type: ignore[arg-type]
        at += bars
    return tuple(found)


def _written(made: list[Arrangement], title: str, folder: Path, stems: bool) -> list[Path]:
    """Write everything; returns the paths."""
    from dataclasses import replace

    from core.commands.progress import Bar
    from core.score.files import export_score

    paths: list[Path] = []
    for number, one in enumerate(made, 1):
        path = folder / f"arrangement-{number}.mid"
        path.write_bytes(export_score(replace(one.score, title=f"{title} ({one.request.band} {number})"), ".mid"))
        paths.append(path)
    path = folder / "arrangement.json"
    path.write_text(json.dumps(_facts(made), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    paths.append(path)
    if stems:
        from core.audio.stems import stems_zip

        for number, one in enumerate(made, 1):
            path = folder / ("stems.zip" if len(made) == 1 else f"stems-{number}.zip")
            with Bar("rendering stems") as bar:
                path.write_bytes(stems_zip(one.score, progress=bar))
            paths.append(path)
    print(f"{len(made)} arrangements in {sum(one.seconds for one in made):.1f} s", file=sys.stderr)
    return paths


def _facts(made: list[Arrangement]) -> dict[str, Any]:
    """What `arrangement.json` says."""
    from core.engines.arranging_io import to_json

    first = made[0]
    request = to_json(first.request)
    return {
        "engine": request["engine"],
        "style": first.request.band,
        "weights": first.weights,
        "random_seed": first.request.random_seed,
        "metre": str(first.request.score.metres[0]),
        "sections": request["sections"],
        "chords": request["chords"],
        "request": request,
        "arrangements": [
            {
                "file": f"arrangement-{number}.mid",
                "random_seed": one.request.random_seed,
                "seconds": round(one.seconds, 3),
                "tracks": [{"name": track.name, "program": track.program, "drums": track.is_drum, "notes": len(track.notes),
                            "volume": track.volume, "pan": track.pan} for track in one.score.tracks],
            }
            for number, one in enumerate(made, 1)
        ],
    }
