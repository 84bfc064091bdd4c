"""Teaches a ResNet of basic blocks what teachers see in unlabelled photos, and writes it as a Graft backbone.

    python teach.py --photos DIR --teachers a.onnx b.onnx --start state.npz --out DIR --minutes 20

Knowledge distillation: student and teachers look at the same augmented view (see photos.py), and the student learns

* the pooled feature of each teacher, in its first principal components, each scaled to the square root of its variance
  (mean squared error through a linear layer that starts at the ridge solution), and
* the mean of the teachers' class probabilities (Kullback-Leibler divergence through a linear layer), where they have
  any.

With --start the student goes on from a state that student.py or an earlier run wrote, and is a teacher of its own first
form as well, so that it forgets less. AdamW, linear warm-up and then a cosine over --minutes, weight decay on kernels
only, gradients clipped by norm, bfloat16 on a GPU. What is written is the exponential mean of the weights:

    NAME-train.npz    the state, with the head for the ImageNet classes if the teachers have logits (see names.py)
    NAME-f16.onnx     the backbone with float16 weights; quantize.py makes the int8 form of it
    log.csv           seconds, step, views, learning rate and the mean of each loss since the row before
    progress.pt       everything that is needed to go on: run again with the same arguments after a stop

Two minutes on two cores, without a GPU and with what is in this repository, are in README.md.
"""

import argparse
import copy
import csv
import math
import os
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from photos import Views, collect
from student import WIDTH, Student, export, load, save
from teacher import Teacher

RIDGE = 10.0


class Components:
    """First principal components of a feature, each scaled to variance^0.5, all together to mean square 1."""

    def __init__(self, features, count):
        self.mean = features.mean(0)
        centred = (features - self.mean).double()
        variance, vectors = torch.linalg.eigh(centred.T @ centred / len(centred))
        variance, vectors = variance.flip(0)[:count].clamp(min=1e-9), vectors.flip(1)[:, :count]
        self.projection = (vectors * variance**-0.25 / variance.sqrt().mean().sqrt()).float()

    def of(self, features):
        return (features - self.mean) @ self.projection


class Heads(nn.Module):
    """From the student's feature to what the teachers see: one linear layer for each teacher, one for the classes."""

    def __init__(self, widths, classes):
        super().__init__()
        self.norm = nn.BatchNorm1d(WIDTH, affine=False, momentum=0.02)
        self.components = nn.ModuleList(nn.Linear(WIDTH, width) for width in widths)
        self.classes = nn.Linear(WIDTH, classes) if classes else None

    @torch.no_grad()
    def begin(self, features, targets, imagenet):
        """Starts every layer at the ridge solution; the classes at the head that came with the state, or at zero."""
        self.norm.running_mean.copy_(features.mean(0))
        self.norm.running_var.copy_(features.var(0) + 1e-6)
        x = F.batch_norm(features, self.norm.running_mean, self.norm.running_var)
        x = torch.cat([x, torch.ones_like(x[:, :1])], 1)
        gram = x.T @ x + RIDGE * torch.eye(x.shape[1], device=x.device)
        for layer, target in zip(self.components, targets):
            solution = torch.linalg.solve(gram, x.T @ target)
            layer.weight.copy_(solution[:-1].T)
            layer.bias.copy_(solution[-1])
        if self.classes is not None:
            for name in ("weight", "bias"):
                getattr(self.classes, name).copy_(imagenet[name]) if imagenet else getattr(self.classes, name).zero_()

    def imagenet(self):
        """The head for the classes as student.save takes it."""
        if self.classes is None:
            return None
        return {"mean": self.norm.running_mean, "variance": self.norm.running_var,
                "weight": self.classes.weight, "bias": self.classes.bias}


class Teaching:
    """The student, its teachers and everything that changes while it learns."""

    def __init__(self, settings, device):
        self.settings, self.device = settings, device
        teachers = [Teacher(path) for path in settings.teachers]
        student, self.started_with = load(settings.start) if settings.start else (Student(settings.blocks), None)
        self.counts, self.weights = list(settings.components), list(settings.weights)
        if settings.start:
            teachers.append(copy.deepcopy(student))
            self.counts.append(settings.keep_components)
            self.weights.append(settings.keep_weight)
        self.teachers = [t.to(device, memory_format=torch.channels_last).eval().requires_grad_(False) for t in teachers]
        self.student = student.to(device, memory_format=torch.channels_last)
        photos = collect(settings.photos, settings.out / "photos", settings.workers)
        self.views = Views(photos, device, settings.side, settings)
        self.step, self.seconds = 0, 0.0

    def autocast(self):
        return torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda")

    @torch.no_grad()
    def seen(self, x):
        """Features of every teacher, and the mean of their class probabilities, or None."""
        features, probabilities = [], []
        with self.autocast():
            for teacher in self.teachers:
                answer = teacher(x)
                feature, logits = answer if isinstance(answer, tuple) else (answer, None)
                features.append(feature.float())
                if logits is not None:
                    probabilities.append(logits.float().softmax(1))
        return features, torch.stack(probabilities).mean(0) if probabilities else None

    @torch.no_grad()
    def begin(self):
        """Finds the components in the first views, and starts the heads there."""
        features, own, classes = [[] for _ in self.teachers], [], 0
        self.student.eval()
        for _ in range(math.ceil(self.settings.first_views / self.settings.batch)):
            x = self.views.draw(self.settings.batch, mix=False)
            found, probabilities = self.seen(x)
            for part, feature in zip(features, found):
                part.append(feature)
            own.append(self.student(x))
            classes = 0 if probabilities is None else probabilities.shape[1]
        features = [torch.cat(part) for part in features]
        self.spaces = [Components(f, min(n, *f.shape)) for f, n in zip(features, self.counts)]
        targets = [space.of(f) for space, f in zip(self.spaces, features)]
        self.heads = Heads([t.shape[1] for t in targets], classes).to(self.device)
        self.heads.begin(torch.cat(own), targets, self.started_with)
        self.prepare()

    def prepare(self):
        """Optimizer and weight average."""
        kernels = [p for p in self.student.parameters() if p.ndim > 1]
        others = [p for p in self.student.parameters() if p.ndim <= 1]
        decay = self.settings.weight_decay
        self.optimizer = torch.optim.AdamW(
            [{"params": kernels, "weight_decay": decay}, {"params": others, "weight_decay": 0.0},
             {"params": list(self.heads.parameters()), "weight_decay": decay}], lr=0.0)
        self.average = copy.deepcopy(self.student).eval().requires_grad_(False)

    def rate(self):
        progress = min(1.0, self.seconds / (60 * self.settings.minutes))
        cosine = 0.005 + 0.995 * 0.5 * (1 + math.cos(math.pi * progress))
        return self.settings.learning_rate * min(1.0, (self.step + 1) / self.settings.warm_up) * cosine

    def learn(self):
        """One step; the losses, each before its weight."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        self.student.train()
        self.heads.train()
        x = self.views.draw(self.settings.batch)
        features, probabilities = self.seen(x)
        with self.autocast():
            feature = self.student(x)
        feature = self.heads.norm(feature.float())
        losses = [F.mse_loss(layer(feature), space.of(seen))
                  for layer, space, seen in zip(self.heads.components, self.spaces, features)]
        loss = sum(weight * part for weight, part in zip(self.weights, losses))
        if probabilities is not None:
            divergence = F.kl_div(self.heads.classes(feature).log_softmax(1), probabilities, reduction="batchmean")
            loss = loss + divergence
            losses.append(divergence)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.student.parameters(), 5.0)
        self.optimizer.step()
        self.step += 1
        self.follow()
        return [part.item() for part in losses]

    @torch.no_grad()
    def follow(self):
        """Moves the weight average a little towards the weights."""
        share = 1 - min(self.settings.average, self.step / (self.step + 10))
        for mean, value in zip(self.average.state_dict().values(), self.student.state_dict().values()):
            mean.lerp_(value, share) if mean.is_floating_point() else mean.copy_(value)

    def keep(self):
        """Writes the outputs, and what is needed to go on."""
        out, name = self.settings.out, self.settings.name
        save(self.average, self.heads.imagenet(), out / f"{name}-train.npz")
        export(self.average, name, self.settings.side, out / f"{name}-f16.onnx")
        temporary = out / "progress.pt.part"
        torch.save({
            "student": self.student.state_dict(), "average": self.average.state_dict(),
            "heads": self.heads.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step,
            "seconds": self.seconds, "spaces": [(s.mean, s.projection) for s in self.spaces]}, temporary)
        os.replace(temporary, out / "progress.pt")

    def go_on(self, file):
        """Takes up what `keep` wrote."""
        kept = torch.load(file, map_location=self.device)
        self.spaces = []
        for mean, projection in kept["spaces"]:
            space = Components.__new__(Components)
            space.mean, space.projection = mean, projection
            self.spaces.append(space)
        classes = kept["heads"].get("classes.bias", torch.zeros(0))
        self.heads = Heads([s.projection.shape[1] for s in self.spaces], len(classes)).to(self.device)
        self.prepare()
        for part in ("student", "average", "heads", "optimizer"):
            getattr(self, part).load_state_dict(kept[part])
        self.step, self.seconds = kept["step"], kept["seconds"]
        torch.manual_seed(self.settings.seed + self.step)  # other views than those before the stop

    def run(self):
        log = self.settings.out / "log.csv"
        names = [f"feature_{i + 1}" for i in range(len(self.spaces))] + ["classes"] * (self.heads.classes is not None)
        header = ",".join(["seconds", "step", "views", "learning_rate", *names])
        before = log.read_text().splitlines()[1:] if self.step else []
        kept = [row for row in before if int(row.split(",")[1]) <= self.step]  # the rest is done again
        log.write_text("\n".join([header, *kept, ""]))
        before, kept, rows = time.monotonic(), self.seconds, []
        with log.open("a", newline="") as file:
            writer = csv.writer(file)
            while self.seconds < 60 * self.settings.minutes:
                rows.append(self.learn())
                self.seconds += time.monotonic() - before
                before = time.monotonic()
                if self.step % self.settings.log_every == 0:
                    means = [sum(column) / len(rows) for column in zip(*rows)]
                    row = [f"{self.seconds:.0f}", self.step, self.step * self.settings.batch, f"{self.rate():.6f}"]
                    writer.writerow(row + [f"{mean:.4f}" for mean in means])
                    file.flush()
                    print(*row, *(f"{name} {mean:.4f}" for name, mean in zip(names, means)), flush=True)
                    rows = []
                if self.seconds - kept > 60 * self.settings.keep_every:
                    self.keep()
                    kept, before = self.seconds, time.monotonic()
        self.keep()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--photos", type=Path, required=True, help="folder of photos, searched with its subfolders")
    add("--teachers", type=Path, nargs="+", required=True, help="networks, .onnx")
    add("--components", type=int, nargs="+", default=[512, 384], help="of each teacher (%(default)s)")
    add("--weights", type=float, nargs="+", default=[8, 8], help="of each teacher's loss (%(default)s)")
    add("--start", type=Path, help="state to go on from, .npz; without it the weights are random")
    add("--keep-components", type=int, default=512, help="of the student's first form (%(default)s)")
    add("--keep-weight", type=float, default=2, help="of that loss (%(default)s)")
    add("--blocks", type=int, nargs=4, default=[2, 2, 2, 3], help="a stage, without --start (%(default)s)")
    add("--out", type=Path, required=True, help="folder of the outputs")
    add("--name", default="student", help="of the network (%(default)s)")
    add("--minutes", type=float, default=20, help="(%(default)s)")
    add("--side", type=int, default=192, help="of a view (%(default)s)")
    add("--batch", type=int, default=512, help="(%(default)s)")
    add("--least-area", type=float, default=0.2, help="of a crop of a large photo (%(default)s)")
    add("--small-share", type=float, default=0.25, help="of small photos in a batch (%(default)s)")
    add("--mixed-share", type=float, default=0.5, help="of a batch that is blended (%(default)s)")
    add("--learning-rate", type=float, default=5e-4, help="(%(default)s)")
    add("--warm-up", type=int, default=300, help="steps (%(default)s)")
    add("--weight-decay", type=float, default=0.02, help="(%(default)s)")
    add("--average", type=float, default=0.9995, help="decay of the weight average (%(default)s)")
    add("--first-views", type=int, default=20_000, help="that the components are found in (%(default)s)")
    add("--log-every", type=int, default=200, help="steps (%(default)s)")
    add("--keep-every", type=float, default=4, help="minutes (%(default)s)")
    add("--workers", type=int, default=os.cpu_count(), help="that decode photos (%(default)s)")
    add("--seed", type=int, default=1, help="(%(default)s)")
    settings = parser.parse_args()
    if not len(settings.teachers) == len(settings.components) == len(settings.weights):
        parser.error("give --components and --weights one value for each of --teachers")
    if settings.first_views < 2 * max(settings.components):
        parser.error(f"--first-views: expected {2 * max(settings.components)} or more, twice the most --components")
    return settings


def main():
    settings = arguments()
    torch.manual_seed(settings.seed)
    settings.out.mkdir(parents=True, exist_ok=True)
    teaching = Teaching(settings, "cuda" if torch.cuda.is_available() else "cpu")
    progress = settings.out / "progress.pt"
    if progress.exists():
        teaching.go_on(progress)
    else:
        teaching.begin()
    teaching.run()


if __name__ == "__main__":
    main()
