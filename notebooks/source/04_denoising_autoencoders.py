# ---
# jupyter:
#   lesson:
#     memory: 1500
#     yields: a denoiser beside rivals that had a fair chance, a slider for the noise, and what its answers know about the data
#     exercises: decibels won; lost lines, put back by a network of your own; the posterior mean
# ---

# %% [markdown]
# # 04 Denoising autoencoders
#
# **Can a network restore a test image whose clean version it has never seen?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/04_denoising_autoencoders.ipynb)
#
# Needs: [lesson 03](03_two_ways_to_learn_nothing.ipynb), and [lesson 02](02_stacked_autoencoders.ipynb).
# Time: about 2 minutes of computing on two cores, an hour of reading.
#
# At the end you will be able to
#
# - turn a network that copies into one that restores, with one more argument,
# - give its rivals, from a blur to ridge regression, a fair chance,
# - say what a denoiser's answer is, and why it points back to the data,
# - catch a denoiser that does harm, and repair it.

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
# ## One line of difference
#
# Lesson 03 met a network that looked perfect and knew nothing: its code was wider than the image, and it copied whatever it was shown.
# One repair was a narrow code, which leaves no room for copying.
# Here is another, and it needs no narrow code at all: **spoil the input, and ask for the clean image.**
# Whoever copies now, copies the dirt.
#
# Our dirt is Gaussian noise.
# Each pixel gets a random number added, of standard deviation 0.5, and what leaves the range from 0 to 1 is **clipped** to it.

# %% mystnb={"image": {"alt": "Two rows of twelve handwritten digits. Above they are clean; below they lie under heavy grey grain, dark grey where the background was black, and can only just be read."}}
from lessonlib import claim, data, live, metrics, noise, plots, restoring
from lessonlib.training import fit, generator, outputs, set_seed

digits = data.load_mnist(valid=500).flat
x_train, x_valid, x_test = digits.x_train, digits.x_valid, digits.x_test
rng = generator()


def corrupt(images):
    return noise.gaussian(images, 0.5, rng)


x_noisy = corrupt(x_test)  # drawn once: all are judged by the same noisy images
plots.image_rows({"clean": x_test, "noisy": x_noisy}, "Digits, and what is left")

# %% [markdown]
# The network is lesson 03's copying machine, with GELU for ReLU and a sigmoid at its end: 784 pixels, a code of 1,024 numbers, 784 pixels.

# %% mystnb={"image": {"alt": "A noisy digit and, to its right, the network: a bar for 784 pixels, a taller one for a code of 1,024 numbers, and again one for 784 pixels."}}
from keras import Sequential, layers


def build(*widths):
    set_seed()
    bent = dict(activation="gelu", kernel_initializer="he_normal")
    hidden = [layers.Dense(width, **bent) for width in widths]
    return Sequential([layers.Input((784,)), *hidden, layers.Dense(784, "sigmoid")])


plots.network(build(1024), "The code is wider than the image", 1, image=x_noisy[3])

# %% [markdown]
# We train it twice, and there is **one line of difference**.
# `corrupt` is called on each batch, on the input alone, and draws fresh noise every time; the target stays clean.

# %%
copier = build(1024)
history = fit(copier, x_train, steps=700, rate=1e-2)

# %%
denoiser = build(1024)
history = fit(denoiser, x_train, steps=700, rate=1e-2,
              corrupt=corrupt)

# %% [markdown]
# Now the test that matters: noisy *test* images.
# Neither network has seen these digits, nor this noise.
#
# **Predict before you run:** what will come back: (a) clean digits from both, (b) dirt from the copier, and clean digits from the denoiser, or (c) a blur from both?

# %% mystnb={"image": {"alt": "Four rows of twelve digits: original, noisy, copier, denoiser. The copier's are ragged blots full of holes and specks. The denoiser's are smooth strokes on black; among the last six, its worst, some strokes are missing or have become those of another digit."}}
seen = {"noisy": x_noisy, "copier": outputs(copier, x_noisy),
        "denoiser": outputs(denoiser, x_noisy)}
plots.random_and_worst(x_test, seen, "Asked to copy, asked to clean: 6 random, 6 worst")

# %% [markdown]
# (b), and with a code that is wider than the image.
# The copier does not even copy the dirt well: it has only ever met digits.
# Look at the six worst as well, on the right.
# They are not noisy: they are smooth, and partly wrong, since a denoiser fills in what is *usual*.
# Keep that in mind before you let one touch a medical image.
#
# How good is it, in numbers?
# Restored images are measured in decibels: the **peak signal-to-noise ratio**, PSNR, is $-10 \log_{10}$ of an image's mean squared error.
# If every pixel is off by 0.1, that is 20 dB.
# Three decibels more mean half the squared error, ten decibels a tenth of it.
#
# And beware of the wrong test: much published code hands *clean* test images to its denoiser, and admires how clean they come out.
# By that test our copier was ten to twelve decibels ahead when we tried, and yet it cannot clean.
#
# ## Who else can do it?
#
# A method deserves rivals that try, and there is a trap to clear away first.
# Clipping cuts off all noise below 0, so a black pixel comes out dark grey on average, and a white one light grey.

# %% mystnb={"image": {"alt": "A cloud of dots: noisy grey against clean grey, both from 0 to 1, dense along the bottom and the top edge, where values were clipped. A line through the means rises from 0.2 at black to 0.8 at white, flatter than the dashed diagonal."}}
import numpy as np

grey = np.linspace(0, 1, 3_000)
plots.cloud(grey, corrupt(grey), {"unspoiled": grey}, fit="their mean", label="a pixel",
            x_label="clean grey", y_label="noisy grey", title="Clipping greys black")

# %% [markdown]
# A blur averages faithfully, and keeps that grey.
# It would look bad for a reason that has nothing to do with noise.
# And our network has a secret help: it ends in a sigmoid, a curve that pushes nearly black to black, and nearly white to white.
# So everybody gets a **correction** of that kind: of all curves from grey to grey that never fall, the one that brings the answers closest to the clean images.
# And whoever has a setting gets the best of several.
# `Trial` finds both, on 500 validation images with noise of their own.
#
# Two rivals know nothing about digits: a **median filter** takes the median of each pixel's neighbourhood, a **Gaussian blur** a weighted mean.
# Two know digits *and* are asked to denoise.
# **Ridge regression** finds the best linear map: it sees every training image under eight draws of the noise, with the clean image as its target.
# And our network with its hidden layer taken out is trained as the denoiser is; what it lacks must be what the code is good for.

# %%
from sklearn.linear_model import Ridge

x_many = np.tile(x_train[:10_000], (8, 1))  # all, unless the data are the full ones
many_noisy = np.concatenate([corrupt(part) for part in np.array_split(x_many, 8)])
ridges = [Ridge(penalty).fit(many_noisy, x_many) for penalty in (10, 100, 1_000)]
del many_noisy  # the largest table of the lesson
no_code = build()
history = fit(no_code, x_train, steps=700, rate=1e-2, corrupt=corrupt)

# %% [markdown]
# And our copier stands for all networks that were trained on clean images alone.
# As it expects clean images, it is handed noisy ones on which black is black and white is white, on average.
#
# **Predict before you run:** the noisy images have 9.4 dB, the corrected blur will have about 17.6, and ridge regression about 18.3.
# Where will the denoiser end: (a) below ridge regression, (b) less than a decibel above it, or (c) far above, beyond 21?

# %% mystnb={"image": {"alt": "Horizontal bars of PSNR on noisy test images: left alone 9.4, corrected only 12, median filter 15.5, blur 17.6; the copier, never asked to denoise, 15; ridge regression 18.3; the network without hidden layer 18.1; the denoiser 18.7, the longest."}}
trial = restoring.Trial(x_valid, corrupt(x_valid), x_noisy)
restored = {"left alone": x_noisy, "corrected only": trial.best(restoring.blur, [0]),
            "median filter": trial.best(restoring.median, [3, 5]),
            "blur": trial.best(restoring.blur, [0.8, 1, 1.2, 1.4]),
            "copier": trial.best(outputs, [copier], expects_clean=True),
            "ridge regression": trial.best(Ridge.predict, ridges),
            "no hidden layer": trial.best(outputs, [no_code]),
            "denoiser": trial.best(outputs, [denoiser])}
bars = {name: metrics.psnr(x_test, x_hat) for name, x_hat in restored.items()}
plots.bar_plot(bars, x_label="PSNR, dB", title="The denoiser is ahead, and not by much")

# %%
def gain(before, after):
    return metrics.paired_psnr_gain(x_test, before, after).low


claim("Ridge regression, asked to denoise and corrected, restores to 18.3 dB",
      bars["ridge regression"], at_least=18.1, kind="rival", unit=" dB")
claim("A corrected blur, the better of two filters, restores to 17.6 dB",
      bars["blur"], at_least=17.3, kind="rival", unit=" dB")

# %%
*others, ours = restored.values()
claim("The denoiser is ahead of all seven, of the nearest by four tenths of a decibel",
      min(gain(one, ours) for one in others), at_least=0.25, at_most=0.6, unit=" dB")
claim("The same network, never asked to denoise, is over two decibels behind a blur",
      gain(restored["copier"], restored["blur"]), at_least=2, at_most=3.5, unit=" dB")

# %% [markdown]
# (b).
# So, to the question at the top: yes, it can, a little better than what is simple.
# As in lesson 03, a claim about a gain is about the lower end of its 95 % interval over the test images.
#
# Now read the bars from the top.
# The correction alone is worth nearly three decibels; whoever grants it to one method alone has won them for nothing.
# The network that was never asked does worse than a simple blur: nobody told it what noise is.
# The blur, in turn, is little more than a decibel behind the denoiser, and it has never seen a digit.
# Ridge regression comes nearest: it knows digits, was asked, and was ready in a second.
# What our network can do beyond that is worth four tenths of a decibel, a tenth of the squared error, and its hidden layer is what makes the difference: without it, it is behind ridge regression.
#
# How easily it could look larger!
# With a straight line for a correction, when we tried, the blur lost two decibels and ridge regression one, and the denoiser, which has its own sigmoid, lost nothing.
# It seemed three decibels better than a blur, and most of that was the work of a curve.
# And a stronger rival would have won: thirty ridge regressions, one for each of thirty kinds of digit, each asked as far as it fits the image, have 18.9 to 19.3 dB.
# The network saves us from inventing that; it is not beyond it.
#
# <details><summary>How the settings were chosen, and who else was tried</summary>
#
# On validation images the denoiser reaches 18.6, 18.7 and 18.5 dB at rates of 0.004, 0.01 and 0.016; 18.4 with 512 units, 18.8 with 2,048 in 500 steps, 18.9 with 1,000 steps.
# Without a hidden layer it has 17.2, 18.1 and 17.3 at rates of 0.003, 0.01 and 0.03.
# With a code of 128 between two layers of 512 it comes to 18.0, and to 18.4 in twice the steps: here a narrow code only hurts.
# Ridge regression has 18.2 with four draws and 18.4 with eight, and hardly notices its penalty; endless draws, for which there is a formula, give it less than a tenth more.
# The thirty regressions come from such formulas, for thirty groups by k-means; each is weighted by the likelihood of the noisy image in its group, and the better the more this is softened.
# PCA of clean images was never asked either, and has 17.6 with 60 numbers, as much as the blur.
# The rest was measured with a straight line for correction.
# PCA of the *noisy* images with a regression on its numbers has 17.2 with 60 of them, 17.3 with 80 and 17.4 with 120, and so arrives at ridge regression, which had 17.5.
# "Noise does not fit through a narrow code", one reads; but networks that were never asked have 14.4 to 14.9 with codes of 8, 16, 32, 64 and 128 numbers between layers of 512, and the copier 15.1.
# Handed noisy images as they are, they have 10.6 to 14.4, and PCA with 60 numbers has 15.6 in place of 16.8.
#
# </details>
#
# ## What a denoiser knows
#
# What would a perfect denoiser answer?
# Many clean images could have led to the same noisy one.
# If the answer is judged by its squared error, the best one is the mean of all of them, each weighted by how probable it is given what was seen: the **posterior mean**.
# A network that comes close to the least possible error must come close to that.
#
# In the plane we can see it all.
# The clean points lie on a half circle, the noise has standard deviation 0.2, nothing is clipped, and the network has two inputs and two outputs.
# As all the clean points are known here, the posterior mean can be computed: weight each clean point $c$ by $\exp(-\|x - c\|^2 / 2 \sigma^2)$, where $x$ is the noisy one, and average.

# %%
def arc(angle):
    return np.column_stack([np.cos(angle), np.sin(angle)])


def shake(points):
    return points + rng.normal(0, 0.2, points.shape)


def best_answer(noisy, clean, sd):
    squares = ((noisy[:, None] - clean) ** 2).sum(axis=2)
    weights = np.exp(-squares / (2 * sd**2))
    return weights @ clean / weights.sum(axis=1, keepdims=True)

# %%
set_seed()
hidden = [layers.Dense(64, "gelu"), layers.Dense(64, "gelu")]
small = Sequential([layers.Input((2,)), *hidden, layers.Dense(2)])
clean_points = arc(rng.uniform(0, np.pi, 4_000))
history = fit(small, clean_points, steps=1_200, rate=6e-3, corrupt=shake)

# %% [markdown]
# **Predict before you run:** at each point of a grid we draw an arrow from where it is to where the network puts it.
# From the centre of the circle, equally far from every point of the arc, will it lead (a) to some point on the arc, (b) nowhere, or (c) towards the arc, and not all the way?

# %% mystnb={"image": {"alt": "Two panels of arrows on a grid over a half circle, one by the network, one by the posterior mean. In both the arrows point to the arc from inside and outside and end near it. The one from the centre of the circle, alone at the bottom, stops well short of the arc."}}
# Eight by five points, and the centre.
grid = np.append(np.mgrid[-1.3:1.3:8j, 0.28:1.4:5j].reshape(2, -1).T, [[0, 0]], axis=0)
whole_arc = arc(np.linspace(0, np.pi, 200))
plots.arrows(grid, {"network": outputs(small, grid),
                    "posterior mean": best_answer(grid, whole_arc, 0.2)},
             title="Nobody told it of an arc; its arrows lead there", curve=whole_arc)

# %%
points = shake(arc(rng.uniform(0, np.pi, 2_000)))
ideal = best_answer(points, whole_arc, 0.2)
missed = np.linalg.norm(outputs(small, points) - ideal, axis=1).mean()
claim("From the centre, it stops well short of the arc, which is 1 away",
      np.linalg.norm(outputs(small, np.zeros((1, 2)))), at_least=0.2, at_most=0.75)
claim("The network's arrows miss the posterior mean by less than a third of their way",
      missed / np.linalg.norm(points - ideal, axis=1).mean(), at_most=0.3)

# %% [markdown]
# (c).
# The network was asked to undo noise, and for that one has to know where the data are.
# From the centre it could be any point of the arc, and the answer is the middle of them all, which is *not* on the arc.
# The network stops shorter still: hardly any of its training points lay out there.
# Between several answers a denoiser takes the mean, and that is why restored digits are soft where the noise leaves a choice.
#
# Such a field of arrows has an exact meaning.
# For Gaussian noise of variance $\sigma^2$, the posterior mean minus the input is $\sigma^2$ times the gradient of $\log p$, where $p$ is the density of the *noisy* points.
# So **the arrows point uphill, to where noisy points are denser.**
# It is called Tweedie's formula: H. Robbins printed one of this kind in 1956 and credited it to M. Tweedie; K. Miyasawa proved it for Gaussian noise in 1961.
# A later lesson builds on it.
#
# ## What breaks: another amount of noise
#
# Our denoiser has met one amount of noise in its life.
# Surely less is easier?
#
# **Predict before you run:** at a standard deviation of 0.1 the noisy images have nearly 23 dB.
# After our denoiser they have (a) some decibels more, (b) about as many, or (c) some decibels less?

# %%
levels = np.linspace(0.1, 1, 10)
# A generator that begins anew gives the same grain at each level, only stronger.
noisy_at = [noise.gaussian(x_test, level, generator()) for level in levels]
denoised_at = [outputs(denoiser, x) for x in noisy_at]
claim("On mild noise, our denoiser is four to five decibels worse than doing nothing",
      gain(denoised_at[0], noisy_at[0]), at_least=3.5, at_most=5.5, unit=" dB")

# %%
greyed = outputs(denoiser, 0.2 + 0.6 * noisy_at[0])  # 0.2 is what black was to it
claim("Handed a greyed image instead, it is some three decibels better",
      gain(denoised_at[0], greyed), at_least=2.4, at_most=3.8, unit=" dB")

# %% [markdown]
# (c), it does harm.
# The larger part has an odd reason: its blacks had always been dark grey, and true black is new to it.
# Squeeze the image from 0 to 1 into 0.2 to 0.8, as the cloud of dots above suggests, and most of the harm goes.
# The rest is guessing: at 0.5 it had to guess much of each digit, and it goes on where it could simply have looked.
#
# **The repair** is to show it what it will meet.
# Each image gets an amount of noise of its own, from 0 to 1; the network is not told which.
# Mild noise adds little to the error, so we let it come often, by taking the cube of a random number.
# Beside it we draw what can be had without a network: a blur, with the best width and curve for each level, which it *is* told.

# %%
def corrupt_any(images):
    amounts = rng.uniform(0, 1, (len(images), 1)) ** 3  # one for each image
    return (images + amounts * rng.normal(size=images.shape)).clip(0, 1)


all_levels = build(1024)
history = fit(all_levels, x_train, steps=700, rate=1e-2, corrupt=corrupt_any)

# %% mystnb={"image": {"alt": "PSNR against the standard deviation of the noise from 0.1 to 1. Doing nothing begins at 23 and falls steeply to 6. A corrected blur begins at 29, above all, and is below both networks from 0.5 on. The denoiser trained at 0.5 begins at 18, below doing nothing. The one trained at all levels begins a little above doing nothing and falls slowly."}}
mended_at = [outputs(all_levels, x) for x in noisy_at]
valid_at = [noise.gaussian(x_valid, level, rng) for level in levels]
trials = [restoring.Trial(x_valid, *noisy) for noisy in zip(valid_at, noisy_at)]
blurred_at = [each.best(restoring.blur, [0.4, 0.6, 0.8, 1, 1.2]) for each in trials]
ways = {"nothing": noisy_at, "corrected blur": blurred_at,
        "trained at 0.5": denoised_at, "trained at all": mended_at}
lines = {name: [metrics.psnr(x_test, x) for x in at] for name, at in ways.items()}
plots.line_plot(levels, lines, x_label="noise, standard deviation", y_label="PSNR, dB",
               title="Trained at all levels it does no harm, yet a blur may be better")

# %%
claim("Trained at all levels, the network does no harm at 0.1",
      gain(noisy_at[0], mended_at[0]), at_least=0.3, unit=" dB")
claim("At 0.5 it is ahead of a blur that is made for that level",
      gain(blurred_at[4], mended_at[4]), at_least=0.3, unit=" dB")
claim("At 0.1 the corrected blur restores to 29 dB",
      metrics.psnr(x_test, blurred_at[0]), at_least=28.5, kind="rival", unit=" dB")

# %% [markdown]
# The harm is gone, and from 0.5 on the network is ahead of the blur, although nobody tells it the level.
# But up to 0.3 the blur wins, at 0.1 by five decibels, and it knows no digit.
# It passes a nearly clean pixel on nearly as it is, while in our networks each pixel has to go through the code.
# There is another price.
# One network for all levels has to judge from the image how noisy it is, and is no specialist: look at 0.5, where its twin is a little ahead.
# And ridge regression made for each level is ahead of this network at all five where we tried it, at 0.5 by a tenth.
# Convenient is not the same as best.
#
# <details><summary>What else was tried</summary>
#
# On validation images, at levels 0.1 and 0.5, this network has 23.9 and 18.3 dB.
# With a square in place of the cube it has 23.4 and 18.4, or 23.7 and 18.5 at a rate of 0.006, and with neither 21.9 and 18.4.
# One level for each *batch*, instead of each image, was clearly worse: 20.9 and 17.7 with the square, which is harm again.
# A network with a gate for each pixel, which may let the input through, reaches 27.2 at 0.1, and has 17.7 at 0.5.
# The correction alone is worth 4.4 dB at 0.1, and was worth 1.4 as a straight line.
# Ridge regression made for each level, with endless draws and corrected, has 29.4, 24.7, 22.0, 18.4 and 14.8 dB at 0.1, 0.2, 0.3, 0.5 and 1: it is ahead of the repaired network at each of these levels.
#
# </details>
#
# ### Play: turn the noise up
#
# One digit and one grain, from a fifth of the noise that our first denoiser knows to twice as much.
# Where do *you* lose the digit, and where do they?

# %% mystnb={"image": {"alt": "Four rows of ten images of a 3 under more and more noise: left as it is; blurred and corrected, a soft 3 between clouds in the end; from the denoiser trained at 0.5, too fat at first; from the one trained at all levels. Both networks show a 3 nearly to the end."}}
frames = {name: np.stack([x[23] for x in at]) for name, at in ways.items()}
plots.image_rows(frames, "From little noise to more than you can read")  # change the 23

# %%
live.frames(frames, "amount of noise")

# %% [markdown]
# And now *your* digit.
# A network that is to fit into a page has to be small, so this one has a code of 96.
# Draw, turn the noise up, and see how far it follows you.

# %%
pocket = build(96)
fit(pocket, x_train, steps=500, rate=1.5e-2, corrupt=corrupt_any, quiet=True)
live.pad(pocket, None, x_test[:12], noise=1.0)

# %% [markdown]
# ## From noise alone
#
# The arrows point to where the data are.
# What if we start from noise with *no* digit in it, and follow them?
# We let the repaired network answer, add fresh noise, a little less each time, and let it answer again.

# %% mystnb={"image": {"alt": "Four rows of twelve images, from the first answer to the 21st. First pale clouds, then blurred strokes, then bright ones. In the last row some can be read as digits; the others are fragments."}}
x, answers = noise.gaussian(np.full((12, 784), 0.5), 1, rng), []
for step in range(21):
    answers.append(outputs(all_levels, x))
    x = noise.gaussian(answers[-1], 1 - step / 20, rng)

plots.image_rows({f"answer {n}": answers[n - 1] for n in (1, 4, 8, 21)},
                 title="From noise alone, something like digits")

# %% [markdown]
# The first answers are pale pieces of several digits: between so many possibilities, the network takes the middle.
# Then they make up their minds.
# Some of the last row would pass for digits, and nobody wrote them; others belong to no alphabet.
# The fresh noise matters: without it the network soon finds nothing left to clean, and what remains are crumbs.
# Diffusion models draw in this way, with better networks and better arithmetic, and a later lesson takes it up.
#
# ## Another damage, and a rival who knows
#
# Nothing in the recipe is about noise.
# Whatever we can do to an image, we can ask a network to undo.
# Let us cut out a square of 10 x 10 pixels, at a random place (**inpainting**).
# The hole is marked with -1, a value that no pixel has, so the network can see where it is.

# %%
def cut_out(images):
    return restoring.punch(images, rng)


inpainter = build(512, 512)
history = fit(inpainter, x_train, steps=700, rate=6e-3, corrupt=cut_out)

# %% [markdown]
# Ridge regression, trained on such images, is one rival, and it is handed a map of the hole besides.
# But it is linear, with the same weights for all images: it is told where the hole is, and cannot act on it.
# Another rival can.
# Suppose that digits came from a Gaussian with the mean $\mu$ and the covariance $C$ of the training images.
# Then the pixels in the hole $h$, given the others $o$, have a mean that is a formula: $\mu_h + C_{ho} C_{oo}^{-1} (x_o - \mu_o)$.
# `restoring.fill` computes it.
#
# Outside of the hole the pixels are known, so all get them back.
# We judge by the course's error, a sum over pixels, which is then that of the hole alone.
#
# **Predict before you run:** ridge regression leaves an error of 12, and the network one of about 8.
# And the formula: (a) 12 again, (b) about 10, or (c) about 8?

# %%
holed, spoiled = cut_out(x_test), cut_out(x_many[:10_500])
ridge = Ridge(30).fit(np.hstack([spoiled, spoiled < 0]), x_many[:10_500])
guesses = {"ridge": ridge.predict(np.hstack([holed, holed < 0])),
           "formula": restoring.fill(x_train, holed),
           "network": outputs(inpainter, holed)}
# %% mystnb={"image": {"alt": "Five rows of twelve digits: with a grey square; ridge regression's, with gaps and smears; the formula's and the network's, in which strokes run on through the square, a little soft; original."}}
filled = {name: np.where(holed < 0, x, holed).clip(0, 1) for name, x in guesses.items()}
rows = {"hole": np.where(holed < 0, 0.5, holed)} | filled | {"original": x_test}
plots.image_rows(rows, title="Formula and network carry strokes across; ridge cannot")

# %%
left = {name: metrics.squared_error(x_test, x_hat) for name, x_hat in filled.items()}
claim("Told where the hole is, a Gaussian formula leaves an error of about 8",
      left["formula"], at_most=8.9, kind="rival")
claim("In the hole the network leaves three tenths less error than ridge regression",
      1 - left["network"] / left["ridge"], at_least=0.24, at_most=0.36)
claim("The network and the formula leave the same error in the hole, to within a tenth",
      left["network"] / left["formula"], at_least=0.9, at_most=1.1)

# %% [markdown]
# (c): the network's triumph over ridge regression is one over a rival with its hands tied.
# Untie them, and a mean, a covariance and a formula that is older than computers do as well.
# (For noise that is not clipped, the formula would be ridge regression itself with endless draws: there the damage is alike everywhere, and one matrix serves for all images.)
# So before you praise a network, ask **what its rival was not allowed to do.**
#
# <details><summary>A sceptic's questions</summary>
#
# *Was the network well chosen?*
# On validation images, with rates of 0.004 and 0.008: 8.3 and 8.3 with two layers of 512 and 700 steps, 8.1 with 1,000 steps; 8.5 with a single layer of 1,024; 8.0 with 1,024 and 512.
# The formula had 8.2 there, with 0.01 added to the variances, the best of five amounts.
# So a larger network would win by a hair; we did not test whether that is more than chance.
#
# *What does the map do for ridge regression?*
# Little: 11.8 in place of the 12.3 that it has with a plain grey hole.
# It sees each image with three holes, and gains nothing from twelve.
# Weights that depend on which pixels are missing would not be linear in pixels and map.
#
# *And the nearest training images?*
# The mean of all of them, weighted by how well they fit the pixels that are seen, leaves 8.7.
#
# </details>
#
# ## What we found
#
# - Spoil the input, ask for the clean image, and a network whose code is wider than the image no longer copies: it restores test images that it has never seen.
# - With the same kind of correction and the best settings for everyone, the denoiser is ahead of seven rivals, and of the nearest by four tenths of a decibel only.
# - The same network, never asked to denoise, does worse than a blur.
# - In the plane, the denoiser's arrows lead to the data, and end near the posterior mean.
#   Between several answers it takes the middle.
# - Trained at one level of noise, it did harm at a milder one, four to five decibels of it, most of them because true black was new to it.
#   Trained at all levels it did none, and was ahead of a corrected blur at 0.5; at 0.1 the blur was far ahead.
# - In a hole, the network leaves three tenths less error than ridge regression, and no less than a Gaussian formula that knows where the hole is.
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
# Try `decibels_won(x_test, x_noisy, restored["denoiser"])` and compare with the bars.
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
# Write `train(x)`, which gets 4,000 clean digits of shape (4000, 784) and returns a network that puts lost lines back.
# The check takes digits that your network has never seen, sets 7 of the 28 lines of each to black, other lines in each image, and asks for the clean ones.
# The damaged images have an error of 22.
# Ridge regression that was trained for the task leaves 9.3, or about 7 if the pixels that are not black, and so are known, are put back; the check puts back nothing, for nobody.
# Get below 8.5; half a minute is enough.

# %%
def train(x):
    return None  # your code here


check("04.2", train)

# %% [markdown]
# <details><summary>A hint</summary>
#
# The damage is a function of a batch: copy, reshape to (n, 28, 28), go through the images, reshape back.
# `rng.permutation(28)[:7]` names seven different lines.
# The rest is `build` and `fit`.
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# from keras import Sequential, layers
#
# from lessonlib import check
# from lessonlib.training import fit, generator, set_seed
#
#
# def train(x):
#     set_seed()
#     rng = generator()
#
#     def lose_lines(images):
#         damaged = images.reshape(-1, 28, 28).copy()
#         for image in damaged:
#             image[rng.permutation(28)[:7]] = 0
#         return damaged.reshape(-1, 784)
#
#     network = Sequential([layers.Input((784,))])
#     network.add(layers.Dense(512, "gelu", kernel_initializer="he_normal"))
#     network.add(layers.Dense(784, "sigmoid"))
#     fit(network, x, steps=700, rate=1e-2, corrupt=lose_lines)
#     return network
#
#
# check("04.2", train)
# ```
#
# It leaves an error of 7.4 when we try it, and 4.2 with the known pixels put back.
# Try it without `corrupt`: such a network hands the black lines back.
# `fit` hands you a copy of the images; anywhere else you need your own, as here.
#
# </details>
#
# **04.3** The best denoiser of all, if only finitely many clean points exist, all equally likely: write `posterior_mean(noisy, clean, sd)`, with `noisy` of shape (n, d), `clean` of shape (m, d), and unclipped Gaussian noise of standard deviation `sd`.
# It returns shape (n, d).
# In the plane `best_answer` does it; but yours must also work for images, d = 784, where the distances are large, and there `best_answer` fails.
# Then try it with the training images as the clean points: `posterior_mean(x_noisy[:200], x_train, 0.5)` beside `restored["denoiser"][:200]`, both judged by `metrics.psnr(x_test[:200], ...)`.
# There `noisy[:, None] - clean` would fill two gigabytes: expand the square, $\|x\|^2 - 2 x \cdot c + \|c\|^2$.
# Is it ahead of the network?
# If not, what does the network know that this formula does not?

# %%
def posterior_mean(noisy, clean, sd):
    return None  # your code here


check("04.3", posterior_mean)

# %% [markdown]
# <details><summary>A hint</summary>
#
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
# On the digits most of the weight falls on one training image, so the answer is close to another image of the training set, and the network is ahead: the formula has 15.4 dB.
# With the same correction and the best of several `sd` it has 17.0, still behind.
# The formula is right for images that are *in* the list, and for noise that is not clipped; the network has learned something about what lies between them.
#
# </details>

# %% [markdown]
# ## Further, if you like
#
# <details><summary>Turn these knobs</summary>
#
# - Another kind of damage, `noise.masking(images, 0.5, rng)` or `noise.salt_and_pepper(images, 0.3, rng)`: which filter is the better one now, and why?
# - Draw the noise once, `fit(build(1024), corrupt(x_train), x_train, ...)`: the network learns it by heart.
#   How far is it ahead on those very images, and how far behind on test images?
# - Leave the fresh noise out: in "From noise alone", let the network answer its own answer, `x = answers[-1]`.
#   And with the denoiser that knows one level only?
#
# </details>
#
# ## Sources
#
# - P. Vincent, H. Larochelle, Y. Bengio and P.-A. Manzagol, *Extracting and composing robust features with denoising autoencoders*, ICML (2008), and, with I. Lajoie, *Stacked denoising autoencoders*, Journal of Machine Learning Research 11 (2010): the method.
# - H. Robbins, *An empirical Bayes approach to statistics*, Proceedings of the Third Berkeley Symposium 1 (1956), and K. Miyasawa, *An empirical Bayes estimator of the mean of a normal population*, Bulletin of the International Statistical Institute 38 (1961): the posterior mean from the density of the noisy points.
# - P. Vincent, *A connection between score matching and denoising autoencoders*, Neural Computation 23 (2011), and G. Alain and Y. Bengio, *What regularized auto-encoders learn from the data-generating distribution*, Journal of Machine Learning Research 15 (2014): the arrows.
# - Y. Bengio, L. Yao, G. Alain and P. Vincent, *Generalized denoising auto-encoders as generative models*, NeurIPS (2013): denoise, add noise, and again.
# - B. Efron and R. Tibshirani, *An Introduction to the Bootstrap* (1993): the intervals.
