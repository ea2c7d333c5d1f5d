"""Files that must not be read as music: each is refused at once, with a message that says what to do."""

from __future__ import annotations

import io
import random
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import FormatError, InputError, LimitError
from core.score import Score
from core.score.musicxml_file import MAX_BYTES, MAX_NOTES, MAX_PIECES
from core.score.musicxml_reader import read_musicxml
from tests.score.musicxml_samples import attributes, mxl, note, part, rest, score

GOOD = score(part(
    attributes() + note("C", 4, 4, "<tie type='start'/>") + note("E", 4, 4, "chord") + rest(12),
    attributes(3, -2, "", "3", "8") + note("C", 4, 1),
    "<backup><duration>4</duration></backup>" + note("G", 5, 16),
))


def with_attributes(text: str) -> bytes:
    return score(part(f"<attributes>{text}</attributes>" + note("C", 4, 4)))


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return buffer.getvalue()


def lzma_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.xml", GOOD)
    return buffer.getvalue()


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))

BROKEN: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \n ",
    "random": random.Random(1).randbytes(1_000_000),
    "text": b"X:1\nK:C\nCDEF|",
    "html": b"<html><body>score</body></html>",
    "truncated xml": GOOD[: len(GOOD) // 2],
    "truncated zip": mxl(GOOD)[:200],
    "zip without a score": zipped(readme_txt=b"hello"),
    "zip of nonsense": zipped(score_xml=b"\xff\xfe\x00"),
    "lzma zip": lzma_zip(),
    "container leads out": mxl(b"<x/>", "score.xml", '<container><rootfile full-path="../../../etc/passwd"/></container>'),
    "external entity": b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><score-partwise>&x;</score-partwise>',
    "laughs": f'<!DOCTYPE s [<!ENTITY l0 "ha">{LAUGHS}]><score-partwise>&l9;</score-partwise>'.encode(),
    "laughs in UTF-16": f'<!DOCTYPE s [<!ENTITY l0 "ha">{LAUGHS}]><score-partwise>&l9;</score-partwise>'.encode("utf-16"),
    "unknown entity": b"<score-partwise>&nbsp;</score-partwise>",
    "wrong encoding": b'<?xml version="1.0" encoding="UTF-8"?><score-partwise>\xff\xfe\xfd</score-partwise>',
    "no such encoding": b'<?xml version="1.0" encoding="klingon"?><score-partwise/>',
    "codec that is no encoding": b'<?xml version="1.0" encoding="zlib"?><score-partwise/>',
    "no parts": score(),
    "no measures": score('<part id="P1"/>'),
    "metre 0/0": with_attributes("<time><beats>0</beats><beat-type>0</beat-type></time>"),
    "metre 255/1024": with_attributes("<time><beats>255</beats><beat-type>1024</beat-type></time>"),
    "metre of words": with_attributes("<time><beats>four</beats><beat-type>4</beat-type></time>"),
    "divisions 0": with_attributes("<divisions>0</divisions>"),
    "divisions of words": with_attributes("<divisions>x</divisions>"),
    "endless divisions": with_attributes(f"<divisions>{'9' * 6000}</divisions>"),
    "tempo 0": score(part(attributes() + '<sound tempo="0"/>' + note("C", 4, 4))),
    "tempo infinite": score(part(attributes() + '<sound tempo="1e999"/>' + note("C", 4, 4))),
    "negative duration": score(part(attributes() + note("C", 4, -4))),
    "note of a year": score(part(attributes(1) + note("C", 4, 10**9))),
    "pitch out of range": score(part(attributes() + note("C", 99, 4))),
    "step H": score(part(attributes() + note("C", 4, 4).replace("<step>C", "<step>H"))),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused_at_once(name: str) -> None:
    begin = time.perf_counter()
    with pytest.raises(FormatError) as caught:
        read_musicxml(BROKEN[name])
    assert time.perf_counter() - begin < 2
    assert caught.value.expected
    assert caught.value.got


def many_notes() -> bytes:
    return score(part(attributes() + note("C", 4, 1) * (MAX_NOTES + 1)))


HUGE = {
    "long text": lambda: b"<score-partwise>" + b" " * MAX_BYTES + b"</score-partwise>",
    "zip bomb": lambda: mxl(b" " * (8 * MAX_BYTES)),
    "bomb in the container": lambda: mxl(GOOD, container=" " * (2 * MAX_BYTES)),
    "many notes": many_notes,
    "many tags": lambda: b"<score-partwise>" + b"<a/>" * (MAX_PIECES + 1) + b"</score-partwise>",
    "many measures": lambda: score(part(*["<print/>"] * 25_000)),
    "long piece": lambda: score(part(attributes(1), *[note("C", 4, 10**4)] * 10)),
}


@pytest.mark.parametrize("name", HUGE)
def test_large_files_are_refused_at_once(name: str) -> None:
    data = HUGE[name]()
    begin = time.perf_counter()
    with pytest.raises(LimitError):
        read_musicxml(data)
    assert time.perf_counter() - begin < 2


def test_deep_nesting_does_no_harm() -> None:
    with pytest.raises(FormatError):
        read_musicxml(b"<a>" * 300_000 + b"</a>" * 300_000)


def outcome(data: bytes) -> Score | str:
    """The score, or what was expected of the file; any other error is let through."""
    try:
        return read_musicxml(data)
    except InputError as error:
        return error.expected


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_mutated_files_give_a_score_or_an_input_error(data: st.DataObject) -> None:
    text = bytearray(data.draw(st.sampled_from([GOOD, mxl(GOOD)])))
    for _ in range(data.draw(st.integers(1, 8))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = min(len(text), start + data.draw(st.integers(0, 20)))
        text[start:end] = data.draw(st.binary(max_size=6) | st.sampled_from([b"9" * 9, b"-1", b"", b"1e308", b"0", b"NaN"]))
        if not text:
            break
    assert outcome(bytes(text))


@given(st.sampled_from(["duration", "divisions", "fifths", "beats", "beat-type", "octave", "alter", "step"]),
       st.text(max_size=8) | st.integers(-(10**12), 10**12).map(str) | st.floats().map(repr))
@settings(max_examples=150, deadline=None)
def test_nonsense_values_give_a_score_or_an_input_error(tag: str, value: str) -> None:
    head, _, tail = GOOD.decode().partition(f"<{tag}>")
    safe = value.replace("&", "").replace("<", "").encode("utf-8", "ignore").decode()
    text = f"{head}<{tag}>{safe}{tail[tail.index('<'):]}"
    assert outcome(text.encode())
