"""Stars by Surprise: biased matrix factorisation (SVD) and its kin with implicit feedback (SVD++).

Koren, Bell, Volinsky: Matrix Factorization Techniques (2009); Koren (KDD 2008) for SVD++. Surprise
fits; it has no fold-in (its issues 103, 113, 208), so a listener's bias and factor are found here
by ridge regression against the frozen item side, with Surprise's own penalty (reg for each rating).

Where there are no stars at all, plays are turned into 1 to 5 on a log scale of each listener's own.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.errors import RequestError
from core.taste.models.base import Base, damped, one_blas_thread
from core.taste.protocol import MAX_STARS, MIN_STARS, Content, Floats, Interactions, Progress

LEAST_STEPS, MAX_EPOCHS = 200_000, 400
"""Few ratings are gone through more often: at least so many steps of descent, in at most so many epochs."""


def stars_from_plays(weights: sparse.csr_matrix) -> sparse.csr_matrix:
    """1 to 5 for each item heard: log(1 + plays) between the listener's least and most; 3 where all are equal."""
    logs = damped(weights)
    data = np.empty_like(logs.data)
    for row in range(logs.shape[0]):
        part = slice(logs.indptr[row], logs.indptr[row + 1])
        values = logs.data[part]
        spread = np.ptp(values) if len(values) else 0.0
        data[part] = 1 + 4 * (values - values.min()) / spread if spread > 0 else 3.0
    return sparse.csr_matrix((data, logs.indices, logs.indptr), shape=logs.shape)


class SVD(Base):
    """Scores are predicted stars, not cut to 0.5 to 5. An empty history ranks by popularity; its
    predicted stars are the items' own averages, drawn to the mean."""

    id: ClassVar[str] = "svd"
    _settings: ClassVar[tuple[str, ...]] = ("factors", "epochs", "rate", "regularization")

    def __init__(self, factors: int = 20, epochs: int = 20, rate: float = 0.005, regularization: float = 0.5) -> None:
        super().__init__()
        self.factors, self.epochs, self.rate, self.regularization = factors, epochs, rate, regularization
        self.mean = 3.0
        self.from_plays = False
        self.item_bias: Floats = np.zeros(0, np.float32)
        self.item_factors: Floats = np.zeros((0, factors), np.float32)
        self._fitted: Floats | None = None

    def _fit(self, data: Interactions, content: Content | None, progress: Progress, seed: int) -> None:
        self.from_plays = data.stars.nnz == 0
        stars = stars_from_plays(data.weights) if self.from_plays else data.stars
        trainset = surprise_trainset(stars)
        progress(0, 2)
        model = self._algorithm(seed, max(self.epochs, min(MAX_EPOCHS, LEAST_STEPS // trainset.n_ratings)))
        model.fit(trainset)
        progress(1, 2)
        known = np.array([trainset.to_raw_iid(inner) for inner in range(trainset.n_items)], np.int64)
        self.mean = float(trainset.global_mean)
        self.item_bias = np.zeros(len(data.items), np.float32)
        self.item_bias[known] = model.bi
        self.item_factors = np.zeros((len(data.items), self.factors), np.float32)
        self.item_factors[known] = model.qi
        self._take(model, known, len(data.items))
        rows = np.array([trainset.to_raw_uid(inner) for inner in range(trainset.n_users)], np.int64)
        self._fitted = np.tile(self.mean + self.item_bias, (len(data.listeners), 1))
        self._fitted[rows] += model.bu[:, None] + self._listener_side(model, stars[rows]) @ self.item_factors.T
        progress(2, 2)

    def _algorithm(self, seed: int, epochs: int) -> Any:
        from surprise import SVD as SurpriseSVD

        return SurpriseSVD(n_factors=self.factors, n_epochs=epochs, lr_all=self.rate, reg_all=self.regularization,
                           random_state=seed)

    def _take(self, model: Any, known: NDArray[np.int64], items: int) -> None:
        """Whatever else the algorithm learned about items."""

    def _listener_side(self, model: Any, stars: sparse.csr_matrix) -> Floats:
        return np.asarray(model.pu, np.float32)

    def _implicit(self, columns: NDArray[np.int64]) -> Floats:
        """What the mere presence of the rated items adds to a listener's factor."""
        return np.zeros(self.factors, np.float32)

    def fitted_scores(self) -> Floats:
        """See `Fitted`."""
        if self._fitted is None:
            raise RequestError("What fitting alone says is known after a fit", "this model was loaded")
        return self._fitted

    def predict_stars(self, stars: sparse.csr_matrix) -> Floats:
        """See `StarPredictor`; rows without stars get the items' own averages, drawn to the mean."""
        _, stars = self._checked(sparse.csr_matrix(stars.shape, dtype=np.float32), stars)
        return np.asarray(np.clip(self._predict(stars), MIN_STARS, MAX_STARS), np.float32)

    def fold_in(self, stars: sparse.csr_matrix) -> tuple[Floats, Floats]:
        """Biases (B) and factors (B × factors) of listeners from their stars, each by one small ridge."""
        found = np.zeros((stars.shape[0], 1 + self.factors), np.float32)
        with one_blas_thread():
            for row in range(stars.shape[0]):
                part = slice(stars.indptr[row], stars.indptr[row + 1])
                columns = stars.indices[part]
                if len(columns):
                    sides, residual = self._problem(columns, stars.data[part])
                    found[row] = np.linalg.solve(self._system(sides), sides.T @ residual)
                    found[row, 1:] += self._implicit(columns)
        return found[:, 0], found[:, 1:]

    def _problem(self, columns: NDArray[np.int64], stars: Floats) -> tuple[Floats, Floats]:
        sides = np.hstack([np.ones((len(columns), 1), np.float32), self.item_factors[columns]])
        residual = stars - self.mean - self.item_bias[columns] - self.item_factors[columns] @ self._implicit(columns)
        return sides, residual

    def _system(self, sides: Floats) -> Floats:
        return np.asarray(sides.T @ sides + self.regularization * len(sides) * np.eye(sides.shape[1]), np.float32)

    def _predict(self, stars: sparse.csr_matrix) -> Floats:
        bias, factors = self.fold_in(stars)
        return self.mean + self.item_bias + bias[:, None] + factors @ self.item_factors.T

    def _used(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> sparse.csr_matrix:
        return stars_from_plays(weights) if self.from_plays and stars.nnz == 0 else stars

    def _scores(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> Floats:
        return self._predict(self._used(weights, stars))

    def _parts(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix, item: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """What the score loses without each rating. The terms of the ridge solution would not do: a
        rating below what the others foretell has a positive term, and yet the score rises without it."""
        used = self._used(weights, stars)
        columns = used.indices
        without = sparse.csr_matrix(np.repeat(used.toarray()[:, columns], len(columns), axis=0) * (1 - np.eye(len(columns))))
        bias, factors = self.fold_in(sparse.csr_matrix((without.data, columns[without.indices], without.indptr),
                                                       shape=(len(columns), used.shape[1])))
        all_bias, all_factors = self.fold_in(used)
        return columns, all_bias - bias + (all_factors - factors) @ self.item_factors[item]

    def _empty(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> NDArray[np.bool_]:
        return np.diff(self._used(weights, stars).indptr) == 0

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"item_bias": self.item_bias, "item_factors": self.item_factors,
                "scalars": np.array([self.mean, self.from_plays], np.float64)}

    def _restore(self, tensors: dict[str, NDArray[Any]]) -> None:
        self.item_bias, self.item_factors = tensors["item_bias"], tensors["item_factors"]
        self.mean, self.from_plays = float(tensors["scalars"][0]), bool(tensors["scalars"][1])


class SVDpp(SVD):
    """SVD++: which items somebody rated counts beside the stars. For comparison."""

    id: ClassVar[str] = "svdpp"

    def __init__(self, factors: int = 20, epochs: int = 20, rate: float = 0.007, regularization: float = 0.02) -> None:
        super().__init__(factors, epochs, rate, regularization)
        self.presence: Floats = np.zeros((0, factors), np.float32)

    def _algorithm(self, seed: int, epochs: int) -> Any:
        from surprise import SVDpp as SurpriseSVDpp

        return SurpriseSVDpp(n_factors=self.factors, n_epochs=epochs, lr_all=self.rate, reg_all=self.regularization,
                             random_state=seed, cache_ratings=True)

    def _take(self, model: Any, known: NDArray[np.int64], items: int) -> None:
        self.presence = np.zeros((items, self.factors), np.float32)
        self.presence[known] = model.yj

    def _implicit(self, columns: NDArray[np.int64]) -> Floats:
        return np.asarray(self.presence[columns].sum(axis=0) / np.sqrt(len(columns)), np.float32)

    def _listener_side(self, model: Any, stars: sparse.csr_matrix) -> Floats:
        present = np.stack([self._implicit(stars.indices[stars.indptr[row]:stars.indptr[row + 1]])
                            for row in range(stars.shape[0])])
        return np.asarray(model.pu + present, np.float32)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {**super()._arrays(), "presence": self.presence}

    def _restore(self, tensors: dict[str, NDArray[Any]]) -> None:
        super()._restore(tensors)
        self.presence = tensors["presence"]


def surprise_trainset(stars: sparse.csr_matrix) -> Any:
    """Surprise's own view of a matrix of stars; raw ids are rows and columns."""
    from surprise import Dataset, Reader

    rows = np.repeat(np.arange(stars.shape[0]), np.diff(stars.indptr))
    data = Dataset(Reader(rating_scale=(MIN_STARS, MAX_STARS)))
    return data.construct_trainset([(int(row), int(column), float(value), None)
                                    for row, column, value in zip(rows, stars.indices, stars.data, strict=True)])
