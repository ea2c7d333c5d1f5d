"""The catalogue is kept as a file, whoever builds it at the same time."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from core.corpora import catalogue


def test_two_threads_may_build_it_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = list(zip(catalogue.tunes(), range(3), strict=False))
    together = Barrier(2)

    def tunes():  # type: ignore[no-untyped-def]
        together.wait(timeout=30)
        return iter([found for found, _ in few])

    monkeypatch.setattr(catalogue, "tunes", tunes)
    with ThreadPoolExecutor(2) as threads:
        built = list(threads.map(catalogue.catalogue.__wrapped__, [tmp_path, tmp_path]))
    assert built[0] == built[1] == catalogue.catalogue.__wrapped__(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
