"""What counts for a taste and how much; and what interactions and content refuse."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from core.errors import RequestError
from core.taste.gather import comment_feelings, gather, play_weights, star_weight
from core.taste.protocol import Content, Interactions

ITEMS = ("tune:a", "tune:b", "tune:c")


def test_plays_add_up_and_skips_do_not_count() -> None:
    share = play_weights(np.array([1.0, 0.5, 0.29]))
    plays = [("x", "tune:a", share[0]), ("x", "tune:a", share[1]), ("x", "tune:b", share[2]), ("y", "tune:c", 40)]
    data = gather(ITEMS, plays, [])
    assert data.listeners == ("x", "y")
    np.testing.assert_allclose(data.weights.toarray(), [[1.5, 0, 0], [0, 0, 40]])


def test_high_stars_count_and_low_stars_undo_plays() -> None:
    plays = [("x", "tune:a", 1.0), ("x", "tune:b", 1.0)]
    data = gather(ITEMS, plays, [("x", "tune:a", 1.0), ("x", "tune:b", 4.5), ("x", "tune:c", 3)], [("x", "tune:c")])
    np.testing.assert_allclose(data.weights.toarray(), [[0, 5, 3]])
    np.testing.assert_allclose(data.stars.toarray(), [[1, 4.5, 3]])


def test_praise_counts_and_blame_undoes_plays_where_there_are_no_stars() -> None:
    plays = [("x", "tune:a", 1.0), ("x", "tune:b", 1.0), ("x", "tune:c", 1.0)]
    said = [("x", "tune:a", "I love this, wonderful!"), ("x", "tune:b", "太难听了,受不了"), ("x", "tune:c", "It is in G")]
    weights = gather(ITEMS, plays, [], comments=said).weights.toarray()[0]
    assert 1.5 < weights[0] <= 3
    assert weights[1:].tolist() == [0, 1]
    rated = gather(ITEMS, plays, [("x", "tune:b", 4.5)], comments=said).weights.toarray()[0]
    assert rated[1] == 5


def test_comments_of_two_minds_cancel() -> None:
    said = [("x", "tune:a", "terrible, I hate it"), ("x", "tune:a", "wonderful, I love it")]
    assert comment_feelings(said) == {}
    assert comment_feelings(said[:1]).keys() == {("x", "tune:a")}


def test_the_last_rating_counts() -> None:
    data = gather(ITEMS, [], [("x", "tune:a", 5.0), ("x", "tune:a", 2.5)])
    np.testing.assert_allclose(data.stars.toarray(), [[2.5, 0, 0]])
    assert data.weights.nnz == 0


def test_weights_of_hearings_and_stars() -> None:
    assert play_weights(np.array([0, 0.29, 0.3, 1])).tolist() == [0, 0, 0.3, 1]
    assert [star_weight(stars) for stars in (0.5, 3, 3.5, 5)] == [0, 0, 2, 5]
    for stars in (0, 5.5, -1):
        with pytest.raises(RequestError, match="Stars"):
            star_weight(stars)


def test_unknown_items_and_wrong_shapes_are_refused() -> None:
    with pytest.raises(RequestError, match="tune:z"):
        gather(ITEMS, [("x", "tune:z", 1.0)], [])
    right = sparse.csr_matrix((1, 3))
    with pytest.raises(RequestError, match="shape"):
        Interactions(("x",), ITEMS, right, sparse.csr_matrix((1, 2)))
    with pytest.raises(RequestError, match="twice"):
        Interactions(("x",), ("a", "a", "b"), right, right)
    with pytest.raises(RequestError, match="shape"):
        Content(ITEMS, ("f",), sparse.csr_matrix((3, 2)))
    with pytest.raises(RequestError, match="finite"):
        Content(ITEMS, ("f",), sparse.csr_matrix(np.array([[np.inf], [0], [0]])))


def test_content_is_aligned_to_other_items() -> None:
    content = Content(ITEMS, ("f", "g"), sparse.csr_matrix(np.array([[1, 0], [0, 2], [3, 3]])))
    found = content.aligned(("tune:c", "tune:new", "tune:a"))
    np.testing.assert_allclose(found.matrix.toarray(), [[3, 3], [0, 0], [1, 0]])
    assert content.aligned(ITEMS) is content
