"""Ingest of the product on one machine, from a folder to stored features, against a loop that keeps nothing.

The loop decodes, runs the network and gives the feature. With one processor the product has one worker and with two it has
two, and so has the loop; what is restricted is the whole process, stores included.
"""
import os
import shutil

import figures
import rows
from programs import Program

WARM = 300


def run(options, work, way, cpus):
    data = work / "data"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    arguments = [way, options.network, work / "warm", work / "measured", data]
    with Program.java(options.class_path, "dev.graft.local.IngestBenchmark", *arguments, options=["-Xmx3g"], cpus=cpus) as one:
        told = one.answer()
    return {"cpu": 1e3 * told["cpu"] / told["images"], "wall": 1e3 * told["seconds"] / told["images"]}


def measure(options, work):
    every = rows.pictures(options.pictures)
    step = max(1, len(every) // (options.ingest + WARM))
    chosen = every[::step][: options.ingest + WARM]
    fourth = max(2, len(chosen) // WARM)
    rows.linked(options.pictures, chosen[::fourth], work / "warm")
    rows.linked(options.pictures, [picture for i, picture in enumerate(chosen) if i % fourth], work / "measured")
    cores = sorted(os.sched_getaffinity(0))
    found = {(way, count): [] for count in (1, min(2, len(cores))) for way in ("loop", "product")}
    for _ in range(options.long_rounds):
        for (way, count), runs in found.items():
            runs.append(run(options, work, way, set(cores[:count])))
    sides = {key: {kind: [one[kind] for one in runs] for kind in ("cpu", "wall")} for key, runs in found.items()}
    lines = [
        figures.pair(f"an image, {count} processor{'s' * (count > 1)}", "ms", sides["product", count], sides["loop", count],
                     "loop without stores", goal="1.43 of wall" if count > 1 else "")
        for count in sorted({count for _, count in found})]
    for way in ("product", "loop"):
        for count in sorted({count for _, count in found}):
            lines.append(figures.single(
                f"{way}, {count} processor{'s' * (count > 1)}", [1e3 / one["wall"] for one in found[way, count]], "images a second"))
        if len(cores) > 1:
            lines.append(figures.single(
                f"{way}, two processors against one",
                [a["wall"] / b["wall"] for a, b in zip(found[way, 1], found[way, 2])], goal="1.9" if way == "product" else ""))
    return lines
