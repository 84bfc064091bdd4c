# Makes of template.yaml the same stack with featurizer and classifier as container images; see infra/README.md.
/^  FeaturizerFunction:/,/^  TrainerFunction:/ {
    s|CodeUri: .*|ImageUri: graft-featurizer:latest|
    s|Handler: \(.*\)|ImageConfig: { Command: [\1] }|
    s|Runtime: .*|PackageType: Image|
}
/^  ClassifierFunction:/,/^  [A-Z][A-Za-z]*Log:/ {
    s|CodeUri: .*|ImageUri: graft-classifier:latest|
    s|Handler: \(.*\)|ImageConfig: { Command: [\1] }|
    s|Runtime: .*|PackageType: Image|
}
