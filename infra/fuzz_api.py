"""Sends requests made by Schemathesis from openapi.json to the product with its sample pictures.

    python3 infra/fuzz_api.py [--examples 150] [--seed 1]

Every answer must have a status, a content type, headers and a body that the document has, and none may be a server
error. Starts the product by the README's command on a free port, and ends it. Status 1 if an answer is wrong, 3 where
Schemathesis cannot be had.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

import tools

ROOT = pathlib.Path(__file__).resolve().parents[1]
PRODUCT = ["mvn", "-B", "-ntp", "-q", "test-compile", "exec:exec", "-Dport=0"]
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_headers_conformance", "response_schema_conformance"]
PATIENCE = 300  # seconds in which the product has to answer


def address(log, product):
    """Where the product answers, once it says so."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and product.poll() is None:
        found = re.search(r"Open (http://[\d.]+:\d+) in a browser", pathlib.Path(log.name).read_text())
        if found:
            return found[1]
        time.sleep(0.2)
    sys.exit("the product did not start:\n" + pathlib.Path(log.name).read_text()[-2000:])


def share(url):
    """The token of a share link, with which the routes go on that want one."""
    body = json.dumps({"name": "fuzzed", "daily": 100_000}).encode()
    with urllib.request.urlopen(urllib.request.Request(url + "/shares", body)) as made:
        return json.load(made)["token"]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--examples", default=150, type=int, help="the most requests of each route")
    options.add_argument("--seed", default=1, type=int)
    chosen = options.parse_args()
    try:
        programs = tools.environment("schemathesis", lambda text: print(text, file=sys.stderr))
    except tools.Missing as missing:
        print(missing, file=sys.stderr)
        sys.exit(tools.MISSING)
    with tempfile.NamedTemporaryFile() as log, tempfile.TemporaryDirectory() as folder:
        product = subprocess.Popen(PRODUCT, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        try:
            url = address(log, product)
            command = [programs / "schemathesis", "run", f"{url}/openapi.json", "--url", url, "--no-color"]
            command += ["--checks", ",".join(CHECKS), "--phases", "coverage,fuzzing"]
            command += ["-H", f"x-graft-share: {share(url)}"]
            command += ["--max-examples", str(chosen.examples), "--seed", str(chosen.seed)]
            status = subprocess.run(command, cwd=folder).returncode
        finally:
            os.killpg(product.pid, signal.SIGTERM)
            product.wait()
    sys.exit(status)


if __name__ == "__main__":
    main()
