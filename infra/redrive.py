"""Sends events that were given up once more:  python3 infra/redrive.py QUEUE_URL

QUEUE_URL is the output DeadLetters of the stack; needs boto3 and the account's credentials. An event that came by a queue
goes back to it, and waits there where the ceiling or Ingest=off holds uploads; another goes to its function, in the version
in use (alias live), whichever version failed. It leaves the dead letters only after it was taken, and its reason is printed.
Messages that neither a function nor a queue left (a schedule that could not start, a ceiling that could not act) are shown
and stay: the next hour's look makes up for the one, Ingest=off for the other.
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
            QueueUrl=self.url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=300,
            WaitTimeSeconds=5,
            AttributeNames=["DeadLetterQueueSourceArn"],
            MessageAttributeNames=["TARGET_ARN", "ERROR_MESSAGE"],
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
        sys.exit(
            f"{name} takes nothing, as the ceiling or Ingest=off of the version before holds it: wait for the alarm's end, "
            f"or say  aws lambda delete-function-concurrency --function-name {name}"
        )


def in_use(functions, name):
    """The function by its alias live, if it has one."""
    try:
        return functions.get_alias(FunctionName=name, Name="live")["AliasArn"]
    except functions.exceptions.ResourceNotFoundException:
        return name


class Senders:
    """Takes events to where they failed."""

    def __init__(self, sqs):
        self.sqs, self.functions, self.targets = sqs, boto3.client("lambda"), {}

    def send(self, message):
        """Sends one; says why it failed, or None if it is of nobody."""
        body = json.loads(message["Body"])
        context = body.get("requestContext", {})
        attributes = {name: one.get("StringValue", "") for name, one in message.get("MessageAttributes", {}).items()}
        # the last two: SQS kept it, as the function was killed each time; EventBridge did, which could not reach the queue
        if "queueArn" in context:
            self.to_queue(context["queueArn"], body["requestPayload"])
            return body["responsePayload"].get("errorMessage", "")
        if source := message.get("Attributes", {}).get("DeadLetterQueueSourceArn"):
            self.to_queue(source, message["Body"])
            return "the function ended each time without a response"
        if ":sqs:" in attributes.get("TARGET_ARN", ""):
            self.to_queue(attributes["TARGET_ARN"], message["Body"])
            return attributes.get("ERROR_MESSAGE", "the queue could not be reached")
        if "functionArn" in context:
            self.to_function(context["functionArn"].split(":")[6], body["requestPayload"])
            return (body.get("responsePayload") or {}).get("errorMessage") or context.get("condition", "")
        return None

    def to_queue(self, arn, event):
        if arn not in self.targets:
            account, name = arn.split(":")[4:6]
            self.targets[arn] = self.sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
        self.sqs.send_message(QueueUrl=self.targets[arn], MessageBody=event)

    def to_function(self, name, event):
        if name not in self.targets:
            check(self.functions, name)
            self.targets[name] = in_use(self.functions, name)
        self.functions.invoke(FunctionName=self.targets[name], InvocationType="Event", Payload=json.dumps(event))


def main(url):
    sent = 0
    with Queue(url) as queue:
        senders = Senders(queue.sqs)
        for message in queue.messages():
            reason = senders.send(message)
            if reason is None:
                print("left:", message["Body"])
                continue
            print("sent again, failed before:", reason)
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
