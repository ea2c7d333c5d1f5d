"""Whatever is typed gives lyrics or an error that says what to do, and no letter is lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SongloomError
from core.lyrics import Breath, Lyrics, read_lyrics
from core.lyrics.scripts import clean
from core.lyrics.structure import misfits, scheme

LATIN = st.characters(codec="latin-1")
TYPED = st.sampled_from("abcdefghijklmnopqrstuvwxyzé'’-,.?! \n&0123456789[]()爱月亮不一好吗了樂。，？")
SINGABLE = st.text(st.one_of(TYPED, LATIN), max_size=60)
PIECES = st.lists(
    st.sampled_from(["love", "th'", "o'er", "heav'n", "21st", "3.5", "2008年", "不好", "一起", "Straße", "ﬁre", "n̈", "月̈亮",
                     "BBC", "'tis", "[Chorus]", "\n", "\n\n", " ", ",", "?", "。", "<b>", "x" * 30, "𝓁ove", "Ａ", "rhythm", "hmm",
                     "〇", "ß", "I'd've"]),
    max_size=25,
).map("".join)  # fmt: skip


def check(lyrics: Lyrics, text: str) -> None:
    assert [line.number for line in lyrics.lines] == list(range(len(lyrics.lines)))
    cleaned = clean(text).split("\n")
    for line in lyrics.lines:
        assert line.text in cleaned
        assert line.syllables[-1].breath in (Breath.LINE, Breath.SECTION)
        for word in line.words:
            assert "".join(syllable.text for syllable in word.syllables) == word.text
            assert all((syllable.tone is None) != (syllable.stress is None) for syllable in word.syllables)
    assert len(lyrics.places) == len(lyrics.syllables)
    assert len(misfits(lyrics)) <= len(lyrics.lines)
    assert all(len(scheme(section)) == len(section.lines) for section in lyrics.sections)


def outcome(text: str) -> Lyrics | SongloomError:
    try:
        return read_lyrics(text)
    except SongloomError as error:
        return error


@given(st.one_of(st.text(max_size=80), SINGABLE, PIECES))
@settings(deadline=None, max_examples=450)
def test_any_text_gives_lyrics_or_says_why_not(text: str) -> None:
    found = outcome(text)
    if isinstance(found, SongloomError):
        assert found.expected
        assert found.got
        assert found.todo
    else:
        check(found, text)
