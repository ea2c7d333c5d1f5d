"""English words with an apostrophe that no dictionary has: heav'n, wand'ring, o'er, singin'."""

from __future__ import annotations

ELIDED: dict[str, tuple[str, ...]] = {
    "'tis": ("t", "ˈɪ", "z"),
    "'twas": ("t", "w", "ˈʌ", "z"),
    "'twill": ("t", "w", "ˈɪ", "l"),
    "'twere": ("t", "w", "ˈɚ"),
    "'twould": ("t", "w", "ˈʊ", "d"),
    "e'en": ("ˈi", "n"),
    "e'er": ("ˈɛ", "ɹ"),
    "o'er": ("ˈɔ", "ɹ"),
    "ne'er": ("n", "ˈɛ", "ɹ"),
    "whene'er": ("w", "ɛ", "n", "ˈɛ", "ɹ"),
    "where'er": ("w", "ɛ", "ɹ", "ˈɛ", "ɹ"),
    "howe'er": ("h", "aʊ", "ˈɛ", "ɹ"),
    "whate'er": ("w", "ə", "t", "ˈɛ", "ɹ"),
    "wher'er": ("w", "ɛ", "ɹ", "ˈɛ", "ɹ"),
    "whoe'er": ("h", "u", "ˈɛ", "ɹ"),
    "whatsoe'er": ("w", "ˌʌ", "t", "s", "oʊ", "ˈɛ", "ɹ"),
    "whosoe'er": ("h", "ˌu", "s", "oʊ", "ˈɛ", "ɹ"),
    "canst": ("k", "ˈæ", "n", "s", "t"),
    "didst": ("d", "ˈɪ", "d", "s", "t"),
    "hadst": ("h", "ˈæ", "d", "s", "t"),
    "mayst": ("m", "ˈeɪ", "s", "t"),
    "couldst": ("k", "ˈʊ", "d", "s", "t"),
    "wouldst": ("w", "ˈʊ", "d", "s", "t"),
    "shouldst": ("ʃ", "ˈʊ", "d", "s", "t"),
    "saith": ("s", "ˈɛ", "θ"),
    "thro": ("θ", "ɹ", "ˈu"),
    "thro'": ("θ", "ɹ", "ˈu"),
    "th'": ("ð",),
    "o'": ("ə",),
    "'cause": ("k", "ˈɔ", "z"),
    "'til": ("t", "ˈɪ", "l"),
    "'neath": ("n", "ˈi", "θ"),
    "'mid": ("m", "ˈɪ", "d"),
    "'mong": ("m", "ˈʌ", "ŋ"),
    "'round": ("ɹ", "ˈaʊ", "n", "d"),
    "'em": ("ə", "m"),
    "ma'am": ("m", "ˈæ", "m"),
}
"""Words whose missing letters no rule finds, and old forms of one syllable that the lexicon lacks, with their sounds."""

_LETTERS = "eoiua"


def full_forms(form: str) -> list[tuple[str, int | None]]:
    """What a word with an apostrophe may stand for, the likeliest first: the full word and the place in it of the
    letter that fell out, None where the sound loses no vowel."""
    if "'" not in form:
        return []
    found: list[tuple[str, int | None]] = []
    for at, letter in enumerate(form):
        if letter != "'" or not 0 < at < len(form) - 1:
            continue
        found += [(form[:at] + full + form[at + 1 :], at) for full in _LETTERS]
    if form.endswith("in'"):
        found.append((form[:-1] + "g", None))
    for ending in ("'s", "'"):
        if form.endswith(ending):
            found.append((form[: -len(ending)] + ("s" if ending == "'s" else ""), None))
    found += [(form.strip("'"), None), (form.replace("'", ""), None)]
    return found
