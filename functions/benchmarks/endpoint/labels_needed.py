"""Labels needed to reach 95 % of full accuracy: by the queue, and in random order.

The rule of dev.graft.review.ReviewQueue, 50 labels at a time after 100 random ones, against the same 100 and random
ones; accuracy on a fifth of the images that is never labelled. One split into fifths says little (the 95 % interval of
an accuracy on 1,100 images is 2.5 points wide), so ten are averaged. The softmax head is fitted on 300 principal
components of the standardized features, which is fast and costs half a point.

    python labels_needed.py flickr8.npy flickr8.tsv
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import sys

import numpy as np
from scipy.optimize import minimize

STEP, START, END, SEEDS, WANTED = 50, 100, 1000, range(1, 11), 0.95


def components(x, count=300):
    z = (x - x.mean(0)) / (x.std(0) + 1e-6)
    return z @ np.linalg.eigh(z.T @ z)[1][:, : -count - 1 : -1]


def scores(weights, x):
    s = x @ weights[:-1] + weights[-1]
    e = np.exp(s - s.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def fit(x, y, classes, strength=333):
    """Softmax regression with L2; weights (width + 1, classes), the bias last."""
    truth = np.eye(classes)[y]

    def loss(flat):
        w = flat.reshape(-1, classes)
        p = scores(w, x)
        gradient = np.vstack([x.T @ (p - truth) + strength * w[:-1], (p - truth).sum(0)])
        return -np.log((p * truth).sum(1) + 1e-300).sum() + strength / 2 * (w[:-1] ** 2).sum(), gradient.ravel()

    start = np.zeros((x.shape[1] + 1) * classes)
    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 80}).x.reshape(-1, classes)


def choose(probabilities, pool, x, known):
    """The next labels, as ReviewQueue offers them (look-alikes apart)."""
    best = np.sort(probabilities, axis=1)
    doubt = 1 - (best[:, -1] - best[:, -2])
    order = np.argsort(-doubt)[: 10 * STEP]
    candidates, doubt, novelty, chosen = pool[order], doubt[order], np.ones(len(order)), []
    direction = (x[candidates] - x[known].mean(0)) / (x[known].std(0) + 1e-6)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    for _ in range(STEP):
        i = np.argmax(doubt * novelty)
        chosen.append(candidates[i])
        novelty = np.minimum(novelty, 1 - direction @ direction[i])
        novelty[i] = -1
    return np.array(chosen)


def main():
    x = np.load(sys.argv[1]).astype(np.float32)
    names = [line.rstrip("\n").split("\t")[1] for line in open(sys.argv[2], encoding="utf-8")]
    classes, y = np.unique(names, return_inverse=True)
    z = components(x).astype(np.float64)
    curves = {"random": [], "queue": []}
    for seed in SEEDS:
        rows = np.random.default_rng(seed).permutation(len(y))
        test, rows = rows[: len(y) // 5], rows[len(y) // 5 :]

        def accuracy(weights):
            return np.mean(scores(weights, z[test]).argmax(1) == y[test])

        full = accuracy(fit(z[rows], y[rows], len(classes)))
        told = [f"seed {seed:2}: all {len(rows)} labels {full:.1%}"]
        for order, found in curves.items():
            known, pool, curve = rows[:START], rows[START:], []
            while True:
                weights = fit(z[known], y[known], len(classes))
                curve.append(accuracy(weights) / full)
                if len(known) >= END:
                    break
                taken = pool[:STEP] if order == "random" else choose(scores(weights, z[pool]), pool, x, known)
                known, pool = np.r_[known, taken], pool[~np.isin(pool, taken)]
            found.append(curve)
            told.append(f"{order} {needed(curve)}")
        print(", ".join(told), flush=True)
    print("labels      " + " ".join(f"{n:5}" for n in range(START, END + 1, 2 * STEP)))
    for order, found in curves.items():
        mean = np.mean(found, axis=0)
        shown = " ".join(f"{share:5.1%}" for share in mean[::2])
        print(f"{order:8} {shown}  {WANTED:.0%} of full accuracy on average from {needed(mean)} labels")


def needed(curve):
    """Labels at the first step that reaches what is wanted."""
    reached = np.flatnonzero(np.array(curve) >= WANTED)
    return START + STEP * reached[0] if len(reached) else f"more than {END}"


main()
