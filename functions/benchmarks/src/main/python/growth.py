"""How the training, the index and the routes grow with images, width and classes: exponents of power laws.

An exponent is the slope between the middle and the largest size, in logarithms, so that what does not grow counts little.
The points are drawn beside the results.
"""
import math
import statistics

import figures
import routes
import rows
import search
from programs import Program
from svg import panels

IMAGES = (1000, 3000, 9000)
WIDTHS = (128, 512, 2048)
CLASSES = (4, 16, 64)
MIDDLE = {"images": 3000, "width": 512}
LEAST_MILLISECONDS = 5


def power(sizes, values):
    """The exponent through the last half of the points."""
    first = len(sizes) // 2
    return math.log(values[-1] / values[first]) / math.log(sizes[-1] / sizes[first])


def training(options):
    program = Program.java(options.class_path, "dev.graft.training.GrowthBenchmark", options=["-Xmx4g"])
    told = [program.answer() for _ in range(3)]
    program.end()
    return [("whole training", one["of"], one["values"], one["seconds"], "CPU s") for one in told]


def in_memory(options, work):
    """Thresholds and neighbours of images in memory."""
    found = []
    for of, sizes in (("images", IMAGES), ("width", WIDTHS)):
        measured = {"thresholds": [], "neighbours": []}
        for size in sizes:
            images, width = (size, MIDDLE["width"]) if of == "images" else (MIDDLE["images"], size)
            file = rows.write(work / "growth.npy", *rows.made_up(images, width, 8))
            with Program.java(options.class_path, "dev.graft.index.SearchBenchmark", file, options=["-Xmx4g"]) as graft:
                graft.answer()
                graft.ask("neighbours", search.SEARCHES_BEFORE)
                for what, values in measured.items():
                    runs = [graft.ask(what, search.QUERIES)["cpu"] for _ in range(3)][1:]
                    values.append(statistics.median(map(search.middle, runs)))
        found += [(what, of, sizes, values, "CPU ms") for what, values in measured.items()]
    return found


def product(options, images, classes, picture):
    """Milliseconds of each route, and CPU milliseconds of writing the index."""
    arguments = [options.class_path, "dev.graft.benchmarks.StoredProduct", options.network, options.pictures, images, classes]
    with Program.java(*arguments, options=["-Xmx4g"]) as one:
        told = one.answer()
        list(routes.measure(told["url"], picture, 2))  # which warms it
        found = {name: statistics.median(walls) for name, walls, *_ in routes.measure(told["url"], picture, options.rounds)}
    return {"writing the index": 1e3 * told["indexCpu"], **found}


def stored(options, work):
    picture = rows.small(rows.pictures(options.pictures)[0], work / "small.jpg")
    found = []
    for of, sizes in (("images", IMAGES), ("classes", CLASSES)):
        runs = [product(options, size, 0, picture) if of == "images" else product(options, MIDDLE["images"], size, picture)
                for size in sizes]
        names = [name for name in runs[0] if all(name in run for run in runs)]
        found += [(name, of, sizes, [run[name] for run in runs], "ms") for name in merged(names, runs)]
    return found


def merged(names, runs):
    return [name for name in names if runs[-1][name] >= LEAST_MILLISECONDS]


def measure(options, work):
    lines = training(options) + in_memory(options, work) + stored(options, work)
    options.out.with_suffix(".growth.svg").write_text(panels(
        (f"{what}, {of}^{power(sizes, values):.1f}", of, sizes, values, unit) for what, of, sizes, values, unit in lines))
    return [
        figures.single(f"{what}: exponent of {of}", power(sizes, values), goal="1.05",
                       note=f"{figures.number(values[0])} {unit} at {sizes[0]:,}, {figures.number(values[-1])} at {sizes[-1]:,}")
        for what, of, sizes, values, unit in lines]
