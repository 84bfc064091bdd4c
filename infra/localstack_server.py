"""LocalStack without Docker, as localstack.py starts it: every Lambda function is a JVM of its own, DynamoDB is
DynamoDB Local from Maven Central, and events of S3 look as they do on AWS. Ends when its standard input ends.

Expects in the environment, beside LocalStack's own variables:
  GRAFT_JAVA            java for DynamoDB Local
  GRAFT_FUNCTION_JAVA   java for the functions: the same, or one that runs under an emulator
  GRAFT_JARS            folder with DynamoDB Local and AWS's runtime interface client
  GRAFT_RUNTIME_LIBRARY that client's native library, for the processor of the functions
  GRAFT_LOGS            folder for what the functions write
  GRAFT_TIME            how many times longer than on Lambda a function may take
"""

import glob
import json
import os
import pathlib
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote_plus, unquote

from localstack import config
from localstack.aws import handlers
from localstack.services.cloudformation.resource_provider import OperationStatus, ProgressEvent
from localstack.services.dynamodb import packages, server
from localstack.services.lambda_ import urlrouter
from localstack.services.lambda_.invocation import plugins
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor
from localstack.services.lambda_.resource_providers import lambda_alias
from localstack.services.s3 import notifications
from localstack.services.s3 import provider as s3
from localstack.services.sqs import provider as sqs

JAVA = os.environ["GRAFT_JAVA"]
FUNCTION_JAVA = os.environ["GRAFT_FUNCTION_JAVA"]
JARS = os.environ["GRAFT_JARS"]
RUNTIME_LIBRARY = os.environ["GRAFT_RUNTIME_LIBRARY"]
LOGS = os.environ["GRAFT_LOGS"]
TIME = int(os.environ["GRAFT_TIME"])
GATEWAY = "http://%s:%d" % (config.GATEWAY_LISTEN[0].host, config.GATEWAY_LISTEN[0].port)
RUNTIME_JARS = [
    jar
    for name in ("core", "serialization", "runtime-interface-client")
    for jar in glob.glob(f"{JARS}/aws-lambda-java-{name}-*.jar")
] + glob.glob(f"{JARS}/utils-lite-*.jar")
API = "/2018-06-01/runtime/"


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A JVM that is killed while it waits for an event is nothing to report."""


class Jvm:
    """A function in a JVM under AWS's runtime interface client, which asks the Runtime API served here for events.

    Source: AWS Lambda Developer Guide, "Using the Lambda runtime API", version 2018-06-01.
    """

    def __init__(self, function, environment):
        settings = function.config
        self.timeout = TIME * int(settings.timeout)
        self.events, self.results = queue.Queue(), {}
        self.ready, self.init_error = threading.Event(), None
        self.server = QuietServer(("127.0.0.1", 0), runtime_api(self))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        task = str(settings.code.get_unzipped_code_location())
        environment = {name: str(value).replace("/var/task", task) for name, value in environment.items()}
        environment |= {
            "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:%d" % self.server.server_address[1],
            "AWS_ENDPOINT_URL": GATEWAY,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{settings.runtime}",
            "LANG": "en_US.UTF-8",
        }
        self.temporary = tempfile.mkdtemp()  # every environment of Lambda has a /tmp of its own
        handle, self.log = tempfile.mkstemp(prefix=function.id.function_name + "-", suffix=".log", dir=LOGS)
        client = "com.amazonaws.services.lambda.runtime.api.client."
        command = [
            FUNCTION_JAVA,
            "-XX:+UseSerialGC",  # as Lambda does
            "-Xmx%dm" % (int(settings.memory_size) * 8 // 10),
            f"-Djava.io.tmpdir={self.temporary}",
            # where the library is; otherwise the client unpacks it to one fixed name, where two starts collide
            f"-D{client}runtimeapi.NativeClient.JNI={RUNTIME_LIBRARY}",
            "-cp",
            ":".join(RUNTIME_JARS),
            client + "AWSLambda",
            settings.handler,
        ]
        self.process = subprocess.Popen(
            command, cwd=task, env=environment, stdin=subprocess.DEVNULL, stdout=handle, stderr=subprocess.STDOUT
        )
        os.close(handle)

    def wait(self):
        """Until it asks for its first event; a start that fails is an error of the function, as on Lambda."""
        deadline = time.monotonic() + config.LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT
        while not self.ready.wait(0.02):
            if self.init_error or self.process.poll() is not None or time.monotonic() > deadline:
                error = self.init_error or problem("Runtime.ExitError", "the runtime ended, or took too long to start")
                self.stop()
                raise StatusErrorException("the function did not start", error)

    def invoke(self, event):
        """What the function answered; an error if it took too long or its JVM died."""
        request, mark = event["invoke-id"], os.path.getsize(self.log)
        self.results[request] = queue.Queue()
        self.events.put(event)
        deadline = time.monotonic() + self.timeout
        failed, answer = True, None
        while answer is None:
            try:
                failed, answer = self.results[request].get(timeout=0.1)
            except queue.Empty:
                if self.process.poll() is not None:
                    answer = problem("Runtime.ExitError", f"the runtime ended with {self.process.returncode}")
                elif time.monotonic() > deadline:
                    answer = problem("Sandbox.Timedout", f"Task timed out after {self.timeout} seconds")
                    self.stop()
        del self.results[request]
        with open(self.log, errors="replace") as log:
            log.seek(mark)
            return InvocationResult(request, answer, is_error=failed, logs=log.read() or "-")

    def lives(self):
        return self.process.poll() is None

    def stop(self):
        self.events.put(None)
        self.process.kill()
        self.process.wait()
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.temporary, ignore_errors=True)


def problem(kind, message):
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def runtime_api(jvm):
    """The handler of one JVM's Runtime API."""

    class RuntimeApi(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args):
            pass

        def answer(self, status, body=b"", headers=()):
            self.send_response(status)
            for name, value in (*headers, ("Content-Length", len(body))):
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            assert self.path == API + "invocation/next", self.path
            jvm.ready.set()
            event = jvm.events.get()
            if event is None:
                self.close_connection = True
                return
            headers = [
                ("Content-Type", "application/json"),
                ("Lambda-Runtime-Aws-Request-Id", event["invoke-id"]),
                ("Lambda-Runtime-Deadline-Ms", int(time.time() * 1000) + 1000 * jvm.timeout),
                ("Lambda-Runtime-Invoked-Function-Arn", event["invoked-function-arn"]),
                ("Lambda-Runtime-Trace-Id", event["trace-id"]),
            ]
            self.answer(200, event["payload"].encode(), headers)

        def do_POST(self):
            body = self.body()
            self.answer(202, b"{}")
            if self.path == API + "init/error":
                jvm.init_error = body
            else:
                _, request, kind = self.path.removeprefix(API).split("/")
                if result := jvm.results.get(request):  # nobody waits any more after a timeout
                    result.put((kind == "error", body))

        def body(self):
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            whole = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                whole += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return whole

    return RuntimeApi


class JvmExecutor(RuntimeExecutor):
    """An execution environment of Lambda that starts its JVM anew after the last one died, as Lambda does."""

    jvm = environment = None

    def start(self, env_vars):
        self.environment = env_vars
        self.jvm = Jvm(self.function_version, env_vars)
        self.jvm.wait()

    def invoke(self, payload):
        if not self.jvm.lives():
            self.jvm.stop()
            self.start(self.environment)
        return self.jvm.invoke(payload)

    def stop(self):
        if self.jvm:
            self.jvm.stop()

    def get_logs(self):
        return pathlib.Path(self.jvm.log).read_text(errors="replace") if self.jvm else ""

    def get_address(self):
        return "127.0.0.1"

    def get_endpoint_from_executor(self):
        return config.GATEWAY_LISTEN[0].host

    def get_runtime_endpoint(self):
        return f"{GATEWAY}/_localstack_lambda/{self.id}"

    @classmethod
    def prepare_version(cls, function_version):
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        pass


def dynamodb_local(self):
    return [
        JAVA,
        "-Xmx512m",
        f"-Djava.io.tmpdir={tempfile.gettempdir()}",
        f"-Djava.library.path={JARS}",
        "-cp",
        f"{JARS}/*",
        "software.amazon.dynamodb.services.local.main.ServerRunner",
        *("-port", str(self.port), "-inMemory"),
    ]


def sequencer(context):
    """Greater for each change of a key than for those before; LocalStack has one constant for all."""
    return "%016X" % int(context.event_time.timestamp() * 1e6)


def notification(context, message):
    """A notification to a function or a queue with key and sequencer as on AWS, where a space is a +."""
    for record in message["Records"]:
        record["s3"]["object"]["key"] = quote_plus(unquote(context.key_name), safe="/")
        if "sequencer" in record["s3"]["object"]:
            record["s3"]["object"]["sequencer"] = sequencer(context)
    return message


def event_bridge(context, entry):
    """The same for EventBridge, where keys are not encoded."""
    detail = json.loads(entry["Detail"])
    detail["object"]["key"] = unquote(context.key_name)
    if "sequencer" in detail["object"]:
        detail["object"]["sequencer"] = sequencer(context)
    return {**entry, "Detail": json.dumps(detail)}


def sooner(change_visibility):
    """A message that failed comes again after 5 s and 10 s, as asynchronous events do here, rather than minutes."""

    def changed(self, context, queue_url, receipt_handle, visibility_timeout, **more):
        change_visibility(self, context, queue_url, receipt_handle, visibility_timeout // 12, **more)

    return changed


def update_alias(self, request):
    """An alias moves to the new version; LocalStack would make a second one of the same name, and fail."""
    alias = request.desired_state
    request.aws_client_factory.lambda_.update_alias(
        FunctionName=alias["FunctionName"], Name=alias["Name"], FunctionVersion=alias["FunctionVersion"]
    )
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model={**request.previous_state, **alias})


def changed(notifier, change):
    original = notifier.__dict__["_get_event_payload"].__func__
    notifier._get_event_payload = staticmethod(lambda ctx, config_id=None: change(ctx, original(ctx, config_id)))


def body(request):
    """The bytes as they were sent; LocalStack reads what curl sends without a type as a form, and loses it."""
    return request.get_data()


def record(chain, context, response):
    """Notes each call of a function to another service, with the bytes of the response; for move_stack.py."""
    if context.service and context.operation and context.service.service_name in ("s3", "dynamodb"):
        login = context.request.headers.get("Authorization", "")
        if "Credential=test/" not in login:  # the keys of whoever uses LocalStack
            line = f"{context.service.service_name}.{context.operation.name}\t{response.content_length or 0}\n"
            with open(f"{LOGS}/calls.tsv", "a") as calls:
                calls.write(line)


def end_with_standard_input():
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main():
    plugins.DockerRuntimeExecutorPlugin.load = lambda self, *args, **kwargs: JvmExecutor
    server.DynamodbServer._create_shell_command = dynamodb_local
    packages.DynamoDBLocalPackageInstaller.install = lambda self, *args, **kwargs: None
    packages.DynamoDBLocalPackageInstaller.get_java_env_vars = lambda self: {}
    lambda_alias.LambdaAliasProvider.SCHEMA = {**lambda_alias.LambdaAliasProvider.SCHEMA, "createOnlyProperties": []}
    lambda_alias.LambdaAliasProvider.update = update_alias
    s3.DEFAULT_S3_TMP_DIR = os.path.join(tempfile.gettempdir(), "s3")  # otherwise one for all, under /tmp
    changed(notifications.BaseNotifier, notification)
    changed(notifications.EventBridgeNotifier, event_bridge)
    sqs.SqsProvider.change_message_visibility = sooner(sqs.SqsProvider.change_message_visibility)
    urlrouter.restore_payload = body
    handlers.run_custom_response_handlers.append(record)
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    from localstack.runtime.main import main as run

    run()


if __name__ == "__main__":
    main()
