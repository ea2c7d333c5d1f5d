"""ABC read from small tunes whose music is known."""

from __future__ import annotations

import pytest

from core.errors import FormatError, InputError, LimitError
from core.score import ChordSymbol, Key, Lyric, Metre, Score
from core.score.abc_reader import MAX_BOOK_CHARACTERS, decode_abc, read_abc, read_tunes, split_book
from core.score.files import read_score


def tune(music: str, *, metre: str = "4/4", unit: str = "1/4", key: str = "C", unfold: bool = True) -> Score:
    return read_abc(f"X:1\nT:Test\nM:{metre}\nL:{unit}\nK:{key}\n{music}\n", unfold=unfold)


def pitches(score: Score, track: int = 0) -> list[int]:
    return [note.pitch for note in score.tracks[track].notes]


def lengths(score: Score) -> list[int]:
    return [note.duration for note in score.tracks[0].notes]


def test_octaves_and_lengths() -> None:
    score = tune("C,, C, C c | c' c'' A2 | A/ A// A/4 A3/2 A3")
    assert pitches(score)[:6] == [36, 48, 60, 72, 84, 96]
    assert lengths(score)[6:] == [960, 240, 120, 120, 720, 1440]


def test_accidentals_last_a_bar_and_hold_over_ties() -> None:
    assert pitches(tune("^C C =C C | C _B, B, ^^F | F __A A z", key="C")) == [61, 61, 60, 60, 60, 58, 58, 67, 65, 67, 67]
    tied = tune("^C4- | C4 | C4")
    assert pitches(tied) == [61, 60]
    assert lengths(tied) == [3840, 1920]


@pytest.mark.parametrize(
    ("field", "tonic", "mode", "sounding"),
    [
        ("C", 0, "major", [65, 71]), ("G", 7, "major", [66, 71]), ("Bb", 10, "major", [65, 70]), ("F#m", 6, "minor", [66, 71]),
        ("Ador", 9, "dorian", [66, 71]), ("A Dorian", 9, "dorian", [66, 71]), ("D Mixolydian", 2, "mixolydian", [66, 71]),
        ("Amix", 9, "mixolydian", [66, 71]), ("E Minor", 4, "minor", [66, 71]), ("EMin", 4, "minor", [66, 71]),
        ("Glyd", 7, "lydian", [66, 71]), ("Bphr", 11, "phrygian", [66, 71]), ("F#loc", 6, "locrian", [66, 71]),
        ("HP", 9, "mixolydian", [66, 71]), ("Hp", 9, "mixolydian", [66, 71]), ("D =f", 2, "major", [65, 71]),
        ("D exp _b", 2, "major", [65, 70]), ("Am clef=treble", 9, "minor", [65, 71]), ("EM", 4, "major", [66, 71]),
        ("Es", 3, "major", [65, 70]), ("Aaeo", 9, "minor", [65, 71]), ("Cion", 0, "major", [65, 71]),
    ],
)  # fmt: skip
def test_keys(field: str, tonic: int, mode: str, sounding: list[int]) -> None:
    score = tune("F B z2", key=field)
    assert score.keys == (Key(0, tonic, mode),)
    assert pitches(score) == sounding


def test_no_key_is_unknown() -> None:
    assert tune("F B z2", key="none").keys == ()


def test_broken_rhythm() -> None:
    assert lengths(tune("A>B A<B", unit="1/8")) == [360, 120, 120, 360]
    assert lengths(tune("A>>B A<<B", unit="1/8")) == [420, 60, 60, 420]
    assert lengths(tune("A>{g}B A > B", unit="1/8")) == [360, 120, 360, 120]


def test_tuplets() -> None:
    assert lengths(tune("(3ABc d2 | (2AB (3:2:2A2B (5ABcde", unit="1/8")) == [160] * 3 + [480, 360, 360, 320, 160] + [96] * 5
    assert lengths(tune("(2AB (4ABcd", metre="6/8", unit="1/8")) == [360, 360, 180, 180, 180, 180]
    assert lengths(tune("(3A>Bc d2", unit="1/8"))[:3] == [240, 80, 160]


def test_ties_join_only_equal_pitches() -> None:
    score = tune("A2-A2 | A4- | A2 B2- | c4")
    assert [(note.pitch, note.duration) for note in score.tracks[0].notes] == [(69, 1920), (69, 2880), (71, 960), (72, 1920)]


def test_chords_old_and_new_keep_all_notes() -> None:
    score = tune("[CEG]2 +CE+2 | [C2E2]2")
    assert [(note.start, note.pitch, note.duration) for note in score.tracks[0].notes] == [
        (0, 60, 960), (0, 64, 960), (0, 67, 960), (960, 60, 960), (960, 64, 960), (1920, 60, 1920), (1920, 64, 1920),
    ]  # fmt: skip


def test_ornaments_and_words_mean_nothing() -> None:
    plain = tune("A B c d | e f g a")
    dressed = tune('{ag}A !trill!B ~c .d | "^slowly"u(e v)f Tg {/b}"_x"a % end')
    assert dressed.tracks[0].notes == plain.tracks[0].notes
    assert dressed.chords == ()


def test_chord_symbols() -> None:
    score = tune('"Am7"A "D/F#"B "(G)"c "Bb"d | "Nonsense"e "N.C."f "F#dim"g "C;G"a')
    assert score.chords == (
        ChordSymbol(0, 9, "min7"), ChordSymbol(480, 2, "maj", 6), ChordSymbol(960, 7), ChordSymbol(1440, 10),
        ChordSymbol(2400, None), ChordSymbol(2880, 6, "dim"), ChordSymbol(3360, 0),
    )  # fmt: skip


def test_rests() -> None:
    score = tune("z C2 x | Z2 | D4")
    assert [(note.start, note.pitch) for note in score.tracks[0].notes] == [(480, 60), (5760, 62)]


def letters(score: Score) -> str:
    return "".join("C.D.EF.G.A.B"[note.pitch % 12] for note in score.tracks[0].notes)


@pytest.mark.parametrize(
    ("music", "heard", "printed"),
    [
        ("|: C4 | D4 :| E4 |]", "CDCDE", "CDE"),
        ("C4 | D4 :| E4 | F4 :|", "CDCDEFEF", "CDEF"),
        ("|: C4 :: D4 :|", "CCDD", "CD"),
        ("|: C4 |1 D4 :|2 E4 |]", "CDCE", "CE"),
        ("|: C4 | [1 D4 :| [2 E4 || F4 | G4 :|", "CDCEFGFG", "CEFG"),
        ("|: C4 |1,3 D4 :|2 E4 :| F4 |]", "CDCECDF", "CEF"),
        ("|: C4 |1 D4 :|2 E4 :|3 F4 |]", "CDCECF", "CF"),
        ("|: C4 ::| D4 |]", "CCCD", "CD"),
        ("C4 || D4 :|", "CDD", "CD"),
        ("|: C4 || D4 :|", "CDCD", "CD"),
        ("|: C4 |1 D4 :| E4 | F4 :|", "CDCEFEF", "CDEF"),
        ("C4 |1 D4 |2 E4 |]", "CDE", "CE"),
        ("C4 :|: D4 :||: E4 :|", "CCDDEE", "CDE"),
        ("C4 |] D4 [| E4 :|", "CDEE", "CDE"),
    ],
)
def test_repeats_and_endings(music: str, heard: str, printed: str) -> None:
    assert letters(tune(music)) == heard
    assert letters(tune(music, unfold=False)) == printed


def test_pickup_and_bars_split_at_repeats() -> None:
    score = tune("G | c2 e2 | c3 :|: d | e4 | c3 :|", unfold=False)
    assert score.pickup == 480
    assert score.metres == (Metre(0, 4, 4),)
    assert [(end - start) // 480 for start, end, _ in score.bars] == [1, 4, 4, 4, 4]
    assert [(end - start) // 480 for start, end, _ in tune("G | c2 e2 | c3 :|").bars] == [1, 4, 4, 4, 4]


def test_odd_bars_state_the_metre_anew() -> None:
    score = tune("c4 | c3 || d4 | e5 | f4 |]")
    assert [(end - start) // 480 for start, end, _ in score.bars] == [4, 3, 4, 4, 1, 4]
    assert all(str(metre) == "4/4" for metre in score.metres)


def test_lines_that_end_on_a_full_bar_end_the_bar() -> None:
    assert pitches(tune("^C2C2\nC4 |")) == [61, 61, 60]
    assert lengths(tune("C2C\nC | D4")) == [960, 480, 480, 1920]


def test_changes_of_metre_key_unit_and_tempo() -> None:
    score = read_abc("X:1\nM:4/4\nL:1/4\nQ:1/4=90\nK:C\nF4 | [M:3/4][K:G] F3 |\nL:1/8\nQ:3/8=80\n[F6] | F2 [K:F] B4 |\n")
    assert score.metres == (Metre(0, 4, 4), Metre(1920, 3, 4))
    assert [(key.tick, key.tonic) for key in score.keys] == [(0, 0), (1920, 7), (5280, 5)]
    assert [(tempo.tick, tempo.bpm) for tempo in score.tempos] == [(0, 90), (3360, 120)]
    assert pitches(score) == [65, 66, 66, 66, 70]


@pytest.mark.parametrize(
    ("field", "bpm"), [("1/4=90", 90), ("3/8=120", 180), ("120", 60), ('"Allegro" 1/2=60', 120), ('"Slow"', 120)]
)
def test_tempos(field: str, bpm: float) -> None:
    assert read_abc(f"X:1\nM:4/4\nL:1/8\nQ:{field}\nK:C\nC8|").tempos[0].bpm == bpm


@pytest.mark.parametrize(("field", "metre"), [("C", "4/4"), ("C|", "2/2"), ("none", "4/4"), ("2+3/8", "5/8"), ("12/8", "12/8")])
def test_metres(field: str, metre: str) -> None:
    assert str(tune("C4 | D4 | E4", metre=field).metres[0]) == metre


def test_unit_length_follows_the_metre_where_none_is_given() -> None:
    assert lengths(read_abc("X:1\nM:2/4\nK:C\nC4 D4|")) == [480, 480]
    assert lengths(read_abc("X:1\nM:6/8\nK:C\nC3 D3|")) == [720, 720]


def test_voices_become_tracks() -> None:
    score = read_abc('X:1\nM:4/4\nL:1/4\nV:S name="Soprano"\nV:B clef=bass\nK:G\n[V:S] g4 | f4 |\n[V:B] G,4 | F,4 |\n')
    assert [track.name for track in score.tracks] == ["Soprano", "B"]
    assert pitches(score, 0) == [79, 78]
    assert pitches(score, 1) == [55, 54]


def test_second_voices_within_a_bar_are_left_out() -> None:
    assert letters(tune("C2 D2 & E4 | F4")) == "CDF"


def test_lyrics() -> None:
    score = tune("C D E F | G A B c | C4\nw: A-men, * oh | my~own lit-tle_|one more")
    assert score.tracks[0].lyrics == (
        Lyric(0, "A", "begin"), Lyric(480, "men,", "end"), Lyric(1440, "oh"), Lyric(1920, "my own"), Lyric(2400, "lit", "begin"),
        Lyric(2880, "tle", "end"), Lyric(3840, "one"),
    )  # fmt: skip


def test_of_several_verses_the_first_is_kept() -> None:
    score = tune("C D E F |\nw: one two three four\nw: eins zwei drei vier\nG A B c |\nw: five six\n")
    assert [lyric.text for lyric in score.tracks[0].lyrics] == ["one", "two", "three", "four", "five", "six"]


def test_comments_directives_gaps_and_continued_lines() -> None:
    head = "%abc-2.1\nX:1\nT:One % really\nM:4/4\nL:1/4\nK:C % C\n%%MIDI program 3\n"
    text = head + "C D \\\nE F | % G G G\nG4 |\n\nSome prose after the tune.\n"
    score = read_abc(text)
    assert letters(score) == "CDEFG"
    assert score.title == "One"


def test_a_book_gives_its_tunes_in_order() -> None:
    book = "%abc\n\nX:1\nT:First\nK:C\nC8|\n\nX:2\nT:Second\nC:Trad\nK:D\nF8|\n"
    assert [score.title for score in read_tunes(book)] == ["First", "Second"]
    assert [tune.first("X") for tune in split_book(book)] == ["1", "2"]
    assert read_abc(book).title == "First"
    assert [score.composer for score in read_tunes(book)] == ["", "Trad"]


def test_accents_and_older_encodings() -> None:
    assert read_abc("X:1\nT:Caf\\'e \\\"uber\nK:C\nC8|").title == "Café über"
    assert decode_abc("T:Blümelein".encode("latin-1")) == "T:Blümelein"
    assert read_score("X:1\nT:Blümelein\nK:C\nC8|".encode(), "a.abc").title == "Blümelein"


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "X:1\nT:Empty\nK:C\n", "X:1\nK:C\nzzz|", "X:1\nM:0/0\nK:C\nC|", "X:1\nM:255/1024\nK:C\nC|", "X:1\nK:Q\nC|",
        "X:1\nK:Cfoo\nC|", "X:1\nL:1/0\nK:C\nC|", "X:1\nQ:0\nK:C\nC|", "X:1\nQ:1/4=99999\nK:C\nC|", "X:1\nK:C\nC/0|",
        "X:1\nK:C\nc'''''''''|", "X:1\nK:C\n(0abc|", "X:1\nK:C\n(999abc|", "X:1\nK:C\n" + "№Ω☃日本語" * 50, "C D E F",
    ],
)  # fmt: skip
def test_bad_text_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_abc(text)
    assert caught.value.expected
    assert caught.value.got


@pytest.mark.parametrize(
    "text",
    [
        "X:1\nK:C\n" + "|:C9999" * 3000 + ":|",
        "X:1\nK:C\n" + "C" * 400_001,
        "X:1\nK:C\n" + "\n".join(f"V:{i}\nC|" for i in range(40)),
        "X:1\nK:C\n" + "C|" * 25_000,
        "X:1\nK:C\n" + "|:" + "CDEF|" * 9000 + ":::::::|",
        "x" * (MAX_BOOK_CHARACTERS + 1),
        "X:1\nK:C\nZ9999|" * 3 + "Z9999|Z9999|" * 20 + "C|",
    ],
)
def test_too_much_is_refused(text: str) -> None:
    with pytest.raises(LimitError):
        read_abc(text)


def test_binary_files_are_refused() -> None:
    with pytest.raises(InputError):
        read_score(b"MThd\0\0\0\6", "tune.abc")
