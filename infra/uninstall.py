"""Takes a stack down with everything in it:  python3 infra/uninstall.py STACK [--keep-images] [--yes]

STACK is the name of the stack; needs boto3 and the account's credentials. Says what goes and asks, unless --yes is given.
Empties the buckets, all versions and vectors included, deletes the stack, and then the table of format 1 that the stack leaves
behind. --keep-images leaves the images bucket with all pictures and label files, from which another stack can learn anew;
heads, features, labels that people gave on the page, and who may sign in go all the same, so export the labels first. Running it again goes on.

Ends with 0 if nothing is left but what was to stay, 1 if not, 2 if nothing was done.
"""

import argparse
import sys

import boto3
from botocore.exceptions import ClientError, WaiterError

BUCKETS = "ImagesBucket", "HeadsBucket"
VECTORS = "VectorBucket"
LEFT_BEHIND = "FeaturesTable"


class Unusable(Exception):
    """Nothing was done; the message says why, and what to do."""


def found(cloud, stack):
    """Names of what the stack has, by what the template calls it."""
    try:
        parameters = cloud.describe_stacks(StackName=stack)["Stacks"][0].get("Parameters", [])
        resources = cloud.describe_stack_resources(StackName=stack)["StackResources"]
    except ClientError as failure:
        if failure.response["Error"]["Code"] != "ValidationError":
            raise
        raise Unusable(f"there is no stack {stack} in {cloud.meta.region_name}; set AWS_REGION where it is in another region") from None
    names = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in resources if one.get("PhysicalResourceId")}
    if "FeaturizerFunction" not in names:
        raise Unusable(f"{stack} is no stack of Graft, or its deletion has begun elsewhere: it has no FeaturizerFunction")
    if {"ParameterKey": "KeepData", "ParameterValue": "yes"} in [
        {key: one.get(key) for key in ("ParameterKey", "ParameterValue")} for one in parameters
    ]:
        raise Unusable(f"{stack} is protected by KeepData=yes: deploy it with KeepData=no first")
    return names


def empty(s3, bucket):
    """Deletes every version of every object."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for kind in ("Versions", "DeleteMarkers"):
            objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in page.get(kind, [])]
            if objects:
                answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
                for error in answer.get("Errors", []):
                    raise Unusable(f"{error['Key']} of {bucket} stays, as S3 says: {error['Message']}")


def drop(vectors, bucket):
    """Deletes every index of a vector bucket."""
    named = {"vectorBucketArn" if bucket.startswith("arn:") else "vectorBucketName": bucket}
    for page in vectors.get_paginator("list_indexes").paginate(**named):
        for one in page["indexes"]:
            vectors.delete_index(indexArn=one["indexArn"])


def delete(cloud, stack, kept):
    """Deletes the stack but for the resources to keep, which CloudFormation lets be only after it failed once."""
    for retained in ([], kept) if kept else ([],):
        cloud.delete_stack(StackName=stack, **({"RetainResources": retained} if retained else {}))
        try:
            cloud.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 2, "MaxAttempts": 900})
            return True
        except WaiterError:
            continue
    return False


def uninstall(stack, keep_images, agreed, say):
    cloud, s3, tables = boto3.client("cloudformation"), boto3.client("s3"), boto3.client("dynamodb")
    names = found(cloud, stack)
    going = [names[bucket] for bucket in BUCKETS if bucket in names and not (keep_images and bucket == "ImagesBucket")]
    say(f"of stack {stack} go for good: what is in {' and '.join(going)}, table {names['Table']}, and whoever may sign in")
    if keep_images:
        say(f"{names['ImagesBucket']} stays as it is")
    if not agreed():
        raise Unusable("nothing was deleted")
    for bucket in going:
        say(f"emptying {bucket}")
        empty(s3, bucket)
    if VECTORS in names:
        drop(boto3.client("s3vectors"), names[VECTORS])
    say("deleting the stack, which takes some minutes")
    if not delete(cloud, stack, ["ImagesBucket"] if keep_images else []):
        events = cloud.describe_stack_events(StackName=stack)["StackEvents"]
        for event in events:
            if event["ResourceStatus"] == "DELETE_FAILED":
                say(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}")
        say("the stack is not gone; mend what is said above, and run this again")
        return 1
    if LEFT_BEHIND in names:
        try:
            tables.delete_table(TableName=names[LEFT_BEHIND])
        except tables.exceptions.ResourceNotFoundException:
            pass  # from an earlier run
    say("gone" + (f"; {names['ImagesBucket']} is left" if keep_images else ""))
    return 0


def main(arguments):
    parser = argparse.ArgumentParser(description="Takes a stack down with everything in it.")
    parser.add_argument("stack")
    parser.add_argument("--keep-images", action="store_true")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    options = parser.parse_args(arguments)

    def agreed():
        return options.yes or input(f"Type {options.stack} to go on: ") == options.stack

    try:
        return uninstall(options.stack, options.keep_images, agreed, lambda line: print(line, flush=True))
    except Unusable as reason:
        print(reason, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
