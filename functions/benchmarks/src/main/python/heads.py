"""One head on stored features by Graft and by scikit-learn, each in a process of its own.

    python heads.py FEATURES.npy strength CLASSPATH [runs]

FEATURES.npy is float16 (images, width); FEATURES.tsv beside it has the label in its second column.
Every fifth row is held out. Time, CPU time and peak memory are those of the whole process, start and
reading included, as the kernel tells them when it has ended; this process stays small, as a child's
peak begins with its parent's. Of several runs, in turns, the one with the median time counts. Each peer is tried with
one BLAS thread and with one for each core, and its row is the faster of both: on few cores BLAS threads often get in
each other's way.
"""
import json
import os
import subprocess
import sys
import time

import programs

PEERS = {"LogisticRegression, lbfgs, float32": "lbfgs32", "LogisticRegression, lbfgs, float64": "lbfgs64",
         "SGDClassifier": "sgd"}


def run(command, threads):
    start = time.time()
    limits = programs.threads(threads) if threads else {}
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **limits})
    answer = json.loads(child.stdout.read())
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{command} ended with {status}")
    seconds = time.time() - start
    return {"s": seconds, "cpu": usage.ru_utime + usage.ru_stime, "mb": usage.ru_maxrss / 1024, **answer}


def measure(file, strength, class_path, runs, peers=PEERS):
    """What each run took, of Graft under ("Graft", 0) and of each peer with each number of threads."""
    peer = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer.py"), file, strength]
    ours = [programs.java(), "-Xms16m", "-Xmx40m", "-XX:+UseSerialGC", "-cp", class_path, "dev.graft.fit.HeadBenchmark",
            file, strength]
    commands = {("Graft", 0): ours}
    commands.update({(name, threads): peer + [how] for name, how in peers.items()
                     for threads in sorted({1, os.cpu_count()})})
    measured = {program: [] for program in commands}
    for _ in range(runs):
        for (name, threads), command in commands.items():
            measured[name, threads].append(run(command, threads))
    return measured


def main(file, strength, class_path, runs=1):
    measured = measure(file, strength, class_path, int(runs))
    medians = {program: sorted(all_, key=lambda one: one["s"])[len(all_) // 2] for program, all_ in measured.items()}
    rows = {}
    for (name, threads), row in sorted(medians.items(), key=lambda one: one[1]["s"]):
        title = f"{name}, {threads} BLAS thread{'s' * (threads > 1)}" if threads else name
        rows.setdefault(name, {"title": title, **row})
        spread = ", ".join(f"{one['s']:.2f}" for one in measured[name, threads])
        print(f"{title}: s of each run {spread}; CPU s {row['cpu']:.2f}", file=sys.stderr)
    print("| one fit | s | of it fitting | CPU s | peak MB | loss | accuracy, hold-out |\n|---|---|---|---|---|---|---|")
    for r in [rows["Graft"], *(rows[name] for name in PEERS)]:
        loss = f"{r['loss']:.5f}" if r["loss"] else "another loss"
        print(f"| {r['title']} | {r['s']:.1f} | {r['fit']:.1f} | {r['cpu']:.1f} | {r['mb']:.0f} | {loss} | {r['accuracy']:.4f} |")
    us, them = rows["Graft"], rows["LogisticRegression, lbfgs, float32"]
    ratios = [f"{them[key] / us[key]:.1f}" for key in ("s", "fit", "cpu", "mb")]
    print(f"| ratio to float32 | {' | '.join(ratios)} | {them['loss'] - us['loss']:+.5f} | {us['accuracy'] - them['accuracy']:+.4f} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
