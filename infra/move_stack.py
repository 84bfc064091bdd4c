"""Moves a stack of the version before, with 5,500 images, to the template at hand while uploads and requests go on, on a
LocalStack of its own, and counts what each route then asks of the stores:  python3 infra/move_stack.py

The version before is built from the history of this repository, its functions make the first rows, and it trains; the
other rows are copies. Then the steps of RUNBOOKS.md, "Coming from the version before". Ends with 0 if nothing was lost,
every request was answered, and the counts are those of BoundsTest. LocalStack's update leaves tables, buckets, rules,
alarms and function URLs that exist as they are, and makes what is new; functions it changes.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import localstack
import tools
from localstack import HERE, Server, jdk, say

BEFORE = "06b57bb"  # the last commit of format 1
IMAGES, PHOTOS, CLASSES = 5_500, 40, ["bolt", "gear", "key", "nut"]
NAME = "graft-moved"
SAMPLES = HERE.parent / "functions/local/samples"
PATIENCE = 600

# Calls to S3 and DynamoDB for each request to a function that is warm, as BoundsTest counts them.
CALLS = {
    "/status": {"dynamodb.BatchGetItem": 1},
    "/labels": {"dynamodb.BatchGetItem": 1},
    "/images?limit=60": {"dynamodb.Query": 16},
    "/images?limit=60&label=gear": {"dynamodb.Query": 16},
    "/export/labels.csv": {"dynamodb.Query": 8, "s3.GetObject": 1},
    "/classify": {},
}
TRIES = 10  # a look at what is new, every few seconds, may fall into one


def version_before():
    """A checkout of the version before with its packages, built once."""
    folder = tools.CACHE / f"format-1-{BEFORE}"
    if not (folder / "built").exists():
        say(f"building {BEFORE}, the version before, once")
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["git", "clone", "-q", "--shared", HERE.parent, folder], check=True)
        subprocess.run(["git", "checkout", "-q", BEFORE], cwd=folder, check=True)
        modules = "functions/featurizer,functions/trainer,functions/classifier"
        build = ["mvn", "-B", "-ntp", "-q", "-DskipTests", "package", "-pl", modules, "-am"]
        subprocess.run(build, cwd=folder, env={**os.environ, "JAVA_HOME": str(jdk())}, check=True)
        (folder / "built").touch()
    return folder / "infra"


class Client:
    """Somebody who uses the API."""

    def __init__(self, endpoint, url):
        self.endpoint, self.host = endpoint, urllib.parse.urlsplit(url).netloc  # a name under localhost, which not all resolve

    def ask(self, method, path, body=None):
        """The status of the response and its body."""
        request = urllib.request.Request(self.endpoint + path, data=body, method=method, headers={"Host": self.host})
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as failure:
            return failure.code, failure.read()

    def request(self, path):
        """A photo where it is to classify one."""
        body = photo("key", 20) if path == "/classify" else None
        return self.ask("POST" if body else "GET", path, body)

    def get(self, path):
        status, found = self.request(path)
        if status != 200:
            sys.exit(f"GET {path}: {status} {found}")
        return json.loads(found)

    def labels(self):
        """The label of every image."""
        found, cursor = {}, ""
        while cursor is not None:
            page = self.get("/images?limit=200" + cursor)
            found |= {image["key"]: image["label"] for image in page["images"]}
            cursor = page["cursor"] and "&cursor=" + page["cursor"]
        return found


def until(what, so):
    deadline = time.monotonic() + PATIENCE
    while not so():
        if time.monotonic() > deadline:
            sys.exit(f"not within {PATIENCE} s: {what}")
        time.sleep(0.5)


def photo(label, number):
    return (SAMPLES / f"{label}/{number:02}.jpg").read_bytes()


def teach(stack, client):
    """A stack of the version before with 5,500 images and a head; gives the label of each."""
    s3 = stack.client("s3")
    for number in range(PHOTOS):
        label = CLASSES[number % len(CLASSES)]
        s3.put_object(Bucket=stack.bucket, Key=f"images/{label}/{number:04}.jpg", Body=photo(label, number // len(CLASSES)))
    until("the photos are read", lambda: client.get("/status")["images"] == PHOTOS)
    dynamodb, table = stack.client("dynamodb"), stack.physical["FeaturesTable"]
    rows = dynamodb.scan(TableName=table)["Items"]
    copies = []
    for number in range(PHOTOS, IMAGES):
        row = rows[number % PHOTOS]
        label = row["label"]["S"]
        copies.append({**row, "key": {"S": f"images/{label}/{number:04}.jpg"}})
    for start in range(0, len(copies), 25):
        puts = [{"PutRequest": {"Item": item}} for item in copies[start : start + 25]]
        while puts:
            puts = dynamodb.batch_write_item(RequestItems={table: puts})["UnprocessedItems"].get(table)
    for number in range(0, 20, 4):  # somebody said otherwise
        body = json.dumps({"label": "cog"}).encode()
        status, found = client.ask("PUT", f"/images/label?key=images/{CLASSES[0]}/{number:04}.jpg", body)
        if status != 200:
            sys.exit(f"not labelled: {found}")
    s3.put_object(Bucket=stack.bucket, Key="images/nut/half.jpg", Body=photo("nut", 0)[:500])
    until("a file is refused", lambda: len(client.get("/unreadable")["images"]) == 1)
    if (outcome := call_trainer(stack)["outcome"]) != "Trained":
        sys.exit(f"the version before did not train: {outcome}")
    return client.labels()


def call_trainer(stack):
    """What output Move does."""
    answer = stack.client("lambda").invoke(FunctionName=stack.trainer)
    found = json.load(answer["Payload"])
    if "FunctionError" in answer:
        sys.exit(f"the trainer failed: {found}")
    return found


class Traffic:
    """Uploads and requests, until they are stopped."""

    def __init__(self, stack, client):
        self.stack, self.client = stack, client
        self.uploaded, self.statuses, self.failed = {}, {}, []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.upload), threading.Thread(target=self.ask)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def upload(self):
        s3 = self.stack.client("s3")
        while not self.over.wait(1):
            number = len(self.uploaded)
            label = CLASSES[number % len(CLASSES)]
            key = f"images/{label}/meanwhile-{number:03}.jpg"
            s3.put_object(Bucket=self.stack.bucket, Key=key, Body=photo(label, 10 + number % 30))
            self.uploaded[key] = label

    def ask(self):
        number = 0
        while not self.over.wait(0.2):
            path = ["/classify", "/status", "/images?limit=20", "/labels"][number % 4]
            status, found = self.client.request(path)
            self.statuses[status] = self.statuses.get(status, 0) + 1
            if status != 200:
                self.failed.append(f"{path}: {status} {found}")
            number += 1


def move(stack, traffic):
    """The steps of the runbook."""
    stack.update(HERE, {"Prefix": NAME})
    say(f"updated; {traffic.statuses} so far")
    while (outcome := call_trainer(stack))["outcome"] == "Moving":
        say(outcome["reason"])
    say(f"moved once: {outcome['outcome']}; {len(traffic.uploaded)} uploads and {traffic.statuses} so far")
    time.sleep(30)  # two minutes on AWS, where functions of the version before may still be at work
    say(f"moved again: {call_trainer(stack)['outcome']}")


def counted(log, client, path):
    """Calls of the functions to each operation for a request, and the bytes of the responses."""
    start = log.stat().st_size
    client.request(path)
    time.sleep(0.3)
    calls, size = {}, 0
    for line in log.read_text()[start:].splitlines():
        operation, length = line.split("\t")
        calls[operation] = calls.get(operation, 0) + 1
        size += int(length)
    return calls, size


def run(endpoint, folder, architecture):
    from localstack_stack import Stack  # needs boto3, which is in our environment alone

    before = version_before()
    stack = Stack(endpoint, NAME, architecture, before)
    say("creating a stack of the version before")
    stack.create({})
    client = Client(endpoint, stack.url)
    expected = teach(stack, client)
    say(f"it has {len(expected)} images and a head")
    with Traffic(stack, client) as traffic:
        until("requests are answered", lambda: traffic.statuses.get(200, 0) >= 8)
        move(stack, traffic)
    expected |= traffic.uploaded
    until("all uploads are read", lambda: client.get("/status")["images"] >= len(expected))
    found = client.labels()
    lost = {key: label for key, label in expected.items() if found.get(key) != label}
    wrong = [f"{len(lost)} images lost or labelled otherwise, such as {list(lost.items())[:3]}"] if lost else []
    wrong += [f"{key} came from nowhere" for key in list(found.keys() - expected.keys())[:3]]
    wrong += traffic.failed
    if len(client.get("/unreadable")["images"]) != 1:
        wrong.append("the unreadable file was lost")
    print(f"{len(found)} images, {len(traffic.uploaded)} of them uploaded meanwhile; requests by status: {traffic.statuses}")
    log = folder / "logs/calls.tsv"
    for path, calls in CALLS.items():
        found = [counted(log, client, path) for _ in range(TRIES)]
        now, size = min(found, key=lambda one: sum(one[0].values()))
        print(f"{path:<32} {now} {size:,} bytes")
        if now != calls:
            wrong.append(f"{path}: {now}, expected {calls}")
    print("\n".join(wrong) or "nothing was lost, and every request was answered")
    return 1 if wrong else 0


def main():
    programs = tools.environment("localstack", say)
    if pathlib.Path(sys.prefix) != programs.parent:
        os.execv(programs / "python", [programs / "python", *sys.argv])
    server = Server(0, tools.machine(), programs)
    try:
        return run(server.endpoint, server.folder, tools.machine())
    finally:
        localstack.hold_signals()
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
