"""What networks give, reckoned by Keras and NumPy, for the tests to compare pages with.

Runs in .venv. Reads a JSON list of questions, each with one input `x` and either `models`,
paths of Keras models to call one after another, or `page`, a figure's packed data, and
`names` of networks in it. Writes the list of outputs.
"""

import base64
import functools
import json
import sys
import zlib

import numpy as np

from lessonlib.live.networks import Layer, outputs


def main():
    json.dump([answer(**question) for question in json.load(sys.stdin)], sys.stdout)


def answer(x, models=(), page=None, names=()):
    x = np.array([x])
    for path in models:
        x = np.asarray(model_at(path)(x))
    for name in names:
        x = outputs([layer_of(part) for part in networks_of(page)[name]], x)
    return x[0].tolist()


@functools.cache
def model_at(path):
    import keras

    return keras.models.load_model(path, compile=False)


@functools.cache
def networks_of(page):
    return unpacked(page)["networks"]


def unpacked(text):
    whole = zlib.decompress(base64.b64decode(text))
    first = 4 + int.from_bytes(whole[:4], "little")

    def array(value):
        part = whole[first + value.get("at", 0) : first + value.get("end", 0)]
        return np.frombuffer(part, value["array"]) if "array" in value else value

    return json.loads(whole[4:first], object_hook=array)


def layer_of(part):
    weights = part["weights"].reshape(-1, len(part["bias"])) * part["scale"]
    return Layer(weights, part["bias"], part["activation"])


if __name__ == "__main__":
    main()
