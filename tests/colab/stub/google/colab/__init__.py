"""Stands in for the package of that name, by which the set-up cell knows Colab."""


def load_ipython_extension(shell):
    """What Colab's kernels call when they start."""
