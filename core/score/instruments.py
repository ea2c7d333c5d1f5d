"""The General MIDI instruments: names, families, sounding ranges, and finding one by name.

Programs count from 0. Ranges are those that orchestration books give for good players, as sounding
(not written) pitches; for synthesizers and effects the range of a keyboard.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from core.errors import RequestError

_FAMILIES: tuple[tuple[str, tuple[int, int], tuple[str, ...]], ...] = (
    ("Piano", (21, 108), ("Acoustic Grand Piano", "Bright Acoustic Piano", "Electric Grand Piano", "Honky-tonk Piano",
                          "Electric Piano 1", "Electric Piano 2", "Harpsichord", "Clavinet")),
    ("Chromatic percussion", (60, 96), ("Celesta", "Glockenspiel", "Music Box", "Vibraphone", "Marimba", "Xylophone",
                                        "Tubular Bells", "Dulcimer")),
    ("Organ", (36, 96), ("Drawbar Organ", "Percussive Organ", "Rock Organ", "Church Organ", "Reed Organ", "Accordion",
                         "Harmonica", "Bandoneon")),
    ("Guitar", (40, 84), ("Nylon-string Guitar", "Steel-string Guitar", "Jazz Guitar", "Clean Electric Guitar",
                          "Muted Electric Guitar", "Overdriven Guitar", "Distortion Guitar", "Guitar Harmonics")),
    ("Bass", (28, 67), ("Acoustic Bass", "Fingered Electric Bass", "Picked Electric Bass", "Fretless Bass", "Slap Bass 1",
                        "Slap Bass 2", "Synth Bass 1", "Synth Bass 2")),
    ("Strings", (36, 96), ("Violin", "Viola", "Cello", "Contrabass", "Tremolo Strings", "Pizzicato Strings", "Harp", "Timpani")),
    ("Ensemble", (36, 96), ("String Ensemble 1", "String Ensemble 2", "Synth Strings 1", "Synth Strings 2", "Choir Aahs",
                            "Voice Oohs", "Synth Voice", "Orchestra Hit")),
    ("Brass", (40, 82), ("Trumpet", "Trombone", "Tuba", "Muted Trumpet", "French Horn", "Brass Section", "Synth Brass 1",
                         "Synth Brass 2")),
    ("Reed", (49, 88), ("Soprano Sax", "Alto Sax", "Tenor Sax", "Baritone Sax", "Oboe", "English Horn", "Bassoon", "Clarinet")),
    ("Pipe", (60, 96), ("Piccolo", "Flute", "Recorder", "Pan Flute", "Blown Bottle", "Shakuhachi", "Whistle", "Ocarina")),
    ("Synth lead", (36, 96), ("Square Lead", "Sawtooth Lead", "Calliope Lead", "Chiff Lead", "Charang Lead", "Voice Lead",
                              "Fifths Lead", "Bass and Lead")),
    ("Synth pad", (36, 96), ("New Age Pad", "Warm Pad", "Polysynth Pad", "Choir Pad", "Bowed Pad", "Metallic Pad", "Halo Pad",
                             "Sweep Pad")),
    ("Synth effects", (36, 96), ("Rain", "Soundtrack", "Crystal", "Atmosphere", "Brightness", "Goblins", "Echoes", "Sci-fi")),
    ("Plucked and folk", (48, 84), ("Sitar", "Banjo", "Shamisen", "Koto", "Kalimba", "Bagpipe", "Fiddle", "Shanai")),
    ("Percussive", (48, 84), ("Tinkle Bell", "Agogo", "Steel Drums", "Woodblock", "Taiko Drum", "Melodic Tom", "Synth Drum",
                              "Reverse Cymbal")),
    ("Sound effects", (36, 96), ("Guitar Fret Noise", "Breath Noise", "Seashore", "Bird Tweet", "Telephone Ring", "Helicopter",
                                 "Applause", "Gunshot")),
)

_RANGES: dict[int, tuple[int, int]] = {
    6: (29, 89), 7: (29, 88), 8: (60, 108), 9: (79, 108), 10: (60, 96), 11: (53, 89), 12: (45, 96), 13: (65, 108), 14: (60, 77),
    15: (50, 86), 19: (36, 96), 20: (36, 89), 21: (53, 93), 22: (60, 96), 23: (45, 95), 31: (52, 100),
    40: (55, 100), 41: (48, 88), 42: (36, 79), 43: (28, 62), 45: (36, 96), 46: (24, 103), 47: (40, 57),
    52: (40, 81), 53: (40, 81), 54: (40, 81), 56: (54, 84), 57: (40, 72), 58: (28, 58), 59: (54, 84), 60: (35, 77),
    64: (56, 87), 65: (49, 80), 66: (44, 75), 67: (36, 69), 68: (58, 91), 69: (52, 81), 70: (34, 75), 71: (50, 91),
    72: (74, 108), 73: (60, 96), 74: (60, 86), 75: (55, 91), 77: (55, 93), 78: (74, 98), 79: (60, 84),
    104: (48, 84), 105: (48, 86), 106: (50, 81), 107: (43, 84), 108: (60, 84), 109: (67, 81), 110: (55, 100), 111: (58, 84),
    114: (60, 84),
}  # fmt: skip
"""Program to its range where it differs from its family's."""

_ALIASES = {
    "piano": 0, "grand piano": 0, "electric piano": 4, "rhodes": 4, "vibes": 11, "organ": 19, "pipe organ": 19,
    "hammond": 16, "guitar": 24, "classical guitar": 24, "acoustic guitar": 25, "electric guitar": 27, "bass": 33,
    "electric bass": 33, "bass guitar": 33, "double bass": 43, "violoncello": 42, "strings": 48, "string ensemble": 48,
    "choir": 52, "voice": 52, "vocal": 52, "horn": 60, "brass": 61, "sax": 65, "saxophone": 65, "cor anglais": 69,
    "tin whistle": 78, "pan pipes": 75, "bagpipes": 109, "uilleann pipes": 109, "steelpan": 114, "cembalo": 6,
    "erhu": 110, "dizi": 77, "guzheng": 107, "pipa": 105, "suona": 111, "sheng": 20, "yangqin": 15, "concertina": 21,
}  # fmt: skip
"""Names in use that General MIDI does not have."""

DRUM_NAMES = ("drums", "drum", "drum kit", "drum set", "percussion")
DRUM_RANGE = (35, 81)
"""Keys of the General MIDI drum map, bass drum to open triangle."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A General MIDI instrument; `lowest` and `highest` are sounding MIDI pitches."""

    program: int
    name: str
    family: str
    lowest: int
    highest: int
    is_drum: bool = False


INSTRUMENTS: tuple[Instrument, ...] = tuple(
    Instrument(program, name, family, *_RANGES.get(program, reach))
    for program, (name, family, reach) in enumerate((name, family, reach) for family, reach, names in _FAMILIES for name in names)
)
"""All 128, by program."""

DRUMS = Instrument(0, "Drum Kit", "Drums", *DRUM_RANGE, is_drum=True)


KITS = {0: "Standard Kit", 8: "Room Kit", 16: "Power Kit", 24: "Electronic Kit", 25: "Analog Kit", 32: "Jazz Kit",
        40: "Brush Kit", 48: "Orchestra Kit"}
"""Program of a drum track to the kit it chooses (General MIDI 2); a soundfont without one plays the standard kit."""


def instrument_name(program: int, is_drum: bool = False) -> str:
    """The General MIDI name of a program 0..127."""
    return DRUMS.name if is_drum else INSTRUMENTS[program].name


def sounding_range(program: int, is_drum: bool = False) -> tuple[int, int]:
    """Lowest and highest sounding MIDI pitch of a program 0..127."""
    instrument = DRUMS if is_drum else INSTRUMENTS[program]
    return instrument.lowest, instrument.highest


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Instrument]:
    names = {instrument.name.lower(): instrument for instrument in INSTRUMENTS}
    names |= {alias: INSTRUMENTS[program] for alias, program in _ALIASES.items()}
    return names | dict.fromkeys(DRUM_NAMES, DRUMS)


def find_instrument(text: str) -> Instrument:
    """An instrument from what people type: a name (`violin`, `tin whistle`, `drums`), the beginning
    or a word of one, or a program number 0..127.

    Raises:
        RequestError: nothing matches.
    """
    wanted = " ".join(text.lower().replace("-", " ").replace("_", " ").split())
    number = text.strip()
    if number.isascii() and number.isdigit() and int(number) < len(INSTRUMENTS):
        return INSTRUMENTS[int(number)]
    names = {name.replace("-", " "): instrument for name, instrument in _by_name().items()}
    words = set(wanted.split())
    for matches in (wanted.__eq__, lambda name: name.startswith(wanted), lambda name: words <= set(name.split())):
        found = next((instrument for name, instrument in names.items() if matches(name)), None)
        if found and any(letter.isalpha() for letter in wanted):
            return found
    raise RequestError(
        "An instrument of General MIDI was expected (violin, flute, piano, drums, ...)",
        f"got {text!r}",
        "Use one of those names or a program number from 0 to 127",
    )
