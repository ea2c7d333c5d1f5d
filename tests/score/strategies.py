"""Hypothesis strategies for scores."""

from __future__ import annotations

from hypothesis import strategies as st

from core.score import CHORD_QUALITIES, MODES, ChordSymbol, Key, Lyric, Metre, Note, Score, Tempo, Track

LAST = 480 * 64

words = st.text(st.characters(codec="utf-8", categories=["L", "N", "S"]), min_size=1, max_size=8)
titles = st.one_of(st.just(""), words, st.sampled_from(["<b>Jig</b>", "Zwölf", "小星星", "a & b"]))


@st.composite
def notes(draw: st.DrawFn, grid: int = 20) -> tuple[Note, ...]:
    """Notes such that no note of a pitch lies within another of that pitch, which MIDI cannot say."""
    found: list[Note] = []
    for _ in range(draw(st.integers(0, 12))):
        start = draw(st.integers(0, LAST // grid)) * grid
        note = Note(start, draw(st.integers(0, 127)), draw(st.integers(1, 96)) * grid, draw(st.integers(1, 127)))
        same = [other for other in found if other.pitch == note.pitch]
        if all((note.start < other.start) == (note.end < other.end) and note.start != other.start for other in same):
            found.append(note)
    return tuple(found)


@st.composite
def lyrics(draw: st.DrawFn) -> tuple[Lyric, ...]:
    """Lyrics whose syllables form whole words."""
    ticks = sorted(draw(st.sets(st.integers(0, LAST), max_size=8)))
    found: list[Lyric] = []
    inside = False
    for index, tick in enumerate(ticks):
        goes_on = index + 1 < len(ticks) and draw(st.booleans())
        syllabic = {(False, False): "single", (False, True): "begin", (True, True): "middle", (True, False): "end"}
        found.append(Lyric(tick, draw(words), syllabic[inside, goes_on], draw(st.booleans())))
        inside = goes_on
    return tuple(found)


@st.composite
def tracks(draw: st.DrawFn, drums: bool | None = None) -> Track:
    return Track(
        notes=draw(notes()),
        name=draw(titles),
        program=draw(st.integers(0, 127)),
        is_drum=draw(st.booleans()) if drums is None else drums,
        volume=draw(st.integers(0, 127)),
        pan=draw(st.integers(0, 127)),
        muted=draw(st.booleans()),
        lyrics=draw(lyrics()),
    )


metres = st.builds(Metre, st.just(0), st.integers(1, 12), st.sampled_from([2, 4, 8, 16]))
keys = st.builds(Key, st.integers(0, LAST), st.integers(0, 11), st.sampled_from(sorted(MODES)))
tempos = st.builds(Tempo, st.integers(0, LAST), st.integers(40, 3000).map(lambda tenths: tenths / 10))
chords = st.one_of(
    st.builds(ChordSymbol, st.integers(0, LAST), st.none()),
    st.builds(
        ChordSymbol,
        st.integers(0, LAST),
        st.integers(0, 11),
        st.sampled_from(sorted(CHORD_QUALITIES)),
        st.none() | st.integers(0, 11),
    ),
)


@st.composite
def scores(draw: st.DrawFn) -> Score:
    """Scores of one to three tracks with at least one note."""
    metre = draw(metres)
    first = Track((Note(draw(st.integers(0, LAST)), draw(st.integers(0, 127)), 240),), draw(titles), draw(st.integers(0, 127)))
    later = draw(st.lists(st.integers(1, 8), max_size=2, unique=True))
    return Score(
        tracks=(first, *draw(st.lists(tracks(), max_size=2))),
        tempos=tuple(draw(st.lists(tempos, max_size=3))),
        metres=(metre, *(Metre(bars * metre.bar_ticks, 3, 4) for bars in later)),
        keys=tuple(draw(st.lists(keys, max_size=3))),
        chords=tuple(draw(st.lists(chords, max_size=5))),
        pickup=draw(st.integers(0, metre.bar_ticks - 1)),
        title=draw(titles),
        composer=draw(titles),
        texts=tuple(draw(st.lists(words, max_size=2))),
    )
