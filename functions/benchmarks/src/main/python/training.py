"""The whole training against scikit-learn's LogisticRegressionCV, and one fit against its LogisticRegression.

Both have the same features, the same path of L2 strengths and the same folds, and choose by the log loss out of fold; Graft
also finds near-duplicates, tries other scalings, and computes figures and learning curves. CPU and seconds are those of the
training in a process that has just started, without the start and without reading the features.
"""
import json
import pathlib

import figures
import heads
import rows
from programs import Program

LBFGS = "LogisticRegression, lbfgs, float32"


def graft(options, file, pictures):
    arguments = [file, *([pictures] if pictures else [])]
    with Program.java(options.class_path, "dev.graft.training.TrainingBenchmark", *arguments, options=["-Xmx4g"]) as one:
        return one.answer()


def peer(file, strengths, threads):
    with Program.python("training_peer.py", file, json.dumps(strengths), blas_threads=threads) as one:
        return one.answer()


def whole(options, name, file, pictures=None):
    """Each number of threads once, then the fastest in turn with Graft."""
    first = graft(options, file, pictures)
    tried = {threads: peer(file, first["strengths"], threads) for threads in options.threads}
    best = min(tried, key=lambda threads: tried[threads]["seconds"])
    ours, theirs = [first], [tried[best]]
    for _ in range(options.training_rounds - 1):
        ours.append(graft(options, file, pictures))
        theirs.append(peer(file, first["strengths"], best))
    seconds = [{kind: [one[key] for one in side] for kind, key in (("cpu", "cpu"), ("wall", "seconds"))}
               for side in (ours, theirs)]
    others = ", ".join(f"{threads}: {one['seconds']:.1f} s and {one['cpu']:.1f} CPU s" for threads, one in tried.items())
    return [
        figures.pair(f"whole training, {name}", "s", *seconds, f"LogisticRegressionCV, {best} BLAS threads", goal="0.125",
                     note=f"threads {others}"),
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
        f"one fit, {name}", "s", *sides, f"{LBFGS}, {threads} BLAS threads", goal="0.25",
        note=f"CPU of the process, wall of the fit; the peer's loss is {loss:+.6f}")


def measure(options, work):
    found = []
    for width, classes in ((512, 4), (512, 8), (512, 20), (512, 60), (2048, 8)):
        file = rows.write(work / "training.npy", *rows.made_up(options.training, width, classes))
        name = f"made up, {options.training:,} x {width:,}, {classes} classes"
        found += whole(options, name, file)
        if classes == 8:
            found.append(one_fit(options, name, file))
    for file in options.features:
        name = pathlib.Path(file).stem
        found += whole(options, name, file, options.pictures)
        found.append(one_fit(options, name, file))
    return found
