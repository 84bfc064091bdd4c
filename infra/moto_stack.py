"""Creates the stack of template.yaml in moto's CloudFormation, as far as moto goes.

Needs Python with aws-sam-translator, moto and boto3:  python3 infra/moto_stack.py
Ends with 0 if the translation holds no resource unknown to this script and moto created the rest.
"""

import io
import json
import pathlib
import sys
import zipfile

import boto3
import yaml
from moto import mock_aws
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

# What moto 5 does not create; see the table in infra/README.md.
NOT_IN_MOTO = {
    "AWS::CloudWatch::Dashboard",
    "AWS::Events::Rule",  # names an alarm, and alarms are not created
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Permission",
    "AWS::Scheduler::Schedule",
}
REGION = "us-east-1"


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms."""


def short_form(loader, tag, node):
    kind = {"Ref": "Ref", "Condition": "Condition"}.get(tag, "Fn::" + tag)
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {kind: value.split(".", 1) if tag == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {kind: loader.construct_sequence(node, deep=True)}
    return {kind: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", short_form)


def translated(template):
    for resource in template["Resources"].values():
        if "CodeUri" in resource.get("Properties", {}):
            resource["Properties"]["CodeUri"] = "s3://code/function.zip"
    session = boto3.Session(region_name=REGION)
    return Translator({}, Parser(), boto_session=session).translate(template, {})


def main():
    path = pathlib.Path(__file__).parent / "template.yaml"
    with mock_aws():
        template = translated(yaml.load(path.read_text(), Loader))
        left_out = {
            name: r["Type"] for name, r in template["Resources"].items() if r["Type"] in NOT_IN_MOTO
        }
        for name in left_out:
            del template["Resources"][name]
        # moto does not check outputs of resources that it does not know; cfn-lint does.
        template.pop("Outputs")
        s3 = boto3.client("s3", REGION)
        s3.create_bucket(Bucket="code")
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("empty", "")
        s3.put_object(Bucket="code", Key="function.zip", Body=code.getvalue())
        cloud = boto3.client("cloudformation", REGION)
        cloud.create_stack(
            StackName="graft",
            TemplateBody=json.dumps(template),
            Capabilities=["CAPABILITY_IAM"],
        )
        made = cloud.describe_stack_resources(StackName="graft")["StackResources"]
        status = cloud.describe_stacks(StackName="graft")["Stacks"][0]["StackStatus"]
        made_names = {r["LogicalResourceId"] for r in made if r.get("PhysicalResourceId")}
        skipped = {n: r["Type"] for n, r in template["Resources"].items() if n not in made_names}
        print(f"{status}: {len(made_names)} created, {len(left_out)} left out, {len(skipped)} skipped")
        for name, kind in sorted({**left_out, **skipped}.items()):
            print(f"  not created: {name} ({kind})")
        table = boto3.client("dynamodb", REGION).list_tables()["TableNames"]
        buckets = [b["Name"] for b in s3.list_buckets()["Buckets"]]
        print("tables", table, "buckets", buckets)
    return 0 if status == "CREATE_COMPLETE" else 1


if __name__ == "__main__":
    sys.exit(main())
