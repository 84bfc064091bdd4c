"""Makes images of what comes into another bucket, from now on:  python3 infra/follow.py STACK BUCKET

STACK is the name of the stack, BUCKET another one of the same account and region; needs boto3 and the account's credentials.
Has the bucket tell EventBridge of its objects, beside whatever else it tells and whomever, and the stack follow it (parameter
FollowedBucket): each object is copied below images/ and read like any upload, and goes when it goes. Nothing else of the
bucket is changed. What lies there already: RUNBOOKS.md, "A bucket full of photos already".

Ends with 0 if the bucket is followed, 2 if not.
"""

import sys

import boto3
from botocore.exceptions import ClientError, WaiterError

PARAMETER = "FollowedBucket"


class Unusable(Exception):
    """It is not followed; the message says why, and what to do."""


def tell_event_bridge(s3, bucket):
    """Turns EventBridge on for a bucket and keeps all that its configuration has; says whether it had to."""
    try:
        configuration = s3.get_bucket_notification_configuration(Bucket=bucket)
    except ClientError as failure:
        raise Unusable(f"the notifications of bucket {bucket} cannot be read: {failure}") from None
    configuration.pop("ResponseMetadata", None)
    if "EventBridgeConfiguration" in configuration:
        return False
    # the call replaces the whole configuration, so all of it goes back
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={**configuration, "EventBridgeConfiguration": {}}, SkipDestinationValidation=True
    )
    return True


def follow(cloud, stack, bucket):
    """Sets the parameter of the stack and leaves the others as they are; says whether it had to."""
    try:
        parameters = {one["ParameterKey"]: one["ParameterValue"] for one in cloud.describe_stacks(StackName=stack)["Stacks"][0].get("Parameters", [])}
    except ClientError as failure:
        if failure.response["Error"]["Code"] != "ValidationError":
            raise
        raise Unusable(f"there is no stack {stack} in {cloud.meta.region_name}; set AWS_REGION where it is in another region") from None
    if PARAMETER not in parameters:
        raise Unusable(f"stack {stack} has no parameter {PARAMETER}: it is of an earlier version, or another product; deploy this one first")
    if parameters[PARAMETER] == bucket:
        return False
    if parameters[PARAMETER]:
        raise Unusable(f"stack {stack} follows {parameters[PARAMETER]}, and can follow one bucket: deploy it with {PARAMETER}= first")
    kept = [{"ParameterKey": key, "UsePreviousValue": True} for key in parameters if key != PARAMETER]
    cloud.update_stack(
        StackName=stack,
        UsePreviousTemplate=True,
        Parameters=[*kept, {"ParameterKey": PARAMETER, "ParameterValue": bucket}],
        Capabilities=["CAPABILITY_IAM"],
    )
    try:
        cloud.get_waiter("stack_update_complete").wait(StackName=stack, WaiterConfig={"Delay": 2, "MaxAttempts": 900})
    except WaiterError as failure:
        raise Unusable(f"the update of stack {stack} failed: {failure}; its events in the console say why") from None
    return True


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    stack, bucket = arguments
    try:
        told = tell_event_bridge(boto3.client("s3"), bucket)
        print(f"{bucket} tells EventBridge" + (" now" if told else " already"), flush=True)
        updated = follow(boto3.client("cloudformation"), stack, bucket)
        print(f"{stack} follows {bucket}" + (" now" if updated else " already"))
        return 0
    except Unusable as reason:
        print(reason, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
