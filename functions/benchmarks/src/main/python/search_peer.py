"""Thresholds and neighbours by numpy and scipy, as SearchBenchmark measures them: search_peer.py FILE.npy

What dev.graft.index.Novelty computes, from rows of length 1 in float32 that are in memory before. Started by search.py.
"""
import sys

import numpy
from scipy.linalg import solve_triangular

from programs import timed, told

NEAREST, SAMPLE, LEARNED, FOLDS, WEIGHTS = 5, 200, 8192, 5, (3, 3, 1)


class Discriminant:
    def __init__(self, rows, labels, classes):
        images, width = rows.shape
        self.mean = rows.mean(0)
        centred = rows - self.mean
        means = numpy.stack([centred[labels == c].mean(0) for c in range(classes)])
        counts = numpy.bincount(labels, minlength=classes)
        total = (centred.T @ centred).astype(numpy.float64)
        within = total - (means.T * counts) @ means
        self.within, self.total = self.factor(within, images, width), self.factor(total, images, width)
        self.classes = self.white(self.within, means)
        self.priors = numpy.log(counts / images)

    @staticmethod
    def factor(sums, images, width):
        added = (0.03 + 0.3 * width / images) * max(1e-8, numpy.trace(sums) / images / width)
        covariance = sums / images
        covariance[numpy.diag_indices(width)] += added
        return numpy.linalg.cholesky(covariance).astype(numpy.float32)

    @staticmethod
    def white(factor, rows):
        return solve_triangular(factor, rows.T, lower=True, check_finite=False).T

    def scores(self, units):
        centred = units - self.mean
        white, of_all = self.white(self.within, centred), self.white(self.total, centred)
        score = white @ self.classes.T - (self.classes ** 2).sum(1) / 2
        nearest = ((white ** 2).sum(1)[:, None] - 2 * score).min(1)
        score += self.priors
        highest = score.max(1)
        energy = highest + numpy.log(numpy.exp(score - highest[:, None]).sum(1))
        return (of_all ** 2).sum(1) - nearest, energy


def some(count, most):
    return numpy.arange(0, count, max(1, count // most))


def threshold(units, labels, folds, classes):
    sample, learned = some(len(units), SAMPLE), some(len(units), LEARNED)
    scores = numpy.empty((len(WEIGHTS), len(sample)))
    cosines = units[sample] @ units.T
    cosines[folds[sample][:, None] == folds[None, :]] = -2
    scores[0] = numpy.partition(cosines, -NEAREST, axis=1)[:, -NEAREST:].mean(1)
    rows, of = units[learned], labels[learned]
    for fold in range(FOLDS):
        here = folds[sample] == fold
        others = folds[learned] != fold
        scores[1:, here] = Discriminant(rows[others], of[others], classes).scores(units[sample[here]])
    Discriminant(rows, of, classes)  # for the images to come
    sums = numpy.zeros(len(sample))
    for weight, score in zip(WEIGHTS, scores):
        ascending = numpy.sort(score)
        median, low = ascending[len(sample) // 2], ascending[len(sample) // 20]
        sums += weight * numpy.minimum(0, (score - median) / max(1e-6, median - low))
    return float(numpy.sort(sums)[5 * len(sample) // 100])


def main(file):
    units = numpy.load(file).astype(numpy.float32)
    units /= numpy.linalg.norm(units, axis=1, keepdims=True)
    said = [line.split("\t")[1] for line in open(file.replace(".npy", ".tsv"), encoding="utf-8")]
    keys = [f"image {i}" for i in range(len(said))]
    names, labels = numpy.unique(said, return_inverse=True)
    folds = numpy.array(open(file.replace(".npy", ".folds"), encoding="utf-8").read().split(), int)
    told({"images": len(units)})
    for line in sys.stdin:
        what, *count = line.split()
        if what == "thresholds":
            found, cpu, wall = timed(lambda: threshold(units, labels, folds, len(names)))
            told({"cpu": cpu, "wall": wall, "threshold": found})
        else:
            measured = []
            for k in range(int(count[0])):
                unit = units[k * len(units) // int(count[0])]
                measured.append(timed(lambda: nearest(units, keys, said, unit)))
            told({"cpu": [one[1] for one in measured], "wall": [one[2] for one in measured],
                  "similarity": sum(similarity for found, _, _ in measured for similarity, _, _ in found)})


def nearest(units, keys, labels, unit):
    """Key, label and similarity of each, best first."""
    cosines = units @ unit
    best = numpy.argpartition(cosines, -NEAREST)[-NEAREST:]
    similarities = cosines[best].tolist()
    found = [(similarity, keys[i], labels[i]) for similarity, i in zip(similarities, best.tolist())]
    return sorted(found, reverse=True)


if __name__ == "__main__":
    main(sys.argv[1])
