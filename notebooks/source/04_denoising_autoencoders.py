# ---
# jupyter:
#   lesson:
#     memory: 1521
#     yields: a denoiser, compared with rivals that had a fair chance; why its answers point to the data
#     exercises: decibels won; lost lines; the posterior mean
# ---

# %% [markdown]
# # 04 Denoising autoencoders
#
# **Can a network restore a test image whose clean version it has never seen?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/04_denoising_autoencoders.ipynb)
#
# Needs: [lesson 02](02_stacked_autoencoders.ipynb).
# Time: about 3 minutes of computing on two cores, an hour and a half of reading.
#
# At the end you will be able to
#
# - train a network to undo damage, and measure it on damaged images that it has never seen,
# - give the rivals, from a median filter to ridge regression, a fair chance,
# - say what a denoiser's answer is, and why it points back to where the data are,
# - show two ways in which a denoiser fails, and repair them.

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

lessonlib.start("04")


# %% [markdown]
# ## Three ways to spoil an image
#
# The digits are split three ways: 3,500 images to train on, 500 to choose settings on (validation), and 1,000 test images that serve for nothing but the report.
# To each of them we can do some damage, and still know what was there before.
#
# **Gaussian** noise adds a normal random number to every pixel and clips the result to the range from 0 to 1.
# **Masking** sets pixels to black, each with the same probability.
# **Salt and pepper** sets pixels to black or white, by the toss of a coin.

# %% mystnb={"image": {"alt": "Four rows of the same twelve digits: clean; under grey grain all over; with about half of the pixels of their strokes missing; with black and white dots everywhere. In the second and fourth row some digits are hard to read."}}
from lessonlib import data, noise, plots
from lessonlib.training import generator

digits, rng = data.load_mnist(valid=500).flat, generator()
some = digits.x_test[rng.permutation(len(digits.x_test))[:12]]
damaged = {"clean": some, "Gaussian, sd 0.5": noise.gaussian(some, 0.5, rng),
           "masking, half": noise.masking(some, 0.5, rng),
           "salt and pepper, 30 %": noise.salt_and_pepper(some, 0.3, rng)}
plots.image_rows(damaged, title="The same digits, spoiled in three ways")

# %% [markdown]
# How bad is an image?
# The usual measure is the **peak signal-to-noise ratio** (PSNR) in decibels: $-10 \log_{10}$ of the mean squared error of its pixels.
# It is 0 dB if every pixel is off by 1, and 20 dB if every pixel is off by 0.1.
# Ten decibels more mean a tenth of the squared error, three decibels more about half of it.
# We take it image by image, and report the mean.
# (It is the course's error on another scale: an image whose error is 7.84 has 20 dB. The progress lines go on showing the error.)
#
# **Predict before you run:** at these doses, which of the three kinds of damage leaves the highest PSNR?

# %%
from lessonlib import claim, metrics, show_table

spoiled = list(damaged.items())[1:]
psnrs = [(name.split(",")[0], metrics.psnr(some, x)) for name, x in spoiled]
show_table(["damage", "PSNR of the twelve images, dB"], psnrs)
gauss, mask, salt = (value for _, value in psnrs)
claim("Masking leads by, in dB", mask - max(gauss, salt), at_least=1, kind="identity")

# %% [markdown]
# Masking, by far: most pixels of a digit are black already, and the damage cannot be seen there.
# We go on with Gaussian noise of standard deviation 0.5.
# The validation and test images get their noise once, so that all methods are judged on the very same noisy images.
# (A cell that draws noise draws other noise when you run it again: then run all cells after it, too.)

# %%
valid_noisy = noise.gaussian(digits.x_valid, 0.5, rng)
test_noisy = noise.gaussian(digits.x_test, 0.5, rng)

# %% [markdown]
# ## What can be had without a network
#
# A new method deserves rivals that try.
# The first two know nothing about digits: a **median filter** replaces each pixel by the median of its neighbourhood, a **Gaussian filter** by a weighted mean.
# How wide the neighbourhood should be is chosen on the validation images.
#
# There is a trap here.
# Clipping cuts off all noise below 0, so what was black is dark grey on average, and a filter that averages keeps that grey faithfully.
# It would look bad for a reason that has nothing to do with smoothing.
# So we also let each filter be **corrected** by a factor and an offset: the straight line that brings its values closest to the clean ones.
# All results of this lesson are clipped to the range from 0 to 1.
#
# **Predict before you run:** the noisy test images have between 9 and 10 dB.
# How far will the filters come?

# %%
from functools import partial

import numpy as np
from scipy import ndimage


def median(rows, size):
    images = rows.reshape(-1, 28, 28)
    return ndimage.median_filter(images, (1, size, size)).reshape(rows.shape)


# %%
def blur(rows, width):
    images = rows.reshape(-1, 28, 28)
    return ndimage.gaussian_filter(images, (0, width, width)).reshape(rows.shape)


def corrected(restorer):
    line = np.polyfit(restorer(valid_noisy).ravel(), digits.x_valid.ravel(), 1)
    return lambda rows: np.polyval(line, restorer(rows)).clip(0, 1)


# %%
def valid_psnr(restorer):
    return metrics.psnr(digits.x_valid, restorer(valid_noisy))


medians = [partial(median, size=size) for size in (3, 5)]
gaussians = [partial(blur, width=width) for width in (0.8, 1, 1.2, 1.5)]
tried = {"median filter": medians, "median, corrected": map(corrected, medians),
         "Gaussian filter": gaussians, "Gaussian, corrected": map(corrected, gaussians)}
best = {name: max(settings, key=valid_psnr) for name, settings in tried.items()}
restored = {name: restorer(test_noisy) for name, restorer in best.items()}

# %%
def test_psnr(x_hat):
    return metrics.psnr(digits.x_test, x_hat)


heading = ["restored by", "PSNR on noisy test images, dB"]
psnrs = [(name, test_psnr(x_hat)) for name, x_hat in restored.items()]
show_table(heading, [("nothing", test_psnr(test_noisy)), *psnrs])
claim("Gaussian, corrected: some 15.5 dB", psnrs[-1][1], at_least=15.2, kind="rival")

# %% [markdown]
# Without the correction one would have chosen the median and been content.
# With it, the Gaussian filter is the best of the four.
#
# The next two rivals may learn from the training images, as the network will.
# **PCA** projects the noisy image on the first $k$ principal axes of the clean images: what lies along the other axes is mostly noise, and is thrown away.
# It gets a factor as well, and the mean of *noisy* training images to subtract, so that clipping does not trip it either.

# %%
from sklearn.decomposition import PCA

pca = PCA(svd_solver="full").fit(digits.x_train)
noisy_mean = noise.gaussian(digits.x_train, 0.5, rng).mean(axis=0)


def projector(k):
    axes = pca.components_[:k]
    part = (valid_noisy - noisy_mean) @ axes.T
    wanted = (digits.x_valid - pca.mean_) @ axes.T
    factor = (part * wanted).sum() / (part**2).sum()
    go_back = factor * axes.T @ axes
    return lambda rows: ((rows - noisy_mean) @ go_back + pca.mean_).clip(0, 1)


project = max(map(projector, (20, 40, 60, 80)), key=valid_psnr)
x_pca = project(test_noisy)

# %% [markdown]
# **Ridge regression** is the most general linear method: it predicts each of the 784 clean pixels as a weighted sum of the 784 noisy ones, with a penalty on large weights.
# We show it every training image under eight draws of the noise (more hardly help it), and choose the penalty on the validation images.

# %%
from sklearn.linear_model import Ridge


def ridge(corrupt, penalty, draws=8):
    clean = digits.x_train[:30_000]  # all, but for the full data, to save memory
    noisy = np.concatenate([corrupt(clean) for _ in range(draws)])
    model = Ridge(penalty).fit(noisy, np.tile(clean, (draws, 1)))
    return lambda rows: model.predict(rows).clip(0, 1)


spoil = partial(noise.gaussian, sd=0.5, rng=rng)
ridges = [ridge(spoil, penalty) for penalty in (1, 10, 100)]
x_ridge = max(ridges, key=valid_psnr)(test_noisy)
level = test_psnr(x_ridge)
claim("Ridge regression restores to some 17.5 dB", level, at_least=17.2, kind="rival")

# %% [markdown]
# ## One line of difference
#
# In lesson 02 the network was trained with `fit(model, x)`: give back what you are given.
# A **denoising autoencoder** is given the *noisy* image and asked for the *clean* one.
# In `fit` that is one more argument: `corrupt` is called on each batch, on the input alone.
# It is called anew each time, so that no image ever comes with the same noise twice.
# There is nothing to memorise in noise that does not come back.
# Everything else is a plain dense network, with a code of 128 GELU units in the middle and, as before, a sigmoid at the end, trained for 1,400 steps of 100 images.

# %%
from keras import Sequential, layers

from lessonlib.training import fit, set_seed


def dense(offset):
    set_seed(offset)  # another offset, another random start
    wide = dict(activation="gelu", kernel_initializer="he_normal")
    encoder = [layers.Dense(512, **wide), layers.Dense(128, **wide)]
    decoder = [layers.Dense(512, **wide), layers.Dense(784, "sigmoid")]
    return Sequential([layers.Input((784,)), Sequential(encoder), Sequential(decoder)])


# %%
denoiser = dense(1)
recipe = dict(steps=1_400, rate=4e-3)
history = fit(denoiser, digits.x_train, **recipe,
              corrupt=lambda rows: noise.gaussian(rows, 0.5, rng))

# %% [markdown]
# Now the test that matters: *noisy test images*.
# The network has seen neither these digits nor this noise.
# (Much published code feeds the clean test images in at this point, and admires how clean they come out.)
#
# **Predict before you run:** PCA and ridge regression were trained on the same digits and the same kind of noise.
# How many decibels will a network that bends be worth?

# %%
from lessonlib.training import outputs


def run(model, rows):
    return outputs(model, rows).clip(0, 1)


x_dense = run(denoiser, test_noisy)
linear = {"PCA, corrected": x_pca, "ridge regression": x_ridge}
all_restored = restored | linear | {"dense denoiser": x_dense}
psnrs = [(name, test_psnr(x_hat)) for name, x_hat in all_restored.items()]
show_table(heading, psnrs)

# %% [markdown]
# The test images are only a thousand, and another thousand would give other numbers.
# So, as in lesson 03, we take the difference image by image, now in decibels, and claim the lower end of its 95 % interval.
# Best filter means the corrected Gaussian, best linear method the better of PCA and ridge regression.

# %%
def lower_end(first, second):
    return metrics.paired_psnr_gain(digits.x_test, first, second).low


def gain_over(rivals, x_hat):
    return min(lower_end(x_rival, x_hat) for x_rival in rivals.values())


# %%
over_filters, over_linear = gain_over(restored, x_dense), gain_over(linear, x_dense)
claim("Dense over the best filter", over_filters, at_least=2.2, unit=" dB")
claim("Dense over PCA and ridge", over_linear, at_least=0.7, unit=" dB")

# %% [markdown]
# So, to the question at the top: yes, it can.
# The margin over a mere linear regression is much smaller than the one over a filter, and it is the one that counts: only there do both sides know digits.
# What does the gain look like?
# Never look at the first images only: here are eight at random, then the eight that came out worst.

# %% mystnb={"image": {"alt": "Four rows of sixteen digits: noisy, ridge regression, dense denoiser, clean. In the left half the denoiser's strokes are mostly smooth and right while ridge leaves a mottled grey; in the right half, the worst ones, strokes are missing or blurred."}}
at_random = rng.permutation(len(digits.x_test))[:8]
worst = np.argsort(metrics.psnr_per_image(digits.x_test, x_dense))[:8]
chosen = np.concatenate([at_random, worst])
pictures = dict(noisy=test_noisy, ridge=x_ridge, dense=x_dense, clean=digits.x_test)
plots.image_rows({name: x[chosen] for name, x in pictures.items()}, columns=16,
                 title="On average ahead of ridge: eight at random, its eight worst")

# %% [markdown]
# Ridge regression leaves grey stains; the denoiser's background is nearly black.
# Its failures are of another kind: strokes that are blurred where it had to guess, or missing.
# A denoiser fills in what is *usual*.
# Keep that in mind before you let one touch a medical image.
#
# ### Fresh noise, or the same noise each time?
#
# We said that noise must not come back.
# Is that so?
# The same network, the same number of steps, but the noise is drawn once before training, and every image keeps its own: `fit(model, noisy, clean)`.
#
# **Predict before you run:** on the noisy images that it was trained on, will this network be better or worse than the first?
# And on test images?

# %%
train_noisy = noise.gaussian(digits.x_train, 0.5, rng)
stale = dense(2)
history = fit(stale, train_noisy, digits.x_train, **recipe)

# %%
def train_and_test(model):
    x_hat = run(model, train_noisy)
    return metrics.psnr(digits.x_train, x_hat), test_psnr(run(model, test_noisy))


both = {"drawn once": stale, "fresh": denoiser}
rows = [(name, *train_and_test(model)) for name, model in both.items()]
columns = ["noise", "training images, noise drawn once, dB", "test images, dB"]
show_table(columns, rows)
known = rows[0][1] - rows[1][1]
small_only = dict(unit=" dB", sizes=("small",))
claim("Drawn once: better on what it was trained on", known, at_least=3, **small_only)
gain = lower_end(run(stale, test_noisy), x_dense)
claim("Fresh: better on test images", gain, at_least=0.7, **small_only)

# %% [markdown]
# On the noisy images that it was trained on, the second network shines, because it has learned them by heart, noise and all; on test images it falls back.
# This is the memorising of lesson 03.
# Fresh noise makes 3,500 images last longer, and costs nothing but a random generator.
# (On the full data we do not claim it: there, 1,400 steps are two epochs, too few to learn anything by heart.)
#
# ## Pixels have neighbours
#
# A dense network does not know which pixels lie side by side.
# A **convolution** looks at a small window and uses the same weights wherever the window stands; lesson 06 takes it apart.
# Here is a network of convolutions that shrinks the image twice by two and then grows it back.
# It is trained on the same images, in batches half as large, for 840 steps where the dense one had 1,400.

# %%
def convolutional(offset):
    set_seed(offset)
    shape = dict(padding="same", activation="gelu", kernel_initializer="he_normal")
    sizes = (24, 5, 2), (32, 3, 2), (32, 3, 1), (32, 3, 1)
    down = [layers.Conv2D(*size, **shape) for size in sizes]
    up = [layers.Conv2DTranspose(count, 4, strides=2, **shape) for count in (24, 12)]
    one_channel = [layers.Conv2D(1, 3, padding="same"), layers.Flatten()]
    image = [layers.Input((784,)), layers.Reshape((28, 28, 1))]
    return Sequential(image + down + up + one_channel)


# %% [markdown]
# **Predict before you run:** this network has less than a twentieth of the dense network's weights.
# Better or worse?

# %%
from lessonlib import show

conv = convolutional(3)
counts = denoiser.count_params(), conv.count_params()
show("weights, dense and convolutional", counts)
conv_recipe = dict(steps=840, rate=3e-3, batch_size=50)
history = fit(conv, digits.x_train, corrupt=spoil, **conv_recipe)

# %% mystnb={"image": {"alt": "Horizontal bars of PSNR in decibels, from the noisy image at the top through four filters, PCA and ridge regression to the dense and the convolutional denoiser, which is the longest."}}
x_conv = run(conv, test_noisy)
bars = {"nothing": test_psnr(test_noisy)}
bars |= {name: test_psnr(x_hat) for name, x_hat in all_restored.items()}
bars["convolutional"] = test_psnr(x_conv)
plots.bar_plot(bars, x_label="PSNR on noisy test images, dB",
               title="At noise 0.5 the convolutional denoiser comes out best")

# %%
over_filters, over_linear = gain_over(restored, x_conv), gain_over(linear, x_conv)
claim("Convolutional over the best filter", over_filters, at_least=3, unit=" dB")
claim("Convolutional over PCA and ridge", over_linear, at_least=1.3, unit=" dB")
over_all = min(over_filters, over_linear, lower_end(x_dense, x_conv))
claim("Convolutional over all the others", over_all, at_least=0.6, unit=" dB")

# %% [markdown]
# Better, with less than a twentieth of the weights.
# Two things have changed: this network knows that neighbours belong together, and its middle holds 7 x 7 x 32 = 1,568 numbers instead of 128.
# A denoiser can afford that, since copying is no answer to noise.
# The price is time, since each weight is used at dozens or hundreds of places.
#
# ## Why it must learn the shape of the data
#
# What does a perfect denoiser answer?
# Many clean images could have led to the same noisy one.
# If the answer is judged by its squared error, the best one is the *mean* of all those clean images, each weighted by how probable it is given the noisy one: the **posterior mean**.
# No network can do better on average, and one whose error is close to the least possible must have come near it.
#
# In the plane we can see it all.
# The clean points lie on a half circle, the noise is Gaussian with standard deviation 0.2, nothing is clipped, and the network has two inputs and two outputs.

# %%
def arc(angle):
    return np.column_stack([np.cos(angle), np.sin(angle)])


def shaken(points):
    return points + rng.normal(0, 0.2, points.shape)


set_seed(4)
bent = [layers.Dense(64, "gelu"), layers.Dense(64, "gelu")]
small_denoiser = Sequential([layers.Input((2,)), *bent, layers.Dense(2)])
on_arc = arc(rng.uniform(0, np.pi, 4_000))
history = fit(small_denoiser, on_arc, steps=2_400, rate=3e-3, corrupt=shaken)

# %% [markdown]
# **Predict before you run:** put a net of points over the plane and join each to where the denoiser moves it.
# What pattern will the lines make?
# What about points near the centre of the circle, equally far from every point of the arc?

# %% mystnb={"image": {"alt": "A net of dots in the plane, each joined by a thin line to a square. Outside and inside the half circle the lines point towards it, and the squares gather along a half circle; the squares from dots near its centre stop short of the arc."}}
across, up = np.meshgrid(np.linspace(-1.4, 1.4, 15), np.linspace(-0.3, 1.4, 9))
net = np.column_stack([across.ravel(), up.ravel()])
plots.moves(net, small_denoiser(net).numpy(), labels=("input", "output"),
            title="The denoiser moves points towards the arc")

# %% [markdown]
# Output minus input is an arrow at every point of the plane, a **vector field**, and it leads back to the arc.
# For a number, take 2,000 noisy points that are at least 0.1 away from the arc, and the cosine between each arrow and the direction to the nearest point of the arc: 1 means straight there, 0 at a right angle.
# For comparison we can compute the posterior mean itself, since in the plane we know all clean points there are: weight each of them, $c$, by $\exp(-\|x - c\|^2 / 2 \sigma^2)$, where $x$ is the noisy point and $\sigma$ = 0.2, and average.

# %%
clean = arc(np.linspace(0, np.pi, 500))
points = shaken(arc(rng.uniform(0, np.pi, 4_000)))
squares = ((points[:, None] - clean) ** 2).sum(axis=2)
away = np.flatnonzero(squares.min(axis=1) > 0.1**2)[:2_000]
points, squares = points[away], squares[away]

# %%
nearest = clean[squares.argmin(axis=1)]
weights = np.exp(-squares / (2 * 0.2**2))
bayes = weights @ clean / weights.sum(axis=1, keepdims=True)


# %%
def cosine(ends, other_ends):
    one, two = ends - points, other_ends - points
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(two, axis=1)
    return ((one * two).sum(axis=1) / lengths).mean()


# %%
output = small_denoiser(points).numpy()
show("posterior mean against nearest point, cosine", cosine(bayes, nearest))
claim("Arrows point to the arc, mean cosine", cosine(output, nearest), at_least=0.85)
claim("... and to the posterior mean", cosine(output, bayes), at_least=0.9)
apart = np.linalg.norm(output - bayes, axis=1).mean()
way = np.linalg.norm(points - bayes, axis=1).mean()
claim("Distance to the posterior mean, over the input's", apart / way, at_most=0.3)

# %% [markdown]
# The network was never told about an arc, nor about nearest points.
# It was asked to undo noise, and to undo it one has to know where the data are.
# There is an exact statement behind the picture.
# For Gaussian noise of variance $\sigma^2$ the posterior mean minus the input equals $\sigma^2$ times the gradient of $\log p$, where $p$ is the density of the *noisy* points (Miyasawa, 1961; for denoising autoencoders Vincent, 2011; Alain and Bengio, 2014, for the limit of small noise).
# The arrows point uphill, towards where data are likely.
# (Our digits' noise is clipped, so for them this holds only roughly.) Diffusion models, which draw images from nothing, follow such arrows.
#
# Note also what the posterior mean is not: it is not the nearest clean point, nor a clean point at all.
# From the centre of the circle it leads to (0, 0.64), the middle of all points of the arc, though training hardly ever showed such an input.
# Between several answers it takes the middle.
# That is why restored digits are blurred where the noise leaves a choice.
#
# ## What breaks: a network that was never asked
#
# An autoencoder squeezes images through a few numbers.
# Noise does not fit through, one reads, so even an autoencoder that was trained on clean images should clean up noisy ones.
# We take the same network for the same number of steps, and train it as in lesson 02: clean in, clean out.
#
# **Predict before you run:** what will the noise cost it: a little, about as much as PCA-128, or more?

# %%
plain = dense(5)
history = fit(plain, digits.x_train, **recipe)

# %%
def pca_128(rows):
    axes = pca.components_[:128]
    return ((rows - pca.mean_) @ axes.T @ axes + pca.mean_).clip(0, 1)


ways = {"PCA-128, fitted on clean": pca_128,
        "network, trained on clean": partial(run, plain),
        "network, trained to denoise": partial(run, denoiser)}
both = digits.x_test, test_noisy
rows = [(name, *[test_psnr(way(x)) for x in both]) for name, way in ways.items()]
show_table(["128 numbers in the code", "clean images, dB", "noisy images, dB"], rows)

# %%
x_plain = run(plain, test_noisy)
cost = test_psnr(run(plain, digits.x_test)) - test_psnr(x_plain)
claim("Trained on clean: noise costs it", cost, at_least=8, unit=" dB")
tempting = lower_end(run(denoiser, digits.x_test), run(plain, digits.x_test))
claim("On clean images it is ahead of the denoiser", tempting, at_least=2, unit=" dB")
behind = lower_end(x_plain, pca_128(test_noisy))
claim("PCA-128 is ahead of it by", behind, at_least=0.3, at_most=5, unit=" dB")
gain = lower_end(x_plain, x_dense)
claim("Repair: asked to denoise, it gains", gain, at_least=3, unit=" dB")

# %% [markdown]
# About as much as PCA, if not more.
# (Look at the first column: the network is behind PCA-128 on clean images already, so noise is not to blame for the whole distance.) The narrow code did not help: it was never asked to keep the digit and drop the noise, and so it does not.
# Note how the wrong test would have misled us: on clean images, the network that was trained on clean ones is better than the denoiser.
#
# ## What breaks: another amount of noise
#
# Our denoisers have met one amount of noise in their lives.
# Now we test them at others.
#
# **Predict before you run:** noise of 0.1 is an easier task than 0.5.
# How many decibels does the dense denoiser gain there, over leaving the image alone?

# %%
levels = np.arange(1, 11) / 10
noisy_at = [noise.gaussian(digits.x_test, level, rng) for level in levels]
mild = run(denoiser, noisy_at[0])
claim("On mild noise the dense denoiser does harm", lower_end(mild, noisy_at[0]),
      at_least=2, at_most=6, unit=" dB")

# %% [markdown]
# None: it makes the image worse.
# At 0.5 it had to guess much of each digit, and it goes on guessing where it could simply have looked.
# The repair is to show it what it will meet: each batch gets a noise level of its own, between 0 and 1.
# We draw a number evenly between 0 and 1 and square it, so that mild noise, which the sum of squares hardly notices, comes often.
# We repair the convolutional network, whose twin trained at 0.5 serves as control, and do not tell it the level.
# As rival, ridge regression is fitted anew for *each* level.

# %%
def any_level(rows):
    return noise.gaussian(rows, rng.uniform(0, 1) ** 2, rng)


all_levels = convolutional(6)
history = fit(all_levels, digits.x_train, corrupt=any_level, **conv_recipe)


# %%
def ridge_at(level):
    return ridge(partial(noise.gaussian, sd=level, rng=rng), penalty=10, draws=2)


ways = {"nothing done": lambda x: x, "dense, at 0.5": partial(run, denoiser),
        "convolutional, at 0.5": partial(run, conv),
        "convolutional, 0 to 1": partial(run, all_levels)}
at_level = {name: [way(x) for x in noisy_at] for name, way in ways.items()}
fitted = [ridge_at(level)(x) for level, x in zip(levels, noisy_at)]
at_level["ridge, for each level"] = fitted

# %% mystnb={"image": {"alt": "PSNR against the standard deviation of the noise from 0.1 to 1 for five ways. Doing nothing begins high at 0.1 and falls below all others. The dense denoiser trained at 0.5 is flat up to 0.4. The convolutional one trained on all levels is above its twin at both ends; ridge regression fitted for each level is highest at 0.1 and behind the convolutional ones later."}}
lines = {name: list(map(test_psnr, images)) for name, images in at_level.items()}
plots.line_plot(levels, lines, x_label="standard deviation of the noise",
                y_label="PSNR on test images, dB",
                title="Trained on many levels, it no longer does harm")

# %%
repaired, narrow = at_level["convolutional, 0 to 1"], at_level["convolutional, at 0.5"]
ahead = min(lower_end(*pair) for pair in zip(noisy_at, repaired))
claim("Repaired: ahead of nothing at every level by", ahead, at_least=0.4, unit=" dB")
for place, noise_is in (0, "mild"), (-1, "strong"):
    claim(f"Repaired, over its twin trained at one level, {noise_is} noise",
          lower_end(narrow[place], repaired[place]), at_least=0.3, unit=" dB")

over_ridge = lower_end(fitted[4], repaired[4])
claim("At the middle level, repaired over ridge", over_ridge, at_least=0.3, unit=" dB")

# %% [markdown]
# Now it is ahead of leaving the image alone at each of the ten levels, and ahead of its twin at both ends.
# Part of the harm was the dense network's own: the convolutional one that was trained at 0.5 does less of it.
# And there is a price.
# A model that must be ready for everything, and has to judge the level from the image, is no specialist: look at 0.5, where the twin is better, and at 0.1, where ridge regression that was told the level is.
# One network for all levels is convenient; it is not the best at each.
#
# ## Other damage, same recipe
#
# Nothing in the recipe knows about noise.
# Whatever we can do to an image, we can ask a network to undo.
# Two examples: a grey square of 10 x 10 pixels, at a random place in the middle part of the image (**inpainting**), and an image of which only the means of 2 x 2 pixels are left, 14 x 14 in all (**super-resolution**).

# %%
def punch(rows):
    images = rows.reshape(-1, 28, 28).copy()
    for image, (top, left) in zip(images, rng.integers(4, 15, (len(images), 2))):
        image[top:top + 10, left:left + 10] = 0.5
    return images.reshape(rows.shape)


def shrink(rows):
    return rows.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4))


def coarse(rows):
    return shrink(rows).repeat(2, axis=1).repeat(2, axis=2).reshape(rows.shape)


# %% [markdown]
# The rivals: for the hole, the mean training image in place of the grey; for the small image, **bicubic** interpolation, which draws smooth curves through the pixels; and for both, ridge regression with the best of three penalties.
# Outside the hole the pixels are known, so for all methods we put them back.
#
# **Predict before you run:** how much better than ridge regression will the network fill a hole?

# %%
def rival(corrupt, draws):
    given = corrupt(digits.x_valid)
    models = [ridge(corrupt, penalty, draws) for penalty in (1, 10, 100)]
    return max(models, key=lambda model: metrics.psnr(digits.x_valid, model(given)))


def put_back(x_hat):
    return np.where(holes == 0.5, x_hat, holes)


holes, small_images = punch(digits.x_test), coarse(digits.x_test)
filled = put_back(digits.x_train.mean(axis=0))
bicubic = ndimage.zoom(shrink(digits.x_test), (1, 2, 2), mode="nearest", grid_mode=True)
bicubic = bicubic.reshape(-1, 784).clip(0, 1)
ridge_holes = put_back(rival(punch, 4)(holes))
ridge_small = rival(coarse, 1)(small_images)

# %%
inpainter, enlarger = dense(7), convolutional(8)
history = fit(inpainter, digits.x_train, corrupt=punch, **recipe)
history = fit(enlarger, digits.x_train, corrupt=coarse, **conv_recipe | dict(steps=560))

# %% mystnb={"image": {"alt": "Five rows of twelve test digits: with a grey square; the network's answer, in which strokes run on where the square was, with smears in the right half; coarse blocks, 14 by 14; the network's smooth enlargement; clean."}}
x_filled, x_enlarged = put_back(run(inpainter, holes)), run(enlarger, small_images)
seen = rng.permutation(len(digits.x_test))[:6]
worst = np.argsort(metrics.psnr_per_image(digits.x_test, x_filled))[:6]
seen = np.concatenate([seen, worst])
pictures = {"hole": holes, "filled in": x_filled, "coarse": small_images,
            "enlarged": x_enlarged, "clean": digits.x_test}
plots.image_rows({name: x[seen] for name, x in pictures.items()},
                 title="Holes filled, images enlarged: six at random, the six worst")

# %%
rows = [("hole", holes, filled, ridge_holes, x_filled),
        ("14 x 14", small_images, bicubic, ridge_small, x_enlarged)]
table = [(name, *map(test_psnr, images)) for name, *images in rows]
show_table(["damage", "as it is", "simple repair", "ridge", "network"], table)
gain = lower_end(ridge_holes, x_filled)
claim("Hole: network over ridge", gain, at_least=0.4, unit=" dB")
gain = lower_end(ridge_small, x_enlarged)
claim("14 x 14: network over ridge", gain, at_least=0.4, unit=" dB")

# %% [markdown]
# The same idea, and both networks are ahead of a linear method that was trained on the same damage.
# (One is dense and one convolutional, so the two gains do not compare the tasks.) The hole shows once more what kind of answer this is.
# Where the rest of the digit tells what is missing, the stroke is continued.
# Where it does not, among the worst six, you find smears of several answers, and perhaps a digit that has become another one.
#
# ## Is the code any better?
#
# Vincent and others (2008), who gave denoising autoencoders their name, wanted codes, not clean images: a network that sees through noise should describe what matters.
# We can check, since two of our networks differ only in the noise on their input and the random start: the same layers, the same images, the same steps, 128 numbers in the code.
# PCA stands beside them.
# A **linear probe**, a linear classifier on the code, tells how easily the digit can be read off it.
#
# **Predict before you run:** on clean test images, is the digit read more easily off the denoiser's code or off the plain one's?
# And on noisy test images?

# %%
def probes(encode):
    code, code_test = encode(digits.x_train), encode(digits.x_test)
    labels = dict(labels=digits.y_train, labels_test=digits.y_test)
    probe = partial(metrics.linear_probe, **labels)
    draws = [dict(per_class=10, seed=draw) for draw in range(5)]
    few = [probe(code, code_test=code_test, **draw) for draw in draws]
    noisy = probe(encode(train_noisy), code_test=encode(test_noisy))
    return 100 * np.array([np.mean(few), probe(code, code_test=code_test), noisy])


# %%
def principal(count):
    return lambda x: (x - pca.mean_) @ pca.components_[:count].T


encoders = {"raw pixels": lambda x: x, "PCA-128": principal(128),
            "PCA-40": principal(40), "plain": lambda x: plain.layers[0](x).numpy(),
            "denoising": lambda x: denoiser.layers[0](x).numpy()}
accuracy = {name: probes(encode) for name, encode in encoders.items()}
columns = ["test accuracy in %, read off", "clean, 100 labels", "clean, all labels",
           "noisy, all labels"]
show_table(columns, [(name, *row) for name, row in accuracy.items()])

# %%
few, all_labels, noisy = accuracy["denoising"] - accuracy["plain"]
show("Denoising over plain, 100 labels", few, unit=" points")
show("Denoising over plain, all labels", all_labels, unit=" points")
claim("Denoising over plain, noisy images", noisy, at_least=3, unit=" points")

# %% [markdown]
# On noisy images the denoiser's code is clearly better than the plain one.
# (In the last column the probe was trained on noisy images as well, so that only the code is on trial.) But look at PCA-40 before you praise it: forty principal components do as well, or better, so much of the gain is that noise was thrown away, not that something deeper was learned.
# On clean images we make no claim, with few labels or with all: the probe itself is uncertain by about one point on 1,000 test images, and the difference varies from one random start to the next.
# And raw pixels, all 784 of them, are no bad code for a linear classifier.
# Lesson 06 puts codes to harder tests.
#
# ## What we found
#
# - At noise 0.5 on test images, the dense denoiser is at least 2.2 dB ahead of the best filter, corrected, and at least 0.7 dB ahead of PCA and ridge regression.
#   The convolutional one, with less than a twentieth of the weights, leads by at least 3 and 1.3 dB.
#   All with 95 % confidence over the test images.
# - Fresh noise in each batch beats noise that is drawn once, although the latter looks far better on its own training images.
# - In the plane, the denoiser's arrows point to the set of clean points, and end near the posterior mean.
# - A network trained on clean images loses to PCA with as many numbers when it is given noisy ones.
#   On clean images it would have looked better than the denoiser.
# - A denoiser trained at one level of noise may do harm at another.
#   Trained on all levels, it is ahead of doing nothing at each of ten, and ahead of its twin for mild and for strong noise.
# - The same recipe fills holes and enlarges small images, each better than ridge regression.
# - On noisy images the digit is read more easily off the denoising code than off a plain network's of the same size and budget.
#   On those noisy images forty principal components serve as well; we show that and do not claim it.
#
# Next comes [lesson 05](05_sparse_autoencoders.ipynb): can a code be larger than its input and still mean something?
#
# ## Exercises
#
# **04.1** Write `decibels_won(x, x_noisy, x_hat)`: by how many decibels the restored images `x_hat` are better than the noisy ones, on average over the images.
# All three have shape (n, 784).

# %%
from lessonlib import check


def decibels_won(x, x_noisy, x_hat):
    return None  # your code here


check("04.1", decibels_won)

# %% [markdown]
# <details><summary>A hint</summary>
#
# The mean squared error of each image is a mean over `axis=1`.
# Turn each into decibels, subtract, and average last.
# Try `decibels_won(digits.x_test, test_noisy, x_conv)` and compare with the bars.
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
# def decibels_won(x, x_noisy, x_hat):
#     before = ((x - x_noisy) ** 2).mean(axis=1)
#     after = ((x - x_hat) ** 2).mean(axis=1)
#     return (10 * np.log10(before / after)).mean()
#
#
# check("04.1", decibels_won)
# ```
#
# Averaging the errors first gives another number, in which the images with the largest errors count most.
#
# </details>
#
# **04.2** A scanner with a bad contact loses whole lines.
# Write `lose_lines(rows, count, rng)`: given images as rows of 784 pixels, it returns them with `count` of the 28 lines of each image set to 0, other lines in each image, drawn from the generator `rng`.
# Then train with `corrupt=lambda rows: lose_lines(rows, 5, rng)`, and see whether a denoiser can put the lines back.

# %%
def lose_lines(rows, count, rng):
    return None  # your code here


check("04.2", lose_lines)

# %% [markdown]
# <details><summary>A hint</summary>
#
# `punch` above has the same shape: copy, reshape to (n, 28, 28), go through the images, reshape back.
# `rng.permutation(28)[:count]` names `count` different lines.
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# from lessonlib import check
#
#
# def lose_lines(rows, count, rng):
#     images = rows.reshape(-1, 28, 28).copy()
#     for image in images:
#         image[rng.permutation(28)[:count]] = 0
#     return images.reshape(rows.shape)
#
#
# check("04.2", lose_lines)
# ```
#
# The copy matters: without it the clean images would be damaged as well, and the network would learn to give the damage back.
#
# </details>
#
# **04.3** The best denoiser of all, if only finitely many clean points exist, all equally likely: write `posterior_mean(noisy, clean, sd)`, with `noisy` of shape (n, d), `clean` of shape (m, d), and unclipped Gaussian noise of standard deviation `sd`.
# It returns shape (n, d).
# It must also work for d = 784, where the distances are large.
# Then try it with the training images as the clean points: `posterior_mean(test_noisy[:200], digits.x_train, 0.5)` beside `x_conv[:200]`.
# Is it ahead of the network on those test images?
# If not, what does the network know that this formula does not?

# %%
def posterior_mean(noisy, clean, sd):
    return None  # your code here


check("04.3", posterior_mean)

# %% [markdown]
# <details><summary>A hint</summary>
#
# The section on the arc has the formula.
# For many pixels `np.exp` of minus some thousand is 0, and 0 divided by 0 is not a number.
# What happens to the weights if you subtract the same number from all squared distances of one noisy point?
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
# def posterior_mean(noisy, clean, sd):
#     squares = (noisy**2).sum(axis=1)[:, None] - 2 * noisy @ clean.T + (clean**2).sum(axis=1)
#     squares = squares - squares.min(axis=1, keepdims=True)
#     weights = np.exp(-squares / (2 * sd**2))
#     return weights @ clean / weights.sum(axis=1, keepdims=True)
#
#
# check("04.3", posterior_mean)
# ```
#
# On the digits most of the weight falls on one training image, so the answer is close to another image of the training set, and the network is ahead.
# The formula is right for images that are *in* the list (and for noise that is not clipped); the network has learned something about what lies between them.
#
# </details>

# %% [markdown]
# ## Sources
#
# - P. Vincent, H. Larochelle, Y. Bengio and P.-A. Manzagol, *Extracting and composing robust features with denoising autoencoders*, ICML (2008), and, with I. Lajoie, *Stacked denoising autoencoders*, Journal of Machine Learning Research 11 (2010): the method, and its three kinds of damage.
# - K. Miyasawa, *An empirical Bayes estimator of the mean of a normal population*, Bulletin of the International Statistical Institute 38 (1961): the posterior mean from the density of the noisy points.
# - P. Vincent, *A connection between score matching and denoising autoencoders*, Neural Computation 23 (2011), and G. Alain and Y. Bengio, *What regularized auto-encoders learn from the data-generating distribution*, Journal of Machine Learning Research 15 (2014): the arrows.
# - B. Efron and R. Tibshirani, *An Introduction to the Bootstrap* (1993): the intervals.
# - G. Alain and Y. Bengio, *Understanding intermediate layers using linear classifier probes*, arXiv 1610.01644 (2016).
