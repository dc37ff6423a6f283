"""The figures that lessons share, one style for all of them.

Every function ends in `plt.show()` and returns nothing, so that a notebook stores the
picture alone.
"""

from lessonlib.plots.codes import code_scatter, code_strips, latent_grid
from lessonlib.plots.images import image_rows
from lessonlib.plots.lines import bar_plot, line_plot
from lessonlib.plots.networks import autoencoder_diagram, network
from lessonlib.plots.points import arrows, columns_against, moves, points_against
from lessonlib.plots.style import COLOURS, DASHES, MARKERS, PAIRED, set_style

__all__ = [
    "COLOURS",
    "DASHES",
    "MARKERS",
    "PAIRED",
    "arrows",
    "autoencoder_diagram",
    "bar_plot",
    "code_scatter",
    "code_strips",
    "columns_against",
    "image_rows",
    "latent_grid",
    "line_plot",
    "moves",
    "network",
    "points_against",
    "set_style",
]
