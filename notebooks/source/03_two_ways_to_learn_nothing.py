# ---
# jupyter:
#   lesson:
#     memory: 1500
#     yields: two failures that look like success, the test that exposes each, and what a code costs in bytes
#     exercises: share of the error; a hundred images, better than PCA; when a decoder has paid for itself
# ---

# %% [markdown]
# # 03 Two ways to learn nothing
#
# **How can an error be low, and nothing learned?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/03_two_ways_to_learn_nothing.ipynb)
#
# Needs: [lesson 02](02_stacked_autoencoders.ipynb); PCA as in [lesson 01](01_pca_is_a_linear_autoencoder.ipynb).
# Time: about 2 minutes of computing on two cores, an hour of reading.
#
# At the end you will be able to
#
# - catch a network that learned its images by heart, and repair it with images that cost nothing,
# - catch a network that copies whatever it is shown, digits or not,
# - say which part of a network's gain over PCA remains once PCA has had the same help,
# - count what a code costs in bytes, against a rival that is no straw man.

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

lessonlib.start("03")

# %% [markdown]
# ## By heart
#
# A pupil who knows twenty answers by heart is brilliant, up to the twenty-first question.
# Networks can do the same, and their training error will not tell us.
#
# Let us provoke it.
# We take a hundred digits, ten of each kind, and a network that is far too large for so few: 835,000 weights, more than 8,000 for each image.
# It is the network of lesson 02, with a code of 30 numbers.

# %%
import numpy as np

from lessonlib import data, plots

digits = data.load_mnist(valid=500).flat
x_train, x_valid, x_test = digits.x_train, digits.x_valid, digits.x_test
hundred = x_train[:100]  # they come in turn: ten of each digit

# %%
from keras import Sequential, layers

from lessonlib.training import set_seed


def build(output="sigmoid"):
    set_seed()
    bent = dict(activation="gelu", kernel_initializer="he_normal")
    encoder = Sequential([layers.Dense(512, **bent), layers.Dense(30)])
    decoder = Sequential([layers.Dense(512, **bent), layers.Dense(784, output)])
    return Sequential([layers.Input((784,)), encoder, decoder])


# %% mystnb={"image": {"alt": "A network drawn from left to right: a handwritten digit, a bar for 784 pixels, one for 512 units, a short bar for the code of 30 numbers, then 512 and 784 again, joined by tapering shapes."}}
plots.network(build(), "784 pixels, squeezed through 30 numbers", image=hundred[3])

# %% [markdown]
# A number means little without another beside it.
# (*Error* is, as always, the squared difference summed over an image's pixels.)
# Answering every image with the mean of the hundred costs an error of about 55.
# PCA, with 30 numbers from the same hundred, is our rival.
# The network ends in a sigmoid, which cannot leave the range from 0 to 1; so we cut PCA's output to that range as well, and both sides know what a pixel is.

# %%
from lessonlib import claim, metrics, show, show_table


def pca_30(x_fit):
    return metrics.pca_reconstruction(x_fit, x_test, 30).clip(0, 1)


pca_error = metrics.squared_error(x_test, pca_30(hundred))
show("PCA-30 of the hundred, error on unseen digits", pca_error)

# %% [markdown]
# **Predict before you run:** the network's *training* error will fall below 1.
# Where will its error on unseen digits end: (a) near 1 as well, (b) between 1 and PCA's 19, (c) between 19 and 55?
#
# To watch it happen we look at two groups of unseen images after every tenth step: 500 validation images, by which settings are chosen, and the 1,000 test images, by which none was.

# %%
from lessonlib.training import fit, outputs

few = np.tile(hundred, (10, 1))  # ten copies: an epoch is ten steps of 100 images
memoriser = build()
history = fit(memoriser, few, steps=500, rate=8e-3, valid=(x_valid, x_valid),
              watch={"test": x_test}).history

# %% mystnb={"image": {"alt": "Error against training steps. The training error falls from above 50 to almost nothing. Validation and test error fall together to about 28 within the first 100 steps and stay there to the end, above the level line of PCA-30 at 19."}}
plots.record_plot(history, 500, levels={"PCA-30, test": pca_error}, inset=(24, 34),
                  title="On its own digits nearly perfect; on others, worse than PCA")

# %% [markdown]
# What does that look like?

# %% mystnb={"image": {"alt": "Four rows of twelve digits. The first two are digits that the network was trained on and its flawless copies of them. The last two are unseen digits and its answers: smeared, often another digit than the one that went in."}}
x_memoriser = outputs(memoriser, x_test)
plots.image_rows({"trained on": hundred[::9], "out": outputs(memoriser, hundred[::9]),
                  "never seen": x_test[40:], "out ": x_memoriser[40:]},
                 title="Flawless on its own hundred, lost on other digits")

# %%
own_error = metrics.squared_error(hundred, outputs(memoriser, hundred))
claim("Learned by heart: on unseen digits over twenty times the error on its own",
      metrics.squared_error(x_test, x_memoriser) / own_error, at_least=20)

# %% [markdown]
# The answer is (c), and that is the first way to learn nothing.
# The network has learned a hundred pictures, and when a new one comes it answers with pieces of the old: look at the 8 that comes back in shreds.
# PCA, which cannot memorise nearly as well, is far ahead of it.
#
# The test that catches this failure is the one that you know: **judge by images that were not trained on.**
#
# ### Two repairs, one of them overrated
#
# **Early stopping**: watch the validation error, and keep the weights of the moment when it was lowest.
# Look at the enlarged part of the curves once more.
# The validation error sinks to its lowest value, and hardly rises again: there is no good moment to stop at.
#
# And early stopping is not free.
# It looks at 500 images that our memoriser has never seen, and whoever has 500 more images may also *train* on them.
#
# <details><summary>What are they worth as training images?</summary>
#
# Trained on all 600 instead, with everything else as above, the network came down to an error of 15.3, and PCA-30 to 14.3, when we prepared this lesson.
# So for PCA 500 real images are worth more than the warped copies that come next, and for the network it is the other way round: it has weights to spare, and is only short of pictures.
#
# </details>
#
# **Warped copies.**
# Suppose that there are no more images.
# A 3 that leans a little more, or sits half a pixel lower, is still a 3: we know that, and the network does not.
# So we turn, scale, slant and shift each image at random, afresh in each batch, and the *warped* image is both input and target.

# %% mystnb={"image": {"alt": "Twelve copies of one handwritten 3, each turned, slanted, stretched or shifted a little differently. All are readable as a 3."}}
from lessonlib import noise
from lessonlib.training import generator

rng = generator()


def warp(images):  # how much at most: rotation, scale, shear, shift
    return noise.affine_warp(images, rng, 0.25, 0.15, 0.25, 1.5)


plots.image_rows({"warped": warp(np.tile(hundred[3], (12, 1)))},
                 title="Twelve times the same digit, and no two alike")

# %% [markdown]
# PCA gets them as well: 50 warped copies of each image, 5,000 in all.
# And a second rival joins, which stands between the two: a network with *no hidden layers*, 784 to 30 to 784, whose only bend is the sigmoid at its end.
# It begins with PCA's axes as its weights, and is trained from there: PCA that learns what a pixel is.
#
# **Predict before you run:** PCA-30 of the hundred had 19, the memoriser 28.
# Whom will the warped copies help: (a) the network alone, (b) PCA alone, (c) both, and PCA stays ahead, (d) both, and the network passes PCA?

# %%
warped = build()
history = fit(warped, few, steps=500, rate=8e-3, augment=warp)

from lessonlib.layers import sigmoid_pca

no_hidden = sigmoid_pca(hundred, 30)  # begins as PCA, and is trained from there
history = fit(no_hidden, few, steps=500, rate=1e-2, augment=warp)

# %% mystnb={"image": {"alt": "Horizontal bars of test error in two groups. From 100 images: network 28, PCA-30 19. From 100 with warped copies: PCA-30 16, a network without hidden layers 12, the network 10."}}
answers = {"100: network": x_memoriser,
           "100: PCA-30": pca_30(hundred),
           "100, warped: PCA-30": pca_30(warp(np.tile(hundred, (50, 1)))),
           "100, warped: no hidden layers": outputs(no_hidden, x_test),
           "100, warped: network": outputs(warped, x_test)}
errors = {name: metrics.squared_error(x_test, x_hat) for name, x_hat in answers.items()}
plots.bar_plot(errors, x_label="error on test images, by training images",
               title="With warped copies of its hundred, the network passes PCA")

# %%
claim("PCA-30 of a hundred images leaves an error of 19", errors["100: PCA-30"],
      at_most=19.5, kind="rival")
claim("With warped copies PCA-30 leaves an error below 16",
      errors["100, warped: PCA-30"], at_most=16, kind="rival")
claim("With warped copies and no hidden layers, an error below 12 is left",
      errors["100, warped: no hidden layers"], at_most=12, kind="rival")

# %%
ours = answers["100, warped: network"]
gain = metrics.paired_gain(x_test, answers["100, warped: PCA-30"], ours)
claim("Warped copies for both: the network's error is some five below PCA's",
      gain.low, at_least=4.5, at_most=6)
gain = metrics.paired_gain(x_test, answers["100, warped: no hidden layers"], ours)
claim("Warped copies for both: hidden layers take at least a point off the error",
      gain.low, at_least=1)

# %% [markdown]
# How sure are the last two?
# We took the difference of the two errors image by image, and drew the thousand differences anew many times (the **bootstrap**), to see how far their mean may wander.
# A claim about such a gain is always about the lower end of its 95 % interval.
#
# The answer is (d).
# Now compare that with the easy way to tell this story: the memoriser had 28, warped copies bring it to 10, and PCA has 19.
# A triumph of nine points!
# But PCA was not given the copies.
# With them it goes down to less than 16, and PCA that has learned what a pixel is to less than 12.
# What the hidden layers add to that is a point or two.
# It is less than nine, and it is real.
#
# <details><summary>How the settings were chosen, and what else the rival was offered</summary>
#
# On the validation images: rates 0.004, 0.008 and 0.012 for the network, 0.003, 0.01 and 0.02 for the one without hidden layers, and two strengths of warping.
# From random weights the latter needs a rate of 0.03, and ends a whole point higher.
# PCA's own best strength is a milder one and takes another 0.15 off; 500 copies instead of 50 take off 0.1.
# With a linear end in place of the sigmoid the network reaches 15.4, against 17.0 for PCA that is not cut to the range, and 14.1 against 15.7 if both are cut: the gain is then 1.6.
# With 2,000 steps the network comes down to 8.4 on validation images.
#
# </details>
#
# ## Copying
#
# The second failure looks like a triumph from every side.
#
# Suppose that the code is *wider* than the image: 1,000 numbers for 784 pixels.
# Nothing has to be left out.
# We train on 3,500 digits, so there is no shortage of images either, and judge by test images, as we have just learned.
# Beside it stands our network of 30 numbers, trained on the same digits for as many steps.

# %%
set_seed()
wide = Sequential([layers.Input((784,)), layers.Dense(1000, "relu"), layers.Dense(784)])
history = fit(wide, x_train, steps=600, rate=4e-3)
narrow = build(output=None)  # no sigmoid on either side
history = fit(narrow, x_train, steps=600, rate=1.2e-2)

# %% [markdown]
# On test digits the wide code wins hands down, as we shall see.
# Does it know what a digit is?
#
# To find out, we need things that are *not* digits, and the best are counterfeits: images that share everything with digits that PCA can know, and nothing else.
# A forger who knows PCA needs three lines.
# He draws a random number for each principal axis, with the spread that digits have along it, and adds the mean image.
# (Some pixels come out a little below 0 or above 1; they are drawn black and white, and left as they are.)

# %% mystnb={"image": {"alt": "Two rows of twelve images. The first holds handwritten digits, the second counterfeits: blotchy grey clouds in the middle of the picture, with a hint of curves, none of which is a digit."}}
from sklearn.decomposition import PCA


def forge(x, count):
    pca = PCA(svd_solver="covariance_eigh").fit(x)
    drawn = generator().normal(size=(count, pca.n_components_))
    return pca.inverse_transform(drawn * np.sqrt(pca.explained_variance_))


counterfeits = forge(x_train, 1_000)
plots.image_rows({"digits": x_test, "counterfeits": counterfeits},
                 title="The same mean, the same covariance, and no digits")

# %% [markdown]
# Two more kinds of images help: printed letters, and printed digits as their control.
# As errors on different images cannot be compared, we divide each by what answering with the mean of *those* images would cost.
# That is the **share lost**: 0 is a perfect copy, 1 no better than the mean.
#
# **Predict before you run:** of test digits, PCA-30 loses some 27 %, and the wide code some 4 %.
# How much of the *counterfeits* will the wide code lose: about 4 %, about 20 %, or more than half?

# %%
pca = PCA(30, svd_solver="covariance_eigh").fit(x_train)


def answers_to(x):
    return {"wide code": outputs(wide, x), "30 numbers": outputs(narrow, x),
            "PCA-30": pca.inverse_transform(pca.transform(x))}


# %%
kinds = {"digits": x_test, "counterfeits": counterfeits,
         "printed digits": data.load_letters("0123456789").flat.x_test,
         "letters": data.load_letters().flat.x_test}
lost = {"wide code": [], "30 numbers": [], "PCA-30": []}
for x in kinds.values():
    for model, x_hat in answers_to(x).items():
        lost[model].append(metrics.share_lost(x, x_hat))
show_table(["share lost", *kinds], [[model, *shares] for model, shares in lost.items()])

# %%
claim("The wide code loses less than 6 % of each kind of image, counterfeits included",
      max(lost["wide code"]), at_most=0.06)
claim("PCA-30, the rival, loses some 27 % of digits",
      lost["PCA-30"][0], at_most=0.285, kind="rival")
digit_share, fake_share, printed_share, letter_share = lost["30 numbers"]
claim("Thirty numbers lose two and a half times as much of counterfeits as of digits",
      fake_share / digit_share, at_least=2.2, at_most=2.9)
claim("Of letters thirty numbers lose some 7 points more than of printed digits",
      100 * (letter_share - printed_share), at_least=5, at_most=10)

# %% [markdown]
# There is the second way to learn nothing.
# Digits, letters or forgeries: the wide code loses some four or five parts in a hundred, whatever it is given.
# It has learned **the identity**, or nearly: what comes in goes out.
# Test images cannot catch that, since whoever copies everything copies them too.
# What catches it is **something that it ought to find strange**.
#
# Read the other two rows as well.
# PCA loses as much of counterfeits as of digits: mean and covariance are all it knows, and the forger knew them too.
# Thirty numbers behind a bend tell them apart, so they hold something about digits that is *not* in the mean and the covariance.
# A narrow code makes copying impossible; it takes the bend to know what is worth keeping.
# And they lose more of letters than of printed digits, by more points than either of the others: a code is **data-specific**.
#
# Here is a picture of it.
# The wide code's decoder can draw, if we hand it a code.
# So let our forger work on *codes*: he draws new ones with the mean and covariance of the 3,500 that the encoder gave, and the decoder paints them.
#
# **Predict before you run:** one of the next two rows is painted by the decoder, the other consists of plain counterfeits.
# Will you be able to tell which is which?

# %% mystnb={"image": {"alt": "Two rows of twelve images, labelled A and B. Both consist of blotchy clouds with a hint of curves, and neither has a digit in it; they can hardly be told apart."}}
to_code, to_pixels = wide.layers
drawn_codes = forge(outputs(to_code, x_train), 12).clip(0)  # a ReLU is never negative
plots.image_rows({"A": outputs(to_pixels, drawn_codes), "B": counterfeits[20:]},
                 title="One of these rows was drawn by a trained network")

# %% [markdown]
# It was A, and nothing in it betrays that its painter has ever met a digit.
# That is no further proof, only the same one seen from behind: a decoder that adds up a thousand patches, with random weights, paints clouds.
# (Whether 30 numbers draw better is a question for lesson 09.)
#
# ### Play: from a digit to a counterfeit
#
# Mix the two, pixel by pixel, and follow a digit while it dissolves.

# %%
digit, counterfeit = x_test[3], counterfeits[9]  # change them
share = np.linspace(0, 1, 9)[:, None]
mixed = (1 - share) * digit + share * counterfeit
frames = {"goes in": mixed} | answers_to(mixed)

# %% mystnb={"image": {"alt": "Four rows of nine images from a handwritten 3 to a counterfeit: what goes in; the wide code's copies, which look the same; what 30 numbers make of it, a 3 that turns into the blur of another digit; and PCA-30's blurred copies."}}
plots.image_rows(frames, title="The wide code copies; thirty numbers change the digit")

# %% [markdown]
# Where scripts run, take the slider yourself.
# At which place does the 3 stop being a 3 for *you*?
# The 30 numbers hold on to it for a while, and then draw another digit: where do they change their mind?

# %%
from lessonlib import live

live.frames(frames, "share of the counterfeit")

# %% [markdown]
# So the repair of the identity is **to make copying impossible**.
# A narrow code is the oldest way, and not the only one: lesson 04 spoils the input, lesson 05 lets few units speak at a time.
#
# <details><summary>A sceptic's questions</summary>
#
# *Is the sigmoid a cheat-proof lock, then?*
# It changes the picture, since it cannot paint what lies outside of 0 and 1, and finds grey clouds hard.
# Cut to that range, counterfeits cost a wide code with a sigmoid a quarter of what there is, and digits and letters no more than a tenth; our 30 numbers with one lose four times as much of them as of digits, and 30 numbers with no hidden layer three times.
# So part of what a sigmoid knows is that ink is black, and there is none in this comparison, on either side.
#
# *Were the rates fair?*
# They were chosen on the validation images: 0.004 of 0.001 to 0.016 for the wide code, 0.012 of 0.002 to 0.016 for the 30 numbers, which are within 2 % of their best from there on.
#
# *A better forger?*
# Cut to the range, his forgeries are paler than digits, and thirty numbers lose twice as much of them.
# He could give each pixel the exact values that it has in digits (replace the drawn numbers by the digits' values of the same rank), black and white instead of grey.
# Of these forgeries PCA-30 loses 1.6 times as much as of digits, 30 numbers 2.3 times.
#
# </details>
#
# ## What is it worth in bytes?
#
# A code is short, so why does nobody send pictures as codes?
# Let us count, and give everybody the same chance.
#
# JPEG knows nothing of digits.
# PCA knows the axes along which digits vary: write down each image's numbers along them, rounded to multiples of one step, frequent values with few bits and rare ones with many (an **entropy coder**; we count the bits that an ideal one needs).
# A larger step means fewer bytes and a larger error.
# The code of a network is rounded and counted in just the same way.
#
# Ours has 30 numbers and a sigmoid, and sees 3,500 digits, warped.
# PCA may use all its 784 numbers, of which most will be rounded to 0.
# And between them stands again PCA that has learned what a pixel is, with 60 numbers, which suit it best.

# %%
best = build()
history = fit(best, x_train, steps=1_000, rate=8e-3, augment=warp)
no_hidden = sigmoid_pca(x_train, 60)
history = fit(no_hidden, x_train, steps=1_000, rate=2e-3)
axes = PCA(svd_solver="covariance_eigh").fit(x_train)

# %% [markdown]
# **Predict before you run:** at an error of 8, JPEG needs 38 bytes an image.
# What will PCA's numbers take: (a) about as many, (b) about half, (c) a tenth?
# And the network's code: more than PCA's, as many, or fewer?

# %%
from lessonlib.rates import code_curve, file_curve

curves = {"JPEG": file_curve(x_test, "jpeg", range(1, 11)),
          "PCA": code_curve(x_train, x_test, axes.transform, axes.inverse_transform),
          "no hidden layers": code_curve(x_train, x_test, *no_hidden.layers),
          "network": code_curve(x_train, x_test, *best.layers)}

# %% mystnb={"image": {"alt": "Error against bytes an image. JPEG's line is farthest to the right, from 31 bytes at error 10 to 66 bytes at 4. PCA's lies far to the left, from 9 bytes at 14 down to 60 at 2. Left of it lies the network without hidden layers, and farthest to the left the network, which goes flat at an error of 6."}}
plots.line_plot({name: curve.sizes for name, curve in curves.items()},
                {name: curve.errors for name, curve in curves.items()},
                x_label="bytes an image", y_label="error on test images",
                title="Who knows digits needs fewer bytes, and PCA knows a lot")

# %%
equal = {name: curve.bytes_at(8) for name, curve in curves.items()}
claim("At an error of 8 PCA's numbers take less than half of JPEG's bytes",
      equal["PCA"] / equal["JPEG"], at_least=0.4, at_most=0.5, kind="rival")
claim("At an error of 8 PCA that has learned what a pixel is saves a quarter",
      1 - equal["no hidden layers"] / equal["PCA"], at_least=0.21, kind="rival")
claim("At an error of 8 hidden layers take another fifth off",
      1 - equal["network"] / equal["no hidden layers"], at_least=0.13, at_most=0.27)

# %% mystnb={"image": {"alt": "Five rows of twelve digits at about equal error: the originals; from JPEG, with square blocks and grey ripples; from PCA's rounded numbers, soft with faint clouds; from the network without hidden layers, soft on black; and from the network's rounded code, clean strokes on black."}}
rows = {name: curve.images_at(8)[60:] for name, curve in curves.items()}
plots.image_rows({"original": x_test[60:]} | rows,
                 title="About one error: blocks, clouds, invented strokes")

# %% [markdown]
# Why at 8?
# Because all four lines pass there; we chose it with the lines in view, and it matters: at 6.5 the two networks draw level, and at 6 ours is exhausted, while the others go on.
#
# So knowing digits beats JPEG, **and it need not be a network**: most of the saving is PCA's, from 1901.
# To learn what a pixel is saves a quarter more, and hidden layers another fifth.
# Knowing digits pays while one may be vague about them.
#
# The last row of the picture says what kind of error each makes.
# JPEG's blocks and PCA's clouds look damaged; the network's digits look clean, and where one is wrong (look at the 6) nothing warns you.
#
# Whoever is to see the images needs the decoder, too.
# Ours has 418,000 weights of four bytes: shared out among our 1,000 test images that is 1,700 bytes each, more than forty times what JPEG takes.
# (PCA's is not free either: at this step a few hundred axes are in use, of 784 numbers each.)
# Shared by some 60,000 images it would pay, as exercise 03.3 shows; but it is good for these images only.
# That is why the rest of this course wants codes for other reasons.
#
# <details><summary>More rivals</summary>
#
# JPEG is from 1992; its images are on one sheet, so that a header is paid once, and a block of 8 x 8 pixels never holds two digits.
# WebP, on the same sheet, begins at 39 bytes, close to PCA's line, and crosses it near an error of 2, although it was told nothing about digits.
# AVIF (2019), which Pillow has from version 11.3 on, needs 35 bytes at an error of 3.8, where PCA needs 36: it can learn much from a sheet with a thousand digits.
# PNG, which loses nothing, takes 170 bytes.
# PCA that has learned what a pixel is was tried with 40, 60 and 90 numbers, with warped copies and without; our network at rates from 0.003 to 0.012.
#
# </details>
#
# ## What we found
#
# - A low *training* error may be memory: with a hundred images, the error on unseen ones was over twenty times as high.
#   Images that were not trained on reveal it.
# - Early stopping saved nothing here, and it looks at images that others may train on.
# - Warped copies brought the network below PCA that had them too, by some five; the hidden layers' part in that is a point or two.
# - A low *test* error may be mere copying: the wide code lost less than 6 % even of counterfeits.
#   Only something strange reveals it.
# - Thirty numbers behind a bend lose two and a half times as much of counterfeits as of digits.
#   PCA does not tell them apart.
# - At an error of 8, PCA's numbers cost less than half of JPEG's bytes, a sigmoid at PCA's end saves a quarter of them, and hidden layers another fifth, decoders not counted.
#
# So this is the habit to keep: before you believe an error, ask *what else would have it this low*.
#
# ## Exercises
#
# **03.1** An error in squared pixels says little by itself: 5 of how many?
# Write `share_of_variance_lost(x, x_hat)` without scikit-learn, for originals and reconstructions of shape `(n, d)`: the squared error, summed over all rows and columns, divided by that of a model which answers every image with the mean image of `x`.
# 0 means that nothing is lost, 1 that the mean image would have done as well.

# %%
from lessonlib import check


def share_of_variance_lost(x, x_hat):
    return None  # your code here


check("03.1", share_of_variance_lost)

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
# def share_of_variance_lost(x, x_hat):
#     lost = ((x - x_hat) ** 2).sum()
#     variance = ((x - x.mean(axis=0)) ** 2).sum()
#     return lost / variance
#
#
# check("03.1", share_of_variance_lost)
# ```
#
# Dividing once, at the end, lets every pixel count by how much it varies.
# A share for each pixel would be 0 divided by 0 at the border, where the pixels are black in all images.
#
# </details>
#
# **03.2** Your turn to train.
# Write `train(x)`, which gets a hundred digits of shape `(100, 784)` and returns an autoencoder with a code of at most 30 numbers.
# The check hands it a hundred digits, waits, and measures the error on digits that your network has never seen.
# PCA-30 of the hundred has 19; get below 14.
# A minute is enough, and `fit` from `lessonlib.training` takes `augment`.

# %%
def train(x):
    return None  # your code here


check("03.2", train)

# %% [markdown]
# <details><summary>A hint</summary>
#
# `build()` and `warp` above do most of it.
# A hundred images are one batch: ten copies of them make an epoch of ten steps, which `fit` runs faster.
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# import numpy as np
# from keras import Sequential, layers
#
# from lessonlib import check, noise
# from lessonlib.training import fit, generator, set_seed
#
#
# def train(x):
#     set_seed()
#     rng = generator()
#     autoencoder = Sequential([layers.Input((784,))])
#     autoencoder.add(layers.Dense(512, "gelu", kernel_initializer="he_normal"))
#     autoencoder.add(layers.Dense(30))
#     autoencoder.add(layers.Dense(512, "gelu", kernel_initializer="he_normal"))
#     autoencoder.add(layers.Dense(784, "sigmoid"))
#
#     def warp(images):
#         return noise.affine_warp(images, rng, 0.25, 0.15, 0.25, 1.5)
#
#     fit(autoencoder, np.tile(x, (10, 1)), steps=300, rate=8e-3, augment=warp)
#     return autoencoder
#
#
# check("03.2", train)
# ```
#
# Try it without `augment`: the check then tells you what this lesson is about.
#
# </details>
#
# **03.3** A code is short, but whoever is to see the images needs the decoder as well.
# Write `break_even(widths, code_size, code_bytes, jpeg_bytes)`: an encoder has hidden layers of `widths`, in this order, and a code of `code_size` numbers; its decoder mirrors them and ends in 784 pixels.
# All layers are dense and have biases, and a weight or bias takes 4 bytes.
# The decoder is sent once; after that, each image costs `code_bytes` instead of `jpeg_bytes`.
# Return the smallest whole number of images for which decoder and codes together need fewer bytes than the JPEGs, or `math.inf` if there is none.

# %%
def break_even(widths, code_size, code_bytes, jpeg_bytes):
    return None  # your code here


check("03.3", break_even)

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
#     weights = 0
#     for below, above in zip(sizes, sizes[1:]):
#         weights += below * above + above
#     return 4 * weights // saving + 1
#
#
# check("03.3", break_even)
# ```
#
# The `+ 1` also settles a draw: if the savings of $n$ images are exactly the decoder's bytes, both ways cost the same, and it takes one image more to be cheaper.
# With a code of 11 bytes against JPEGs of 38, the decoder of the hint pays from image 61,936 on.
#
# </details>

# %% [markdown]
# ## Further, if you like
#
# <details><summary>Turn these knobs</summary>
#
# - Ten images of each digit: take fifty instead (`[:50]`).
#   At how many does the memoriser draw level with PCA-30?
# - Let the wide code have 200 numbers instead of 1,000: does it still copy forgeries?
#   And 50?
# - Warp twice as strongly.
#   When does it begin to hurt, and whom first, the network or PCA?
#
# </details>
#
# <details><summary>Memory and copying at once</summary>
#
# PCA with all 784 numbers is the identity, exactly, whatever it was fitted to: nothing is lost of anything.
# PCA with 99 numbers of a hundred images copies those hundred exactly, and has learned them by heart.
# So neither failure needs a network; networks are only better at hiding them.
#
# </details>
#
# ## Sources
#
# - L. Prechelt, *Early stopping, but when?*, in Neural Networks: Tricks of the Trade, Springer (1998).
# - P. Simard, D. Steinkraus and J. Platt, *Best practices for convolutional neural networks*, ICDAR (2003): warped images.
# - G. Hinton and R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 313 (2006): PCA with a sigmoid at the end, beside PCA and a deep network.
# - C. Shannon, *A mathematical theory of communication*, Bell System Technical Journal 27 (1948): what an ideal entropy coder needs.
# - G. Wallace, *The JPEG still picture compression standard*, Communications of the ACM 34 (1991).
# - K. Pearson, *On lines and planes of closest fit to systems of points in space*, Philosophical Magazine 2 (1901): PCA.
# - B. Efron and R. Tibshirani, *An Introduction to the Bootstrap* (1993): the intervals.
