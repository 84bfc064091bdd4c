"""Labels needed to reach 95 % of full accuracy: by the queue, and in random order.

The rule of dev.graft.review.ReviewQueue, 50 labels at a time after 100 random ones; accuracy on a
fifth of the images that is never labelled.

    python labels_needed.py flickr8.npy flickr8.tsv
"""
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

STEP, START, SEEDS = 50, 100, (1, 2)


def main():
    x = np.load(sys.argv[1]).astype(np.float32)
    names = [line.rstrip("\n").split("\t")[1] for line in open(sys.argv[2], encoding="utf-8")]
    y = np.unique(names, return_inverse=True)[1]
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)

    def fit(rows):
        mean, scale = x[rows].mean(0), x[rows].std(0)
        scale[scale < 1e-6] = 1
        model = LogisticRegression(C=0.003, max_iter=60, tol=1e-3)
        model.fit((x[rows] - mean) / scale, y[rows])
        return model, lambda q: model.predict_proba((x[q] - mean) / scale)

    def accuracy(fitted, rows):
        model, probabilities = fitted
        return np.mean(model.classes_[probabilities(rows).argmax(1)] == y[rows])

    def choose(probabilities, pool):
        best = np.sort(probabilities, axis=1)
        doubt = 1 - (best[:, -1] - best[:, -2])
        order = np.argsort(-doubt)[: 10 * STEP]
        open_, doubt, novelty, chosen = pool[order], doubt[order], np.ones(len(order)), []
        for _ in range(STEP):
            i = np.argmax(doubt * novelty)
            chosen.append(open_[i])
            novelty = np.minimum(novelty, 1 - unit[open_] @ unit[open_[i]])
            novelty[i] = -1
        return np.array(chosen)

    for seed in SEEDS:
        rows = np.random.default_rng(seed).permutation(len(y))
        test, rows = rows[: len(y) // 5], rows[len(y) // 5 :]
        full = accuracy(fit(rows), test)
        print(f"seed {seed}: all {len(rows)} labels give {full:.1%}, 95 % of it is {0.95 * full:.1%}")
        for order in ("random", "queue"):
            known, pool = rows[:START], rows[START:]
            fitted = fit(known)
            while (now := accuracy(fitted, test)) < 0.95 * full and len(pool) > STEP:
                taken = pool[:STEP] if order == "random" else choose(fitted[1](pool), pool)
                known, pool = np.r_[known, taken], pool[~np.isin(pool, taken)]
                fitted = fit(known)
            print(f"  {order}: {len(known)} labels give {now:.1%}", flush=True)


main()
