"""Deploys template.yaml on an endpoint of LocalStack, and puts right what its CloudFormation leaves out."""

import hashlib
import json
import pathlib
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from translated import REGION, translated

HERE = pathlib.Path(__file__).resolve().parent


class Stack:
    """The product as a stack with this name."""

    region = REGION

    def __init__(self, endpoint, name, architecture, infra=HERE):
        self.endpoint, self.name, self.architecture, self.infra = endpoint, name, architecture, infra
        self.code = f"{name.lower()}-code"
        self.url = self.bucket = self.trainer = None
        self.physical = {}

    def client(self, service):
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(s3={"addressing_style": "path"}, read_timeout=900, retries={"total_max_attempts": 3}),
        )

    def create(self, parameters):
        """Creates the stack and waits for it."""
        cloud = self.client("cloudformation")
        cloud.create_stack(**self.described(parameters))
        self.wait(cloud, "stack_create_complete")
        self.complete(cloud)

    def update(self, infra, parameters):
        """Updates it to the template of another folder and waits for it; LocalStack changes functions, and adds what is new."""
        self.infra = infra
        cloud = self.client("cloudformation")
        cloud.update_stack(**self.described(parameters))
        self.wait(cloud, "stack_update_complete")
        self.look(cloud)
        keep_retries_of_alias(self.client("lambda"), self.physical["FeaturizerFunction"])

    def described(self, parameters):
        return {
            "StackName": self.name,
            "TemplateURL": self.template(),
            "Parameters": [
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in {"Architecture": self.architecture, **parameters}.items()
            ],
            "Capabilities": ["CAPABILITY_IAM"],
        }

    def template(self):
        """Brings the template to S3, as SAM does; it is too long for a request. Gives its address.

        Without the function URL that wants signatures, as LocalStack checks none: complete() adds one that wants nothing.
        """
        template = translated((self.infra / "template.yaml").read_text(), self.upload)
        template["Resources"].pop("ClassifierFunctionUrl", None)
        template.pop("Outputs")  # LocalStack gives none
        self.client("s3").put_object(Bucket=self.code, Key="template.json", Body=json.dumps(template))
        return f"{self.endpoint}/{self.code}/template.json"

    def wait(self, cloud, state):
        try:
            cloud.get_waiter(state).wait(StackName=self.name, WaiterConfig={"Delay": 1, "MaxAttempts": 300})
        except Exception as failure:
            events = cloud.describe_stack_events(StackName=self.name)["StackEvents"]
            reasons = [e.get("ResourceStatusReason", "") for e in events if e["ResourceStatus"].endswith("FAILED")]
            sys.exit(f"no {state}: " + ("\n".join(reasons) or str(failure)))

    def look(self, cloud):
        """Learns what its resources are called."""
        resources = cloud.describe_stack_resources(StackName=self.name)["StackResources"]
        self.physical = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in resources}
        self.bucket, self.trainer = self.physical["ImagesBucket"], self.physical["TrainerFunction"]

    def complete(self, cloud):
        """Adds what LocalStack's CloudFormation leaves out, and the address, which the template does not have."""
        self.look(cloud)
        functions = self.client("lambda")
        classifier = self.physical["ClassifierFunction"]
        address = functions.create_function_url_config(FunctionName=classifier, Qualifier="live", AuthType="NONE")
        self.url = address["FunctionUrl"]
        keep_retries_of_alias(functions, self.physical["FeaturizerFunction"])

    def upload(self, path):
        """Brings a package that the template names to S3, in the form for our processor."""
        file = (self.infra / path.replace("x86_64", self.architecture)).resolve()
        if not file.exists():
            sys.exit(f"{file} is not there; make the packages with:  mvn -DskipTests package")
        s3 = self.client("s3")
        s3.create_bucket(Bucket=self.code)
        key = f"{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}/{file.name}"  # by what it is, as SAM names it
        s3.upload_file(str(file), self.code, key)
        return f"s3://{self.code}/{key}"

    def delete(self):
        """Deletes the stack with what is in its buckets."""
        cloud, s3 = self.client("cloudformation"), self.client("s3")
        try:
            resources = cloud.describe_stack_resources(StackName=self.name)["StackResources"]
        except ClientError:
            resources = []  # somebody deleted it already
        buckets = [r["PhysicalResourceId"] for r in resources if r["ResourceType"] == "AWS::S3::Bucket"]
        for bucket in (*buckets, self.code):
            try:
                empty(s3, bucket)
            except ClientError as failure:
                if failure.response["Error"]["Code"] != "NoSuchBucket":
                    raise
        cloud.delete_stack(StackName=self.name)
        cloud.get_waiter("stack_delete_complete").wait(StackName=self.name, WaiterConfig={"Delay": 1, "MaxAttempts": 300})
        left = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
        for bucket in left.intersection((*buckets, self.code)):  # LocalStack leaves some after an update
            s3.delete_bucket(Bucket=bucket)


def keep_retries_of_alias(functions, name):
    """LocalStack looks for retries and dead letters under the number of a version, not under its alias."""
    config = functions.get_function_event_invoke_config(FunctionName=name, Qualifier="live")
    functions.put_function_event_invoke_config(
        FunctionName=name,
        Qualifier=functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"],
        **{key: config[key] for key in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")},
    )


def empty(s3, bucket):
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        keys = [{"Key": item["Key"]} for item in page.get("Contents", [])]
        if keys:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
