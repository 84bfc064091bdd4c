"""CPU seconds from the start of a process to its first answer: the classifier's zip and its container image against a
handler in Python; and those of the zip from where SnapStart takes its snapshot.

    python3 infra/localstack.py --run "python3 functions/benchmarks/src/main/python/cold_start.py ZIP PAIRS PHOTO JARS"

ZIP is functions/classifier/target/classifier-x86_64.zip, JARS the folder with AWS's runtime interface client (its three
jars and jni/libaws-lambda-jni.*.so unpacked). Both sides ask the Runtime API that is served here for one event,
POST /classify with the photo, and are killed when they have answered; they take turns. JAVA_OPTIONS in the environment
adds to the options of the JVM. Variables and data are those of the deployed function: where it has no head yet, the
sample pictures are uploaded and learned from first. Needs Python with boto3, numpy, onnxruntime and pillow.
"""
import base64
import glob
import http.server
import json
import os
import pathlib
import queue
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

import programs

HERE = pathlib.Path(__file__).resolve()
SAMPLES = HERE.parents[4] / "local/samples"
PEER = HERE.parent / "cold_peer.py"


def client(service):
    import boto3

    return boto3.client(service, region_name=os.environ.get("AWS_REGION", "us-east-1"))


def variables():
    """Those of the deployed classifier."""
    if "IMAGES_BUCKET" in os.environ:
        names = ("IMAGES_BUCKET", "HEADS_BUCKET", "TABLE", "TRAINER")
        return {name: os.environ.get(name, "") for name in names}
    functions = client("lambda").list_functions()["Functions"]
    return next(f["Environment"]["Variables"] for f in functions if "Classifier" in f["FunctionName"])


def teach(settings):
    """Uploads the samples and trains, where there is no head."""
    s3, trainer = client("s3"), client("lambda")
    if s3.list_objects_v2(Bucket=settings["HEADS_BUCKET"], Prefix="heads/latest.json").get("Contents"):
        return
    for photo in sorted(SAMPLES.glob("*/*.jpg")):
        s3.upload_file(str(photo), settings["IMAGES_BUCKET"], f"images/{photo.parent.name}/{photo.name}")
    for _ in range(60):
        time.sleep(5)
        trainer.invoke(FunctionName=settings["TRAINER"], Payload=b"{}")
        if s3.list_objects_v2(Bucket=settings["HEADS_BUCKET"], Prefix="heads/latest.json").get("Contents"):
            return
    sys.exit("no head after five minutes")


def cpu(pid):
    """CPU seconds of a process so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class RuntimeApi:
    """Lambda's Runtime API, version 2018-06-01, with one event for whoever asks first.

    A process that starts for SnapStart asks to be restored when its snapshot may be taken; it goes on when `restore` is set.
    """

    def __init__(self, event):
        self.answers = queue.Queue()
        self.prepared, self.restore = threading.Event(), threading.Event()
        api = self
        pending = [event]

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if self.path.endswith("/restore/next"):
                    api.prepared.set()
                    api.restore.wait()
                    body = b""
                elif pending:
                    body = json.dumps(pending.pop()).encode()
                else:
                    time.sleep(60)
                self.send_response(200)
                for name, value in (
                    ("Lambda-Runtime-Aws-Request-Id", "1"), ("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1e3 + 6e4))),
                    ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:classifier"),
                    ("Content-Type", "application/json"), ("Content-Length", str(len(body))),
                ):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                api.answers.put(body)
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # who has answered is killed
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = "127.0.0.1:%d" % self.server.server_address[1]


def event(photo):
    return {
        "version": "2.0", "rawPath": "/classify", "rawQueryString": "", "headers": {"content-type": "image/jpeg"},
        "requestContext": {"http": {"method": "POST", "path": "/classify"}, "requestId": "1"},
        "body": base64.b64encode(photo).decode(), "isBase64Encoded": True,
    }


def first_answer(command, task, settings, photo, snapshot=False):
    """CPU seconds and seconds until the answer, from the start or from the snapshot on, and what it says."""
    api = RuntimeApi(event(photo))
    environment = os.environ | settings | {
        "AWS_LAMBDA_RUNTIME_API": api.address, "LAMBDA_TASK_ROOT": task, "AWS_REGION": os.environ.get("AWS_REGION", "us-east-1"),
        "ORT_DISABLE_TELEMETRY": "1",
    }
    environment = {name: value.replace("/var/task", task) for name, value in environment.items()}
    if snapshot:
        environment["AWS_LAMBDA_INITIALIZATION_TYPE"] = "snap-start"
    start, before = time.monotonic(), 0
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=task, env=environment, stdout=log, stderr=log)
        if snapshot and api.prepared.wait(timeout=120):
            start, before = time.monotonic(), cpu(process.pid)
            api.restore.set()
        try:
            answer = json.loads(api.answers.get(timeout=120))
        except queue.Empty:
            process.kill()
            log.seek(0)
            sys.exit(log.read().decode()[-3000:])
        wall = time.monotonic() - start
        process.kill()
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    api.server.shutdown()
    if answer.get("statusCode") != 200:
        sys.exit(f"answered {answer}")
    return used.ru_utime + used.ru_stime - before, wall, json.loads(answer["body"])


def java(library, class_path, *more):
    runtime = "com.amazonaws.services.lambda.runtime.api.client."
    return [
        programs.java(), "-XX:+UseSerialGC", "-Xmx1415m", "-XX:+TieredCompilation", "-XX:TieredStopAtLevel=1",
        *os.environ.get("JAVA_OPTIONS", "").split(), *more, f"-D{runtime}runtimeapi.NativeClient.JNI={library}",
        "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac", "-cp", ":".join(class_path), runtime + "AWSLambda",
        "dev.graft.classifier.ClassifierHandler::handleRequest",
    ]


def image(task, jars):
    """The command that starts what infra/Dockerfile makes, by the same steps in a folder, with the memory of the zip."""
    docker = (programs.ROOT / "infra/Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    for jar in glob.glob(f"{jars}/aws-lambda-java-*.jar"):
        shutil.copy(jar, f"{task}/lib")
    path = os.pathsep.join([os.path.dirname(programs.java()), os.environ["PATH"]])
    for line in docker.splitlines():
        if line.startswith("RUN "):
            step = line.removeprefix("RUN ").replace("/tmp/AotRecording.java", str(programs.ROOT / "infra/AotRecording.java"))
            subprocess.run(["bash", "-ec", step], cwd=task, check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, env=os.environ | {
                               "FUNCTION": "classifier", "LAMBDA_TASK_ROOT": task, "PATH": path})
        if line.startswith("ENTRYPOINT "):
            start = json.loads(line.removeprefix("ENTRYPOINT ").replace("/var/task", task))
    start = [part.replace("exec java", f"exec {programs.java()}") for part in start]
    return ["env", "JDK_JAVA_OPTIONS=-Xmx1415m", *start, "dev.graft.classifier.ClassifierHandler::handleRequest"]


def measure(package, pairs, picture, jars, settings):
    """CPU seconds and seconds until the first answer, of the zip, also after a snapshot, the container image and the peer
    in turns."""
    photo = pathlib.Path(picture).read_bytes()
    settings = {name: value for name, value in settings.items() if name != "JAVA_TOOL_OPTIONS"}
    with tempfile.TemporaryDirectory() as task, tempfile.TemporaryDirectory() as container:
        zipfile.ZipFile(package).extractall(task)
        zipfile.ZipFile(package).extractall(container)
        native = f"-Donnxruntime.native.path={task}/ai/onnxruntime/native/linux-x64"
        library = sorted(glob.glob(f"{jars}/jni/*.so"))[0]
        zipped = java(library, glob.glob(f"{jars}/aws-lambda-java-*.jar"), native)
        sides = {
            "zip": (task, zipped),
            "restored": (task, zipped),
            "image": (container, image(container, jars)),
            "Python": (task, [sys.executable, str(PEER)]),
        }
        found = {side: [] for side in sides}
        for turn in range(-1, int(pairs)):
            for side, (folder, command) in sides.items():
                cpu, wall, answer = first_answer(command, folder, settings, photo, snapshot=side == "restored")
                if turn < 0:
                    print(side, json.dumps(answer)[:200])
                else:
                    found[side].append((cpu, wall))
    return found


def main(package, pairs, picture, jars):
    settings = variables()
    teach(settings)
    found = measure(package, pairs, picture, jars, settings)
    for side, runs in found.items():
        cpus, walls = sorted(run[0] for run in runs), sorted(run[1] for run in runs)
        print("{}: CPU s median {:.2f} ({:.2f} to {:.2f}), wall s median {:.2f}".format(
            side, statistics.median(cpus), cpus[0], cpus[-1], statistics.median(walls)))
    for side in ("zip", "image"):
        ratios = sorted(a[0] / b[0] for a, b in zip(found[side], found["Python"]))
        print("ratio of CPU in turns, {}: median {:.2f} ({:.2f} to {:.2f})".format(
            side, statistics.median(ratios), ratios[0], ratios[-1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
