"""Every engine by its id. A new one is one folder in `core/engines` and one line here."""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from core.engines.protocol import Engine
from core.errors import RequestError

if TYPE_CHECKING:
    from core.engines.arranging import Arranger  # it loads numpy, which many commands do without


def _lazy(address: str) -> Callable[[str], Engine]:
    """The class `module:name`, imported only when an engine of it is made."""

    def make(device: str) -> Engine:
        module, name = address.split(":")
        engine: Engine = getattr(import_module(module), name)(device=device)
        return engine

    return make


ENGINES: dict[str, Callable[[str], Engine]] = {
    "lstm": _lazy("core.engines.lstm.engine:LstmEngine"),
    "vae": _lazy("core.engines.vae.engine:VaeEngine"),
    "gan": _lazy("core.engines.gan.engine:GanEngine"),
}
"""Engine id to a function that makes it for a device: `auto`, `cpu`, `cuda` or `mps`."""

COMMANDS: dict[str, str] = {
    "lstm": "core.engines.lstm.commands",
    "vae": "core.engines.vae.commands",
    "gan": "core.engines.gan.commands",
}
"""Engine id to the module with its `add_train_arguments`, `run_train`, `add_evaluate_arguments`
and `run_evaluate`, for the command line."""


def get(engine_id: str, device: str = "auto") -> Engine:
    """A new engine.

    Raises:
        RequestError: no engine has this id.
    """
    if engine_id not in ENGINES:
        raise RequestError(
            f"An engine is one of {', '.join(ENGINES)}", f"got {engine_id!r}", "Choose one of these"
        )
    return ENGINES[engine_id](device)


def _lazy_arranger(address: str) -> Callable[[], Arranger]:
    def make() -> Arranger:
        module, name = address.split(":")
        arranger: Arranger = getattr(import_module(module), name)()
        return arranger

    return make


ARRANGERS: dict[str, Callable[[], Arranger]] = {"gan": _lazy_arranger("core.engines.gan.arrange:GanArranger")}
"""Arranger id to a function that makes it."""

_shared: dict[str, Engine] = {}
_lock = threading.Lock()


def shared(engine_id: str) -> Engine:
    """The engine of this process with an id, made once and shared by all threads.

    Raises:
        RequestError: no engine has this id.
    """
    with _lock:
        if engine_id not in _shared:
            _shared[engine_id] = get(engine_id)
        return _shared[engine_id]


_shared_arrangers: dict[str, Arranger] = {}


def shared_arranger(arranger_id: str = "gan") -> Arranger:
    """The arranger of this process with an id, made once and shared by all threads.

    Raises:
        RequestError: no arranger has this id.
    """
    if arranger_id not in ARRANGERS:
        raise RequestError(
            f"An arranger is one of {', '.join(ARRANGERS)}", f"got {arranger_id!r}", "Choose one of these"
        )
    with _lock:
        if arranger_id not in _shared_arrangers:
            _shared_arrangers[arranger_id] = ARRANGERS[arranger_id]()
        return _shared_arrangers[arranger_id]
