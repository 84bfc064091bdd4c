"""Cold start, by cold_start.py, with S3 and DynamoDB of the product on one machine, which is started here."""
import subprocess
import sys
import zipfile

import cold_start
import figures
import rows
from programs import ROOT, Program

IMAGES = 300
ZIP = ROOT / "functions/classifier/target/classifier-x86_64.zip"


def runtime(maven, folder):
    """AWS's runtime interface client, its library unpacked."""
    command = [*maven.split(), "-B", "-q", "-f", "infra/localstack-pom.xml", "dependency:copy-dependencies",
               "-DincludeScope=runtime", "-DincludeGroupIds=com.amazonaws", f"-DoutputDirectory={folder}"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if told.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{told.stdout[-3000:]}")
    (jar,) = folder.glob("aws-lambda-java-runtime-interface-client-*.jar")
    with zipfile.ZipFile(jar) as archive:
        archive.extract("jni/libaws-lambda-jni.linux-x86_64.so", folder)
    return folder


def measure(options, work):
    if not ZIP.exists():
        sys.exit(f"there is no {ZIP.relative_to(ROOT)}: build it with mvn -DskipTests package")
    jars = runtime(options.maven, work / "runtime")
    small = rows.small(rows.pictures(options.pictures)[0], work / "small.jpg")
    arguments = [options.class_path, "dev.graft.benchmarks.StoredProduct", "", options.pictures, IMAGES, 0]
    with Program.java(*arguments) as product:
        settings = {**product.answer()["environment"], "TRAINER": "none"}
        for name in [name for name in settings if name.startswith(("BACKBONE", "NETWORKS"))]:
            del settings[name]  # the zip brings its own
        found = cold_start.measure(ZIP, options.pairs, small, jars, settings)
    sides = {side: {"cpu": [run[0] for run in runs], "wall": [run[1] for run in runs]} for side, runs in found.items()}
    name = "boto3, Pillow and onnxruntime, 1 thread"
    return [
        figures.pair("first answer, zip", "s", sides["zip"], sides["Python"], name, goal="3"),
        figures.pair("first answer, container image with an AOT cache", "s", sides["image"], sides["Python"], name, goal="2"),
        figures.single("first answer of the zip after a snapshot", sides["restored"]["cpu"], "CPU s", goal="0.2"),
    ]
