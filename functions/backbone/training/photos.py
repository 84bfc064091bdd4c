"""Unlabelled photos as arrays of squares, and random views of them. Labels are never read; folders only group files."""

import math
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from quantize import image_files, square
from student import DEVIATION, MEAN

LARGE, SMALL = 192, 64
FROM_SIDE = 100  # photos with a shorter side of this many pixels and more are kept large


def pixels(path):
    """The centre square of a file, large or small by its own size; None where the file is no image."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            side = LARGE if min(image.size) >= FROM_SIDE else SMALL
        return square(path, side, side)
    except OSError:
        return None


def collect(folder, cache, workers):
    """Large photos (n, 192, 192, 3) and small ones (n, 64, 64, 3), uint8; decoded once, then kept in `cache`."""
    kept = [cache / "large.npy", cache / "small.npy"]
    if not all(file.exists() for file in kept):
        cache.mkdir(parents=True, exist_ok=True)
        with ProcessPoolExecutor(workers) as pool:
            found = [p for p in pool.map(pixels, image_files(folder), chunksize=64) if p is not None]
        for file, side in zip(kept, (LARGE, SMALL)):
            chosen = [p for p in found if len(p) == side]
            np.save(file, np.stack(chosen) if chosen else np.zeros((0, side, side, 3), np.uint8))
    large, small = (torch.from_numpy(np.load(file)).permute(0, 3, 1, 2) for file in kept)
    if len(large) + len(small) == 0:
        raise SystemExit(f"no photos under {folder}")
    return large, small


class Views:
    """Draws batches of random views, normalized, (n, 3, side, side).

    A view is a crop of `least` to 100 % of the area (small photos: 50 to 100 %), stretched by up to 4/3, mirrored or
    not, with changed brightness, contrast, saturation and tint; of the share `mixed` of a batch each is blended with
    another.
    """

    def __init__(self, photos, device, side, settings):
        large, small = (part.to(device) for part in photos)
        self.parts = [(part, least) for part, least in ((large, settings.least_area), (small, 0.5)) if len(part)]
        self.shares = [1 - settings.small_share, settings.small_share] if len(self.parts) == 2 else [1.0]
        self.device, self.side, self.mixed = device, side, settings.mixed_share
        self.mean = torch.tensor(MEAN, device=device).view(1, 3, 1, 1)
        self.deviation = torch.tensor(DEVIATION, device=device).view(1, 3, 1, 1)

    def uniform(self, n, low, high, *shape):
        return torch.empty(n, *shape, device=self.device).uniform_(low, high)

    def crops(self, n):
        """Rectangles as the matrices that affine_grid takes, by part of the photos."""
        left = n
        for (part, least), share in zip(self.parts, self.shares):
            count = left if part is self.parts[-1][0] else round(n * share)
            left -= count
            area = self.uniform(count, least, 1)
            stretch = self.uniform(count, -math.log(4 / 3), math.log(4 / 3)).exp()
            width, height = (area * stretch).sqrt().clamp(max=1), (area / stretch).sqrt().clamp(max=1)
            mirror = torch.where(self.uniform(count, 0, 1) < 0.5, -1.0, 1.0)
            zero = torch.zeros_like(area)
            x, y = self.uniform(count, -1, 1) * (1 - width), self.uniform(count, -1, 1) * (1 - height)
            rows = torch.stack([width * mirror, zero, x], 1), torch.stack([zero, height, y], 1)
            yield part[torch.randint(len(part), (count,), device=self.device)], torch.stack(rows, 1)

    def colours(self, x):
        n = len(x)
        x = x * self.uniform(n, 0.7, 1.3, 1, 1, 1)
        middle = x.mean((1, 2, 3), keepdim=True)
        x = middle + (x - middle) * self.uniform(n, 0.7, 1.3, 1, 1, 1)
        grey = x.mean(1, keepdim=True)
        saturation = self.uniform(n, 0.6, 1.4, 1, 1, 1)
        saturation = torch.where(self.uniform(n, 0, 1, 1, 1, 1) < 0.05, torch.zeros_like(saturation), saturation)
        x = grey + (x - grey) * saturation
        return (x * (1 + 0.05 * torch.randn(n, 3, 1, 1, device=self.device))).clamp(0, 1)

    def draw(self, n, mix=True):
        views = []
        for photos, matrix in self.crops(n):
            grid = F.affine_grid(matrix, (len(photos), 3, self.side, self.side), align_corners=False)
            photos = photos.float() / 255
            views.append(F.grid_sample(photos, grid, padding_mode="reflection", align_corners=False))
        x = self.colours(torch.cat(views))[torch.randperm(n, device=self.device)]
        count = int(n * self.mixed) if mix else 0
        if count:
            share = self.uniform(count, 0.5, 1, 1, 1, 1)
            x = torch.cat([x[:count] * share + x[:count].flip(0) * (1 - share), x[count:]])
        return ((x - self.mean) / self.deviation).contiguous(memory_format=torch.channels_last)
