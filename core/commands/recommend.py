"""`songloom recommend`: the best pieces for a listener, with score, predicted stars and reasons."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from core.commands.tables import print_table

if TYPE_CHECKING:
    from core.taste.lists import Recommendation

AXES = ("adventurous", "rare", "energetic", "happy")
REASONS = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom recommend`."""
    parser.add_argument("--listener", required=True, metavar="NAME", help="an id or a name")
    parser.add_argument("-k", type=int, default=10, metavar="K", help="how many pieces, 1 to 1000 (default: 10)")
    parser.add_argument("--model", metavar="ID", help="one of the fitted models instead of the best")
    for axis in AXES:
        parser.add_argument(f"--{axis}", type=float, default=0.0, metavar="X", help=f"-1 to 1: more {axis} or less")
    parser.add_argument("--fit", action="store_true", help="learn from everything in the store first")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print the best pieces for a listener, with score, predicted stars and reasons.

    Raises:
        MissingError: there is no such listener.
        RequestError: a number is out of range, or no such model is fitted.
        StoreError: the data base refuses.
    """
    from core.commands.listeners import named
    from core.store import Store
    from core.taste.lists import Because
    from core.taste.service import Taste
    from core.taste.steering import Steering

    store = Store()
    listener = named(store, args.listener)
    taste = Taste(store)
    if args.fit:
        taste.refit_now()
    steering = Steering(**{axis: getattr(args, axis) for axis in AXES})
    found = taste.recommend(listener, args.k, steering, args.model)
    if args.json:
        origin = taste.origin()
        facts = {"listener": listener, "model": found[0].by if found else None, "simulated_share": origin.simulated_share,
                 "recommendations": [_facts(one) for one in found]}
        print(json.dumps(facts, ensure_ascii=False, indent=1))
        return 0
    book = taste.ear(listener).world.book
    rows = [(one.piece.title, one.piece.style, "" if one.stars is None else f"{one.stars:.1f}", f"{one.score:.3f}",
             ", ".join(book[item].title for item, _ in (one.because or Because()).items[:2] if item in book)) for one in found]
    print_table(("title", "style", "stars", "score", "because of"), rows)
    return 0


def _facts(one: Recommendation) -> dict[str, Any]:
    from core.taste.lists import Because

    because = one.because or Because()
    reasons = [{"kind": "item", "key": item, "share": round(share, 4)} for item, share in because.items[:REASONS]]
    reasons += [{"kind": "feature", "key": key, "share": round(share, 4)} for key, share in because.features[:REASONS]]
    reasons.append({"kind": "prior", "key": "everybody", "share": round(because.prior, 4)})
    return {"item": one.item, "title": one.piece.title, "score": round(one.score, 6), "model": one.by,
            "predicted_stars": None if one.stars is None else round(one.stars, 3), "reasons": reasons}
