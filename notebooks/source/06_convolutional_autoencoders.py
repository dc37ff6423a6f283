# ---
# jupyter:
#   lesson:
#     memory: 1400
#     yields: convolutions and stamps by hand; a network that beats the dense one with 13 % of its weights, and why; a second code that slips past the bottleneck
#     exercises: convolution with a stride; unpooling; thirty numbers from few weights
# ---

# %% [markdown]
# # 06 Convolutional autoencoders
#
# **What changes when the network knows that pixels have neighbours?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/06_convolutional_autoencoders.ipynb)
#
# Needs: [lesson 02](02_stacked_autoencoders.ipynb); warped images as in [lesson 03](03_two_ways_to_learn_nothing.ipynb).
# Time: about 2 minutes of computing on two cores, an hour of reading.
#
# At the end you will be able to
#
# - say what a convolution and a transposed convolution do, with a pencil if need be,
# - build a convolutional autoencoder, and compare it fairly with a dense one,
# - find out whether a network uses its neighbours, by shuffling them,
# - catch a second code that slips past the bottleneck.

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

lessonlib.start("06")

# %% [markdown]
# ## A riddle
#
# Here are twelve digits, and the same twelve once more.
# In the second row each pixel was moved to another place, in all images in the same way.

# %% mystnb={"image": {"alt": "Two rows of twelve images. Above, handwritten digits. Below, the same digits with their pixels in another order: white dots scattered over black, with no stroke to be seen."}}
import numpy as np

from lessonlib import data, live, plots

digits = data.load_mnist().flat
x_train, x_test = digits.x_train, digits.x_test
order = np.random.default_rng(0).permutation(784)

plots.image_rows({"digits": x_test, "shuffled": x_test[:, order]},
                 title="The same numbers, in another order")

# %% [markdown]
# Nothing is lost: whoever knows the order can sort the pixels back.
# To us, though, the second row is noise, because we see strokes, and a stroke is made of *neighbours*.
#
# A dense network never looks at neighbours.
# It has a weight for each pixel and each unit, in no order at all.
# Shuffle the pixels, and it should learn just as well, with its weights in another order.
# This lesson builds a network that is not so blind, and uses the riddle to find out whether that helps, and whether neighbours are the reason.
#
# ## A window that walks
#
# Lay a small window on the image, 3 x 3 pixels.
# Multiply each pixel in it by a number, and add up.
# Move the window on by one pixel and do it again, **with the same nine numbers**, until it has been everywhere.
# That is a **convolution**, and the nine numbers are its **kernel**.
# (Mathematicians flip the kernel first, and call what networks do a correlation; so does SciPy. Since kernels are learned, nobody minds.)

# %% mystnb={"image": {"alt": "Three panels. A handwritten 3 with a small frame around 3 by 3 pixels; the kernel, with minus one in its left column, zero in the middle and one in the right; and the result, grey, in which the left edges of the strokes are white and the right edges black."}}
from scipy.signal import correlate2d

three = x_test[3].reshape(28, 28)
kernel = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])  # change a number
edges = correlate2d(three, kernel, mode="same")  # "same": a rim of zeros, as many sums
plots.window(three, kernel, edges, place=(10, 12), title="Light at left edges")

# %% [markdown]
# This kernel compares left with right, so it finds upright edges.
# A kernel turned by 90 degrees finds level ones, and in between there is one for each slant.
# Change a number, or turn the kernel with `kernel.T`, and see which strokes answer.
#
# In a network nobody writes these numbers down; they are weights, and training finds them.
# A layer has several kernels, its **filters**, and each makes an image of its own, a **channel** of the layer's output.
# The next layer's windows reach through all channels at once.
# So 32 filters of 3 x 3 over 16 channels have 3 · 3 · 16 · 32 weights and 32 biases, 4,640 in all.
# The size of the image does not occur.
#
# To shrink the image, let the window move on by two pixels at a time, a **stride** of 2: 28 x 28 becomes 14 x 14, and then 7 x 7.
#
# ## The way back: stamps
#
# An encoder shrinks, so a decoder has to enlarge.
# It turns the window around.
# Instead of reading 3 x 3 pixels and writing one number, it takes one number and puts down a whole kernel, multiplied by it, like a rubber stamp.
# The next number stamps two pixels further on, and where stamps overlap they add up.
# In one dimension, with four numbers and a kernel of three:

# %% mystnb={"image": {"alt": "Left, bars over nine places of the output: four stamps with the shape small, large, small, each scaled by its number, two places apart, and piled up where they overlap. Right, a matrix of nine rows and four columns, with the kernel in each column, two rows lower each time."}}
numbers, stamp = np.array([1.0, 0.5, 0.8, 0.2]), np.array([0.5, 1.0, 0.5])
plots.stamps(numbers, stamp, stride=2, title="Four numbers put down four stamps")

# %% [markdown]
# On the right is the same thing as a matrix: each column holds the kernel, two places lower than the column before.
# Exchange its rows and columns, and it reads nine numbers and writes four: it has become the convolution with stride 2.
# Hence the name **transposed convolution**.
# It is often called "deconvolution", but it undoes nothing; it has the right shape, and what it draws must be learned.
# (Dumoulin and Visin, 2016, draw it in two dimensions, for every stride and padding.)
#
# You will find "convolutional autoencoders" whose decoder has no layer of this kind, nor any other that enlarges.
# Then half of the autoencoder has to do without what the other half knows.

# %% [markdown]
# ## Thirty numbers
#
# Now we have all the parts of a convolutional autoencoder.
# Two convolutions with stride 2 shrink the image, 16 and 32 filters.
# A *dense* layer makes the code of 30 numbers: a convolution treats every place alike, and somebody has to know where the digit is.
# The decoder mirrors all that, with stamps of 4 x 4; why 4, we shall see.

# %%
from keras import Sequential, layers, ops

from lessonlib.training import set_seed

bent = dict(activation="gelu", kernel_initializer="he_normal")
half = dict(strides=2, padding="same", **bent)


def convolutional(stamp=4):
    set_seed()
    return Sequential([
        layers.Input((784,)), layers.Reshape((28, 28, 1)),
        layers.Conv2D(16, 3, **half), layers.Conv2D(32, 3, **half),
        layers.Flatten(), layers.Dense(30),
        layers.Dense(7 * 7 * 32, **bent), layers.Reshape((7, 7, 32)),
        layers.Conv2DTranspose(16, stamp, **half),
        layers.Conv2DTranspose(1, stamp, strides=2, padding="same"), layers.Flatten()])

# %% mystnb={"image": {"alt": "A handwritten 3 and the network from left to right as bars: 28 by 28 by 1, 14 by 14 by 16, 7 by 7 by 32, a code of 30, then 7 by 7 by 32, 14 by 14 by 16 and 28 by 28 by 1 again."}}
plots.network(convolutional(), "Two strides down to thirty numbers, two strides up",
              image=three)

# %% [markdown]
# The rival is the dense network of lesson 03, 784-512-30-512-784; both get the same 4,000 images and 700 steps of 100.
# Rates and last layers were chosen on validation images.

# %%
def dense():
    set_seed()
    return Sequential([
        layers.Input((784,)), layers.Dense(512, **bent), layers.Dense(30),
        layers.Dense(512, **bent), layers.Dense(784, "sigmoid")])

# %% [markdown]
# The dense network has 835,374 weights, the convolutional one 108,943, an eighth.
# And yet both multiply about as often, some 800,000 times for each image: a convolution uses each weight of its kernel in many places.
#
# PCA with 30 numbers stands beside them, with an error of about 13.4.
# What any of the three paints below 0 or above 1 is cut off.
#
# **Predict before you run:** the dense network comes down to about 7.6.
# Will the convolutional one, with an eighth of the weights, end (a) more than a point below it, (b) about level, or (c) more than a point above?
# And if half of the images are *warped* for both, as in lesson 03, will its lead grow, stay, or shrink?

# %%
from lessonlib import claim, noise
from lessonlib.training import fit, generator, outputs

rng = generator()


def warp(images):  # every other image is a little rotated, scaled, slanted and shifted
    warped = noise.affine_warp(images, rng)
    warped[::2] = images[::2]
    return warped


def trained(model, x, rate, steps=700, augment=None):
    fit(model, x, steps=steps, rate=rate, augment=augment)
    return model

# %%
models = {
    "dense": trained(dense(), x_train, 6e-3),
    "convolutional": trained(convolutional(), x_train, 1.5e-2),
    "dense, warped": trained(dense(), x_train, 8e-3, augment=warp),
    "convolutional, warped": trained(convolutional(), x_train, 1.8e-2, augment=warp)}

from lessonlib.metrics import paired_gain, pca_reconstruction, squared_error

answers = {"PCA": pca_reconstruction(x_train, x_test, 30).clip(0, 1)}
for name, model in models.items():
    answers[name] = outputs(model, x_test).clip(0, 1)  # all are cut to the range
errors = {name: squared_error(x_test, x_hat) for name, x_hat in answers.items()}

# %% mystnb={"image": {"alt": "Five bars of error with thirty numbers. PCA above 13, dense 7.6, convolutional 6; with warped images, dense 6.4, convolutional 5.7."}}
plots.bar_plot(errors, x_label="error on test images",
               title="Convolutions are worth a little more than warped images")

# %%
claim("PCA leaves an error of 13.4", errors["PCA"], at_most=13.5, kind="rival")
claim("The dense network leaves 7.5, or little more",
      errors["dense"], at_least=7.2, at_most=8)
gain = paired_gain(x_test, answers["dense"], answers["convolutional"])
claim("With an eighth of the weights, convolutions take over a point off that",
      gain.low, at_least=1, at_most=2.3)
claim("With warped images for both, the dense network is less than a fifth behind",
      errors["dense, warped"] / errors["convolutional, warped"],
      at_least=0.95, at_most=1.2)

# %% mystnb={"image": {"alt": "Three rows of twelve digits: test images, and what the dense and the convolutional network make of them. Both redraw six random ones well. Of the convolutional network's six worst, the dense one's drawings break up into specks, and its own are soft and grey."}}
pair = {"dense": answers["dense"], "convolutional": answers["convolutional"]}
plots.random_and_worst(x_test, pair, "Where thirty numbers fail: in specks, or softly")

# %% [markdown]
# The answer is (a): with an eighth of the weights, the same size of code, the same images and steps, the error is more than a point lower.
# On its *training* images the dense network is ahead, as the lines of progress show: it has learned more of them by heart, as in lesson 03.
# Give it as few weights as the convolutional one, 64 units on either side, and it had 9.9 when we tried.
# Give it more, the 1,024 units of lesson 02, and it had 7.4, and 5.8 with warped images: as good as any here, with fifteen times the weights.
#
# And warped images?
# They help the dense network more, by telling it in thousands of examples that a 3 is a 3 wherever it stands and however it leans.
# The convolutional network knew one part of that, the shifts, before it saw its first image, and has less to gain.
# Much of what is built in here can also be *shown*, to a network that has the weights to keep it in, by somebody who knows how digits may be warped.
#
# Look at the worst ones.
# Where thirty numbers do not suffice, the dense network's drawings break up into specks, and the convolutional network's go soft.
#
# <details><summary>How the settings were chosen</summary>
#
# On 500 of the 4,000 training images, held back for that, with 700 steps each.
#
# | network | rates tried | error there |
# |---|---|---|
# | dense | 0.004, 0.008 | 8.2, 8.2; with a linear end, cut to the range, 10.3 |
# | convolutional | 0.015, 0.022, 0.03 | 6.1, 6.0, 5.9; with a sigmoid at its end 6.2 |
# | dense, half of the images warped | 0.008, 0.014 | 6.7, 6.8 |
# | dense, all warped | 0.008, 0.014, 0.02 | 6.6, 6.6, 6.7 |
# | convolutional, half warped | 0.015, 0.022 | 6.2, 5.7 |
# | convolutional, all warped | 0.015, 0.022 | 6.4, 6.1 |
# | dense, 64 units | 0.01, 0.02 | 11.3, 10.3 |
# | no hidden layers, as in lessons 02 and 03 | 0.005 | 9.2 |
# | convolutional, shuffled | 0.008, 0.012, 0.015, 0.022, 0.03 | 11.1, 9.8, 9.6, 9.3, failed |
#
# The dense network was trained at 0.006, and with warped images at 0.008.
# The convolutional one was trained at 0.015, at 0.018 with warped images, and at 0.012 on shuffled pixels.
# On shuffled pixels a higher rate is a little better until, quite suddenly, it does not train at all, with one of our seeds already at 0.018, and so the rate keeps its distance.
# That costs the convolutional side half a point there, a quarter of its distance to the dense one.
# Warps are interpolated and so a little blurred, which test images are not; where all images were warped, the convolutional network did worse than with none.
# 512 units make a dense network that multiplies as often as the convolutional one; wider ones are better, as said above.
# PCA and the network without hidden layers gain nothing from warped images, as lesson 02 found.
# A sigmoid at its end suits the convolutional network as well when it sees warped images (6.0).
#
# </details>
#
# ## Is it the neighbours?
#
# The convolutional network differs from the dense one in many ways: fewer weights, more layers, shared kernels.
# The riddle can tell whether neighbours matter.
# We train both networks once more on *shuffled* digits, the same shuffle for all images.
# Weights, layers and steps are as before, and only the neighbours are gone.
# The rate was searched anew, on shuffled validation images, and is a lower one.
#
# **Predict before you run:** on shuffled digits, will the convolutional network (a) still be ahead of the dense one, (b) be about level with it, or (c) fall behind it?

# %% mystnb={"image": {"alt": "Four bars of error. Pixels in order: dense 7.6, convolutional 6. Pixels shuffled: dense 7.7, convolutional above 9."}}
def shuffled_error(model, rate):
    trained(model, x_train[:, order], rate)
    x_hat = outputs(model, x_test[:, order]).clip(0, 1)
    return squared_error(x_test[:, order], x_hat)


bars = {"in order: dense": errors["dense"],
        "in order: convolutional": errors["convolutional"],
        "shuffled: dense": shuffled_error(dense(), 6e-3),
        "shuffled: convolutional": shuffled_error(convolutional(), 1.2e-2)}
plots.bar_plot(bars, x_label="error on test images",
               title="Without its neighbours, the convolutional network falls behind")

# %%
claim("Shuffled, the dense network still has less than two thirds of PCA's error",
      bars["shuffled: dense"] / errors["PCA"], at_most=0.67)
claim("Shuffled, the convolutional network falls behind it, by a tenth or more",
      bars["shuffled: convolutional"] / bars["shuffled: dense"],
      at_least=1.1, at_most=1.5)

# %% [markdown]
# The answer is (c).
# To the dense network nothing has happened: its error moves by a tenth or so, as from one random start to the next.
# The convolutional network loses its whole lead, and more.
# So it was not the layers as such.
# **What it has built in is a belief: that what lies side by side belongs together, and that what is useful in one place is useful in the next.**
# The shuffle takes both away at once, and cannot tell which of them did more.
# Where the belief is true, it is worth more than seven eighths of the weights; where it is false, it is in the way.
#
# Here are the 16 filters of the trained network's first layer, and what each makes of our 3.

# %% mystnb={"image": {"alt": "A handwritten 3 and beside it sixteen small squares of 3 by 3 shades, each with a larger image below: the filter's answer to the 3. Some light up along one side of the strokes, some fill the strokes, and some are dark throughout."}}
first = models["convolutional"].layers[1]  # layers[0] sets the pixels in rows
plots.feature_maps(three, first, "Some filters answer to edges, some to strokes")

# %% [markdown]
# Each picture has a scale of its own: grey is 0, light is positive.
# Some fill the strokes, some answer to one side of them, distant cousins of the kernel that we wrote by hand.
# A map that is dark and nowhere light belongs to a filter that says next to nothing: GELU leaves little below zero.
# Nobody asked for edges; some filters found them.
#
# ## Why stamps of 4 x 4?
#
# Stamps have a fault that shows without any training.
# Let all stamps be equal, every number of the kernel the same.
# With a stride of 2, stamps of 3 x 3 overlap by one pixel: there, two of them add up, and at the corners four.
# Over a plain grey image they lay a lattice.
# Stamps of 4 x 4 overlap as well, but everywhere by as much.
# If the stride divides the size of the stamp, there is no lattice (Odena, Dumoulin and Olah, 2016).
#
# How strong is a lattice?
# It changes from one pixel to the next, faster than any stroke.
# `shortest_wave` measures which share of an image's energy is in that fastest change: in our digits it is less than a fifth of a percent.

# %%
shrunk = x_test.reshape(-1, 28, 28, 1)[:, ::2, ::2]  # every other pixel, to be stamped
drawn = {}
for size in (3, 4):  # each pixel puts down a stamp of equal numbers
    equal = np.full((size, size, 1, 1), 4 / size**2, "float32")
    stamped = ops.conv_transpose(shrunk, equal, strides=2, padding="same")
    drawn[f"equal, {size} x {size}"] = np.array(stamped)[..., 0]

from lessonlib.metrics import shortest_wave

claim("Equal stamps of 4 x 4 leave less than a thousandth of the lattice of 3 x 3",
      shortest_wave(drawn["equal, 4 x 4"]) / shortest_wave(drawn["equal, 3 x 3"]),
      at_most=1e-3, kind="identity")

# %% [markdown]
# But a network's stamps need not be equal, and they learn.
# So we build our network with stamps of 3 x 3 and begin at the worst: we replace each stamp by its mean, nine equal numbers.
# In what it draws then, 3 to 20 % of the energy is lattice; with equal stamps of 4 x 4 it would be a twentieth of a percent.
# (The figure shows it, 0 in grey.)
# Then we train it, for 160 steps.
#
# **Predict before you run:** how much lattice will the *trained* network draw, (a) about as much as before, (b) half, or (c) no more than there is in the digits?

# %%
narrow = convolutional(stamp=3)
for one in narrow.layers[-3:-1]:  # the two layers that stamp
    one.kernel.assign(0 * one.kernel + ops.mean(one.kernel, (0, 1), keepdims=True))
before = outputs(narrow, x_test).reshape(-1, 28, 28)
trained(narrow, x_train, 1.2e-2, steps=160)
after = outputs(narrow, x_test).reshape(-1, 28, 28)

# %% mystnb={"image": {"alt": "Four rows of twelve digits: stamped with equal 3 by 3 stamps, crossed by a fine lattice; with equal 4 by 4 stamps, blurred and even; drawn by an untrained network whose 3 by 3 stamps are equal, grey blots crossed by a lattice; and by the same network after training, clean digits without a lattice."}}
grids = drawn | {"untrained": 0.5 + before / before.std() / 8, "trained": after}
plots.image_rows(grids, title="Equal 3 x 3 stamps leave a lattice; training removes it")

# %%
claim("Trained, a network with stamps of 3 x 3 draws less lattice than digits have",
      shortest_wave(after) / shortest_wave(x_test.reshape(-1, 28, 28)), at_most=0.5)

# %% [markdown]
# The answer is (c): the trained digits show nothing of it.
# Squared error sees a lattice as well as you do, and trains it away.
# The precaution matters where the loss does *not* look at pixels, as in networks that are trained to fool another: there these checkerboards are real.
# With stamps of 4 x 4 the question does not come up, so we keep them.
#
# ## What breaks: a second code
#
# There is an older way to shrink an image, with which an early deep convolutional autoencoder was built (Masci and others, 2011): **max pooling** keeps the largest number of each block of 2 x 2, and drops the other three.
# And an older way to enlarge it again, **unpooling**: remember *where* in its block each maximum stood, put it back there, and zeros around it (after Ranzato and others, 2007; Zeiler, Taylor and Fergus, 2011).
# Without the memory, one simply **repeats** each number four times.
#
# Remembering sounds harmless, until one draws it: there is a second way from the encoder to the decoder.

# %% mystnb={"image": {"alt": "A digit goes into a box, the encoder, from which an arrow leads through a small box, the code, to a second box, the decoder. A second, dashed arrow leads from the encoder over the code straight to the decoder: the side door. Below, 4 by 4 pixels, the largest of each block, crosses where these stood, and the four put back among zeros."}}
plots.two_roads(three, "30 numbers", "where each maximum stood",
                title="Unpooling opens a side door past the code")

# %% [markdown]
# `pooling_autoencoder` builds both, alike in everything else: two convolutions with pooling, 8 and 16 filters, a dense code of 30 numbers, and the same way back, once with repetition and once with remembered positions.
#
# **Predict before you run:** both have 30 numbers, the same layers, images and 300 steps.
# Will the one that remembers have (a) more error, since its zeros have to be filled, (b) about as much, or (c) clearly less?

# %%
from lessonlib.unpooling import pooling_autoencoder

repeating = trained(pooling_autoencoder(remember=False), x_train, 1e-2, steps=300)
remembering = trained(pooling_autoencoder(remember=True), x_train, 1e-2, steps=300)

# %%
repeated = squared_error(x_test, outputs(repeating, x_test))
remembered = squared_error(x_test, outputs(remembering, x_test))
claim("With positions, thirty numbers leave less error than with repetition or PCA",
      remembered / min(repeated, errors["PCA"]), at_least=0.25, at_most=0.95)

# %% [markdown]
# Clearly less error at the same code size than with repetition or PCA, by a fifth in some runs and by more than half in others!
# A triumph, if there were no side door.
# Let us count what goes through it.
# A position is one of four places, 2 bits, and there are 14 · 14 · 8 of the first pooling and 7 · 7 · 16 of the second.
# That makes 4,704 bits, beside the 960 of thirty numbers of 32 bits.
#
# So a fair rival is PCA with as many bits: (4,704 + 960) / 32 = 177 numbers.

# %%
fair = squared_error(x_test, pca_reconstruction(x_train, x_test, 177).clip(0, 1))
claim("PCA with 177 numbers leaves less than 2", fair, at_most=2, kind="rival")
claim("Counted in bits, the network with the side door has over twice PCA's error",
      remembered / fair, at_least=2, at_most=7.5)

# %% [markdown]
# The triumph is gone.
#
# <details><summary>Are 4,704 bits a fair count?</summary>
#
# Most positions on black are 0, so an ideal entropy coder needs fewer: about 2,700 bits an image for the positions, each place counted by itself.
# But PCA's numbers can be coded too, as in lesson 03: for the same error they need 21 bytes, which are 170 bits.
# So the fairer the count, the worse the side door looks.
# Nor is it for want of steps: 300 are few, and after them the network that repeats is about where PCA with thirty numbers was; but with 700 the side door came down to 4.7 when we tried, and PCA was still far ahead.
# The rate was searched for both networks (0.005, 0.01, 0.02, 0.035): both like it high (10.3 and 5.8 on validation images at 0.035), but at 0.025 one start in two failed, so both got 0.01.
#
# </details>
#
# What does the code still say, with such a neighbour?
# We exchange them: a digit keeps its own code, and gets the positions of another one.
#
# **Predict before you run:** the code of a 4 with the positions of a 3.
# The mean image of all digits has an error of 54.
# Compared with the 4, will the drawing have (a) little more than the network's error, (b) about half of 54, or (c) about 54, or more?

# %%
others = np.roll(np.arange(1_000), 1)  # for each test image the one before it
encoder, decoder = remembering.layers[1:]
code, large, small = [part.numpy() for part in encoder(x_test[:1_000])]
exchanged = decoder([code, large[others], small[others]]).numpy()
alone = decoder([0 * code + code.mean(axis=0), large[others], small[others]]).numpy()

# %% mystnb={"image": {"alt": "Four rows of twelve images: digits that give the code; digits that give the positions; drawings from both, torn, with strokes of either; and drawings from the positions of the second row under one and the same mean code, in which the digits can be made out."}}
rows = {"gives the code": x_test, "gives positions": x_test[others],
        "drawn from both": exchanged, "positions alone": alone}
plots.image_rows(rows, title="With another digit's positions, the drawing is torn")

# %%
claim("With another digit's positions, a code is worth no more than the mean image",
      squared_error(x_test[:1_000], exchanged) / x_test.var(axis=0).sum(),
      at_least=0.85, at_most=1.35)
claim("Positions alone, of the right digit, beat the mean image by a quarter",
      squared_error(x_test[others], alone) / x_test.var(axis=0).sum(), at_most=0.75)

# %% [markdown]
# The answer is (c): the code of the first row is all there, and yet the drawing is torn.
# And the other way around?
# Compared with the digit in the second row, which gave no code, the same drawing had an error of 42 to 54 in five starts: as near as to the first, or nearer.
# In the last row all drawings come from one and the same code, the mean of all, and still you can read many digits, with about half of the mean image's error: where a maximum stood tells where the strokes are.
#
# ### Play: let the positions go over
#
# Take any two test images.
# The first gives the code; its positions are replaced by those of the other, from the top to the bottom: none at the left, all at the right.

# %%
mine, other = 0, 9  # change them
over = np.arange(8)[:, None, None, None]  # so many of the seven rows of blocks
row = np.arange(14)[:, None, None]
mixed_large = np.where(row < 2 * over, large[other], large[mine])
mixed_small = np.where(row[:7] < over, small[other], small[mine])
torn = decoder([code[[mine] * 8], mixed_large, mixed_small]).numpy()

# %% mystnb={"image": {"alt": "Three rows of eight images: a 0, which gives the code; a 9, which gives positions; and eight drawings. The first is the 0. From the top to the bottom, row by row, the positions of the 9 take over, and the last drawings are torn and no longer a 0."}}
frames = {"gives the code": x_test[[mine] * 8], "gives positions": x_test[[other] * 8],
          "drawn from both": torn}
plots.image_rows(frames, title="Row by row, the positions take over", columns=8)

# %%
live.frames(frames, "share of the other's positions")

# %% [markdown]
# Where does the drawing change its mind?
# So the thirty numbers were not the code, only a part of it.
# Whoever keeps them alone, to search for similar images or to draw new ones, has kept the smaller part of the message, and one that cannot be read without the rest.
# Neither the loss nor the reconstructions say so.
# What says so is a question to the decoder: **change one of its inputs, and see whether the output cares.**
#
# The repair is to **let nothing pass but the code**.
# Repetition does, at a higher error; and our first network, with its strides and stamps, needs no side door either.
# Trained longer, it reaches 6 with thirty numbers and nothing else.
# After as few steps, 300, it had 7.9 when we tried; there the side door has between 5.5 and 9.8, from start to start.
#
# The side door need not be a mistake.
# Networks that *declare* both parts of their code, a "what" and a "where", are called **what-where autoencoders** (the name is from Zhao and others, 2015, the idea from Ranzato and others, 2007), and to find the outlines of things in a photograph one wants the "where" (Badrinarayanan and others, 2017).
# A mistake it is to count the "what" alone.

# %% [markdown]
# ## What we found
#
# - A convolution is one small window of weights that walks; a transposed convolution puts the same weights down as stamps.
# - With the same thirty numbers, images and steps, an eighth of the weights, a convolutional network has over a point less error than a dense one.
#   Warped images help the dense one more, and much wider ones draw level.
# - On shuffled pixels the dense network stays as it was, and the convolutional one falls behind it.
#   So it was what it takes for granted about neighbours and places.
# - Equal stamps of 3 x 3 leave a lattice, those of 4 x 4 next to none, and training takes it away.
# - Remembered positions lower the error by carrying a second code of 4,704 bits past the first.
#   With as many bits PCA has less than half of their error, and with another digit's positions the code is worth no more than the mean image.
#
# Next comes [lesson 07](07_greedy_pretraining.ipynb): how did anyone train deep networks before 2010, and when is it still worth it?
#
# ## Exercises
#
# **06.1** The lesson drew its window over an image, one pixel at a time.
# Write `convolve(values, kernel, stride)` for one line of pixels and any stride: lay the kernel on the first values, multiply number by number and add up, move it on by `stride`, and so on as long as it lies wholly inside the values.
# The kernel is not flipped, and nothing is padded.
# Then go on, if you like: walk with the kernel $(-1, 1)$ along the middle row of a test digit, with stride 1 and with stride 2.
# What does the result mark, and what does the second one miss?

# %%
from lessonlib import check


def convolve(values, kernel, stride):
    return None  # your code here


check("06.1", convolve)

# %% [markdown]
# <details><summary>A hint</summary>
#
# At how many places does a kernel of 3 fit into 10 values, and which of them does a stride of 2 visit?
# The last possible place is where the end of the kernel meets the end of the values.
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
# def convolve(values, kernel, stride):
#     places = range(0, len(values) - len(kernel) + 1, stride)
#     return np.array([values[i : i + len(kernel)] @ kernel for i in places])
#
#
# check("06.1", convolve)
# ```
#
# The kernel $(-1, 1)$ marks edges: it is positive where the line gets brighter and negative where it gets darker.
# With stride 2 it compares pixels 0 and 1, then 2 and 3, so an edge between 1 and 2 goes unseen.
# A kernel of 3 has no such gap.
#
# </details>
#
# **06.2** The positions are a second code, 2 bits for each pooled value.
# Write the decoder's side of it with NumPy alone: `unpool(pooled, positions)` for whole images.
# Both arguments have the shape (n, h, w); a position counts row by row within its block of 2 x 2 (0 upper left, 1 upper right, 2 lower left, 3 lower right).
# It returns images of shape (n, 2h, 2w) in which every value stands in its place and all other pixels are 0.
# Then go on, if you like: give the three other pixels of a block a share of the value, between 0 (unpooling) and 1 (repetition).
# Which share suits the validation digits (`data.load_mnist(valid=500)`) best, and by how much does it beat, on the test digits, one share for all four pixels, which needs no positions?

# %%
def unpool(pooled, positions):
    return None  # your code here


check("06.2", unpool)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Think of the large image as four small ones that interlock: all upper left pixels, all upper right ones, and so on.
# With steps of 2 in its indices NumPy addresses each of the four as a whole.
# Which pooled values belong to which?
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
# def unpool(pooled, positions):
#     n, height, width = pooled.shape
#     images = np.zeros((n, 2 * height, 2 * width))
#     for place in range(4):
#         values = np.where(positions == place, pooled, 0)
#         images[:, place // 2 :: 2, place % 2 :: 2] = values
#     return images
#
#
# check("06.2", unpool)
# ```
#
# With somewhat more than half of the value in the three other pixels the error is about half of that of repetition, and it is lower than with any single share for all four (16.4 with a share of 0.6, beside 33.4 and 20.6, on the test digits).
# So the positions do tell something, even here; it was the zeros that cost so much.
#
# </details>
#
# **06.3** Your turn.
# A dense network needs 47,000 weights to lead 784 pixels into thirty numbers and out again, or half of that with tied weights.
# Write `train_small(x_train)`, which gets 4,000 images of shape `(784,)`, builds a convolutional autoencoder with a code of at most 30 numbers and **at most 30,000 weights in all**, trains it, and returns it.
# Its error on unseen digits has to be below 10; PCA with thirty numbers has 14.6, uncut.
# The check runs your function, so a dozen seconds are plenty.

# %%
def train_small(x_train):
    return None  # your code here


check("06.3", train_small)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Most weights of our network sit in its two dense layers: 7 x 7 x 32 numbers lead to the code.
# Let fewer channels arrive there.
# A convolution with a window of 1 x 1 changes the number of channels and nothing else.
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
# def train_small(x_train):
#     set_seed()
#     bent = dict(activation="gelu", kernel_initializer="he_normal", padding="same")
#     model = Sequential([layers.Input((784,)), layers.Reshape((28, 28, 1))])
#     model.add(layers.Conv2D(8, 3, strides=2, **bent))
#     model.add(layers.Conv2D(16, 3, strides=2, **bent))
#     model.add(layers.Conv2D(8, 1, **bent))
#     model.add(layers.Flatten())
#     model.add(layers.Dense(30))
#     model.add(layers.Dense(7 * 7 * 8, "gelu", kernel_initializer="he_normal"))
#     model.add(layers.Reshape((7, 7, 8)))
#     model.add(layers.Conv2DTranspose(8, 4, strides=2, **bent))
#     model.add(layers.Conv2DTranspose(1, 4, strides=2, padding="same"))
#     model.add(layers.Flatten())
#     fit(model, x_train, steps=500, rate=2e-2)
#     return model
#
#
# check("06.3", train_small)
# ```
#
# It has 26,487 weights.
# The error is between 8 and 9.2, from start to start.
# A dense network with a matrix on either side has room for a code of no more than 18 numbers.
# If both sides share one matrix, as in lesson 01, thirty fit: `TiedDense(30)`, batch normalization and a sigmoid have 26,656 weights, and came to 9.2 at a rate of 0.1, after a search.
# So convolutions are one way to save weights, and tying is another.
#
# </details>

# %% [markdown]
# ## Further, if you like
#
# <details><summary>Turn these knobs</summary>
#
# - Write a kernel that blurs, and one that answers to nothing but the ends of strokes.
# - Let the convolutional network see shuffled pixels with windows of 7 x 7 instead of 3 x 3.
#   Does it get better or worse?
# - Remember the positions of the second pooling only.
#   How much of the gain is left?
#
# </details>
#
# ### How to save and load a model
#
# `save` writes layers, weights and optimiser into one file, and `load_model` brings them back.
# Layers of one's own come back if they are registered, as `Pool` and `Unpool` of this course are; a new program has to import them first (`import lessonlib.layers, lessonlib.training`).

# %%
import tempfile

from keras.models import load_model

trained_model = models["convolutional"]
with tempfile.TemporaryDirectory() as folder:
    trained_model.save(f"{folder}/convolutional.keras")
    loaded = load_model(f"{folder}/convolutional.keras")

apart = np.abs(outputs(loaded, x_test) - outputs(trained_model, x_test)).max()
claim("Saved and loaded, a network gives the same outputs to the last bit", apart,
      at_most=0, kind="identity")

# %% [markdown]
# ## Sources
#
# - V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, arXiv 1603.07285 (2016): strides, padding, and transposed convolutions drawn step by step.
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, *Gradient-based learning applied to document recognition*, Proceedings of the IEEE 86 (1998): convolutional networks, and MNIST.
# - J. Masci, U. Meier, D. Ciresan and J. Schmidhuber, *Stacked convolutional auto-encoders for hierarchical feature extraction*, ICANN (2011): convolutional autoencoders with max pooling.
# - A. Odena, V. Dumoulin and C. Olah, *Deconvolution and checkerboard artifacts*, Distill (2016): the lattice, and its cures.
# - M. Zeiler, G. Taylor and R. Fergus, *Adaptive deconvolutional networks for mid and high level feature learning*, ICCV (2011): unpooling.
# - M. Ranzato, F. Huang, Y.-L. Boureau and Y. LeCun, *Unsupervised learning of invariant feature hierarchies with applications to object recognition*, CVPR (2007): what and where, in two parts of a code.
# - J. Zhao, M. Mathieu, R. Goroshin and Y. LeCun, *Stacked what-where auto-encoders*, arXiv 1506.02351 (2015).
# - V. Badrinarayanan, A. Kendall and R. Cipolla, *SegNet: a deep convolutional encoder-decoder architecture for image segmentation*, IEEE Transactions on Pattern Analysis and Machine Intelligence 39 (2017): remembered positions at work.
