"""Makes a release, which deploys without JDK, Maven or SAM:  $(python3 infra/tools.py moto)/python infra/release.py FOLDER

Takes the packages that `mvn package` made. FOLDER gets graft.json, the template as CloudFormation takes it, whose parameter
CodeBucket names a bucket that has what lies in FOLDER/code; and infra/ with the programs that outputs of the stack name.
"""

import hashlib
import json
import pathlib
import shutil
import sys

from translated import translated

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = "follow.py", "redrive.py", "refill.py", "restore.py", "uninstall.py", "prices.json", "existing-bucket.yaml", "large-training.yaml", "Dockerfile.trainer", "README.md", "SCALE.md", "RUNBOOKS.md"
BUCKET, OF_ONE = "code-bucket", "x86_64"  # what stands for them until they are parameters


def release(folder, infra=HERE):
    """Writes the release; gives the template."""

    def place(path):
        file = (infra / path).resolve()
        files = [file, file.with_name(file.name.replace(OF_ONE, "arm64"))]
        content = hashlib.sha256()  # in the key, as CloudFormation sees a new version by it
        for one in files:
            if not one.exists():
                sys.exit(f"{one} is not there; make the packages with:  mvn -DskipTests package")
            content.update(one.read_bytes())
        key = f"graft/{content.hexdigest()[:16]}"
        target = folder / "code" / key
        target.mkdir(parents=True, exist_ok=True)
        for one in files:
            shutil.copy(one, target)
        return f"s3://{BUCKET}/{key}/{file.name}"

    template = translated((infra / "template.yaml").read_text(), place)
    template["Parameters"]["CodeBucket"] = {"Type": "String", "Description": "Bucket, in the region of the stack, with the folder code of the release."}
    for resource in template["Resources"].values():
        code = resource["Properties"].get("Code", {}) if "Properties" in resource else {}
        if code.get("S3Bucket") == BUCKET:
            code["S3Bucket"] = {"Ref": "CodeBucket"}
            if OF_ONE in code["S3Key"]:
                code["S3Key"] = {"Fn::Sub": code["S3Key"].replace(OF_ONE, "${Architecture}")}
    (folder / "graft.json").write_text(json.dumps(template, indent=1))
    (folder / "infra").mkdir(exist_ok=True)
    for name in PROGRAMS:
        shutil.copy(infra / name, folder / "infra")
    return template


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    release(pathlib.Path(sys.argv[1]))
