"""A head by scikit-learn: FILE.npy strength lbfgs32|lbfgs64|sgd; started by heads.py. Answers in JSON."""
import json
import sys
import time
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.preprocessing import StandardScaler

file, strength, peer = sys.argv[1], float(sys.argv[2]), sys.argv[3]
warnings.filterwarnings("ignore")
x = np.load(file).astype(np.float64 if peer == "lbfgs64" else np.float32)
labels = np.array([line.split("\t")[1] for line in open(file.replace(".npy", ".tsv"), encoding="utf-8")])
held = np.arange(len(labels)) % 5 == 0
start = time.time()
scaler = StandardScaler().fit(x[~held])
train, test = scaler.transform(x[~held]), scaler.transform(x[held])
if peer == "sgd":
    model = SGDClassifier(loss="log_loss", alpha=strength, random_state=0)
else:
    model = LogisticRegression(C=1 / (strength * len(train)), max_iter=2000)
model.fit(train, labels[~held])
fit = time.time() - start
loss = None  # of SGD: it fits one class against the rest, which is another loss
if peer != "sgd":
    p = model.predict_proba(train)
    truth = p[np.arange(len(train)), np.searchsorted(model.classes_, labels[~held])].astype(float)
    loss = -np.log(truth).mean() + strength / 2 * (model.coef_.astype(float) ** 2).sum()
print(json.dumps({"fit": fit, "loss": loss, "accuracy": float((model.predict(test) == labels[held]).mean())}))
