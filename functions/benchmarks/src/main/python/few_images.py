"""The peers of FewImagesBenchmark on the same draws: scikit-learn's LogisticRegression and NearestCentroid.

    python few_images.py FILE.npy "2 3 5 10" 200
"""
import hashlib
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestCentroid

KEPT = 3


def main():
    features = np.load(sys.argv[1]).astype(np.float32)
    lines = [line.split("\t") for line in open(sys.argv[1].replace(".npy", ".tsv"), encoding="utf-8")]
    names, labels = [line[0] for line in lines], np.array([line[1] for line in lines])
    for each in map(int, sys.argv[2].split()):
        sums = np.zeros(2)
        for draw in range(int(sys.argv[3])):
            drawn = []
            for label in np.unique(labels):
                of = np.flatnonzero(labels == label)
                first = sorted(of, key=lambda i: hashlib.sha256(f"{draw} {names[i]}".encode()).hexdigest())
                drawn += first[: min(each, len(of) - KEPT)]
            rest = np.setdiff1d(np.arange(len(labels)), drawn)
            share = {label: np.mean(labels[drawn] == label) / np.sum(labels[rest] == label) for label in np.unique(labels)}
            weights = np.array([share[label] for label in labels[rest]])
            for k, peer in enumerate((LogisticRegression(max_iter=2000), NearestCentroid())):
                right = peer.fit(features[drawn], labels[drawn]).predict(features[rest]) == labels[rest]
                sums[k] += np.sum(weights * right)
        print(sys.argv[1], each, "LogisticRegression %.3f, NearestCentroid %.3f" % tuple(sums / int(sys.argv[3])), flush=True)


main()
