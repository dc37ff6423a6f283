"""Helpers of the autoencoder course: what would distract in a lesson lives here.

    from lessonlib import claim, check, show, show_table, start
    from lessonlib import data, metrics, noise, plots
    from lessonlib.training import Progress, batches, one_cycle

Importing it loads neither TensorFlow nor Matplotlib: modules that need them do when used.
"""

from lessonlib.claims import claim, show, show_table
from lessonlib.exercises import check
from lessonlib.start import check_environment, start

__all__ = ["check", "check_environment", "claim", "show", "show_table", "start"]
__version__ = "0.1.0"
