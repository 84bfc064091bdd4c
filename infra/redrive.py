"""Sends events that were given up to their function again:  python3 infra/redrive.py QUEUE_URL

QUEUE_URL is the output DeadLetters of the stack; needs boto3 and the account's credentials. An event goes to the version
in use (alias live), whichever version failed, and leaves the queue only after its function has taken it. Messages that no
function left (a schedule that could not start, a ceiling that could not act) are shown and stay: the next hour's look
makes up for the one, Ingest=off for the other.
"""

import json
import sys

import boto3


class Queue:
    """The dead letters; what was received and not deleted is given back at the end, so that it is not hidden."""

    def __init__(self, url):
        self.sqs, self.url, self.received = boto3.client("sqs"), url, []

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        for message in self.received:
            self.sqs.change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )

    def messages(self):
        # a short poll asks some of the queue's servers, a long one all
        while batch := self.sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, VisibilityTimeout=300, WaitTimeSeconds=5
        ).get("Messages"):
            self.received += batch
            yield from batch

    def delete(self, message):
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        self.received.remove(message)

    def hidden(self):
        """How many messages somebody else received, and may give back."""
        name = "ApproximateNumberOfMessagesNotVisible"
        told = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=[name])
        return max(0, int(told["Attributes"][name]) - len(self.received))


def check(functions, name):
    """Ends where the function would give its events up at once."""
    if functions.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions") == 0:
        sys.exit(f"{name} takes nothing, as the ceiling or Ingest=off holds it: wait for the alarm's end, or raise DailyImages")


def in_use(functions, name):
    """The function by its alias live, if it has one."""
    try:
        return functions.get_alias(FunctionName=name, Name="live")["AliasArn"]
    except functions.exceptions.ResourceNotFoundException:
        return name


def main(url):
    functions = boto3.client("lambda")
    sent, targets = 0, {}
    with Queue(url) as queue:
        for message in queue.messages():
            record = json.loads(message["Body"])
            function = record.get("requestContext", {}).get("functionArn")
            if function is None:
                print("left:", message["Body"])
                continue
            name = function.split(":")[6]
            if name not in targets:
                check(functions, name)
                targets[name] = in_use(functions, name)
            payload = json.dumps(record["requestPayload"])
            functions.invoke(FunctionName=targets[name], InvocationType="Event", Payload=payload)
            queue.delete(message)
            sent += 1
        hidden = queue.hidden()
        print(f"{sent} sent again, {len(queue.received) + hidden} left")
        if hidden:
            print(f"{hidden} of them are hidden, as another redrive received them just now: try again in five minutes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
