"""Does a take do what was asked? The same question for every engine, in tests and in `evaluate`."""

from __future__ import annotations

from core.corpora.band_styles import BY_ID as BANDS
from core.corpora.band_styles import PARTS
from core.engines.protocol import Take
from core.score import Key, Note, Score

ON_SCALE = 0.9
"""Least share of the sounding melody on the scale."""


def violations(take: Take, score: Score | None = None) -> list[str]:
    """What the take breaks of its own (resolved) request, empty when it obeys.

    Args:
        take: the take.
        score: the music to look at instead of the take's own, as read back from a file.
    """
    score, request = score or take.score, take.request
    assert request.metre is not None
    assert request.tonic is not None
    assert request.mode is not None
    assert request.pitch_range is not None
    melody = score.melody.notes
    new = [note for note in melody if note.start >= take.new_from]
    harmonised = request.how == "harmonise" and request.seed is not None
    broken = []
    if any(str(metre) != str(request.metre) for metre in score.metres):
        broken.append(f"metre {score.metres} for {request.metre}")
    if request.tempo is not None and abs(score.tempos[0].bpm - request.tempo) > 0.01 * request.tempo:
        broken.append(f"tempo {score.tempos[0].bpm} for {request.tempo}")
    if score.key is None or (score.keys[-1].tonic, score.keys[-1].mode) != (request.tonic, request.mode):
        broken.append(f"key {score.keys} for {request.tonic} {request.mode}")
    broken += _instruments(score, request.style, request.program)
    broken += _seed(take, melody)
    if harmonised:
        return broken
    broken += _key(Key(0, request.tonic, request.mode), new)
    low, high = request.pitch_range
    outside = [note.pitch for note in new if not low <= note.pitch <= high]
    if outside:
        broken.append(f"pitches {outside} outside {low} to {high}")
    if request.words:
        return broken
    bar = request.metre.bar_ticks
    start = take.new_from + (score.pickup if not take.new_from else 0)
    end = max((note.end for note in new), default=0)
    if not start + (request.bars - 1) * bar < end <= start + request.bars * bar:
        broken.append(f"new music ends at {(end - start) / bar:.2f} bars of {request.bars}")
    if not request.pickup and request.seed is None and (score.pickup or (new and new[0].start != 0)):
        broken.append("a pick-up nobody asked for")
    return broken


def _key(key: Key, notes: list[Note]) -> list[str]:
    sounding = sum(note.duration for note in notes)
    on_scale = sum(note.duration for note in notes if note.pitch % 12 in key.scale)
    broken = []
    if not notes:
        return ["no new notes"]
    if on_scale < ON_SCALE * sounding:
        broken.append(f"{on_scale / sounding:.0%} of the melody on the scale of {key.name}")
    if notes[-1].pitch % 12 not in key.tonic_triad:
        broken.append(f"last note {notes[-1].pitch} off the tonic triad of {key.name}")
    return broken


def _instruments(score: Score, style: str, program: int | None) -> list[str]:
    """The melody on the instrument asked for; other parts on the same, in a band on the band's."""
    own = BANDS[style].programs if style in BANDS else {}
    broken = []
    for track in score.tracks:
        wanted = program if track is score.melody else 0 if track.is_drum else own.get(track.name, program)
        if track.program != wanted:
            broken.append(f"instrument {track.program} of {track.name!r} for {wanted}")
    if style in BANDS and (missing := set(PARTS) - {track.name for track in score.tracks}):
        broken.append(f"a band without {', '.join(sorted(missing))}")
    return broken


def _seed(take: Take, melody: tuple[Note, ...]) -> list[str]:
    """The seed stands note for note where it is wanted, and is gone where it is not."""
    seed = take.request.seed
    if seed is None or take.request.how == "vary":
        return [] if take.new_from == 0 else ["music before the new music"]
    kept = [(n.start, n.pitch, n.duration) for n in melody if n.start < take.new_from or take.request.how == "harmonise"]
    if take.request.how != "harmonise" and not take.request.with_seed:
        return [] if not kept and take.new_from == 0 else ["the seed was to be left out"]
    wanted = [(n.start, n.pitch, n.duration) for n in seed.melody.notes]
    return [] if kept == wanted else ["the seed was changed"]
