"""What cold_start.py compares with: one request to classify, answered from the stored head by plain Python.

It reads what the classifier reads for it: the pointer to the latest head, the head's card and weights and the settings,
from S3 by boto3; Pillow decodes, onnxruntime runs the network on one thread.
"""
import base64
import http.client
import io
import json
import os
import struct

import boto3
import numpy
import onnxruntime
from PIL import Image

TASK = os.environ["LAMBDA_TASK_ROOT"]
OPTIONS = onnxruntime.SessionOptions()
OPTIONS.intra_op_num_threads = OPTIONS.inter_op_num_threads = 1
SESSION = onnxruntime.InferenceSession(TASK + "/backbone.onnx", OPTIONS)
SETTINGS = SESSION.get_modelmeta().custom_metadata_map
S3 = boto3.client("s3", region_name=os.environ["AWS_REGION"])


def stored(key):
    return S3.get_object(Bucket=os.environ["HEADS_BUCKET"], Key=key)["Body"].read()


def tensors(file):
    """Of a safetensors file."""
    length = struct.unpack("<Q", file[:8])[0]
    types = {"F32": numpy.float32, "F64": numpy.float64, "F16": numpy.float16}
    found = {}
    for name, told in json.loads(file[8 : 8 + length]).items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in told["data_offsets"])
            found[name] = numpy.frombuffer(file[begin:end], types[told["dtype"]]).reshape(told["shape"])
    return found


def feature(photo):
    resize, crop = int(SETTINGS["graft.resize"]), int(SETTINGS["graft.crop"])
    image = Image.open(io.BytesIO(photo))
    image.draft("RGB", (2 * resize, 2 * resize))
    image = image.convert("RGB")
    scale = resize / min(image.size)
    image = image.resize([int(side * scale) for side in image.size], Image.BILINEAR)
    left, top = [round((side - crop) / 2) for side in image.size]
    pixels = numpy.asarray(image.crop((left, top, left + crop, top + crop)), numpy.float32)
    mean, deviation = [numpy.array(SETTINGS[key].split(","), numpy.float32) for key in ("graft.mean", "graft.deviation")]
    pixels = (pixels / numpy.float32(SETTINGS["graft.scale"]) - mean) / deviation
    return SESSION.run(None, {SESSION.get_inputs()[0].name: pixels.transpose(2, 0, 1)[None]})[0].ravel()


def handle(event):
    version = json.loads(stored("heads/latest.json"))["version"]
    card = json.loads(stored(f"heads/{version}/head.json"))
    head = tensors(stored(f"heads/{version}/head.safetensors"))
    photo = feature(base64.b64decode(event["body"]))
    scores = head["weights"] @ ((photo - head["mean"]) / head["scale"]) + head["bias"]
    scores /= card.get("temperature", 1)
    odds = numpy.exp(scores - scores.max())
    best = int(odds.argmax())
    names = card["classes"]
    name = names[best]["name"] if isinstance(names[best], dict) else names[best]
    return {"label": name, "probability": float(odds[best] / odds.sum())}


def main():
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    while True:
        api.request("GET", "/2018-06-01/runtime/invocation/next")
        response = api.getresponse()
        request, event = response.headers["Lambda-Runtime-Aws-Request-Id"], json.loads(response.read())
        body = json.dumps({"statusCode": 200, "body": json.dumps(handle(event))})
        api.request("POST", f"/2018-06-01/runtime/invocation/{request}/response", body)
        api.getresponse().read()


if __name__ == "__main__":
    main()
