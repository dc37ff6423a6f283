"""How a deep network is put together from shallow ones."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
from matplotlib.patches import Polygon

from lessonlib._checks import whole_number
from lessonlib.plots.style import COLOURS


def stacking(sizes: Sequence[int], title: str) -> None:
    """Draw greedy layer-wise pretraining: shallow autoencoders, and the whole made of them.

    Each shallow autoencoder has a number and a colour, which its two layers keep in the
    deep network below.

    Args:
        sizes: units of the layers inwards, the input first and the code last, such as
            `[784, 256, 128, 30]`; two to six of them.
        title: over the picture.

    Raises:
        ValueError: if there are too few or too many sizes, or one is not positive.

    Source: Y. Bengio, P. Lamblin, D. Popovici and H. Larochelle, Greedy layer-wise training
    of deep networks (2007), section 3.
    """
    if not 2 <= len(sizes) <= len(COLOURS):
        raise ValueError(
            f"sizes has {len(sizes)} entries; expected 2 to {len(COLOURS)}, such as "
            "[784, 256, 30]."
        )
    widths = [whole_number("each of sizes", size, 1, 10**6) for size in sizes]
    figure, panels = plt.subplots(2, 1, figsize=(10, 5))
    stages = len(widths) - 1
    pitch = 9 / (3 * stages)
    for stage, (wide, narrow) in enumerate(pairwise(widths)):
        place = (3 * stage + 0.5) * pitch
        on = "the images" if stage == 0 else f"the codes of {stage}"
        _chain(panels[0], place, pitch, (wide, narrow, wide), widths, [stage] * 2)
        panels[0].text(place + pitch, 1.45, f"{stage + 1}: on {on}", ha="center")
    numbers = [*range(stages), *reversed(range(stages))]
    whole = (*widths, *reversed(widths[:-1]))
    _chain(panels[1], 0.5, 8 / (2 * stages), whole, widths, numbers)
    panels[1].text(4.5, 1.45, "stacked, unrolled, and trained as a whole", ha="center")
    for panel in panels:
        panel.axis("off")
        panel.set(xlim=(0, 9), ylim=(-1.6, 1.8))
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()


def _chain(axes, left: float, pitch: float, units, widths, numbers) -> None:
    """Bars for the units, and between them the layers, each with its number's colour."""
    heights = [2.2 * (unit / max(widths)) ** 0.5 for unit in units]
    for place, (unit, height) in enumerate(zip(units, heights, strict=True)):
        x = left + place * pitch
        bar = (x - 0.05, -height / 2)
        axes.add_patch(plt.Rectangle(bar, 0.1, height, color=COLOURS[-1], zorder=2))
        axes.text(x, -1.2, f"{unit:,}", ha="center", va="top", fontsize=10)
    for place, number in enumerate(numbers):
        x, after = left + place * pitch, left + (place + 1) * pitch
        before, behind = heights[place] / 2, heights[place + 1] / 2
        corners = [(x, -before), (x, before), (after, behind), (after, -behind)]
        axes.add_patch(Polygon(corners, facecolor=COLOURS[number], alpha=0.45))
        axes.text((x + after) / 2, 0, f"{number + 1}", ha="center", va="center")
