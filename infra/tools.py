"""Python tools in environments of their own, outside this repository:  python3 infra/tools.py NAME

Installs what requirements/NAME.txt pins, once, and prints the folder of its programs. The environments lie under
graft/python in the user's cache folder ($XDG_CACHE_HOME, else ~/.cache) and can be deleted at any time.
Ends with a sentence and status 3 where there is no fitting Python or no package index.
"""

import fcntl
import glob
import hashlib
import os
import pathlib
import platform
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "graft"
OLDEST, NEWEST = (3, 10), (3, 14)
MISSING = 3  # exit status where this machine lacks something, for scripts that then go without
EXACT = {"localstack": (3, 13)}  # LocalStack 4.14 uses syntax of 3.13, and its pins know nothing newer


class Missing(Exception):
    """Something that this machine does not have; the message says what to do."""


def machine():
    """This machine's processor, as Lambda calls it."""
    return {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")


def version(program):
    """The version of a Python, as two numbers; nothing if it does not run, as pyenv's place-holders may not."""
    ask = "import ensurepip, sys, venv; print(sys.version_info.major, sys.version_info.minor)"
    try:
        told = subprocess.run([program, "-c", ask], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return tuple(map(int, told.stdout.split())) if told.returncode == 0 else None


def python(name):
    """A Python for these requirements that can make environments: this one, one of the PATH, or one of pyenv."""
    low, high = (EXACT[name],) * 2 if name in EXACT else (OLDEST, NEWEST)
    candidates = [sys.executable]
    pyenv = os.environ.get("PYENV_ROOT") or pathlib.Path.home() / ".pyenv"
    for minor in range(high[1], low[1] - 1, -1):
        candidates += filter(None, [shutil.which(f"python3.{minor}")])
        candidates += glob.glob(f"{pyenv}/versions/3.{minor}.*/bin/python3")
    for candidate in candidates:
        if low <= (version(candidate) or (0, 0)) <= high:
            return candidate
    wanted = "3.%d" % low[1] if low == high else "3.%d to 3.%d" % (low[1], high[1])
    raise Missing(
        f"{name} needs Python {wanted} with its modules venv and ensurepip. There is none on the PATH and none among "
        f"pyenv's; install it, for example with: pyenv install 3.{low[1] if low == high else 13}"
    )


def environment(name, progress=lambda text: None):
    """The folder of programs of an environment that holds requirements/NAME.txt and nothing else."""
    pins = HERE / "requirements" / f"{name}.txt"
    folder = CACHE / "python" / f"{name}-{hashlib.sha256(pins.read_bytes()).hexdigest()[:12]}"
    done = folder / "complete"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two builds at once make one environment
        if not done.exists():
            interpreter = python(name)
            count = sum(not line.startswith("#") for line in pins.read_text().splitlines())
            progress(f"installing {count} packages for {name} into {folder}, once")
            subprocess.run([interpreter, "-m", "venv", "--clear", folder], check=True, stdout=subprocess.DEVNULL)
            # --no-deps: the pins are complete, whatever the packages say
            install = [folder / "bin/python", "-m", "pip", "install", "--quiet", "--no-deps", "--retries=2", "-r", pins]
            told = subprocess.run(install, capture_output=True, text=True)
            if told.returncode:
                raise Missing(f"{pins} could not be installed, is a package index reachable?\n{told.stderr.strip()[-2000:]}")
            done.touch()
    return folder / "bin"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        print(environment(sys.argv[1], lambda text: print(text, file=sys.stderr)))
    except Missing as missing:
        print(missing, file=sys.stderr)
        sys.exit(MISSING)


if __name__ == "__main__":
    main()
