"""The LSTM engine: lead sheets in many styles and four-voice chorales, behind one protocol."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from core import weights
from core.corpora.styles import BY_ID, Style
from core.engines.lstm import compose_chorale, compose_leadsheet
from core.engines.lstm.resolve import resolve
from core.engines.lstm.song import compose as compose_song
from core.engines.lstm.song.chords import with_chords
from core.engines.lstm.song.plan import plan
from core.engines.lstm.song.singer import Singer, load_singer
from core.engines.lstm.song.wish import density_of, from_mood, lyrics_of
from core.engines.lstm.training import pick_device
from core.engines.lstm.user_styles import user_folder
from core.engines.protocol import Progress, Request, Take, no_progress
from core.errors import RequestError
from core.score import ChordSymbol, Score

FREE, ALL, CHORALE = "leadsheet-free", "leadsheet-all", "chorale"
SONG_FREE, SONG = "song-free", "song-all"


class LstmEngine:
    """See `core.engines.protocol.Engine`. Weights are read at first use; safe to share between threads.

    Args:
        device: `auto`, `cpu`, `cuda` or `mps`.
        folder: where the weights are; the user's own styles are looked for beside them too.
    """

    id = "lstm"

    def __init__(self, device: str = "auto", folder: Path = weights.FOLDER) -> None:
        self._device_name, self._folder = device, folder
        self._loaded: dict[str, weights.Weights] = {}
        self._singers: dict[str, Singer] = {}
        self._lock = threading.Lock()

    def styles(self, free_only: bool = False) -> Sequence[Style]:
        """Every style with the metres and modes that its music has; the usual ones first."""
        found: list[Style] = []
        for name in self._sets(free_only):
            for style_id in weights.read_config(name, self._where(name)).get("styles", ()):
                if style_id not in {style.id for style in found} and name != CHORALE:
                    found.append(self._style(style_id, name))
        if weights.names(self._folder).count(CHORALE):
            found.append(BY_ID["chorale"])
        order = {style_id: at for at, style_id in enumerate(BY_ID)}
        return sorted(found, key=lambda style: order.get(style.id, len(order)))

    def sung_styles(self, free_only: bool = False) -> Sequence[Style]:
        """See `core.engines.protocol.Engine.sung_styles`."""
        name = self._song_set(free_only)
        if name not in weights.names(self._folder):
            return ()
        known = weights.read_config(name, self._folder)["styles"]
        return [style for style in self.styles(free_only) if style.id in known]

    def facts(self, style: str, free_only: bool = False) -> dict[str, Any]:
        """What is known of a style: the `weights` it is written with and their `hash` and `sources`, its `statistics`.

        Raises:
            RequestError: no such style.
        """
        name = self._set_of(style, free_only)
        config = weights.read_config(name, self._where(name))
        return {"weights": name, "hash": config["hash"], "sources": sorted(config["sources"]),
                "statistics": config.get("statistics", {}).get(style, {})}

    def sources(self, style: str, free_only: bool = False) -> Sequence[str]:
        return tuple(self.facts(style, free_only)["sources"])

    def resolve(self, request: Request) -> Request:
        """See `core.engines.protocol.Engine.resolve`."""
        names = [style.id for style in self.styles(request.free_only)]
        for style in filter(None, (request.style, request.style2)):
            if style not in names:
                self._refuse(style, request.free_only, names)
        facts = self.facts(request.style, request.free_only)
        second = self.facts(request.style2, request.free_only) if request.style2 else None
        if second and second["weights"] != facts["weights"]:
            raise RequestError("Two styles that mix must come from one network",
                               f"{request.style} and {request.style2} do not", "Choose another second style")
        own = self._style(request.style, facts["weights"])
        if request.words:
            self._singing(request)
            request = from_mood(request, lyrics_of(request), own)
            resolved = resolve(replace(request, seed=None), own, facts["statistics"])
            return replace(resolved, seed=request.seed)
        return resolve(request, own, facts["statistics"])

    def compose(self, request: Request, progress: Progress = no_progress) -> tuple[Take, ...]:
        """See `core.engines.protocol.Engine.compose`."""
        request = self.resolve(request)
        started = time.perf_counter()
        facts = self.facts(request.style, request.free_only)
        loaded = self._load(facts["weights"])
        if request.words:
            scores = [(score, 0) for score in self._sung(request, loaded, facts["statistics"], progress)]
            loaded = self._load(self._singing(request))
        elif request.style == "chorale":
            scores = compose_chorale.compose(request, loaded, progress)
        else:
            scores = compose_leadsheet.compose(request, loaded, facts["statistics"], progress)
        seconds = time.perf_counter() - started
        name = self._style(request.style, facts["weights"]).name
        return tuple(Take(replace(score, title=f"{name} {index + 1}"), request, index, loaded.hash, seconds, new_from)
                     for index, (score, new_from) in enumerate(scores))

    def _singing(self, request: Request) -> str:
        """The weight set that sings in the style of a request.

        Raises:
            RequestError: none does.
            WeightsMissingError: there is none at all.
        """
        name = self._song_set(request.free_only)
        known = weights.read_config(name, self._folder)["styles"]
        for style in filter(None, (request.style, request.style2)):
            if style not in known:
                raise RequestError(f"To words belongs a style of {', '.join(known)}", f"got {style!r}", "Choose one of these")
        return name

    def _song_set(self, free_only: bool) -> str:
        return SONG_FREE if free_only or SONG not in weights.names(self._folder) else SONG

    def _sung(self, request: Request, leadsheet: weights.Weights, statistics: dict[str, Any], progress: Progress) -> list[Score]:
        """A song for every take: melody by the song network, chords by the lead-sheet network."""
        singer = self.song(self._singing(request))
        lyrics = lyrics_of(request)
        songs = compose_song.compose(request, lyrics, singer, statistics, progress, density=density_of(lyrics, request.moods))
        bare = replace(request, words="", corrections="", moods="", takes=1, how="harmonise", pitch_range=None, metre=None)

        def harmonise(part: Score) -> tuple[ChordSymbol, ...]:
            asked = self.resolve(replace(bare, seed=part))
            ((made, _),) = compose_leadsheet.compose(asked, leadsheet, statistics, no_progress)
            return made.chords

        return [with_chords(song, plan(lyrics), harmonise) for song in songs]

    def song(self, name: str = SONG) -> Singer:
        """The network that sings, of a weight set.

        Raises:
            WeightsMissingError: it is not at hand.
        """
        loaded = self._load(name)
        with self._lock:
            if name not in self._singers:
                self._singers[name] = load_singer(loaded.tensors, loaded.config)
            return self._singers[name]

    def _sets(self, free_only: bool) -> list[str]:
        at_hand = weights.names(self._folder)
        wanted = [FREE] if free_only else [ALL, FREE]
        own = [] if free_only else [n for n in weights.names(user_folder()) if n.startswith("leadsheet-user-")]
        return [name for name in wanted if name in at_hand] + own

    def _set_of(self, style: str, free_only: bool) -> str:
        if style == "chorale":
            return CHORALE
        for name in self._sets(free_only):
            if style in weights.read_config(name, self._where(name))["styles"]:
                return name
        return self._refuse(style, free_only, [s.id for s in self.styles(free_only)])

    def _where(self, name: str) -> Path:
        return user_folder() if name.startswith("leadsheet-user-") else self._folder

    def _style(self, style_id: str, name: str) -> Style:
        config = weights.read_config(name, self._where(name))
        statistics = config.get("statistics", {}).get(style_id)
        base = BY_ID.get(style_id)
        if base is None:
            base = Style(style_id, config["name"], config["name"], config["description"], config["description"],
                         (), (), config["tempo"], 0, (55, 84))
        if statistics is None:
            return base
        return replace(base, metres=tuple(statistics["metres"]), modes=tuple(statistics["modes"]))

    def _refuse(self, style: str, free_only: bool, names: Sequence[str]) -> str:
        if not names:
            weights.read_config(FREE if free_only else ALL, self._folder)  # says what is missing
        got = f"{style!r} is not known"
        if free_only and style in BY_ID:
            got = f"{style!r} is not among the styles free for commercial use"
        raise RequestError(f"A style of {', '.join(names)} is needed", got, "Choose one of these")

    def _load(self, name: str) -> weights.Weights:
        with self._lock:
            if name not in self._loaded:
                loaded = weights.load(name, self._where(name))
                device = pick_device(self._device_name)
                if device.type == "cpu":
                    torch.set_num_threads(1)  # a step is too small to share: two threads took five times as long
                tensors = {key: value.to(device) for key, value in loaded.tensors.items()}
                self._loaded[name] = replace(loaded, tensors=tensors)
            return self._loaded[name]
