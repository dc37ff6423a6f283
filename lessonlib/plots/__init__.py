"""The figures that lessons share, one style for all of them.

Every function ends in `plt.show()` and returns nothing, so that a notebook stores the
picture alone.
"""

from lessonlib.plots.clouds import cloud
from lessonlib.plots.codes import code_scatter, code_strips, latent_grid
from lessonlib.plots.convolutions import feature_maps, stamps, two_roads, window
from lessonlib.plots.gains import paired_gains
from lessonlib.plots.images import image_rows, random_and_worst
from lessonlib.plots.lines import bar_plot, line_plot
from lessonlib.plots.networks import autoencoder_diagram, network
from lessonlib.plots.points import (
    arrows,
    columns_against,
    order_against,
    points_against,
)
from lessonlib.plots.records import record_plot
from lessonlib.plots.space import curve_in_space, tilted_planes
from lessonlib.plots.stacks import stacking
from lessonlib.plots.style import COLOURS, DASHES, DIGITS, MARKERS, set_style
from lessonlib.plots.units import lit_units

__all__ = [
    "COLOURS",
    "DASHES",
    "DIGITS",
    "MARKERS",
    "arrows",
    "autoencoder_diagram",
    "bar_plot",
    "cloud",
    "code_scatter",
    "code_strips",
    "columns_against",
    "curve_in_space",
    "feature_maps",
    "image_rows",
    "latent_grid",
    "line_plot",
    "lit_units",
    "network",
    "order_against",
    "paired_gains",
    "points_against",
    "random_and_worst",
    "record_plot",
    "set_style",
    "stacking",
    "stamps",
    "tilted_planes",
    "two_roads",
    "window",
]
