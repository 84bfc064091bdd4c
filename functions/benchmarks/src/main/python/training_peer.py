"""scikit-learn's part of a whole training: training_peer.py FILE.npy STRENGTHS. Started by training.py.

Features are divided by one number, as Graft does, so that a strength of L2 means the same. scikit-learn's C weighs against
the sum over the images of a fit: here against that of four of five folds.
"""
import json
import sys
import time
import warnings

import numpy
from sklearn.linear_model import LogisticRegressionCV
from sklearn.model_selection import PredefinedSplit

from programs import told


def main(file, strengths):
    warnings.filterwarnings("ignore")
    features = numpy.load(file).astype(numpy.float32)
    labels = numpy.array([line.split("\t")[1] for line in open(file.replace(".npy", ".tsv"), encoding="utf-8")])
    folds = numpy.array(open(file.replace(".npy", ".folds"), encoding="utf-8").read().split(), int)
    grid = [1 / (strength * 0.8 * len(labels)) for strength in json.loads(strengths)]
    wall, cpu = time.perf_counter(), time.process_time()
    scaled = features - features.mean(0)
    scaled /= numpy.sqrt((scaled ** 2).mean())
    model = LogisticRegressionCV(
        Cs=grid, cv=PredefinedSplit(folds), scoring="neg_log_loss", max_iter=2000).fit(scaled, labels)
    took = {"cpu": time.process_time() - cpu, "seconds": time.perf_counter() - wall}
    scores = numpy.asarray(next(iter(model.scores_.values())) if isinstance(model.scores_, dict) else model.scores_)
    sizes = numpy.bincount(folds)[numpy.unique(folds)]
    losses = -(scores.reshape(len(sizes), -1) * sizes[:, None]).sum(0) / sizes.sum()
    told({**took, "logLoss": float(losses.min()), "C": float(numpy.ravel(model.C_)[0])})


if __name__ == "__main__":
    main(*sys.argv[1:])
