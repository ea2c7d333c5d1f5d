"""`songloom doctor`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    from core.doctor import examine

    checks = examine()
    if args.json:
        print(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=1))
        return 0
    for check in checks:
        print(f"{'ok     ' if check.ok else 'MISSING'}  {check.name}: {check.found}")
        if check.todo:
            print(f"         {check.todo}")
    missing = sum(not check.ok for check in checks)
    print("Everything is there." if not missing else f"{missing} missing; what to do is said above.")
    return 0
