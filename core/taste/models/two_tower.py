"""A deep two-tower model over ids and content: a listener's tower reads the history, an item's tower the item.

After Covington et al.: Deep Neural Networks for YouTube Recommendations (RecSys 2016) and, for the
loss over all items and the dropped-out history, Liang et al.: Variational Autoencoders for
Collaborative Filtering (WWW 2018). There are no listener ids: a listener is the history, so a new
one is like any other. Item ids are dropped at random while it learns (Volkovs et al.: DropoutNet,
NeurIPS 2017), so that content alone places an item that nobody heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from core.taste.models.base import Base, binary, unit_rows
from core.taste.protocol import Content, Floats, Interactions, Progress

if TYPE_CHECKING:
    from torch import Tensor, nn

MAX_FEATURES = 3000
RANDOM_SHARE = 0.05
"""Of the items that nobody in a batch heard, so many stand for all."""


class TwoTower(Base):
    """`width` dimensions, learned in at least `steps` steps on `batch` listeners at a time."""

    id: ClassVar[str] = "two-tower"
    cold_items: ClassVar[bool] = True
    _settings: ClassVar[tuple[str, ...]] = ("width", "steps", "batch", "rate", "decay", "drop_history", "drop_ids")

    def __init__(self, width: int = 64, steps: int = 200, batch: int = 256, rate: float = 0.003, decay: float = 1e-4,
                 drop_history: float = 0.7, drop_ids: float = 0.1) -> None:
        super().__init__()
        self.width, self.steps, self.batch, self.rate, self.decay = width, steps, batch, rate, decay
        self.drop_history, self.drop_ids = drop_history, drop_ids
        self.heard_vectors: Floats = np.zeros((0, width), np.float32)
        self.item_vectors: Floats = np.zeros((0, width), np.float32)
        self.item_bias: Floats = np.zeros(0, np.float32)
        self.layer: Floats = np.zeros((width, width), np.float32)

    def _fit(self, data: Interactions, content: Content | None, progress: Progress, seed: int) -> None:
        import torch

        progress(0, self.steps)
        heard = binary(data.weights)
        heard = heard[np.diff(heard.indptr) > 0]
        often = np.asarray(heard.sum(axis=0)).ravel()
        with _one_thread(), torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            towers = _towers(heard, None if content is None else _features(content.matrix), self.width)
            optimizer = torch.optim.Adam(towers.parameters(), lr=self.rate, weight_decay=self.decay)
            schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, self.rate, total_steps=self.steps)
            order = torch.empty(0, dtype=torch.int64)
            for step in range(self.steps):
                if not len(order):
                    order = torch.randperm(heard.shape[0])
                rows, order = order[:self.batch], order[self.batch:]
                share = len(rows) / heard.shape[0]
                loss = _loss(towers, heard[rows.numpy()], share, often, self.drop_history, self.drop_ids)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
                progress(step + 1, self.steps)
        with torch.no_grad():
            known = torch.from_numpy((often > 0).astype(np.float32))[:, None]
            incoming, outgoing = towers.vectors(torch.arange(len(data.items)), known)
            self.heard_vectors, self.item_vectors = incoming.numpy().copy(), outgoing.numpy().copy()
            self.item_bias, self.layer = towers.bias.numpy().copy(), towers.layer.numpy().copy()

    def _listeners(self, weights: sparse.csr_matrix) -> Floats:
        pooled = np.asarray(unit_rows(binary(weights)) @ self.heard_vectors, np.float32)
        return np.asarray(pooled + np.tanh(pooled) @ self.layer, np.float32)

    def _scores(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> Floats:
        found: Floats = self._listeners(weights) @ self.item_vectors.T
        found += self.item_bias
        return found

    def _parts(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix, item: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """What the score loses without each item of the history: the tower is not a sum."""
        columns = weights.indices
        without = sparse.csr_matrix(1 - np.eye(len(columns), dtype=np.float32))
        histories = sparse.csr_matrix((without.data, columns[without.indices], without.indptr),
                                      shape=(len(columns), weights.shape[1]))
        return columns, (self._listeners(weights) - self._listeners(histories)) @ self.item_vectors[item]

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"heard_vectors": self.heard_vectors, "item_vectors": self.item_vectors, "item_bias": self.item_bias,
                "layer": self.layer}

    def _restore(self, tensors: dict[str, NDArray[Any]]) -> None:
        self.heard_vectors, self.item_vectors = tensors["heard_vectors"], tensors["item_vectors"]
        self.item_bias, self.layer = tensors["item_bias"], tensors["layer"]

START_SCALE = 1.0
"""Makes the first scores about as large as log likelihoods need them."""


@contextmanager
def _one_thread() -> Iterator[None]:
    """Torch with one thread: with several, waiting for each other costs more than they give here."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _features(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Unit rows over the `MAX_FEATURES` features that most items have."""
    count = np.diff(sparse.csc_matrix(matrix).indptr)
    return unit_rows(sparse.csr_matrix(matrix[:, np.sort(np.argsort(-count, kind="stable")[:MAX_FEATURES])]))


def _loss(towers: Any, heard: sparse.csr_matrix, share: float, often: Floats, drop_history: float, drop_ids: float) -> Tensor:
    """Mean negative log likelihood of what was heard, foretold from a part of it.

    The sum over all items is estimated from those that somebody in the batch heard and some drawn at
    random, each weighted by how improbable its drawing was (sampled softmax). `share` is the batch's
    share of all listeners, `often` how many listeners heard each item.
    """
    import torch

    drawn = torch.rand(heard.shape[1]).numpy() < RANDOM_SHARE
    drawn[heard.indices] = True
    columns = np.flatnonzero(drawn)
    chance = 1 - (1 - share) ** often[columns] * (1 - RANDOM_SHARE)
    wanted = torch.from_numpy(heard[:, columns].toarray())
    given = wanted * (torch.rand_like(wanted) >= drop_history)
    given = given / given.norm(dim=1, keepdim=True).clamp_min(1e-6)
    known = (torch.rand(len(columns), 1) >= drop_ids).float()
    scores = towers(given, torch.from_numpy(columns), known) - torch.from_numpy(np.log(chance).astype(np.float32))
    return -(torch.log_softmax(scores, dim=1) * wanted).sum() / wanted.sum()


def _start(heard: sparse.csr_matrix, width: int) -> Floats:
    """Vectors to begin with (items × width): singular vectors of the histories, noise in what is left of the width."""
    found = np.random.default_rng(0).normal(0, 0.02, (heard.shape[1], width)).astype(np.float32)
    rank = min(width, min(heard.shape) - 1)
    if rank > 0:
        _, values, right = svds(unit_rows(heard), k=rank, v0=np.ones(min(heard.shape)))
        found[:, :rank] = right.T * np.sqrt(np.maximum(values, 0))
    return found * np.float32(START_SCALE)


def _towers(heard: sparse.csr_matrix, features: sparse.csr_matrix | None, width: int) -> Any:
    import torch
    from torch import nn

    class Towers(nn.Module):
        """Vectors of items as heard and as offered, and the listener's layer between them."""

        def __init__(self) -> None:
            super().__init__()
            count = torch.from_numpy(np.asarray(heard.sum(axis=0), np.float32).ravel())
            self.bias = nn.Parameter(torch.log(count + 0.5) - torch.log(count + 0.5).mean())
            start = torch.from_numpy(_start(heard, width))
            self.incoming, self.outgoing = nn.Parameter(start.clone()), nn.Parameter(start.clone())
            self.layer = nn.Parameter(torch.zeros(width, width))
            self.reading = nn.Parameter(torch.zeros(0 if features is None else features.shape[1], 2 * width))

        def vectors(self, columns: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
            incoming, outgoing = self.incoming[columns] * known, self.outgoing[columns] * known
            if features is None:
                return incoming, outgoing
            some = features[columns.numpy()]
            places, starts = (torch.from_numpy(part.astype(np.int64)) for part in (some.indices, some.indptr[:-1]))
            read = nn.functional.embedding_bag(places, self.reading, starts, mode="sum",
                                               per_sample_weights=torch.from_numpy(some.data))
            return incoming + read[:, :width], outgoing + read[:, width:]

        def forward(self, given: Tensor, columns: Tensor, known: Tensor) -> Tensor:
            incoming, outgoing = self.vectors(columns, known)
            pooled = given @ incoming
            return (pooled + torch.tanh(pooled) @ self.layer) @ outgoing.T + self.bias[columns]

    module: nn.Module = Towers()
    return module
