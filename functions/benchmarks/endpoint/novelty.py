"""How well "known": false tells unknown images: the features command's files in, AUROC and shares out.

The same rule as dev.graft.prediction.Novelty: mean cosine with the five nearest labelled images,
threshold = 5 % quantile over 200 labelled images, neighbours of other folds only. Beside it the
usual score, the largest softmax probability, with a threshold chosen the same way.

    python novelty.py flickr8.npy flickr8.tsv flowers.npy flowers.tsv
"""
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score


def read(npy, tsv):
    labels = [line.rstrip("\n").split("\t")[1] for line in open(tsv, encoding="utf-8")]
    return np.load(npy).astype(np.float32), np.array(labels)


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def familiarity(queries, known):
    return np.sort(unit(queries) @ unit(known).T, axis=1)[:, -5:].mean(1)


def probability(train, labels):
    mean, scale = train.mean(0), train.std(0) + 1e-6
    model = LogisticRegression(C=0.003, max_iter=100, tol=1e-3).fit((train - mean) / scale, labels)
    return lambda queries: model.predict_proba((queries - mean) / scale).max(1)


def measure(name, known, labels, unknown):
    folds = np.random.default_rng(1).integers(0, 5, len(known))
    train, test = folds > 0, folds == 0
    x, inner = known[train], folds[train]
    sample = np.arange(0, len(x), max(1, len(x) // 200))
    near = np.array([familiarity(x[i : i + 1], x[inner != inner[i]])[0] for i in sample])
    sure = np.concatenate(
        [probability(x[inner != f], labels[train][inner != f])(x[inner == f]) for f in (1, 2)]
    )
    max_softmax = probability(x, labels[train])
    for method, oof, score in (
        ("five nearest", near, lambda q: familiarity(q, x)),
        ("max softmax", sure, max_softmax),
    ):
        threshold = np.sort(oof)[int(0.05 * len(oof))]
        a, b = score(known[test]), score(unknown)
        auroc = roc_auc_score(np.r_[np.ones(len(a)), np.zeros(len(b))], np.r_[a, b])
        print(
            f"{name:<42} {method:<13} AUROC {auroc:.3f}  known accepted {np.mean(a >= threshold):.1%}"
            f"  unknown refused {np.mean(b < threshold):.1%}",
            flush=True,
        )


def main():
    x, y = read(*sys.argv[1:3])
    other, other_y = read(*sys.argv[3:5])
    classes = np.unique(y)
    for i in range(0, len(classes), 2):
        out = np.isin(y, classes[i : i + 2])
        measure("without " + " and ".join(classes[i : i + 2]), x[~out], y[~out], x[out])
    measure("first set, unknown of the second", x, y, other)
    measure("second set, unknown of the first", other, other_y, x)


main()
