"""The whole training against scikit-learn's LogisticRegressionCV, and one fit against its LogisticRegression.

Both have the same features, the same path of L2 strengths and the same folds, and choose by the log loss out of fold; Graft
also finds near-duplicates, tries other scalings, and computes figures and learning curves. CPU and seconds are those of the
training in a process that has just started, without the start and without reading the features.
"""
import json

import numpy

import figures
import heads
import rows
from programs import Program

QUICK = 3

# As the trainer's function runs: AWS's runtime takes this collector, and infra/template.yaml has the rest.
OPTIONS = ["-Xmx4g", "-XX:+UseSerialGC", "-XX:Tier4BackEdgeThreshold=400000"]
LBFGS = "LogisticRegression, lbfgs, float32"


def graft(options, file):
    arguments = [options.class_path, "dev.graft.training.TrainingBenchmark", file, options.pictures]
    with Program.java(*arguments, options=OPTIONS) as one:
        return one.answer()


def peer(file, strengths, threads):
    with Program.python("training_peer.py", file, json.dumps(strengths), blas_threads=threads) as one:
        return one.answer()


def whole(options, name, file, rounds):
    """Each number of threads on the first, quick strengths, then the fastest in turn with Graft."""
    first = graft(options, file)
    tried = {threads: peer(file, first["strengths"][:QUICK], threads)["seconds"] for threads in options.threads}
    best = min(tried, key=tried.get)
    ours, theirs = [first], [peer(file, first["strengths"], best)]
    for _ in range(rounds - 1):
        ours.append(graft(options, file))
        theirs.append(peer(file, first["strengths"], best))
    seconds = [{kind: [one[key] for one in side] for kind, key in (("cpu", "cpu"), ("wall", "seconds"))}
               for side in (ours, theirs)]
    others = ", ".join(f"{threads}: {took:.1f} s" for threads, took in tried.items())
    return [
        figures.pair(f"whole training, {name}", "s", *seconds, f"LogisticRegressionCV, BLAS threads: {best}", goal="0.125",
                     note=f"threads tried {others}"),
        figures.single(f"log loss out of fold less the peer's, {name}", ours[0]["logLoss"] - theirs[0]["logLoss"], "nats",
                       goal="0"),
        figures.single(f"near-duplicates, {name}", [one["nearDuplicatesCpu"] for one in ours], "CPU s"),
    ]


def one_fit(options, name, file):
    """Of whole processes, as heads.py measures them; the fastest number of threads."""
    measured = heads.measure(file, "0.03", options.class_path, options.rounds, {LBFGS: heads.PEERS[LBFGS]})
    ours = measured.pop(("Graft", 0))
    (_, threads), theirs = min(measured.items(), key=lambda one: sorted(run["s"] for run in one[1])[len(one[1]) // 2])
    sides = [{"cpu": [run["cpu"] for run in side], "wall": [run["fit"] for run in side]} for side in (ours, theirs)]
    loss = theirs[0]["loss"] - ours[0]["loss"]
    return figures.pair(
        f"one fit, {name}", "s", *sides, f"{LBFGS}, BLAS threads: {threads}", goal="0.25",
        note=f"CPU of the process, wall of the fit; the peer's loss is {loss:+.6f}")


def measure(options, work):
    found = []
    for network in [options.network, *options.wide]:
        real = rows.extracted(options, network, options.training, work)
        images, width = numpy.load(real, mmap_mode="r").shape
        files = {"classes of the folder": real}
        if network == options.network:
            files |= {f"{classes} classes that are drawn": rows.drawn(real, classes, work / f"{classes}.npy")
                      for classes in (4, 20, 60)}
        for classes, file in files.items():
            rounds = options.long_rounds if file == real else 1
            found += whole(options, f"{images:,} x {width:,}, {classes}", file, rounds)
        found.append(one_fit(options, f"{images:,} x {width:,}", real))
    return found
