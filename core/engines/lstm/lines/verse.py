"""Song texts and verse to learn from, as works of lines, each in one split; works that are held out share no line with
those that are learned from."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from core.corpora.folder import DataFolder
from core.corpora.lieder import Lieder
from core.corpora.openewld import OpenEwld
from core.corpora.split import TEST, TRAIN, VALID, read_source, split_of
from core.corpora.types import Source
from core.engines.lstm.lines import gutenberg
from core.engines.lstm.song.aligned import align
from core.errors import InputError
from core.lyrics.chinese import simplified

SPLITS = (TRAIN, VALID, TEST)
CACHE = Path(".cache/verse")
GUTENBERG_LINES = 600_000
"""As many as one shared core reads in half an hour, and a filter of half a megabyte remembers."""
_BLOCK = 20_000
"""Lines of Gutenberg in one split: it does not tell where a book ends."""
_SHARED = 3
"""Words, or Chinese characters, from which on a line counts as shared."""
_SIGNS = "，。！？；、：“”‘’「」『』《》〈〉（）()[]【】—…·,.!?;:\"' 　"
_CLAUSES = re.compile("[，。！？；、：]")
_HAN = re.compile("^[\u4e00-\u9fff]+$")
_WORDS = re.compile(r"[a-z]+(?:['’][a-z]+)*['’]?", re.IGNORECASE)
_ELIDED = re.compile(r"(^|[\s\"“(—-])['‘’](tis|twas|twill|twere|neath|mid|mong|gainst|til)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Work:
    """A text: where it is from, and its lines as lists of units (words in lower case, or characters)."""

    source: str
    name: str
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Verse:
    """Works by split, and how many lines were taken out because a held-out work has them too."""

    works: dict[str, list[Work]]
    removed: int
    cases: dict[str, str]
    """English: a word in lower case as it is mostly written within a line, where that is otherwise (God, I)."""

    def counts(self, split: str) -> dict[str, int]:
        """Lines by source."""
        found: dict[str, int] = {}
        for work in self.works[split]:
            found[work.source] = found.get(work.source, 0) + len(work.lines)
        return found


def words_of(line: str) -> tuple[str, ...]:
    """The words of an English line in lower case, apostrophes typed."""
    plain = _ELIDED.sub(r"\1\2", line.replace("’", "'").replace("‘", "'"))
    return tuple(word.casefold().rstrip("'") if not word.casefold().endswith("in'") else word.casefold()
                 for word in _WORDS.findall(plain))


def characters_of(line: str) -> tuple[str, ...]:
    """The characters of a Chinese line, simplified, without signs; () where something else stands among them."""
    plain = simplified("".join(letter for letter in line if letter not in _SIGNS))
    return tuple(plain) if _HAN.match(plain) else ()


def english(folder: DataFolder, common: frozenset[str], say: Callable[[str], None] = lambda text: None) -> Verse:
    """Hymns with all their verses, the English texts of OpenScore Lieder and OpenEWLD, verse of Project Gutenberg where it
    is at hand.

    Raises:
        DataMissingError: the hymnal, the Lieder or OpenEWLD are not at hand.
    """
    raw: list[tuple[str, str, list[str]]] = [("hymnal", name, text) for name, text in hymns(folder)]
    for source in (Lieder(), OpenEwld()):
        raw += [(source.id, name, text) for name, text in _sung(source, folder, common)]
    say(f"{len(raw)} songs")
    verse: list[tuple[str, str, list[str]]] = []
    if gutenberg.is_at_hand(folder):
        found = gutenberg.stanzas(gutenberg.lines(folder), common, GUTENBERG_LINES)
        at = 0
        for run in found:
            verse.append(("gutenberg", f"gutenberg {at // _BLOCK}", list(run)))
            at += len(run)
        say(f"{at} lines of Project Gutenberg in {len(found)} runs")
    works = [Work(source, name, tuple(line for text in texts if 2 <= len(line := words_of(text)) <= 16))
             for source, name, texts in (*raw, *verse)]
    return _split([work for work in works if work.lines], _cases([line for _, _, texts in (*raw, *verse) for line in texts]))


def chinese(folder: DataFolder) -> Verse:
    """The collection chinese-poetry: a line is what stands between signs, 2 to 14 characters.

    Raises:
        DataMissingError: the collection is not at hand.
    """
    works = [Work(path.parent.name, name, tuple(lines)) for path in sorted(folder.path("chinese-poetry").rglob("*.json"))
             for name, lines in _poems(path)]
    return _split(works, {})


def kept(language: str, folder: DataFolder, make: Callable[[], Verse]) -> Verse:
    """What was made of the collections, from the cache as long as neither the data nor this code changes: what else reads
    scores and lyrics changes often and these lines hardly."""
    data = [(place.name, place.stat().st_mtime_ns) for place in sorted(folder.root.iterdir())] if folder.root else []
    code = [Path(module).read_bytes() for module in (__file__, gutenberg.__file__)]
    state = sha256(repr((code, str(folder.root), data)).encode()).hexdigest()[:16]
    path = CACHE / f"{language}-{state}.pickle"
    if path.is_file():
        found: Verse = pickle.loads(path.read_bytes())
        return found
    verse = make()
    CACHE.mkdir(parents=True, exist_ok=True)
    for old in CACHE.glob(f"{language}-*.pickle"):
        old.unlink()
    part = path.with_suffix(".part")
    part.write_bytes(pickle.dumps(verse, protocol=pickle.HIGHEST_PROTOCOL))
    part.replace(path)
    return verse


def _poems(path: Path) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return
    for row in rows if isinstance(rows, list) else []:
        given = next((row[key] for key in ("paragraphs", "content", "para") if isinstance(row, dict) and key in row), None)
        if not isinstance(given, list):
            continue
        lines = [characters_of(part) for text in given if isinstance(text, str) for part in _CLAUSES.split(text)]
        lines = [line for line in lines if 2 <= len(line) <= 14]
        title = str(row.get("title") or row.get("rhythmic") or "")
        # The songs of one play of the Yuan are one work.
        name = title.split("・")[0] if path.parent.name == "元曲" else title
        if len(lines) > 1:
            yield f"{row.get('author', '')} {name} {'' if path.parent.name == '元曲' else ''.join(lines[0])}", lines


def hymns(folder: DataFolder) -> Iterator[tuple[str, list[str]]]:
    """Every hymn of the Open Hymnal: its title, and the lines of all its verses."""
    for path in sorted((folder.path("open-hymnal") / "Complete").rglob("*.abc")):
        text = path.read_text(encoding="latin-1")
        title = next((line[2:].strip() for line in text.splitlines() if line.startswith("T:")), path.stem)
        lines = [line for verse in _verses(text) for line in verse]
        if lines:
            yield title, lines


def _verses(text: str) -> list[list[str]]:
    """The verses of a tune as lines: those under the notes, then those behind the tune."""
    metre = [int(number) for number in re.findall(r"\d+", next(
        (line for line in text.splitlines() if line.startswith("%OHMETRICAL")), ""))]
    sung: dict[int, list[str]] = {}
    at = 0
    for line in text.splitlines():
        if line.startswith("w:"):
            sung.setdefault(at, []).extend(re.sub(r"^\s*\d+\.~?", "", line[2:]).replace("~", " ").split())
            at += 1
        elif not line.startswith("%"):
            at = 0
    found = [_lines(syllables, metre) for _, syllables in sorted(sung.items())]
    behind: list[str] = []
    for line in [*(line[2:].strip() for line in text.splitlines() if line.startswith("W:")), ""]:
        if line:
            behind.append(re.sub(r"^\d+\.\s*", "", line))
        elif behind:
            found.append(behind)
            behind = []
    return found


def _lines(syllables: Sequence[str], metre: Sequence[int]) -> list[str]:
    """Syllables under notes to lines: by the metre of the hymn where it fits, else where punctuation meets a capital."""
    words: list[tuple[str, int]] = []
    open_ = ""
    count = 0
    for part in syllables:
        if not re.search(r"[^\W\d_]", part):
            continue
        open_, count = open_ + part.rstrip("-"), count + 1
        if not part.endswith("-"):
            words.append((open_.replace("\\", ""), count))
            open_, count = "", 0
    ends = list(_sums(metre))
    fits = bool(ends) and ends[-1] == sum(count for _, count in words)
    out: list[list[str]] = [[]]
    at = since = 0
    for index, (word, count) in enumerate(words):
        out[-1].append(word)
        at, since = at + count, since + count
        following = words[index + 1][0] if index + 1 < len(words) else ""
        stops = word[-1] in ",.;:!?" and following.lstrip("\"'“‘(")[:1].isupper() and since > 3
        if (at in ends) if fits else stops:
            out.append([])
            since = 0
    return [" ".join(line) for line in out if line]


def _sums(metre: Sequence[int]) -> Iterator[int]:
    total = 0
    for count in metre:
        total += count
        yield total


def _sung(source: Source, folder: DataFolder, common: frozenset[str]) -> Iterator[tuple[str, list[str]]]:
    """English words under the notes of a source's songs, line by line."""
    for piece in read_source(source, folder):
        lyrics = max((track.lyrics for track in piece.score.tracks), key=len, default=())
        words = " ".join(lyric.text for lyric in lyrics if lyric.syllabic in ("single", "end")).casefold().split()
        usual = sum(word.strip(",.;:!?'’") in common for word in words)
        if len(words) < 12 or usual < 0.6 * len(words):  # so that songs in German cost no reading
            continue
        try:
            song = align(piece.score, "en").lyrics
        except InputError:
            continue
        yield piece.title, [line.text for line in song.lines]


def _split(works: Sequence[Work], cases: dict[str, str]) -> Verse:
    """Works by the hash of their name; lines that a held-out work has too go out of what is learned from."""
    found: dict[str, list[Work]] = {split: [] for split in SPLITS}
    for work in works:
        found[split_of(f"{_plain(work.name)}")].append(work)
    held = {line for split in (VALID, TEST) for work in found[split] for line in work.lines if len(line) >= _SHARED}
    kept, removed = [], 0
    for work in found[TRAIN]:
        lines = tuple(line for line in work.lines if line not in held)
        removed += len(work.lines) - len(lines)
        if lines:
            kept.append(Work(work.source, work.name, lines))
    seen = {line for work in found[VALID] for line in work.lines if len(line) >= _SHARED}
    test = [Work(work.source, work.name, tuple(line for line in work.lines if line not in seen)) for work in found[TEST]]
    return Verse({TRAIN: kept, VALID: found[VALID], TEST: [work for work in test if work.lines]}, removed, cases)


def _plain(name: str) -> str:
    return re.sub(r"\W+", " ", name.casefold()).strip()


def _cases(lines: Sequence[str]) -> dict[str, str]:
    """Words that stand within lines mostly with a capital."""
    forms: dict[str, dict[str, int]] = {}
    for line in lines:
        for word in _WORDS.findall(line.replace("’", "'"))[1:]:
            own = forms.setdefault(word.casefold(), {})
            own[word] = own.get(word, 0) + 1
    usual = {word: max(own, key=lambda form: own[form]) for word, own in forms.items()}
    return {word: form for word, form in usual.items() if form != word and not (form.isupper() and len(form) > 1)}
