"""Next lines from a program that the user runs or pays for: an address that speaks the protocol of OpenAI's chat completions
(`POST …/chat/completions`), as Ollama, llama.cpp, vLLM and many services do.

Nothing is sent but by `ask`. What is sent: the lines before the next one, and what it should be like. Redirections are not
followed, proxies of the environment not used, so that words and key go to the address alone. The answer is text that a
stranger wrote: it is limited in size, cleaned, and read as any lyrics are.
"""

from __future__ import annotations

import ipaddress
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from core.errors import FormatError, GenerationError, LimitError, MissingError, RequestError
from core.lyrics.scripts import clean
from core.lyrics.suggest import SUGGESTIONS, NextLine, Wish, told

SECONDS = 30.0
"""In which an answer has to be there."""
MOST_BYTES = 200_000
"""Of an answer."""
MOST_LETTERS = 200
"""Of a line."""
TOLD_LINES = 24
_POLL = 0.1
_SIGNS = re.compile(r"^\s*(?:[-*•·]|\(?\d{1,2}[.):、]|\[\d{1,2}\])\s*")
_QUOTES = "\"“”'‘’「」『』`*_ "

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a program writes lines.

    Attributes:
        url: to which `/chat/completions` is joined, such as `http://localhost:11434/v1`; http or https.
        model: the name that the program knows its model by.
        key: sent as a bearer token where there is one; never shown.

    Raises:
        RequestError: an address or a name that cannot be used.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        plain = self.url.isascii() and self.url.isprintable() and " " not in self.url and len(self.url) <= 500
        if not plain or parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
            raise RequestError("An address that begins with http:// or https:// is needed", f"got {_short(self.url)}",
                               "Such as http://localhost:11434/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise RequestError("An address without name, password and question mark is needed", "it has more than a path",
                               "A key has a field of its own")
        if not self.model.strip() or len(self.model) > 200 or not self.model.isprintable():
            raise RequestError("The name of a model is needed", f"got {_short(self.model)}", "Write it as the program calls it")
        if not (self.key.isascii() and self.key.isprintable() and len(self.key) <= 1000):
            raise RequestError("A key of plain letters and digits is needed", "this one has others", "Copy it again")

    @property
    def host(self) -> str:
        """Where words go, with its port where one is told."""
        return urlsplit(self.url).netloc

    @property
    def endpoint(self) -> str:
        base = self.url.rstrip("/")
        return base if base.endswith("/chat/completions") else f"{base}/chat/completions"

    @property
    def is_here(self) -> bool:
        """Whether it is this machine itself."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


def _short(text: str) -> str:
    return repr(text[:60]) if text else "nothing"


def _never(done: int, total: int) -> None:
    return None


def ask(address: Address, asked: Wish, count: int = SUGGESTIONS, *, seconds: float = SECONDS,
        progress: Progress = _never) -> tuple[NextLine, ...]:
    """Up to `count` lines from the program at the address; those with the syllables and the rhyme come first.

    Args:
        progress: called ten times a second while it waits; may raise to stop, which ends the connection.

    Raises:
        MissingError: nobody answers there, or not in time.
        RequestError: the key or the model is refused, or something else is not accepted.
        FormatError: the answer is not what the protocol says.
        LimitError: the answer is too large.
        GenerationError: no line in it can be sung.
    """
    body = {"model": address.model, "messages": messages(asked, count), "max_tokens": 60 * count, "temperature": 0.9,
            "stream": False}
    text = _content(_waited(address, body, seconds, progress))
    found = told(lines_of(text, count), asked)
    if not found:
        raise GenerationError("Lines that can be sung are needed", f"the answer of {address.host} has none",
                              "Ask again, or choose another model")
    ranked = sorted((line for line, _ in found), key=lambda line: (bool(asked.key) and not line.rhymes,
                                                                    abs(line.syllables - asked.syllables)))
    return tuple(ranked[:count])


def messages(asked: Wish, count: int) -> list[dict[str, str]]:
    """What is sent, word for word."""
    language = {"en": "English", "zh": "Chinese"}[asked.language]
    unit = "characters" if asked.language == "zh" else "syllables"
    wanted = f"Write {count} different next lines, each of exactly {asked.syllables} {unit}"
    if asked.rhyme is not None:
        wanted += f", each rhyming with \"{asked.rhyme.words[-1].text}\" without using that word"
    before = "\n".join(line.text for line in asked.before[-TOLD_LINES:])
    return [{"role": "system", "content": f"You help to write song lyrics in {language}. Answer with the lines alone, one on "
                                          "each line, without numbers and without comments."},
            {"role": "user", "content": f"{wanted}. The lyrics so far:\n\n{before}"}]


def lines_of(text: str, count: int) -> list[str]:
    """The lines of an answer without numbers, quotation marks and what cannot be seen; at most four times as many as were
    asked for are looked at."""
    found: list[str] = []
    for line in clean(text[: MOST_LETTERS * 4 * count * 2]).split("\n"):
        plain = " ".join(_SIGNS.sub("", line).strip(_QUOTES).split())
        if 0 < len(plain) <= MOST_LETTERS and plain not in found:
            found.append(plain)
    return found[: 4 * count]


def _waited(address: Address, body: dict[str, Any], seconds: float, progress: Progress) -> bytes:
    """The answer's bytes. The request runs in a thread of its own, so that it can be left at any moment."""
    import httpx

    client = httpx.Client(timeout=seconds, follow_redirects=False, trust_env=False)
    box: list[bytes | Exception] = []

    def send() -> None:
        try:
            box.append(b"".join(_pieces(client, address, body)))
        except Exception as error:  # told to the thread that waits
            box.append(error)

    thread = threading.Thread(target=send, name="songloom-address", daemon=True)
    thread.start()
    waited = 0.0
    try:
        while thread.is_alive() and waited < seconds:
            thread.join(_POLL)
            waited += _POLL
            progress(int(1000 * min(waited / seconds, 1)), 1000)
    finally:
        client.close()
    if not box or isinstance(box[0], httpx.TimeoutException):
        raise MissingError(f"An answer of {address.host} is needed within {seconds:g} seconds", "there is none yet",
                           "Try again, or choose a smaller model")
    if isinstance(box[0], httpx.HTTPError | OSError | RuntimeError | httpx.InvalidURL):
        raise MissingError(f"A program that answers at {address.host} is needed", "it cannot be reached",
                           "See whether it runs and the address is right") from None
    if isinstance(box[0], Exception):
        raise box[0]
    return box[0]


def _pieces(client: Any, address: Address, body: dict[str, Any]) -> Iterator[bytes]:
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {address.key}"} if address.key else {})
    with client.stream("POST", address.endpoint, json=body, headers=headers) as answer:
        _check(address, answer.status_code)
        size = 0
        for piece in answer.iter_bytes():
            size += len(piece)
            if size > MOST_BYTES:
                raise LimitError(f"An answer of up to {MOST_BYTES // 1000} kB is needed", f"that of {address.host} is larger",
                                 "Choose another address or model")
            yield piece


def _check(address: Address, status: int) -> None:
    """Raise what a status tells."""
    if status in (401, 403):
        raise RequestError(f"A key that {address.host} takes is needed", f"it refused this one ({status})", "Correct the key")
    if status == 404:
        raise RequestError(f"An address and a model that {address.host} has are needed", "it found none (404)",
                           "Correct the address, which often ends in /v1, or the name of the model")
    if status == 429:
        raise RequestError(f"{address.host} must have time", "it asks to wait (429)", "Try again later")
    if status != 200:
        raise FormatError(f"An answer with lines is needed from {address.host}", f"it answered with status {status}",
                          "Correct the address, or try again later")


def _content(data: bytes) -> str:
    """The text of the first choice."""
    try:
        answer = json.loads(data)
        content = answer["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        content = None
    if not isinstance(content, str):
        raise FormatError("An answer in the form of chat completions is needed", "this one is not",
                          "Correct the address, which often ends in /v1")
    return content
