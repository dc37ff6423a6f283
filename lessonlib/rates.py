"""What images cost in bytes, and what comes back: files and codes side by side."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from lessonlib._checks import number_between, unit_interval, whole_number
from lessonlib.metrics import squared_error


class RateCurve(NamedTuple):
    """What a way to store images costs at several settings, and what comes back.

    Attributes:
        sizes: bytes an image, shape (settings,).
        errors: the course's error of what comes back, shape (settings,).
        images: what comes back, shape (settings, n, 784), float32.
    """

    sizes: np.ndarray
    errors: np.ndarray
    images: np.ndarray

    def bytes_at(self, error: float) -> float:
        """Bytes an image at that error, on the line between settings; nan past its ends."""
        order = np.argsort(self.errors)
        known = self.errors[order], self.sizes[order]
        return float(np.interp(error, *known, left=np.nan, right=np.nan))

    def images_at(self, error: float) -> np.ndarray:
        """What comes back at the setting whose error is nearest to that, shape (n, 784)."""
        return self.images[np.abs(self.errors - error).argmin()]


def file_curve(x: np.ndarray, kind: str, qualities: Sequence[int]) -> RateCurve:
    """Images as one file, at several qualities.

    All images are on one sheet, so that the header of the file is paid once. Each gets a
    black border of two pixels, which makes it 32 x 32: a JPEG's blocks of 8 x 8 pixels
    never hold two images.

    Args:
        x: images in [0, 1], shape (n, 784), n a multiple of 25.
        kind: "jpeg" or "webp", as Pillow calls them.
        qualities: 0 to 100 each.

    Raises:
        ValueError: if `x` does not fit.
    """
    x = unit_interval("x", x)
    if x.ndim != 2 or x.shape[1] != 784 or len(x) % 25:
        raise ValueError(
            f"x has shape {x.shape}; expected (n, 784), n a multiple of 25. Leave some out."
        )
    return _curve(x, [_as_file(x, kind, quality) for quality in qualities])


def code_curve(
    x_train: np.ndarray,
    x: np.ndarray,
    encode: Callable[[np.ndarray], np.ndarray],
    decode: Callable[[np.ndarray], np.ndarray],
    steps: Sequence[float] = (0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.3, 1.7, 2.2),
) -> RateCurve:
    """Images as codes that are rounded to multiples of one step and entropy-coded.

    Args:
        x_train: images in whose codes the coder counts its frequencies, shape (n, 784).
        x: images to code, in [0, 1], shape (m, 784).
        encode, decode: the two halves of a model, of PCA for example; pixels that come
            back are cut to [0, 1].
        steps: between two values that a number of a code may have, above 0.

    Raises:
        ValueError: if `x` is not in [0, 1] or a step is not above 0.
    """
    x = unit_interval("x", x)
    code_train, code = np.asarray(encode(x_train)), np.asarray(encode(x))
    results = []
    for step in steps:
        step = number_between("a step", step, 1e-9, 1e9)
        levels = np.round(code / step)
        size = entropy_bytes(np.round(code_train / step), levels)
        results.append((size, np.asarray(decode(step * levels)).clip(0, 1)))
    return _curve(x, results)


def entropy_bytes(levels_train: np.ndarray, levels: np.ndarray) -> float:
    """Bytes a row that an ideal entropy coder needs for whole numbers.

    A level of frequency p costs -log2 p bits. Each column has its own frequencies, counted
    in other rows, and one more for each level, so that none is impossible. They and the
    columns' ranges are taken as known to the receiver.

    Args:
        levels_train: whole numbers to count, shape (n, d).
        levels: whole numbers to code, shape (m, d).

    Returns:
        The mean over the m rows.

    Source: C. Shannon, A Mathematical Theory of Communication (1948), section 9.
    """
    bits = 0.0
    for known, coded in zip(levels_train.T, levels.T, strict=True):
        lowest, highest = min(known.min(), coded.min()), max(known.max(), coded.max())
        known, coded = (known - lowest).astype(int), (coded - lowest).astype(int)
        counts = 1 + np.bincount(known, minlength=int(highest - lowest) + 1)
        bits += np.log2(counts.sum() / counts[coded]).mean()
    return float(bits / 8)


def _as_file(x: np.ndarray, kind: str, quality: int) -> tuple[float, np.ndarray]:
    """Bytes an image, and what comes back, shaped like `x`."""
    from PIL import Image

    tiles = np.pad(x.reshape(-1, 25, 28, 28), [(0, 0), (0, 0), (2, 2), (2, 2)])
    pixels = (255 * tiles.swapaxes(1, 2).reshape(-1, 25 * 32)).round().astype("uint8")
    file = io.BytesIO()
    quality = whole_number("a quality", quality, 0, 100)
    Image.fromarray(pixels).save(file, kind, optimize=True, quality=quality)
    sheet = np.asarray(Image.open(file).convert("L"), "float32") / 255
    back = sheet.reshape(-1, 32, 25, 32).swapaxes(1, 2)[:, :, 2:30, 2:30]
    return file.tell() / len(x), back.reshape(x.shape)


def _curve(x: np.ndarray, results: Sequence[tuple[float, np.ndarray]]) -> RateCurve:
    sizes = np.array([size for size, _ in results])
    errors = np.array([squared_error(x, x_hat) for _, x_hat in results])
    return RateCurve(sizes, errors, np.array([x_hat for _, x_hat in results], "float32"))
