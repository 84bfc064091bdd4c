"""Programs that the suite starts and measures."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[4]
ANSWER = "answer "


def java():
    """The command of JAVA_HOME, or the one that is there."""
    return os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"


def class_path(maven):
    """Of the benchmarks, built now."""
    command = [*maven.split(), "-q", "test-compile", "exec:exec@classpath", "-pl", "functions/benchmarks", "-am"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    lines = [line for line in told.stdout.splitlines() if line.startswith("class-path ")]
    if told.returncode or not lines:
        sys.exit(f"{' '.join(command)} failed:\n{told.stdout[-3000:]}{told.stderr[-3000:]}")
    return lines[-1].removeprefix("class-path ")


def threads(count):
    """Variables that limit the libraries of numpy to so many threads."""
    return {f"{library}_NUM_THREADS": str(count) for library in ("OMP", "OPENBLAS", "MKL")}


class Program:
    """One that answers questions in JSON; what else it prints goes to a file, which is told where it fails."""

    def __init__(self, command, variables=None, cpus=None):
        self.command = command
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True,
            env={**os.environ, "ORT_DISABLE_TELEMETRY": "1", **(variables or {})},
            preexec_fn=(lambda: os.sched_setaffinity(0, cpus)) if cpus else None)

    @staticmethod
    def java(class_path, main, *arguments, options=(), cpus=None):
        command = [java(), "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", *options, "-cp", class_path, main]
        return Program([*command, *map(str, arguments)], cpus=cpus)

    @staticmethod
    def python(script, *arguments, blas_threads=1):
        return Program([sys.executable, str(HERE / script), *map(str, arguments)], threads(blas_threads))

    def answer(self):
        """The next one."""
        for line in self.process.stdout:
            if line.startswith(ANSWER):
                return json.loads(line.removeprefix(ANSWER))
            self.log.write(line)
        self.fail("ended without an answer")

    def ask(self, *words):
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def end(self):
        """Of its own accord; gives CPU seconds, seconds of waiting apart, and the peak in MB of the whole process."""
        self.process.stdin.close()
        self.process.stdout.read()
        _, status, used = os.wait4(self.process.pid, 0)
        self.process.returncode = status
        if status:
            self.fail(f"ended with {status}")
        return {"cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}

    def fail(self, how):
        self.log.seek(0)
        sys.exit(f"{' '.join(self.command)[-300:]} {how}:\n{self.log.read()[-3000:]}")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self.process.returncode is None:
            self.process.kill() if kind else self.end()


def told(figures):
    """What a program in Python answers."""
    print(ANSWER + json.dumps(figures), flush=True)


def timed(work):
    """What it gives, its CPU milliseconds in this process, and its milliseconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return found, 1e3 * (time.process_time() - cpu), 1e3 * (time.perf_counter() - wall)
