"""`songloom community make`, `remove` and `import PATH`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from core.commands.progress import Bar
from core.commands.tables import print_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom community`."""
    parts = parser.add_subparsers(dest="part", metavar="WHAT", required=True)
    make = parts.add_parser("make", help="make the demonstration community of simulated listeners")
    make.add_argument("--listeners", type=int, default=300, metavar="N", help="how many (default: 300)")
    make.add_argument("--seed", type=int, default=20261121, metavar="N", help="another seed makes others (default: 20261121)")
    remove = parts.add_parser("remove", help="remove a community with all that it did")
    remove.add_argument("name", nargs="?", default="demo", metavar="NAME", help="which (default: demo)")
    bring = parts.add_parser("import", help="bring a community: a HetRec Last.fm folder or a dump of ListenBrainz")
    bring.add_argument("path", metavar="PATH", help="the unpacked folder, or one file of a dump")
    parts.add_parser("list", help="list the communities that are here")
    for part in parts.choices.values():
        part.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Make, remove, bring or list communities.

    Raises:
        FormatError, LimitError: what is brought cannot be read, or is too much; nothing was stored.
        RequestError: too many or too few listeners are asked for.
        StoreError: the data base refuses; nothing was stored.
    """
    from core.store.store import Store

    store = Store()
    if args.part == "list":
        return _list(args, store.imports.communities())
    if args.part == "remove":
        return _say(args, {"community": args.name, "removed": store.imports.remove_community(args.name)})
    if args.part == "make":
        from core.taste.community import make
        from core.taste.features import catalogue_features

        with Bar("describing") as bar:
            table = catalogue_features(bar)
        with Bar("making") as bar:
            brought = make(store, table, args.listeners, args.seed, bar)
    else:
        from core.taste.community_import import import_community

        with Bar("importing") as bar:
            brought = import_community(store, Path(args.path), bar)
    listeners = store.imports.communities()[brought.community]
    return _say(args, {"community": brought.community, "listeners": listeners, "rows": brought.rows})


def _say(args: argparse.Namespace, facts: dict[str, str | int]) -> int:
    print(json.dumps(facts, ensure_ascii=False) if args.json else ", ".join(f"{name} {value}" for name, value in facts.items()))
    return 0


def _list(args: argparse.Namespace, communities: dict[str, int]) -> int:
    if args.json:
        print(json.dumps(communities, ensure_ascii=False))
    else:
        print_table(("community", "listeners"), [(name, str(count)) for name, count in communities.items()])
    return 0
