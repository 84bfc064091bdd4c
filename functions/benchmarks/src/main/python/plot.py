"""Draws what changed between two runs of the suite: plot.py BEFORE.json AFTER.json OUT.svg

A bar for each figure that both have, before (grey) and after (blue), as long as the figure against the larger of both.
"""
import json
import pathlib
import sys

import svg

LEFT, LONG, LINE = 430, 300, 30


def medians(file):
    """Of Graft's side, by point, what and unit."""
    found = {}
    for point, told in json.loads(pathlib.Path(file).read_text(encoding="utf-8"))["points"].items():
        for row in told["rows"]:
            for kind in ("cpu", "wall", "value"):
                if kind in row:
                    side = row[kind] if kind == "value" else row[kind]["graft"]
                    unit = row["unit"] if kind == "value" else f"{row['unit']}, {'CPU' if kind == 'cpu' else 'wall'}"
                    found[point, row["what"], unit] = side["median"]
    return found


def main(before, after, out):
    old, new = medians(before), medians(after)
    lines, y, point = [], 20, ""
    for key in (key for key in new if key in old):
        if key[0] != point:
            point = key[0]
            y += 14
            lines.append(svg.text(10, y, point, "start"))
            y += 12
        longest = max(abs(old[key]), abs(new[key])) or 1
        lines.append(svg.text(LEFT - 10, y + 14, f"{key[1]}{f' ({key[2]})' if key[2] else ''}", "end"))
        for name, value, down in (("before", old[key], 0), ("after", new[key], 11)):
            width = LONG * abs(value) / longest
            lines += [f'<rect class="{name}" x="{LEFT}" y="{y + down}" width="{width:.1f}" height="9"/>',
                      svg.text(LEFT + width + 6, y + down + 8, svg.figure(value), "start")]
        y += LINE
    pathlib.Path(out).write_text(svg.picture(LEFT + LONG + 80, y + 20, lines), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
