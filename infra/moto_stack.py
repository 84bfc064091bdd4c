"""Creates the templates of this folder in moto's CloudFormation, as far as moto goes, and tries what runs beside the
functions: the ceiling, the redrive, the refill, following a bucket, the restored table and the end; and the template of a release.

Needs what requirements/moto.txt pins, and sed:  $(python3 infra/tools.py moto)/python infra/moto_stack.py
Ends with 0 if every stack came to CREATE_COMPLETE and all of these did what they should.
"""

import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import warnings
import zipfile

import boto3
import follow
import redrive
import refill
import release
import restore
import uninstall
from botocore.exceptions import ClientError
from moto import mock_aws
from translated import REGION, translated

HERE = pathlib.Path(__file__).parent
STACK = "Graft"  # the names of buckets are in lower case all the same
SETTINGS = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}

# What moto 5 fails to create, rather than only skips; see the table in infra/README.md.
NOT_IN_MOTO = {
    "AWS::CloudWatch::Dashboard",
    "AWS::Events::Rule",  # names an alarm, and alarms are not created
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Permission",
    "AWS::SQS::QueuePolicy",  # names that rule
    "AWS::Scheduler::Schedule",
}


def package():
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("empty", "")
    return code.getvalue()


def new_function():
    role = boto3.client("iam").create_role(RoleName="role", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    return boto3.client("lambda").create_function(
        FunctionName="featurizer", Runtime="java25", Role=role, Handler="x", Code={"ZipFile": package()}
    )


def bound(role):
    """Whether a role has the boundary that the parameter names."""
    return {"Ref": "PermissionsBoundary"} in role["Properties"].get("PermissionsBoundary", {}).get("Fn::If", [])


@mock_aws(config=SETTINGS)
def create(name, text, parameters):
    """Creates one stack; says what came of it."""
    return made(name, translated(text, lambda file: "s3://code/function.zip"), parameters)


def made(name, template, parameters):
    kinds = {logical: r["Type"] for logical, r in template["Resources"].items()}
    for logical, kind in kinds.items():
        if kind in NOT_IN_MOTO:
            del template["Resources"][logical]
        elif kind == "AWS::Lambda::EventSourceMapping":  # of an alias, which moto does not create
            template["Resources"][logical]["Properties"]["FunctionName"] = {"Ref": "FeaturizerFunction"}
    # moto does not check outputs of resources that it does not know; cfn-lint does.
    template.pop("Outputs")
    unbound = [n for n, r in template["Resources"].items() if r["Type"] == "AWS::IAM::Role" and not bound(r)]
    if "PermissionsBoundary" in template["Parameters"] and unbound:
        print(f"{name}: roles without the permissions boundary: {unbound}")
        return False
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="code")
    s3.put_object(Bucket="code", Key="function.zip", Body=package())
    cloud = boto3.client("cloudformation")
    cloud.create_stack(
        StackName=STACK,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    resources = cloud.describe_stack_resources(StackName=STACK)["StackResources"]
    status = cloud.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
    made = {r["LogicalResourceId"] for r in resources if r.get("PhysicalResourceId")}
    missing = sorted({kind for logical, kind in kinds.items() if logical not in made})
    print(f"{name}: {status}, {len(made)} of {len(kinds)} resources; moto creates no {', '.join(missing) or 'others'}")
    buckets = [r["PhysicalResourceId"] for r in resources if r.get("ResourceType") == "AWS::S3::Bucket"]
    return status == "CREATE_COMPLETE" and all(bucket == bucket.lower() for bucket in buckets)


@mock_aws(config=SETTINGS)
def ceiling(text, ingest, state, expected):
    """Runs the state machine of the ceiling once: the alarm comes to this state, the parameter Ingest says this."""
    properties = translated(text, lambda file: "s3://code/function.zip")["Resources"]["Ceiling"]["Properties"]
    function, functions = new_function(), boto3.client("lambda")
    mapping = functions.create_event_source_mapping(
        EventSourceArn=queue("uploads")["arn"], FunctionName=function["FunctionName"], Enabled=not expected
    )["UUID"]
    update = properties["DefinitionSubstitutions"]["Update"]["Fn::Sub"].replace("${AWS::Partition}", "aws")
    # moto knows this name of Lambda's only as it is there, Step Functions as in the SDK for Java
    definition = "\n".join(properties["DefinitionString"]["Fn::Join"][1]).replace("Uuid", "UUID")
    for name, value in {"Uploads": mapping, "Ingest": ingest, "Update": update}.items():
        definition = definition.replace("${" + name + "}", value)
    machines = boto3.client("stepfunctions")
    machine = machines.create_state_machine(name="ceiling", definition=definition, roleArn=function["Role"])
    run = machines.start_execution(
        stateMachineArn=machine["stateMachineArn"], input=json.dumps({"detail": {"state": {"value": state}}})
    )
    deadline = time.time() + 20
    while (end := machines.describe_execution(executionArn=run["executionArn"])["status"]) == "RUNNING":
        if time.time() > deadline:
            break
        time.sleep(0.05)
    found = functions.get_event_source_mapping(UUID=mapping)["State"] == "Enabled"
    print(f"ceiling, Ingest={ingest}: {state} {end}, takes uploads: {found}, expected {expected}")
    return end == "SUCCEEDED" and found == expected


def queue(name, **attributes):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return {"url": url, "arn": sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]}


@mock_aws(config=SETTINGS)
def redriven():
    """Redrives events that came by a queue, one of a function, and one message of the scheduler."""
    functions, sqs = boto3.client("lambda"), boto3.client("sqs")
    function = new_function()["FunctionArn"]
    dead = queue("dead")
    uploads = queue("uploads", RedrivePolicy=json.dumps({"deadLetterTargetArn": dead["arn"], "maxReceiveCount": 1}))
    event = json.loads((HERE.parent / "events/put.json").read_text())
    old = {"requestContext": {"functionArn": function}, "requestPayload": event}
    context = {"functionArn": function, "queueArn": uploads["arn"]}
    letter = {"requestContext": context, "requestPayload": "by a queue", "responsePayload": {"errorMessage": "no table"}}
    to_queue = {"TARGET_ARN": {"DataType": "String", "StringValue": uploads["arn"]}}

    def send():
        sqs.send_message(QueueUrl=dead["url"], MessageBody=json.dumps(old))
        sqs.send_message(QueueUrl=dead["url"], MessageBody=json.dumps(letter))
        sqs.send_message(QueueUrl=dead["url"], MessageBody='{"source": "aws.s3"}', MessageAttributes=to_queue)
        sqs.send_message(QueueUrl=dead["url"], MessageBody="{}")

    send()
    functions.put_function_concurrency(FunctionName="featurizer", ReservedConcurrentExecutions=0)
    try:
        redrive.main(dead["url"])
        return False
    except SystemExit as held:
        print("redrive:", held)
    functions.delete_function_concurrency(FunctionName="featurizer")
    for one in dead, uploads:
        sqs.purge_queue(QueueUrl=one["url"])
    send()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        redrive.main(dead["url"])
    back = sqs.receive_message(QueueUrl=uploads["url"], MaxNumberOfMessages=10)["Messages"]
    told = said.getvalue().splitlines()
    print("redrive:", told[-1])
    reasoned = "sent again, failed before: no table" in told
    queued = sorted(message["Body"] for message in back) == ["by a queue", '{"source": "aws.s3"}']
    return told[-1] == "3 sent again, 1 left" and reasoned and queued


class BusyFunction:
    """Turns the first call away, fails on a broken image, and cannot read or cannot store one at first."""

    def __init__(self):
        self.calls, self.keys, self.lock = 0, [], threading.Lock()

    def invoke(self, FunctionName, Qualifier, Payload):
        with self.lock:
            self.calls += 1
            if self.calls == 1:
                raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "busy"}}, "Invoke")
            tasks = json.loads(Payload)["tasks"]
            keys = [urllib.parse.unquote(task["s3Key"]) for task in tasks]
            if "images/broken" in keys:
                return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorMessage": "out of memory"}')}
            results = [{"taskId": task["taskId"], **self.store(key)} for task, key in zip(tasks, keys)]
            return {"Payload": io.BytesIO(json.dumps({"results": results}).encode())}

    def store(self, key):
        self.keys.append(key)
        if key == "images/text":
            return {"resultCode": "PermanentFailure", "resultString": "no picture"}
        if key == "images/later" and self.keys.count(key) == 1:
            return {"resultCode": "TemporaryFailure", "resultString": "no answer"}
        return {"resultCode": "Succeeded", "resultString": "FEATURIZED"}


class Impatient(refill.Refill):
    def pause(self, attempt):
        pass


@mock_aws(config=SETTINGS)
def refilled():
    """Refills images of which one breaks the function, one cannot be read, and one must be sent twice."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="photos")
    odd = ["images/red cat/a+b 100% 猫.jpg", "images/broken", "images/text", "images/later"]
    wanted = sorted([*odd, *(f"images/{i}.jpg" for i in range(50))])
    for key in [*wanted, "images/folder/", "labels/all.csv"]:
        s3.put_object(Bucket="photos", Key=key)
    function, said = BusyFunction(), []
    found = refill.walk(
        Impatient(function, "refill", "photos", threading.Event()),
        refill.images(s3, "photos"),
        2,
        said.append,
        refill.teller(s3, "photos"),
    )
    told = json.load(s3.get_object(Bucket="photos", Key="results/refill.json")["Body"])
    print("refill:", told)
    if (told["images"], told["done"], told["failed"]) != (54, 54, 2):
        return False
    print("refill:", said[-1])
    all_sent = sorted({*function.keys, "images/broken"}) == wanted
    told = refill.estimate(100_000, 4, 1.769)
    print("refill:", told)
    if not told.startswith("100,000 images: $1.68 at most and about 125 min, 4 calls at a time"):
        return False
    failures = {"images/broken": "the function failed: out of memory", "images/text": "no picture"}
    return all_sent and found.failures == failures and found.outcomes == {"FEATURIZED": 52} and refused()


def refused():
    """Without a stack, and with one that has no such function."""
    boto3.client("cloudformation").create_stack(
        StackName="old", TemplateBody='{"Resources": {"ImagesBucket": {"Type": "AWS::S3::Bucket"}}}'
    )
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        status = [refill.main(["nowhere"]), refill.main(["old"])]
    for line in said.getvalue().splitlines():
        print("refill:", line)
    return status == [2, 2] and "no stack nowhere in" in said.getvalue() and "no RefillFunction" in said.getvalue()


@mock_aws(config=SETTINGS)
def followed():
    """Follows a bucket that has notifications of its own, which stay."""
    s3, cloud = boto3.client("s3"), boto3.client("cloudformation")
    own = queue("theirs")["arn"]
    s3.create_bucket(Bucket="shop-photos")
    theirs = {"Id": "theirs", "QueueArn": own, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(Bucket="shop-photos", NotificationConfiguration={"QueueConfigurations": [theirs]})
    template = {
        "Parameters": {name: {"Type": "String", "Default": ""} for name in (follow.PARAMETER, "AlarmEmail")},
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "follows-${FollowedBucket}${AlarmEmail}"}}}},
    }
    email = [{"ParameterKey": "AlarmEmail", "ParameterValue": "-a"}]
    cloud.create_stack(StackName=STACK, TemplateBody=json.dumps(template), Parameters=email)
    cloud.create_stack(StackName="old", TemplateBody='{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}')
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        lines = [STACK, "shop-photos"], [STACK, "shop-photos"], [STACK, "nowhere"], ["old", "shop-photos"], ["nowhere", "shop-photos"]
        status = [follow.main(line) for line in lines]
    for line in said.getvalue().splitlines():
        print("follow:", line)
    now = s3.get_bucket_notification_configuration(Bucket="shop-photos")
    kept = now["QueueConfigurations"] == [theirs]  # moto forgets that EventBridge is on, which LocalStack does not
    parameters = {one["ParameterKey"]: one["ParameterValue"] for one in cloud.describe_stacks(StackName=STACK)["Stacks"][0]["Parameters"]}
    return status == [0, 0, 2, 2, 2] and kept and parameters == {"FollowedBucket": "shop-photos", "AlarmEmail": "-a"}


@mock_aws(config=SETTINGS)
def restored():
    """A table whose items were changed, deleted and added since another was restored from it."""
    boto3.client("cloudformation").create_stack(
        StackName=STACK, TemplateBody=json.dumps({"Resources": {"Table": translated((HERE / "template.yaml").read_text(), lambda file: "s3://code/function.zip")["Resources"]["Table"]}, "Conditions": {"Keep": {"Fn::Equals": ["a", "b"]}}})
    )
    tables, own = boto3.resource("dynamodb"), restore.own_table(STACK)
    keys = [{"AttributeName": name, "KeyType": kind} for name, kind in (("key", "HASH"), ("part", "RANGE"))]
    types = [{"AttributeName": name, "AttributeType": "S"} for name in ("key", "part")]
    then = tables.create_table(TableName="then", KeySchema=keys, AttributeDefinitions=types, BillingMode="PAY_PER_REQUEST")
    for table, changed in (then, {}), (tables.Table(own), {"label": "wrong"}):
        for i in range(60):
            table.put_item(Item={"key": f"images/{i}.jpg", "part": "image", "label": "cat", **(changed if i < 30 else {})})
    tables.Table(own).delete_item(Key={"key": "images/40.jpg", "part": "image"})
    tables.Table(own).put_item(Item={"key": "images/new.jpg", "part": "image"})
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = [restore.main([STACK, name, "--yes"]) for name in ("nowhere", own, "then", "then")]
    for line in said.getvalue().splitlines():
        print("restore:", line)
    client = boto3.client("dynamodb")
    return status == [2, 2, 0, 0] and restore.items(client, own) == restore.items(client, "then") and "32 differ" in said.getvalue()


@mock_aws(config=SETTINGS)
def released_and_uninstalled(keep_images):
    """Deploys a release, as its README says, and takes it down again with what is in it; or all but the images."""
    s3 = boto3.client("s3")
    with tempfile.TemporaryDirectory() as folder:
        template = release.release(pathlib.Path(folder))
        s3.create_bucket(Bucket="mine")
        for file in (pathlib.Path(folder) / "code").rglob("*.zip"):
            s3.put_object(Bucket="mine", Key=str(file.relative_to(pathlib.Path(folder) / "code")), Body=package())
    if not made("graft.json of a release", template, {"CodeBucket": "mine"}):
        return False
    found = boto3.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    names = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found if one.get("PhysicalResourceId")}
    images = names["ImagesBucket"]
    s3.put_bucket_versioning(Bucket=images, VersioningConfiguration={"Status": "Enabled"})
    for i in range(3):
        s3.put_object(Bucket=images, Key=f"images/{i % 2}.jpg", Body=b"a picture")
    s3.delete_object(Bucket=images, Key="images/0.jpg")
    s3.put_object(Bucket=names["HeadsBucket"], Key="heads/latest.json", Body=b"{}")
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        nowhere = uninstall.main(["nowhere", "--yes"])
        status = uninstall.main([STACK, "--yes", *["--keep-images"] * keep_images])
    for line in said.getvalue().splitlines():
        print("uninstall:", line)
    left = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]} - {"mine", "code"}
    tables = boto3.client("dynamodb").list_tables()["TableNames"]
    return (nowhere, status, left, tables) == (2, 0, {images} if keep_images else set(), [])


def main():
    warnings.simplefilter("ignore")
    os.environ.update(AWS_DEFAULT_REGION=REGION, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
    zips = (HERE / "template.yaml").read_text()
    container = subprocess.run(
        ["sed", "-f", HERE / "container.sed", HERE / "template.yaml"], check=True, capture_output=True, text=True
    ).stdout
    existing = {"SourceBucket": "photos", "ImagesBucket": "graft-images-123456789012"}
    right = [
        create("template.yaml", zips, {}),
        create("template.yaml as containers", container, {}),
        create("existing-bucket.yaml", (HERE / "existing-bucket.yaml").read_text(), existing),
        redriven(),
        refilled(),
        restored(),
        followed(),
        released_and_uninstalled(keep_images=False),
    ]
    for ingest, after in (("on", True), ("off", False)):
        right += [ceiling(zips, ingest, "ALARM", False), ceiling(zips, ingest, "OK", after)]
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
