"""The one tree of errors that Songloom raises on purpose.

::

    SongloomError                 what was expected, what came, what to do
    ├── InputError                something the user gave cannot be used
    │   ├── FormatError           a file or text is broken or not what its name says
    │   ├── LimitError            it is well-formed, but larger than the stated limit
    │   └── RequestError          a parameter is out of range, unknown, or contradicts another
    ├── MissingError              something that should be at hand is not
    │   ├── DataMissingError      training or benchmark data
    │   ├── WeightsMissingError   a weight file
    │   └── SoundMissingError     FluidSynth, a soundfont, an encoder
    ├── StoreError                the data base refused, is locked, full or gone
    ├── BusyError                 the queue is full
    ├── GenerationError           an engine could not obey the request
    └── Cancelled                 the user asked to stop

Pages and the command line catch `SongloomError` and show `str(error)`; anything else is a bug.
"""

from __future__ import annotations


class SongloomError(Exception):
    """An error with three parts, joined into one line for people.

    Args:
        expected: what Songloom needed, in the user's words.
        got: what came instead.
        todo: what to do about it.
    """

    def __init__(self, expected: str, got: str = "", todo: str = "") -> None:
        self.expected, self.got, self.todo = expected, got, todo
        what = "; ".join(part.rstrip(".") for part in (expected, got) if part)
        super().__init__(" ".join(f"{part.rstrip('.')}." for part in (what, todo) if part))


class InputError(SongloomError):
    """Something the user gave cannot be used."""


class FormatError(InputError):
    """A file or text is broken, or not what its name says."""


class LimitError(InputError):
    """Well-formed, but larger than the stated limit."""


class RequestError(InputError):
    """A parameter is out of range, unknown, or contradicts another."""


class MissingError(SongloomError):
    """Something that should be at hand is not."""


class DataMissingError(MissingError):
    """Training or benchmark data is not at hand."""


class WeightsMissingError(MissingError):
    """A weight file is not at hand or does not match its card."""


class SoundMissingError(MissingError):
    """FluidSynth, a soundfont or an audio encoder is not at hand."""


class StoreError(SongloomError):
    """The data base refused, is locked, full or gone."""


class BusyError(SongloomError):
    """The queue of jobs is full."""


class GenerationError(SongloomError):
    """An engine could not obey the request."""


class Cancelled(SongloomError):
    """The user asked to stop."""

    def __init__(self) -> None:
        super().__init__("Stopped at your request")
