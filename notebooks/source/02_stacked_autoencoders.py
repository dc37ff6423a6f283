# ---
# jupyter:
#   lesson:
#     memory: 1577
#     yields: a deep autoencoder that beats PCA; two kinds of overfitting and their repairs; the price of a code in bytes
#     exercises: share of the error; early stopping; when a decoder has paid for itself
# ---

# %% [markdown]
# # 02 Stacked autoencoders
#
# **Does depth buy anything that PCA cannot have?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/02_stacked_autoencoders.ipynb)
#
# Needs: [lesson 01](01_pca_is_a_linear_autoencoder.ipynb); what a layer, an activation and a loss are.
# Time: about 4 minutes of computing on two cores, an hour and a half of reading.
#
# At the end you will be able to
#
# - build and train a stacked autoencoder that beats PCA, and say why a well-known recipe does not,
# - choose between squared error and cross-entropy, and set code size, width and depth,
# - tell two failures apart that are both called overfitting, and repair each,
# - say what a code knows about its data, and what it costs in bytes.

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
# In lesson 01 a network that bends left PCA far behind on a curve, and in lesson 00 one with 16 numbers was a little ahead of PCA on digits.
# How far does that go, and at what price?
# Here is the network that most tutorials begin with.
# It is called **stacked** because layers are stacked on either side of the code: 784 pixels, 64 units, a code of 32, then 64 and 784 again.
# Every layer but the last ends in a ReLU, which cuts off what is negative; the last ends in a sigmoid, which keeps pixels between 0 and 1.

# %%
from keras import Sequential, layers

from lessonlib.training import set_seed


def classic():
    set_seed()
    encoder = [layers.Dense(64, "relu"), layers.Dense(32, "relu")]
    decoder = [layers.Dense(64, "relu"), layers.Dense(784, "sigmoid")]
    return Sequential([layers.Input((784,)), *encoder, *decoder])


# %% [markdown]
# The recipe that comes with it: the loss is **binary cross-entropy** (more on it below), the optimiser Adam at its usual rate of 0.001, for 50 epochs.
# From the 4,000 training images we set 500 aside for validation and look at them after each epoch.
# Batches of 250 make 14 steps an epoch, 700 steps in all.
# Beside the loss we record the error of this course.

# %%
import numpy as np

from lessonlib import data
from lessonlib.training import Progress, batches, sum_of_squares

digits = data.load_mnist(valid=500).flat
x_train, x_valid, x_test = digits.x_train, digits.x_valid, digits.x_test
train = batches(x_train[:3_500], batch_size=250)


# %%
def train_for(steps, model, optimizer="adam", loss="binary_crossentropy"):
    once = dict(steps_per_execution=len(train), metrics=[sum_of_squares])
    model.compile(optimizer, loss, **once)
    options = dict(validation_data=(x_valid, x_valid), validation_batch_size=500)
    options |= dict(epochs=steps // len(train), callbacks=[Progress()], verbose=0)
    return model.fit(train, **options).history


# %% [markdown]
# **Predict before you run:** PCA with the same 32 numbers is the rival.
# Will the network's error be half of PCA's, about the same, or higher?

# %%
from lessonlib import metrics, plots


def pca_error(k, x_fit, x):
    return metrics.squared_error(x, metrics.pca_reconstruction(x_fit, x, k))


# %% mystnb={"image": {"alt": "Error against training steps up to 700. The network's training and validation errors fall side by side from above 100 and are still falling when they end, above the level line of PCA-32 near 14."}}
record, pca_32 = train_for(700, classic()), pca_error(32, x_train, x_valid)
steps = len(train) * np.arange(1, 1 + len(record["loss"]))
curves = {"training": record["sum_of_squares"],
          "validation": record["val_sum_of_squares"],
          "PCA-32, validation": [pca_32] * len(steps)}
plots.line_plot(steps, curves, x_label="training steps", y_label="error", log=True,
                title="The classic recipe ends above PCA-32")

# %%
from lessonlib import claim

ratio = record["val_sum_of_squares"][-1] / pca_32
claim("Classic network: error over PCA-32's", ratio, at_least=1.05, at_most=1.6)

# %% [markdown]
# With four times as many weights, the famous network *loses* to a method from 1901.
# Many readers have met this, and there are favourite suspects.
# To question them one by one, we strip the network to the smallest one that is taught with this recipe (Chollet, 2016): 784-32-784, no layers beside the code, so that there is nothing else to blame.
#
# **Dead units.**
# A ReLU in the code whose input is negative for every image is silent for ever.
# The test: make the code linear.
#
# **The wrong loss.**
# We train on cross-entropy and judge by squared error.
# The test: train on squared error.
#
# **Too little training.**
# Fifty epochs sounds like a lot; but tutorials have 60,000 images, and 50 epochs are then 12,000 steps, not 700.
# What counts is the number of *steps*, and how far each goes.
# The test: go on to 2,100 steps; or go further in each of the 700, with the one-cycle rate of lesson 01, ten times as high at its peak.
#
# **Predict before you run:** which of the three is guilty?

# %%
from lessonlib.training import one_cycle


def smallest(code_activation="relu"):
    set_seed()
    to_code, pixels = layers.Dense(32, code_activation), layers.Dense(784, "sigmoid")
    return Sequential([layers.Input((784,)), to_code, pixels])


# %%
records = {"ReLU, cross-entropy": train_for(2_100, smallest()),
           "linear code": train_for(700, smallest(None)),
           "squared error": train_for(700, smallest(), loss=sum_of_squares),
           "one-cycle rate": train_for(700, smallest(), one_cycle(1e-2, 700))}

# %% mystnb={"image": {"alt": "Validation error against training steps, with PCA-32 as a level line near 14. ReLU with cross-entropy, linear code and squared error fall together and are near 18 after 700 steps; the first goes on and crosses PCA near 1,100 steps. The one-cycle rate crosses near 250 and ends near 10."}}
lines = {name: record["val_sum_of_squares"] for name, record in records.items()}
places = {n: len(train) * np.arange(1, 1 + len(line)) for n, line in lines.items()}
lines["PCA-32"], places["PCA-32"] = [pca_32] * 50, np.linspace(0, 2_100, 50)
plots.line_plot(places, lines, x_label="training steps", log=True,
                y_label="error on validation images",
                title="In 700 steps, only the higher rate beats PCA-32")

# %%
epochs = 700 // len(train)
after_700 = {name: line[:epochs][-1] / pca_32 for name, line in lines.items()}
for name in ("ReLU, cross-entropy", "linear code", "squared error"):
    claim(f"700 steps, {name}: over PCA-32", after_700[name], at_least=1.1, at_most=1.6)

faster = after_700["one-cycle rate"]
claim("700 steps, one-cycle rate: over PCA-32", faster, at_most=0.9)
long_run = lines["ReLU, cross-entropy"][-1] / pca_32
claim("2,100 steps, ReLU, cross-entropy: over PCA-32", long_run, at_most=0.9)

# %% [markdown]
# So, in this network, neither dead units nor the loss, but plain lack of training.
# Three times the steps cure it; so does a rate that takes larger steps while that is safe and small ones at the end.
# Keep the habit: **compare recipes at equal steps, on one plot, before you believe a story about why one is better.**
#
# (What is drawn here is an *error*. You will find such curves labelled "accuracy"; there is no accuracy in it. And what comes out of the network is a *reconstruction*. The compressed image is the code.)
#
# ## Squared error or cross-entropy?
#
# Each loss is, up to a factor and a constant, the negative logarithm of a probability.
# Squared error belongs to pixels that are **real numbers** with normal noise around the reconstruction.
# Cross-entropy, $-\sum_i \left[ x_i \log \hat x_i + (1 - x_i) \log (1 - \hat x_i) \right]$, belongs to pixels that are **0 or 1**, with $\hat x_i$ the probability of a 1.
# Most pixels of MNIST are black, but many of the others are grey, so neither fits quite, both are used, and a perfect copy does not even bring the cross-entropy to zero.

# %%
from keras import losses

from lessonlib import show


def cross_entropy(x, x_hat):
    # In natural units ("nats"), summed over an image's pixels, averaged over images.
    return 784 * float(losses.binary_crossentropy(x, x_hat).numpy().mean())


itself = cross_entropy(x_valid, x_valid)
show("cross-entropy of the validation images with themselves", itself)

# %% [markdown]
# On pixels that really are 0 or 1 the story is clean.
# We make such images by a threshold, and train one network with either loss: same 3,500 images, same code of 32, same 700 steps.
# It is built as most networks of this lesson from here on: a linear code, and hidden layers of **GELU** units, a smooth relative of ReLU that is never quite silent, with weights that start at the size that suits them.
# And from here on the helper `fit` does what you have now seen written out: compile with a one-cycle rate and squared error (unless told otherwise), batches of 100, one line of progress.

# %%
def autoencoder(widths, code_size, output="sigmoid"):
    set_seed()
    bent = dict(activation="gelu", kernel_initializer="he_normal")
    inwards = [layers.Dense(width, **bent) for width in widths]
    outwards = [layers.Dense(width, **bent) for width in reversed(widths)]
    encoder = Sequential([layers.Input((784,)), *inwards, layers.Dense(code_size)])
    pixels = layers.Dense(784, output)
    decoder = Sequential([layers.Input((code_size,)), *outwards, pixels])
    return Sequential([encoder, decoder])


# %% [markdown]
# **Predict before you run:** which wins, judged by cross-entropy?

# %%
from lessonlib.training import fit

binary_train, binary_test = x_train > 0.5, x_test > 0.5
scores = {}
for name, loss in (("squared error", None), ("cross-entropy", "binary_crossentropy")):
    model = autoencoder((64,), 32)
    fit(model, binary_train, steps=700, rate=8e-3, loss=loss)
    x_hat = model(binary_test).numpy()
    error = metrics.squared_error(binary_test, x_hat)
    scores[name] = cross_entropy(binary_test, x_hat), error

# %%
from lessonlib import show_table

table = [(name, *score) for name, score in scores.items()]
show_table(["trained on", "cross-entropy, nats", "squared error"], table)
ratio = scores["cross-entropy"][0] / scores["squared error"][0]
claim("Nats, trained on cross-entropy over squared error", ratio, at_most=0.98)

# %% [markdown]
# Binary data, cross-entropy; real-valued data, squared error, and no sigmoid if values leave [0, 1].
# In between, as here with grey pixels, either may be used, and what matters is to judge all models by one measure.
# Ours is squared error, because PCA's is.
#
# ## Three knobs
#
# A stacked autoencoder has three sizes to choose: how many numbers in the **code**, how many units in a layer (**width**), how many hidden layers on either side (**depth**).
# We turn one at a time, on validation images, with 500 steps for each network; the others stay at a code of 30, 256 units, one layer.
#
# **Predict before you run:** PCA gets better with each number it may keep.
# Will the network stay ahead of it at every code size?

# %%
from functools import cache


@cache  # a network that was trained for one plot serves in the next
def valid_error(widths, code_size, rate=1e-2):
    model = autoencoder(widths, code_size)
    fit(model, x_train, steps=500, rate=rate)
    return metrics.squared_error(x_valid, model(x_valid).numpy())


code_sizes = [2, 8, 32, 128]
network = [valid_error((256,), size) for size in code_sizes]

# %% mystnb={"image": {"alt": "Error against the numbers in the code, both axes logarithmic, for PCA and for the network. Both fall; the network is clearly lower at 8 and 32 numbers, the lines cross between 32 and 128, and at 128 PCA is lower."}}
pca = [pca_error(size, x_train, x_valid) for size in code_sizes]
lines = {"PCA": pca, "network, 500 steps": network}
plots.line_plot(code_sizes, lines, log_x=True, log=True, x_label="numbers in the code",
                y_label="error on validation images",
                title="The bend pays while numbers are scarce")

# %%
small, large = network[1] / pca[1], pca[-1] / network[-1]
claim("At 8 numbers, the network's error over PCA's", small, at_most=0.75)
claim("At 128, PCA's over the network's", large, at_least=0.4, at_most=0.95)

# %% [markdown]
# No: with 128 numbers PCA wins at this budget, with no training steps at all.
# A flat subspace of that size leaves 7 % of the variance, and to fall below that takes a network many more steps.
# The bend pays where numbers are scarce.
#
# Now width and depth.
# A rate that suits one depth may not suit another, and we have just seen what comes of that; so each depth has the better of two rates, 0.004 and 0.02.
#
# **Predict before you run:** how much will the first hidden layer buy?
# And the second?

# %%
widths, depths, rates = [64, 256, 1024], [0, 1, 2], [4e-3, 2e-2]
by_width = [valid_error((width,), 30) for width in widths]
by_depth = [min(valid_error((256,) * depth, 30, rate) for rate in rates)
            for depth in depths]

# %%
show_table(["units in the one hidden layer", *map(str, widths)], [["error", *by_width]])
show_table(["hidden layers of 256 units", *map(str, depths)], [["error", *by_depth]])
bare, wider = by_depth[0] / pca_error(30, x_train, x_valid), by_width[1] / by_width[0]
claim("No hidden layer: error over PCA-30's", bare, at_most=0.9)
claim("One hidden layer instead of none", by_depth[1] / by_depth[0], at_most=0.95)
claim("256 units instead of 64", wider, at_most=0.9)

# %% [markdown]
# Three lessons in two small tables.
# The sigmoid at the end is a bend too: with it, a network without any hidden layer is already below PCA.
# One hidden layer buys more, and so does width.
# The second layer gains nothing here, at the better of two rates.
# That is a finding about 500 steps and 3,500 images, and no verdict on depth, which will have its say further down.
# (One network stands in both tables, with one layer of 256 units, and its two errors differ: the first table trains it at the rate 0.01, the second takes the better of 0.004 and 0.02.)
#
# ## Thirty numbers
#
# In 2006 G. Hinton and R. Salakhutdinov trained a deep autoencoder on 60,000 images and put it beside PCA, 30 numbers each: on test images an error of 3.00, against 13.87, and 8.01 for PCA with a sigmoid at the end.
# That result started much of what came after.
# What is left of it on 4,000 images and a laptop?
# From the tables we take one hidden layer and a width between the last two, 512.
# The choice is made, so the validation images may join the training, for both sides: 4,000 images, 30 numbers, 1,200 steps.
# (With `LESSONLIB_SIZE=full` this cell trains the network of 2006, with hidden layers of 1,000, 500 and 250 units, for 18,000 steps.)
#
# One word on uncertainty.
# Another thousand test images would give another gain.
# To see how much that matters, draw a thousand of ours with replacement (an image may come up twice), again and again, and take the mean gain of each draw: the middle 95 % of these means are its **95 % interval** (the *bootstrap*; Efron and Tibshirani, 1993).
# When we claim a gain, we claim the interval's lower end.
#
# **Predict before you run:** what share of PCA-30's error will be left?

# %%
full = len(x_train) > 10_000
small, of_2006 = ((512,), 1_200, 5e-3), ((1000, 500, 250), 18_000, 1.5e-3)
hidden, steps, rate = of_2006 if full else small
x_all = np.concatenate([x_train, x_valid])
deep = autoencoder(hidden, 30)
history = fit(deep, x_all, steps=steps, rate=rate)

# %%
x_pca, x_deep = metrics.pca_reconstruction(x_all, x_test, 30), deep(x_test).numpy()
pca_30_error = metrics.squared_error(x_test, x_pca)
deep_error = metrics.squared_error(x_test, x_deep)


def gain_low(first, second):
    # By how much the second errs less: the lower end of the 95 % interval.
    return metrics.paired_gain(x_test, first, second).low


# %%
clipped = metrics.squared_error(x_test, x_pca.clip(0, 1))
claim("Clipped PCA-30 leaves an error of some 13.3", clipped, at_most=13.8,
      kind="rival")
claim("The network's error over PCA-30's", deep_error / pca_30_error, at_most=0.6)
claim("The same, with PCA clipped to 0 and 1", deep_error / clipped, at_most=0.65)
claim("Its gain, 95 % interval from", gain_low(x_pca, x_deep), at_least=4)
claim("On 60,000 images, the network's error", deep_error, at_most=3.2, sizes=("full",))

# %% mystnb={"image": {"alt": "Three rows of twelve digits: test images, their reconstructions by PCA-30, and by the network. PCA's are blurred with grey clouds around the strokes; the network's have clean black backgrounds. The last six, the network's worst, are unusual digits that come back as more ordinary ones."}}
rng = np.random.default_rng(0)
worst = np.argsort(metrics.squared_error_per_image(x_test, x_deep))[-6:]
picked = np.concatenate([rng.choice(len(x_test), 6, replace=False), worst])
rows = {"test images": x_test, "PCA-30": x_pca, "network": x_deep}
plots.image_rows({name: images[picked] for name, images in rows.items()},
                 title="On average nearer than PCA: six at random, its six worst")

# %% [markdown]
# A sigmoid cannot leave the range of a pixel, and PCA can.
# The paper of 2006 left PCA so, and so do we; clipped, it comes closer, and not close.
# The random images show what the missing error was: grey clouds around the strokes.
# The worst ones are honest company: written in a way that the training images hardly show, they come back as something more ordinary.
#
# That hints at the next gain.
# The network has seen 4,000 images and could use more.
# We can make more (**data augmentation**): turn, scale, slant and shift each image a little, afresh for each batch, and let the *warped* image be input and target.
# It costs PCA nothing to get the same help: we fit it to five times the images, four fifths of them warped.
# The network has the same steps as before.
#
# **Predict before you run:** whom will the warped images help, and how much?

# %%
from lessonlib import noise
from lessonlib.training import generator

rng = generator()
warped = autoencoder(hidden, 30)
history = fit(warped, x_all, steps=steps, rate=rate,
              augment=lambda rows: noise.affine_warp(rows, rng))

# %%
more = [noise.affine_warp(x_all[:4_000], rng) for _ in range(4)]
copies = np.concatenate([x_all, *more])
x_pca_warped, x_warped = metrics.pca_reconstruction(copies, x_test, 30), warped(x_test)
pca_warped = metrics.squared_error(x_test, x_pca_warped)
ratio = metrics.squared_error(x_test, x_warped) / pca_warped
claim("PCA-30, given the warps, has some 14.8", pca_warped, at_most=15.3, kind="rival")
claim("The network's over PCA-30's, both with warps", ratio, at_most=0.45)
claim("Both with warps: the gain, 95 % interval from",
      gain_low(x_pca_warped, x_warped), at_least=6)
claim("From warps alone the network's gain, 95 % interval from",
      gain_low(x_deep, x_warped), at_least=1, sizes=("small",))

# %% [markdown]
# PCA gains nothing.
# Its flat subspace of 30 dimensions was nearly settled by 4,000 images; it is not short of data but of shape.
# The network turns the same images into a further drop in error.
# (On the full data we do not claim that: with 60,000 images there is less to add, and warping blurs a little.)
#
# What did it cost?
# PCA-30 has 24,000 weights, found by one decomposition of a matrix; the network has 835,000, found in more than a thousand steps.
#
# ## Two numbers
#
# With a code of two numbers we can look at it: each image is a point in the plane, the **latent space**.
# Maps like these are easily admired, and easily misjudged, so we score them.
# Set a fifth of 1,000 test images aside in turn, let the ten nearest of the others on the map vote on the label of each (**k-NN**), and count how often they are right.
# Here depth gets its chance: three hidden layers against one, on 3,500 images for 1,000 steps each.
#
# **Predict before you run:** guess the three scores: PCA-2, one hidden layer, three hidden layers.

# %%
from sklearn.decomposition import PCA

flat, tall = autoencoder((512,), 2), autoencoder((512, 256, 128), 2)
for model in (flat, tall):
    fit(model, x_train, steps=1_000, rate=4e-3)

pca_2 = PCA(n_components=2, svd_solver="full").fit(x_train)
some, labels = x_test[:1_000], digits.y_test[:1_000]
maps = {"PCA-2": pca_2.transform(some),
        "one hidden layer": flat.layers[0](some).numpy(),
        "three hidden layers": tall.layers[0](some).numpy()}

# %% mystnb={"image": {"alt": "Three maps of 1,000 test images, each point drawn as its digit. PCA-2: one cloud in which all digits overlap but 0 and 1. One hidden layer: arms of 0, 1 and 7 leave a crowded corner. Three hidden layers: a crowded middle, and more arms that leave it, among them 0, 1, 3, and 7 with 9."}}
title = "Two numbers an image: depth pulls the digits apart"
plots.code_scatter(maps, labels, title)

# %% [markdown]
# A different kind of map is **t-SNE** (van der Maaten and Hinton, 2008).
# It moves points about until near neighbours are near, with no encoder: a new image cannot be placed.
# It is often run on a code, and the picture is then shown as proof that the *code* is good.
# We run it on the code of 30 numbers, and, as control, on the bare pixels.

# %% mystnb={"image": {"alt": "Two maps of the same 1,000 test images by t-SNE, one of the 30-number code, one of the pixels. Both show about ten islands, most of them made of one digit, with 4 and 9 mixed in both."}}
from sklearn.manifold import TSNE

codes_30 = deep.layers[0](some).numpy()
drawn_from = {"t-SNE of 30 numbers": codes_30, "t-SNE of the pixels": some}
tsne = {n: TSNE(random_state=0).fit_transform(x) for n, x in drawn_from.items()}
title = "t-SNE finds islands, with and without a network"
plots.code_scatter(tsne, labels, title)

# %%
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

spaces = maps | tsne | {"30 numbers, no map": codes_30, "784 pixels, no map": some}
knn = KNeighborsClassifier(10)
right = {name: cross_val_score(knn, x, labels).mean() for name, x in spaces.items()}
show_table(["map", "labels that the neighbours get right"], list(right.items()))
three, one = right["three hidden layers"], right["one hidden layer"]
claim("Three hidden layers beat PCA-2 by", three - right["PCA-2"], at_least=0.2)
claim("They beat one hidden layer by", three - one, at_least=0.03)
claim("PCA-2 gets over two fifths right", right["PCA-2"], at_least=0.4, kind="rival")

# %% [markdown]
# At two numbers depth pays.
# (The deeper network is also somewhat larger; what we compare is the two as they are, at equal steps.) Folding 784 dimensions into a plane takes a strongly bent map, and several layers bend more than one.
#
# And t-SNE?
# Look at its two maps, and at their scores beside those of the vectors that they were drawn from: they come from bare pixels as well as from the code.
# So a beautiful t-SNE map proves nothing about an autoencoder.
# The control costs one line.
#
# ## Two failures under one name
#
# "Overfitting" is said of two different things.
#
# **Memorising.**
# Few images, a large network.
# We take 100 images, ten of each digit, and watch the error on validation images, for 500 steps.
# (The last layer is linear here, since a sigmoid holds memorising back a little.)
#
# **Predict before you run:** the training error will fall towards zero.
# What will the validation error do?

# %%
ten_of_each = [np.flatnonzero(digits.y_train == digit)[:10] for digit in range(10)]
hundred = x_train[np.concatenate(ten_of_each)]
few = np.tile(hundred, (10, 1))  # ten copies: ten steps an epoch

# %%
judge = dict(valid=(x_valid, x_valid), steps=500, rate=4e-3)
learner, warped_learner = (autoencoder((512,), 30, output=None) for _ in range(2))
plain_history = fit(learner, few, **judge).history
large = dict(rotation=0.25, log_scale=0.15, shear=0.25, shift=1.5)
warp_history = fit(warped_learner, few, **judge,
                   augment=lambda rows: noise.affine_warp(rows, rng, **large)).history

# %% mystnb={"image": {"alt": "Error against steps on a logarithmic axis for 100 images. Without warps the training error falls to about 0.1 while the validation error stops above 30 and creeps up. With warps the training error falls below 10 and the validation error to about 15, below the level line of PCA-30 of the same images near 20."}}
steps_done = 10 * np.arange(1, 1 + len(plain_history["loss"]))
curves = {"training": plain_history["loss"],
          "validation": plain_history["val_loss"],
          "training, warps": warp_history["loss"],
          "validation, warps": warp_history["val_loss"]}
pca_few = pca_error(30, hundred, x_valid)
curves["PCA-30, validation"] = [pca_few] * len(steps_done)
plots.line_plot(steps_done, curves, x_label="training steps", y_label="error", log=True,
                title="100 images: memorised, or with warps below PCA-30")

# %% [markdown]
# The network learns its hundred images by heart, and after some 150 steps it gets slowly *worse* on others.
# PCA, which cannot memorise as much, is far better here.
# One remedy, a form of **regularisation**, is the early stopping of lesson 01.
# The other is to give the problem what it lacks, more images: even copies of the same hundred, warped about twice as strongly as above.

# %%
from keras.callbacks import EarlyStopping

stopped = autoencoder((512,), 30, output=None)
stopped.compile(one_cycle(4e-3, 500), sum_of_squares, steps_per_execution=10)
watch = [Progress(), EarlyStopping(patience=10, restore_best_weights=True)]
history = stopped.fit(batches(few), epochs=50, callbacks=watch, verbose=0,
                      validation_data=(x_valid, x_valid), validation_batch_size=500)

# %%
def test_error(model):
    return metrics.squared_error(x_test, model(x_test).numpy())


memorised, own = test_error(learner), metrics.squared_error(few, learner(few).numpy())
rise = plain_history["val_loss"][-1] / np.min(plain_history["val_loss"])
claim("Memorising: test error over training error", memorised / own, at_least=100)
claim("Validation error at the end over its lowest", rise, at_least=1.02)

# %%
early, repaired = (test_error(m) / memorised for m in (stopped, warped_learner))
claim("Early stopping: test error over the memoriser's", early,
      at_least=0.85, at_most=0.99)
claim("Warps: test error over the memoriser's", repaired, at_most=0.5)
gain = gain_low(learner(x_test), stopped(x_test))
claim("Early stopping: gain, 95 % interval from", gain, at_least=0.5)
x_pca_100 = metrics.pca_reconstruction(hundred, x_test, 30)
gain = gain_low(x_pca_100, warped_learner(x_test))
claim("Warps: gain over PCA-30 of the 100, 95 % interval from", gain, at_least=2)

# %% [markdown]
# Early stopping saves a few percent: when the validation error was lowest, it was bad already.
# The warped copies take off more than half, and bring the network below PCA.
#
# **The identity.**
# The other failure looks like a triumph.
# Make the code *wider* than the image, 1,000 numbers for 784 pixels, and nothing has to be left out.
# Training error falls, test error falls too, to a few percent of the variance.
# Has the code learned what a digit is?
#
# To find out we need things that are not digits.
# Letters are one.
# The second is a counterfeit: noise with the **mean and covariance of the digits**, made from what PCA knows, by drawing a normal number for each principal axis, scaled to the digits' spread along it.
# (Then it is cut to the range from 0 to 1, as pixels are, which changes both a little.) And to compare errors on different images, we divide each by what predicting the mean of *those* images would cost: the **share of variance lost**, which is one minus r².

# %%
from sklearn.metrics import r2_score


def lost(x, x_hat):
    return 1 - r2_score(x, x_hat, multioutput="variance_weighted")


mean = x_train.mean(axis=0)
_, spread, axes = np.linalg.svd(x_train - mean, full_matrices=False)
drawn = generator().normal(size=(1_000, 784)) * spread / np.sqrt(len(x_train))
counterfeit = (mean + drawn @ axes).clip(0, 1).astype("float32")

# %%
letters = data.load_letters().flat.x_test
printed = data.load_letters("0123456789").flat.x_test
others = {"test digits": x_test, "printed digits": printed, "letters": letters,
          "counterfeits": counterfeit}

# %% [markdown]
# **Predict before you run:** a wide code, trained on digits alone.
# How much of the letters will it lose?
# Of the counterfeits?
# (3,500 images, 700 steps.)

# %%
set_seed()
wide = Sequential([layers.Input((784,)), layers.Dense(1000, "relu"), layers.Dense(784)])
history = fit(wide, x_train, steps=700)
shares = [lost(x, wide(x).numpy()) for x in others.values()]
claim("Wide code: the largest share lost, of the four", max(shares), at_most=0.1)

# %% [markdown]
# It copies everything: digits, letters, and noise that no one would call a digit.
# It has learned to *copy*, and next to nothing about what it copies.
# Low test error alone does not tell a good code from no code at all.
# The oldest repair is the bottleneck, and we have such a model: 30 numbers, trained on the same digits and 500 more, for 1,200 steps where the wide one had 700.
# PCA-30 had the same images.

# %% mystnb={"image": {"alt": "Two rows of twelve images. The first holds counterfeits, blotchy grey clouds with a dark border, then letters; the second what the 30-number network makes of them: digit-like strokes for the clouds, and letters with ragged edges, some broken."}}
title = "The network keeps little of counterfeits, and more of letters"
mixed = np.concatenate([counterfeit[:6], letters[3::60][:6]])
rows = {"input": mixed, "network": deep(mixed).numpy()}
plots.image_rows(rows, title=title)

# %%
models = {"wide, 1,000": wide, "network, 30": deep}
answers = {name: {kind: model(x).numpy() for kind, x in others.items()}
           for name, model in models.items()}
answers["PCA-30"] = {kind: metrics.pca_reconstruction(x_all, x, 30)
                     for kind, x in others.items()}
table = {name: [lost(others[kind], x_hat) for kind, x_hat in outputs.items()]
         for name, outputs in answers.items()}
show_table(["share lost", *others], [[name, *shares] for name, shares in table.items()])

# %%
real, press, letter, fake = table["network, 30"]
claim("30 numbers: share lost, counterfeits over digits", fake / real, at_least=2.5)
pca_real, *_, pca_fake = table["PCA-30"]
show("PCA-30: the same ratio", pca_fake / pca_real)
claim("30 numbers: share of the letters kept", 1 - letter, at_least=0.55)
claim("30 numbers: letters over printed digits", letter / press, at_least=1.25)

# %% [markdown]
# Read the table by rows.
# PCA loses nearly the same share of digits and of counterfeits: mean and covariance are all it knows, and the counterfeits have them, but for the cut.
# The network tells them apart, because it knows something that is *not* in the covariance.
# That is half of the answer to this lesson's question: a network that bends, even with one hidden layer, has something that PCA cannot have.
# What more layers add we saw only at two numbers.
#
# The letters say how specific that knowledge is.
# They differ from our digits in two ways, being printed and being letters, so the printed digits are the control: the network loses more of letters than of them, and PCA hardly does.
# **Data-specific** is not a slogan: it is the gap between two columns.
#
# ## Bytes
#
# So why do we not send images as codes?
# Let us count.
# We round each of the 30 numbers to 64 levels (6 bits), which makes 22.5 bytes an image, and ask at which size JPEG has the same error.
# JPEG gets all 1,000 test images on one sheet, so that its header is paid once.
#
# **Predict before you run:** how many bytes an image will JPEG need?

# %%
coded = warped.layers[0](x_all).numpy()
low, high = coded.min(axis=0), coded.max(axis=0)
level = np.round(63 * (warped.layers[0](some).numpy() - low) / (high - low)).clip(0, 63)
x_coded = warped.layers[1](low + level / 63 * (high - low)).numpy()
coded_error = metrics.squared_error(some, x_coded)
show("error after rounding", coded_error)

# %%
import io

from PIL import Image

tiles = np.pad(some.reshape(-1, 25, 28, 28), [(0, 0), (0, 0), (2, 2), (2, 2)])
pixels = 255 * tiles.swapaxes(1, 2).reshape(-1, 25 * 32)
sheet = Image.fromarray(pixels.round().astype("uint8"))


# %%
def as_file(kind, **options):
    file = io.BytesIO()
    sheet.save(file, kind, optimize=True, **options)
    back = np.asarray(Image.open(file), "float32").reshape(-1, 32, 25, 32) / 255
    x_hat = back.swapaxes(1, 2)[:, :, 2:30, 2:30].reshape(some.shape)
    return file.tell() / len(some), metrics.squared_error(some, x_hat)


# %%
jpeg = [as_file("jpeg", quality=quality) for quality in range(1, 60)]
bytes_at, errors = np.transpose(jpeg)
jpeg_bytes = np.interp(-coded_error, -errors, bytes_at)

# %%
decoder_bytes = 4 * warped.layers[1].count_params()
sizes = {"PNG, no loss": as_file("png")[0], "JPEG": jpeg_bytes, "code": 22.5,
         "code and decoder": 22.5 + decoder_bytes / len(some)}
show_table(["at equal error", "bytes an image"], list(sizes.items()))
claim("Code alone: bytes over JPEG's at equal error", 22.5 / jpeg_bytes,
      at_least=0.3, at_most=0.65)

# %% [markdown]
# JPEG, a design of 1992 that knows nothing of digits, needs about twice the bytes here; what we claim is 1.5 to 3.4 times as many.
# And the receiver must have the decoder.
# Sent with our 1,000 images, it makes the code *ten times as large as PNG, which loses nothing*.
# Shared by millions of images it would pay; but then it is good for these images only, at this error only, and letters come out worse.
# That is why autoencoders of this kind did not replace JPEG, and why the rest of this course wants codes for other reasons.
#
# ## What we found
#
# - The classic recipe has a higher error than PCA-32 after 700 steps.
#   In its smallest network a linear code or another loss does not change that; a one-cycle rate, or three times the steps, does.
# - On binary pixels, training on cross-entropy gives the lower cross-entropy.
# - The bend pays while numbers are scarce: clearly at 8, not at 128 in 500 steps.
#   A sigmoid at the end is a bend, too.
# - At 30 numbers the network has at most 0.6 of PCA's error; with warped images, which do not help PCA, at most 0.45.
# - At two numbers, three hidden layers beat PCA-2 by at least 0.2 in k-NN accuracy, and one hidden layer by at least 0.03.
# - Memorising: with 100 images, the test error is more than a hundred times the training error.
#   Early stopping saves a little, warped images at least half, which brings the network below PCA of the same images.
# - The identity: a wide code loses at most a tenth of all four kinds of images.
#   A code of 30 loses at least 2.5 times as much of counterfeits as of digits.
# - At equal error the code takes at most 0.65 of JPEG's bytes, if somebody else has paid for the decoder.
#
# Next comes [lesson 03](03_denoising_autoencoders.ipynb): can a network restore a test image whose clean version it has never seen?
#
# ## Exercises
#
# **02.1** An error in squared pixels says little by itself: 5 of how many?
# Write `share_lost(x, x_hat)` for originals and reconstructions of shape `(n, d)`: the squared error, summed over all rows and columns, divided by that of a model which answers every image with the mean image of `x`.
# 0 means that nothing is lost, 1 that the mean image would have done as well.

# %%
from lessonlib import check


def share_lost(x, x_hat):
    return None  # your code here


check("02.1", share_lost)

# %% [markdown]
# <details><summary>A hint</summary>
#
# The mean image has one number for each column, so `x.mean(axis=0)`; NumPy subtracts it from every row by itself.
# Take both sums over everything, and divide only once, at the end.
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# from lessonlib import check
#
#
# def share_lost(x, x_hat):
#     lost = ((x - x_hat) ** 2).sum()
#     variance = ((x - x.mean(axis=0)) ** 2).sum()
#     return lost / variance
#
#
# check("02.1", share_lost)
# ```
#
# Dividing once, at the end, lets every pixel count by how much it varies.
# A share for each pixel would be 0 divided by 0 at the border, where the pixels are black in all images.
#
# </details>
#
# **02.2** Early stopping, without training anything.
# `losses` lists the validation losses after epochs 1, 2, and so on.
# Training stops after the epoch at which the loss has failed to fall below the best so far for `patience` epochs in a row; if that never happens, it runs to the end of the list.
# Write `early_stop(losses, patience)`, which returns the pair `(best_epoch, epochs_trained)`, both counted from 1.
# The best epoch is the one with the lowest loss among those that were trained, the earliest if several share it.

# %%
def early_stop(losses, patience):
    return None  # your code here


check("02.2", early_stop)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Go through the list with `enumerate(losses, 1)` and keep three things: the best loss, its epoch, and how many epochs have passed without a new best.
# What happens to that last number when a new best comes?
# And what is returned if the loop ends by itself?
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# from lessonlib import check
#
#
# def early_stop(losses, patience):
#     best, best_epoch, waited = float("inf"), 0, 0
#     for epoch, loss in enumerate(losses, 1):
#         if loss < best:
#             best, best_epoch, waited = loss, epoch, 0
#         else:
#             waited += 1
#         if waited == patience:
#             return best_epoch, epoch
#     return best_epoch, len(losses)
#
#
# check("02.2", early_stop)
# ```
#
# `keras.callbacks.EarlyStopping(patience=..., restore_best_weights=True)` does the same: it pays for `epochs_trained` epochs and keeps the weights of `best_epoch`.
# A lower loss further down the list does not count, since that epoch is never trained.
#
# </details>
#
# **02.3** A code is short, but whoever is to see the images needs the decoder as well.
# Write `break_even(widths, code_size, code_bytes, jpeg_bytes)`: an encoder has hidden layers of `widths`, in this order, and a code of `code_size` numbers; its decoder mirrors them and ends in 784 pixels.
# All layers are dense and have biases, and a weight or bias takes 4 bytes.
# The decoder is sent once; after that, each image costs `code_bytes` instead of `jpeg_bytes`.
# Return the smallest whole number of images for which decoder and codes together need fewer bytes than the JPEGs, or `math.inf` if there is none.

# %%
def break_even(widths, code_size, code_bytes, jpeg_bytes):
    return None  # your code here


check("02.3", break_even)

# %% [markdown]
# <details><summary>A hint</summary>
#
# List the sizes of the decoder's layers from the code to the pixels: for `widths=(512,)` and `code_size=30` they are 30, 512 and 784, which makes 418,064 weights and biases.
# How many bytes does each image save?
# And what if it saves none?
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# import math
#
# from lessonlib import check
#
#
# def break_even(widths, code_size, code_bytes, jpeg_bytes):
#     saving = jpeg_bytes - code_bytes
#     if saving <= 0:
#         return math.inf
#     sizes = [code_size, *reversed(widths), 784]
#     weights = sum(a * b + b for a, b in zip(sizes, sizes[1:]))
#     return 4 * weights // saving + 1
#
#
# check("02.3", break_even)
# ```
#
# The `+ 1` also settles a draw: if the savings of $n$ images are exactly the decoder's bytes, both ways cost the same, and it takes one image more to be cheaper.
# With a code of 30 bytes against JPEGs of 330, the decoder of the hint pays from image 5,575 on.
#
# </details>

# %% [markdown]
# ## Sources
#
# - B. Efron and R. Tibshirani, *An Introduction to the Bootstrap* (1993): the intervals.
# - G. Hinton and R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 313 (2006): the deep autoencoder, and the figures for PCA-30 and 30 numbers; they trained it layer by layer, which lesson 06 takes up.
# - K. Pearson, *On lines and planes of closest fit to systems of points in space*, Philosophical Magazine 2 (1901): PCA.
# - D. Hendrycks and K. Gimpel, *Gaussian error linear units*, arXiv 1606.08415 (2016), and K. He, X. Zhang, S. Ren and J. Sun, *Delving deep into rectifiers*, ICCV (2015): GELU, and the size of the first weights.
# - L. van der Maaten and G. Hinton, *Visualizing data using t-SNE*, Journal of Machine Learning Research 9 (2008).
# - P. Simard, D. Steinkraus and J. Platt, *Best practices for convolutional neural networks*, ICDAR (2003): warped images.
# - L. Prechelt, *Early stopping, but when?*, in Neural Networks: Tricks of the Trade, Springer (1998).
# - F. Chollet, *Building autoencoders in Keras*, The Keras Blog (2016): the recipe of the first section.
# - G. Wallace, *The JPEG still picture compression standard*, Communications of the ACM 34 (1991).
