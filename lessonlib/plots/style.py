"""One style for all figures: fonts, colours, dashes and markers.

Colours are those of M. Okabe and K. Ito (2008), which stay apart for colour-blind eyes;
lines also differ in dash and marker, so that they stay apart in grey.
"""

from __future__ import annotations

import matplotlib.pyplot as plt

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#000000")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "x")
# One for each digit, on white paper and on a dark page; digits that look alike differ most.
DIGITS = (
    *("#808080", "#D55E00", "#0072B2", "#009E73", "#CC79A7"),
    *("#8C6D00", "#56B4E9", "#E69F00", "#A05195", "#3DA35D"),
)


def set_style() -> None:
    """Set fonts, colours and sizes for all figures that follow; `start` calls it.

    What a matplotlibrc has changed is set back first.
    """
    plt.rcdefaults()
    plt.rcParams.update(
        {
            "figure.dpi": 90,
            "figure.constrained_layout.use": True,
            "font.family": "DejaVu Sans",  # Matplotlib ships it: the same everywhere
            "font.size": 12,
            "axes.titlesize": 13,
            "axes.titlelocation": "left",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.prop_cycle": plt.cycler(color=COLOURS),
            "image.cmap": "gray",
            "legend.frameon": False,
        }
    )
