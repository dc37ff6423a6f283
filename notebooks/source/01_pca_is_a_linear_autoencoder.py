# ---
# jupyter:
#   lesson:
#     memory: 1400
#     yields: PCA in five lines, and a network that finds the same subspace; where a code was cut, and why there
#     exercises: PCA by hand; axes from reconstructions; train a linear autoencoder that finds its own mean
# ---

# %% [markdown]
# # 01 PCA is a linear autoencoder
#
# **What does the simplest possible autoencoder learn?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/01_pca_is_a_linear_autoencoder.ipynb)
#
# Needs: [lesson 00](00_start_here.ipynb); matrices, and roughly what an eigenvector is.
# Time: about 1 minute of computing on two cores, an hour of reading.
#
# At the end you will be able to
#
# - write principal component analysis in five lines and say what each does,
# - train a network that finds the same thing, and tell when it has not quite,
# - say what a linear code shares with the principal components, and what it does not,
# - find the place where a bent code was cut, and repair it.

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

lessonlib.start("01")

# %% [markdown]
# ## Sixteen numbers for a digit
#
# An image of 784 pixels is a point in a space of 784 dimensions.
# The 4,000 training digits are a cloud of points, and **principal component analysis** (PCA) asks: along which direction is the cloud longest?
# Along which, at right angles to the first, is it longest then?
# And so on.
# These directions are the **principal axes**.
# Say how far along each of the first sixteen a digit lies, and you have a code of sixteen numbers.
#
# The recipe has five lines.
# Subtract the mean image, so that the cloud is centred.
# Take the **singular value decomposition** (SVD) of the table of images: the rows of `vt` are the axes, longest first.
# To encode is to project on the axes; to decode is to walk back along them.

# %%
import numpy as np

from lessonlib import claim, data, live, metrics, neighbours, plots, show

digits = data.load_mnist().flat
mean_image = digits.x_train.mean(axis=0)
x_train = digits.x_train - mean_image
x_test = digits.x_test - mean_image

singular_values, vt = np.linalg.svd(x_train, full_matrices=False)[1:]
axes = vt[:16]
code = x_test @ axes.T  # the encoder
x_pca = code @ axes  # the decoder

# %% [markdown]
# An axis has as many entries as an image has pixels, so we can look at it.
# Mid-grey is zero, bright is positive, dark is negative.

# %% mystnb={"image": {"alt": "Twelve grey images. The first shows a ring and a stroke down its middle, one dark and one bright; the next look like blurred overlays of digits; later ones have finer and finer stripes."}}
plots.image_rows({"axes": axes}, title="Twelve axes, ever finer", signed=True)

# %% [markdown]
# The first axis asks: is this digit more of a ring, or more of a stroke down the middle?
# Which of the two is bright is chance, since an axis may be flipped.
# The later ones ask about finer and finer detail.
#
# Now let us put one digit together from the first 1, 2, 4, 8, ... 256 axes.
# Change the 3 into another digit, if you like, and run the cell again.

# %% mystnb={"image": {"alt": "Nine images of one digit: put together from 1, 2, 4, 8, 16, 32, 64, 128 and 256 axes, it grows from a smudge into a clear 3."}}
number = 3  # any digit
place = list(digits.y_test).index(number)  # the first of its kind
counts = [1, 2, 4, 8, 16, 32, 64, 128, 256]
drawn = [mean_image + x_test[place] @ vt[:k].T @ vt[:k] for k in counts]
plots.image_rows({"1 to 256": np.array(drawn)}, title="More axes, a clearer digit")

# %% [markdown]
# Where scripts run, turn the first eight of the sixteen numbers yourself, and watch the digit give way.

# %%
# The decoder: its weights, its bias, and no bend.
live.sliders([(axes, mean_image, "linear")], code, start=code[place])

# %%
pca_error = metrics.squared_error(x_test, x_pca)
claim("PCA-16 leaves an error of 22", pca_error, at_most=22.5, kind="rival")

# %% [markdown]
# That is the error of this course: the squared difference, summed over the pixels, on test images that the axes have not seen.
#
# ## The same thing as a network
#
# Look again at the two lines marked encoder and decoder: a matrix product there, a matrix product back.
# That *is* a network, with one linear layer in and one out.
# PCA computes its two matrices in closed form.
# Would training find them, if all it knows is the squared error?
#
# There is no bias, since the images are centred, and no activation, so that all stays straight.

# %%
from keras import Sequential, layers, regularizers

from lessonlib.training import each, fit, set_seed


def linear_autoencoder(decay=0.0):
    set_seed()  # each network begins from the same random numbers
    options = dict(use_bias=False, kernel_initializer="orthogonal")
    options["kernel_regularizer"] = regularizers.L2(decay)  # none, until we need it
    encoder = layers.Dense(16, **options)
    decoder = layers.Dense(784, **options)
    return Sequential([layers.Input((784,)), encoder, decoder])


# %% mystnb={"image": {"alt": "A tall bar for 784 pixels, a trapezium that narrows to a short bar of 16 numbers marked code, and a trapezium that widens again to 784 pixels."}}
plots.network(linear_autoencoder(), title="Two matrices and nothing else")

# %% [markdown]
# First we train it briefly: four times through the images, which is 160 steps.
#
# **Predict before you run:** the mean image has an error of 54 on the test images, PCA-16 one of 22.
# Will the network end (a) clearly below 22, (b) a few percent above it, or (c) half as high again?

# %%
def error_of(model, x):
    return metrics.squared_error(x, model.predict(x, verbose=0))


short = linear_autoencoder()
fit(short, x_train, steps=160, rate=5e-3)
ratio = error_of(short, x_test) / pca_error
claim("The network's error is within five percent of PCA's", ratio, at_most=1.05)

# %% [markdown]
# A few percent above.
# On the images that it was fitted to it could not be below: there PCA is the *best* straight code, which is a theorem (Eckart and Young, 1936).
# So the network has found what PCA finds, and we could go home.
#
# Could we?
#
# ## Same error, other direction
#
# Two people with the same income need not have the same job.
# Sixteen directions span a flat piece of image space, a **subspace**.
# PCA has one; the network has one, spanned by the rows of its decoder.
# Are they the same?
#
# Think of two sheets of paper in a room, both through one point.
# They always share a line, and along it the angle between them is 0°.
# At right angles to that line they part, here by 30°.
# These two are the **principal angles** of the two planes.
# Change the tilt and run the cell again.

# %% mystnb={"image": {"alt": "Two see-through planes in space, one blue and level, one orange and tilted. They share one line, marked 0 degrees; at right angles to it a short arc between the planes is marked 30 degrees."}}
tilt = 30  # degrees
slope = [0, np.cos(np.radians(tilt)), np.sin(np.radians(tilt))]
plots.tilted_planes([[1, 0, 0], [0, 1, 0]], [[1, 0, 0], slope],
                    title="Two planes share a line, and part across it")

# %% [markdown]
# Two subspaces of sixteen dimensions have sixteen such angles.
# If all are 0°, the subspaces are the same; the largest says how far the worst direction is off.
# Between two random ones, among 784 dimensions, it is nearly 90°.
#
# **Predict before you run:** our network's error is right to within a few percent.
# Is its worst direction off by (a) less than 1°, (b) about 5°, or (c) more than 30°?

# %%
def angles(model):
    return metrics.principal_angles(model.layers[-1].kernel.numpy(), axes)


off = angles(short)
claim("Yet its worst direction is off by 30° more than a typical one",
      off[0] - np.median(off), at_least=30, unit="°", sizes=["small"])

# %% [markdown]
# The worst of the sixteen directions points somewhere else altogether, some others are off by ten degrees or twenty, and the error hardly noticed.
# How can that be?
# Here is the variance of the cloud along its first thirty axes, which says how long it is in each direction.

# %% mystnb={"image": {"alt": "A falling curve of variance along axes 1 to 30: steep from 5 to 2 over the first five axes, then ever flatter, so that neighbours such as axes 16 and 17 have nearly the same variance."}}
variances = singular_values**2 / len(x_train)
plots.line_plot(range(1, 31), {"digits": variances[:30]}, x_label="principal axis",
                y_label="variance", title="The later axes differ little in length")
show("a swap costs, in percent", 100 * (variances[15] - variances[16]) / pca_error)

# %% [markdown]
# From axis 16 to axis 17 there is a step, but a small one beside an error of 22.
# Take axis 17 in the place of axis 16, a direction that is wrong by 90°, and the error rises by less than one percent.
# The loss is a valley with an almost level floor: training gets down to the floor quickly, and along it slowly.
#
# So the repair is patience: ten times the steps.
#
# <details><summary>How rate and steps were chosen</summary>
#
# On 500 validation images, cut from the training images, rates from 0.003 to 0.015 all came within 0.02 % of PCA's error in some 1,200 steps; we took one from the middle.
# The course's `fit` uses the optimiser Adam and lets the rate fall to zero.
# Plain gradient descent with momentum tells the same story, as long as its rate falls too: with a constant rate of 0.01 every direction keeps trembling by one or two degrees, since each batch pulls another way.
# On the full data one pass is 600 steps, so that `fit` cannot stop after 160, and there axes 16 and 17 are nearer still: the worst direction is off by some 11° at first and by some 2° after 1,800 steps.
# So the two angles are claimed on the small data only.
#
# </details>

# %% mystnb={"image": {"alt": "Two falling lines of 16 principal angles on a logarithmic axis. After 160 steps the first is tens of degrees and most are near one; after 1,600 steps all are below half a degree."}}
patient = linear_autoencoder()
fit(patient, x_train, steps=1_600, rate=5e-3)
lines = {"160 steps": angles(short), "1,600 steps": angles(patient)}
plots.line_plot(range(1, 17), lines, log=True, x_label="angle, largest first",
                y_label="degrees", title="With patience all directions come right")

claim("After 1,600 steps no direction is off by half a degree", angles(patient)[0],
      at_most=0.5, unit="°", sizes=["small"])

# %% [markdown]
# So the simplest autoencoder learns PCA's subspace, if you let it.
# The error could not tell us whether it had; the angle could.
# Keep the habit: when two models score the same, ask what else should be the same if they *are* the same.
#
# ## Same subspace, other axes
#
# Then what does the third number of the network's code stand for?
# PCA's third number is the position along the third axis.
# Let us put the network's sixteen directions, the rows of its decoder, beside PCA's axes.
#
# A third row shows a recipe for getting the axes back, the SVD of the decoder (Plaut, 2018).
# For a fourth we train once more with **weight decay**, a small price on the square of every weight.
# (The loss that the line shows includes that price.)

# %%
decayed = linear_autoencoder(decay=0.3)
history = fit(decayed, x_train, steps=1_600, rate=5e-3)

# %% mystnb={"image": {"alt": "Four rows of twelve grey images. PCA's axes go from coarse to fine. The network's directions and the SVD of its decoder are mixtures without order. The SVD with weight decay shows PCA's axes again, some with light and dark exchanged."}}
decoder = patient.layers[-1].kernel.numpy()
svd = np.linalg.svd(decoder, full_matrices=False)[2]
svd_decay = np.linalg.svd(decayed.layers[-1].kernel.numpy(), full_matrices=False)[2]
rows = {"PCA": axes, "network": decoder, "its SVD": svd, "SVD, decay": svd_decay}
plots.image_rows(rows, title="Weight decay brings the axes back", signed=True)

# %%
cosine = np.abs((svd * axes).sum(axis=1)).min()  # 1: the axis itself
cosine_decay = np.abs((svd_decay * axes).sum(axis=1)).min()
show("cosine of the worst axis, without decay and with it", (cosine, cosine_decay))
show("error with decay, over PCA's", error_of(decayed, x_test) / pca_error)
claim("Weight decay lifts the worst axis's cosine", cosine_decay - cosine, at_least=0.3)

# %% [markdown]
# The second row consists of mixtures, and nothing in the loss forbids them.
# Mix the sixteen numbers by any matrix that can be undone, undo it at the start of the decoder, and no pixel changes.
#
# The number compares axis with axis, each at its place in the order; it is 1 if they agree.
# Plaut wrote that the SVD of a linear decoder returns the axes; without decay it does not.
# The puzzle has been solved: his networks were trained with weight decay, as he mentions in passing, and Kunin and others (2019) proved that it is the decay that does it.
# A price on weights is lowest when the longest axes get the largest weights, so mixing is no longer free.
# It is not free for the error either, which rises by some percent.
# There is also a way back that needs no such price, and no look at the weights: exercise 01.2.
#
# Remember this when somebody explains what "unit 7" of an autoencoder stands for.
# In a linear one, trained on squared error alone, single numbers mean nothing; the subspace does.
#
# ## A line cannot follow a bend
#
# So far PCA could not be beaten, because its rival was straight as well.
# Now take data that are one-dimensional, *but not straight*: four columns, all computed from one hidden number $z$ between -5 and 5, namely $z^2$, $z^3$, $\sin z$ and $e^z$, each brought to standard deviation 1.
# If you know that $z$ is 2, you know the whole row.
# One number is enough, for whoever finds it.

# %% mystnb={"image": {"alt": "Four panels against z: z squared, z cubed, sin z and e to the z, each as a black line with PCA's reconstruction in orange dots. The dots have the same wavy shape in all four and follow none of the lines well."}}
from sklearn.decomposition import PCA

curve = data.make_curve(size=6_000).scaled
line = PCA(n_components=1).fit(curve.x_train)
x_line = line.inverse_transform(line.transform(curve.x_test))
plots.columns_against(curve.z_test, curve.x_test, x_line, curve.names,
                      title="One straight number gives all four columns one shape")

# %%
straight_errors = []
for numbers in (1, 2, 3):
    x_hat = metrics.pca_reconstruction(curve.x_train, curve.x_test, numbers)
    straight_errors.append(metrics.squared_error(curve.x_test, x_hat))
    show(f"error of PCA with {numbers} of 4 numbers", straight_errors[-1])

# %% [markdown]
# Now let encoder and decoder be small networks that bend, with two layers of 64 units each.
# Kramer had this idea in 1991, and called it *nonlinear* principal component analysis; statisticians knew such curves as *principal curves* (Hastie and Stuetzle, 1989).
# The code is still **one** number, and nobody tells the network about $z$.
#
# A random start may have good luck or bad.
# So we train three networks that differ in nothing else, and look at the middle one, as judged by 600 validation rows.
#
# **Predict before you run:** one straight number leaves an error of 1.83, two leave 0.56, three 0.024.
# Will one bent number be worth (a) between one and two straight ones, (b) about three, or (c) all four, with next to no error?

# %%
def bent_network(inputs, outputs):
    hidden = [layers.Dense(64, "gelu"), layers.Dense(64, "gelu")]
    return Sequential([layers.Input((inputs,))] + hidden + [layers.Dense(outputs)])


def bent_autoencoder(start):
    set_seed(start)
    return Sequential([bent_network(4, 1), bent_network(1, 4)])


# %%
starts = [1, 2, 3]
bent = []
for start in each(starts):
    bent.append(bent_autoencoder(start))
    fit(bent[-1], curve.x_train, steps=2_000, rate=1e-2, quiet=True)

valid_errors = [error_of(model, curve.x_valid) for model in bent]
middle = np.argsort(valid_errors)[1]  # neither the best nor the worst
bent_error = error_of(bent[middle], curve.x_test)
ratio = bent_error / straight_errors[1]
claim("One bent number has under a tenth of the error of PCA-2", ratio, at_most=0.1)

# %% [markdown]
# About three.
#
# But is that fair?
# Only our decoder may bend.
# So let us give PCA's single number the best decoder that we can think of, a **look-up table**: find the training rows whose numbers are nearest, and answer with their mean.
# How many rows, the validation rows decide.

# %%
looked_up = neighbours.look_up_error(line.transform, curve)
claim("PCA-1 with a look-up table leaves 0.39", looked_up, at_most=0.42, kind="rival")
claim("One bent number has under a fifth of the error of PCA-1 with a table",
      bent_error / looked_up, at_most=0.2)


def last_column(x):
    return x[:, 3:]


claim("The column $e^z$ alone, with a table, hardly errs at all",
      neighbours.look_up_error(last_column, curve), at_most=1e-4, kind="rival")

# %% [markdown]
# A bent decoder takes PCA's number a good part of the way, and not all of it: PCA gives one number to places that lie far apart on the curve, and no decoder can tell them apart.
#
# The last line is the sceptic's: is there no *better* straight number?
# There is, for whoever knows how the table was made: $e^z$ only ever rises with $z$, so the fourth column alone names every place.
# PCA does not find it, since it looks for variance.
# Nor does training: a straight encoder with our bent decoder, trained for as long, left between 0.3 and 0.7 when we tried.
# An encoder that bends was told no more than these, and comes close by itself.
#
# ## Where was it cut?
#
# The error is small.
# We have learned not to stop there.
#
# **Predict before you run:** has the network found $z$?
# Put the 600 test rows in the order of their codes, and draw each row's place in that order against its $z$.
# Will you see (a) one line that only rises, (b) one line with a few wiggles, or (c) several pieces?

# %% mystnb={"image": {"alt": "Four panels of a row's place against z. PCA's number rises, falls in the middle and rises again. In the networks' panels the points form three separate pieces, broken near minus 3 and 3, the middle one falling where the outer ones rise."}}
codes = {"PCA's number": line.transform(curve.x_test)}
for start, model in zip(starts, bent):
    codes[f"start {start}"] = model.layers[0].predict(curve.x_test, verbose=0)
plots.order_against(curve.z_test, codes, title="The networks cut the curve in three")

# %% [markdown]
# Pieces.
# That is odd: rows with different $z$ need different codes, and an encoder is continuous: it cannot jump, it can only be very steep.
# A continuous function of one number that never takes a value twice only rises or only falls.
# So a perfect code would be one line, and these networks have as good as torn the curve near -3 and near 3, with a very steep piece there, and glued it together with its middle the wrong way round.
#
# Why backwards?
# The left panel tells.
# PCA's number runs backwards in the middle too, and a bent network begins nearly straight.
# Where PCA gives one number to three places of the curve, training has to push these apart, and it cuts instead of turning the middle round.
#
# Why just there?
# With its middle reversed, the decoder has to jump from one end of the middle piece to the other, twice.
# A jump is cheap where the curve comes back near itself.
# So let us look for the two rows that are nearest to each other in space, among those that are at least 4 apart in $z$.
#
# <details><summary>How straight is the beginning, and is it always cut?</summary>
#
# The 4 is ours: with 3 the nearest pair is another one, within a single bend of the curve, at -2.9 and 0.1.
# After one pass through the data, 48 steps, a straight function of the four columns explains more than 99 % of the code's variance, and the code's order is PCA's (rank correlation 0.98).
# Of fifteen networks, from five seeds with three starts each, thirteen were cut at these two places, one was tangled in another way, and one found the order of $z$ by luck.
# That is why we look at the middle one of three.
# The rate was chosen on validation rows: 0.01 and 0.02 do equally well there, and 0.01 is steadier.
#
# </details>

# %%
pair = neighbours.nearest_strands(curve.x_train, curve.z_train, apart=4)
left, right = curve.z_train[pair]
show("the curve comes nearest to itself between z =", (left, right))

# %% mystnb={"image": {"alt": "A curve in space shaped like a loop with two long ends, twice. Coloured by z, the colours run along it evenly. Coloured by the network's code, the loop runs the other way, with hard changes of colour at both ends of a dashed line across the neck of the loop."}}
name = f"start {starts[middle]}"
panels = {"coloured by z": curve.z_test, f"by the code of {name}": codes[name]}
plots.curve_in_space(curve.x_test, panels, columns=[0, 2, 1], names=curve.names,
                     jump=curve.x_train[pair], title="Torn at the dashed line's ends")

# %% [markdown]
# The dashed line joins the two rows that we found.
# Left, the colours run along the curve.
# Right, they change abruptly at both ends of the dashed line, and only there.
# The search for near rows knows nothing of the network, and it names the places.
# (A colour is a row's place in the order, from dark to bright.)
#
# A jump has its price.
# The decoder is continuous too, so it has to race through empty space from one end to the other, and rows near both ends are drawn wrong.
# If our story is true, that is where the error lives.

# %% mystnb={"image": {"alt": "Error of each test row against z. It is close to zero nearly everywhere; near minus 3 and near 3 stand two groups of tall narrow peaks, which carry the mark of rows within half a unit of the two places."}}
x_hat = bent[middle].predict(curve.x_test, verbose=0)
row_errors = metrics.squared_error_per_image(curve.x_test, x_hat)
near = np.abs(curve.z_test[:, None] - [left, right]).min(axis=1) < 0.5
plots.points_against(curve.z_test, {name: row_errors}, marked=near[None],
                     mark_label="within 0.5 of the cuts", y_label="error of the row",
                     title="Nine tenths of the error, or more, sit at the two cuts")

share = row_errors[near].sum() / row_errors.sum()
claim("Nine tenths of the error, or more, sit at the two cuts", share, at_least=0.9)

# %% [markdown]
# ## Can it heal?
#
# Perhaps we only stopped too soon.
# So let the middle network train on, for twice as many steps as it has had.
#
# And let us try a repair.
# A network sees one row at a time, and never asks which rows are neighbours.
# **Isomap** (Tenenbaum and others, 2000) does.
# It walks from row to near row, measures how far apart any two are along such walks, and gives each row a number that keeps these distances.
# No walk takes the jump, since the next row along the curve is always nearer.
# We teach the encoder these numbers, and the decoder the way back, for 300 steps each.
# Then we forget them, and train the pair from there exactly as we trained the three.

# %%
from copy import deepcopy

from sklearn.manifold import Isomap

longer = deepcopy(bent[middle])  # so that this cell, run again, begins where it did
history = fit(longer, curve.x_train, steps=4_000, rate=3e-3)

isomap = Isomap(n_neighbors=12, n_components=1).fit(curve.x_train[:1_000])
walked = isomap.transform(curve.x_train)

guided = bent_autoencoder(starts[middle])
encoder, decoder = guided.layers
fit(encoder, curve.x_train, walked, steps=300, rate=1e-2)
fit(decoder, walked, curve.x_train, steps=300, rate=1e-2)
history = fit(guided, curve.x_train, steps=2_000, rate=1e-2)

# %% mystnb={"image": {"alt": "Two panels of a row's place against z. The network that was trained on still has three pieces, its middle one backwards. The network that began in the neighbours' order shows one straight line from corner to corner."}}
later = {"trained on": longer.layers[0].predict(curve.x_test, verbose=0)}
later["began in order"] = encoder.predict(curve.x_test, verbose=0)
plots.order_against(curve.z_test, later, title="A start in order heals the cut")

# %%
ratio = error_of(longer, curve.x_test) / error_of(guided, curve.x_test)
claim("Even trained on, a cut code has fifty times the error of one in order",
      ratio, at_least=50)
looked_up = neighbours.look_up_error(isomap.transform, curve)
claim("Isomap with a table hardly errs at all", looked_up, at_most=1e-4, kind="rival")

# %% [markdown]
# Training on makes the steep pieces steeper, and the error smaller.
# But the cuts stay where they are, and the middle still runs backwards.
# People are quick to call such a place a *local optimum*; we have measured less, and say so: three times the training did not lead out of it.
# On the way out, the middle piece would have to turn round, through codes that are worse.
#
# A start in order is the repair, and after it hardly any error is left.
# Be fair, though: the order is Isomap's merit, and any other start in order, from the column $e^z$ for example, would do.
# With a look-up table for a decoder its number leaves even less than our network; what the network adds is that it writes the order down, in some 9,000 weights, and needs the training rows no more.
#
# Keep this in mind when somebody reads meaning into a learned code.
# It may be excellent on average and still say nothing about the order of things.
#
# ## What we found
#
# - A linear autoencoder learns PCA's subspace: after 1,600 steps no direction is off by half a degree.
# - Its error says so too early: within five percent of PCA's, one direction was still off by more than 30°.
#   Equal errors do not prove equal solutions.
# - The numbers of its code are mixtures of the principal components.
#   The SVD of the decoder gives the axes back with weight decay, and not without.
# - On a bent curve one bent number has less than a tenth of the error of two straight ones, and less than a fifth of what PCA's number leaves with the best decoder that we found.
#   (A column that names every place would have done; nothing but the recipe tells which.)
# - The bent code was cut in three and glued together in the wrong order, where the curve comes nearest to itself; nine tenths of the error, or more, sit there.
# - Three times the training leaves the cut in place, with at least fifty times the error of a network that began in the order of the neighbours.
#
# Next comes [lesson 02](02_stacked_autoencoders.ipynb): does depth buy anything on digits that PCA cannot have?

# %% [markdown]
# ## Exercises
#
# **01.1** Write PCA as a function: `pca_by_hand(x_train, x_test, k)` returns the reconstruction of `x_test` from `k` numbers, with mean and axes learned from `x_train`.
# Here the data come uncentred.

# %%
from lessonlib import check


def pca_by_hand(x_train, x_test, k):
    return None  # your code here


check("01.1", pca_by_hand)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Five lines: the mean of `x_train`; the SVD of `x_train - mean`; the first `k` rows of `vt`; the code of `x_test - mean`; the way back.
# Which mean has to be added at the end?
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
# def pca_by_hand(x_train, x_test, k):
#     mean = x_train.mean(axis=0)
#     _, _, vt = np.linalg.svd(x_train - mean, full_matrices=False)
#     code = (x_test - mean) @ vt[:k].T
#     return code @ vt[:k] + mean
#
#
# check("01.1", pca_by_hand)
# ```
#
# The mean is something the model has learned, like the axes.
# Taking the test images' own mean would let them help to reconstruct themselves.
#
# </details>
#
# **01.2** Somebody hands you the reconstructions of a linear autoencoder, and neither its weights nor its data.
# Write `axes_of(x_hat, k)`, which returns the first `k` principal axes, one in a row, beginning with the one along which the images vary most; each row has length 1.
# Signs are free.

# %%
def axes_of(x_hat, k):
    return None  # your code here


check("01.2", axes_of)

# %% [markdown]
# <details><summary>A hint</summary>
#
# The reconstructions lie in the subspace already, and they know nothing of how the code was mixed.
# What did you do in 01.1 to find the axes of a cloud of points, and what came before the SVD?
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
# def axes_of(x_hat, k):
#     _, _, vt = np.linalg.svd(x_hat - x_hat.mean(axis=0), full_matrices=False)
#     return vt[:k]
#
#
# check("01.2", axes_of)
# ```
#
# </details>
#
# **01.3** Train a linear autoencoder of your own, with a code of 8 numbers.
# This time nobody subtracts the mean: `train(x_train)` is given 4,000 images as they are, between 0 and 1, and returns the trained model.
# The check judges it on unseen images: its error has to be within half a percent of PCA-8's, with at most 13,336 weights and biases, and nothing in it may bend.

# %%
def train(x_train):
    return None  # your code here


check("01.3", train)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Look at `linear_autoencoder` above, and think of what PCA does with the mean.
# Which part of a dense layer can add one image to every answer, whatever the code?
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# from keras import Sequential, layers
#
# from lessonlib import check
# from lessonlib.training import fit, set_seed
#
#
# def train(x_train):
#     set_seed()
#     encoder = layers.Dense(8, kernel_initializer="orthogonal")
#     decoder = layers.Dense(784, kernel_initializer="orthogonal")
#     model = Sequential([layers.Input((784,)), encoder, decoder])
#     fit(model, x_train, steps=1_200, rate=1e-2)
#     return model
#
#
# check("01.3", train)
# ```
#
# The biases do what centring does: the decoder's can learn the mean image, and the encoder's takes its code away.
# Leave them out, and one of the eight numbers has to stand in for the mean.
#
# </details>

# %% [markdown]
# ## Further, if you like
#
# <details><summary>One matrix for both ways: tied weights</summary>
#
# PCA goes there with `axes.T` and back with `axes`: one matrix, used twice.
# To **tie** the weights of a network is to use the encoder, transposed, as the decoder.
# Keras has no such layer, so the course brings one, `TiedDense`; it has half the weights, and the cell below trains it.
# Nothing is lost: for a decoder with directions of length 1 at right angles the best encoder is its transpose, and PCA's axes are such a decoder.
# In a network that bends this need not be so; lessons 05 and 07 meet one matrix for both ways again, as a start for training.
#
# </details>
#
# <details><summary>An autoencoder need not be a network</summary>
#
# Anything that makes a code and reads it back will do.
# Teach a decision tree to predict the row from the row: its code is the number of the leaf that a row falls into, its decoder looks up the mean of that leaf (Feng and Zhou, 2018, use forests of them).
# `DecisionTreeRegressor(max_leaf_nodes=256).fit(x, x)` is one with a code of eight bits, and on our curve it is hard to beat.
# Kernel PCA (Schölkopf and others, 1998) is another, and on our curve its first number is a disappointment: the direction of the largest variance among similarities is not the way along the curve.
# Try both, beside the network, with `metrics.squared_error`.
#
# </details>

# %%
from lessonlib.layers import TiedDense

set_seed()
tied = Sequential([layers.Input((784,)), TiedDense(16)])
fit(tied, x_train, steps=800, rate=5e-3)
show("weights, untied and tied", (patient.count_params(), tied.count_params()))
ratio = error_of(tied, x_test) / pca_error
claim("Tied, half the weights come within 2 % of PCA's error", ratio, at_most=1.02)

# %% [markdown]
# ## Sources
#
# - C. Eckart and G. Young, *The approximation of one matrix by another of lower rank*, Psychometrika 1 (1936): why no straight code with a straight decoder beats PCA.
# - H. Bourlard and Y. Kamp, *Auto-association by multilayer perceptrons and singular value decomposition*, Biological Cybernetics 59 (1988), and P. Baldi and K. Hornik, *Neural networks and principal component analysis: learning from examples without local minima*, Neural Networks 2 (1989): the linear autoencoder is PCA.
# - A. Björck and G. Golub, *Numerical methods for computing angles between linear subspaces*, Mathematics of Computation 27 (1973).
# - E. Plaut, *From principal subspaces to principal components with linear autoencoders*, arXiv 1804.10253 (2018): the SVD of the decoder.
# - D. Kunin, J. Bloom, A. Goeva and C. Seed, *Loss landscapes of regularized linear autoencoders*, ICML (2019): why that needs weight decay; the note `erratum.md` in their repository, danielkunin/Regularized-Linear-Autoencoders, adds that Plaut did mention it.
# - M. Kramer, *Nonlinear principal component analysis using autoassociative neural networks*, AIChE Journal 37 (1991): one bent number, with smaller networks of this kind.
# - E. Malthouse, *Limitations of nonlinear PCA as performed with generic neural networks*, IEEE Transactions on Neural Networks 9 (1998): what a continuous code cannot do.
# - T. Hastie and W. Stuetzle, *Principal curves*, Journal of the American Statistical Association 84 (1989): curves through the middle of a cloud.
# - J. Tenenbaum, V. de Silva and J. Langford, *A global geometric framework for nonlinear dimensionality reduction*, Science 290 (2000): Isomap.
# - B. Schölkopf, A. Smola and K.-R. Müller, *Nonlinear component analysis as a kernel eigenvalue problem*, Neural Computation 10 (1998).
# - J. Feng and Z.-H. Zhou, *AutoEncoder by forest*, AAAI (2018): trees as autoencoders.
