"""Stores the features of all images anew after a change of the network:  python3 infra/refill.py STACK [--parallel N]

STACK is the name of the stack; needs boto3 and the account's credentials. Walks over the images bucket and sends its keys
to the stack's RefillFunction, 20 in a call and N calls at a time (4 unless said otherwise; a new account runs 10 functions
at once, and uploads and requests need some of them). Images that no event told of, as in a bucket that was full before, are
read like the others. What it costs at most and how long it takes are said first; how far it is stands in `GET /status` and on the page too. The old head goes on predicting. Ctrl-C
stops it at any time; run it again to go on: images that have their feature take milliseconds.

Ends with 0 if every image has its feature, 1 if some have not (they are named), 2 if nothing could be done, 130 on Ctrl-C.
"""

import argparse
import collections
import concurrent.futures
import datetime
import json
import pathlib
import random
import sys
import threading
import time
import urllib.parse

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

BATCH = 20
SECONDS, WRITE_UNITS = 0.3, 12  # for each image, as in the cost table
TRIES = 8  # of a call that is turned away, or of a key whose store does not answer; the last pause is a minute
PREFIX = "images/"
DONE, FAILED, TRY_AGAIN = "Succeeded", "PermanentFailure", "TemporaryFailure"
SAID = {
    "FEATURIZED": "got their feature",
    "UNCHANGED": "had it",
    "STALE": "were changed meanwhile, and get it with that event",
    "REMOVED": "were deleted meanwhile",
    "UNREADABLE": "cannot be read: see `GET /unreadable`",
}
THROTTLED = {"TooManyRequestsException", "ThrottlingException", "ServiceException", "EC2ThrottledException"}


class Unusable(Exception):
    """Nothing could be done; the message says what to do."""


class Refill:
    """The function that stores features.

    :param functions: client of Lambda
    :param stopped: an event that ends all waiting
    """

    def __init__(self, functions, function, bucket, stopped):
        self.functions, self.function, self.bucket, self.stopped = functions, function, bucket, stopped

    def send(self, keys):
        """What became of these keys, by key: a code of S3 Batch Operations, and the outcome or the reason."""
        done, left = {}, keys
        for attempt in range(TRIES):
            done.update(self.call(left))
            left = [key for key in left if done[key][0] == TRY_AGAIN]
            if not left or self.stopped.is_set():
                break
            self.pause(attempt)
        return done

    def call(self, keys):
        tasks = [
            {"taskId": str(i), "s3Key": urllib.parse.quote(key), "s3Bucket": self.bucket} for i, key in enumerate(keys)
        ]
        event = {"invocationSchemaVersion": "2.0", "invocationId": "refill", "tasks": tasks}
        try:
            response = self.functions.invoke(FunctionName=self.function, Qualifier="live", Payload=json.dumps(event))
        except (ClientError, BotoCoreError) as failure:
            code = failure.response["Error"]["Code"] if isinstance(failure, ClientError) else ""
            if code and code not in THROTTLED:
                raise
            return {key: (TRY_AGAIN, str(failure)) for key in keys}
        answer = json.load(response["Payload"])
        if "FunctionError" in response:
            return self.one_by_one(keys, answer)
        return {keys[int(one["taskId"])]: (one["resultCode"], one["resultString"]) for one in answer["results"]}

    def one_by_one(self, keys, answer):
        """One image may be too much for the function, and must not stand in the way of others."""
        if len(keys) == 1:
            return {keys[0]: (FAILED, f"the function failed: {answer.get('errorMessage', answer)}")}
        done = {}
        for key in keys:
            done.update(self.call([key]))
        return done

    def pause(self, attempt):
        self.stopped.wait(random.uniform(0.5, 1) * min(60, 2**attempt))


class Progress:
    """What is said while it runs."""

    def __init__(self, total, say, tell):
        self.total, self.say, self.tell, self.start, self.told = total, say, tell, time.monotonic(), -5
        self.outcomes, self.failures = collections.Counter(), {}

    def add(self, done):
        for key, (code, text) in done.items():
            if code == DONE:
                self.outcomes[text] += 1
            else:
                self.failures[key] = text
        if time.monotonic() - self.told >= 5 or self.done() == self.total:
            self.told = time.monotonic()
            self.say(self.line())
            self.tell({"images": self.total, "done": self.done(), "failed": len(self.failures)})

    def done(self):
        return self.outcomes.total() + len(self.failures)

    def line(self):
        line = f"{self.done():,} of {self.total:,} images"
        if self.failures:
            key, reason = next(iter(self.failures.items()))
            line += f", {len(self.failures):,} failed (first: {key}: {reason})"
        left = (self.total - self.done()) * (time.monotonic() - self.start) / max(1, self.done())
        return line + (f", about {left / 60:.0f} min left" if left >= 60 else f", about {left:.0f} s left" if left else "")


def walk(refill, keys, parallel, say=print, tell=lambda state: None):
    """Sends all keys.

    :param tell: takes how far it is now and then
    :raises KeyboardInterrupt: on Ctrl-C, after the calls that were under way
    """
    progress = Progress(len(keys), say, tell)
    batches = [keys[i : i + BATCH] for i in range(0, len(keys), BATCH)]
    with concurrent.futures.ThreadPoolExecutor(parallel) as pool:
        sent = [pool.submit(refill.send, batch) for batch in batches]
        try:
            for done in concurrent.futures.as_completed(sent):
                progress.add(done.result())
        except KeyboardInterrupt:
            say("stopping after the calls that are under way")
            raise
        finally:
            refill.stopped.set()
            pool.shutdown(cancel_futures=True)
    return progress


def estimate(images, parallel, gigabytes):
    """What a walk over so many images costs at most, and how long it takes, with the assumptions of infra/README.md."""
    price = json.loads((pathlib.Path(__file__).parent / "prices.json").read_text())
    image = SECONDS * gigabytes * price["lambdaGbSecond"] + price["lambdaMillionRequests"] / BATCH / 1e6
    image += WRITE_UNITS * price["dynamodbMillionWriteUnits"] / 1e6 + price["s3ThousandGets"] / 1e3
    seconds = images * SECONDS / parallel
    time_left = f"{seconds / 60:,.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
    return (
        f"{images:,} images: ${images * image:,.2f} at most and about {time_left}, {parallel} calls at a time, where an image "
        f"takes {SECONDS} s; images that have their feature cost next to nothing"
    )


def teller(s3, bucket):
    """Keeps how far it is where API and page look for it."""

    def tell(state):
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
        body = json.dumps({**state, "time": now}).encode()
        s3.put_object(Bucket=bucket, Key="results/refill.json", Body=body, ContentType="application/json")

    return tell


def images(s3, bucket):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX)
    keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
    return [key for key in keys if not key.endswith("/")]


def resources(stack):
    """Names of what the stack made, by what the template calls it."""
    cloud = boto3.client("cloudformation")
    try:
        found = cloud.describe_stack_resources(StackName=stack)["StackResources"]
    except ClientError as failure:
        if failure.response["Error"]["Code"] != "ValidationError":
            raise
        raise Unusable(
            f"there is no stack {stack} in {cloud.meta.region_name}: give the name that `sam deploy` was given, "
            "and set AWS_REGION where it is in another region"
        ) from None
    names = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found}
    for name in ("ImagesBucket", "RefillFunction", "TrainerFunction"):
        if name not in names:
            raise Unusable(f"stack {stack} has no {name}: it is of an earlier version, or another product; deploy this one first")
    return names


def end(progress, trainer):
    """Says what came of it; gives the exit status."""
    for outcome, count in progress.outcomes.most_common():
        print(f"{count:,} images {SAID.get(outcome, outcome)}")
    for key, reason in progress.failures.items():
        print(f"failed: {key}: {reason}")
    if progress.failures:
        print(
            f"{len(progress.failures):,} images have no feature of the new network. Where a store or a function failed, run "
            "this again; replace or delete files that cannot be read. The new network waits for all images"
        )
        return 1
    print(f"Both networks are compared at the trainer's next look, or now:  aws lambda invoke --function-name {trainer} /dev/stdout")
    return 0


def parallel_calls(text):
    number = int(text)
    if not 1 <= number <= 100:
        raise argparse.ArgumentTypeError(f"{number} calls at a time, expected 1 to 100")
    return number


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stack", metavar="STACK")
    parser.add_argument("--parallel", metavar="N", type=parallel_calls, default=4)
    chosen = parser.parse_args(arguments)
    stopped = threading.Event()
    try:
        names = resources(chosen.stack)
        # a call is not sent again while it may still be running: fifteen minutes are the function's own limit
        patient = Config(read_timeout=910, retries={"total_max_attempts": 1}, max_pool_connections=chosen.parallel)
        functions = boto3.client("lambda", config=patient)
        refill = Refill(functions, names["RefillFunction"], names["ImagesBucket"], stopped)
        s3 = boto3.client("s3")
        keys = images(s3, names["ImagesBucket"])
        memory = functions.get_function_configuration(FunctionName=names["RefillFunction"])["MemorySize"]
        print(estimate(len(keys), chosen.parallel, memory / 1000), flush=True)
        progress = walk(refill, keys, chosen.parallel, tell=teller(s3, names["ImagesBucket"]))
        return end(progress, names["TrainerFunction"])
    except KeyboardInterrupt:
        print("stopped; run this again to go on")
        return 130
    except Unusable as failure:
        print(failure, file=sys.stderr)
    except (ClientError, BotoCoreError) as failure:
        print(f"{failure}: check the credentials, AWS_REGION, and the rights to CloudFormation, S3 and Lambda", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
