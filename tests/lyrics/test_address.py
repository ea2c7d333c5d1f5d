"""A program of the user's own that writes lines: what is sent, what comes back, what is refused."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from core.errors import Cancelled, FormatError, GenerationError, LimitError, MissingError, RequestError, SongloomError
from core.lyrics import read_lyrics
from core.lyrics.address import MOST_BYTES, Address, ask, lines_of
from core.lyrics.suggest import wish

ASKED = wish(read_lyrics("The morning sun is on the hill"))
KEY = "sk-very-secret"


@dataclass
class Program:
    """A tiny server: what it answers, and what it was sent."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    sent: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    wait: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def says(self, content: object) -> None:
        self.body = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


@pytest.fixture
def program() -> Iterator[Program]:
    state = Program()
    state.wait.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.sent.append((self.path, dict(self.headers), json.loads(body)))
            state.wait.wait(20)
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(state.body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that left is no news."""

    server = Quiet(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    state.wait.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_lines_come_back_and_only_what_is_said_is_sent(program: Program) -> None:
    program.says("1. The fields are wide\n2) \"The river and the old stone mill\"\n- 🙂\n\nThe village and the fields are still")
    found = ask(Address(program.url, "llama", KEY), ASKED)
    assert [line.text for line in found] == ["The river and the old stone mill", "The village and the fields are still",
                                             "The fields are wide"]
    assert [line.rhymes for line in found] == [True, True, False]
    ((path, headers, body),) = program.sent
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert body["model"] == "llama"
    assert "The morning sun is on the hill" in body["messages"][1]["content"]
    assert set(body) == {"model", "messages", "max_tokens", "temperature", "stream"}


def test_without_a_key_none_is_sent(program: Program) -> None:
    program.says("The river and the old stone mill")
    ask(Address(program.url + "/", "llama"), ASKED)
    assert "Authorization" not in program.sent[0][1]
    assert program.sent[0][0] == "/v1/chat/completions"


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (401, b"{}", RequestError, "key"),
        (403, b"", RequestError, "key"),
        (404, b"", RequestError, "404"),
        (429, b"", RequestError, "429"),
        (500, b"oh no", FormatError, "500"),
        (200, b"<html><script>alert(1)</script></html>", FormatError, "chat completions"),
        (200, b"", FormatError, "chat completions"),
        (200, b'{"choices": []}', FormatError, "chat completions"),
        (200, b'{"choices": [{"message": {"content": null}}]}', FormatError, "chat completions"),
        (200, b'{"choices": "x"}', FormatError, "chat completions"),
        (200, b"[" * 100_000, FormatError, "chat completions"),
        (200, b"\xff\xfe\x00", FormatError, "chat completions"),
        (200, b"x" * (MOST_BYTES + 1), LimitError, "larger"),
    ],
)
def test_answers_that_are_none(program: Program, status: int, body: bytes, error: type[SongloomError], words: str) -> None:
    program.status, program.body = status, body
    with pytest.raises(error, match=words) as raised:
        ask(Address(program.url, "llama", KEY), ASKED)
    assert KEY not in str(raised.value)


@pytest.mark.parametrize("content", ["", "\n\n", "🙂 🙃", "שלום עולם", "x" * 5000, "a" * 90 + " b", "\x00\x1b[\u202e"])
def test_an_answer_without_a_line_that_can_be_sung(program: Program, content: str) -> None:
    program.says(content)
    with pytest.raises(GenerationError):
        ask(Address(program.url, "llama"), ASKED)


def test_html_and_control_characters_are_text(program: Program) -> None:
    program.says("<script>alert(1)</script>\r\nA song\x00 of\u202e the \x1b[31mhill\n" + "la " * 3000)
    found = {line.text for line in ask(Address(program.url, "llama"), ASKED)}
    assert found == {"<script>alert(1)</script>", "A song of the [31mhill"}


def test_a_redirection_is_not_followed(program: Program) -> None:
    program.status, program.headers = 302, {"Location": "http://127.0.0.1:9/stolen"}
    with pytest.raises(FormatError, match="302"):
        ask(Address(program.url, "llama", KEY), ASKED)
    assert len(program.sent) == 1


def test_slowness_has_an_end(program: Program) -> None:
    program.wait.clear()
    with pytest.raises(MissingError, match="seconds"):
        ask(Address(program.url, "llama"), ASKED, seconds=0.2)


def test_waiting_can_be_stopped(program: Program) -> None:
    program.wait.clear()

    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        ask(Address(program.url, "llama"), ASKED, progress=stop)


def test_nobody_there(program: Program, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(MissingError, match="cannot be reached") as raised:
        ask(Address("http://127.0.0.1:9/v1", "llama", KEY), ASKED)
    program.says("The river and the old stone mill")
    address = Address(program.url, "llama", KEY)
    ask(address, ASKED)
    assert KEY not in str(raised.value) + repr(address) + caplog.text


@pytest.mark.parametrize(
    "url",
    ["", "localhost:11434", "ftp://localhost", "file:///etc/passwd", "http://", "http://me:secret@host/v1", "http://host/v1?a=b",
     "http://host/v1#a", "http://host:99999", "http://ho st/", "http://höst/", "http://[::1", "http://h/" + "a" * 600,
     "javascript:alert(1)",
     "http://host\n/v1"],
)  # fmt: skip
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(RequestError) as raised:
        Address(url, "llama")
    assert "secret" not in str(raised.value)


def test_a_model_has_a_name_and_a_key_is_plain() -> None:
    for model, key in (("", ""), (" ", ""), ("a" * 300, ""), ("llama", "schlüssel"), ("llama", "a\nb")):
        with pytest.raises(RequestError):
            Address("http://localhost/v1", model, key)


def test_whether_words_leave_this_machine() -> None:
    assert all(Address(url, "m").is_here for url in ("http://localhost:1/v1", "http://127.0.0.1/v1", "http://[::1]:8/v1"))
    assert not any(Address(url, "m").is_here for url in ("http://10.0.0.1/v1", "https://api.example.com/v1", "http://localhost.evil.com"))
    assert Address("https://api.example.com:8080/v1", "m").host == "api.example.com:8080"
    assert Address("https://api.example.com/v1/chat/completions", "m").endpoint == "https://api.example.com/v1/chat/completions"


def test_numbers_and_quotation_marks_go() -> None:
    found = lines_of("1. one\n(2) two\n3、三\n* four\n“five”\n\n12 drummers", 5)
    assert found == ["one", "two", "三", "four", "five", "12 drummers"]
    assert len(lines_of("\n".join(f"line {n}" for n in range(999)), 5)) == 20
