"""Game music for whole bands: Freedoom and OpenMSX."""

from __future__ import annotations

from collections.abc import Iterator

from core.corpora.folder import DataFolder
from core.corpora.midi_folder import melody_first, midi_scores
from core.corpora.types import Piece, Tier


class BandFolder:
    """A source that is a folder of MIDI files for several instruments."""

    styles: tuple[str, ...] = ()

    def __init__(self, ident: str, name: str, licence: str, tier: Tier, address: str) -> None:
        self.id, self.name, self.licence, self.tier, self.address = ident, name, licence, tier, address

    def is_at_hand(self, folder: DataFolder) -> bool:
        return folder.has(self.id)

    def pieces(self, folder: DataFolder) -> Iterator[Piece]:
        """Every file with a pitched part, the likeliest melody first; the label of all is `band`.

        Raises:
            DataMissingError: the collection is not at hand.
        """
        for path, score in midi_scores(folder.path(self.id), self.name):
            band = melody_first(score)
            if band is not None:
                yield Piece(f"{self.id}/{path.stem}", self.id, "band", band.title, band)


FREEDOOM = BandFolder(
    "freedoom-music", "Freedoom music", "BSD-3-Clause", Tier.FREE, "https://github.com/freedoom/freedoom (folder musics)"
)
OPENMSX = BandFolder("openmsx", "OpenMSX", "GPL-2.0", Tier.COPYLEFT, "https://github.com/OpenTTD/OpenMSX")
