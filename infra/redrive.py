"""Sends events that were given up to their function again:  python3 infra/redrive.py QUEUE_URL

QUEUE_URL is the output DeadLetters of the stack; needs boto3 and the account's credentials. An event leaves the queue
only after its function has taken it. Messages that no function left (a schedule that could not start, a ceiling that
could not act) are shown and stay: the next hour's look makes up for the one, Ingest=off for the other.
"""

import json
import sys

import boto3


def check(functions, function):
    """Ends where the function would give its events up at once."""
    name = function.split(":")[6]
    if functions.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions") == 0:
        sys.exit(f"{name} takes nothing, as the ceiling or Ingest=off holds it: wait for the alarm's end, or raise DailyImages")


def main(queue):
    sqs, functions = boto3.client("sqs"), boto3.client("lambda")
    sent, left, checked = 0, 0, set()
    while True:
        # hidden from this loop for a minute, then back, unless it was deleted
        batch = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=60).get("Messages", [])
        if not batch:
            break
        for message in batch:
            record = json.loads(message["Body"])
            function = record.get("requestContext", {}).get("functionArn")
            if function is None:
                print("left:", message["Body"])
                left += 1
                continue
            if function not in checked:
                check(functions, function)
                checked.add(function)
            payload = json.dumps(record["requestPayload"])
            functions.invoke(FunctionName=function, InvocationType="Event", Payload=payload)
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            sent += 1
    print(f"{sent} sent again, {left} left")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
