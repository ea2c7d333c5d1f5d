"""`songloom forget`."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--listener", required=True, metavar="NAME", help="an id or a name; all of theirs is removed for good")


def run(args: argparse.Namespace) -> int:
    from core.commands.listeners import named
    from core.store.store import Store

    store = Store()
    gone = store.privacy.forget(named(store, args.listener))
    learned = "; what was learned from all listeners is learned again" if gone.learned else ""
    print(f"forgotten, with {gone.takes} takes{learned}")
    return 0
