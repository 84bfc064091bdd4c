"""Deploys Graft on this machine, without an AWS account and without Docker:  python3 infra/localstack.py

Starts LocalStack with the functions as JVMs, creates the stack of template.yaml from the packages of `mvn package`, and
prints the address of page and API. Ctrl-C takes everything down. Needs Python 3.13, JDK 25 and Maven; what else it
needs it installs once into the user's cache folder (graft/ in $XDG_CACHE_HOME, else ~/.cache). Ends with a sentence and
status 3 where this machine lacks something.
"""

import argparse
import hashlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile

import tools

HERE = pathlib.Path(__file__).resolve().parent
START_SECONDS = 300
STOP_SECONDS = 30


def say(text):
    print(f"localstack.py: {text}", flush=True)


def options():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0].replace(":  python3 infra/localstack.py", "."),
        epilog="Two at once need two ports, or two stack names on one endpoint.",
    )
    parser.add_argument("--port", type=int, default=4566, help="where LocalStack listens, on 127.0.0.1 (4566); 0: any free one")
    parser.add_argument("--endpoint", metavar="URL", help="use this LocalStack, which runs already, instead of starting one")
    parser.add_argument("--stack", default="graft", help="name of the stack (graft)")
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the template; repeatable"
    )
    parser.add_argument("--arm64", action="store_true", help="the packages for arm64, emulated where this machine is another")
    parser.add_argument("--run", metavar="COMMAND", help="run this shell command beside the stack, and end with its status")
    return parser.parse_args()


def jdk():
    """The folder of a JDK 25."""
    folders = [pathlib.Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    if java := shutil.which("java"):
        folders.append(pathlib.Path(java).resolve().parent.parent)
    for place in ("/usr/lib/jvm", "~/.sdkman/candidates/java", "~/.jdks"):
        folders += sorted(pathlib.Path(place).expanduser().glob("*"))
    for folder in folders:
        release = folder / "release"
        if release.exists() and 'JAVA_VERSION="25' in release.read_text():
            return folder
    raise tools.Missing("there is no JDK 25: let JAVA_HOME name its folder")


def maven_jars(java_home):
    """The folder with DynamoDB Local and AWS's runtime interface client, from Maven Central."""
    poms = [HERE.parent / "pom.xml", HERE / "localstack-pom.xml"]
    state = hashlib.sha256(b"".join(pom.read_bytes() for pom in poms)).hexdigest()[:12]
    folder = tools.CACHE / "localstack" / f"jars-{state}"
    if not folder.exists():
        if not shutil.which("mvn"):
            raise tools.Missing("there is no mvn on the PATH: install Maven")
        say("fetching DynamoDB Local and the Lambda runtime client from Maven Central, once")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as part:
            copy = ["mvn", "-B", "-q", "-f", poms[1], "dependency:copy-dependencies", "-DincludeScope=runtime"]
            told = subprocess.run(
                [*copy, f"-DoutputDirectory={part}/jars"],
                env={**os.environ, "JAVA_HOME": str(java_home)},
                capture_output=True,
                text=True,
            )
            if told.returncode:
                raise tools.Missing("the jars could not be fetched from Maven Central:\n" + told.stdout[-2000:])
            os.rename(f"{part}/jars", folder)
    return folder


def hold_signals():
    """A second Ctrl-C must not leave half of it behind."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def free(port):
    """This port, if nobody listens there; any free one for 0."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise tools.Missing(
                f"port {port} is in use: choose another with --port, or deploy on what runs there with "
                f"--endpoint http://127.0.0.1:{port}"
            )
        return probe.getsockname()[1]


class Server:
    """A LocalStack of our own. Its library folder, state, logs and temporary files lie in one folder, which goes with it."""

    def __init__(self, port, architecture, programs):
        self.port = free(port)
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="graft-localstack-"))
        self.process = None
        try:
            self.start(architecture, programs)
        except BaseException:
            hold_signals()
            self.stop()
            raise

    def start(self, architecture, programs):
        java_home = jdk()
        jars = maven_jars(java_home)
        java = java_home / "bin/java"
        function_java, slower = java, 5  # the machine may be busy
        if architecture != tools.machine():
            import emulated  # only here, as it needs what few machines have

            pip = [programs / "python", "-m", "pip"]
            function_java, slower = emulated.java(self.folder, pip, say), 20
        for name in ("tmp", "logs"):
            (self.folder / name).mkdir()
        # LocalStack tells this name as its edition: others know by it what runs here.
        edition = self.folder / f"root/usr/lib/localstack/.jvm-{architecture}-version"
        edition.parent.mkdir(parents=True)
        edition.touch()
        # What was set for another LocalStack must not change this one.
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
        environment = inherited | {
            "GATEWAY_LISTEN": f"127.0.0.1:{self.port}",
            "LOCALSTACK_HOST": f"localhost:{self.port}",  # names under localhost need no DNS
            "DNS_ADDRESS": "0",
            "OVERRIDE_IN_DOCKER": "0",  # in a container too: not the system's folders
            "FILESYSTEM_ROOT": str(self.folder / "root"),
            "TMPDIR": str(self.folder / "tmp"),
            "SKIP_SSL_CERT_DOWNLOAD": "1",
            "DISABLE_EVENTS": "1",
            "DYNAMODB_IN_MEMORY": "1",
            "CFN_IGNORE_UNSUPPORTED_RESOURCE_TYPES": "1",
            "DISABLE_CORS_CHECKS": "1",
            "DISABLE_CUSTOM_CORS_S3": "1",
            "EXTRA_CORS_ALLOWED_HEADERS": "*",  # it knows no x-amz-meta-*, which the template allows
            "LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT": str(30 * slower),
            "LAMBDA_RETRY_BASE_DELAY": "5",  # seconds before the first retry of an event, twice that before the second
            "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC": "1",
            "GRAFT_TIME": str(slower),
            "GRAFT_JAVA": str(java),
            "GRAFT_FUNCTION_JAVA": str(function_java),
            "GRAFT_JARS": str(jars),
            "GRAFT_RUNTIME_LIBRARY": str(self.unpack_runtime_library(jars, architecture)),
            "GRAFT_LOGS": str(self.folder / "logs"),
        }
        say(f"starting LocalStack on port {self.port}")
        with open(self.folder / "logs/localstack.log", "w") as log:
            # -P: its own package is called localstack too. A session of its own: Ctrl-C is ours, not its.
            self.process = subprocess.Popen(
                [programs / "python", "-P", HERE / "localstack_server.py"],
                env=environment,
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(self.endpoint, self.lives)

    def unpack_runtime_library(self, jars, architecture):
        (jar,) = jars.glob("aws-lambda-java-runtime-interface-client-*.jar")
        name = "jni/libaws-lambda-jni.linux-%s.so" % {"x86_64": "x86_64", "arm64": "aarch_64"}[architecture]
        with zipfile.ZipFile(jar) as archive:
            return archive.extract(name, self.folder)

    def lives(self):
        if self.process.poll() is not None:
            log = (self.folder / "logs/localstack.log").read_text(errors="replace")
            sys.exit(f"LocalStack did not start:\n{log[-3000:]}")

    def stop(self):
        if self.process:
            self.process.stdin.close()  # which ends it, also if this process is killed
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def wait_for(endpoint, lives=lambda: None):
    deadline = time.monotonic() + START_SECONDS
    while True:
        lives()
        try:
            with urllib.request.urlopen(f"{endpoint}/_localstack/health", timeout=5):
                return
        except (OSError, urllib.error.URLError) as failure:
            if time.monotonic() > deadline:
                sys.exit(f"no LocalStack answers at {endpoint}: {failure}")
        time.sleep(0.2)


def describe(stack, chosen):
    samples = HERE.parent / "functions/local/samples"
    print(f"""
Graft runs as stack {stack.name} on {stack.endpoint}; Ctrl-C takes it down.

  page and API   {stack.url}
  images bucket  {stack.bucket}

With the AWS CLI, teach it with the folder of samples (the folder is the label), train, and classify a picture:

  export AWS_ENDPOINT_URL={stack.endpoint} AWS_DEFAULT_REGION={stack.region} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  aws s3 cp --recursive --exclude '*' --include '*/*.jpg' {samples} s3://{stack.bucket}/images/
  aws lambda invoke --function-name {stack.trainer} --cli-read-timeout 900 /dev/stdout
  curl --data-binary @{samples}/key/20.jpg {stack.url}classify
""", flush=True)
    if not chosen.endpoint:
        print("The schedule does not fire here: the second line trains. The first request to a function starts its JVM.\n")


def run(command, stack):
    """Runs a command with the stack's names in its environment; gives its status."""
    variables = {
        "AWS_ENDPOINT_URL": stack.endpoint,
        "AWS_REGION": stack.region,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "GRAFT_STACK": stack.name,
        "GRAFT_URL": stack.url,
    }
    return subprocess.run(command, shell=True, env={**os.environ, **variables}).returncode


def deploy_and_wait(chosen, endpoint, architecture):
    from localstack_stack import Stack  # needs boto3, which is in our environment alone

    stack = Stack(endpoint, chosen.stack, architecture)
    parameters = dict(text.split("=", 1) for text in chosen.parameter)
    try:
        say(f"creating stack {chosen.stack}")
        stack.create(parameters)
        describe(stack, chosen)
        if chosen.run:
            return run(chosen.run, stack)
        while True:
            signal.pause()
    finally:
        hold_signals()
        say("taking it down")
        if chosen.endpoint:
            stack.delete()


def main():
    chosen = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    server = None
    try:
        programs = tools.environment("localstack", say)
        if pathlib.Path(sys.prefix) != programs.parent:
            os.execv(programs / "python", [programs / "python", *sys.argv])
        architecture = "arm64" if chosen.arm64 else tools.machine()
        if chosen.endpoint:
            endpoint = chosen.endpoint.rstrip("/")
            wait_for(endpoint)
        else:
            server = Server(chosen.port, architecture, programs)
            endpoint = server.endpoint
        return deploy_and_wait(chosen, endpoint, architecture)
    except tools.Missing as missing:
        print(f"localstack.py: {missing}", file=sys.stderr)
        return tools.MISSING
    except KeyboardInterrupt:
        return 130
    finally:
        if server:
            hold_signals()
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
