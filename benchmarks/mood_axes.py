"""How far the axes energy and valence agree with people: EMOPIA's clips, labelled by four listeners.

    python -m benchmarks.mood_axes --data DIR

Prints the area under the ROC curve: how often a clip labelled high lies above one labelled low.
"""

from __future__ import annotations

import argparse

import numpy as np
from sklearn.metrics import roc_auc_score

from core.corpora.emopia import Emopia
from core.corpora.folder import DataFolder
from core.taste.describe import describe


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder with the data sets (default: SONGLOOM_DATA)")
    folder = DataFolder.find(parser.parse_args().data)
    rows = [(piece.style, describe(piece.score)) for piece in Emopia().pieces(folder)]
    labels = np.array([label for label, _ in rows])
    for axis, high in (("energy", ("Q1", "Q2")), ("valence", ("Q1", "Q4"))):
        value = [described.number(axis) for _, described in rows]
        print(f"{axis}: AUC {roc_auc_score(np.isin(labels, high), value):.3f} over {len(rows)} clips")


if __name__ == "__main__":
    main()
