"""Puts a restored table in the place of a stack's own:  python3 infra/restore.py STACK RESTORED_TABLE [--yes]

RESTORED_TABLE is what `aws dynamodb restore-table-to-point-in-time` made of the stack's table; needs boto3 and the account's
credentials. Makes the items of the stack's table those of the restored one, with few enough writes that only what differs is
paid for, and asks before. Hold uploads meanwhile (Ingest=off) and let nobody label. The steps around it: RUNBOOKS.md.

Ends with 0 if both tables are equal, 2 if nothing was done. Running it again goes on.
"""

import argparse
import sys

import boto3
from botocore.exceptions import ClientError


class Unusable(Exception):
    """Nothing was done; the message says what to do."""


def own_table(stack):
    cloud = boto3.client("cloudformation")
    try:
        return cloud.describe_stack_resource(StackName=stack, LogicalResourceId="Table")["StackResourceDetail"]["PhysicalResourceId"]
    except ClientError as failure:
        if failure.response["Error"]["Code"] != "ValidationError":
            raise
        raise Unusable(f"there is no stack {stack} with a Table in {cloud.meta.region_name}; set AWS_REGION where it is in another region") from None


def items(dynamodb, table):
    """Every item by its key."""
    try:
        pages = dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        return {(item["key"]["S"], item["part"]["S"]): item for page in pages for item in page["Items"]}
    except dynamodb.exceptions.ResourceNotFoundException:
        raise Unusable(f"there is no table {table}; restore it first, see RUNBOOKS.md") from None


def differences(now, then):
    """Requests that make the one table the other."""
    puts = [{"PutRequest": {"Item": item}} for key, item in then.items() if now.get(key) != item]
    gone = [key for key in now if key not in then]
    return puts + [{"DeleteRequest": {"Key": {"key": {"S": key}, "part": {"S": part}}}} for key, part in gone]


def write(dynamodb, table, requests):
    while requests:
        answer = dynamodb.batch_write_item(RequestItems={table: requests[:25]})
        requests = answer.get("UnprocessedItems", {}).get(table, []) + requests[25:]


def restore(stack, restored, agreed, say):
    dynamodb = boto3.client("dynamodb")
    table = own_table(stack)
    if restored == table:
        raise Unusable(f"{restored} is the table of the stack itself; name the one that was restored")
    then, now = items(dynamodb, restored), items(dynamodb, table)
    requests = differences(now, then)
    say(f"{table} has {len(now):,} items and gets the {len(then):,} of {restored}: {len(requests):,} differ")
    if requests and not agreed():
        raise Unusable("nothing was changed")
    write(dynamodb, table, requests)
    say("both tables are equal")
    return 0


def main(arguments):
    parser = argparse.ArgumentParser(description="Puts a restored table in the place of a stack's own.")
    parser.add_argument("stack")
    parser.add_argument("restored", metavar="RESTORED_TABLE")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    options = parser.parse_args(arguments)

    def agreed():
        return options.yes or input(f"Type {options.stack} to go on: ") == options.stack

    try:
        return restore(options.stack, options.restored, agreed, lambda line: print(line, flush=True))
    except Unusable as reason:
        print(reason, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
