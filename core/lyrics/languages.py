"""Which language a line in Latin letters is, told by its small words; and which languages there are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.errors import RequestError

AUTO = "auto"

HYPHENATED = {
    "de": "de_DE", "fr": "fr", "es": "es", "it": "it_IT", "pt": "pt_PT", "nl": "nl_NL", "sv": "sv", "da": "da_DK",
    "nb": "nb_NO", "pl": "pl_PL", "cs": "cs_CZ", "hu": "hu_HU", "ro": "ro_RO", "hr": "hr_HR", "id": "id_ID",
}  # fmt: skip
"""Languages whose syllables come from hyphenation, to pyphen's name of them."""

LANGUAGES = ("en", "zh", *HYPHENATED)
"""Languages of a word."""

_SMALL = {
    "en": "the and of to in is you i it my me that for with on be your we all not are this but so his her thy thee no love was "
          "o oh from have will when what they he she our us as at do don't i'm it's like know can if where there how their now "
          "thou shall by or let",
    "de": "der die das und ich ist nicht du es ein eine mein dein mit zu den dem auf für im wie so wir sie er war von doch nur "
          "noch wenn mir dir mich dich kein wo o daß dass aus nach bei hat am des",
    "fr": "le la les et de des du un une je tu il elle est que qui dans mon ma mes ton ta pas ne pour sur avec nous vous au aux "
          "ce cette mais où sont c'est j'ai l'amour d'un qu'il se plus en comme tout si ô",
    "es": "el la los las y de del un una que en yo tu mi es no con por para se lo me te su como más pero cuando donde al sin si "
          "eres soy está muy todo",
    "it": "il la lo gli le e di del della un una che in io tu mio mia è non con per si mi ti come più ma quando al nel sono sei "
          "o se chi amor dolce",
    "pt": "o a os as e de do da um uma que em eu tu meu minha é não com por para se me te seu como mais mas quando ao na no são",
    "nl": "de het een en van ik is niet je jij mijn met op in dat die te zijn voor als maar wij we aan naar ook nog geen wat",
    "sv": "och att det som en ett jag är inte du min med på av för den i så vi till om har kan när",
    "da": "og at det som en et jeg er ikke du min med på af for den i så vi til om har kan når der",
    "nb": "og at det som en et jeg er ikke du min med på av for den i så vi til om har kan når der",
    "pl": "i w z na nie to się że jest do ja ty mój moja a o jak co za po ale dla tak już",
    "cs": "a v z na ne to se že je do já ty můj má o jak co za po ale pro tak už si",
    "hu": "a az és nem egy hogy én te van is meg ha csak mint de szép volt",
    "ro": "și în de la nu o un este cu pe din mai ce eu tu mi se să ca dor",
    "hr": "i u je na ne to se da ja ti moj moja a o kao što za po ali sam si",
    "id": "yang dan di ku aku kau tak ini itu dengan untuk dari ada cinta hati kamu",
}  # fmt: skip

_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def check_language(language: str) -> None:
    """Raises RequestError for a language that is neither `auto` nor one of `LANGUAGES`."""
    if language not in (AUTO, *LANGUAGES):
        raise RequestError(f"A language is auto or one of {', '.join(LANGUAGES)}", f"got {language}")


def guess_languages(sections: Sequence[Sequence[str]]) -> list[list[str]]:
    """The language of what is in Latin letters, for each line of each section: the one most of whose small words it
    holds. A line that tells little follows its section, this the text, and a text that tells nothing is English."""
    whole = _told(" ".join(line for section in sections for line in section), "en", 0)
    found = []
    for section in sections:
        own = _told(" ".join(section), whole, 0)
        found.append([_told(line, own, 1) for line in section])
    return found


def _told(text: str, default: str, lead: int) -> str:
    """The language that a text tells by two small words or more, and by more than `lead` more than the default."""
    counts = _counts(text)
    best = _best(counts, 2)
    return best if best and counts[best] > counts[default] + lead else default


def _counts(text: str) -> dict[str, int]:
    tokens = [token.casefold().replace("’", "'") for token in _TOKEN.findall(text)]
    return {language: sum(token in words for token in tokens) for language, words in _WORDS.items()}


def _best(counts: dict[str, int], least: int) -> str | None:
    best = max(counts, key=lambda language: counts[language])  # the first of equals: English before all others
    return best if counts[best] >= least else None
