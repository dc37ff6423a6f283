# %% [markdown]
# # Live figures
#
# `lessonlib.live` writes a small network into the page, where it answers to the mouse, a finger or the keyboard: no kernel, no network, no other host.
# Here are its five figures, each below its call.
# This page is a notebook that ran once; what moves runs in your browser.
#
# The networks are small and trained for seconds, so do not judge them by their drawings.

# %%
try:
    import lessonlib
except ModuleNotFoundError:
    import sys

    course = "https://github.com/autoencoder-course/autoencoder-course"
    if "google.colab" not in sys.modules:
        raise ImportError(f"lessonlib is missing: %pip install git+{course}") from None
    # %pip install --quiet --no-deps git+{course}
    import lessonlib

lessonlib.start("00")

# %%
from keras import Sequential, layers

from lessonlib import data, live
from lessonlib.training import fit, set_seed

digits = data.load_mnist().flat


def dense(sizes):
    """Layers of these sizes, the last one linear."""
    hidden = [layers.Dense(size, "gelu", kernel_initializer="he_normal") for size in sizes[:-1]]
    return [*hidden, layers.Dense(sizes[-1])]


def trained(numbers):
    """An encoder and a decoder with so many numbers between them."""
    set_seed()
    encoder = Sequential([layers.Input((784,)), *dense([64, 32, numbers])])
    decoder = Sequential([layers.Input((numbers,)), *dense([32, 48, 784])])
    decoder.add(layers.Activation("sigmoid"))
    fit(Sequential([encoder, decoder]), digits.x_train, steps=1_200, rate=4e-3)
    return encoder, decoder


# %% [markdown]
# ## plane
#
# A code of two numbers is a point on a sheet of paper, and the decoder draws whatever point it is given.
# The digits on the sheet are the codes of test images.

# %%
encoder, decoder = trained(2)
code = encoder.predict(digits.x_test, verbose=0)

# %%
live.plane(decoder, code, digits.y_test)

# %% [markdown]
# ## sliders
#
# With more than two numbers there is no sheet, but each number can have its slider.
# They begin at the code of one image, if it is given, and reach as far as the codes of the others.

# %%
encoder, decoder = trained(16)
code = encoder.predict(digits.x_test, verbose=0)
start = code[digits.y_test == 3][0]

# %%
live.sliders(decoder, code, start=start, count=16)

# %% [markdown]
# `directions="principal"` moves the code along its principal directions instead, counted in standard deviations, and `directions={"thicker": vector}` along those of your own.

# %% [markdown]
# ## mix
#
# Halfway between two codes, and halfway between the pixels of two images.

# %%
chosen = [(digits.y_test == digit).argmax() for digit in range(10)]

# %%
live.mix(decoder, code[chosen], digits.x_test[chosen])

# %% [markdown]
# ## frames
#
# A network that is too large for a page shows what it gives at some places of a slider, computed beforehand.

# %%
import numpy as np

share = np.linspace(0, 1, 9)[:, None]
three, eight = digits.x_test[chosen[3]], digits.x_test[chosen[8]]
mixed = (1 - share) * three + share * eight
through = decoder.predict(encoder.predict(mixed, verbose=0), verbose=0)

# %%
live.frames({"goes in": mixed, "comes out": through}, "share of the 8")

# %% [markdown]
# ## pad
#
# A drawing becomes an image as those of MNIST did, and goes through the network.
# What else a pad shows of it is added to the call: `error_dial`, `neighbours`, other `networks`, or a slider for `noise`.

# %%
live.pad(
    encoder,
    decoder,
    digits.x_test[chosen],
    live.error_dial(threshold=20, highest=80),
    live.neighbours(digits.x_train[:150], digits.y_train[:150]),
    noise=0.7,
)
