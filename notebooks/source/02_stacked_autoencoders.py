# ---
# jupyter:
#   lesson:
#     memory: 1500
#     yields: a fair trial of a well-known recipe; a deep autoencoder that beats PCA; a plane of digits to walk on
#     exercises: the way between two codes; what a perfect copy costs; eight numbers, trained by yourself
# ---

# %% [markdown]
# # 02 Stacked autoencoders
#
# **What can a network that bends do with thirty numbers, and what with only two?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/02_stacked_autoencoders.ipynb)
#
# Needs: [lesson 01](01_pca_is_a_linear_autoencoder.ipynb); what a layer, an activation and a loss are.
# Time: about 2 minutes of computing on two cores, an hour of reading.
#
# At the end you will be able to
#
# - say why a famous recipe loses to PCA, and mend it,
# - choose a loss, a code size, a width and a depth,
# - build an autoencoder that has less than half of PCA's error,
# - lay the digits out on a plane, walk about on it, and judge what lies between them.

# %%
try:
    import lessonlib
except ModuleNotFoundError:
    import sys

    course = "https://github.com/autoencoder-course/autoencoder-course"
    if "google.colab" not in sys.modules:
        raise ImportError(f"Run %pip install {course}/archive/main.zip") from None
    # %pip install --quiet --no-deps git+{course}
    import lessonlib

lessonlib.start("02")

# %% [markdown]
# ## The classic network
#
# Lesson 01 ended with a network that bends, and that left PCA far behind on a curve.
# Digits are more than a curve; let us see what bending does for them.
#
# Here is the network that most tutorials begin with.
# It is called **stacked** because layers are stacked on either side of the code.
# A 3 goes in at the left as 784 pixels, is squeezed to 64 numbers, then to 32, and is unfolded again.
# Every layer but the last ends in a ReLU, which cuts off what is negative.
# The last ends in a sigmoid, which keeps pixels between 0 and 1.

# %%
from keras import Sequential, layers

from lessonlib.training import set_seed


def classic(code_activation="relu"):
    set_seed()
    encoder = [layers.Dense(64, "relu"), layers.Dense(32, code_activation)]
    decoder = [layers.Dense(64, "relu"), layers.Dense(784, "sigmoid")]
    return Sequential([layers.Input((784,))] + encoder + decoder)

# %% mystnb={"image": {"alt": "A handwritten 3 and, to its right, the network as a row of bars that shrink from 784 to 64 to a code of 32 numbers and grow back to 64 and 784. Between the bars stand the activations: relu three times, then sigmoid."}}
from lessonlib import claim, data, live, neighbours, noise, plots, show

digits = data.load_mnist(valid=500).flat
x_train, x_valid, x_test = digits.x_train, digits.x_valid, digits.x_test
plots.network(classic(), "784 pixels, through a code of 32", image=x_train[3])

# %% [markdown]
# The recipe that comes with it: the loss is **binary cross-entropy**, of which more below, the optimiser Adam at its usual rate of 0.001, and 50 epochs.
# We take 3,500 training images in batches of 250, so an epoch has 14 steps, and 50 epochs have 700.
# The other 500 of our training images are for validation: on them we choose, and the test images wait.
#
# The rival is PCA with 32 numbers.
# PCA does not know that pixels end at 0 and 1, and the sigmoid does; that is easily mended, so we clip what PCA returns.

# %%
from lessonlib.metrics import pca_reconstruction, squared_error


def pca(k, x_fit, x):
    return pca_reconstruction(x_fit, x, k).clip(0, 1)


pca_32 = squared_error(x_valid, pca(32, x_train, x_valid))
show("error of PCA with 32 numbers", pca_32)

# %% [markdown]
# **Predict before you run:** the network has four times as many weights as PCA, and it bends.
# After 50 epochs, is its error (a) half of PCA's, (b) about the same, or (c) a third higher?

# %%
from lessonlib.training import Progress, batches, each, fit, one_cycle, sum_of_squares

train_batches = batches(x_train[:3_500], batch_size=250)


def train(model, optimizer="adam", loss="binary_crossentropy"):
    model.compile(optimizer, loss, metrics=[sum_of_squares], steps_per_execution=14)
    history = model.fit(train_batches, epochs=50, callbacks=[Progress()], verbose=0,
                        validation_data=(x_valid, x_valid), validation_freq=5)
    return history.history["val_sum_of_squares"]  # one error every 70 steps


recipe = train(classic())
claim("After 50 epochs, the classic recipe has a third to a half more error than PCA",
      recipe[-1] / pca_32, at_least=1.15, at_most=1.7)

# %% [markdown]
# A third *higher*, or more: the famous network loses to a method from 1901.
# Many readers have met this, and there are three favourite suspects.
# We question each on the very network that is accused, with everything else left alone.
#
# - **The wrong loss.**
#   We train on cross-entropy and judge by squared error.
#   The test: train on squared error.
# - **Dead units.**
#   A ReLU whose input is negative for every image is silent and learns nothing, and a silent number of the code is a lost one.
#   The test: let the code be linear.
# - **Too little training.**
#   Fifty epochs sound like a lot, but tutorials have 60,000 images, and there they are 12,000 steps, not 700.
#   The test: get further in the same 700 steps, by *larger* ones. The rate rises to twenty times the usual one, and falls again to nothing (**one cycle**).
#
# **Predict before you run:** which one is guilty, (a) the loss, (b) the ReLU in the code, (c) too little training, or (d) more than one?

# %%
records = {"classic recipe": recipe}
records["squared error"] = train(classic(), loss=sum_of_squares)
records["linear code"] = train(classic(None))
records["larger steps"] = train(classic(), one_cycle(2e-2, 700))
records["larger, linear code"] = train(classic(None), one_cycle(2e-2, 700))

# %% mystnb={"image": {"alt": "Validation error against training steps up to 700. Classic recipe, squared error and linear code fall side by side and end well above the level line of PCA. Larger steps reach the line at the end; larger steps with a linear code cross it early and end clearly below."}}
import numpy as np

plots.line_plot(70 * np.arange(1, 11), records | {"PCA": [pca_32] * 10}, log=True,
                x_label="steps", y_label="error", title="Larger steps, then linear")

# %%
ends = [errors[-1] / pca_32 for errors in records.values()]
claim("Another loss, or a linear code, leaves the classic recipe above PCA",
      min(ends[1:3]), at_least=1.1, at_most=1.6)
claim("With larger steps and a linear code, it has a fifth less error than PCA",
      1 - ends[4], at_least=0.12, at_most=0.3)

# %% [markdown]
# So (d), and in an order that is worth remembering.
# First it was plain lack of training: at the recipe's own small steps, a linear code changed nothing.
# Larger steps brought the same network to PCA's level, or a little below.
# *Only then* did the dead units count: the same linear code that had been innocent now takes off about another sixth.
# A fault can hide behind a larger one.
# (Not all of that sixth is the dead units': a linear code may also be negative. A leaky ReLU, which is never quite silent, brought about half of it when we tried.)
#
# Keep the habit: **compare recipes at equal steps, on one plot, before you believe a story about why one is better.**
# Epochs are a poor measure, since an epoch on fewer images is less training.
#
# What is drawn here is an *error*; you will find such curves labelled "accuracy", and there is no accuracy in them.
#
# <details><summary>How the rate was found</summary>
#
# Of the peaks 0.005, 0.01 and 0.02 the last was best on validation images for the linear code (9.7, against 10.6 to 11.3 at 0.01), and as good as 0.01 for the ReLU.
# GELU in place of every ReLU does *worse* than the recipe at 700 of its small steps (about 19); it shows its worth at the larger rates that we use below.
# At the larger steps squared error and cross-entropy draw level too (10.2 and 10.1 with a linear code).
# Two to six of the 32 ReLU units in the code are silent for every training image, after 700 steps as after 2,100.
#
# </details>
#
# ## Squared error or cross-entropy?
#
# The suspect that went free deserves a look.
# Take one pixel that is grey, 0.6, and let the network answer anything from 0 to 1.
# Squared error is $(x - \hat x)^2$.
# Cross-entropy is $-x \log \hat x - (1 - x) \log (1 - \hat x)$, counted in *nats*, and made for pixels that are 0 or 1, with $\hat x$ the probability of a 1.

# %% mystnb={"image": {"alt": "Loss of one pixel against the network's answer from 0 to 1. Squared error for a pixel of 0.6 is a shallow bowl that touches zero at 0.6. Cross-entropy for the same pixel has its lowest point at 0.6 too, but at 0.67. Cross-entropy for a black pixel rises from zero and shoots up near 1."}}
def cross_entropy(x, x_hat):
    return -x * np.log(x_hat) - (1 - x) * np.log(1 - x_hat)


answer = np.linspace(0.01, 0.99, 99)
bowls = {"squared error, pixel 0.6": (0.6 - answer) ** 2,
         "cross-entropy, pixel 0.6": cross_entropy(0.6, answer),
         "cross-entropy, pixel 0": cross_entropy(0.0, answer)}
plots.line_plot(answer, bowls, x_label="the network's answer", y_label="loss",
                title="Lowest at the pixel itself, yet not at zero")

# %% [markdown]
# Both bowls have their lowest point at 0.6, so both teach the network the same answer.
# But cross-entropy does not reach zero there.
# It treats the pixel as a coin that falls on white six times in ten, and about a coin like that nobody can be certain, not even with the right answer in hand.
# Only black and white are free.
#
# Now add up a whole digit that was copied *perfectly*.

# %% mystnb={"image": {"alt": "Two rows of twelve images. Above, handwritten digits; below, the same digits as thin bright outlines, where the pixels are grey, with dark insides and a dark background."}}
# The copy is clipped, since the logarithm of 0 is not a number.
nats = cross_entropy(x_valid, x_valid.clip(1e-7, 1 - 1e-7))
plots.image_rows({"digit": x_valid, "nats": nats / nats.max()}, "Grey edges cost nats")

claim("A perfect copy of a digit costs about 46 nats of cross-entropy",
      nats.sum(axis=1).mean(), at_least=44, at_most=48, unit=" nats", kind="identity")

# %% [markdown]
# That is nearly 0.06 for each pixel, as Keras counts, of the 0.12 where our first network ended.
# So when a tutorial's loss "sticks", much of it can never be learned away.
# Pixels that are 0 or 1: cross-entropy.
# Real numbers: squared error, and no sigmoid if they leave the range from 0 to 1.
# Grey digits lie in between, either will do, and what matters is to *judge* all models by one measure.
# Ours is squared error, because PCA's is.
#
# ## Three knobs
#
# A stacked autoencoder has three sizes to choose: the numbers in its **code**, the units in a hidden layer (**width**), and the hidden layers on either side (**depth**).
# From here on the code is linear, as the trial taught us, and hidden units are **GELU**, a smooth relative of ReLU that is never quite silent.
# The helper `fit` does what you have seen written out: squared error, one-cycle rate, batches of 100.

# %%
def autoencoder(widths, code_size):
    set_seed()
    bent = dict(activation="gelu", kernel_initializer="he_normal")
    inwards = [layers.Dense(width, **bent) for width in widths]
    outwards = [layers.Dense(width, **bent) for width in reversed(widths)]
    encoder = Sequential(inwards + [layers.Dense(code_size)])
    decoder = Sequential(outwards + [layers.Dense(784, "sigmoid")])
    return Sequential([layers.Input((784,)), encoder, decoder])

# %%
def valid_error(widths, code_size, rate):
    model = autoencoder(widths, code_size)
    fit(model, x_train, steps=500, rate=rate, quiet=True)
    return squared_error(x_valid, model.predict(x_valid, verbose=0))

# %% [markdown]
# We turn one knob at a time, 500 steps for each network; the others stay at a code of 30 and one layer of 256 units.
# A rate that suits one network may ruin another, as we have just seen, so each gets the best of those that we tried on validation images.
# After running the lesson once, change any of these numbers, and see.
#
# **The code.**
# Clipped PCA has an error of about 30 with 8 numbers, 13 with 30, and 3 with 128.
# The network has about 18 with 8 numbers.
#
# **Predict before you run:** with 128 numbers, will the network (a) still have less error than PCA, (b) draw level, or (c) have more?

# %%
rates = {2: 2e-2, 8: 2e-2, 30: 1e-2, 128: 1e-2}
by_pca = [squared_error(x_valid, pca(size, x_train, x_valid)) for size in rates]
by_code = [valid_error((256,), size, rates[size]) for size in each(list(rates))]

# %% mystnb={"image": {"alt": "Error against the numbers in the code, 2, 8, 30 and 128, both axes logarithmic. Both lines fall. The network is below PCA at 2, 8 and 30 numbers, most clearly at 8 and 30; the lines cross between 30 and 128, and at 128 PCA has about half of the network's error."}}
plots.line_plot(list(rates), {"PCA": by_pca, "network": by_code}, log_x=True, log=True,
                x_label="code size", y_label="error", title="Short codes gain most")

# %% [markdown]
# With room for 128 numbers a flat sheet leaves little to gain, PCA finds the best one without a single training step, and a network that begins at random does not catch up in 500.
# Let it *begin* at PCA's axes, with no hidden layer and a sigmoid at its end, and it has half of PCA's error after as many steps: bending still pays, for whoever starts in the right place.
# We shall meet that network again in a moment.
#
# **Width and depth.**
# Both into one figure; the network with one layer of 256 units is trained already.

# %% mystnb={"image": {"alt": "Bars of error with 30 numbers: PCA above 13; no hidden layer about 10; one layer of 256 units 9, of 512 units 8, the shortest; two layers of 256 units about 10."}}
bars = {"PCA": by_pca[2], "no hidden layer": valid_error((), 30, 4e-2),
        "one of 256 units": by_code[2], "one of 512": valid_error((512,), 30, 1e-2),
        "two of 256": valid_error((256, 256), 30, 5e-3)}
plots.bar_plot(bars, x_label="error", title="Width pays, a second layer does not")

claim("With 30 numbers, a second hidden layer adds about a tenth to the error",
      bars["two of 256"] / bars["one of 256 units"] - 1, at_least=0.04, at_most=0.2)

# %% [markdown]
# The second bar is worth a stop.
# With no hidden layer at all, the only bend is the sigmoid at the end, and that network has most of the gain already.
# It needed a rate of 0.04; at the 0.01 that is best for one layer it would have looked useless.
# (Begun at PCA's axes it comes down to 9.2, close to one layer of 256.)
# And the layers that this lesson is named for?
# One helps a little, a second one costs more than it brings.
# That is a finding about thirty numbers, and depth will have its say.
#
# <details><summary>All the rates that were tried</summary>
#
# On validation images, with 500 steps, seeds 0 and 1 (one seed where a single number stands); the best rate of each network is the one used above.
#
# | network | 0.0025 | 0.005 | 0.01 | 0.02 | 0.04 | 0.08 |
# |---|---|---|---|---|---|---|
# | code 30, no hidden layer | | 18.9, 18.6 | 13.8, 13.7 | 11.0, 10.5 | **10.1, 9.9** | 13.4 |
# | code 30, one of 256 | | 9.5, 9.4 | **9.0, 9.1** | 9.3, 9.2 | 10.9, 10.8 | |
# | code 30, two of 256 | 10.6, 10.7 | **10.0, 10.1** | 10.6, 10.9 | 12.6, 12.9 | | |
# | code 30, three of 256 | 11.8, 11.8 | **11.5, 11.6** | 12.9 | 16.6 | | |
# | code 30, one of 64 | | 14.8 | 12.5 | **11.6** | 11.7 | |
# | code 2, one of 256 | | 37.5 | 36.7 | **36.2** | 36.2 | |
# | code 8, one of 256 | | 19.3 | 18.7 | **18.3** | 18.5 | |
# | code 128, one of 256 | | 6.2 | **5.7** | 7.4 | | |
#
# One layer of 512 units was taken at 0.01 without a search (8.2).
# For the plane below, two layers were tried at 0.005, 0.008 and 0.012: at the last, one start in five ended no better than one layer.
#
# </details>
#
# ## Thirty numbers
#
# In 2006 G. Hinton and R. Salakhutdinov put a deep autoencoder beside PCA, 30 numbers each, and made autoencoders famous: an error of 3.00 against 13.87, and against 8.01 for a third, PCA with a sigmoid at its end, trained further from PCA's axes.
# They had 60,000 images; we have 4,000, and a wider layer instead of a deeper stack, as the knobs told us.
# It is time for the test images.

# %%
whole = data.load_mnist().flat  # training and validation images together
x_all, y_all, y_test = whole.x_train, whole.y_train, whole.y_test
deep = autoencoder((1024,), 30)
history = fit(deep, x_all, steps=700, rate=1e-2)
x_pca, x_deep = pca(30, x_all, x_test), deep.predict(x_test, verbose=0)

# %% mystnb={"image": {"alt": "Three rows of twelve digits: test images, their reconstructions by PCA with 30 numbers, and by the network. PCA's are blurred, with grey clouds around the strokes; the network's have clean black backgrounds. The last six, the network's worst, are unusual digits that come back in pieces."}}
plots.random_and_worst(x_test, {"PCA": x_pca, "network": x_deep}, "Random, then worst")

# %% [markdown]
# The worst ones are honest company: written in a way that the training images hardly show, they come back in pieces, or as something else.
# And compare the loss in the line above, that of the training images, with the errors below: the network has begun to learn its images by heart.
# It could use more of them, and we can make some.
# We turn, scale, slant and shift each image a little, afresh for each batch, and let the *warped* image be input and target (**data augmentation**).
# PCA gets the same help: its 4,000 images, and four warped copies of each.
#
# **Predict before you run:** whom will the warped images help, (a) both, (b) the network alone, (c) neither?

# %%
rng = np.random.default_rng(0)


def warp(images):
    return noise.affine_warp(images, rng)


warped = autoencoder((1024,), 30)
history = fit(warped, x_all, steps=700, rate=1e-2, augment=warp)

# %% mystnb={"image": {"alt": "Five bars of error with thirty numbers: PCA and PCA with warped images, both above 13; PCA with a sigmoid, 9; the network, near 7; and the network with warped images, below 6."}}
from lessonlib.layers import sigmoid_pca

rival = sigmoid_pca(x_all, 30)
history = fit(rival, x_all, steps=700, rate=5e-3)
copies = np.concatenate([x_all] + [warp(x_all[:4_000]) for _ in range(4)])
answers = {"PCA": x_pca, "PCA, warped too": pca(30, copies, x_test),
           "PCA with a sigmoid": rival.predict(x_test, verbose=0), "network": x_deep,
           "network, warped too": warped.predict(x_test, verbose=0)}
errors = {name: squared_error(x_test, x_hat) for name, x_hat in answers.items()}
plots.bar_plot(errors, x_label="error on test images", title="Whom warped images help")

# %%
plain_pca, warped_pca, sigmoid, plain, helped = errors.values()
claim("PCA leaves an error of 13.4, or less", plain_pca, at_most=13.5, kind="rival")
claim("PCA with a sigmoid leaves 9, or nearly", sigmoid, at_most=9.4, kind="rival")
claim("With 30 numbers, the network has less than three fifths of PCA's error",
      plain / plain_pca, at_most=0.6)
claim("With warped images for both, the network has less than half of PCA's error",
      helped / min(plain_pca, warped_pca), at_most=0.45)
claim("With warped images, it has about two thirds of the error of PCA with a sigmoid",
      helped / sigmoid, at_least=0.57, at_most=0.74)

# %% [markdown]
# PCA gains nothing (nor does it with a sigmoid, when we tried).
# Its flat sheet was nearly settled by 4,000 images: it is not short of data, but of shape.
# The network turns the same images into a further drop.
#
# What did it cost?
# PCA has 24,000 weights, found by one decomposition of a matrix; the network has 1.7 million, found in 700 steps.
#
# <details><summary>PCA as in the paper, and the network of 2006</summary>
#
# PCA in the paper was not clipped, and has an error of 14.6 here; clipping takes a tenth off.
# With one to nine warped copies of each image, PCA with 30 numbers gets worse on validation images by up to 1.5 %.
# The network is the best of those tried on validation images: one layer of 256, 512 or 1,024 units, 600 to 1,200 steps, rates from 0.003 to 0.015.
# More steps than these help the plain network no further, since it begins to learn its images by heart; lesson 03 looks at that.
# The network of 2006, trained on the 60,000 images for 9,000 steps by today's means, reached 3.08 when we prepared this course.
#
# </details>
#
# ## Two numbers
#
# So far a code was something to be scored.
# Now let us hold one in our hands.
# Give the network only **two** numbers, and every digit becomes a point on a sheet of paper.
#
# Maps like these are easily admired and easily misjudged, so we score them.
# For each test image, the ten nearest training images *on the map* vote on its label (**k-NN**), and we count how often they are right.
# Guessing would be right for one image in ten.
# And here depth gets its chance: PCA, one hidden layer, two hidden layers.

# %%
one_hidden, two_hidden = autoencoder((128,), 2), autoencoder((128, 64), 2)
watch = {"test": x_test}  # its error is recorded, and chooses nothing
one_record = fit(one_hidden, x_all, steps=1_200, rate=1e-2, watch=watch).history
two_record = fit(two_hidden, x_all, steps=1_200, rate=8e-3, watch=watch).history

from sklearn.decomposition import PCA

maps = {"PCA": PCA(2).fit(x_all).transform, "one layer": one_hidden.layers[0],
        "two layers": two_hidden.layers[0]}
right = {name: neighbours.vote_accuracy(encode(x_all), y_all, encode(x_test), y_test)
         for name, encode in maps.items()}

# %% mystnb={"image": {"alt": "Three maps of 1,000 test images, each point drawn as its digit in a colour of its own. PCA: one cloud in which only 0 and 1 stand apart. One hidden layer: arms of single digits, and a crowded middle. Two hidden layers: most digits have a region of their own, with 4, 7 and 9 side by side."}}
panels = {f"{name}: {right[name]:.0%} right": np.asarray(encode(x_test[:1_000]))
          for name, encode in maps.items()}
plots.code_scatter(panels, y_test[:1_000], "Two numbers: here a second layer pays")

claim("With two numbers, a second hidden layer takes nearly a tenth off the error",
      1 - two_record["test"][-1] / one_record["test"][-1], at_least=0.04, at_most=0.14)

# %% [markdown]
# To lay 784 dimensions out on a sheet takes a strongly bent map, and two layers bend more than one.
#
# ## A plane of digits
#
# The map says where the digits went.
# The decoder can tell us what lies *between* them.
# We ask it for a drawing at every point of a grid.

# %% mystnb={"image": {"alt": "A square of 15 by 15 small images, each drawn by the decoder from one point of the plane: zeros along one side, ones along another, and 8, 5, 3, 2, 6, 4, 9 and 7 in regions between them, each turning into its neighbours."}}
encoder, decoder = two_hidden.layers
code = encoder.predict(x_test, verbose=0)
plots.latent_grid(decoder, code, "Each point is a digit, or on its way to one")

# %% [markdown]
# (The lines of the grid are close where there are many codes, so that each digit gets its room.)
# Follow a row with your finger: strokes open, close and lean, and somewhere on the way a 9 has become a 7.
# Where scripts run, you can go anywhere on the sheet yourself: drag the point, or use the arrow keys.

# %%
live.plane(decoder, code, y_test)

# %% [markdown]
# Try to find the place where a 3 turns into an 8.
# Then drag the point to a corner, far from all digits, or look at the outermost columns of the grid: where a drawing goes to pieces, the plane has a hole.
#
# ### Is the middle of two digits a digit?
#
# Take a 3 and an 8 that the network has never seen, and go to the middle of the line between their codes.
# Nobody has ever drawn that point: there is no such image in the data.
# The decoder will draw it all the same.
#
# One pair proves nothing, so let us take 400.
# Who shall judge a drawing, if not our eyes?
# We ask the ten training images that are nearest to it, pixel by pixel, which digit they are.
# For a real digit they mostly agree; for a ghost of two digits they agree less.
# (One pair in ten shares its digit, and makes it easy for everybody.)

# %%
def agreement(images):
    return neighbours.agreement(x_all, y_all, images)  # how many of the ten do


first, second = np.random.default_rng(0).permutation(1_000)[:800].reshape(2, 400)

by_pixels = (x_test[first] + x_test[second]) / 2
show("of ten neighbours agree, for real digits", agreement(x_test[first]))
show("for the pixels of two digits, averaged", agreement(by_pixels))

# %% [markdown]
# **Predict before you run:** now we average the two *codes* and decode.
# Will the neighbours agree (a) more than for averaged pixels, (b) as they do there, or (c) less?
# And if the code has thirty numbers?

# %% mystnb={"image": {"alt": "Five rows of twelve images: a digit; its partner; the average of their pixels, in which both show through each other; the drawing halfway with two numbers, a single soft stroke; and the drawing halfway with thirty numbers, often a tangle of two strokes."}}
by_two = decoder.predict((code[first] + code[second]) / 2, verbose=0)
encoder_30, decoder_30 = deep.layers
code_30 = encoder_30.predict(x_test, verbose=0)
by_thirty = decoder_30.predict((code_30[first] + code_30[second]) / 2, verbose=0)

rows = {"one": x_test[first], "other": x_test[second], "pixels averaged": by_pixels,
        "two numbers": by_two, "thirty numbers": by_thirty}
plots.image_rows(rows, "Halfway: one stroke with two numbers, often two with thirty")

# %%
claim("Averaged pixels, the rival: seven of ten neighbours agree, or more",
      agreement(by_pixels), at_least=7.2, kind="rival")
claim("Halfway on the plane, more neighbours agree than for averaged pixels",
      agreement(by_two) - agreement(by_pixels), at_least=0.1)
claim("Halfway with thirty numbers, they agree no more than for averaged pixels",
      agreement(by_thirty) - agreement(by_pixels), at_least=-0.5, at_most=0.4)

# %% [markdown]
# More than for averaged pixels, and in some runs as many as for a real digit: the plane has few holes between the digits that it knows.
# The vote does not ask *which* digit it is, and often it is a third one: halfway between the 9 and the 5 on the left lies a 6.
# Nobody asked for that; the network was only told to copy.
# With two numbers there is hardly room to keep the digits apart.
#
# With thirty numbers there is room, and the middle is a ghost again.
# So the code with the *better* copies has the *worse* middles.
# What would it take to have both?
# Lesson 09 asks how to keep away from the holes, and lesson 10 how not to have any.
#
# <details><summary>Why not simply measure the distance to the nearest digit?</summary>
#
# Because it flatters what is smooth.
# Real test digits have a squared distance of 27 to the nearest training image, the digits redrawn from two numbers only 18: a soft drawing is near to many.
# By that measure the drawing halfway (18) would be "nearer to digits than digits".
# The vote has no such taste: the soft drawings of PCA with two numbers get 7.0 halfway.
# PCA with thirty numbers gets 7.6 halfway, as the averaged pixels do.
#
# </details>

# %% [markdown]
# ## What we found
#
# - The classic recipe ends a third or more above PCA, since 700 small steps are not enough; once that is mended, the ReLU in its code is the next fault, and without it the network is a fifth below PCA.
# - Cross-entropy and squared error have their lowest point at the same answer; cross-entropy leaves some 46 nats for grey edges that no copy can avoid.
# - Hidden layers from a random start pay while numbers are scarce.
#   With 128 numbers PCA wins at 500 steps, and a network that begins at PCA's axes beats both.
# - With thirty numbers, width pays and depth does not.
#   With warped images for both, the network has less than half of PCA's error.
# - With two numbers, depth pays: a second hidden layer takes nearly a tenth off the error.
# - Halfway between two digits on the plane lies more of a digit, if often a third one, than in the average of their pixels.
#   Halfway with thirty numbers lies a ghost, as in the average.
#
# Next comes [lesson 03](03_two_ways_to_learn_nothing.ipynb): how can an error be low, and nothing learned?
#
# ## Exercises
#
# **02.1** A walk of your own.
# Write `walk(first, second, count)` for two codes of shape `(k,)`: return the `count` codes on the straight way from the first to the second, both ends included, in equal steps, one a row, so of shape `(count, k)`.
# When it is right, decode a walk from a 1 to a 7.

# %%
from lessonlib import check


def walk(first, second, count):
    return None  # your code here


check("02.1", walk)

# %% [markdown]
# <details><summary>A hint</summary>
#
# With a share of 0 you are at the first code, with 1 at the second, and in between at `(1 - share) * first + share * second`.
# `np.linspace(0, 1, count)` gives all shares at once; `[:, None]` stands them up as a column, so that NumPy makes a row of each.
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# import numpy as np
#
# from lessonlib import check
#
#
# def walk(first, second, count):
#     share = np.linspace(0, 1, count)[:, None]
#     return (1 - share) * first + share * second
#
#
# check("02.1", walk)
# ```
#
# Then `plots.image_rows({"a walk": decoder.predict(walk(code[1], code[7], 12))}, title="From a 1 to a 7")`.
#
# </details>
#
# **02.2** A well-known tutorial trains on cross-entropy and reports a loss of about 0.09.
# How far from the floor is that?
# Write `lowest_loss(x)` for images of shape `(n, d)` with pixels from 0 to 1: the binary cross-entropy of a perfect copy, averaged over images *and* pixels, as Keras does it.
# A black or a white pixel costs nothing, which a computer has to be told: to it, 0 times the logarithm of 0 is not a number.

# %%
def lowest_loss(x):
    return None  # your code here


check("02.2", lowest_loss)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Put `x` in for the answer too: `-x * np.log(x) - (1 - x) * np.log(1 - x)`.
# For the logarithms, and only for them, use `np.clip(x, 1e-7, 1 - 1e-7)`.
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# import numpy as np
#
# from lessonlib import check
#
#
# def lowest_loss(x):
#     safe = np.clip(x, 1e-7, 1 - 1e-7)
#     return np.mean(-x * np.log(safe) - (1 - x) * np.log(1 - safe))
#
#
# check("02.2", lowest_loss)
# ```
#
# For our digits it is 46 nats over 784 pixels, nearly 0.06.
# So of the tutorial's 0.09, two thirds can never be learned away, and a network that looks stuck may be doing well.
#
# </details>
#
# **02.3** Eight numbers.
# PCA with 8 numbers has an error of 30 on unseen digits.
# Write `train_eight(x_train)`, which gets 4,000 images of shape `(784,)`, builds an autoencoder with a code of at most 8 numbers, trains it, and returns it; its error has to be below 22.
# The check runs your function, so a dozen seconds are plenty.
# How low can you get?

# %%
def train_eight(x_train):
    return None  # your code here


check("02.3", train_eight)

# %% [markdown]
# <details><summary>A hint</summary>
#
# The three knobs tell you what to turn: width pays, depth hardly does, and the rate decides.
# `autoencoder` and `fit` are all that you need.
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# from keras import Sequential, layers
#
# from lessonlib import check
# from lessonlib.training import fit
#
#
# def train_eight(x_train):
#     model = Sequential([layers.Input((784,))])
#     model.add(layers.Dense(256, "gelu", kernel_initializer="he_normal"))
#     model.add(layers.Dense(8))
#     model.add(layers.Dense(256, "gelu", kernel_initializer="he_normal"))
#     model.add(layers.Dense(784, "sigmoid"))
#     fit(model, x_train, steps=500, rate=2e-2, quiet=True)
#     return model
#
#
# check("02.3", train_eight)
# ```
#
# With `augment=warp` and more steps it falls further.
#
# </details>

# %% [markdown]
# ## Further, if you like
#
# <details><summary>Turn these knobs</summary>
#
# - Give the network with 128 numbers 1,024 hidden units and ten times the steps.
#   Does it catch up with PCA?
# - Put one hidden layer, or four, into the plane, and look at the grid again.
# - Walk from a 3 to an 8 with thirty numbers (`code_30`, `decoder_30`), and look at the middle.
#
# </details>
#
# <details><summary>What about t-SNE?</summary>
#
# t-SNE draws beautiful maps, often of a code, and the picture is then shown as proof that the code is good.
# It moves points about until near neighbours are near, and it does that to the bare pixels just as well.
# On such a map, neighbours may even vote better than on what the map was made from.
# That is no magic: t-SNE sees all the images at once, the ones to be judged included, and pulls each towards the crowd of its neighbours, which smooths the vote.
# For the same reason it has no encoder, and a new image cannot be placed.
# So a t-SNE map says little about an autoencoder; if you draw one, draw that of the pixels beside it.
#
# </details>
#
# ## Sources
#
# - F. Chollet, *Building autoencoders in Keras*, The Keras Blog (2016): the recipe of the first section, with one layer less on either side.
# - G. Hinton and R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 313 (2006): the deep autoencoder, and the figures for 30 numbers; they trained it layer by layer, which lesson 07 takes up.
# - K. Pearson, *On lines and planes of closest fit to systems of points in space*, Philosophical Magazine 2 (1901): PCA.
# - D. Hendrycks and K. Gimpel, *Gaussian error linear units*, arXiv 1606.08415 (2016), and K. He, X. Zhang, S. Ren and J. Sun, *Delving deep into rectifiers*, ICCV (2015): GELU, and the size of the first weights.
# - P. Simard, D. Steinkraus and J. Platt, *Best practices for convolutional neural networks*, ICDAR (2003): warped images.
# - L. van der Maaten and G. Hinton, *Visualizing data using t-SNE*, Journal of Machine Learning Research 9 (2008).
