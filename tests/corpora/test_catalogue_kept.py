"""The catalogue is kept as a file, whoever builds it at the same time."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from core.corpora import catalogue


def test_two_threads_may_build_it_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = [found for found, _ in zip(catalogue.tunes(), range(3), strict=False)]
    together, replace = Barrier(2), Path.replace

    def meet(part: Path, target: Path) -> Path:
        together.wait(timeout=30)  # both have written by now
        return replace(part, target)

    monkeypatch.setattr(catalogue, "tunes", lambda: iter(few))
    monkeypatch.setattr(Path, "replace", meet)
    with ThreadPoolExecutor(2) as threads:
        built = list(threads.map(catalogue.catalogue.__wrapped__, [tmp_path, tmp_path]))
    assert built[0] == built[1] == catalogue.catalogue.__wrapped__(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
