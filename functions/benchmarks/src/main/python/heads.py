"""One head on stored features by Graft and by scikit-learn, each in a process of its own.

    python heads.py FEATURES.npy strength CLASSPATH [runs]

FEATURES.npy is float16 (images, width); FEATURES.tsv beside it has the label in its second column.
Every fifth row is held out. Time, CPU time and peak memory are those of the whole process, start and
reading included, as the kernel tells them when it has ended; this process stays small, as a child's
peak begins with its parent's. Of several runs, in turns, the one with the median time counts.
"""
import json
import os
import subprocess
import sys
import time

file, strength, classpath = sys.argv[1:4]
runs = int(sys.argv[4]) if len(sys.argv) > 4 else 1
java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
peer = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer.py"), file, strength]
programs = {
    "Graft": [java, "-Xms16m", "-Xmx40m", "-XX:+UseSerialGC", "-cp", classpath,
              "dev.graft.fit.HeadBenchmark", file, strength],
    "LogisticRegression, lbfgs, float32": peer + ["lbfgs32"],
    "LogisticRegression, lbfgs, float64": peer + ["lbfgs64"],
    "SGDClassifier": peer + ["sgd"],
}


def measure(command):
    start = time.time()
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    answer = json.loads(child.stdout.read())
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{command} ended with {status}")
    seconds = time.time() - start
    return {"s": seconds, "cpu": usage.ru_utime + usage.ru_stime, "mb": usage.ru_maxrss / 1024, **answer}


measured = {name: [] for name in programs}
for _ in range(runs):
    for name, command in programs.items():
        measured[name].append(measure(command))
rows = {name: sorted(all_, key=lambda one: one["s"])[len(all_) // 2] for name, all_ in measured.items()}
print("| one fit | s | of it fitting | CPU s | peak MB | loss | accuracy, hold-out |\n|---|---|---|---|---|---|---|")
for name, r in rows.items():
    loss = f"{r['loss']:.5f}" if r["loss"] else "another loss"
    print(f"| {name} | {r['s']:.1f} | {r['fit']:.1f} | {r['cpu']:.1f} | {r['mb']:.0f} | {loss} | {r['accuracy']:.4f} |")
us, them = rows["Graft"], rows["LogisticRegression, lbfgs, float32"]
ratios = [f"{them[key] / us[key]:.1f}" for key in ("s", "fit", "cpu", "mb")]
print(f"| ratio to float32 | {' | '.join(ratios)} | {them['loss'] - us['loss']:+.5f} | {us['accuracy'] - them['accuracy']:+.4f} |")
