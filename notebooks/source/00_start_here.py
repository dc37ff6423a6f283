# ---
# jupyter:
#   lesson:
#     memory: 900
#     yields: a first autoencoder to play with, judged beside PCA; when data can be compressed at all
#     exercises: the error of the course; how long a code a table needs; an autoencoder of 8 numbers
# ---

# %% [markdown]
# # 00 Start here
#
# **What is an autoencoder, and why would anyone want to copy its input?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/00_start_here.ipynb)
#
# Needs: a little Python and NumPy; what a mean, a variance and a linear regression are.
# Time: about 1 minute of computing on two cores, half an hour of reading.
#
# At the end you will be able to
#
# - name the three parts of an autoencoder and say what each one is for,
# - build and train a small one, and play with its code,
# - tell data that can be compressed from data that cannot, and check it instead of hoping,
# - judge an autoencoder beside a rival that was given a fair chance.
#
# Click into the grey cell below and press Shift and Enter together: that runs it and moves on to the next.
# Run all cells in order.
# A star to the left, `[*]`, means that a cell is still at work.
# If things get into a muddle, choose *Restart Kernel* in the menu and begin again at the top: nothing is lost.
#
# The first cell finds `lessonlib`, the small library of the course, which holds what would distract here, and fixes the random numbers, so that you get nearly what we got.
# The second asks whether everything is in place, with one line for each thing that the course relies on.

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

lessonlib.start("00")

# %%
lessonlib.check_environment()

# %% [markdown]
# ## One picture
#
# Here are some of the handwritten digits that most lessons use, from the MNIST collection.
# Each is 28 by 28 pixels, and a pixel is a number between 0 (black) and 1 (white).
# They came with the course, so nothing is downloaded.

# %% mystnb={"image": {"alt": "One row of twelve handwritten digits, white strokes on black: 0 to 9, then 0 and 1 again, in different hands."}}
from lessonlib import data, plots, show

digits = data.load_mnist().flat
plots.image_rows({"digits": digits.x_train}, title="Digits, 784 numbers each")
show("pixels with ink in a test digit", (digits.x_test > 0.1).sum(axis=1).mean())

# %% [markdown]
# There are 4,000 to learn from, and 1,000 **test images**, on which we judge and never train.
#
# An **autoencoder** is a model that is asked to give its input back.
# That would be no task at all, if it could simply hand the input through.
# So we put something narrow in its way:
#
# - an **encoder** turns the 784 pixels into a few numbers, here 16;
# - those numbers are the **code**;
# - a **decoder** sees nothing but the code, and has to redraw the digit from it.

# %% mystnb={"image": {"alt": "From left to right: a handwritten 3, a blue trapezium labelled encoder, three question marks for the code, a second trapezium labelled decoder, and an empty frame with a question mark for the reconstruction."}}
three = list(digits.y_test).index(3)  # the first 3 among the test images
plots.autoencoder_diagram(digits.x_test[three], title="What goes through the gap?")

# %% [markdown]
# ## Build one
#
# Training has to fill in the question marks.
# Here is the picture in Keras.
# A **dense** layer multiplies by a matrix and adds a vector.
# `gelu` is its **activation function**, the bend that lets two layers do more than one.
# The last layer ends in a sigmoid, which keeps every pixel between 0 and 1.

# %% mystnb={"image": {"alt": "The network drawn from left to right: a tall bar for 784 pixels, a shorter one for 128 units, a short orange bar for the code of 16 numbers, then 128 units and 784 pixels again."}}
from keras import Sequential, layers

code_size = 16  # change me, and run from here on

encoder = Sequential([layers.Input((784,))])
encoder.add(layers.Dense(128, "gelu"))
encoder.add(layers.Dense(code_size))

decoder = Sequential([layers.Input((code_size,))])
decoder.add(layers.Dense(128, "gelu"))
decoder.add(layers.Dense(784, "sigmoid"))

autoencoder = Sequential([encoder, decoder])
plots.network(autoencoder, title="Wide, narrow, wide: the code is the waist")

# %% [markdown]
# And here is the training.
# Look at what it is given: the images as input, and *the same images* as target.
# No label is used.
# People often call this unsupervised; the exact word is **self-supervised**, since there is a target, and the data supply it themselves.
#
# The images come in **batches** of 100, and after each batch the weights take one **step** downhill.
# How far a step goes at most is the **learning rate**.
# The **loss** that the line shows is what training lowers: how far the copies are from the originals.
# It is that of the training images; on images that it has never seen a network errs more.

# %%
from lessonlib.training import fit

fit(autoencoder, digits.x_train, target=digits.x_train, steps=600, rate=0.03)
code = encoder.predict(digits.x_test, verbose=0)
redrawn = decoder.predict(code, verbose=0)

# %% [markdown]
# A number behind a tilde was measured, and may differ a little on your machine.
# Everything else that these notebooks print is the same everywhere.
#
# Now the question marks can be filled in.
# The 3 is a test image: the network has never seen it, and the sixteen coloured cells are all that the decoder had to work with.

# %% tags=["readme"] mystnb={"image": {"alt": "The first picture with its gaps filled: a handwritten 3, encoder, a column of 16 coloured cells for the code, decoder, and the reconstructed 3, somewhat smoother than the input."}}
title = f"784 pixels, {code_size} numbers, and a 3 that was redrawn from them"
plots.autoencoder_diagram(digits.x_test[three], code[three], redrawn[three], title)

# %% [markdown]
# One good example proves little.
# Here are twelve random test images, and the twelve that came out worst.

# %% mystnb={"image": {"alt": "Four rows of twelve images. Random test digits and their reconstructions look alike, a little smoother. The twelve worst test digits are broad, heavy or oddly shaped, and most of their reconstructions have lost strokes."}}
import numpy as np

from lessonlib import metrics, training

rng = training.generator()
random = rng.choice(len(digits.x_test), size=12, replace=False)
worst = np.argsort(metrics.squared_error_per_image(digits.x_test, redrawn))[-12:]
rows = {"random": digits.x_test[random], "redrawn": redrawn[random]}
rows |= {"worst": digits.x_test[worst], "redrawn ": redrawn[worst]}
plots.image_rows(rows, title="It redraws most digits well, and stumbles over some")

# %% [markdown]
# Three things to expect of an autoencoder with a narrow code.
# It is **lossy**: what did not fit through the code is gone, and the copies are smoother than the originals.
# It is **data-specific**: the worst are broad or oddly shaped, and we guess that few like them were among its training images.
# It is **learned**: nobody wrote a rule for strokes or loops, and with other images the same lines would have found another code.
#
# ## Take hold of the code
#
# A test digit has about 140 pixels with ink, as counted above.
# Change one pixel of an image, and one pixel changes.
# But suppose that you take the code of our 3, move *one* of its sixteen numbers a little (by one standard deviation), and decode.
#
# **Predict before you run:** how many pixels will visibly change: (a) a handful, (b) about half as many as there is ink, or (c) all 784?
# (No peeking: the last lines of the cell below give the answer away.)

# %%
spread = code.std(axis=0)  # the standard deviation of each number
changed = []
for number in range(code_size):
    nudged = code.copy()
    nudged[:, number] += spread[number]
    change = np.abs(decoder.predict(nudged, verbose=0) - redrawn)
    changed.append((change > 0.1).sum(axis=1).mean())  # pixels an image

from lessonlib import claim

sentence = "Nudging one number of the code changes some 70 pixels at once"
claim(sentence, np.mean(changed), at_least=55, at_most=85)

# %% [markdown]
# That line is a **claim**: a sentence, the value measured just now, and the limits that it must respect.
# A tick means that they were kept.
# Change a number above and run again, and you may see a cross.
# Nothing breaks.
#
# So the pixels move in company.
# Look how:

# %% mystnb={"image": {"alt": "Four rows of eleven drawings of a 3. Along each row one number of its code grows: bows open and close, strokes lean, thicken or fade, and towards the ends the 3 begins to turn into another digit."}}
rows = {}
for number in np.argsort(changed)[-4:]:  # the four that change most
    nudged = np.tile(code[three], (11, 1))
    nudged[:, number] += np.linspace(-3, 3, 11) * spread[number]
    rows[f"number {number + 1}"] = decoder.predict(nudged, verbose=0)
plots.image_rows(rows, title="One number of the code changes the whole 3")

# %% [markdown]
# Here a stroke bends, there a bow closes or the whole 3 leans over; and whoever goes too far sees it fall apart.
# Pixels that move together like that are *how digits vary*, and nobody told the network.
# None of its sixteen numbers has a name, though: each bends several things at once.
#
# Where scripts run, you can turn the numbers yourself: drag a slider, or use the arrow keys.
# There are sixteen; scroll in their list to reach the last ones.

# %%
from lessonlib import live

live.sliders(decoder, code, start=code[three], count=code_size)

# %% [markdown]
# And now a digit of your own.
# Draw one, see it squeezed into sixteen numbers, and redrawn.
# Then draw something that is no digit, your initials for example.
# The decoder has only ever drawn digits, and it will answer in the only language that it knows.

# %%
live.pad(encoder, decoder, digits.x_test[:12])

# %% [markdown]
# ## Why can that work at all?
#
# Nobody gets 784 numbers through a gap of 16 by effort alone.
# The data must have something to spare.
# Suppose that you measure people's height twice, once in centimetres and once in metres: two columns, but one number a person says nearly everything.
# The second column is **redundant**: given the first, it holds little news.
#
# **Principal component analysis** (PCA) finds such things in any table: the directions along which its rows vary most.
# It is the oldest autoencoder there is, [lesson 01](01_pca_is_a_linear_autoencoder.ipynb) takes it apart, and here we only use it.
#
# ### Is fewer better?
#
# A popular argument for compressing data goes like this.
# Take a table of 900 columns, and let a target depend on ten of them.
# Predict the target from all 900 columns, and then from the ten that matter.
# There are 300 rows to learn from, and 300 others to be judged on.

# %%
x = rng.normal(size=(600, 900))
y = x[:, :10] @ rng.normal(size=10) + rng.normal(0, 0.1, size=600)
x_train, x_test, y_train, y_test = x[:300], x[300:], y[:300], y[300:]

# %% [markdown]
# To be fair to the 900 we use **ridge regression**, which keeps its coefficients small, and chooses by itself how small.
# The score r² is 1 for a perfect prediction and 0 for one that is no better than the mean.

# %%
from sklearn.linear_model import RidgeCV

ridge = RidgeCV(np.logspace(-2, 6, 17))
ten_chosen = ridge.fit(x_train[:, :10], y_train).score(x_test[:, :10], y_test)
all_columns = ridge.fit(x_train, y_train).score(x_test, y_test)
gain = ten_chosen - all_columns
sentence = "Ridge regression on ten chosen columns beats all 900 by over half an r²"
claim(sentence, gain, at_least=0.5)
sentence = "Ridge regression on all 900, their rival, has an r² of about 0.3"
claim(sentence, all_columns, at_least=0.15, at_most=0.5, kind="rival")

# %% [markdown]
# So ten numbers are much better than 900!
# With 300 rows for 900 coefficients, ridge regression can see only some 0.3 of the signal.
# But the argument leaves something out: **somebody knew which ten to take.**
# An autoencoder sees the 900 columns and never the target.
# Let PCA choose its own ten numbers, PCA-10 for short.
#
# **Predict before you run:** the ten chosen columns score close to 1, all 900 about 0.3.
# Will PCA's ten (a) do as well as the chosen ones, (b) lie in between, or (c) be worth nothing?

# %%
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline

pca_regression = make_pipeline(PCA(10, svd_solver="full"), LinearRegression())
pca_10 = pca_regression.fit(x_train, y_train).score(x_test, y_test)
gain = ten_chosen - pca_10
claim("Knowing which ten beats PCA-10, in r² by nearly one", gain, at_least=0.85)

# %%
from sklearn.linear_model import LassoCV

lasso = LassoCV().fit(x_train, y_train).score(x_test, y_test)
sentence = "The lasso, shown the target, gets close to an r² of 1 from all 900"
claim(sentence, lasso, at_least=0.97, kind="rival")

# %% [markdown]
# Nothing, or next to it.
# This is the failure to remember from this lesson, and its cause is simple: the 900 columns were drawn independently and with the same spread.
# No column says anything about another, nothing is redundant, and every direction is as good as every other.
#
# Must somebody know the ten, then?
# Not if the target may be looked at.
# The last cell shows the **lasso**, a regression that drops columns: it is shown the target, and finds good ones in the same 300 rows.
# An autoencoder has to do without that look.
#
# ### The repair is in the data
#
# Now keep the size and change the *structure*.
# Let ten hidden numbers drive everything: each of the 900 columns is a mixture of them plus noise, and so is the target.
# Think of 900 sensors in one engine.

# %%
hidden = rng.normal(size=(600, 10))
mixtures = hidden @ rng.normal(size=(10, 900)) + rng.normal(0, 2, size=(600, 900))
aim = hidden @ rng.normal(size=10) + rng.normal(0, 0.1, size=600)

# %% [markdown]
# We happen to know that ten is the right number, but in life nobody tells.
# So we let the training rows decide, by **cross-validation**: hide a fifth of them, fit PCA and a regression to the rest, predict what was hidden, and go round five times, for each size of code.
# The independent columns get the same chance.

# %%
from sklearn.model_selection import GridSearchCV

sizes = [1, 2, 5, 10, 20, 50, 100, 200]
grid = {"pca__n_components": sizes}
on_independent = GridSearchCV(pca_regression, grid, cv=5).fit(x_train, y_train)
on_mixtures = GridSearchCV(pca_regression, grid, cv=5).fit(mixtures[:300], aim[:300])

# %% mystnb={"image": {"alt": "r squared in cross-validation against the number of components, 1 to 200. Mixtures: a steep rise to nearly 1 at ten components, flat from there. Independent columns: about 0 up to 50 components, some 0.2 at 200."}}
curves = {"mixtures": on_mixtures.cv_results_["mean_test_score"],
          "independent columns": on_independent.cv_results_["mean_test_score"]}
labels = {"x_label": "components of PCA", "y_label": "r² on hidden rows"}
plots.line_plot(sizes, curves, title="Ten for 900 mixtures", log_x=True, **labels)

# %%
mixtures_pca = on_mixtures.score(mixtures[300:], aim[300:])
mixtures_ridge = ridge.fit(mixtures[:300], aim[:300]).score(mixtures[300:], aim[300:])
claim("On mixtures a few components get close to r² = 1", mixtures_pca, at_least=0.98)
sentence = "Ridge regression on all 900 mixtures, their rival, draws level"
claim(sentence, mixtures_ridge, at_least=0.98, kind="rival")

# %% [markdown]
# The same PCA whose ten numbers were worthless a moment ago now keeps all that matters.
# Its directions know nothing of the target; only how many of them to keep was chosen by it.
# (With 200 numbers the independent columns give a little, too. That is hardly a short code.)
#
# Does it beat the 900 columns?
# No: ridge regression draws level.
# So "fewer is better" is not the lesson.
# It is:
#
# > A short code loses little where the columns share something, and where what you want to know lies in what they share.
# > The first is a property of the data, and you can measure it.
#
# ### Do digits repeat themselves?
#
# Let us measure it, for digits.
# This course counts as Hinton and Salakhutdinov did in 2006: square the difference in every pixel, sum over the 784 pixels, and average over the images.
# We call it the **error**.
# The humblest model answers with the mean of all training images, whatever it is shown; its error is all the variation there is.
# For any other model we say which share of *that* is left.
# Here is the share that PCA leaves of rows it has not seen, for our two tables and for digits.

# %% mystnb={"image": {"alt": "Share of the mean's error that PCA leaves on unseen rows against the numbers in the code, 1 to 256. Independent columns: close to 1 throughout. Mixtures: falls to about 0.3 at sixteen numbers, then flat. Digits: falls steadily, 0.4 at 16 numbers, nearly 0 at 256."}}
from lessonlib.metrics import pca_shares_left

sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256]
curves = {
    "mixtures": pca_shares_left(mixtures[:300], mixtures[300:], sizes),
    "independent columns": pca_shares_left(x_train, x_test, sizes),
    "digits": pca_shares_left(digits.x_train, digits.x_test, sizes),
}
labels = {"x_label": "numbers in the code", "y_label": "share of the mean's error"}
plots.line_plot(sizes, curves, title="Digits have no corner", log_x=True, **labels)

# %% [markdown]
# The independent columns give nothing away.
# The mixtures give way steeply up to the tenth number or so, and then hardly any more: what is left is mostly their noise.
# Digits have no such corner, but sixteen numbers already hold more than half of what there is.
# Ink comes in strokes, the corners are always black, and much of a pixel can be guessed from those around it.
#
# ## Is ours any good?
#
# PCA gets as many numbers as our network, and we cut its answers off at 0 and 1, since a sigmoid does that too.
# (In the figure above nothing was cut off, so PCA stood a little higher there.)

# %%
mean_answers = np.tile(digits.x_train.mean(axis=0), (len(digits.x_test), 1))
mean_error = metrics.squared_error(digits.x_test, mean_answers)
show("error of the mean image", mean_error)

pca = PCA(code_size, svd_solver="full").fit(digits.x_train)
pca_code = pca.transform(digits.x_test)
pca_redrawn = pca.inverse_transform(pca_code).clip(0, 1)

# %% [markdown]
# **Predict before you run:** PCA-16 leaves about two fifths of the mean image's error.
# What will our network leave: (a) two fifths as well, (b) about a quarter, or (c) less than a tenth?

# %% mystnb={"image": {"alt": "Four rows of twelve images: random test digits; the mean image, the same blurred blob each time; PCA's reconstructions, which are recognisable but surrounded by grey clouds; the network's, which are clean strokes."}}
pca_share = metrics.squared_error(digits.x_test, pca_redrawn) / mean_error
sentence = "PCA-16, the rival, leaves about two fifths of the mean image's error"
claim(sentence, pca_share, at_least=0.36, at_most=0.42, kind="rival")
share = metrics.squared_error(digits.x_test, redrawn) / mean_error
sentence = "The autoencoder with 16 numbers leaves a quarter of the mean image's error"
claim(sentence, share, at_least=0.21, at_most=0.27)

rows = {"digits": digits.x_test[random], "mean image": mean_answers[random],
        "PCA-16": pca_redrawn[random], "network": redrawn[random]}
plots.image_rows(rows, title="From 16 numbers PCA draws clouds, the network strokes")

# %% [markdown]
# ## Who deserves the praise?
#
# The network wins.
# But it has two parts, and PCA was denied something: its way back to pixels is a sum of sixteen fixed pictures, while ours is a network.
# So let us be fair, and give PCA's sixteen numbers a decoder like ours, trained for as long.
# Only the encoder is different now: PCA's, or one that was learned together with its decoder.
#
# **Predict before you run:** PCA-16 leaves two fifths, the autoencoder a quarter.
# Where will PCA's code with a learned decoder end: (a) close to two fifths, since the code is what counts, (b) in the middle, or (c) at a quarter as well?

# %%
from keras.models import clone_model

pca_decoder = clone_model(decoder)  # the same layers, with fresh weights
train_code = pca.transform(digits.x_train)
_ = fit(pca_decoder, train_code, digits.x_train, steps=600, rate=0.03)

# %% mystnb={"image": {"alt": "Bar chart of the share of the mean image's error that is left: PCA's code with PCA's decoder about 0.4, PCA's code with a learned decoder about 0.25, the autoencoder, with both learned, about 0.25 too."}}
half_redrawn = pca_decoder.predict(pca_code, verbose=0)
half_share = metrics.squared_error(digits.x_test, half_redrawn) / mean_error
bars = {
    "PCA's code, PCA's decoder": pca_share,
    "PCA's code, learned decoder": half_share,
    "autoencoder: both learned": share,
}
labels = {"x_label": "share of the mean image's error that is left"}
plots.bar_plot(bars, title="The decoder earns most of the gain", **labels)

# %%
sentence = "With a learned decoder PCA's code, the rival, leaves about a quarter too"
claim(sentence, half_share, at_least=0.225, at_most=0.275, kind="rival")
sentence = "A learned decoder alone takes off about a third of PCA's error"
claim(sentence, 1 - half_share / pca_share, at_least=0.3, at_most=0.39)
gain = metrics.paired_gain(digits.x_test, half_redrawn, redrawn)
half_error = metrics.squared_error(digits.x_test, half_redrawn)
show("what a code of its own saves besides, in percent", 100 * gain.mean / half_error)

# %% [markdown]
# The answer is (c), and it surprised us as well.
# PCA's code was not bad at all: what it lacked was a better pencil.
# In a network of this size, learning the code *together with* its decoder saves a few percent more, from one to six as the random start has it.
# So whenever an autoencoder beats PCA, ask which half did it.
#
# <details><summary>How the settings were chosen</summary>
#
# On 500 images held out of the training images, never on the test images.
# We tried rates from 0.006 to 0.05 for both networks, and three seeds.
# From 0.02 on both are within a few percent of their best; at 0.006 the autoencoder is behind.
# With 3,000 steps at 0.01 both end where they are here.
# With 256 hidden units, at a rate near 0.02, the autoencoder is ahead by about a tenth: the more room its encoder has, the more its own code is worth.
#
# </details>
#
# ## So why copy an input?
#
# Not for the copy.
# To reach its goal a network has to find out how digits vary, and that can be used: to turn a sheet of paper into digits ([lesson 02](02_stacked_autoencoders.ipynb)), to remove noise ([lesson 04](04_denoising_autoencoders.ipynb)), or to learn from few labels ([lesson 07](07_greedy_pretraining.ipynb)).
# Drawing new digits, searching, and noticing odd ones have their place in this course too, after lesson 07.

# %% [markdown]
# ## What we found
#
# - From 16 numbers an autoencoder redraws unseen digits with a quarter of the mean image's error, PCA with two fifths.
# - Most of that gain comes from the decoder: PCA's own code, redrawn by a network, leaves a quarter as well.
# - One number of the code moves some 70 pixels at once.
# - Ten numbers that PCA takes from independent columns are worth nothing. Where columns share something they are all one needs; but even there ridge regression on all 900 draws level.

# %% [markdown]
# ## Exercises
#
# Every lesson ends with exercises that check themselves.
# Run the cell as it is, open the hint folded below it, and try.
# A solution is worth a look when you have an answer of your own, or when you are stuck.
#
# **00.1** Write the error of this course yourself: a function that takes the originals and the reconstructions, two arrays of shape (images, 784), and returns one number.
# (`x_hat`, read "x hat", is the usual name for a reconstruction of `x`.)

# %%
from lessonlib import check


def error_of(x, x_hat):
    return None  # your code here


check("00.1", error_of)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Work from the inside out.
# Subtract, square, then `.sum(axis=1)` gives one number for each image; what is left to do?
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# from lessonlib import check
#
# def error_of(x, x_hat):
#     per_image = ((x - x_hat) ** 2).sum(axis=1)
#     return per_image.mean()
#
# check("00.1", error_of)
# ```
#
# `axis=1` runs along the pixels.
# Summing there and averaging over the images gives an error in the unit of the 2006 paper.
# Had you averaged over the pixels as well, you would get the same ranking of models, with numbers 784 times smaller.
#
# </details>
#
# **00.2** How long a code does a table need?
# Write a function that takes a table `x`, one row for each person or image, and a `share` such as 0.95, and returns how many components PCA needs to keep at least that share of the variation.

# %%
def numbers_needed(x, share):
    return None  # your code here


check("00.2", numbers_needed)

# %% [markdown]
# <details><summary>A hint</summary>
#
# `PCA().fit(x).explained_variance_ratio_` lists what each component keeps, the largest first.
# Add them up one after the other (`np.cumsum`), and look for the first place where the sum is large enough.
# Python counts places from 0.
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# import numpy as np
# from sklearn.decomposition import PCA
# from lessonlib import check
#
# def numbers_needed(x, share):
#     kept = np.cumsum(PCA().fit(x).explained_variance_ratio_)
#     return int((kept < share).sum()) + 1
#
# check("00.2", numbers_needed)
# ```
#
# It counts the sizes that are too small, and takes the next one.
# Try it on `x`, on `mixtures` and on `digits.x_train`: they tell a story that you know.
#
# </details>
#
# **00.3** Now train one yourself.
# Build an autoencoder whose code has only **8** numbers, and train it on `digits.x_train` until its error on unseen digits is below that of PCA with 8 numbers.
# Hand in the trained model.
# (`code_size = 8` is a beginning; if you fall short, think of steps, rate and hidden units.)

# %%
small_autoencoder = None  # your code here

check("00.3", small_autoencoder)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Everything that you need stands in the section *Build one*: two small networks, one `Sequential` around them, one call of `fit`.
# Only one number has to change.
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# from keras import Sequential, layers
# from lessonlib import check, data
# from lessonlib.training import fit, set_seed
#
# set_seed()
# small_autoencoder = Sequential(
#     [
#         layers.Input((784,)),
#         layers.Dense(128, "gelu"),
#         layers.Dense(8),  # the code
#         layers.Dense(128, "gelu"),
#         layers.Dense(784, "sigmoid"),
#     ]
# )
# images = data.load_mnist().flat.x_train
# fit(small_autoencoder, images, target=images, steps=600, rate=0.03)
#
# check("00.3", small_autoencoder)
# ```
#
# The shorter the code, the farther PCA falls behind: eight fixed pictures cannot be added up to many digits.
#
# </details>

# %% [markdown]
# ## Further, if you like
#
# <details><summary>The same pixels in another order</summary>
#
# Shuffle the pixels, all images in the same way, and look.
#
# ```python
# shuffled = digits.x_train[:, rng.permutation(784)]
# plots.image_rows({"digits": digits.x_train, "shuffled": shuffled}, title="Which is easier?")
# ```
#
# The second row looks like noise.
# Yet whatever one pixel told about another it still tells; only our eyes have lost it.
# PCA leaves exactly as much of the shuffled digits, and our network, whose dense layers do not know which pixels are neighbours, finds both equally easy.
# Train it on `shuffled` and see.
# Lesson 06 is about networks that do know.
#
# </details>
#
# <details><summary>The other half: a learned encoder for PCA's decoder</summary>
#
# We gave PCA's code a learned decoder.
# What would a learned encoder win, if the decoder must stay a sum of 16 fixed pictures?
# Nothing, and no experiment is needed: for a given set of such pictures, PCA's way of choosing the sixteen numbers already has the smallest error that there is, and PCA's pictures are the best ones (on the training images, and before anything is cut off at 0 and 1).
# Lesson 01 shows it.
#
# </details>

# %% [markdown]
# ### Words
#
# The terms of the course in English and in Chinese, the languages of much of the reading on it.
#
# | term | meaning | 中文 |
# | --- | --- | --- |
# | autoencoder | reproduces its input through a code | 自编码器 |
# | encoder | turns input into code | 编码器 |
# | decoder | turns code into output | 解码器 |
# | code, latent vector | the numbers between the two | 编码，潜在向量 |
# | code size | how many numbers the code has | 编码维数 |
# | bottleneck | a layer narrower than its input | 瓶颈层 |
# | latent space | all possible codes | 潜在空间 |
# | reconstruction | what the decoder returns | 重构，重建 |
# | reconstruction error | how far it is from the input | 重构误差 |
# | redundancy | one part tells about another | 冗余 |
# | dimensionality reduction | describing data by fewer numbers | 降维 |
# | principal component analysis (PCA) | the best linear reduction, in squared error | 主成分分析 |
# | singular value decomposition (SVD) | how PCA is computed | 奇异值分解 |
# | activation function | the bend after a layer | 激活函数 |
# | tied weights | the decoder is the encoder, transposed | 权重绑定 |
# | self-supervised learning | the data supply the target | 自监督学习 |
# | baseline | what a new method must beat | 基线 |
# | training, validation, test data | to learn from, to choose by, to report on | 训练集，验证集，测试集 |
# | bootstrap | drawing from the data anew, to see how much a number varies | 自助法 |
# | batch, step, epoch | some images; one change of the weights; one pass | 批次，训练步，轮次 |
# | loss, learning rate | what training lowers; how far a step goes | 损失函数，学习率 |
# | cross-entropy | a loss for targets of 0 or 1 | 交叉熵 |
# | optimiser | turns gradients into changes of the weights | 优化器 |
# | backpropagation | computing the gradient from the last layer back | 反向传播 |
# | overfitting | learning examples, not their pattern | 过拟合 |
# | regularisation | any means against it | 正则化 |
# | early stopping | ending when validation no longer improves | 早停 |
# | data augmentation | more images by changing those at hand | 数据增强 |
# | stacked autoencoder | one with several hidden layers | 堆叠自编码器，栈式自编码器 |
# | denoising autoencoder | one that repairs a damaged input | 去噪自编码器，降噪自编码器 |
# | peak signal-to-noise ratio (PSNR) | squared error in decibels | 峰值信噪比 |
# | cross-validation | hiding a part of the training data in turn, to choose by it | 交叉验证 |
# | ridge regression | a linear one with a penalty on large weights | 岭回归 |
# | posterior mean | the mean of all possible answers, each by its probability | 后验均值 |
# | linear probe | a linear classifier on a code | 线性探针 |
# | support vector machine (SVM) | a classifier in which the most telling examples vote | 支持向量机 |
# | sparse autoencoder | one whose code is mostly zero | 稀疏自编码器 |
# | overcomplete code | one larger than the input | 过完备编码 |
# | L1 penalty, KL divergence | two prices on activity | L1 惩罚，KL 散度 |
# | shrinkage | values too small because their size has a price | 收缩 |
# | dead unit | one that is never on | 死亡单元 |
# | convolutional autoencoder | one that knows neighbouring pixels | 卷积自编码器 |
# | convolution, kernel | a small window of weights, used everywhere | 卷积，卷积核 |
# | stride, padding | how far the window moves; the border added | 步幅，填充 |
# | channel | one of the images that a layer returns | 通道 |
# | pooling, unpooling | shrinking by a summary, and undoing it | 池化，反池化 |
# | transposed convolution | a convolution that enlarges | 转置卷积 |
# | checkerboard | a lattice that overlapping kernels leave behind | 棋盘效应 |
# | variational autoencoder | one whose code is a distribution | 变分自编码器 |
# | greedy layer-wise pretraining | training one layer at a time | 逐层贪婪预训练 |
# | fine-tuning | training all layers together afterwards | 微调 |
# | restricted Boltzmann machine (RBM) | the layer that was stacked in 2006 | 受限玻尔兹曼机 |
# | deep belief network (DBN) | a stack of RBMs | 深度置信网络 |
# | vanishing gradient | one too small to train the early layers | 梯度消失 |

# %% [markdown]
# ## Sources
#
# - G. Hinton and R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 313 (2006): the unit of error, and the deep autoencoder that lesson 02 rebuilds.
# - I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (MIT Press, 2016), chapter 14: autoencoders in general.
# - Y. LeCun, C. Cortes and C. Burges, *The MNIST database of handwritten digits*: the images, CC BY-SA 3.0.
