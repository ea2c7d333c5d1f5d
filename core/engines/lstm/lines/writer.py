"""Next lines, drawn from the network: many drafts from their ends, of which those that fit and are nobody's stay."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from core import weights
from core.engines.lstm.lines import heard
from core.engines.lstm.lines.heard import Bits
from core.engines.lstm.lines.network import LineNet, State
from core.engines.lstm.lines.train import NAMES
from core.engines.lstm.lines.units import FIRST, LINE, MOST, UNKNOWN, Units
from core.engines.lstm.lines.verse import characters_of, words_of
from core.engines.protocol import Progress, no_progress
from core.errors import GenerationError
from core.lyrics.rhymes import near_key
from core.lyrics.suggest import SUGGESTIONS, NextLine, Wish, told
from core.lyrics.types import Line

DRAFTS = 96
READ = 40
"""Drafts that are read as the page reads them."""
LINES = 8
"""Lines before that the network is told, as in training."""
WARM, TOP = 0.85, 0.92
"""Temperature, and how much of the probability is drawn from (nucleus sampling, Holtzman et al. 2020)."""
AGAIN = 2.0
"""Nats off for a word that the line has already."""
LEVEL = 1.5
"""Nats for a character of the tone class that classical verse asks for: level and oblique in turn at even places."""
STRESS = 1.5
"""Nats a unit for a line whose stresses all agree with the model's, against one where none does."""
FEW_RHYMES = 4
SAME_END = 2
"""Lines shown at once that may end in one word."""
_OLD = """
thou thee thy thine thyself ye hath hast doth dost art wilt shalt wert wast didst hadst canst couldst wouldst shouldst saith
o'er e'er ne'er e'en 'tis tis twas 'twas twere yon yea nay lo unto thence hence whence whither thither hither ere oft hark
betwixt methinks wherefore
"""
OLD = frozenset(_OLD.split())
"""Words that are suggested only to who writes such words."""


@dataclass(frozen=True)
class Writer:
    """A network ready to write: its vocabulary and the lines that it learned from."""

    net: LineNet
    units: Units
    bits: Bits

    @cached_property
    def near(self) -> tuple[str, ...]:
        """What every unit nearly rhymes on."""
        return tuple(near_key(key.split()) if key and self.units.language == "en" else key for key in self.units.rhymes)

    @cached_property
    def old(self) -> Tensor:
        """(units,) whether each is an old word."""
        own = [text in OLD or (text.endswith("eth") and len(text) > 5) for text in self.units.texts]
        return torch.tensor([False] * FIRST + own)

    @cached_property
    def level(self) -> Tensor:
        """(units,) 1 for a level tone, −1 for an oblique one, 0 where it is not known."""
        return torch.tensor([0.0] * FIRST + [(0.0, 1.0, 1.0, -1.0, -1.0, 0.0)[tone] for tone in self.units.tones])


def load(language: str, folder: Path = weights.FOLDER) -> Writer:
    """The writer of a language.

    Raises:
        WeightsMissingError: its weights are not at hand.
    """
    found = weights.load(NAMES[language], folder)
    units = Units.from_dict(found.config["units"])
    tensors = dict(found.tensors)
    bits = tensors.pop("heard").numpy()
    net = LineNet(len(units), **found.config["sizes"])
    net.load_state_dict(tensors)
    for parameter in net.parameters():
        parameter.requires_grad_(False)
    return Writer(net.eval(), units, bits)


_shared: dict[str, Writer] = {}
_lock = threading.Lock()


def shared(language: str) -> Writer:
    """The writer of this process, loaded once.

    Raises:
        WeightsMissingError: its weights are not at hand.
    """
    with _lock:
        if language not in _shared:
            _shared[language] = load(language)
        return _shared[language]


def suggest(asked: Wish, count: int = SUGGESTIONS, seed: int = 0, *, progress: Progress = no_progress) -> tuple[NextLine, ...]:
    """Up to `count` different next lines, the likeliest first; equal seeds give equal lines.

    Raises:
        WeightsMissingError: the weights of the language are not at hand.
        GenerationError: no draft had the syllables and the rhyme.
    """
    progress(0, 2)
    writer = shared(asked.language)
    progress(1, 2)
    return write(writer, asked, count, seed)


def write(writer: Writer, asked: Wish, count: int, seed: int) -> tuple[NextLine, ...]:
    """As `suggest`, with a writer."""
    drafts = {line: score for line, score in draw(writer, asked, seed) if not heard.is_heard(line, writer.bits)}
    own = {_units(line, asked.language) for line in asked.before}
    ranked = sorted((line for line in drafts if line not in own and not _stutters(line)), key=lambda line: -drafts[line])[:READ]
    texts = {_text(line, writer.units, asked): line for line in ranked}
    fitting = [(line, drafts[texts[line.text]] + STRESS * (agrees - 1)) for line, agrees in told(list(texts), asked)
               if line.syllables == asked.syllables]
    rhyming = [pair for pair in fitting if pair[0].rhymes] if asked.key else fitting
    if len(rhyming) < count:  # near rhymes come behind the perfect ones
        rhyming += [(line, score - 9) for line, score in fitting if not line.rhymes and asked.key]
    chosen: list[NextLine] = []
    for line, _ in sorted(rhyming, key=lambda pair: -pair[1]):
        units = texts[line.text]
        ends = sum(texts[other.text][-1] == units[-1] for other in chosen)
        if len(chosen) < count and ends < SAME_END and not any(_alike(units, texts[other.text]) for other in chosen):
            chosen.append(line)
    if not chosen:
        raise GenerationError("A line with these syllables and this rhyme is needed", "none was found",
                              "Ask for another rhyme or another number of syllables")
    return tuple(chosen)


@torch.no_grad()
def draw(writer: Writer, asked: Wish, seed: int, *, steer: bool = True) -> list[tuple[tuple[str, ...], float]]:
    """`DRAFTS` lines as units, each with its mean log probability a unit in nats.

    Args:
        steer: whether classical tones are asked for in Chinese lines of five or seven.
    """
    random = torch.Generator().manual_seed(seed)
    units, net = writer.units, writer.net
    logits, state = _told(writer, asked)
    state = (state[0].expand(-1, DRAFTS, -1).contiguous(), state[1].expand(-1, DRAFTS, -1).contiguous())
    logits = logits.expand(DRAFTS, -1)
    counts = torch.from_numpy(units.counts)
    left = torch.full((DRAFTS,), asked.syllables)
    barred = torch.zeros(len(units), dtype=torch.bool)
    barred[[LINE, UNKNOWN]] = True
    if not any(word in OLD for line in asked.before for word in _units(line, "en")):
        barred |= writer.old
    ends = _ends(writer, asked)
    drawn = torch.zeros((DRAFTS, 0), dtype=torch.long)
    total, lengths = torch.zeros(DRAFTS), torch.zeros(DRAFTS)
    while bool((left > 0).any()):
        live = left > 0
        likely = logits.log_softmax(-1)
        steered = likely.masked_fill(barred | (counts > left[:, None]), -torch.inf)
        if drawn.shape[1] == 0:
            steered = steered.masked_fill(~ends, -torch.inf) if bool((steered[0][ends] > -torch.inf).any()) else steered
        else:
            steered = steered - _again(drawn, writer)
            if steer:
                steered = steered + _tones(drawn, left, asked, writer)
        # A line that is whole draws on while others are written; what it draws is left out.
        tokens = _pick(torch.where(live[:, None], steered, likely), random)
        step = likely.gather(1, tokens[:, None])[:, 0]
        total, lengths = total + step * live, lengths + live
        drawn = torch.cat([drawn, torch.where(live, tokens, LINE)[:, None]], 1)
        left = torch.where(live, left - counts[tokens], 0)
        out, state = net.read(tokens[:, None], left.clamp(max=MOST)[:, None], state)
        logits = net.logits(out[:, 0])
    rows = [tuple(units.texts[id - FIRST] for id in reversed(row) if id != LINE) for row in drawn.tolist()]
    return list(zip(rows, (total / lengths).tolist(), strict=True))


def _told(writer: Writer, asked: Wish) -> tuple[Tensor, State]:
    """What the network expects at the end of the next line, (1, units), and its state."""
    ids, left = [], []
    for line in asked.before[-LINES + 1 :]:
        own = _units(line, asked.language)
        if own:
            coded, before = writer.units.encode(own)
            ids += [LINE, *coded.tolist()]
            left += [*before.tolist(), 0]
    ids.append(LINE)
    left.append(min(asked.syllables, MOST))
    out, state = writer.net.read(torch.tensor([ids]), torch.tensor([left]))
    return writer.net.logits(out[:, -1]), state


def _ends(writer: Writer, asked: Wish) -> Tensor:
    """(units,) what the line may end in: what rhymes, nearly where too little does, but no word that it rhymes with."""
    rhymes = np.array(writer.units.rhymes)
    fits = rhymes == asked.key if asked.key else np.ones(len(rhymes), bool)
    if asked.key:
        taken = {_units(line, asked.language)[-1:] for line in asked.before}
        free = np.array([(text,) not in taken for text in writer.units.texts])
        fits = fits & free
        if fits.sum() < FEW_RHYMES and asked.language == "en":
            fits = (np.array(writer.near) == near_key(asked.key.split())) & free
    return torch.from_numpy(np.concatenate([[False] * FIRST, fits]))


def _again(drawn: Tensor, writer: Writer) -> Tensor:
    """(drafts, units) nats off for what a draft has already."""
    off = torch.zeros((len(drawn), len(writer.units)))
    return off.scatter_(1, drawn, AGAIN).index_fill_(1, torch.tensor([LINE]), 0.0)


def _tones(drawn: Tensor, left: Tensor, asked: Wish, writer: Writer) -> Tensor:
    """(drafts, units) nats for tones in lines of five or seven characters: at the second, fourth and sixth place level and
    oblique in turn, as regulated verse has it (Wang Li 1958), by the tones of today."""
    none = torch.zeros((len(drawn), len(writer.units)))
    place = int(left.max())  # of the character that is drawn now, from 1; all drafts are at the same
    if asked.language != "zh" or asked.syllables not in (5, 7) or place not in (2, 4) or place + 2 > asked.syllables:
        return none
    two_on = writer.level[drawn[:, asked.syllables - place - 2]]
    return -LEVEL * two_on[:, None] * writer.level[None, :]


def _pick(steered: Tensor, random: torch.Generator) -> Tensor:
    """One unit for every draft, (drafts,), by nucleus sampling."""
    chances = (steered / WARM).softmax(-1)
    ranked, order = chances.sort(-1, descending=True)
    kept = ranked * (ranked.cumsum(-1) - ranked < TOP)
    return order.gather(1, torch.multinomial(kept, 1, generator=random))[:, 0]


def _units(line: Line, language: str) -> tuple[str, ...]:
    return words_of(line.text) if language == "en" else tuple(
        unit for word in line.words if word.language == "zh" for unit in characters_of(word.text))


def _text(line: Sequence[str], units: Units, asked: Wish) -> str:
    """As it is written: capitals, and traditional characters where the words before have them."""
    if asked.language == "zh":
        text = "".join(line)
        return _traditional(text) if asked.traditional else text
    text = " ".join(units.cases.get(word, word) for word in line)
    starts = [own.text.strip("\"'“‘(—- ")[:1] for own in asked.before]
    return text[:1].upper() + text[1:] if 2 * sum(letter.isupper() for letter in starts) >= len(starts) else text


def _traditional(text: str) -> str:
    import opencc

    return str(opencc.OpenCC("s2t").convert(text))


def _stutters(line: Sequence[str]) -> bool:
    """Whether a longer word stands twice in a line."""
    longer = [unit for unit in line if len(unit) > 3]
    return len(longer) > len(set(longer))


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two lines end alike or share most of their words."""
    both = set(one) & set(other)
    return one[-2:] == other[-2:] or len(both) > 0.6 * min(len(set(one)), len(set(other)))
