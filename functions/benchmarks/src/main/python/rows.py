"""Features that are made up, for what their values hardly matter for, and pictures that are taken from a folder."""
import pathlib
import shutil

import numpy

import programs

FACTORS = 64


def made_up(images, width, classes, seed=1):
    """float16 (images, width) and labels: what the values of a network's last pooling are like, correlated and never
    negative, of classes that overlap."""
    random = numpy.random.default_rng(seed)
    labels = numpy.sort(numpy.concatenate([numpy.arange(images - images % classes) % classes,
                                           random.integers(classes, size=images % classes)]))
    random.shuffle(labels)
    strength = 1 / numpy.sqrt(numpy.arange(1, FACTORS + 1))
    mixed = random.standard_normal((FACTORS, width), numpy.float32)
    centres = random.standard_normal((classes, FACTORS), numpy.float32) * strength
    factors = random.standard_normal((images, FACTORS), numpy.float32) * strength + 0.9 * centres[labels]
    values = factors.astype(numpy.float32) @ mixed + random.standard_normal((images, width), numpy.float32)
    return numpy.maximum(values, 0).astype(numpy.float16), [f"class {label:03d}" for label in labels]


def write(file, values, labels):
    """FILE.npy, and FILE.tsv with a name and the label of each row."""
    numpy.save(file, values)
    lines = [f"image {i:06d}\t{label}\n" for i, label in enumerate(labels)]
    pathlib.Path(str(file).replace(".npy", ".tsv")).write_text("".join(lines), encoding="utf-8")
    return str(file)


def drawn(file, classes, to, seed=1):
    """The features of FILE.npy with labels that a softmax on their 64 largest principal components draws."""
    random = numpy.random.default_rng(seed)
    values = numpy.load(file).astype(numpy.float32)
    left, _, _ = numpy.linalg.svd(values - values.mean(0), full_matrices=False)
    whitened = left[:, :FACTORS] * numpy.sqrt(len(left))
    scores = 3 / numpy.sqrt(FACTORS) * whitened @ random.standard_normal((FACTORS, classes), numpy.float32)
    labels = (scores + random.gumbel(size=scores.shape)).argmax(1)
    lines = [line.split("\t") for line in open(file.replace(".npy", ".tsv"), encoding="utf-8")]
    numpy.save(to, numpy.load(file))
    text = "".join(f"{name}\tclass {label:03d}\t{rest}" for (name, _, rest), label in zip(lines, labels))
    pathlib.Path(str(to).replace(".npy", ".tsv")).write_text(text, encoding="utf-8")
    return str(to)


def extracted(options, network, count, work):
    """FILE.npy and FILE.tsv of so many of the pictures, as the product makes them."""
    every = pictures(options.pictures)
    folder = linked(options.pictures, every[:: max(1, len(every) // count)][:count], work / f"pictures {count}")
    file = work / f"{pathlib.Path(network).stem}.npy"
    programs.Program.java(options.class_path, "dev.graft.benchmarks.FeatureFiles", folder, file, network).end()
    shutil.rmtree(folder)
    return str(file)


def pictures(folder):
    """All of a folder with one subfolder for each class, by name."""
    return sorted(path for path in pathlib.Path(folder).rglob("*") if path.is_file() and not path.name.startswith("."))


def linked(folder, chosen, to):
    """A folder of links to some of its pictures, each in the subfolder of its class."""
    for picture in chosen:
        link = pathlib.Path(to) / picture.relative_to(folder)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(picture.resolve())
    return str(to)


def small(picture, to):
    """A JPEG of 128 x 128 pixels of a picture."""
    from PIL import Image

    image = Image.open(picture)
    if image.size == (128, 128) and image.format == "JPEG":
        return str(picture)
    image.convert("RGB").resize((128, 128), Image.BICUBIC).save(to, "JPEG", quality=92)
    return str(to)
