"""Who may import whom, read from the source; and files that stay small enough to read at once."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAX_LINES = 400

FOLDERS = ("core", "ui", "pages", "tests", "benchmarks", "tools")

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    # package: what of ours it may import, the most special rule first
    "core.errors": (),
    "core.score": ("core.errors", "core.score"),
    "core.analysis": ("core.errors", "core.score", "core.analysis"),
    "core.lyrics": ("core.errors", "core.lyrics", "core.analysis.sentiment"),
    "core.corpora": ("core.errors", "core.score", "core.corpora", "core.analysis.chords", "core.analysis.sections"),
    "core.rights": ("core.errors", "core.score", "core.analysis", "core.corpora", "core.audio", "core.report",
                    "core.options", "core.engines.protocol", "core.engines.request_io", "core.rights"),
    "core.insight": ("core.errors", "core.score", "core.analysis", "core.corpora", "core.rights", "core.audio", "core.report",
                     "core.weights", "core.engines.protocol", "core.card", "core.options", "core.insight"),
    "core.weights": ("core.errors",),
    "core.card": ("core.corpora", "core.report"),
    "core.options": ("core.errors", "core.report", "core.weights"),
    "core.engines": ("core.report", "core.errors", "core.weights", "core.card", "core.options", "core.score",
                     "core.corpora", "core.analysis", "core.rights", "core.lyrics", "core.engines"),
    "core.audio.evaluation": ("core.errors", "core.score", "core.audio", "core.corpora", "core.report", "core.options",
                              "core.weights", "core.card", "core.engines.lstm.training"),
    "core.audio": ("core.errors", "core.score", "core.audio", "core.analysis.key", "core.engines.protocol", "core.weights"),
    "core.store": ("core.errors", "core.store"),
    "core.jobs": ("core.errors", "core.jobs", "core.engines.protocol", "core.engines.registry"),
    "core.taste.protocol": ("core.errors",),
    "core.taste.models": ("core.errors", "core.taste.protocol", "core.taste.models", "core.taste.registry", "core.taste.ranking"),
    "core.taste": ("core.errors", "core.score", "core.corpora", "core.analysis", "core.audio", "core.engines", "core.jobs",
                   "core.store", "core.report", "core.options", "core.taste"),
    "core.report": (),
    "core": ("core",),
    "ui": ("core", "ui"),
    "pages": ("core", "ui"),
    "app": ("core", "ui", "pages"),
    "benchmarks": ("core", "benchmarks"),
}

OURS = ("core", "ui", "pages", "app", "tests", "benchmarks")


def sources() -> list[Path]:
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))] + sorted(ROOT.glob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    """Every module that a file imports anywhere in it, also by name in `from package import module`."""
    found: set[str] = set()
    module = module_of(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            found.update(f"{base}.{alias.name}" for alias in node.names)
    return found


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def rule_for(module: str) -> tuple[str, ...] | None:
    return next((allowed for package, allowed in MAY_IMPORT.items() if within(module, package)), None)


def wrong_imports(module: str, imported: set[str]) -> list[str]:
    allowed = rule_for(module)
    ours = {name for name in imported if name.split(".")[0] in OURS}
    wrong = [] if allowed is None else [name for name in ours if not any(within(name, package) for package in allowed)]
    if within(module, "core"):
        wrong += [name for name in imported if within(name, "streamlit")]
    return sorted(wrong)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_dependencies_go_one_way(path: Path) -> None:
    assert wrong_imports(module_of(path), imports(path)) == []


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize(
    ("module", "imported"),
    [("core.score.midi", "core.corpora.types"), ("core.engines.lstm.engine", "core.store"), ("core.cli", "streamlit.testing"),
     ("core.doctor", "ui.texts"), ("ui.roll", "pages.compose"), ("core.corpora.bach", "core.analysis.key"),
     ("core.jobs.local", "core.store")],
)
def test_the_rules_catch(module: str, imported: str) -> None:
    assert wrong_imports(module, {imported}) == [imported]


def test_the_sources_are_found() -> None:
    assert len(sources()) > 50
    assert {"core.cli", "core.score.types"} <= {module_of(path) for path in sources()}
    assert "core.audio.fluid.RATE" in imports(ROOT / "core" / "audio" / "export.py")
