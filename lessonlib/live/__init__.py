"""Live figures: small networks that run in the page, with no kernel and no other host.

Each shows itself as one HTML output with its networks in it. JupyterLab, Colab, VS Code and
the course's pages run such outputs; GitHub and a notebook that is not trusted show one
sentence instead, so a lesson's text and a static figure have to do without.

Where a function takes a network, this may be a Keras model, a chain of `Dense` layers, or a
list of `(weights, bias, activation)`, weights of the shape (inputs, units): PCA and ridge
regression are such lists. Weights are rounded to 11 bits with one scale for each unit, to 8
or fewer where the figure would exceed 300 KB. Each figure states by how much its pixels
differ from those of the network that it was given; `network_error` measures that.
"""

from lessonlib.live.figures import frames, mix, pad, plane, sliders
from lessonlib.live.networks import network_error
from lessonlib.live.readouts import error_dial, neighbours, networks

__all__ = [
    "error_dial",
    "frames",
    "mix",
    "neighbours",
    "network_error",
    "networks",
    "pad",
    "plane",
    "sliders",
]
