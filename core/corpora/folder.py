"""Where training and benchmark data lies: a folder of archives, or of what was in them."""

from __future__ import annotations

import os
import tarfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import DataMissingError

ENVIRONMENT = "SONGLOOM_DATA"
_lock = threading.Lock()


@dataclass(frozen=True)
class DataFolder:
    """A folder that holds `NAME.tar.xz` archives as they are, or each unpacked as a folder `NAME`.

    Archives are unpacked once into `cache` (default `.cache/data` under the working folder).
    """

    root: Path | None
    cache: Path = field(default=Path(".cache/data"))

    @classmethod
    def find(cls, given: str | Path | None = None) -> DataFolder:
        """The folder that was given, else the one in `SONGLOOM_DATA`, else none at all."""
        path = given or os.environ.get(ENVIRONMENT)
        return cls(Path(path) if path else None)

    def has(self, name: str) -> bool:
        return self.root is not None and ((self.root / name).is_dir() or (self.root / f"{name}.tar.xz").is_file())

    def path(self, name: str) -> Path:
        """The unpacked folder of the archive `name`.

        Raises:
            DataMissingError: neither the archive nor the folder is there.
        """
        if self.root is None or not self.has(name):
            raise DataMissingError(
                f"The data set {name} is needed here",
                f"it is not in {self.root or 'any data folder'}",
                f"Pass --data DIR or set {ENVIRONMENT} to a folder that holds {name}.tar.xz or {name}/",
            )
        if (self.root / name).is_dir():
            return self.root / name
        target = self.cache / name
        with _lock:
            if not (target / ".complete").exists():
                target.mkdir(parents=True, exist_ok=True)
                with tarfile.open(self.root / f"{name}.tar.xz") as archive:
                    archive.extractall(target, filter="data")
                (target / ".complete").touch()
        return target
