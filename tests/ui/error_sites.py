"""Every text that core puts into its errors, read from the source as templates with `{}` for what varies."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from core import errors

CORE = Path(errors.__file__).parent
_CLASSES = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.SongloomError)}


def templates(path: Path) -> set[str]:
    """The texts of the errors made in one module; those without any word of their own are left out.

    A name is followed to every text it is given in the module, or to the constant it is imported as.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = _named(tree)
    found = {text for call in _raised(tree) for part in _parts(call) for text in _texts(part, names)}
    return {text for text in found if any(letter.isalpha() for letter in text)}


def words(modules: list[Path]) -> set[str]:
    """Texts handed to a function that puts them into an error: `_need(ok, "a key", got)`."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in modules}
    takes = {path: {node.name: _places(node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
             for path, tree in trees.items()}
    by_module = {path.stem: functions for path, functions in takes.items()}
    found: set[str] = set()
    for path, tree in trees.items():
        known = dict(takes[path])
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                source = by_module.get((node.module or "").rpartition(".")[2], {})
                known |= {alias.name: source[alias.name] for alias in node.names if alias.name in source}
                for alias in node.names:
                    known |= {f"{alias.name}.{name}": places for name, places in by_module.get(alias.name, {}).items()}
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            for place in known.get(ast.unparse(call.func), set()) & set(range(len(call.args))):
                found |= set(_texts(call.args[place], {}))
    return {text for text in found if any(letter.isalpha() for letter in text)}


def _raised(tree: ast.AST) -> list[ast.Call]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in _CLASSES]


def _parts(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _places(function: ast.FunctionDef) -> set[int]:
    """Which arguments of a function are in the errors that it makes."""
    used = {node.id for call in _raised(function) for part in _parts(call) for node in _bare(part)}
    return {place for place, argument in enumerate(function.args.args) if argument.arg in used}


def _bare(part: ast.expr) -> Iterator[ast.Name]:
    """Names that are a whole text, or fill a hole of one as they are."""
    values = part.values if isinstance(part, ast.JoinedStr) else []
    inner = [hole.value for hole in values if isinstance(hole, ast.FormattedValue)]
    yield from (node for node in [part, *inner] if isinstance(node, ast.Name))


def _named(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """Name to what it is set to anywhere in the module; imported constants come from their own module."""
    names: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name, value in _pairs(target, node.value):
                    names.setdefault(name, []).append(value)
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Tuple):
            for row in _rows(node.iter, tree):
                for name, value in _pairs(node.target, row):
                    names.setdefault(name, []).append(value)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("core."):
            source = CORE.parent / f"{(node.module or '').replace('.', '/')}.py"
            wanted = {alias.name for alias in node.names if alias.name.isupper()}
            if wanted and source.is_file():
                for name, values in _named(ast.parse(source.read_text(encoding="utf-8"))).items():
                    if name in wanted:
                        names.setdefault(name, []).extend(values)
    return names


def _rows(table: ast.expr, tree: ast.Module) -> Iterator[ast.expr]:
    """The rows of a tuple that is looped over, be it a constant of the module."""
    if isinstance(table, ast.Name):
        for node in tree.body:
            if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [table.id]:
                yield from _rows(node.value, tree)
    elif isinstance(table, ast.Tuple):
        yield from table.elts


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for inner, part in zip(target.elts, value.elts, strict=False):
            yield from _pairs(inner, part)


def _texts(node: ast.expr, names: dict[str, list[ast.expr]]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, names)
        yield from _texts(node.orelse, names)
    elif isinstance(node, ast.Name):
        for value in names.get(node.id, ()):
            yield from _texts(value, names)
