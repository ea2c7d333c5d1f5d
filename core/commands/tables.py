"""Plain tables for the terminal, in columns that hold in Chinese too."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows of texts under a head, columns aligned, two spaces apart."""
    table = [head, *rows]
    widths = [max(width(row[column]) for row in table) for column in range(len(head))]
    for row in table:
        cells = (cell + " " * (widths[column] - width(cell)) for column, cell in enumerate(row))
        print("  ".join(cells).rstrip())


def width(text: str) -> int:
    """Columns that a text takes in a terminal: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
