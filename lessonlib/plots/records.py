"""How a training went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np

from lessonlib._checks import finite_array
from lessonlib.plots.style import COLOURS, DASHES

NAMES = {"loss": "training", "val_loss": "validation"}


def record_plot(
    history: Mapping[str, Sequence[float]],
    steps: int,
    *,
    title: str,
    levels: Mapping[str, float] | None = None,
    inset: tuple[float, float] | None = None,
) -> None:
    """The record of a training against its steps, beside the levels of other models.

    Args:
        history: of `fit`: "loss", "val_loss" and what it watched, one error an epoch.
        steps: of the whole training.
        title: the finding.
        levels: label to the error of something else, drawn as a level line.
        inset: two errors; what lies between them is drawn once more, enlarged.

    Raises:
        ValueError: if there is no record, or more lines than styles.
    """
    levels = levels or {}
    if not history or len(history) + len(levels) > len(COLOURS):
        raise ValueError(
            f"history and levels hold {len(history)} and {len(levels)} lines; expected a "
            f"record, and at most {len(COLOURS)} in all."
        )
    records = {label: finite_array(label, y, ndim=1) for label, y in history.items()}
    figure, axes = plt.subplots(figsize=(8, 4))
    panels = [axes]
    if inset:
        panels.append(axes.inset_axes((0.45, 0.55, 0.53, 0.36)))
        panels[1].set(xlim=(0, steps), ylim=inset)
        panels[1].set_title("enlarged", fontsize=10)
        panels[1].tick_params(labelsize=9)
    for panel in panels:
        styles = zip(COLOURS, DASHES, strict=True)
        for (label, y), (colour, dash) in zip(records.items(), styles, strict=False):
            places = np.linspace(0, steps, 1 + len(y))[1:]
            name = NAMES.get(label, label)
            panel.plot(places, y, label=name, color=colour, linestyle=dash)
        for (label, level), (colour, dash) in zip(levels.items(), styles, strict=False):
            panel.axhline(level, label=label, color=colour, linestyle=dash)
    axes.set(xlabel="training steps", ylabel="error", ylim=(0, None), title=title)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside right upper")
    plt.show()
