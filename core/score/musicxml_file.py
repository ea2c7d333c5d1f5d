"""From bytes to an XML tree, with the defences that uploads need.

Plain MusicXML and the zipped `.mxl` are told apart by their first bytes. Entities are refused
before parsing (so neither external files nor exponential expansion can be reached), and sizes are
bounded while unpacking, never trusted from the archive's own directory.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from xml.etree import ElementTree

from core.errors import FormatError, LimitError

MAX_BYTES = 24 * 1024 * 1024
"""Largest MusicXML text, unpacked."""
MAX_PIECES = 800_000
"""Most elements and attributes together; a tree of these is built in a second and stays below 300 MB."""
MAX_NOTES = 50_000
"""Most `<note>` elements, rests included."""

_WHAT = "A MusicXML file (.musicxml, .xml or .mxl) is needed"
_EXPORT = "Export the piece again as MusicXML from your notation program"
_CONTAINER = "META-INF/container.xml"
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def musicxml_tree(data: bytes) -> ElementTree.Element:
    """The root element of a MusicXML file, plain or zipped.

    Raises:
        FormatError: not XML, a damaged archive, an unknown encoding, or entities in the text.
        LimitError: larger than `MAX_BYTES`, `MAX_PIECES` or `MAX_NOTES`.
    """
    if not data.strip():
        raise FormatError(_WHAT, "this file is empty", _EXPORT)
    return _tree(_unzip(data) if data[:2] == b"PK" else data)


def _tree(data: bytes) -> ElementTree.Element:
    if len(data) > MAX_BYTES:
        raise _too_large("text", f"{len(data)} bytes", f"{MAX_BYTES} bytes")
    text = _DECLARATION.sub("", _decode(data), count=1)
    if "<!ENTITY" in text:
        raise FormatError("MusicXML without entities is needed", "this file declares its own", _EXPORT)
    pieces, notes = text.count("<") - text.count("</") + text.count("="), text.count("<note")
    if pieces > MAX_PIECES:
        raise _too_large("tags and attributes", str(pieces), str(MAX_PIECES))
    if notes > MAX_NOTES:
        raise _too_large("notes", str(notes), str(MAX_NOTES))
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise FormatError(_WHAT, f"the XML is broken ({error})", _EXPORT) from error


def _too_large(what: str, got: str, limit: str) -> LimitError:
    return LimitError(f"A MusicXML file with at most {limit} of {what} can be read", f"this one has {got}",
                      "Split the piece into movements")


def _decode(data: bytes) -> str:
    """Text by byte order mark, else by the XML declaration, else UTF-8."""
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    encoding = next((name for mark, name in marks if data.startswith(mark)), "")
    if not encoding:
        declared = _DECLARED.match(data[:400].lstrip())
        encoding = declared.group(1).decode("ascii") if declared else "utf-8"
    try:
        # Codecs such as zlib or hex are not text encodings; decode() refuses them with LookupError.
        return data.decode(encoding)
    except (LookupError, UnicodeError) as error:
        raise FormatError(_WHAT, f"the text is not in the encoding {encoding} it claims", _EXPORT) from error


def _unzip(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _bounded(archive, _score_name(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise FormatError(_WHAT, f"the .mxl archive is damaged ({error})", _EXPORT) from error


def _score_name(archive: zipfile.ZipFile) -> str:
    """The member that holds the score: what the container names, else the first .xml outside META-INF."""
    names = archive.namelist()
    if _CONTAINER in names:
        try:
            container = _tree(_bounded(archive, _CONTAINER))
        except FormatError:
            # Programs that do not escape an apostrophe in the file's name break this part alone.
            container = ElementTree.Element("container")
        for element in container.iter():
            path = element.get("full-path", "")
            if element.tag.endswith("rootfile") and path in names:
                return path
    for name in names:
        if name.lower().endswith((".xml", ".musicxml")) and not name.startswith("META-INF/"):
            return name
    raise FormatError(_WHAT, "the .mxl archive holds no score", _EXPORT)


def _bounded(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FormatError("An .mxl archive packed with deflate is needed", "another method was used", _EXPORT)
    with archive.open(info) as member:
        text = member.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        raise _too_large("text", "more, once unpacked", f"{MAX_BYTES} bytes")
    return text
