"""Sends events that were given up to their function again:  python3 infra/redrive.py QUEUE_URL

QUEUE_URL is the output DeadLetters of the stack; needs boto3 and the account's credentials. An event leaves the queue
only after its function has taken it. Messages that no function left (a schedule that could not start, a ceiling that
could not act) are shown and stay: the next hour's look makes up for the one, Ingest=off for the other.
"""

import json
import sys

import boto3


def main(queue):
    sqs, functions = boto3.client("sqs"), boto3.client("lambda")
    sent, left = 0, 0
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
            payload = json.dumps(record["requestPayload"])
            functions.invoke(FunctionName=function, InvocationType="Event", Payload=payload)
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            sent += 1
    print(f"{sent} sent again, {left} left")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
