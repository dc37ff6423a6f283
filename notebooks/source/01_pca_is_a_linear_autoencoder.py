# ---
# jupyter:
#   lesson:
#     memory: 1457
#     yields: PCA in five lines, and a network that finds the same subspace; where straight codes must fail
#     exercises: PCA by hand; axes from reconstructions; bits of a code
# ---

# %% [markdown]
# # 01 PCA is a linear autoencoder
#
# **What does the simplest possible autoencoder learn?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/01_pca_is_a_linear_autoencoder.ipynb)
#
# Needs: [lesson 00](00_start_here.ipynb); matrices, and roughly what an eigenvector is.
# Time: about 2 minutes of computing on two cores, an hour of reading.
#
# At the end you will be able to
#
# - write principal component analysis in five lines and say what each does,
# - train a network that finds the same thing, and tell when it has not quite,
# - say what a linear code shares with the principal components, and what it does not,
# - recognise data on which every straight code must fail, and pick something that bends.

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
# ## PCA, by hand
#
# An image of 784 pixels is a point in a space of 784 dimensions.
# The 4,000 training digits are a cloud in it, and **principal component analysis** (PCA) asks: along which direction is the cloud longest?
# Along which, at right angles to the first, is it longest then?
# And so on.
# These directions are the **principal axes**.
# Keep the first $k$, describe each image by its $k$ positions along them, its **principal components**, and you have a code.
#
# The recipe is short.
# Subtract the mean image, so that the cloud is centred.
# Take the **singular value decomposition** (SVD) of the centred table, $X = U S V^\top$.
# The rows of $V^\top$ are the axes, longest first.
# Encoding is a projection on the axes, decoding walks back along them: with 16 axes, 784 numbers become 16 and then 784 again.

# %%
import numpy as np

from lessonlib import data

digits = data.load_mnist().flat
x_train = digits.x_train - digits.x_train.mean(axis=0)
x_test = digits.x_test - digits.x_train.mean(axis=0)

_, singular_values, vt = np.linalg.svd(x_train, full_matrices=False)
axes = vt[:16]
code = x_test @ axes.T
x_pca = code @ axes

# %% [markdown]
# Nothing is hidden in there, and the well-kept library agrees.
# (scikit-learn's default solver is a fast approximation on tables of this size; we ask for the exact one, since we are about to measure small angles.)

# %%
from sklearn.decomposition import PCA

from lessonlib import claim

pca = PCA(n_components=16, svd_solver="full").fit(digits.x_train)
x_library = pca.inverse_transform(pca.transform(digits.x_test))
difference = np.abs(x_pca + pca.mean_ - x_library).max()
claim("By hand = scikit-learn, to", difference, at_most=1e-4, kind="identity")

# %% [markdown]
# The axes have as many entries as an image has pixels, so each can be drawn as one.
# Mid-grey is zero, bright is positive, dark is negative.

# %% mystnb={"image": {"alt": "Twelve grey images. The first shows a ring and a stroke down its middle, one dark and one bright; the next look like blurred overlays of digits; later ones have finer and finer stripes."}}
from lessonlib import plots

plots.image_rows({"axes 1 to 12": axes}, title="The first principal axes", signed=True)

# %% [markdown]
# The first axis asks whether an image is more of a ring or more of a stroke down the middle; which of them is bright is chance, since an axis may be flipped.
# The later ones ask about finer detail.
# Adding some of each to the mean image, with the right weights, gives the reconstruction.
#
# **Predict before you run:** the mean image alone has an error of 54.2.
# How many axes does it take to halve that?
# To bring it down to 5?

# %% mystnb={"image": {"alt": "Line falling from about 49 at one number to about 1 at 256 numbers; the horizontal axis is in powers of two. It passes 27 between 8 and 16, and 5 between 64 and 128."}}
from lessonlib import metrics, show

sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256]
errors = [metrics.squared_error(x_test, x_test @ vt[:k].T @ vt[:k]) for k in sizes]
plots.line_plot(sizes, {"PCA": errors}, x_label="numbers in the code", log_x=True,
                y_label="error on test images", title="Test error of PCA")
pca_16 = metrics.squared_error(x_test, x_pca)
claim("PCA-16 leaves an error of some 22", pca_16, at_most=22.5, kind="rival")

# %% [markdown]
# Between 8 and 16 axes halve the error, and it takes more than 64 to reach 5: each step to the right in the figure doubles the code, so the early axes carry most and the later ones ever less.
# We stay with sixteen, and PCA-16's error is the number to match.
# (Lesson 00 clipped PCA's answers to the range of a pixel, which lowers their error a little; here all stays linear.)
#
# ## The same thing as a network
#
# Look at the code and the reconstruction above again: a matrix product to the code, a matrix product back.
# That *is* a network, with one linear layer in and one out.
# PCA computes its matrices in closed form.
# Would gradient descent find them, if all it knows is the squared error?
#
# We build it in Keras: no bias, since the data are centred; no activation, so that all stays linear.

# %%
from keras import Sequential, layers

from lessonlib.training import set_seed


def linear_autoencoder():
    set_seed()  # each model begins from the same random numbers
    linear = dict(use_bias=False, kernel_initializer="orthogonal")
    to_code, back = layers.Dense(16, **linear), layers.Dense(784, **linear)
    return Sequential([layers.Input((784,)), to_code, back])


# %% [markdown]
# We train with two classics, stochastic gradient descent (SGD; Robbins and Monro, 1951) and momentum (Polyak, 1964), at a small learning rate, for 60 epochs.
#
# **Predict before you run:** can the network do better than PCA-16?
# Worse?
# By how much?

# %%
from keras import optimizers

from lessonlib.training import Progress, batches, sum_of_squares

train = batches(x_train)


def train_with(optimizer, model):
    model.compile(optimizer, sum_of_squares, steps_per_execution=len(train))
    model.fit(train, epochs=60, verbose=0, callbacks=[Progress()])
    return model


def excess(model):
    # Percent by which a model's test error lies above PCA's.
    return 100 * (metrics.squared_error(x_test, model(x_test).numpy()) / pca_16 - 1)


# %%
careful = train_with(optimizers.SGD(7e-4, momentum=0.9), linear_autoencoder())
claim("The network's error is above PCA's by", excess(careful), at_most=2, unit=" %")

# %% [markdown]
# As good as PCA, on images that neither has seen.
# On the training images it could not even be better: for squared error on the data that it was fitted to, PCA is the *best* linear code there is; that is a theorem (Eckart and Young, 1936).
# So the network has found what PCA finds, and we could stop here.
#
# ## Same error, wrong direction
#
# Equal errors do not prove equal solutions.
# A code of 16 numbers spans a 16-dimensional flat subspace of image space, and we can ask whether the network's subspace is PCA's.
# Two subspaces are compared by their **principal angles**: 16 angles, all zero if the two coincide, and the largest tells how far the worst direction is off.
# The network's subspace is spanned by the rows of its decoder matrix.
#
# **Predict before you run:** the error is right to within two percent.
# How large is the largest angle?

# %%
def angles(model):
    return metrics.principal_angles(model.layers[-1].kernel.numpy(), axes)


variances = singular_values**2 / len(x_train)
show("largest angle", angles(careful)[0], unit="°")
show("variance along axis 16, less that along axis 17", variances[15] - variances[16])

# %% [markdown]
# Not zero at all: at least one direction is visibly off, and the error hardly noticed.
# The second number says why.
# Turn the last axis by an angle $\theta$ towards the first one that was left out, and the variance kept falls by $(\lambda_{16} - \lambda_{17}) \sin^2\theta$, where $\lambda_i$ is the variance along axis $i$.
# At worst, with $\theta$ = 90°, one axis is swapped for the other altogether, and the error rises by that difference: less than one percent of 22, for a direction that is entirely wrong.
# Between two axes of similar length the loss is almost flat, and a small learning rate crawls.
# The obvious repair is a larger one.
# Let us be thorough and try three: a rate fourteen times as large; that rate, but falling to zero along a cosine; and the optimiser of the later lessons, Adam, which gives each weight a step size of its own, with a rate that first rises, then falls ("one cycle").
#
# **Predict before you run:** which one comes closest to PCA?

# %%
from lessonlib.training import one_cycle

steps = 60 * len(train)
falling = optimizers.schedules.CosineDecay(1e-2, steps)
bold = train_with(optimizers.SGD(1e-2, momentum=0.9), linear_autoencoder())
settled = train_with(optimizers.SGD(falling, momentum=0.9), linear_autoencoder())
network = train_with(one_cycle(3e-3, steps), linear_autoencoder())

# %% mystnb={"image": {"alt": "Four falling lines of 16 principal angles on a logarithmic axis. The small constant rate begins above 5 degrees and drops; the large constant rate stays near 1 degree throughout; the two falling rates begin below 1 degree and drop well below 0.1."}}
models = {"SGD, small rate": careful, "SGD, large rate": bold,
          "SGD, falling rate": settled, "Adam, one cycle": network}
lines = {name: angles(model) for name, model in models.items()}
plots.line_plot(range(1, 17), lines, log=True, y_label="degrees",
                x_label="principal angle, largest first",
                title="A rate that falls to zero comes within 1° of PCA")

# %%
largest = angles(network)[0]
claim("One cycle: error above PCA's by", excess(network), at_most=1, unit=" %")
claim("One cycle: largest angle to PCA", largest, at_most=1, unit="°")
claim("SGD, falling rate: largest angle", angles(settled)[0], at_most=1, unit="°")
claim("Adam's angle over the small rate's", largest / angles(careful)[0], at_most=0.1)

# %% [markdown]
# Read the two constant rates first.
# The small one has most directions right and a few off, the left end of its line: it had no time to turn them.
# The large one has none badly off, but none quite right either: each batch of 100 images pulls another way, and a rate that never falls keeps following the last batch.
# A rate that begins large and ends at zero gets both, with SGD as with Adam: the two lines lie side by side.
# We go on with Adam, since the later lessons use it.
#
# The simplest autoencoder learns PCA.
# The errors agreed from the start; it was the angle that told the solutions apart.
# Keep the habit: when two models score the same, ask what else should be the same if they *are* the same.
#
# ## Same subspace, other axes
#
# PCA's axes come in order, at right angles to each other.
# Are they what the network's code measures?
#
# **Predict before you run:** each of the 16 decoder rows is a direction in the same subspace.
# For each, take the principal axis that it is closest to, and the cosine between them: 1 for the same direction, 0 for a right angle.
# What will the average be?

# %% mystnb={"image": {"alt": "Two rows of twelve grey images. The top row, principal axes, goes from coarse to fine. The bottom row, decoder directions, shows mixtures without any order."}}
decoder_rows = network.layers[-1].kernel.numpy()
directions = decoder_rows / np.linalg.norm(decoder_rows, axis=1, keepdims=True)
title = "The network's directions are mixtures of the principal axes"
plots.image_rows({"PCA": axes, "network": directions}, title=title, signed=True)
cosine = np.abs(directions @ axes.T).max(axis=1).mean()
random = np.linalg.qr(np.random.default_rng(0).normal(size=(16, 16)))[0]
show("average best cosine", cosine)
show("the same for a random basis", np.abs(random).max(axis=1).mean())
gap = np.cos(np.radians(largest)) - cosine
claim("The spaces agree better than the axes, in cosine by", gap, at_least=0.2)

# %% [markdown]
# They are not the axes; a random basis of the same subspace comes as close to them.
# Nothing in the loss asks for more.
# Mix the code by any invertible matrix $M$, undo the mixing at the start of the decoder, and every reconstruction stays the same.
# So the network is free to choose any basis of the subspace, and takes the one that its random start led to.

# %%
codes = x_test @ network.layers[0].kernel.numpy()
mixing = np.random.default_rng(1).normal(size=(16, 16))
mixed = (codes @ mixing) @ (np.linalg.inv(mixing) @ decoder_rows)
difference = np.abs(codes @ decoder_rows - mixed).max()
claim("Mixing the code changes no pixel, to", difference, at_most=1e-3, kind="identity")

# %% [markdown]
# This is worth remembering when somebody explains what "unit 7" of an autoencoder stands for.
# In a linear autoencoder trained on squared error alone, single numbers mean nothing by themselves; only the subspace does.
#
# Can the principal axes be had back?
# The decoder is the principal basis times an invertible matrix, which may stretch as well as turn, so the SVD of the decoder does not return them.
# (With weight decay, a penalty on large weights, it does: Kunin et al., 2019.) But the *reconstructions* know nothing of the mixing, so their PCA must.

# %%
from_decoder = np.linalg.svd(decoder_rows, full_matrices=False)[2]
show("SVD of the decoder: worst cosine", np.abs((from_decoder * axes).sum(1)).min())
recovered = PCA(16, svd_solver="full").fit(network(x_train).numpy()).components_
worst = np.abs((recovered * axes).sum(axis=1)).min()
claim("PCA of the reconstructions: worst cosine", worst, at_least=0.99)

# %% [markdown]
# ## Tied weights: one matrix for both ways
#
# PCA goes there with `axes.T` and back with `axes`: one matrix, used twice.
# Our network has two.
# **Tying** them means to use the transposed encoder as the decoder.
# The next cell does so by hand, on an input of three numbers and a code of two.
# Keras has no such layer, so the course brings one; what it does is three short methods.

# %%
import inspect

from lessonlib.layers import TiedDense

weights = np.array([[0.5, 0.0], [0.5, 0.0], [0.0, 1.0]])
x = np.array([[1.0, 2.0, 3.0]])
by_hand = (x @ weights) @ weights.T
for method in (TiedDense.encode, TiedDense.decode, TiedDense.call):
    print(inspect.getsource(method))
layer = TiedDense(2)
layer.build((None, 3))
layer.set_weights([weights])
difference = np.abs(layer(x).numpy() - by_hand).max()
claim("The layer = by hand, to", difference, at_most=1e-6, kind="identity")

# %% [markdown]
# **Predict before you run:** half of the weights are gone.
# Will the error rise?

# %%
set_seed()
tied = Sequential([layers.Input((784,)), TiedDense(16)])
train_with(one_cycle(3e-3, steps), tied)
show("weights, untied and tied", (network.count_params(), tied.count_params()))
claim("Tied: error above PCA's by", excess(tied), at_most=1, unit=" %")

# %% [markdown]
# Half of the weights did nothing for the error.
# For a decoder with orthonormal directions the best encoder is its transpose, and PCA's axes are such a decoder, so tying excludes nothing that PCA needs.
# In a network that bends this need not be so; lessons 04 and 06 meet one matrix for both ways again, as a start for training.
#
# ## A line cannot follow a bend
#
# So far PCA could not be beaten, because all competitors were linear too.
# What happens to data that are one-dimensional *but not straight*?
# Here is half a circle in the plane.
# One number, the angle, says all about a point of it.
# PCA has to use the position along a straight line.

# %% mystnb={"image": {"alt": "Points on a half circle, each joined by a thin line to its projection on a straight horizontal line; the top and the two ends of the arc lie farthest from it."}}
angle = np.linspace(0, np.pi, 40)
arc = np.column_stack([np.cos(angle), np.sin(angle)])
line = PCA(n_components=1).fit(arc)
flat = line.inverse_transform(line.transform(arc))
plots.moves(arc, flat, labels=("data", "PCA-1"), title="A line flattens the arc")

# %% [markdown]
# A harder case, and our test bed for the rest of this lesson: four columns, all computed from a single hidden number $z$ between -5 and 5, namely $z^2$, $z^3$, $\sin z$ and $e^z$.
# Know $z$, and you know the whole row.
#
# **Predict before you run:** how much of the variance will PCA keep with one component: nearly all, about half, or almost none?

# %% mystnb={"image": {"alt": "Four panels against z: z squared, z cubed, sin z and e to the z, each with PCA's reconstruction. The cubic and the exponential are followed roughly; the square is missed altogether and the sine nearly so."}}
from lessonlib import show_table

curve = data.make_curve(size=6_000)
line = PCA(n_components=1).fit(curve.x_train)
x_line = line.inverse_transform(line.transform(curve.x_test))
title = "One straight number follows z³ and eᶻ, and misses z² and sin z"
plots.columns_against(curve.z_test, curve.x_test, x_line, curve.names, title)
show("share of variance kept", line.explained_variance_ratio_[0])
show_table(curve.names, [metrics.r2(curve.x_test, x_line)])

# %% [markdown]
# Nine tenths, and that is a trap.
# $z^3$ and $e^z$ pass a hundred, and a line through *them* looks good on average.
# The table gives the share of each column's own variance that is kept (r²): none of $z^2$, little of $\sin z$.
# To make all four columns count alike, we bring each to standard deviation 1 from here on.
# That is the scale on which everything below is trained and judged, PCA included.

# %%
scaled = curve.scaled
line = PCA(n_components=1).fit(scaled.x_train)
x_line = line.inverse_transform(line.transform(scaled.x_test))
show("share kept, all columns alike", line.explained_variance_ratio_[0])

# %% [markdown]
# ### The same one number, with a bend allowed
#
# Now let encoder and decoder be small networks with two layers of 64 bent units each.
# The code is still **one** number.
# Nobody tells the network about $z$.
# A tenth of the rows is set aside for **validation**: training stops when their error has not fallen for 20 epochs, and the best weights are kept (**early stopping**).
# We train three networks that differ in nothing but their random start.
# The one with the lowest error on the validation rows is kept, and only then do we look at the test rows.

# %%
def bent(inputs, outputs):
    hidden = [layers.Dense(64, "gelu"), layers.Dense(64, "gelu")]
    return Sequential([layers.Input((inputs,)), *hidden, layers.Dense(outputs)])


def bent_autoencoder(start):
    set_seed(start)
    return Sequential([bent(4, 1), bent(1, 4)])


# %%
from keras.callbacks import EarlyStopping

rows, valid = batches(scaled.x_train), (scaled.x_valid, scaled.x_valid)


def fit_bent(model):
    optimizer = one_cycle(1e-2, steps=60 * len(rows))
    model.compile(optimizer, sum_of_squares, steps_per_execution=len(rows))
    watch = [Progress(), EarlyStopping(patience=20, restore_best_weights=True)]
    model.fit(rows, epochs=60, validation_data=valid, callbacks=watch, verbose=0)
    return model


starts = [fit_bent(bent_autoencoder(start)) for start in (1, 2, 3)]

# %%
def valid_error(model):
    return metrics.squared_error(scaled.x_valid, model(scaled.x_valid))


def test_error(x_hat):
    return metrics.squared_error(scaled.x_test, x_hat)


best = min(starts, key=valid_error)
x_bent = best(scaled.x_test).numpy()
bent_error, line_error = test_error(x_bent), test_error(x_line)
claim("Bent error over straight error", bent_error / line_error, at_most=0.05)
claim("Lowest r² of a column", metrics.r2(scaled.x_test, x_bent).min(), at_least=0.95)

# %%
away = [np.abs(curve.x_test - curve.unscale(x)).max(axis=0) for x in (x_bent, x_line)]
heading = ["column", "range", "largest error, bent", "largest error, straight"]
ranges = np.ptp(curve.x_test, axis=0)
show_table(heading, list(zip(curve.names, ranges, *away)))

# %% [markdown]
# On average the bend wins by far.
# But compare the *largest* errors with the ranges: somewhere the network is badly off.
# Averages hide such places, and it pays to go and find them.
#
# **Predict before you run:** has the network found $z$?
# If it has, its code plotted against $z$ only rises or only falls.
# It need not be straight: $z$, $-z$ and $z^3$ all carry the same information.
# So we draw only the *order* of the codes: the smallest code has rank 0, the largest rank 599.

# %% mystnb={"image": {"alt": "Three panels, one for each random start: the rank of each test row's code against z. In each panel the points form pieces, broken near z = -3 and z = 3, and the middle piece slopes the other way than the outer ones."}}
codes = [model.layers[0](scaled.x_test).numpy()[:, 0] for model in starts]
names = [f"random start {number}" for number in (1, 2, 3)]
ranks = {name: code.argsort().argsort() for name, code in zip(names, codes)}
title = "The test rows in the order of their codes, for three random starts"
plots.points_against(curve.z_test, ranks, y_label="rank of the code", title=title)

# %% [markdown]
# Not one path, but pieces: some are in the wrong place, some run backwards.
# Think about why that is odd.
# Rows with different $z$ need different codes, and the encoder is continuous; a continuous function of one number that never takes a value twice can only rise or only fall.
# So a *perfect* code would be in order.
# In these three starts training cut the curve and glued the pieces together in another way.
#
# If that story is right, it predicts where the errors are: at the cuts, where the code has to race and turn round.
# We line the test rows up by $z$, find the places where the code turns, and collect the error of the rows within 0.25 of one.

# %%
order = np.argsort(curve.z_test)


def near_a_turn(code):
    turned = np.diff(np.sign(np.diff(code[order]))) != 0
    turns = curve.z_test[order][1:-1][turned]
    return np.abs(curve.z_test[:, None] - turns).min(axis=1, initial=10) < 0.25


near = np.array([near_a_turn(code) for code in codes])

# %% mystnb={"image": {"alt": "Three panels, one for each random start: the squared error of each test row against z. It is almost zero along most of the range, with tall narrow peaks; nearly all of the peaks carry the mark of rows near a turn of the code."}}
x_hats = [model(scaled.x_test).numpy() for model in starts]
errors = [metrics.squared_error_per_image(scaled.x_test, x_hat) for x_hat in x_hats]
title = "The error sits where the code turns round"
plots.points_against(curve.z_test, dict(zip(names, errors)), title=title, marked=near,
                     mark_label="within 0.25 of a turn", y_label="error of the row")
show("share of the rows that are near a turn", near.mean())
ratio = np.array(errors)[near].mean() / np.mean(errors)
claim("Rows near a turn err more than average, ratio", ratio, at_least=3)

# %% [markdown]
# So the story holds.
# Can this network not do better, or did training not find the way?
# Here is a test that only somebody who knows $z$ can make.
# Teach the encoder $z$ itself and the decoder the way back from $z$, for 20 epochs each.
# Then forget $z$, and train the pair exactly as before: same data, same loss, at most 60 epochs.
#
# **Predict before you run:** will the pieces come back, or will the error be lower than that of the random starts?

# %%
guided, z = bent_autoencoder(4), curve.z_train[:, None]
pairs = (scaled.x_train, z), (z, scaled.x_train)
for part, (x, target) in zip(guided.layers, pairs):
    optimizer = one_cycle(1e-2, steps=20 * len(rows))
    part.compile(optimizer, sum_of_squares, steps_per_execution=len(rows))
    part.fit(batches(x, target), epochs=20, verbose=0, callbacks=[Progress()])

guided_error = test_error(fit_bent(guided)(scaled.x_test).numpy())
claim("Guided error over straight error", guided_error / line_error, at_most=1e-3)

# %% [markdown]
# The same network, the same task, and hardly any error left.
# So the ordered code was there all along, and the random starts ended in **local optima**: good places from which training finds no way to a much better one.
# The repair that we used is no recipe, since nobody knows $z$ in earnest.
#
# Keep this in mind whenever somebody reads meaning into a learned code.
# It may be excellent on average and still say nothing about the order of things.
#
# ## An autoencoder need not be a network
#
# Anything that makes a code and reads it back will do.
# Two quick examples, on the same rows.
#
# **Kernel PCA** compares rows by a similarity that fades with their distance, does PCA on the similarities, and learns by regression to come back.
# How fast the similarity fades is chosen on the validation rows.
# A **decision tree** that predicts the row from the row is an autoencoder too: the code is the number of the leaf that a row falls into, the decoder looks up that leaf's mean.
# With 16 leaves the code has 4 bits, with 256 leaves 8 bits, where a single number of a network has 32.
#
# **Predict before you run:** where will the two come in, between the line and the network, or elsewhere?

# %%
from sklearn.decomposition import KernelPCA


def kernel_pca(gamma):
    options = dict(kernel="rbf", gamma=gamma, fit_inverse_transform=True, alpha=0.1)
    model = KernelPCA(n_components=1, **options).fit(scaled.x_train)
    return lambda x: model.inverse_transform(model.transform(x))


kernel = min([kernel_pca(gamma) for gamma in (0.01, 0.03, 0.1)], key=valid_error)
kernel_error = test_error(kernel(scaled.x_test))

# %%
from sklearn.tree import DecisionTreeRegressor


def tree_error(leaves):
    tree = DecisionTreeRegressor(max_leaf_nodes=leaves, random_state=0)
    return test_error(tree.fit(scaled.x_train, scaled.x_train).predict(scaled.x_test))


table = {"PCA, 1 number": line_error, "kernel PCA, 1 number": kernel_error,
         "network, 1 number": bent_error, "tree, 4 bits": tree_error(16),
         "tree, 8 bits": tree_error(256)}
show_table(["autoencoder and its code", "error on test rows"], list(table.items()))
claim("The network's error over kernel PCA's", bent_error / kernel_error, at_most=0.05)
claim("The large tree's error over PCA's", tree_error(256) / line_error, at_most=1e-3)

# %% [markdown]
# Two surprises.
# Kernel PCA with one number hardly beats the line: its first component is the direction of largest variance among the similarities, which is not the position along the curve.
# And the humble tree, with a code of eight bits and a fraction of a second of work, leaves less than a thousandth of PCA's error.
# It is grown split by split, each the best at that moment, and needs no gradient.
# On four columns, that is: a tree asks about one column at a time, and among 784 pixels that will not get it far.
#
# One more thing before we move on.
# The network has about 9,000 weights where PCA has 8, and it took seconds where PCA took none.
# Whether that is a good bargain depends on the data; lesson 02 asks.
#
# ## What we found
#
# - A linear autoencoder trained with a falling rate has PCA's error to within 1 %, and PCA's subspace to within 1°.
# - A small constant rate also came within 2 % of the error, with a largest angle at least ten times larger: equal errors do not prove equal solutions.
# - The code axes are mixtures of the principal axes.
#   PCA of the reconstructions gives the axes back.
# - Tied weights halve the number of weights and stay within 1 % of the error.
# - On a bent one-dimensional set, a bent number has less than a twentieth of the error of a straight one.
# - The error gathers where the code turns round: at least three times the average.
#   Started from an ordered code, the same network leaves less than a thousandth of the straight number's error.
# - Kernel PCA with one number does not come near.
#   A tree with 256 leaves has less than a thousandth of the straight number's error.
#
# Next comes [lesson 02](02_stacked_autoencoders.ipynb): does depth buy anything that PCA cannot have?
#
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
# Write `axes_of(x_hat, k)`, which returns the first `k` principal axes, one in a row, the longest first, each of length 1.
# Signs are free.

# %%
def axes_of(x_hat, k):
    return None  # your code here


check("01.2", axes_of)

# %% [markdown]
# <details><summary>A hint</summary>
#
# The reconstructions lie in the subspace already.
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
# **01.3** How many of its 32 bits does the network's code use?
# To find out, one rounds the code to fewer bits before decoding.
# Write `quantise(code, bits)`: given a code of shape `(n,)`, it rounds every value to the nearest of `2**bits` evenly spaced levels, the lowest of which is the smallest code and the highest the largest. Then go on, if you like: `best.layers[0]` encodes, `best.layers[1]` decodes. Round its codes to 4, 8 and 12 bits in between, and compare with the trees.

# %%
def quantise(code, bits):
    return None  # your code here


check("01.3", quantise)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Between `2**bits` levels there are `2**bits - 1` steps.
# Measure each code in steps above the smallest, round, and go back.
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
# def quantise(code, bits):
#     low, high = code.min(), code.max()
#     step = (high - low) / (2**bits - 1)
#     return low + step * np.round((code - low) / step)
#
#
# check("01.3", quantise)
# ```
#
# </details>

# %% [markdown]
# ## Sources
#
# - C. Eckart and G. Young, *The approximation of one matrix by another of lower rank*, Psychometrika 1 (1936): why no linear code beats PCA.
# - H. Bourlard and Y. Kamp, *Auto-association by multilayer perceptrons and singular value decomposition*, Biological Cybernetics 59 (1988), and P. Baldi and K. Hornik, *Neural networks and principal component analysis: learning from examples without local minima*, Neural Networks 2 (1989): the linear autoencoder is PCA.
# - E. Plaut, *From principal subspaces to principal components with linear autoencoders*, arXiv 1804.10253 (2018): axes and subspace told apart.
# - D. Kunin, J. Bloom, A. Goeva and C. Seed, *Loss landscapes of regularized linear autoencoders*, ICML (2019): what weight decay changes.
# - H. Robbins and S. Monro, *A stochastic approximation method*, Annals of Mathematical Statistics 22 (1951); B. Polyak, *Some methods of speeding up the convergence of iteration methods*, USSR Computational Mathematics and Mathematical Physics 4 (1964).
# - A. Björck and G. Golub, *Numerical methods for computing angles between linear subspaces*, Mathematics of Computation 27 (1973).
# - B. Schölkopf, A. Smola and K.-R. Müller, *Nonlinear component analysis as a kernel eigenvalue problem*, Neural Computation 10 (1998); G. Bakır, J. Weston and B. Schölkopf, *Learning to find pre-images*, NIPS 16 (2003), is its way back.
# - J. Feng and Z.-H. Zhou, *AutoEncoder by forest*, AAAI (2018): trees as autoencoders.
