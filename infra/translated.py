"""The templates as CloudFormation gets them, translated by SAM's own translator."""

import boto3
import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

REGION = "us-east-1"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/graft:1"


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


def translated(text, place):
    """The template without its transform.

    :param place: gives the address, s3://bucket/key, of a package that the template names by its file
    """
    template = yaml.load(text, Loader)
    if "Transform" not in template:
        return template
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if "CodeUri" in properties:
            properties["CodeUri"] = place(properties["CodeUri"])
        if "ImageUri" in properties:
            properties["ImageUri"] = IMAGE
    session = boto3.Session(region_name=REGION)
    return Translator({}, Parser(), boto_session=session).translate(template, {})
