"""From a request for a band to what will be played: chords and sections filled in, contradictions refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from core.analysis.key import estimate_key
from core.analysis.sections import Section, full_bars, sections
from core.corpora.band_styles import BACKING, PARTS, Band
from core.engines.arranging import MAX_ARRANGED_BARS, ArrangeRequest
from core.engines.arranging_chords import Harmonise, changes, sounding_chords, written_chords
from core.engines.lstm.leadsheet import skyline
from core.errors import FormatError, LimitError, RequestError, WeightsMissingError
from core.score import ChordSymbol, Key, Metre, Score, Track


def resolve(request: ArrangeRequest, bands: Sequence[Band], harmonise: Harmonise | None) -> ArrangeRequest:
    """A request in which nothing is left open.

    Its score has the melody as its only track (`melody_track` is 0), a key, chords in the order of their ticks of which none
    repeats the one before, and every metre event but the first gone; sections cover all bars. Chords that the piece does
    not name are read from the tracks that sound beside the melody, else written by `harmonise`. What is resolved already
    comes back as it is.

    Args:
        request: what was asked for.
        bands: those that can be had.
        harmonise: writes chords, `arranging_chords.lstm_harmonise` as a rule; None where nothing can.

    Raises:
        RequestError: unknown band or part, a metre that the band does not play, another metre on the way, bars that are not
            there, sections that leave bars out, a parameter out of range, no chords and nobody to write them.
        FormatError: the piece has no melody.
        LimitError: the piece has more than `MAX_ARRANGED_BARS` bars.
    """
    band = _band(request.band, bands)
    _check_numbers(request)
    melody = _melody(request)
    score = request.score
    if len(score.bars) > MAX_ARRANGED_BARS:
        raise LimitError(f"A band plays at most {MAX_ARRANGED_BARS} bars", f"the piece has {len(score.bars)}",
                         "Choose fewer of its bars")
    metre = _metre(score, band)
    sounding = () if score.chords else sounding_chords(score, skyline(melody.notes))
    if sounding and not melody.is_monophonic:
        melody = replace(melody, notes=tuple(skyline(melody.notes)))
    bare = replace(score, tracks=(replace(melody, muted=False),), metres=(metre,), texts=(), pickup=_pickup(score))
    if not bare.keys:
        key = estimate_key(bare)
        bare = replace(bare, keys=(Key(0, key.tonic, key.mode),))
    count = len(full_bars(bare))
    _check_what_is_kept(request, band, count)
    found = _checked(request.sections, count) if request.sections is not None else sections(bare)
    chords = tuple(chord for chord in score.chords or sounding if chord.tick < bare.length)
    if all(chord.root is None for chord in chords):
        chords = _written(bare, found, harmonise)
    return replace(request, score=replace(bare, chords=changes(chords)), melody_track=0, sections=found)


def played_metre(metre: Metre) -> Metre:
    """The metre that a band counts: 4/4 for alla breve (2/2, whose bars are as long), any other as it is."""
    return replace(metre, numerator=4, denominator=4) if (metre.numerator, metre.denominator) == (2, 2) else metre


def _band(ident: str, bands: Sequence[Band]) -> Band:
    for band in bands:
        if band.id == ident:
            return band
    raise RequestError(f"A band is one of {', '.join(band.id for band in bands)}", f"got {ident!r}", "Choose one of these")


def _check_numbers(request: ArrangeRequest) -> None:
    if not 0 <= request.intensity <= 1:
        raise RequestError("The intensity must be between 0 and 1", f"got {request.intensity}")
    if not 0 <= request.random_seed < 2**63:
        raise RequestError("A random seed between 0 and 2^63 - 1 is needed", f"got {request.random_seed}")


def _melody(request: ArrangeRequest) -> Track:
    """The track that is arranged.

    Raises:
        RequestError: there is no track with the number asked for.
        FormatError: it has no notes or is for drums, or no track is for anything else.
    """
    tracks = request.score.tracks
    if request.melody_track is None:
        pitched = [track for track in tracks if track.notes and not track.is_drum]
        if not pitched and any(track.notes for track in tracks):
            _no_melody("all its notes are drums (MIDI channel 10)")
        if not pitched:
            _no_melody("this piece has no notes")
        return pitched[0]
    if not 0 <= request.melody_track < len(tracks):
        raise RequestError(f"The piece has the tracks 0 to {len(tracks) - 1}", f"got {request.melody_track}",
                           "Choose one of them")
    track = tracks[request.melody_track]
    if track.is_drum:
        _no_melody("the chosen track is for drums (MIDI channel 10)")
    if not track.notes:
        _no_melody("the chosen track has no notes")
    return track


def _no_melody(got: str) -> NoReturn:
    raise FormatError("A band needs a melody to play to: a track with pitched notes", got,
                      "Choose another track or file, or give the melody a channel other than 10")


def _metre(score: Score, band: Band) -> Metre:
    """The one metre of a piece, at tick 0."""
    events = score.metres[1:] if _pickup(score) and not score.pickup else score.metres
    metres = {(metre.numerator, metre.denominator): metre for metre in events if metre.tick < score.length}
    if len(metres) > 1:
        raise RequestError("A band plays a piece in one metre",
                           f"this one changes between {', '.join(map(str, metres.values()))}",
                           "Choose bars of it that have one metre")
    (metre,) = metres.values()
    if str(played_metre(metre)) not in band.style.metres:
        raise RequestError(f"{band.style.name} plays in {', '.join(band.style.metres)}", f"this piece is in {metre}",
                           "Choose another band or piece")
    return replace(metre, tick=0)


def _pickup(score: Score) -> int:
    """Ticks of the pick-up; also of one that is written as a first bar in a shorter metre, as many MIDI files have it."""
    if score.pickup or len(score.metres) < 2:
        return score.pickup
    first, second = score.metres[:2]
    return second.tick if second.tick == first.bar_ticks < second.bar_ticks else 0


def _check_what_is_kept(request: ArrangeRequest, band: Band, count: int) -> None:
    known = [part for part in PARTS if part in BACKING and (part == "drums" or part in band.programs)]
    for part in request.parts:
        if part not in known:
            raise RequestError(f"{band.style.name} plays the parts {', '.join(known)}", f"got {part!r}", "Choose one of these")
    if request.bars is not None:
        first, last = request.bars
        if not 0 <= first < last <= count:
            raise RequestError(f"Bars between 1 and {count} are needed, the first not after the last",
                               f"got {first + 1} to {last}", "Choose other bars")
    if request.kept is None:
        if request.parts or request.bars is not None:
            raise RequestError("Playing a part or some bars anew needs what was played before", "there is nothing",
                               "Let the whole band play first")
    elif not {track.name for track in request.kept.tracks} & set(BACKING):
        raise RequestError(f"What was played before has tracks named {', '.join(BACKING)}", "there are none of these",
                           "Let the whole band play first")


def _checked(given: Sequence[Section], count: int) -> tuple[Section, ...]:
    """Sections that follow each other over all bars."""
    at = 0
    for section in given:
        if section.first != at or section.last <= section.first:
            break
        at = section.last
    else:
        if at == count:
            return tuple(given)
    raise RequestError(f"Sections follow each other from bar 1 to bar {count}", f"after bar {at} they do not",
                       "Correct the sections")


def _written(score: Score, found: Sequence[Section], harmonise: Harmonise | None) -> tuple[ChordSymbol, ...]:
    if harmonise is None:
        _no_chords()
    try:
        chords = written_chords(score, found, harmonise)
    except WeightsMissingError as error:
        _no_chords(error)
    return chords or _no_chords()


def _no_chords(cause: Exception | None = None) -> NoReturn:
    raise RequestError("A band plays over chords", "the piece names none, and the network that writes them is not at hand",
                       "Write chords above the bars") from cause
