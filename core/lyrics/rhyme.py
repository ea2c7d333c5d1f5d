"""What rhymes: the sound of a line's end as a key; equal keys rhyme.

English rhymes from its last stressed vowel (nation, station), and from its last vowel alone where the stress lies three
syllables back and the last vowel is no schwa, as verse does (eternity, me).
Chinese rhymes by the Thirteen Tracks (十三辙) of northern sung verse, tones
aside. In other languages the spelling stands for the sound.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.lyrics.languages import HYPHENATED
from core.lyrics.scripts import folded
from core.lyrics.spelling import vowel_spans
from core.lyrics.types import ENGLISH_VOWELS, Syllable, Word

_WEAK = (("ə",), ("ɚ",))
"""Vowels that are too weak to rhyme alone: beautiful is no rhyme for general."""

_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")

_TRACKS = {
    "发花": "a ia ua", "梭波": "o e uo", "乜斜": "ie ue ve üe ê", "姑苏": "u", "一七": "i -i v ü er", "怀来": "ai uai",
    "灰堆": "ei ui uei",
    "遥条": "ao iao", "油求": "ou iu iou", "言前": "an ian uan van üan", "人辰": "en in un uen vn ün n m",
    "江阳": "ang iang uang", "中东": "eng ing ong iong ueng ng",
}  # fmt: skip
"""The Thirteen Tracks and the finals that each holds."""

_TRACK = {final: track for track, finals in _TRACKS.items() for final in finals.split()}


def final_of(pinyin: str) -> str:
    """The final of a syllable with its tone: zhang3 has ang, yuan2 üan, jun1 ün; -i is the vowel of zhi and si."""
    sound = pinyin.rstrip("12345").replace("v", "ü")
    initial = next((start for start in _INITIALS if sound.startswith(start) and len(sound) > len(start)), "")
    final = sound[len(initial) :]
    if initial == "y":
        final = {"u": "ü", "uan": "üan", "ue": "üe", "un": "ün", "a": "ia", "an": "ian", "ang": "iang", "ao": "iao", "ou": "iu",
                 "e": "ie", "ong": "iong"}.get(final, final)
    if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s"):
        final = "-i"
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "ü" + final[1:]
    return final


_BODIES = {"ia": "a", "ua": "a", "uo": "o", "ue": "ie", "üe": "ie", "uai": "ai", "ui": "ei", "iao": "ao", "iu": "ou", "ian": "an",
           "uan": "an", "üan": "an", "un": "en", "iang": "ang", "uang": "ang", "iong": "ong"}


def body_of(pinyin: str) -> str:
    """What of a syllable rhymes strictly: its final without a glide before the vowel (tian and duan both have an)."""
    final = final_of(pinyin)
    return _BODIES.get(final, final)


def track_of(pinyin: str) -> str:
    """The track of the Thirteen that a syllable with its tone rhymes in; "" without a reading."""
    return _TRACK.get(final_of(pinyin), "") if pinyin else ""


def rhyme_key(word: Word) -> str:
    """What a line that ends in this word rhymes on; "" where that is not known."""
    last = word.syllables[-1]
    if last.tone is not None:
        return track_of(last.pinyin)
    if any(syllable.phones for syllable in word.syllables):
        return english_key(word.syllables)
    return _letters_key(word.text, word.language if word.language in HYPHENATED else "en")


def english_key(syllables: Sequence[Syllable]) -> str:
    """Phonemes from the vowel that rhymes to the end, joined with spaces."""
    stressed = [at for at, syllable in enumerate(syllables) if syllable.stress]
    at = stressed[-1] if stressed else len(syllables) - 1
    if len(syllables) - at > 2 and rime(syllables[-1].phones)[:1] not in _WEAK:
        at = len(syllables) - 1
    return " ".join([*rime(syllables[at].phones), *(phone for later in syllables[at + 1 :] for phone in later.phones)])


def rime(phones: Sequence[str]) -> tuple[str, ...]:
    """A syllable without its onset."""
    at = next((n for n, phone in enumerate(phones) if phone in ENGLISH_VOWELS), 0)
    return tuple(phones[at:])


def _letters_key(text: str, language: str) -> str:
    spans = vowel_spans(text, language)
    return "~" + "".join(folded(letter) for letter in text[spans[-1][0] if spans else 0 :])
