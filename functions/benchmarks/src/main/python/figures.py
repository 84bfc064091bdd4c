"""What the suite measured: rows of pairs, Graft against a peer, and rows of single figures; their tables."""
import datetime
import os
import platform
import statistics
import subprocess

from programs import ROOT


def spread(values):
    return {"median": statistics.median(values), "least": min(values), "most": max(values), "runs": list(values)}


def pair(what, unit, graft, peer, name, goal="", note=""):
    """A row of pairs.

    graft and peer: {"cpu": values of each run, "wall": likewise}, runs that took turns; of either, where only one counts.
    The ratio is that of Graft to the peer, of each turn. goal: what the ratio of CPU is to be at most, in words where it is
    another one.
    """
    row = {"what": what, "unit": unit, "peer name": name, "goal": goal, "note": note}
    for kind in ("cpu", "wall"):
        if kind in graft:
            row[kind] = {"graft": spread(graft[kind]), "peer": spread(peer[kind])}
            row[kind]["ratio"] = spread([a / b for a, b in zip(graft[kind], peer[kind])])
    return row


def single(what, value, unit="", goal="", note=""):
    """A row of one figure: a number or the values of several runs."""
    values = value if isinstance(value, (list, tuple)) else [value]
    return {"what": what, "unit": unit, "goal": goal, "note": note, "value": spread(values)}


def number(value):
    size = abs(value)
    return f"{value:,.0f}" if size >= 1000 else f"{value:.1f}" if size >= 20 else f"{value:.2f}" if size >= 0.1 else f"{value:.3g}"


def ranged(values):
    if len(values["runs"]) == 1:
        return number(values["median"])
    return f"{number(values['median'])} ({number(values['least'])} to {number(values['most'])})"


def table(rows):
    """In Markdown: pairs first."""
    lines = []
    pairs = [row for row in rows if "peer name" in row]
    if pairs:
        lines += ["| | Graft, CPU | wall | peer | its CPU | wall | ratio of CPU | of wall | goal |", "|" + "---|" * 9]
    for row in pairs:
        cells = {kind: [ranged(row[kind][side]) for side in ("graft", "peer", "ratio")] if kind in row else [""] * 3
                 for kind in ("cpu", "wall")}
        note = f"; {row['note']}" if row["note"] else ""
        lines.append("| " + " | ".join([
            f"{row['what']} ({row['unit']}{note})", cells["cpu"][0], cells["wall"][0], row["peer name"], cells["cpu"][1],
            cells["wall"][1], f"**{cells['cpu'][2]}**" if cells["cpu"][2] else "", cells["wall"][2], row["goal"]]) + " |")
    singles = [row for row in rows if "peer name" not in row]
    if singles:
        lines += [""] * bool(lines) + ["| | | goal |", "|---|---|---|"]
    for row in singles:
        note = f" ({row['note']})" if row["note"] else ""
        unit = f" {row['unit']}" if row["unit"] else ""
        lines.append(f"| {row['what']}{note} | {ranged(row['value'])}{unit} | {row['goal']} |")
    return "\n".join(lines)


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def about(options):
    """When, of which commit, on which machine and how it was measured."""
    git = ["git", "-C", str(ROOT)]
    commit = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True).stdout.strip()
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": commit + (" and changes" if changed else ""),
        "machine": {"processor": processor(), "cores": len(os.sched_getaffinity(0)), "system": platform.platform(),
                    "python": platform.python_version(), "load before": os.getloadavg()[0]},
        "options": {name: str(value) for name, value in options.items() if name != "class_path"},
    }
