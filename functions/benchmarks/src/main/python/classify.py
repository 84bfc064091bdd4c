"""A warm request to classify a picture of 128 x 128 pixels: the share of the network, and how long eight clients wait.

The pictures that are asked about are not among those that are stored, which are all others of the folder, as often as needed.
Measured with the handler alone, as Lambda calls it and on one thread, and over HTTP on the product on one machine, whose
process is looked at from outside. The network alone is run in turn with the handler, in the same process.
"""
import http.client
import pathlib
import statistics
import threading
import time
import urllib.parse

import figures
import routes
import rows
from programs import Program

CLIENTS = 8
BLOCKS = 5
ASKED = 50

# seconds; the compiler is done with what a request runs after some 8,000
WARM_UP = 60


def clients(url, pictures, each):
    """Milliseconds of each request, ascending."""
    place = urllib.parse.urlparse(url)
    found = []

    def one(client):
        connection = http.client.HTTPConnection(place.hostname, place.port)
        waits = []
        for turn in range(each):
            start = time.perf_counter()
            connection.request("POST", "/classify", pictures[(client * each + turn) % len(pictures)])
            response = connection.getresponse()
            response.read()
            waits.append(1e3 * (time.perf_counter() - start))
            if response.status != 200:
                raise SystemExit(f"answered {response.status}")
        found.extend(waits)

    threads = [threading.Thread(target=one, args=[client]) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def cpu_of_requests(url, pid, pictures, count):
    """CPU milliseconds of the process for each request, of several blocks."""
    found = []
    for _ in range(BLOCKS):
        before = routes.cpu(pid)
        for turn in range(count):
            routes.call(url, "POST", "/classify", pictures[turn % len(pictures)])
        found.append(1e3 * (routes.cpu(pid) - before) / count)
    return found


def one(product, url, name, asked, requests):
    """Rows of one product."""
    pictures = [pathlib.Path(file).read_bytes() for file in asked]
    warm = time.monotonic() + WARM_UP
    while time.monotonic() < warm:
        clients(url, pictures, requests // CLIENTS)
    alone = product.ask("classify", requests, *asked)
    shares = [100 * a / b for a, b in zip(alone["inferenceCpu"], alone["requestCpu"])]
    inference = statistics.median(alone["inferenceCpu"])
    over_http = cpu_of_requests(url, product.process.pid, pictures, requests // BLOCKS)
    waits = [clients(url, pictures, requests // CLIENTS) for _ in range(3)]
    middle = [w[len(w) // 2] for w in waits]
    late = [w[len(w) * 99 // 100] for w in waits]
    return [
        figures.single(f"{name}: network alone", alone["inferenceCpu"], "CPU ms"),
        figures.single(f"{name}: handler", alone["requestCpu"], "CPU ms", note="on its thread"),
        figures.single(f"{name}: share of the network, handler", shares, "%", goal="90"),
        figures.single(f"{name}: allocated, handler", alone["requestMegabytes"], "MB"),
        figures.single(f"{name}: a request over HTTP", over_http, "CPU ms", note="of the whole process"),
        figures.single(f"{name}: share of the network, HTTP", [100 * inference / cpu for cpu in over_http], "%"),
        figures.single(f"{name}: p50, {CLIENTS} clients", middle, "ms"),
        figures.single(f"{name}: p99, {CLIENTS} clients", late, "ms"),
        figures.single(f"{name}: p99 / p50", [a / b for a, b in zip(late, middle)], goal="1.5"),
    ]


def measure(options, work):
    every = rows.pictures(options.pictures)
    others = every[len(every) // ASKED // 2 :: len(every) // ASKED][:ASKED]
    asked = [rows.small(picture, work / f"{number}.jpg") for number, picture in enumerate(others)]
    stored = rows.linked(options.pictures, sorted(set(every) - set(others)), work / "stored")
    found = []
    for network in [options.network, *options.wide]:
        for images in options.images:
            arguments = [options.class_path, "dev.graft.benchmarks.StoredProduct", network, stored, images, 0]
            with Program.java(*arguments, options=["-Xmx4g", f"-Dpictures={images}"]) as product:
                told = product.answer()
                name = f"{images:,} images of {told['width']:,}"
                found += one(product, told["url"], name, asked, options.requests)
    return found
