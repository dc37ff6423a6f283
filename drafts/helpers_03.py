"""Helpers of lesson 03 live in lessonlib_03.patch: `git apply` it in the checkout.

training.fit(..., watch={"test": x_test}): errors on images that it never trains on
metrics.share_lost: one error for all pixels, over that of the mean image
rates.code_curve, rates.file_curve, rates.RateCurve, rates.entropy_bytes: bytes and errors
plots.record_plot: a training's record, levels, an enlarged inset
live.frames: one slider through pictures computed beforehand, in labelled panels

Their tests: test_helpers_03.py, to be spread over the test files of those modules.
"""
