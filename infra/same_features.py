"""Shows that the featurizer computes the same features, bit for bit, on processors that Lambda has and this machine has not.

    mvn -DskipTests package && python3 infra/same_features.py

Runs the packages of the featurizer on 16 of the sample pictures: here, under qemu-user as a Haswell (an x86 with AVX2 and
without VNNI) and, with the package for arm64, as a Neoverse N1. Every feature must have the same bits, as stored and as
the network gave it. Only an int8 network with 7-bit weights promises that, so the one of the build is taken; --network
names another. What cannot be emulated here is skipped with a line that starts with SKIPPED. Status 1 if a feature differs.
"""

import argparse
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile

import emulated
import tools

ROOT = pathlib.Path(__file__).resolve().parents[1]
FUNCTIONS = ROOT / "functions"
NETWORK = FUNCTIONS / "backbone/src/main/resources/dev/graft/backbone/graft-resnet18-int8.onnx"
PRINTER = FUNCTIONS / "system-tests/target/test-classes"
PICTURES = 16


def say(text):
    print(text, file=sys.stderr)


def features(java, architecture, natives, settings, pictures):
    """What the package of an architecture prints of the pictures, a line for each."""
    package = FUNCTIONS / f"featurizer/target/featurizer-{architecture}.zip"
    for needed in (package, PRINTER / "dev/graft/system/PrintFeatures.class"):
        if not needed.exists():
            sys.exit(f"{needed.relative_to(ROOT)} is not there: run mvn -DskipTests package")
    folder = settings.work / architecture
    if not folder.exists():
        with zipfile.ZipFile(package) as content:
            content.extractall(folder)
    flags = ["--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true", "-XX:TieredStopAtLevel=1"]
    flags += [f"-Donnxruntime.native.path={folder}/ai/onnxruntime/native/{natives}"]
    command = [*java, *flags, "-cp", f"{PRINTER}:{folder}:{folder}/lib/*", "dev.graft.system.PrintFeatures"]
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    told = subprocess.run(
        [*command, settings.network, *pictures],
        capture_output=True, text=True, env=environment | {"ORT_DISABLE_TELEMETRY": "1"})
    if told.returncode:
        sys.exit(f"{' '.join(map(str, java))} ended with {told.returncode}: {(told.stderr or told.stdout)[-2000:]}")
    return told.stdout.splitlines()


def here():
    home = os.environ.get("JAVA_HOME")
    return pathlib.Path(home) / "bin/java" if home else shutil.which("java") or sys.exit("no java: set JAVA_HOME to a JDK 25")


def haswell(settings):
    qemu = shutil.which("qemu-x86_64")
    if not qemu:
        raise tools.Missing("there is no qemu-x86_64 (apt-get install qemu-user)")
    return [qemu, "-cpu", "Haswell", here()]


def neoverse(settings):
    return [emulated.java(settings.work, [sys.executable, "-m", "pip"], say)]


def compare(settings):
    """Prints how many features are the same on each processor; whether any differs."""
    samples = sorted((FUNCTIONS / "local/samples").glob("*/*.jpg"))
    pictures = samples[:: len(samples) // PICTURES][:PICTURES]
    expected = features([here()], "x86_64", "linux-x64", settings, pictures)
    if len(expected) != PICTURES:
        sys.exit(f"expected features of {PICTURES} pictures, found {len(expected)}")
    differ = False
    for name, java, architecture, natives in (
            ("x86 with AVX2 and without VNNI", haswell, "x86_64", "linux-x64"),
            ("arm64", neoverse, "arm64", "linux-aarch64")):
        try:
            program = java(settings)
        except tools.Missing as missing:
            print(f"SKIPPED: the features on {name} were not compared: {missing}")
            continue
        found = features(program, architecture, natives, settings, pictures)
        same = sum(one == other for one, other in zip(expected, found))
        differ |= same < PICTURES
        print(f"{name}: the features of {same} of {PICTURES} pictures are the same bits as on this machine")
    return differ


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", type=pathlib.Path, default=NETWORK, help="a cut network (the int8 one of the build)")
    settings = parser.parse_args()
    if platform.machine() != "x86_64":
        print(f"SKIPPED: features on other processors: this machine is {platform.machine()}, expected x86_64")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        settings.work = pathlib.Path(folder)
        return 1 if compare(settings) else 0


if __name__ == "__main__":
    sys.exit(main())
