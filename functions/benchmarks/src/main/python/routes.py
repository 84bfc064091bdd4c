"""How long each route of the API takes with the collection that is there: routes.py URL PICTURE [ROUNDS]

URL is where the product answers on this machine, such as http://127.0.0.1:8080, and PICTURE a file to classify. Printed
are, of ROUNDS (5) calls one after the other, the median and the most of the milliseconds and the median of the CPU
milliseconds of the process (Linux; both with what the process does beside), and the kB of the body.
"""
import glob
import json
import os
import statistics
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


def process(url):
    """Id of the process that listens on the port of the URL; 0 where that cannot be told."""
    port = f"{urllib.parse.urlparse(url).port:04X}"
    sockets = {line.split()[9] for name in ("/proc/net/tcp", "/proc/net/tcp6") for line in open(name)
               if line.split()[1].endswith(":" + port) and line.split()[3] == "0A"}
    for link in glob.glob("/proc/[0-9]*/fd/*"):
        try:
            if os.readlink(link).removeprefix("socket:[").removesuffix("]") in sockets:
                return int(link.split("/")[2])
        except OSError:
            continue
    return 0


def cpu(pid):
    """CPU seconds of a process so far."""
    if not pid:
        return 0
    fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def call(url, method, path, body):
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data=data, method=method)
    request.add_header("Content-Type", "application/octet-stream" if isinstance(body, bytes) else "application/json")
    try:
        with urllib.request.urlopen(request, timeout=600) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def routes(url, picture):
    """What is asked: name, method, path, body."""
    _, first = call(url, "GET", "/images?limit=1", None)
    key = json.loads(first)["images"][0]["key"]
    quoted = urllib.parse.quote(key, safe="")
    _, labels = call(url, "GET", "/labels", None)
    names = [entry["label"] if isinstance(entry, dict) else entry for entry in json.loads(labels)["labels"]]
    label = urllib.parse.quote(names[0])
    return [
        ("GET", "/status", None),
        ("GET", "/labels", None),
        ("GET", "/images?limit=200", None),
        ("GET", f"/images?label={label}&limit=200", None),
        ("GET", "/images?unlabelled=true&limit=200", None),
        ("GET", "/images?name=00042&limit=200", None),
        ("GET", "/images?sort=name&limit=200", None),
        ("GET", f"/images?predicted={label}&limit=200", None),
        ("GET", f"/images/history?key={quoted}", None),
        ("POST", "/classify", picture),
        ("POST", "/classify?evidence=true", picture),
        ("POST", "/classify", {"key": key}),
        ("POST", "/similar?limit=20", {"key": key}),
        ("GET", "/queue?limit=20", None),
        ("GET", "/doctor?limit=20", None),
        ("GET", "/copies?limit=20", None),
        ("GET", f"/copies?key={quoted}", None),
        ("GET", "/heads", None),
        ("GET", f"/heads?learnedFrom={quoted}", None),
        ("GET", "/export/labels.csv", None),
        ("GET", "/export/folders.txt", None),
    ]


def measure(url, picture, rounds):
    """Of each route a name, the milliseconds of each call, the CPU milliseconds of each, the kB and the status."""
    pid = process(url)
    for method, path, body in routes(url, open(picture, "rb").read()):
        walls, cpus = [], []
        for _ in range(rounds):
            before, start = cpu(pid), time.perf_counter()
            status, answer = call(url, method, path, body)
            walls.append(1000 * (time.perf_counter() - start))
            cpus.append(1000 * (cpu(pid) - before))
        told = "picture" if isinstance(body, bytes) else "key" if body else ""
        short = path.split("&")[0] if "key=" not in path else path.split("key=")[0] + "key="
        yield f"{method} {short} {told}".strip(), walls, cpus, len(answer) / 1024, status


def main(url, picture, rounds):
    print("| route | ms | most | CPU ms | kB | status |\n|---|---|---|---|---|---|")
    for name, walls, cpus, size, status in measure(url, picture, rounds):
        print(f"| {name} | {statistics.median(walls):,.0f} | {max(walls):,.0f} | {statistics.median(cpus):,.0f} "
              f"| {size:,.0f} | {status} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 5)
