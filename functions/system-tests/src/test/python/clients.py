"""Makes clients of openapi.json with OpenAPI Generator and uses each against the running product:

    mvn -q -B test-compile exec:exec -Dport=8080 &        # until it says Open http://…
    python3 functions/system-tests/src/test/python/clients.py http://127.0.0.1:8080 FOLDER

A Python, a TypeScript (fetch) and a Java (okhttp-gson) client are generated, compiled, and then classify by bytes and by key,
upload, label, list heads and export. Lints the document with redocly and spectral before. Needs JDK 25, Maven, node and npm,
and what these and pip load; FOLDER keeps it. Ends with 0 if all that succeeded.
"""

import os
import pathlib
import subprocess
import sys
import urllib.request
import venv

GENERATOR = "7.18.0"
REDOCLY, SPECTRAL, TYPESCRIPT = "@redocly/cli@2.12.0", "@stoplight/spectral-cli@6.15.0", "typescript@5.9.3"
ROOT = pathlib.Path(__file__).resolve().parents[5]
PHOTO = ROOT / "functions/local/samples/gear/09.jpg"

PYTHON = """
import sys, time, urllib.request
from openapi_client import *

url, photo, key = sys.argv[1:]
client = ApiClient(Configuration(host=url))
predictions, images, labels = PredictionsApi(client), ImagesApi(client), LabelsApi(client)
data = open(photo, "rb").read()
by_bytes = predictions.classify(body=data, top=2, _content_type="application/octet-stream")
link = images.upload(UploadRequest(OneKey(key=key))).actual_instance
urllib.request.urlopen(urllib.request.Request(link.url, data, {"Content-Type": "image/jpeg"}, method=link.method))
for attempt in range(100):
    try:
        labelled = labels.label_image(key, LabelImageRequest(label="cog"))
        break
    except ApiException as failure:
        if failure.status != 404 or attempt == 99:
            raise
        time.sleep(0.2)
by_key = predictions.classify(key=key, top=2)
csv = urllib.request.urlopen(ExportsApi(client).labels_csv().url).read().decode()
print(by_bytes.label == by_key.label, labelled.label, len(HeadsApi(client).list_heads().heads) > 0, key + ",cog" in csv)
"""

TYPE_SCRIPT = """
import {readFileSync} from 'fs';
import {Configuration, ExportsApi, HeadsApi, ImagesApi, LabelsApi, PredictionsApi, ResponseError, Upload} from './client';

const [url, photo, key] = process.argv.slice(2);
const at = new Configuration({basePath: url, headers: {accept: 'application/json'}});
const [predictions, images, labels] = [new PredictionsApi(at), new ImagesApi(at), new LabelsApi(at)];

async function label() {
  for (let attempt = 0; ; attempt++) {
    try {
      return await labels.labelImage({key, labelImageRequest: {label: 'cog'}});
    } catch (error) {
      if (!(error instanceof ResponseError) || error.response.status !== 404 || attempt === 99) throw error;
      await new Promise(done => setTimeout(done, 200));
    }
  }
}

async function main() {
  const body = new Blob([readFileSync(photo)]);
  const byBytes = await predictions.classify({body, top: 2});
  const link = await images.upload({uploadRequest: {key}}) as Upload;
  await fetch(link.url, {method: link.method, body});
  const labelled = await label();
  const byKey = await predictions.classify({key, top: 2});
  const csv = await (await fetch((await new ExportsApi(at).labelsCsv()).url)).text();
  const {heads} = await new HeadsApi(at).listHeads();
  console.log(byBytes.label === byKey.label, labelled.label, heads.length > 0, csv.includes(key + ',cog'));
}

main().catch(error => { console.error(error); process.exit(1); });
"""

JAVA = """
import java.io.File;
import java.net.URI;
import java.net.http.*;
import java.nio.file.Path;
import org.openapitools.client.*;
import org.openapitools.client.api.*;
import org.openapitools.client.model.*;

public class Use {
    public static void main(String[] args) throws Exception {
        ApiClient client = new ApiClient();
        client.setBasePath(args[0]);
        String key = args[2];
        PredictionsApi predictions = new PredictionsApi(client);
        LabelsApi labels = new LabelsApi(client);
        Prediction byBytes = predictions.classify(null, 2, null, null, new File(args[1]));
        Upload link = new ImagesApi(client).upload(new UploadRequest(new OneKey().key(key))).getUpload();
        HttpClient http = HttpClient.newHttpClient();
        var put = HttpRequest.newBuilder(URI.create(link.getUrl())).PUT(HttpRequest.BodyPublishers.ofFile(Path.of(args[1])));
        http.send(put.build(), HttpResponse.BodyHandlers.discarding());
        Image labelled = null;
        for (int attempt = 0; labelled == null; attempt++) {
            try {
                labelled = labels.labelImage(key, new LabelImageRequest().label("cog"));
            } catch (ApiException e) {
                if (e.getCode() != 404 || attempt == 99) {
                    throw e;
                }
                Thread.sleep(200);
            }
        }
        Prediction byKey = predictions.classify(key, 2, null, null, null);
        var csv = HttpRequest.newBuilder(URI.create(new ExportsApi(client).labelsCsv().getUrl())).build();
        String lines = http.send(csv, HttpResponse.BodyHandlers.ofString()).body();
        boolean heads = !new HeadsApi(client).listHeads(null).getHeads().isEmpty();
        System.out.println(byBytes.getLabel().equals(byKey.getLabel()) + " " + labelled.getLabel() + " " + heads + " " + lines.contains(key + ",cog"));
    }
}
"""


def run(*command, at, **more):
    """Runs a program and gives what it prints; ends with what it said where it fails."""
    done = subprocess.run([str(part) for part in command], cwd=at, capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{' '.join(str(part) for part in command)}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def java(program):
    home = os.environ.get("JAVA_HOME")
    return os.path.join(home, "bin", program) if home else program


def generate(folder, language, *options):
    jar = folder / f"openapi-generator-cli-{GENERATOR}.jar"
    if not jar.exists():
        artifact = f"org.openapitools:openapi-generator-cli:{GENERATOR}"
        run("mvn", "-B", "-ntp", "-q", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}", at=folder)
    run(java("java"), "-jar", jar, "generate", "-i", "openapi.json", "-g", language, "--global-property", "skipFormModel=false", *options, at=folder)


def lint(folder, url):
    with urllib.request.urlopen(url + "/openapi.json") as document:
        (folder / "openapi.json").write_bytes(document.read())
    run("npx", "--yes", REDOCLY, "lint", "openapi.json", at=folder)
    rules = ROOT / "functions/classifier/.spectral.yaml"
    run("npx", "--yes", SPECTRAL, "lint", "--fail-severity", "warn", "-r", rules, "openapi.json", at=folder)
    return "redocly and spectral have nothing to say"


def in_python(folder, url):
    generate(folder, "python", "-o", "python")
    venv.create(folder / "venv", with_pip=True)
    run(folder / "venv/bin/pip", "install", "-q", "./python", at=folder)
    (folder / "use.py").write_text(PYTHON)
    return run(folder / "venv/bin/python", "use.py", url, PHOTO, "images/clients/python.jpg", at=folder)


def in_type_script(folder, url):
    generate(folder, "typescript-fetch", "-o", "ts/client")
    run("npm", "install", "--silent", "--no-save", TYPESCRIPT, "@types/node@24", at=folder / "ts")
    (folder / "ts/use.ts").write_text(TYPE_SCRIPT)
    options = "--strict --target es2022 --lib es2022,dom --module commonjs --skipLibCheck --outDir out use.ts"
    run("node_modules/.bin/tsc", *options.split(), at=folder / "ts")
    return run("node", "out/use.js", url, PHOTO, "images/clients/typescript.jpg", at=folder / "ts")


def in_java(folder, url):
    generate(folder, "java", "--library", "okhttp-gson", "-o", "java")  # native sends a file as its path
    run("mvn", "-B", "-ntp", "-q", "compile", "dependency:build-classpath", "-Dmdep.outputFile=cp.txt", at=folder / "java")
    (folder / "java/Use.java").write_text(JAVA)
    path = f"target/classes:{(folder / 'java/cp.txt').read_text().strip()}"
    return run(java("java"), "-cp", path, "Use.java", url, PHOTO, "images/clients/java.jpg", at=folder / "java")


def main(url, folder):
    folder.mkdir(parents=True, exist_ok=True)
    print(lint(folder, url))
    right = True
    for use in in_python, in_type_script, in_java:
        told = use(folder, url).split()
        print(f"{use.__name__.replace('_', ' ')}: same prediction by bytes and by key, label, heads, export: {' '.join(told)}")
        right &= [word.lower() for word in told] == ["true", "cog", "true", "true"]
    return 0 if right else 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]).resolve()))
