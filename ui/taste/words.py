"""What features, models and axes are called in the listener's language."""

from __future__ import annotations

from collections.abc import Iterable

from core.corpora.catalogue import SOURCE_NAMES
from core.taste.lists import Because
from core.taste.pieces import TAKE, TUNE, Piece
from ui.catalogue import name_of_style
from ui.names import mode_name
from ui.shell import language, t

_GROUPS = {
    "energy": ("energy",),
    "valence": ("valence",),
    "tempo": ("log_tempo",),
    "density": ("log_notes_per_second", "notes_per_bar", "notes_per_beat"),
    "register": ("register", "height_over_last"),
    "range": ("pitch_range", "used_pitches"),
    "length": ("log_bars",),
    "steps": ("mean_interval", "unison_share", "step_share", "third_share", "leap_share", "octave_share", "leap_recovery",
              "arpeggio_share"),
    "contour": ("rising_share", "turn_share", "contour_slope", "contour_arch"),
    "degrees": ("in_scale_share", "pentatonic_share", "used_degrees", "degree_entropy", "degree"),
    "intervals": ("interval", "interval_entropy"),
    "values": ("mean_length", "rest_share", "length_variability", "triplet_share", "even_share", "length_entropy"),
    "places": ("on_beat_share", "downbeat_share", "place", "compound", "beats_per_bar", "pickup_length"),
    "dotted": ("dotted_share", "snap_share"),
    "syncopation": ("syncopation",),
    "closing": ("last_on_tonic", "last_length"),
    "variety": ("novelty",),
}  # fmt: skip
_GROUP_OF = {name: group for group, names in _GROUPS.items() for name in names}
MOST_FEATURES = 4


def feature(key: str) -> str:
    """A feature of the content, such as `metre:6/8` or `measure:log_tempo`; measures of one kind share a name."""
    kind, _, value = key.partition(":")
    if kind == "style":
        return name_of_style(value)
    if kind == "mode":
        return mode_name(value, language())
    if kind == "source":
        return SOURCE_NAMES.get(value, "")
    if kind in ("tempo", "measure"):
        return t(f"feature.{value if kind == 'tempo' else _group(value)}")
    return value


def group_of(measure: str) -> str:
    """What a measure is about, "" for one that is not among those that have a group."""
    return _GROUP_OF.get(measure) or _GROUP_OF.get(measure.partition(".")[0], "")


def _group(measure: str) -> str:
    return group_of(measure) or ("values" if measure.partition(".")[0] == "length" else "repetition")


def features(parts: Iterable[tuple[str, float]], most: int = MOST_FEATURES) -> list[str]:
    """The names that carry most, those of one name added up."""
    groups: dict[str, float] = {}
    kept: dict[str, str] = {}
    for key, share in parts:
        # Dozens of measures have one name: it is looked up once for all of them.
        kind, _, value = key.partition(":")
        group = f"{kind}:{_group(value)}" if kind == "measure" else key
        groups[group] = groups.get(group, 0.0) + share
        kept[group] = key
    total: dict[str, float] = {}
    for group, share in groups.items():
        name = feature(kept[group])
        if name:
            total[name] = total.get(name, 0.0) + share
    return sorted(total, key=lambda name: -total[name])[:most]


def line(piece: Piece) -> str:
    """What a piece is, under its title."""
    style = name_of_style(piece.style) if piece.style else ""
    parts = [style, piece.metre, piece.key] if piece.is_here else [piece.artist, t("taste.elsewhere")]
    if piece.kind == TUNE:
        parts.append(piece.artist)
    return " · ".join(part for part in parts if part)


def artist(piece: Piece) -> str:
    """Who or what made it, for the menu."""
    return t("taste.somebody") if piece.kind == TAKE else piece.artist or piece.title


def stars(value: float) -> str:
    """`4`, `3.5`."""
    return f"{value:g}"


def is_mostly_prior(because: Because) -> bool:
    """Whether what all listeners love speaks more for a piece than this one's own history."""
    return not because.items or because.prior > 0.5
