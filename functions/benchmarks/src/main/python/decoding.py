"""Pictures from their bytes to their features, by pictures.py: one of 128 x 128 pixels, and the photos that were given."""
import pathlib

import figures
import pictures
import rows


def measure(options, work):
    chosen = [rows.small(rows.pictures(options.pictures)[0], work / "small.jpg"), *options.photos]
    found = []
    for picture, ours, theirs in pictures.measure(options.class_path, options.network, 2 * options.rounds + 1, chosen):
        name = "128 x 128 pixels" if picture == chosen[0] else pathlib.Path(picture).name
        sides = [{"cpu": side[0], "wall": side[1]} for side in (ours, theirs)]
        found.append(figures.pair(name, "ms", *sides, "Pillow and onnxruntime, 1 thread",
                                  goal="1.05" if picture == chosen[0] else "1"))
        found.append(figures.single(f"{name}: allocated", ours[2], "MB", goal="10"))
    return found
