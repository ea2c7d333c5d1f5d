"""What a seed is made into before an engine hears it: one melody line, one metre, a known key."""

from __future__ import annotations

from dataclasses import replace

from core.analysis.key import estimate_key
from core.engines.lstm.leadsheet import METRES, single_metre_span, skyline
from core.engines.protocol import Request
from core.errors import RequestError
from core.score import ChordSymbol, Key, Metre, Score, Tempo
from core.score.edits import change_key, transpose
from core.score.join import append

MAX_BARS = 128


def prepare(score: Score) -> Score:
    """The seed's melody (the highest line of its first pitched track) in its longest stretch of one metre.

    Raises:
        FormatError: no pitched notes.
        RequestError: a metre that cannot be composed in, or too long.
    """
    start, end, metre = single_metre_span(score)
    if str(metre) not in METRES:
        raise RequestError(f"A seed in {', '.join(METRES)} is needed", f"it is in {metre}", "Choose other bars or another file")
    melody = score.melody
    notes = tuple(replace(n, start=n.start - start) for n in skyline(melody.notes) if start <= n.start < end)
    lyrics = tuple(replace(x, tick=x.tick - start) for x in melody.lyrics if start <= x.tick < end)
    chords = tuple(ChordSymbol(max(c.tick - start, 0), c.root, c.quality, c.bass) for c in score.chords if c.tick < end)
    key = next((k for k in reversed(score.keys) if k.tick <= start), score.key)
    tempo = next(t for t in reversed(score.tempos) if t.tick <= start)
    seed = replace(
        score, tracks=(replace(melody, notes=notes, lyrics=lyrics, muted=False),),
        metres=(Metre(0, metre.numerator, metre.denominator),), tempos=(Tempo(0, tempo.bpm),),
        keys=(Key(0, key.tonic, key.mode),) if key else (), chords=chords,
        pickup=score.pickup if start == 0 else 0,
    )
    if not notes:
        raise RequestError("A seed needs notes", f"its longest stretch in one metre ({metre}) has none", "Choose other bars")
    if len(seed.bars) > MAX_BARS:
        raise RequestError(f"A seed of at most {MAX_BARS} bars is needed", f"it has {len(seed.bars)}", "Choose fewer of its bars")
    return seed if seed.keys else replace(seed, keys=(estimate_key(seed),))


def fit(request: Request, modes: tuple[str, ...]) -> Request:
    """A request whose seed is prepared and in the key that was asked for; metre and mode follow the seed.

    Raises:
        RequestError: another metre than the seed's was asked for, or `prepare` refuses it.
    """
    assert request.seed is not None
    seed = prepare(request.seed)
    key, metre = seed.keys[0], seed.metres[0]
    if request.metre is not None and str(request.metre) != str(metre):
        raise RequestError(f"The metre of the seed holds: {metre}", f"got {request.metre}", "Leave the metre to the seed")
    mode = {"phrygian": "minor", "locrian": "minor", "lydian": "major"}.get(key.mode, key.mode)
    if mode not in modes:  # the nearest with the same third
        alike = ("minor", "dorian") if mode in ("minor", "dorian") else ("major", "mixolydian")
        mode = next((other for other in alike if other in modes), mode)
    tonic = key.tonic if request.tonic is None else request.tonic
    if request.mode not in (None, key.mode, mode):
        seed = change_key(seed, tonic, request.mode or mode)
    elif tonic != key.tonic:
        up = (tonic - key.tonic) % 12
        seed = transpose(seed, up if up <= 6 else up - 12)
    return replace(request, seed=seed, metre=metre, mode=request.mode or mode, tonic=tonic)


def given_back(request: Request, written: Score, start: int, shift: int = 0) -> tuple[Score, int]:
    """Written music as the request wants it: alone, as chords under its seed, or after its seed.

    Args:
        request: a resolved one.
        written: the new music from its own beginning.
        start: the tick of the seed at which it goes on.
        shift: ticks by which chords stand later in the seed than in what was written.

    Returns:
        The score, and the tick at which new music begins in it.
    """
    seed = request.seed
    if seed is None or request.how == "vary" or (request.how != "harmonise" and not request.with_seed):
        return written, 0
    melody = replace(seed.melody, program=request.program or 0, name="Melody")
    head = replace(seed, tracks=(melody,), tempos=written.tempos, texts=())
    if request.how == "harmonise":
        chords = tuple(replace(chord, tick=chord.tick + shift) for chord in written.chords)
        return replace(head, chords=chords, keys=written.keys), 0
    return append(head, written, start), start
