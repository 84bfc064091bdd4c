"""The curl lines of functions/classifier/README.md and of README.md, run as written against the running product, and the same steps with requests.

Start the product with the bundled samples on its usual port (mvn -q test-compile exec:exec), then

    python functions/system-tests/src/test/python/readme_examples.py

Puts the pictures that the examples name into the bucket first, all through the API. The only change to a line is the
version of a head in place of the dots. Ends with status 1 at the first line that does not give what it should.
"""
import json
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

import requests

URL = "http://127.0.0.1:8080"
ROOT = Path(__file__).resolve().parents[5]
SAMPLES = ROOT / "functions/local/samples"
PICTURES = {"images/cat/photo.jpg": "gear/01.jpg", "images/cat/1.jpg": "gear/02.jpg", "images/a.jpg": "gear/03.jpg", "images/b.jpg": "gear/04.jpg"}


def answer(method, path, **options):
    reply = requests.request(method, URL + path, **options)
    assert reply.ok, (method, path, reply.status_code, reply.text)
    return reply.json() if reply.content else None


def until(what, there):
    end = time.time() + 120
    while not there():
        assert time.time() < end, what
        time.sleep(0.2)


def upload(key, content):
    link = answer("POST", "/uploads", json={"key": key})
    reply = requests.request(link["method"], link["url"], data=content)
    assert reply.ok, (key, reply.status_code, reply.text)


def listed(parameters):
    """All images, page by page."""
    keys, cursor = [], {}
    while cursor is not None:
        page = answer("GET", "/images", params={"limit": 50, **parameters, **cursor})
        keys += [image["key"] for image in page["images"]]
        cursor = {"cursor": page["cursor"]} if page["cursor"] else None
    return keys


def curl_lines():
    """Each line once, comments at their ends cut off."""
    text = "".join((ROOT / file).read_text(encoding="utf-8") for file in ("functions/classifier/README.md", "README.md"))
    lines = [re.sub(r"\s{2,}#.*", "", line.strip()) for line in text.splitlines() if line.startswith("    curl ")]
    return list(dict.fromkeys(lines))


def run_curl_lines():
    version = answer("GET", "/heads")["heads"][0]["version"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, ".curlrc").write_text("silent\nshow-error\nfail-with-body\n")
        Path(folder, "photo.jpg").write_bytes((SAMPLES / "key/05.jpg").read_bytes())
        for line in curl_lines():
            done = subprocess.run(
                line.replace("…", version),
                shell=True, cwd=folder, env={**os.environ, "CURL_HOME": folder}, capture_output=True, text=True,
            )
            assert done.returncode == 0, (line, done.stdout, done.stderr)
            if " -o " not in line:
                json.loads(done.stdout)
            print("ok  ", line)
        assert Path(folder, "model.onnx").stat().st_size > 1_000_000


def run_requests():
    photo = (SAMPLES / "key/06.jpg").read_bytes()
    by_bytes = answer("POST", "/classify?top=3&evidence=true", data=photo)
    assert len(by_bytes["probabilities"]) == 3 and len(by_bytes["evidence"]) == 5, by_bytes
    # a trailing comment after the end of a JPEG is legal and makes it as large as a 40 MB photo
    upload("images/large photo+1.jpg", photo + bytes(40_000_000))
    refused = requests.post(URL + "/classify", data=photo + bytes(5_000_000))
    assert refused.status_code == 413 and "POST /uploads" in refused.json()["detail"], refused.text
    by_key = answer("POST", "/classify?top=3", json={"key": "images/large photo+1.jpg"})
    assert by_key["probabilities"] == by_bytes["probabilities"], (by_key, by_bytes)
    print("ok   40 MB by link, classified by key as by bytes")
    until("the large picture is read", lambda: "images/large photo+1.jpg" in listed({"unlabelled": "true"}))
    assert answer("POST", "/similar?limit=3", data=photo)["images"]
    for _ in range(2):
        assert answer("POST", "/labels", json={"keys": ["images/a.jpg"], "label": "hound"})["changed"] == 1
    answer("POST", "/labels/rename", json={"from": "hound", "to": "dog"})
    assert "images/a.jpg" in listed({"label": "dog"}) and not listed({"label": "hound"})
    first = answer("GET", "/queue", params={"limit": 1})["images"][0]
    together = [first["key"]] + [image["key"] for image in first["alike"]]
    answer("POST", "/labels", json={"keys": together, "label": first["suggestion"]})
    assert not set(together) & {image["key"] for image in answer("GET", "/queue")["images"]}
    while not (batch := answer("POST", "/batch", json={"prefix": "images/gear/"}))["complete"]:
        pass
    lines = [line for part in batch["parts"] for line in requests.get(part["url"]).text.splitlines()]
    assert len(lines) == len([key for key in listed({}) if key.startswith("images/gear/")]) == batch["images"]
    for _ in range(2):
        answer("DELETE", "/images", params={"key": "images/large photo+1.jpg"})
    until("the large picture is gone", lambda: "images/large photo+1.jpg" not in listed({}))
    print("ok   labels, rename, queue, batch, delete with requests " + requests.__version__)


def main():
    before = {head["version"] for head in answer("GET", "/heads")["heads"]}
    assert before, "no head yet"
    for key, sample in PICTURES.items():
        upload(key, (SAMPLES / sample).read_bytes())
    until("the pictures are read", lambda: set(PICTURES) <= set(listed({})))
    run_curl_lines()
    run_requests()


main()
