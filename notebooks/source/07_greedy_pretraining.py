# ---
# jupyter:
#   lesson:
#     memory: 1500
#     yields: how deep networks were trained before 2010, what replaced the trick, and what is left of it; warped in, upright out
#     exercises: a stack of linear layers; gains of paired runs; a network that sets digits upright
# ---

# %% [markdown]
# # 07 Greedy layer-wise pretraining
#
# **How did anyone train deep networks before 2010, and what is left of the trick?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/07_greedy_pretraining.ipynb)
#
# Needs: lessons [02](02_stacked_autoencoders.ipynb), [03](03_two_ways_to_learn_nothing.ipynb) and [04](04_denoising_autoencoders.ipynb); what a gradient is.
# Time: about 3 minutes of computing on two cores, an hour of reading.
#
# At the end you will be able to
#
# - train a deep network one layer at a time, stack the layers and fine-tune the whole,
# - measure where a signal and its gradient get lost in a deep network,
# - say what pretraining was worth, beside starts that were given a fair chance,
# - train a network to undo what does not matter, and judge what its code is worth when labels are few.

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

lessonlib.start("07")

# %% [markdown]
# ## A deep network, as of 1995
#
# For some twenty years the usual unit of a network was the **sigmoid**, and networks of more than two or three layers were thought hard to train.
# Let us see for ourselves.
#
# Here is a deep autoencoder, as lesson 02 might have built it in 1995: four layers of weights down to a code of 30 numbers, and four back.
# All hidden units are sigmoids, the code is linear.
# It starts from random weights of the size that Keras takes by default, which is Glorot's.
# (`times` makes the weights larger, and "relu" takes other ones, He's; both come later.)

# %%
from keras import Sequential, initializers, layers

from lessonlib.training import each, fit, generator, outputs, set_seed


def dense(units, activation, times=1):
    glorot = initializers.VarianceScaling(times**2, "fan_avg", "uniform")
    start = "he_normal" if activation == "relu" else glorot
    return layers.Dense(units, activation, kernel_initializer=start)


def autoencoder(widths, code_size, activation="sigmoid", times=1):
    set_seed()
    inwards = [dense(width, activation, times) for width in widths]
    outwards = [dense(width, activation, times) for width in reversed(widths)]
    encoder = Sequential(inwards + [dense(code_size, None, times)])
    decoder = Sequential(outwards + [dense(784, "sigmoid", times)])
    return Sequential([layers.Input((784,)), encoder, decoder])


# %% mystnb={"image": {"alt": "A handwritten digit and a network drawn from left to right as bars of 784, 256, 128, 64, a code of 30, then 64, 128, 256 and 784 units, joined by shapes that are labelled sigmoid except for the one that leads to the code."}}
from lessonlib import claim, data, live, metrics, noise, plots

digits = data.load_mnist(valid=500).flat
x_train, x_test = digits.x_train, digits.x_test
deep, wide = (256, 128, 64), (500, 500)  # wide comes later
plots.network(autoencoder(deep, 30), "Sigmoids, eight layers deep", image=x_train[3])

# %% [markdown]
# *Error* is, as always, the squared difference summed over an image's pixels.
# Answering every image with the mean image costs 54.
# PCA with 30 numbers, cut to the range from 0 to 1 as the sigmoid is, leaves a little more than 13.
# We train with Adam for 630 steps of 100 images, at the best of the learning rates that we tried on the validation images, as everywhere in this lesson.
#
# **Predict before you run:** where will the deep network end, (a) below PCA, (b) between PCA and half of the mean's error, (c) above that?

# %%
def test_error(model):
    return metrics.squared_error(x_test, outputs(model, x_test))


pca = metrics.pca_reconstruction(x_train, x_test, 30).clip(0, 1)
pca_error = metrics.squared_error(x_test, pca)
mean_error = metrics.squared_error(x_test, x_test * 0 + x_train.mean(axis=0))
claim("PCA-30 leaves an error of about 13", pca_error, at_most=13.7, kind="rival")

# %%
stuck = autoencoder(deep, 30)
record = fit(stuck, x_train, steps=630, rate=5e-3)

# %% mystnb={"image": {"alt": "Two rows of twelve images. Above, twelve different handwritten digits. Below, what the network makes of them: grey blurs in the middle of the picture, most of them ring-shaped or upright, of which the 0s and the 1s at most can be read."}}
plots.image_rows({"goes in": x_test, "comes out": outputs(stuck, x_test)},
                 "Twelve digits go in, a few blurs come out")

claim("After 630 steps, the network keeps over three quarters of the mean's error",
      metrics.share_lost(x_test, outputs(stuck, x_test)), at_least=0.75, at_most=1.02)

# %% [markdown]
# It is (c), and by far: only a few blurs come out.
#
# Was it the optimiser?
# Adam is of 2014, and what people had before were mostly plain steps with momentum; at the best of eight rates, 630 of those keep three quarters of the mean's error when we try, much as Adam's.
# Or was it patience?
# Let us train once more with Adam, for *five times* as long, at the rate that is best for that.

# %%
patient = autoencoder(deep, 30)
record = fit(patient, x_train, steps=3_150, rate=1e-2, watch={"test": x_test}).history

# %% mystnb={"image": {"alt": "Training and test error against steps. The error falls at once to the level line of the mean image, 54, lingers there for some 150 steps, comes down to 30 by step 1,000 and flattens at 25 on test images, twice the level line of PCA at 13."}}
plots.record_plot(record, 3_150, levels={"mean": mean_error, "PCA-30": pca_error},
                  title="Five times as long: half of the mean's error, twice PCA's")

claim("After five times the steps, it still has about twice the error of PCA",
      test_error(patient) / pca_error, at_least=1.5, at_most=3)

# %% [markdown]
# So the failure in the picture is one of 630 steps, and patience mends part of it.
# But look at the shoulder on the left: for its first 150 steps the network does nothing but find the mean image.
# (`fit` lets the rate grow from small to its highest over the first 15 % of the steps, and the shoulder lies in there.)
# With plain steps at rates up to 0.03 it stays there for all of 630 steps.
# In 1995 one might have given up there.
#
# ## One layer at a time
#
# The way out that became famous came in 2006, with G. Hinton, S. Osindero and Y. Teh; D. Ballard had described the idea in 1987.
# A network with *one* hidden layer can be trained.
# So train a shallow autoencoder, 784-256-784, on the images.
# Keep its encoder, and encode all images.
# Their codes, 256 numbers each, are the data for the next shallow autoencoder, 256-128-256, and so on.
# Each layer is trained without regard to what comes after it, which is why this is called **greedy**, and no label is needed.
#
# Then **unroll** the stack: all encoders in order, all decoders in reverse.
# That is our deep network again, with weights that are no longer random, and now it is trained as a whole: **fine-tuning**.

# %% mystnb={"image": {"alt": "Above, four small autoencoders side by side, numbered and coloured 1 to 4: 784-256-784 on the images, 256-128-256 on the codes of 1, 128-64-128, and 64-30-64. Below, the deep network from 784 to 30 and back, whose layers carry the numbers and colours 1, 2, 3, 4, 4, 3, 2, 1."}}
plots.stacking([784, *deep, 30], "One layer at a time, then all together")

# %% [markdown]
# Each shallow autoencoder has to *denoise*, as in lesson 04: a quarter of its inputs, drawn afresh for every batch, are set to zero.
# Keras layers may serve in several models, so we build the deep network first and train its layers in place, the outer ones first.

# %%
def pretrain(model, share, steps):
    encoder, decoder = model.layers
    code, rng = x_train, generator()

    def hide(rows):
        return rows * (rng.random(rows.shape) >= share)

    for inwards, outwards in each(list(zip(encoder.layers, decoder.layers[::-1]))):
        shallow = Sequential([layers.Input(code.shape[1:]), inwards, outwards])
        fit(shallow, code, steps=steps, rate=1e-2, corrupt=hide, quiet=True)
        code = outputs(inwards, code)


# %% [markdown]
# What does it cost?
# Four times 245 steps of shallow networks, then 315 steps of the whole: 1,295 steps, if we count a shallow one as a whole one.
# (In seconds it is a little less.)
# We keep `stacked` as pretraining leaves it, to measure it below, and fine-tune a copy.

# %%
stacked = autoencoder(deep, 30)
pretrain(stacked, share=0.25, steps=245)

tuned = autoencoder(deep, 30)
tuned.set_weights(stacked.get_weights())
record = fit(tuned, x_train, steps=315, rate=2e-2)

# %%
claim("In two fifths of the patient network's steps, it has three fifths of its error",
      test_error(tuned) / test_error(patient), at_least=0.45, at_most=0.75)

# %% [markdown]
# The same network and the same images, far fewer steps, and more than a third of the error is gone.
# It is still *above* PCA's 13, though.
# After 2006 this was the door to deep networks (Hinton and Salakhutdinov, 2006; Bengio and others, 2007).
#
# ## Why did it help?
#
# A sceptic will ask: is it what the layers have *learned* that helps, or only that their weights are no longer so small?
# In 2010 X. Glorot and Y. Bengio worked out how large random weights should be, so that neither a signal nor its gradient dies on its way through many layers, for units whose slope at 0 is 1.
# A sigmoid's slope is 1/4.
# So its weights ought to be *four times* as large.
# (We multiply those of the linear code layer as well, whose slope is 1; that is more than it needs.)
#
# Let us measure instead of arguing, on three networks that have not yet made a single step as a whole: Glorot's weights, four times Glorot's, and the pretrained stack.
# We send 500 test images through each, and ask after every layer how much its units still differ from image to image: their standard deviation over the images, averaged over the units.
#
# **Predict before you run:** pixels differ by about 0.2.
# How much of that is left in the pixels that come out of the network with Glorot's weights: (a) a half, (b) a hundredth, (c) less than a thousandth?

# %%
from lessonlib.signals import gradient_lengths, layer_spreads

starts = {"Glorot's": autoencoder(deep, 30),
          "4 times Glorot's": autoencoder(deep, 30, times=4), "pretrained": stacked}
arriving = {name: layer_spreads(model, x_test[:500]) for name, model in starts.items()}
told = {name: gradient_lengths(model, x_test[:500]) for name, model in starts.items()}

# %% mystnb={"image": {"alt": "Differences between images after each of the layers 0 to 8, on a logarithmic axis. From Glorot's weights they fall from 0.2 to a hundred-thousandth. From weights four times as large they fall to some 0.02. In the pretrained network they rise at first, and end at 0.1."}}
plots.line_plot(range(9), arriving, x_label="layers", y_label="spread over images",
                log=True, title="From Glorot's weights, digits look alike at the end")

# %% [markdown]
# The answer is (c): with Glorot's weights, what comes out is the same picture for all digits, to less than a ten-thousandth.
# Each layer of sigmoids lets the differences shrink.
# Layer 4 is the linear code: nothing shrinks there, and so the lines go up.
#
# Now the way back.
# The **gradient** of the loss for a layer's weights says how to change them; its length is how loudly the layer is told.

# %% mystnb={"image": {"alt": "Length of the gradient for the weights of each of the layers 1 to 8, on a logarithmic axis. From Glorot's weights it falls from 50 at the last layer to 0.003 at the first. From weights four times as large it stays above 1 everywhere; in the pretrained network it lies between 0.6 and 3."}}
plots.line_plot(range(1, 9), told, x_label="layer", y_label="length of gradient",
                log=True, title="From Glorot's weights, the first layers hear nothing")

weakest = min(told["pretrained"][0], told["4 times Glorot's"][0])
claim("Pretraining, or a factor of four, makes the first gradient fifty times as long",
      weakest / told["Glorot's"][0], at_least=50)

# %% [markdown]
# This is the **vanishing gradient**.
# Adam can enlarge a gradient, but a layer through which all digits look alike has little to learn from.
# Pretraining repairs it, both ways.
# And so does a factor of four, without any training: look at the two upper lines in either figure.
# Whether that is enough to *learn* as well is another question.
#
# ## The fair rivals
#
# So let four times Glorot's weights run.
# Beside them goes what has replaced the sigmoid: ReLU units, whose slope is 1 wherever they are on, with the weights that K. He and others (2015) found for *them*.
# And all get the steps that pretraining has had: 1,295 whole ones.
#
# **Predict before you run:** the pretrained network has an error of about 16.
# With weights four times as large and no pretraining, will the sigmoids end (a) near 25, (b) near 16, (c) below PCA's 13?

# %%
larger, modern = autoencoder(deep, 30, times=4), autoencoder(deep, 30, "relu")
record = fit(larger, x_train, steps=1_295, rate=1e-2)
record = fit(modern, x_train, steps=1_295, rate=4e-3)

# %% mystnb={"image": {"alt": "Bars of test error. From Glorot's weights 46 after 630 steps and 25 after 3,150. With 1,295 steps each: pretrained 16, four times Glorot's weights 15, ReLU units from He's weights 12. PCA with 30 numbers 13."}}
ends = {"Glorot's, 630 steps": stuck, "same, 3,150 steps": patient, "pretrained": tuned,
        "4 times Glorot's": larger, "ReLU, He's weights": modern}
errors = {name: test_error(model) for name, model in ends.items()}
plots.bar_plot(errors | {"PCA-30": pca_error}, x_label="error on test images",
               title="At 1,295 steps, the right size does what pretraining did")

# %%
claim("With weights four times as large, as many steps do as well as pretraining",
      test_error(larger) / test_error(tuned), at_least=0.75, at_most=1.18)
claim("ReLU units from He's weights, the modern rival, end at an error of 12",
      test_error(modern), at_most=13.3, kind="rival")

# %% [markdown]
# It is (b), and the sceptic was right.
# One factor, and nothing learned beforehand, does what four rounds of pretraining did.
# Both stay above PCA; only the ReLU units come below it.
# J. Martens in 2010, and I. Sutskever and others in 2013, said so of the very networks of 2006: with a better optimiser, or well-chosen weights and momentum, they train from a random start.
# **For reconstruction, pretraining was a cure, and the illness is gone.**
#
# <details><summary>How the settings were chosen, and what else was tried</summary>
#
# All on validation images, seed 0, 630 steps where nothing else is said; what the lesson uses is in bold.
# Settings for labels were chosen with one stack, on the validation images; those of each SVM on the first draw of labels, for all six.
#
# | start | rate: validation error |
# |---|---|
# | Glorot's | 0.002: 46.6, **0.005: 44.6**, 0.01: 46.8; 1,295 steps: 0.005: 35.8, 0.01: 32.1; 3,150 steps: 0.002: 34.1, 0.005: 27.5, **0.01: 25.3**, 0.02: 25.7 |
# | plain steps, momentum 0.9 (SGD), the grid | 0.0001: 54.1, 0.0003: 53.0, 0.001: 52.8, 0.003: 52.8, 0.01: 52.8, 0.03: 52.9, 0.1: 39.6, 0.3: 46.4; 3,150 steps: 0.1: 24.7, 0.2: 53.7; the mean image has 52.8 |
# | 4 times Glorot's | 0.002: 26.2, 0.005: 21.5, 0.01: 19.1, 0.02: 21.1; 1,295 steps: **0.01: 15.0**, 0.02: 15.3 |
# | ReLU, He's | 0.002: 14.8, 0.004: 14.3, 0.008: 15.0; 1,295 steps: **0.004: 11.7** |
# | pretrained, a quarter hidden, then tuned at 0.02 | pretraining at 0.005: 19.2, **0.01: 15.8**; a tenth hidden: 18.8 (tuned at 0.01); 0.4 hidden: 16.5 |
# | ReLU, pretrained, a tenth hidden, then 315 steps | 0.01, tuned at 0.008: 13.3; 0.005: 15.1 |
#
# So pretraining is worth nothing to ReLU units here, at equal steps.
#
# </details>
#
# ## Many images, few labels
#
# D. Erhan and others asked in 2010 what else pretraining does.
# It can help the *optimiser*, and that is what we have just seen fade.
# But it can also help to *generalise*: images are cheap, labels are dear, and whoever has seen many images may need few labels.
#
# So from here on the question is another one.
# There are 3,500 images, and **100 of them have labels**, ten of each digit.
# What can the other 3,400 do for us?
#
# We look for a code from which labels are easy to read.
# The reader is a **support vector machine**, SVM for short, with a Gaussian kernel: the *most* telling of the labelled images vote, the nearer the more.
# Its two settings, $C$ for how dearly a wrong vote is paid and $\gamma$ for how near is near, are chosen on the 500 validation images and the first draw of labels, for each code anew; so 500 more labels serve all sides, for settings only.
# We draw the hundred labelled images six times, and every method gets the same six draws.

# %%
from lessonlib.few_labels import draws_per_class, network_errors, reading_errors

hundreds = draws_per_class(digits.y_train, per_class=10, draws=6)
by_pixels = reading_errors(None, digits, hundreds)  # no code: the images themselves
claim("With 100 labels, an SVM on pixels, the rival, reads under 28 % wrong",
      by_pixels.mean(), at_most=28, unit=" %", kind="rival")

# %% [markdown]
# ### Copy, or fill in?
#
# Now a stack, 784-500-500-250, pretrained greedily on all 3,500 images, without labels and without fine-tuning.
# We build it twice, with equal steps: *plainly*, each layer to copy its input; and with *half of the inputs hidden*, so that each has to fill in.
# Glorot's weights are good enough here: a shallow network does not mind them.

# %%
codes = {"untrained": autoencoder(wide, 250).layers[0]}
for name, share in {"plain stack": 0, "stack, half hidden": 0.5}.items():
    model = autoencoder(wide, 250)
    pretrain(model, share, steps=350)
    codes[name] = model.layers[0]

# %% [markdown]
# Which of the two is easier to read we shall see in a moment.
# First a third way to ask.
#
# ## Warped in, upright out
#
# A digit that is turned, stretched, slanted or shifted a little is the same digit.
# We warp the input, and ask for the image *as it was*: upright, in its place.
# To undo a warp the network has to find out how this digit is meant to stand, and for that it helps to know which digit it is.
#
# First the rival.
# The best *linear* map from warped digits to upright ones is found by ridge regression, from five warped copies of every training image.

# %%
import numpy as np
from sklearn.linear_model import Ridge

rng = generator()


def warp(images):  # how much at most: rotation, scale, shear, shift
    return noise.affine_warp(images, rng, 0.25, 0.15, 0.2, 2)


x_copies = np.concatenate([warp(x_train) for _ in range(5)])
linear = Ridge(alpha=100).fit(x_copies, np.tile(x_train, (5, 1)))

# %%
x_warped = warp(x_test)
x_linear = linear.predict(x_warped).clip(0, 1)
linear_error = metrics.squared_error(x_test, x_linear)
claim("The best linear map has an error of 34", linear_error, at_most=37, kind="rival")

# %% [markdown]
# The mean image would cost 54, as ever: the linear map does undo something.
#
# Now the network: ReLU units, 784-500-500-250 and back, all layers at once from random weights.
# Nothing is greedy any more.
# `corrupt=warp` changes the input of each batch, afresh, and the target stays.
# Beside it we train its twin, the same but for one word: with `augment=warp` the *target* is the warped image, too, so that the twin has only to copy.
# Its rate is another one, too: the one with which labels are easiest to read from *its* code.
#
# **Predict before you run:** the linear map leaves an error of 34.
# Where will the network end: (a) near 34 as well, (b) near 23, (c) below 10?

# %%
upright, copying = autoencoder(wide, 250, "relu"), autoencoder(wide, 250, "relu")
record = fit(upright, x_train, corrupt=warp, steps=1_050, rate=3e-3)
record = fit(copying, x_train, augment=warp, steps=1_050, rate=8e-3)
x_upright = outputs(upright, x_warped)

# %% mystnb={"image": {"alt": "Four rows of twelve test digits: warped, that is, leaning, turned, too large or off centre; set upright by the network, a little soft but readable and in place; what the best linear map makes of them, grey clouds; and the originals, which the network's row resembles."}}
rows = {"goes in": x_warped, "comes out": x_upright, "linear map": x_linear}
plots.image_rows(rows | {"as it was": x_test}, "Warped digits in, upright digits out")

# %%
claim("Undoing warps, the network leaves two thirds of the linear map's error",
      metrics.squared_error(x_test, x_upright) / linear_error, at_least=.57, at_most=.8)

# %% [markdown]
# The answer is (b).
# Some error has to stay: nobody can know how exactly *this* 7 leaned before we turned it.
# But look at the second row: the digits stand, in their place and size, where the linear map gives ghosts.
# *Upright* means as it was written: a leaning 1 goes on leaning.
#
# ### Play: turn a digit
#
# Let us turn one test digit by hand, and farther than the network has ever seen.
# (Its warps ended at 14 degrees either way; a slant may add as much.)
# At which angle does it let go, and what does it see then?

# %% mystnb={"image": {"alt": "Four rows of thirteen images of one digit turned step by step from 60 degrees to the left to 60 to the right. In the network's row the 3 stands upright in the middle, becomes a 5 at the left end, and is like an 8, then a smear, towards the right end; the linear map gives clouds; PCA gives soft copies of the turned digit."}}
from scipy.ndimage import rotate

digit = x_test[13].reshape(28, 28)  # change it
angles = np.linspace(60, -60, 13)
turned = np.array([rotate(digit, a, reshape=False, order=1).ravel() for a in angles])
frames = {"goes in": turned, "network": outputs(upright, turned),
          "linear map": linear.predict(turned),
          "PCA-30": metrics.pca_reconstruction(x_train, turned, 30)}

plots.image_rows(frames, "Turned a bit, it stands up; too far, it changes", columns=13)

# %% [markdown]
# Turned to the left, it stays a 3 until some 40 degrees, and then becomes a 5; turned to the right, its loops close from some 20 or 30 degrees on, and it is more like an 8.
# The network sees what it knows: digits of ten kinds, not far from upright.
# PCA, which was never asked to undo anything, copies the digit as it leans, as well as its 30 numbers can.
# Where scripts run, turn the digit yourself.

# %%
live.frames(frames, "angle, from 60 degrees to the left to 60 to the right")

# %% [markdown]
# ### What are the codes worth?
#
# Back to the hundred labels, and to the SVM that reads them.
# It gets five codes: an untrained one, the plain stack's, the stack's that fills in, the copying twin's, and the upright one.
#
# But take care: with the warps we have told our network something, namely which changes do not matter.
# A rival must be told as well.
# So an SVM on pixels gets **twenty warped copies of each labelled image**, with its label, and so does the one on our code; and a network of the same layers, with a **softmax** on top that turns ten numbers into probabilities, is trained from random weights on the labelled images alone, warped afresh at every step.
#
# **Predict before you run:** on plain pixels, some 22 labels in a hundred were read wrong.
# Who will be best: (a) the SVM on the upright code, (b) the SVM on pixels with warped copies, (c) the network that never saw the 3,400 other images?

# %%
def classifier():
    encoder = autoencoder(wide, 250, "relu").layers[0]
    return Sequential([encoder, layers.Dense(10, "softmax")])


network = network_errors(classifier, digits, hundreds, warp=warp, steps=500, rate=3e-3)

# %%
code_of, read = upright.layers[0], {}
joint = {"copying twin": copying.layers[0], "upright code": code_of}
for name, encoder in (codes | joint).items():
    read[name] = reading_errors(encoder, digits, hundreds)
for name, encoder in {"warped: pixels": None, "warped: upright code": code_of}.items():
    read[name] = reading_errors(encoder, digits, hundreds, warp=warp, copies=20)
read["warped: network"] = network

# %% mystnb={"image": {"alt": "Eight rows of paired gains over an SVM on pixels, in points of test error. Untrained code: nine lost. Plain stack: none. Stack with half hidden: four gained. Copying twin: one or two. Upright code: nine. With warped copies: pixels nine, upright code eleven, network twelve."}}
gains = {name: by_pixels - wrong for name, wrong in read.items()}
plots.paired_gains(gains, x_label="points fewer errors than an SVM on pixels",
                   title="Knowing the warps helps, wherever it is told")

# %%
from lessonlib.runs import mean_of_runs


def ahead(code, *rivals):  # the low end of the mean gain's interval, the least of them
    return min(mean_of_runs(rival - read[code]).low for rival in rivals)


claim("Copying, a stack leaves labels about as hard to read as in the pixels",
      gains["plain stack"].mean(), at_least=-2.5, at_most=2.5, unit=" points")
claim("Filling in, it makes them easier to read, than copying and than pixels",
      ahead("stack, half hidden", by_pixels, read["plain stack"]), at_least=0.5)
claim("From the upright code fewer are read wrong than from pixels or its copying twin",
      ahead("upright code", by_pixels, read["copying twin"]), at_least=0.5)
claim("Warped, a network without other images is level with the upright code or ahead",
      mean_of_runs(read["warped: upright code"] - network).low, at_least=-1.5)

# %% [markdown]
# Each ring is one draw of labels: the error with pixels minus that with the code, on the same labelled images, so that the luck of the draw cancels.
# The bar is the 95 % interval of the mean gain, by Student's $t$, which allows for there being six draws only.
# (It speaks of other draws of labels, not of other stacks; that the claims hold with other seeds is checked apart.)
#
# Read from top to bottom.
# A stack that **copies** leaves the labels about as hard to read as they were in the pixels; one that **fills in** makes them easier, since that takes knowledge of what goes with what.
# That difference, denoising ahead of copying, is the finding of Vincent and others (2010), and it has outlived the sigmoid.
# Next come the twins, alike but for their target and the best rate for each.
# The one that **sets upright** is far ahead of the one that copies: its code does for plain labelled images what warped copies do for pixels.
#
# And who is best? It is (c), or a tie.
# The network never saw the 3,400 unlabelled images, and needed no code at all.
# So what helped was the **knowledge** of which changes do not matter, wherever one tells it: to the code, without a single label, or along with the labels.
# The code has one advantage left: it was made once, before anybody said what for, and a simple reader does well on it.
#
# <details><summary>A sceptic's questions</summary>
#
# *More copies?*
# From ten to thirty warped copies of each labelled image, the SVM on pixels won some two points, the SVM on the code half a point; twenty are a compromise with time.
# The network sees new copies at every step.
#
# *The rates of the twins?*
# At rates of 0.001, 0.003, 0.008 and 0.016, 26, 25, 20 and 22 % of the validation labels were read wrong from the copying twin's code; from the upright code 12 % at 0.003 and 14 % at 0.008.
# The copies themselves are best at 0.003: to copy well and to be read well are two things.
#
# *The linear map?*
# With `alpha` at 30, its error on validation images was 33.3, at 300 33.0: in between it hardly matters.
#
# *The network had to be tuned?*
# 500 steps at 0.003 were best on the validation images, of 200, 300 and 500 steps and of rates of 0.001, 0.003 and 0.006, on two or three draws.
#
# *Start the network from the upright code?*
# Fine-tuned in the same way for 300 steps, it was level with the random start: 11.4 % against 11.0 on three draws.
#
# *Fewer labels, or more?*
# With 20 labels the SVM on the code, with 30 warped copies, and the network read 28 and 29 % wrong, with 50 labels 17 and 16 %.
# With 1,000 labels, SVMs on pixels with five warped copies and on the code read 5.3 and 5.1 % wrong; networks with warped copies, from random weights and from the upright code, 4.5 and 4.2 % on one draw.
#
# </details>
#
# That is also the form in which pretraining came back.
# Hide something, or change what does not matter; ask for what was there; use far more images than anyone will label; train all layers at once.
#
# ## What we found
#
# - A deep network of sigmoids from Glorot's weights keeps over three quarters of the mean image's error after 630 steps, and has twice PCA's after 3,150.
#   Of the differences between digits hardly anything arrives at its end, and of the gradient hardly anything at its beginning.
# - Pretrained layer by layer, it has three fifths of that error after two fifths of those steps.
#   Weights four times as large, with nothing learned beforehand, do as well, and ReLU units better.
# - A stack that copies leaves labels about as hard to read as pixels do; one that fills in makes them easier.
# - A network that is asked to undo warps leaves two thirds of the best linear map's error, and its code is far better for few labels than that of its copying twin.
# - A network that is told of the warps along with its hundred labels is level with that code, or ahead.
#
# Here the walk that began in lesson 00 ends.
# A code was first a projection (01), then a network's (02), and had to be kept from being a mere copy: by few numbers (03), by noise (04), by a price on activity (05); convolutions told it which pixels are neighbours (06).
# So why copy an input?
# For what has to be learned on the way.
#
# The lessons to come each take something from here.
# That small changes shall not matter becomes a *penalty* in 08, contractive autoencoders.
# What a code is good for beside labels: to draw from it (09, the latent space, and 10, variational autoencoders), to find similar images, where a code that undoes warps is at home (11), to find documents (12), or what does not belong (13, anomalies).
# In 14, on sequences, gradients vanish along time; 15 trains the deep network of 2006 on all its images, fast; and 16 chooses among all of them, by rivals as fair as these.
#
# ## Exercises
#
# **07.1** What does a stack gain, layer by layer, if all its layers are linear?
# Write `greedy_pca(x, sizes)` for `sizes` that decrease: fit a PCA with `sizes[0]` components to x, a second one with `sizes[1]` components to the codes of the first, and so on.
# Encode x through all of them, decode all the way back, and return the reconstruction, of the shape of x.
# Before you compare, predict: is its error above that of one PCA with `sizes[-1]` components, below it, or the same?

# %%
from lessonlib import check


def greedy_pca(x, sizes):
    return None  # your code here


check("07.1", greedy_pca)

# %% [markdown]
# <details><summary>A hint</summary>
#
# It is the lesson's loop with PCA for the shallow autoencoder: keep every fitted PCA in a list, and hand its codes to the next.
# `transform` leads inwards, `inverse_transform` outwards.
# Which layer was the last on the way in, and so is the first on the way out?
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# from sklearn.decomposition import PCA
#
# from lessonlib import check
#
#
# def greedy_pca(x, sizes):
#     fitted, code = [], x
#     for size in sizes:
#         pca = PCA(n_components=size, svd_solver="full").fit(code)
#         fitted.append(pca)
#         code = pca.transform(code)
#     for pca in reversed(fitted):
#         code = pca.inverse_transform(code)
#     return code
#
#
# check("07.1", greedy_pca)
# ```
#
# The error is the same: one PCA of the last size gives the same reconstruction.
# The first code lists the directions by their variance, so the second PCA can do no better than to drop the last of them.
# So the check cannot tell a stack from one PCA: that is the finding.
# Being greedy costs nothing here and gains nothing; both begin with units that are not linear.
#
# </details>
#
# **07.2** With 100 labels much depends on which hundred one draws, and a draw that is hard for one method is hard for the other.
# So run number $i$ of both methods shares its labels, and one compares run by run.
# Write `gain_over_seeds(without, with_pretraining)` for two arrays of test errors in %, one for each run: it returns the mean gain in points, positive if pretraining helps, and its standard error, the sample standard deviation of the differences over the root of their number.
# Then compute, if you like, the standard error for two groups that share nothing, $\sqrt{s_1^2 / n + s_2^2 / n}$, from the errors of this lesson.
# What did the pairs save?

# %%
def gain_over_seeds(without, with_pretraining):
    return None  # your code here


check("07.2", gain_over_seeds)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Subtract first.
# What is left is one row of numbers, with a mean, a spread and a length.
# For the spread of a sample NumPy's `std` has to be told about the one degree of freedom that the mean has used up.
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# from lessonlib import check
#
#
# def gain_over_seeds(without, with_pretraining):
#     gains = without - with_pretraining
#     return gains.mean(), gains.std(ddof=1) / len(gains) ** 0.5
#
#
# check("07.2", gain_over_seeds)
# ```
#
# The mean gain is the same either way; what differs is how well we know it.
# The luck of a draw is in both errors and cancels in their difference.
# Were there no such luck, the pairs would save nothing.
#
# </details>
#
# **07.3** Your turn to train.
# Write `train(x)`, which gets 4,000 upright digits of shape `(4000, 784)` and returns an autoencoder with a code of at most 250 numbers that sets warped digits upright.
# The check warps 1,000 digits that your network has never seen, as strongly as this lesson did, and compares what comes out with the digits as they were.
# The best linear map leaves an error of 34; get below 26.
# A minute is enough.

# %%
def train(x):
    return None  # your code here


check("07.3", train)

# %% [markdown]
# <details><summary>A hint</summary>
#
# What is the input, and what the target?
# `fit` from `lessonlib.training` takes `corrupt`, which changes the input of each batch and leaves the target alone.
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
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
#     autoencoder.add(layers.Dense(500, "relu", kernel_initializer="he_normal"))
#     autoencoder.add(layers.Dense(250))
#     autoencoder.add(layers.Dense(500, "relu", kernel_initializer="he_normal"))
#     autoencoder.add(layers.Dense(784, "sigmoid"))
#
#     def warp(images):
#         return noise.affine_warp(images, rng, 0.25, 0.15, 0.2, 2)
#
#     fit(autoencoder, x, corrupt=warp, steps=600, rate=3e-3)
#     return autoencoder
#
#
# check("07.3", train)
# ```
#
# With `augment=warp` in place of `corrupt=warp` the network is asked for the *warped* digit, and learns to copy it, warp and all.
#
# </details>

# %% [markdown]
# ## Further, if you like
#
# ### What a stack of autoencoders is not
#
# Hinton and Salakhutdinov (2006) did not stack autoencoders but **restricted Boltzmann machines**: probability models of visible and hidden units, with one matrix between them, trained (approximately) to make the data probable, not to reconstruct them.
# Stacked, as a model from which one can draw images, they form a **deep belief network**.
# Only unrolled and fine-tuned did theirs become an autoencoder.
# Y. Bengio and others (2007) replaced the machines by shallow autoencoders and found that these do nearly as well, and P. Vincent and others (2008, 2010) by denoising ones, which closed the gap.
# So a stacked autoencoder is no "deep belief network", though you will find it called one.
#
# ### Learning without backpropagation: recirculation
#
# Fine-tuning needs backpropagation, and it is hard to see how a brain would do that.
# G. Hinton and J. McClelland (1988) found a shallow autoencoder that learns without it: let activity go round, and compare.
#
# Two matrices, `up` from the image to a code of 64 and `down` back, no biases, images with the mean subtracted.
# Line by line:
#
# - `h1 = sigmoid(x0 @ up)`: the image calls up a code.
# - `x2 = 0.75 * x0 + 0.25 * h1 @ down`: the code calls up an image, to which the visible units give way only by a quarter.
# - `h3 = sigmoid(x2 @ up)`: this slightly changed image calls up a second code.
# - `down` moves along `h1.T @ (x0 - x2)`: what the image lost on the way round, times who was active. This is gradient descent.
# - `up` moves along `x2.T @ (h1 - h3)`: how the code changed on the way round, times which pixels were on. Here is no derivative anywhere; each weight needs only the activity at its own two ends, now and a moment ago.
#
# Our controls: `up` left at its random start with the best `down` that there is for it, by least squares; and backpropagation in the same loop, with the same start and plain steps.

# %%
def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def circulate(images, up, down, rate, backpropagate=False):
    start = generator()
    for _ in each(range(700)):
        x0 = images[start.choice(len(images), 100, replace=False)]
        h1 = sigmoid(x0 @ up)
        x2 = 0.75 * x0 + 0.25 * h1 @ down
        change = x2.T @ (h1 - sigmoid(x2 @ up))
        if backpropagate:
            x2 = h1 @ down
            change = x0.T @ ((x0 - x2) @ down.T * h1 * (1 - h1))
        up = up + rate * change / 100
        down = down + rate * h1.T @ (x0 - x2) / 100
    return up, down


# %%
centred, test_centred = x_train - x_train.mean(axis=0), x_test - x_train.mean(axis=0)
start = generator()
up, down = start.normal(0, 0.05, (784, 64)), start.normal(0, 0.05, (64, 784))


def round_error(up, down):
    return metrics.squared_error(test_centred, sigmoid(test_centred @ up) @ down)


# %%
best_down = np.linalg.lstsq(sigmoid(centred @ up), centred)[0]
random_up = round_error(up, best_down)
around = round_error(*circulate(centred, up, down, rate=0.3))
back = round_error(*circulate(centred, up, down, rate=0.1, backpropagate=True))
claim("Recirculation beats the best decoder of a random code", around / random_up,
      at_most=0.95)
claim("It has a good part of what backpropagation gains over that",
      (random_up - around) / (random_up - back), at_least=0.3, at_most=0.95)

# %% [markdown]
# Why does it work at all?
# If `down` is close to the transpose of `up`, and `x2` close to `x0`, then `h1 - h3` is how the code answers to a small change of the image, and that is close to what backpropagation would hand down.
#
# <details><summary>Turn these knobs</summary>
#
# - Plain steps with momentum: `import keras` and `from lessonlib.training import sum_of_squares`, then `model.compile(keras.optimizers.SGD(0.1, momentum=0.9), sum_of_squares)` and `model.fit`, from Glorot's weights and from four times as large ones.
#   I. Sutskever and others (2013) showed how far good weights and momentum get.
# - Warp twice as strongly.
#   What happens to the code with 100 labels?
# - Read the codes with a simpler reader, `metrics.linear_probe`: logistic regression on the code as it is, which is called a *linear probe*.
#   Is the order the same?
# - Pretrain the deep autoencoder with nothing hidden, `share=0`.
#   Does it mind as much as the codes for labels do?
#
# </details>
#
# ## Sources
#
# - D. Ballard, *Modular learning in neural networks*, AAAI (1987): autoencoders, trained one upon the other.
# - G. Hinton, S. Osindero and Y. Teh, *A fast learning algorithm for deep belief nets*, Neural Computation 18 (2006): the first greedy pretraining of a deep network.
# - G. Hinton and R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 313 (2006): the recipe that became famous, with restricted Boltzmann machines.
# - Y. Bengio, P. Lamblin, D. Popovici and H. Larochelle, *Greedy layer-wise training of deep networks*, NIPS 19 (2007): the same with autoencoders.
# - P. Vincent, H. Larochelle, Y. Bengio and P. A. Manzagol, *Extracting and composing robust features with denoising autoencoders*, ICML (2008), and P. Vincent et al., *Stacked denoising autoencoders*, Journal of Machine Learning Research 11 (2010): with noise, as in this lesson.
# - X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS (2010): the size of random weights.
# - D. Erhan et al., *Why does unsupervised pre-training help deep learning?*, Journal of Machine Learning Research 11 (2010).
# - J. Martens, *Deep learning via Hessian-free optimization*, ICML (2010): the deep autoencoder of 2006, trained from random weights by a better optimiser.
# - I. Sutskever, J. Martens, G. Dahl and G. Hinton, *On the importance of initialization and momentum in deep learning*, ICML (2013): the same by plain steps with momentum, from well-chosen weights.
# - K. He, X. Zhang, S. Ren and J. Sun, *Delving deep into rectifiers*, ICCV (2015): weights for ReLU units.
# - G. Hinton and J. McClelland, *Learning representations by recirculation*, Neural Information Processing Systems (1988).
# - Student, *The probable error of a mean*, Biometrika 6 (1908): the intervals over runs; B. Efron and R. Tibshirani, *An Introduction to the Bootstrap* (1993): those over images.
