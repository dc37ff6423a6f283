"""The data sets of the course, each as a small frozen dataclass.

Images are float32 in [0, 1], white (1) on black (0), and labels are int64.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import ClassVar

import numpy as np

from lessonlib import _settings
from lessonlib._checks import finite_array, whole_number

SMALL_CHECKSUM = "32f189eccdd8fd25e6d29ab285d69958a1c18853a694aef0de67327a70f6749f"
FULL_CHECKSUM = "9b1c5724154a1748bbedb8bfdadb199a8e79b56caa8dfa37b02b2b44847d5198"
FULL_SOURCES = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    "https://s3.amazonaws.com/img-datasets/mnist.npz",
)
FULL_SHAPES = {
    "x_train": (60_000, 28, 28),
    "y_train": (60_000,),
    "x_test": (10_000, 28, 28),
    "y_test": (10_000,),
}
SMALL_SHAPES = {"images": (5_000, 28, 28), "labels": (5_000,)}

PARTS = ("train", "test")

# What numpy.load raises on a file that is cut short, garbled or something else.
UNREADABLE = (
    OSError,
    ValueError,
    EOFError,
    KeyError,
    TypeError,  # a bare array, not an archive
    RuntimeError,  # encrypted
    NotImplementedError,  # an unknown compression
    zipfile.BadZipFile,
    zlib.error,
)


@dataclasses.dataclass(frozen=True)
class Images:
    """Labelled images, cut into training, validation and test data.

    Attributes:
        x_train, x_valid, x_test: float32 in [0, 1], shape (n, 28, 28), or (n, 784)
            in the copy that `flat` returns. A part that was not asked for is empty.
        y_train, y_valid, y_test: int64 labels, shape (n,).
        name: what the data are, for titles.
        source: where they came from, in words.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_valid: np.ndarray
    y_valid: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    name: str
    source: str

    @property
    def flat(self) -> Images:
        """The same data with every image as one row of 784 numbers."""
        rows = {
            part: getattr(self, part).reshape(len(getattr(self, part)), 784)
            for part in ("x_train", "x_valid", "x_test")
        }
        return dataclasses.replace(self, **rows)


@dataclasses.dataclass(frozen=True)
class Curve:
    """A one-dimensional curve in four dimensions: X = (z^2, z^3, sin z, e^z).

    Attributes:
        x_train, x_valid, x_test: float32, shape (n, 4).
        z_train, z_valid, z_test: float32, the hidden number of each row, shape (n,).
        name, source: what the data are and where they came from.
        names: of the four columns.
    """

    names: ClassVar = ("z²", "z³", "sin z", "eᶻ")
    x_train: np.ndarray
    z_train: np.ndarray
    x_valid: np.ndarray
    z_valid: np.ndarray
    x_test: np.ndarray
    z_test: np.ndarray
    name: str
    source: str

    @property
    def scaled(self) -> Curve:
        """The same rows, each column with mean 0 and sd 1 on the training rows."""
        mean, sd = self._scale()
        parts = ("x_train", "x_valid", "x_test")
        rows = {part: (getattr(self, part) - mean) / sd for part in parts}
        return dataclasses.replace(self, **rows)

    def unscale(self, rows: np.ndarray) -> np.ndarray:
        """Undo `scaled`: call it on the data that have not been scaled.

        Args:
            rows: shape (n, 4), in standard deviations of the training rows.

        Returns:
            Rows in the units of `x_train`, shape (n, 4), float32.

        Raises:
            ValueError: if `rows` does not have four columns or a value is not finite.
        """
        rows = finite_array("rows", rows).astype("float32")
        if rows.ndim != 2 or rows.shape[1] != 4:
            raise ValueError(
                f"rows has shape {rows.shape}; expected (n, 4). Pass the output of a "
                "model that was trained on `.scaled` data."
            )
        mean, sd = self._scale()
        return rows * sd + mean

    def _scale(self) -> tuple[np.ndarray, np.ndarray]:
        return self.x_train.mean(axis=0), self.x_train.std(axis=0)


def load_mnist(size: str | None = None, valid: int = 0) -> Images:
    """Handwritten digits: 5,000 that travel with the course, or all 70,000.

    "small" has 4,000 training and 1,000 test images, the same number of each digit, in
    the order 0, 1, ..., 9, 0, 1, ... "full" is MNIST in its original order and split; it
    is taken from the folder that the variable LESSONLIB_DATA names, else from the local
    cache, else downloaded once. Whatever file it comes from, the arrays are checked.

    Args:
        size: "small" or "full"; None means the variable LESSONLIB_SIZE, else "small".
        valid: how many training images to set aside for validation, a multiple of 10
            that leaves some of each digit for training.

    Returns:
        Images of shape (n, 28, 28).

    Raises:
        ValueError: for an unknown size or an impossible `valid`.
        OSError: if a file is missing or damaged, or cannot be downloaded or stored.

    Source: Y. LeCun, C. Cortes and C. Burges, The MNIST database; CC BY-SA 3.0.
    """
    size = _settings.size() if size is None else size
    if size not in _settings.SIZES:
        raise ValueError(f"size is {size!r}; expected 'small' or 'full'.")
    arrays, source = _small_arrays() if size == "small" else _full_arrays()
    x_train, x_test = (arrays[f"x_{part}"].astype("float32") / 255 for part in PARTS)
    y_train, y_test = (arrays[f"y_{part}"].astype("int64") for part in PARTS)
    held_out = _validation_rows(y_train, valid)
    return Images(
        x_train[~held_out],
        y_train[~held_out],
        x_train[held_out],
        y_train[held_out],
        x_test,
        y_test,
        name=f"MNIST ({size})",
        source=source,
    )


def load_letters(characters: str | None = None) -> Images:
    """Printed characters, drawn from the fonts that Matplotlib ships.

    They are made as MNIST was: scaled to fit 20 x 20 pixels, then centred by mass in
    28 x 28. All of them are test images (`x_test`); nothing is trained on them.

    Args:
        characters: what to draw, once in each font; None means A to Z and a to z.

    Returns:
        Images whose label is the position in `characters`.

    Raises:
        ValueError: if `characters` is empty or holds a blank, a repetition or a character
            that the fonts lack.
    """
    from matplotlib import get_data_path

    if characters is None:
        characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    if not isinstance(characters, str) or not characters:
        raise ValueError(f"characters is {characters!r}; expected some, such as 'ABC'.")
    if len(set(characters)) < len(characters) or any(c.isspace() for c in characters):
        raise ValueError(
            f"characters is {characters!r}; expected no blank and each character once."
        )
    fonts = sorted((Path(get_data_path()) / "fonts" / "ttf").glob("DejaVuS*.ttf"))
    # The two "Display" fonts are cut for headlines and lack most characters.
    fonts = [font for font in fonts if "Display" not in font.name]
    images = np.stack([_glyph(c, font) for font in fonts for c in characters])
    labels = np.tile(np.arange(len(characters)), len(fonts))
    none = np.empty((0, 28, 28), "float32"), np.empty(0, "int64")
    source = f"drawn from the {len(fonts)} DejaVu fonts that Matplotlib ships"
    return Images(*none, *none, images, labels, name="printed characters", source=source)


def make_curve(size: int = 12_000, seed: int = 0) -> Curve:
    """Four columns computed from one hidden number: z^2, z^3, sin z and e^z.

    Args:
        size: rows in all, 10 to 10 million; 80 % train, 10 % validation, 10 % test.
        seed: the rows stay the same for the same seed.

    Returns:
        A Curve, with z drawn evenly from [-5, 5].

    Raises:
        ValueError: if `size` or `seed` is not such a whole number.
    """
    size = whole_number("size", size, 10, 10**7)
    seed = whole_number("seed", seed, 0, 2**63)
    z = np.random.default_rng(seed).uniform(-5, 5, size).astype("float32")
    x = np.column_stack([z**2, z**3, np.sin(z), np.exp(z)])
    first, second = int(0.8 * size), int(0.9 * size)
    return Curve(
        x[:first],
        z[:first],
        x[first:second],
        z[first:second],
        x[second:],
        z[second:],
        name="curve",
        source=f"computed, {size} rows, seed {seed}",
    )


def checksum(arrays: dict[str, np.ndarray]) -> str:
    """SHA-256 over names, shapes, types and values, whatever file they came from."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.shape} {array.dtype.str}\n".encode())
        digest.update(array.data)
    return digest.hexdigest()


def _validation_rows(labels: np.ndarray, valid: int) -> np.ndarray:
    """A mask of the last valid / 10 images of each digit."""
    most = 10 * int(np.bincount(labels, minlength=10).min() - 1)
    whole = isinstance(valid, (int, np.integer)) and not isinstance(valid, bool)
    if not whole or valid % 10 or not 0 <= valid <= most:
        raise ValueError(
            f"valid is {valid!r}; expected a multiple of 10 from 0 to {most}, so that "
            "each digit is there as often."
        )
    mask = np.zeros(len(labels), bool)
    if valid:
        for digit in range(10):
            mask[np.flatnonzero(labels == digit)[-(int(valid) // 10) :]] = True
    return mask


def _small_arrays() -> tuple[dict[str, np.ndarray], str]:
    here = Path(__file__).resolve().parent
    places = [here / "embedded" / "mnist-5k.npz", here.parent / "data" / "mnist-5k.npz"]
    path = next((place for place in places if place.exists()), None)
    if path is None:
        raise OSError(
            "The digits that travel with the course (data/mnist-5k.npz) are missing. "
            "Install lessonlib again, or fetch the file with: git checkout -- data"
        )
    cure = "Install lessonlib again, or restore it with: git checkout -- data"
    arrays = _read(path, SMALL_SHAPES, SMALL_CHECKSUM, cure)
    # 500 of each digit, stored digit by digit: turn that into 0, 1, ..., 9, 0, 1, ...
    order = np.argsort(arrays["labels"], kind="stable").reshape(10, 500)
    parts = {"train": order[:, :400].T.ravel(), "test": order[:, 400:].T.ravel()}
    named = {f"x_{part}": arrays["images"][rows] for part, rows in parts.items()}
    named |= {f"y_{part}": arrays["labels"][rows] for part, rows in parts.items()}
    return named, "data/mnist-5k.npz, which travels with the course"


def _full_arrays() -> tuple[dict[str, np.ndarray], str]:
    folder = _settings.data_folder()
    if folder:
        path = Path(folder).expanduser() / "mnist.npz"
        if not path.is_file():
            raise OSError(
                f"LESSONLIB_DATA is {folder!r}, which holds no mnist.npz. Put the file "
                "there, or unset the variable so that it is downloaded."
            )
        cure = "Replace it, or unset LESSONLIB_DATA so that it is downloaded."
        return _read(path, FULL_SHAPES, FULL_CHECKSUM, cure), "mnist.npz in LESSONLIB_DATA"
    path = _cache_folder() / "mnist.npz"
    try:
        arrays = _read(path, FULL_SHAPES, FULL_CHECKSUM, "")
    except OSError:  # absent, or damaged: a fresh download replaces it
        arrays = _download(path)
    return arrays, "mnist.npz in the local cache, downloaded once"


def _cache_folder() -> Path:
    import pooch

    return Path(pooch.os_cache("lessonlib"))


def _download(path: Path) -> dict[str, np.ndarray]:
    """Download beside `path`, check, and move into place, all or nothing."""
    import pooch

    advice = (
        "Connect, see that the disk is not full and try again, or put mnist.npz into a "
        "folder and name that folder in the environment variable LESSONLIB_DATA. The small "
        "data need no network."
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(dir=path.parent, prefix="download-")
    except OSError as error:
        raise OSError(
            f"The cache folder {path.parent} cannot be written ({error.strerror}). Make "
            "it writable, free some disk, or put mnist.npz into another folder and name "
            "that folder in the environment variable LESSONLIB_DATA."
        ) from error
    failures = []
    with scratch as folder:
        for url in FULL_SOURCES:
            new = Path(folder) / "mnist.npz"
            try:
                pooch.HTTPDownloader(progressbar=True, timeout=30)(url, str(new), None)
                arrays = _read(new, FULL_SHAPES, FULL_CHECKSUM, "")
                os.replace(new, path)  # atomic: two processes cannot mix their files
                return arrays
            except OSError as error:
                failures.append(f"{url}: {error}")
    raise OSError("MNIST could not be downloaded. " + " ".join([*failures, advice]))


def _read(
    path: Path, shapes: dict[str, tuple[int, ...]], digest: str, cure: str
) -> dict[str, np.ndarray]:
    """The arrays of an npz file, or an OSError that says what is wrong with it."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in shapes}
    except UNREADABLE as error:
        raise OSError(
            f"{path} cannot be read as an npz file with the arrays {', '.join(shapes)} "
            f"({type(error).__name__}: {error}). {cure}".strip()
        ) from error
    if checksum(arrays) != digest:
        found = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise OSError(
            f"{path} holds other data than expected ({found}): the checksum over its "
            f"arrays differs. {cure}".strip()
        )
    return arrays


def _glyph(character: str, font: Path) -> np.ndarray:
    """One character as MNIST's makers did it: a 20 x 20 box, centred by mass."""
    from matplotlib.font_manager import get_font
    from PIL import Image, ImageDraw, ImageFont
    from scipy import ndimage

    if not get_font(str(font)).get_char_index(ord(character)):
        raise ValueError(f"{character!r} is not in the font {font.name}; choose another.")

    canvas = Image.new("L", (400, 200))
    brush = ImageFont.truetype(str(font), 100)
    ImageDraw.Draw(canvas).text((100, 30), character, fill=255, font=brush)
    box = canvas.getbbox()
    if box is None:
        raise ValueError(f"{character!r} leaves no ink in {font.name}; choose another.")
    crop = canvas.crop(box)
    scale = 20 / max(crop.size)
    width, height = (max(1, round(scale * side)) for side in crop.size)
    ink = np.asarray(crop.resize((width, height), Image.Resampling.BOX), "float32") / 255
    row, column = ndimage.center_of_mass(ink)
    image = np.zeros((28, 28), "float32")
    top = int(np.clip(round(13.5 - row), 0, 28 - height))
    left = int(np.clip(round(13.5 - column), 0, 28 - width))
    image[top : top + height, left : left + width] = ink
    return image
