"""What the MusicXML reader makes of hand-written files with known answers."""

from __future__ import annotations

from core.score import ChordSymbol, Key, Lyric, Metre, Note, Score, Tempo
from core.score.musicxml_reader import read_musicxml
from tests.score.musicxml_samples import attributes, mxl, note, part, rest, score

Q = 480


def heard(read: Score, track: int = 0) -> list[tuple[int, int, int]]:
    """(start, pitch, duration) of every note, in quarter notes where whole."""
    return [(n.start, n.pitch, n.duration) for n in read.tracks[track].notes]


def test_pitch_duration_chord_and_rest() -> None:
    read = read_musicxml(score(part(attributes() + note("C", 4, 4) + note("F#", 4, 4, "chord") + rest(4) + note("Bb", 3, 8))))
    assert heard(read) == [(0, 60, Q), (0, 66, Q), (2 * Q, 58, 2 * Q)]
    assert read.tracks[0].name == "Flute"
    assert read.metres == (Metre(0, 4, 4),)
    assert read.keys == (Key(0, 0, "major"),)
    assert read.pickup == 0


def test_divisions_that_do_not_divide_ticks_and_change_in_a_bar() -> None:
    sevenths = "".join(note("C", 4, 4) for _ in range(7))
    read = read_musicxml(score(part(attributes(7) + sevenths + "<attributes><divisions>2</divisions></attributes>"
                                    + note("D", 4, 2, ""), attributes(2) + note("E", 4, 8))))
    starts = [start for start, _, _ in heard(read)]
    assert starts == [round(i * 4 / 7 * Q) for i in range(7)] + [4 * Q, 5 * Q]


def test_backup_and_forward_make_voices() -> None:
    upper = note("G", 4, 16)
    lower = "<backup><duration>16</duration></backup><forward><duration>8</duration></forward>" + note("C", 3, 8)
    assert heard(read_musicxml(score(part(attributes() + upper + lower)))) == [(0, 67, 4 * Q), (2 * Q, 48, 2 * Q)]


def test_ties_are_joined_over_bars_and_chords_of_ties_stay_apart() -> None:
    start, both, stop = ('<tie type="start"/>', '<tie type="stop"/><tie type="start"/>', '<tie type="stop"/>')
    first = attributes() + note("C", 4, 16, start) + note("E", 4, 16, "chord")
    bars = (first, note("C", 4, 16, both), note("C", 4, 4, stop) + rest(12))
    assert heard(read_musicxml(score(part(*bars)))) == [(0, 60, 9 * Q), (0, 64, 4 * Q)]


def test_repeated_note_without_tie_is_not_joined() -> None:
    assert len(heard(read_musicxml(score(part(attributes() + note("C", 4, 8) + note("C", 4, 8)))))) == 2


def test_grace_and_cue_notes_are_left_out() -> None:
    cue = "<note><cue/><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration></note>"
    read = read_musicxml(score(part(attributes() + note("B", 3, 0, "grace") + note("C", 4, 16) + cue)))
    assert heard(read) == [(0, 60, 4 * Q)]


def test_pickup_metre_change_and_split_bar() -> None:
    read = read_musicxml(score(part(
        attributes() + note("G", 4, 4), note("C", 5, 16), note("C", 5, 12), note("D", 5, 4),
        attributes(beats="3") + note("E", 5, 12), note("F", 5, 12), implicit=(0,))))
    assert read.pickup == Q
    assert read.metres == (Metre(0, 4, 4), Metre(9 * Q, 3, 4))
    assert [start for start, _, _ in read.bars] == [0, Q, 5 * Q, 9 * Q, 12 * Q]


def test_short_and_long_bars_move_the_bar_lines() -> None:
    read = read_musicxml(score(part(attributes() + note("C", 4, 16), note("D", 4, 8), note("E", 4, 16), note("F", 4, 20),
                                    note("G", 4, 16))))
    assert [start for start, _, _ in read.bars] == [0, 4 * Q, 6 * Q, 10 * Q, 15 * Q]
    assert str(read.bars[3][2]) == "5/4"


def test_additive_and_compound_metres() -> None:
    bar = "".join(note("C", 4, 2) for _ in range(5))
    assert read_musicxml(score(part(attributes(beats="3+2", kind="8") + bar))).metres == (Metre(0, 5, 8),)


def test_mode_is_taken_or_guessed_from_the_ending() -> None:
    ending = note("E", 4, 8) + note("A", 4, 8)
    assert read_musicxml(score(part(attributes(mode="") + ending))).keys == (Key(0, 9, "minor"),)
    assert read_musicxml(score(part(attributes(mode="dorian", fifths=0) + ending))).keys == (Key(0, 2, "dorian"),)
    assert read_musicxml(score(part(attributes(mode="minor", fifths=-3) + ending))).keys == (Key(0, 0, "minor"),)


def test_tempo_from_sound_and_from_metronome() -> None:
    sound = '<direction><direction-type><words>x</words></direction-type><sound tempo="96.5"/></direction>'
    mark = ("<direction><direction-type><metronome><beat-unit>quarter</beat-unit><beat-unit-dot/><per-minute>60</per-minute>"
            "</metronome></direction-type></direction>")
    read = read_musicxml(score(part(attributes() + sound + note("C", 4, 16), mark + note("C", 4, 16))))
    assert read.tempos == (Tempo(0, 96.5), Tempo(4 * Q, 90.0))


def test_chord_symbols_with_bass_degree_offset_and_silence() -> None:
    def harmony(root: str, kind: str, more: str = "") -> str:
        return f"<harmony><root><root-step>{root}</root-step></root><kind>{kind}</kind>{more}</harmony>"

    bass = "<bass><bass-step>F</bass-step><bass-alter>1</bass-alter></bass>"
    added = "<degree><degree-value>9</degree-value><degree-alter>0</degree-alter><degree-type>add</degree-type></degree>"
    read = read_musicxml(score(part(
        attributes() + harmony("D", "major", bass) + harmony("G", "dominant", "<offset>8</offset>") + note("C", 4, 16),
        harmony("C", "dominant", added) + note("C", 4, 8) + harmony("B", "half-diminished") + note("C", 4, 8),
        harmony("C", "none") + note("C", 4, 16))))
    assert read.chords == (ChordSymbol(0, 2, "maj", 6), ChordSymbol(2 * Q, 7, "7"), ChordSymbol(4 * Q, 0, "9"),
                           ChordSymbol(6 * Q, 11, "min7b5"), ChordSymbol(8 * Q, None))


def test_lyrics_of_the_first_verse() -> None:
    def sung(text: str, syllabic: str, number: str = "1") -> str:
        return f'<lyric number="{number}"><syllabic>{syllabic}</syllabic><text>{text}</text></lyric>'

    elided = sung("le</text><elision/><syllabic>single</syllabic><text>a", "end")
    read = read_musicxml(score(part(attributes() + note("C", 4, 4, sung("zwei", "begin", "2"), sung("Freu", "begin"))
                                    + note("C", 4, 4, sung("de", "end")) + note("D", 4, 8, elided))))
    assert read.tracks[0].lyrics == (Lyric(0, "Freu", "begin"), Lyric(Q, "de", "end"), Lyric(2 * Q, "le‿a", "end"))


def test_transposing_instrument_sounds_where_it_should() -> None:
    transpose = "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>"
    read = read_musicxml(score(part(attributes(fifths=2, more=transpose) + note("D", 5, 16))))
    assert heard(read) == [(0, 72, 4 * Q)]
    assert read.keys == (Key(0, 0, "major"),)


def test_program_volume_and_names() -> None:
    head = ('<score-part id="P1"><part-name>Violin</part-name><midi-instrument id="I"><midi-channel>1</midi-channel>'
            "<midi-program>41</midi-program><volume>100</volume><pan>-90</pan></midi-instrument></score-part>")
    before = ('<work><work-title>Set</work-title></work><movement-title> Song &lt;b&gt; </movement-title><identification>'
              '<creator type="composer">Anon</creator><miscellaneous>'
              '<miscellaneous-field name="a">made by us</miscellaneous-field></miscellaneous></identification>')
    read = read_musicxml(score(part(attributes() + note("A", 4, 16)), heads=head, before=before))
    track = read.tracks[0]
    assert (track.name, track.program, track.volume, track.pan) == ("Violin", 40, 127, 0)
    assert (read.title, read.composer, read.texts) == ("Song <b>", "Anon", ("made by us",))


def test_two_staves_become_two_tracks_and_parts_keep_their_order() -> None:
    piano = (attributes(more="<staves>2</staves>") + note("C", 5, 16, "<voice>1</voice>", "<staff>1</staff>")
             + "<backup><duration>16</duration></backup>" + note("C", 3, 16, "<voice>5</voice>", "<staff>2</staff>"))
    heads = "".join(f'<score-part id="{i}"><part-name>{n}</part-name></score-part>' for i, n in (("V", "Voice"), ("P", "Piano")))
    read = read_musicxml(score(part(attributes() + note("G", 4, 16), identity="V"), part(piano, identity="P"), heads=heads))
    assert [track.name for track in read.tracks] == ["Voice", "Piano 1", "Piano 2"]
    assert [track.notes[0].pitch for track in read.tracks] == [67, 72, 48]


def test_drums_by_instrument_and_by_place() -> None:
    head = ('<score-part id="P1"><part-name>Drums</part-name><midi-instrument id="K"><midi-channel>10</midi-channel>'
            '<midi-unpitched>37</midi-unpitched></midi-instrument><midi-instrument id="S"><midi-channel>10</midi-channel>'
            "<midi-unpitched>39</midi-unpitched></midi-instrument></score-part>")

    def hit(place: str, instrument: str = "") -> str:
        where = f"<unpitched><display-step>{place[0]}</display-step><display-octave>{place[1]}</display-octave></unpitched>"
        return f"<note>{where}<duration>4</duration>{instrument}</note>"

    hits = hit("F4", '<instrument id="K"/>') + hit("C5", '<instrument id="S"/>') + hit("G5")
    read = read_musicxml(score(part(attributes() + hits), heads=head))
    assert read.tracks[0].is_drum
    assert [n.pitch for n in read.tracks[0].notes] == [36, 38, 42]


def test_dynamics_become_velocities() -> None:
    loud = '<direction><direction-type><dynamics><ff/></dynamics></direction-type></direction>'
    read = read_musicxml(score(part(attributes() + note("C", 4, 8) + loud + note("C", 4, 8))))
    assert [n.velocity for n in read.tracks[0].notes] == [80, 110]


def test_repeats_and_endings_are_unfolded_on_request() -> None:
    forward = '<barline location="left"><repeat direction="forward"/></barline>'
    back = '<barline location="right">{}<repeat direction="backward"/></barline>'
    first = '<barline location="left"><ending number="1" type="start"/></barline>'
    second = '<barline location="left"><ending number="2" type="start"/></barline>'
    stop = '<barline location="right"><ending number="2" type="discontinue"/></barline>'
    bars = (attributes() + note("C", 4, 16), forward + note("D", 4, 16), first + note("E", 4, 16) +
            back.format('<ending number="1" type="stop"/>'), second + note("F", 4, 16) + stop, note("G", 4, 16),
            note("A", 4, 16) + back.format(""), note("B", 4, 16))
    printed = read_musicxml(score(part(*bars)))
    assert [n.pitch for n in printed.tracks[0].notes] == [60, 62, 64, 65, 67, 69, 71]
    played = read_musicxml(score(part(*bars)), unfold=True)
    assert [n.pitch for n in played.tracks[0].notes] == [60, 62, 64, 62, 65, 67, 69, 67, 69, 71]
    assert played.metres == (Metre(0, 4, 4),)


def test_mxl_by_container_and_without_a_usable_one() -> None:
    text = score(part(attributes() + note("C", 4, 16)))
    broken = "<container><rootfiles><rootfile full-path='I'm.xml'/></rootfiles></container>"
    for data in (mxl(text), mxl(text, "a/b.musicxml"), mxl(text, "I'm.xml", broken)):
        assert heard(read_musicxml(data)) == [(0, 60, 4 * Q)]


def test_timewise_namespaced_and_utf16() -> None:
    bar = attributes() + note("C", 4, 16)
    head = '<part-list><score-part id="P1"><part-name>Flute</part-name></score-part></part-list>'
    timewise = f'<score-timewise>{head}<measure number="1"><part id="P1">{bar}</part></measure></score-timewise>'
    spaced = score(part(bar)).replace(b"<score-partwise>", b'<score-partwise xmlns="urn:x">')
    sixteen = '<?xml version="1.0" encoding="UTF-16"?>' + score(part(bar)).decode().partition("?>")[2]
    for data in (timewise.encode(), spaced, sixteen.encode("utf-16")):
        read = read_musicxml(data, "folder/Air.xml")
        assert (heard(read), read.title) == ([(0, 60, 4 * Q)], "Air")


def test_velocity_of_a_note_itself() -> None:
    text = score(part(attributes() + note("C", 4, 16))).replace(b"<note>", b'<note dynamics="100">')
    assert read_musicxml(text).tracks[0].notes == (Note(0, 60, 4 * Q, 90),)
