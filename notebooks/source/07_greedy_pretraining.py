# ---
# jupyter:
#   lesson:
#     memory: 1775
#     yields: how deep networks were trained before 2010; where pretraining helps, beside starts with a fair chance; what came after it
#     exercises: a stack of linear layers; gains of paired runs; recirculation
# ---

# %% [markdown]
# # 07 Greedy layer-wise pretraining
#
# **How did anyone train deep networks before 2010, and when is it still worth it?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/07_greedy_pretraining.ipynb)
#
# Needs: lessons [02](02_stacked_autoencoders.ipynb), [04](04_denoising_autoencoders.ipynb) and [05](05_sparse_autoencoders.ipynb); what a gradient is.
# Time: about 5 minutes of computing on two cores, an hour and a half of reading.
#
# At the end you will be able to
#
# - train a deep network one layer at a time, stack the layers and fine-tune the whole,
# - say where pretraining helps, by how much, and where it does not, each beside a start that was given a fair chance,
# - tell what labels buy from what unlabelled images buy,
# - keep apart what is often mixed up: autoencoders, Boltzmann machines, and learning without backpropagation.

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
# ## A network that hardly learns
#
# For some twenty years the usual unit was the sigmoid or its relative tanh, and fully connected networks of more than two or three layers were thought hard to train.
# Let us see for ourselves.
# We build a deep autoencoder, 784-500-250-125-30 and back again, with sigmoid units, and one linear layer for the code.
# It starts from random weights of the size that Keras takes by default, Glorot's.
# (`times` as large, and ReLU units with He's weights, we need later.)

# %%
from keras import Sequential, layers
from keras.initializers import VarianceScaling

from lessonlib import data
from lessonlib.training import fit, set_seed

digits = data.load_mnist(valid=500).flat
x_train, x_valid, x_test = digits.x_train, digits.x_valid, digits.x_test

# %%
def dense(units, activation, times=1):
    glorot = VarianceScaling(times**2, "fan_avg", "uniform")
    start = "he_normal" if activation == "relu" else glorot
    return layers.Dense(units, activation, kernel_initializer=start)


# %%
def deep_autoencoder(activation, times=1):
    set_seed()
    inwards = [dense(width, activation, times) for width in (500, 250, 125)]
    outwards = [dense(width, activation, times) for width in (125, 250, 500)]
    code, pixels = dense(30, None, times), dense(784, "sigmoid", times)
    return Sequential([layers.Input((784,)), *inwards, code, *outwards, pixels])


# %% [markdown]
# Every learning rate in this lesson was chosen on the validation images, separately for each way to start, among values that are two to two and a half times apart.
# For this network 0.002, 0.005, 0.01 and 0.02 were tried.
#
# **Predict before you run:** the mean image has an error of 54, PCA with 30 numbers 14 to 15.
# Where will a deep network with 30 numbers end?

# %%
records, rebuilt = {}, {}


def trained(name, model, steps, rate):
    records[name] = fit(model, x_train, steps=steps, rate=rate).history["loss"]
    rebuilt[name] = model(x_test).numpy()


trained("sigmoid, random", deep_autoencoder("sigmoid"), 630, 5e-3)

# %%
import numpy as np

from lessonlib import claim, metrics, show

x_mean = np.broadcast_to(x_train.mean(axis=0), x_test.shape)
mean_error = metrics.squared_error(x_test, x_mean)
pca_error = metrics.squared_error(
    x_test, metrics.pca_reconstruction(x_train, x_test, 30))


def error(name):
    return metrics.squared_error(x_test, rebuilt[name])


# %%
claim("PCA-30 leaves an error of some 14.7", pca_error, at_most=15, kind="rival")
stuck = error("sigmoid, random") / mean_error
claim("Sigmoid, random: error over the mean's", stuck, at_least=0.6, at_most=1.02)

# %% [markdown]
# Far above PCA, and not far below the mean image; and that was Adam, which enlarges small gradients.
# Plain steps with momentum, those of the time, hardly leave the mean image:

# %%
from keras.optimizers import SGD

from lessonlib.training import Progress, batches, sum_of_squares

plain = deep_autoencoder("sigmoid")
plain.compile(SGD(1e-3, momentum=0.9), sum_of_squares, steps_per_execution=35)
plain.fit(batches(x_train), epochs=18, callbacks=[Progress()], verbose=0)
stopped = metrics.squared_error(x_test, plain(x_test).numpy()) / mean_error
claim("Plain steps: error over the mean's", stopped, at_least=0.9, at_most=1.02)

# %% [markdown]
# ## One layer at a time
#
# The way out that became famous came in 2006.
# A network with *one* hidden layer can be trained.
# So train a shallow autoencoder, 784-500-784, on the images.
# Keep its encoder and encode all images.
# Their codes, 500 numbers each, are the data for the next shallow autoencoder, 500-250-500, and so on.
# Each layer is trained without regard to what comes after it, which is why this is called **greedy**.
# It needs no label.
#
# Each shallow autoencoder has to *denoise*, as in lesson 04: each of its inputs is set to zero with a probability of a quarter, afresh for every batch.
# Below we meet a case where this makes all the difference.

# %%
from lessonlib.training import generator


def pretrain(encoders, decoders, rate, share, steps=245):
    code, rng = x_train, generator()
    for encoder, decoder in zip(encoders, decoders):
        shallow = Sequential([layers.Input(code.shape[1:]), encoder, decoder])
        fit(shallow, code, steps=steps, rate=rate,
            corrupt=lambda rows: rows * (rng.random(rows.shape) >= share))
        code = encoder(code).numpy()


# %% [markdown]
# Now **unroll** the stack: all encoders in order, then all decoders in reverse.
# The result is our deep autoencoder, with weights that are no longer random, and it is trained as a whole, which is called **fine-tuning**.
# Keras layers may serve in several models, so we build the deep network first and pretrain its layers in place, the outer ones first.
# (Hinton and Salakhutdinov, 2006, began their decoders as the encoders transposed; ours have been trained, so we use those. All weights are free then.)

# %%
def pretrained_autoencoder(activation, rate, share):
    model = deep_autoencoder(activation)
    encoders, decoders = model.layers[:4], model.layers[4:]
    pretrain(encoders, reversed(decoders), rate, share)
    return model


# %% [markdown]
# Costs: pretraining takes four times 245 steps with shallow networks, in computing time about as much as 300 with the whole one.
# So the network from random weights was given 630 steps, and the pretrained one gets 315.
#
# **Predict before you run:** will it end above PCA-30, near it, or below?

# %%
trained("sigmoid, pretrained", pretrained_autoencoder("sigmoid", 1e-2, 0.25), 315, 1e-2)

# %%
ratio = error("sigmoid, pretrained") / error("sigmoid, random")
claim("Sigmoid: error, pretrained over random", ratio, at_most=0.4)
claim("Sigmoid, pretrained: error over PCA-30's",
      error("sigmoid, pretrained") / pca_error, at_most=1.0)

# %% [markdown]
# The same network, the same data, about the same computing time, and less than 40 % of the error.
# After 2006 this was the door to deep networks.
#
# ### Has the random start had a fair chance?
#
# A sceptic will ask: is it what the layers have *learned* that helps, or only the size of the weights?
# In 2010 X. Glorot and Y. Bengio worked out how large random weights should be, so that neither activity nor gradient dies on its way through many layers; for units whose slope at 0 is 1.
# A sigmoid's is 1/4, so its weights ought to be four times as large.
# And since then the sigmoid itself has fallen out of use: ReLU units have slope 1 wherever they are on (Glorot, Bordes and Bengio, 2011), and K. He and others (2015) found the size of weights that suits *them*.
#
# First we send the test images through two untrained sigmoid networks, and measure how far they still differ when they come out: the standard deviation between images, as a share of the input's.

# %%
def encoded(encoders, x):
    for encoder in encoders:
        x = encoder(x).numpy()
    return x


exact, shares = dict(unit=" %", kind="identity"), []
for times in (1, 4):
    x_hat = encoded(deep_autoencoder("sigmoid", times).layers, x_test)
    shares.append(100 * x_hat.std(axis=0).mean() / x_test.std(axis=0).mean())
claim("Differences that arrive, Glorot's weights", shares[0], at_most=0.1, **exact)
claim("... four times as large", shares[1], at_least=2, **exact)

# %% [markdown]
# With Glorot's weights each layer of sigmoids, whose slope is 1/4 at most, lets the differences shrink, and on the way back the gradient (the **vanishing gradient**).
# Adam can enlarge a gradient, but differences that are almost gone tell it little.
#
# For ReLU units the share of inputs that pretraining sets to zero was chosen anew, from none, a tenth and a quarter.
#
# **Predict before you run:** order them by error: sigmoid with larger weights, ReLU with He's, and ReLU pretrained.

# %%
trained("sigmoid, 4 times", deep_autoencoder("sigmoid", times=4), 630, 5e-3)
trained("ReLU, random", deep_autoencoder("relu"), 630, 2e-3)
trained("ReLU, pretrained", pretrained_autoencoder("relu", 1e-2, 0.1), 315, 1e-2)

# %% mystnb={"image": {"alt": "Training error against steps, pretraining counted, error on a logarithmic axis, five falling lines. Sigmoid from Glorot's random weights stays far above the others. With weights four times as large it falls well below that. Both pretrained lines begin later; they and ReLU from random weights end lowest, close together."}}
from lessonlib import plots

places = {name: 245 * ("pretrained" in name) + 35 * np.arange(1, 1 + len(line))
          for name, line in records.items()}
plots.line_plot(places, records, log=True, y_label="training error",
                x_label="steps that each weight has seen, pretraining counted",
                title="Sigmoids from Glorot's weights stay behind")

# %%
from lessonlib import show_table

show_table(["start", "error on test images", "over the mean image's"],
           [(name, error(name), error(name) / mean_error) for name in rebuilt])
larger, modern = error("sigmoid, 4 times"), error("ReLU, random")
claim("Sigmoid, 4 times over Glorot's: error", larger / error("sigmoid, random"),
      at_most=0.55)

# %%
claim("ReLU, random: error over PCA-30's", modern / pca_error, at_most=0.84)
claim("ReLU, pretrained: error over PCA-30's", error("ReLU, pretrained") / pca_error,
      at_least=0.6, at_most=1.0)
factors = 1 / ratio, modern / error("ReLU, pretrained")
show("Pretraining divides ReLU's error by", factors[1])
claim("It divides sigmoid's by more, times", factors[0] / factors[1], at_least=2)
low = metrics.paired_gain(
    x_test, rebuilt["sigmoid, 4 times"], rebuilt["sigmoid, pretrained"]).low
claim("Gain over 4 times, 95 % interval from", low, at_least=0.5, at_most=8)

# %% mystnb={"image": {"alt": "Four rows of twelve digits: test images, and what three networks make of them. Sigmoid from random weights gives grey blurs, much alike. Sigmoid pretrained gives eight digits of which most can be read, and four worst ones that are smudged. With larger random weights the digits are a little more ragged."}}
picked = np.random.default_rng(0).permutation(len(x_test))[:8]
x_hat = rebuilt["sigmoid, pretrained"]
worst = np.argsort(metrics.squared_error_per_image(x_test, x_hat))[-4:]
pictures = {"test images": x_test} | {
    name: x for name, x in rebuilt.items() if "sigmoid" in name}
plots.image_rows({name: x[[*picked, *worst]] for name, x in pictures.items()},
                 title="Pretraining turns blurs into digits; right: its four worst")

# %% [markdown]
# So the sceptic has a point.
# Larger random weights, and nothing else, take off nearly half of the error or more; what pretraining adds to that at equal cost is the last claim (its interval speaks for other images, not for other random starts): it is there, and small beside the gap that we began with.
# The ReLU network gets below PCA-30 from both starts; pretraining divides its error by 0.84 / 0.6 = 1.4 at most, and the sigmoid's by 2.5 or more.
# For reconstruction, pretraining was a cure, and the illness is gone.
#
# ## Layers that are not narrow
#
# Pretraining was used most for *classifiers*, and those were not narrow.
# We now build the network of that literature, 784-1000-1000-500-10: its first layers have more units than an image has pixels.
# As lesson 03 showed, such an autoencoder may copy everything and learn nothing.
# What happens without noise (lesson 04) or a price on activity (lesson 05)?
#
# We train a stack of sigmoid units plainly, with 700 steps for each layer, so that it can copy well; another with 245 steps and half of the inputs of each layer set to zero (a quarter was tried as well, on the validation images); and leave a third untrained.
# All hidden layers begin with four times Glorot's weights.
# We report what share of its input's variance each of the first two layers loses, and what the linear probe of lesson 04 reads off the top code with 100 and with 1,000 labels.
# (From here on, "test error" is the share of labels read *wrong*, in %.)

# %%
def stack(activation, number, rate=1e-2, share=0.5, steps=245):
    set_seed(number)
    encoders = [dense(width, activation, times=4) for width in (1000, 1000, 500)]
    decoders = [dense(784, "sigmoid"), *(dense(1000, activation, 4) for _ in range(2))]
    pretrain(encoders, decoders, rate, share, steps)
    return encoders, decoders


# %% [markdown]
# **Predict before you run:** how much of its input will a plain layer lose?
# And which of the three top codes will be the easiest to read?

# %%
stacks = {"plain": stack("sigmoid", 0, share=0, steps=700),
          "noise": stack("sigmoid", 0)}


# %%
def lost(encoders, decoders, layer):
    before = encoded(encoders[:layer], x_test)
    again = decoders[layer](encoders[layer](before)).numpy()
    return 100 * metrics.squared_error(before, again) / before.var(axis=0).sum()


def probe(encoders, per_class):
    code, code_test = encoded(encoders, x_train), encoded(encoders, x_test)
    both = code, digits.y_train, code_test, digits.y_test
    return 100 - 100 * np.mean(
        [metrics.linear_probe(*both, per_class, seed=number) for number in range(3)])


# %%
set_seed()
untrained = [dense(width, "sigmoid", times=4) for width in (1000, 1000, 500)]
tops = {"raw pixels": [], "untrained": untrained,
        "plain": stacks["plain"][0], "noise": stacks["noise"][0]}
probed = {name: [probe(top, n) for n in (10, 100)] for name, top in tops.items()}

# %%
show_table(["linear probe, test error in %", "100 labels", "1,000 labels"],
           [(name, *errors) for name, errors in probed.items()])
losses = {name: [lost(*both, n) for n in (0, 1)] for name, both in stacks.items()}
show_table(["variance lost, %", "first layer", "second layer"],
           [(name, *shares) for name, shares in losses.items()])
claim("Plain: the larger of the two", max(losses["plain"]), at_most=10, unit=" %")
better = np.min(list(probed.values())[:3], axis=0) - probed["noise"]
for labels, gain, limit in zip(("100", "1,000"), better, (4, 1.5)):
    claim(f"Noise, {labels} labels: under the best of the others by", gain,
          at_least=limit, unit=" points")

# %% [markdown]
# The plain layers do as they were asked, and copy their inputs well.
# But look at what their stack is worth: the probe reads labels off it no better than off raw pixels, or off weights that were never trained.
# The noisy stack copies less well when it is given whole inputs, which it never saw in training; and it is the only one whose labels are clearly easier to read.
# Filling in what is missing takes knowledge of what goes with what; copying takes none.
#
# ## Many images, few labels
#
# Here is the promise that made pretraining famous: images are cheap, labels are dear.
# Pretrain on all 3,500 images, without labels; put a **softmax** layer with ten units on top, which turns ten numbers into probabilities; fine-tune with the few labels that there are, where the loss is minus the logarithm of the right digit's probability.
# The rival is the same network without pretraining, and the comparison is **paired**: the same labelled images, the same seed, the same random output layer, and the same number of steps, 70 for 100 and for 1,000 labels and 175 for all.
# There are three pretrained stacks; each is tried with four draws of 100 labelled images and with two of 1,000.

# %%
rng, everything = generator(), np.arange(len(x_train))


def draw():
    # 200 of each digit, taking turns: any 100 in a row hold ten of each.
    of_each = [rng.permutation(np.flatnonzero(digits.y_train == digit))[:200]
               for digit in range(10)]
    return np.stack(of_each, axis=1).ravel()


draws = [draw() for _ in range(3)]
hundreds, thousands = range(0, 400, 100), range(0, 2_000, 1_000)
pairs = {"100": [(i, draws[i][k:k + 100]) for i in range(3) for k in hundreds],
         "1,000": [(i, draws[i][k:k + 1_000]) for i in range(3) for k in thousands],
         "all": [(i, everything) for i in range(3)]}

# %%
def classifier(activation, number, encoders=()):
    set_seed(100 + number)
    hidden = [dense(width, activation, times=8) for width in (1000, 1000, 500)]
    model = Sequential([layers.Input((784,)), *hidden, layers.Dense(10, "softmax")])
    for ours, pretrained in zip(hidden, encoders):
        ours.set_weights(pretrained.get_weights())
    return model


# %%
def wrong(labels):
    return 100 * (labels != digits.y_test).mean()


def fine_tuned(model, rows, steps, rate):
    often = np.tile(rows, max(1, 1_000 // len(rows)))  # an epoch of at least 1,000
    fit(model, x_train[often], digits.y_train[often], steps=steps, rate=rate,
        loss="sparse_categorical_crossentropy", quiet=True)
    return wrong(model(x_test).numpy().argmax(axis=1))


# %% [markdown]
# The rates were chosen on the validation images, from 0.002, 0.005, 0.01 and 0.02: 0.005 was best for both sides with 100 labels, and 0.01 with more.
# The random start has eight times Glorot's weights, the best of two, four, six, eight and twelve.
#
# **Predict before you run:** how many percentage points will pretraining be worth with 100 labels, with 1,000, with all?

# %%
from lessonlib.training import each


def compare(activation, encoders, pairs, steps, *rates):
    runs = []
    for number, rows in each(pairs):
        starts = (classifier(activation, number),
                  classifier(activation, number, encoders[number]))
        runs.append([fine_tuned(start, rows, steps, rate)
                     for start, rate in zip(starts, rates)])
    return np.array(runs).T  # a row without pretraining, a row with it


# %%
encoders = [stacks["noise"][0], *(stack("sigmoid", number)[0] for number in (1, 2))]

# %%
sigmoid = {"100": compare("sigmoid", encoders, pairs["100"], 70, 5e-3, 5e-3),
           "1,000": compare("sigmoid", encoders, pairs["1,000"], 70, 1e-2, 1e-2),
           "all": compare("sigmoid", encoders, pairs["all"], 175, 1e-2, 1e-2)}

# %%
from scipy.stats import sem


def rows_of(results):
    return [(labels, *both.mean(axis=1), (both[0] - both[1]).mean(),
             sem(both[0] - both[1])) for labels, both in results.items()]


heading = ["labels", "without, %", "with, %", "gain, points", "its standard error"]
show_table(heading, rows_of(sigmoid))

# %%
for (labels, without, _, gain, its_error), limit in zip(rows_of(sigmoid), (2, 5)):
    removed = 100 * (gain - its_error) / without
    claim(f"{labels} labels: errors removed, less a standard error", removed,
          at_least=limit, unit=" %")

# %%
gains = {labels: both[0] - both[1] for labels, both in sigmoid.items()}
claim("Gain with 1,000 labels less the gain with all",
      gains["1,000"].mean() - gains["all"].mean(), at_least=0.05, unit=" points")

# %% [markdown]
# With few labels pretraining helps, and by more than the gain's standard error.
# (Pairs that share a stack are not quite independent, so the true one may be larger; the claims are checked over several seeds.) In points, less is gained with all labels, where there are fewer errors to remove and more steps were made.
# And compare with the probe above: with few labels, reading the code as it is may do as well as fine-tuning everything; try that first.
#
# But pretraining took three times 245 shallow steps, worth almost 500 of the whole network, which the rival did not have.
# We give the random start some of them, 280 steps with 1,000 labels, on the first draw of each stack.

# %%
first = {"100": slice(None, None, 4), "1,000": slice(None, None, 2), "all": slice(None)}
some = {labels: pairs[labels][first[labels]] for labels in ("100", "1,000")}
longer = np.mean([fine_tuned(classifier("sigmoid", number), rows, 280, 1e-2)
                  for number, rows in each(some["1,000"])])
shorter, pretrained = sigmoid["1,000"][:, first["1,000"]].mean(axis=1)
show("random start, 70 steps", shorter, unit=" %")
show("random start, 280 steps", longer, unit=" %")
show("pretrained, 70 steps", pretrained, unit=" %")

# %% [markdown]
# Part of the gain was speed: further steps win some of it back for the rival, and more might win more.
# Three pairs are too few to claim anything; but ask for this row.
#
# ### ReLU units, and a rival of another kind
#
# Now ReLU units with He's weights, on first draws only (from here on for sigmoids too), each side at the rate that was best on the validation images (0.00025 to 0.008).
# Beside both kinds of network we put a **support vector machine** (SVM) with a Gaussian kernel on the raw pixels.
# Its most telling training images vote, each with a learned weight times $e^{-\gamma d^2}$ at distance $d$.
# $\gamma$ is chosen on the validation images.
# (So those 500 labels have served all sides.)
#
# **Predict before you run:** which wins with 1,000 labels: sigmoid pretrained, ReLU, pretrained or not, or the SVM?

# %%
relu_encoders = [stack("relu", number, rate=4e-3)[0] for number in range(3)]
relu = {"100": compare("relu", relu_encoders, some["100"], 70, 5e-4, 1e-3),
        "1,000": compare("relu", relu_encoders, some["1,000"], 70, 4e-3, 4e-3),
        "all": compare("relu", relu_encoders, pairs["all"], 175, 4e-3, 8e-3)}
show_table(heading, rows_of(relu))

# %%
from sklearn.svm import SVC


def svm(code, labels, code_valid, code_test):
    usual = 1 / (code.shape[1] * code.var())
    fitted = [SVC(C=10, gamma=times * usual).fit(code, labels) for times in (0.5, 1, 2)]
    best = max(fitted, key=lambda model: model.score(code_valid, digits.y_valid))
    return wrong(best.predict(code_test))


# %%
def pixel_svm(rows):
    return svm(x_train[rows], digits.y_train[rows], x_valid, x_test)


support = {labels: np.array([pixel_svm(rows) for _, rows in each(jobs)])
           for labels, jobs in (some | {"all": pairs["all"][:1]}).items()}

# %% mystnb={"image": {"alt": "Test error in percent against the number of labelled images, both axes logarithmic, with bars for the spread. All five lines fall. With 1,000 labels the sigmoid network from random weights lies above the pretrained one, and the SVM is about level with the best network or below it."}}
same = {labels: both[:, first[labels]] for labels, both in sigmoid.items()}
curves = {"sigmoid, random": [both[0] for both in same.values()],
          "sigmoid, pretrained": [both[1] for both in same.values()],
          "ReLU, random": [both[0] for both in relu.values()],
          "ReLU, pretrained": [both[1] for both in relu.values()],
          "SVM on pixels": list(support.values())}
means = {name: [runs.mean() for runs in curve] for name, curve in curves.items()}
spread = {name: [runs.std() for runs in curve] for name, curve in curves.items()}
plots.line_plot([100, 1_000, len(everything)], means, log=True, log_x=True,
                x_label="labelled images", y_label="test error, %", spread=spread,
                title="With 1,000 labels, the SVM keeps up with every network")

# %%
best_network = np.min([line[1] for line in list(means.values())[:4]])
claim("1,000 labels: SVM's error over the best network's",
      means["SVM on pixels"][1] / best_network, at_least=0.5, at_most=1.05)
claim("1,000 labels: the SVM is wrong on less than a tenth", means["SVM on pixels"][1],
      at_most=9.5, kind="rival", unit=" %")

# %% [markdown]
# For ReLU units we claim nothing; look at the gains yourself.
# And the support vector machine, which looked at no unlabelled image, is about as good as the best of our networks with 1,000 labels, or better.
# With few data, have one in the race.
#
# ## Why it faded
#
# D. Erhan and others (2010) asked what pretraining does.
# It can help the *optimiser*, which begins where gradients are alive; and it can help to *generalise*, since it begins near features of the images, whatever the labels say.
# We have seen the first.
# The deep autoencoder from Glorot's weights could not even fit its training images; there, optimising was the trouble.
# A hundred labels leave little to fit; what is gained there would be the other, which Erhan and others found to matter most.
#
# The first reason was removed within a few years, by what is a line of code today: weights of the right size, ReLU units, better optimisers, later normalisation and short cuts around layers.
# The second remains as long as labels are scarce, but copying, one layer at a time, may be a weak way to use unlabelled images.
#
# ## The successor: undo a change
#
# What came instead keeps the idea, to learn from images without labels, and changes the task: undo something that must not matter to the answer.
# A digit turned, scaled, slanted or shifted a little is the same digit.
# So we warp the input at random and ask for the image as it was; to undo that, the network has to find out how a digit is meant to stand.
# All layers are trained together, 784-500-500-250 with ReLU units and a mirrored decoder, on all 3,500 images for 700 steps.
# Then a support vector machine reads the labels off the code of 250.
#
# **Predict before you run:** a code that was learned without labels, an SVM on it.
# Will it beat the SVM on pixels?

# %%
from lessonlib import noise

strong = dict(rotation=0.25, log_scale=0.15, shear=0.2, shift=2)


def warp(rows):
    return noise.affine_warp(rows, rng, **strong)


# %%
set_seed()
undo_encoder = Sequential([layers.Input((784,)), dense(500, "relu"),
                           dense(500, "relu"), layers.Dense(250)])
undo_decoder = Sequential(
    [dense(500, "relu"), dense(500, "relu"), layers.Dense(784, "sigmoid")])
history = fit(Sequential([undo_encoder, undo_decoder]), x_train, corrupt=warp,
              steps=700, rate=2e-3)

# %% [markdown]
# A control keeps us honest.
# The warps are *knowledge*: we have told the network what does not matter.
# One can tell it to the SVM directly, by adding warped copies of the labelled images, with their labels: ten of each of the 100, two of each of the 1,000.

# %%
def code_svm(rows):
    code, code_valid, code_test = (
        undo_encoder(x).numpy() for x in (x_train[rows], x_valid, x_test))
    return svm(code, digits.y_train[rows], code_valid, code_test)


def augmented_svm(rows):
    x, copies = x_train[rows], 10 if len(rows) == 100 else 2
    more = np.concatenate([x, *(warp(x) for _ in range(copies))])
    return svm(more, np.tile(digits.y_train[rows], copies + 1), x_valid, x_test)


# %%
methods = {"SVM on the code that undoes warps": code_svm,
           "SVM on pixels, warped copies added": augmented_svm}
judged = {}
for name, method in methods.items():
    judged[name] = [np.mean([method(rows) for _, rows in each(jobs)])
                    for jobs in some.values()]

# %%
show_table(["test error in %", "100 labels", "1,000 labels"],
           [(name, *line[:2]) for name, line in (means | judged).items()])
undone = judged["SVM on the code that undoes warps"]
ratios = np.divide(undone, means["SVM on pixels"][:2])
claim("100 labels: code over pixels", ratios[0], at_most=0.8)
claim("1,000 labels: code over pixels", ratios[1], at_most=0.95)

# %% [markdown]
# The code that undoes warps beats the pixels.
# And the control, which we show and do not claim, does about as well.
# What helped, as far as the control can tell, was the *knowledge* of which changes do not matter, wherever one puts it.
# The code keeps one advantage: it was made once, without a label, and serves any task for which these warps do not matter.
# That is the form in which pretraining came back: predict what was hidden, undo what was changed, on far more data than anyone will label, with all layers at once.
#
# ## What an autoencoder stack is not
#
# Hinton, Osindero and Teh (2006) and Hinton and Salakhutdinov (2006) did not stack autoencoders but **restricted Boltzmann machines**: probability models of visible and hidden units, with one matrix between them, trained (approximately) to make the data probable, not to reconstruct them.
# Stacked, as a model from which one can draw images, they form a **deep belief network**.
# Only unrolled and fine-tuned did the network of Hinton and Salakhutdinov become an autoencoder.
# Y. Bengio and others (2007) replaced the machines by shallow autoencoders and found that these do nearly as well, and P. Vincent and others (2008, 2010) by denoising ones, which closed the gap.
# So a stacked autoencoder is no "deep belief network", though you will find it called one.
#
# ## Optional: learning without backpropagation
#
# Fine-tuning needs backpropagation, and it is hard to see how a brain would do that.
# G. Hinton and J. McClelland (1988) found a shallow autoencoder that learns without it.
# Let activity go round.
# A matrix $U$ leads up from the image $x_0$ to a code, $h_1 = \sigma(x_0 U)$, where $\sigma$ is the sigmoid.
# The code calls up an image through a matrix $D$, but only partly: the visible units hold on to what they had with a weight $\lambda$, which the authors call the **regression**, $x_2 = \lambda x_0 + (1 - \lambda) h_1 D$.
# That makes a second code, $h_3 = \sigma(x_2 U)$.
# Now every connection compares what it meets in the first round and in the second: $D$ changes along $h_1^\top (x_0 - x_2)$ and $U$ along $x_2^\top (h_1 - h_3)$.
# Each weight needs only the activity at its own two ends, now and a moment ago.
#
# The rule for $D$ is gradient descent.
# That for $U$ is the surprise, so here is a control: $U$ left at its random start, with the best $D$ that there is for it, by least squares.
# And two rivals: PCA-64, and backpropagation in the same loop, with the same start, batches and plain steps.
# All have 64 numbers, no biases, and images with the mean subtracted; what is trained makes 700 steps.
# Regression and rates were chosen on the validation images.
#
# **Predict before you run:** will the differences alone beat the best decoder of a random code?

# %%
def sigmoid_of(values):
    return 1 / (1 + np.exp(-values))


def circulate(images, up, down, kind, rate):
    start = generator()
    for _ in each(range(700)):
        x0 = images[start.choice(len(images), 100, replace=False)]
        h1 = sigmoid_of(x0 @ up)
        if kind == "recirculation":
            x2 = 0.75 * x0 + 0.25 * h1 @ down
            change = x2.T @ (h1 - sigmoid_of(x2 @ up))
        else:
            x2 = h1 @ down
            change = x0.T @ ((x0 - x2) @ down.T * h1 * (1 - h1))
        up, down = up + rate * change / 100, down + rate * h1.T @ (x0 - x2) / 100
    return up, down


# %%
centred, test_centred = (x - x_train.mean(axis=0) for x in (x_train, x_test))


def error_of(up, down):
    return metrics.squared_error(test_centred, sigmoid_of(test_centred @ up) @ down)


# %%
up, down = (generator().normal(0, 0.05, shape) for shape in ((784, 64), (64, 784)))
fitted = np.linalg.lstsq(sigmoid_of(centred @ up), centred)[0]
around, back = (error_of(*circulate(centred, up, down, kind, rate)) for kind, rate in (
    ("recirculation", 0.3), ("backpropagation", 0.1)))
random_up = error_of(up, fitted)
x_pca = metrics.pca_reconstruction(x_train, x_test, 64)

# %%
show_table(["64 numbers", "error"], [
    ("mean image", mean_error), ("U random, best D", random_up),
    ("recirculation", around), ("backpropagation", back),
    ("PCA", metrics.squared_error(x_test, x_pca))])
claim("Recirculation's error over that with U random", around / random_up, at_most=0.95)
lead = 100 * (random_up - around) / (random_up - back)
claim("Of backpropagation's lead over that, it has", lead, at_least=30, at_most=95,
      unit=" %")

# %% [markdown]
# It learns, without a single derivative: even the best decoder on a random $U$ stays behind.
# It reaches a good part of what backpropagation does with plain steps.
# Why does it work at all?
# If $D$ is close to the transpose of $U$, and $x_2$ close to $x_0$, then $h_1 - h_3$ is close to what backpropagation would hand down.
# Exercise 07.3 looks into that.
#
# ## What we found
#
# - A deep sigmoid autoencoder from Glorot's weights keeps at least 60 % of the mean image's error.
#   Pretrained layer by layer, at about the same cost, it has less than 40 % of the random start's error, and is below PCA-30.
# - Weights four times as large, with no pretraining, take off at least 45 % of the error.
#   From He's random weights a ReLU network is below PCA-30, and pretraining divides its error by 1.4 at most.
# - Without noise, layers of 1,000 units copy 90 % of their input's variance or more, and a linear probe gains nothing.
#   With noise it errs less than with any of the others, by at least 4 points with 100 labels and 1.5 with 1,000.
# - With 100 and with 1,000 labels the pretrained sigmoid network errs less than its rival from random weights at equal fine-tuning, by more than the gain's standard error.
#   In points, the gain is larger with 1,000 labels than with all.
#   For ReLU units we claim nothing.
# - With 1,000 labels an SVM on pixels keeps up with the best of these networks.
# - An SVM on a code that undoes warps beats one on pixels; but look at the control, one that is shown the warped images.
# - Recirculation learns from differences between activations alone, and gets below the best decoder of a random code.
#
# Here the walk that began in lesson 00 ends.
# A code was first a projection (01), then a network's (02).
# What kept it from being a mere copy was a bottleneck, noise (03) or a price on activity (04); convolutions told the network which pixels are neighbours (05); and a code became the start of a deeper network (06).
# So why copy an input?
# For what has to be learned on the way.
# One can ask for more: codes that do not care about small changes (contractive autoencoders), or from which one can draw new images (**variational autoencoders**).
#
# ## Exercises
#
# **07.1** What does a stack gain, layer by layer, if all its layers are linear?
# Write `greedy_pca(x, sizes)` for `sizes` that decrease: fit a PCA with `sizes[0]` components to x, a second one with `sizes[1]` components to the codes of the first, and so on.
# Encode x through all of them, decode all the way back, and return the reconstruction, of the shape of x.
# Before you compare, predict: is its error above that of one PCA with `sizes[-1]` components, below it, or the same?
# Then go on, if you like, and see, with the training digits and sizes 500, 250 and 30.

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
#     layers, code = [], x
#     for size in sizes:
#         layers.append(PCA(n_components=size, svd_solver="full").fit(code))
#         code = layers[-1].transform(code)
#     for layer in reversed(layers):
#         code = layer.inverse_transform(code)
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
# **07.2** With 100 labels much depends on which hundred one draws, and a draw that is hard for one network is hard for the other.
# So run number $i$ with pretraining and run number $i$ without it share their seed and their labels, and one compares run by run.
# Write `gain_over_seeds(without, with_pretraining)` for two arrays of test errors in %, one for each run: it returns the mean gain in points, positive if pretraining helps, and its standard error, the sample standard deviation of the differences over the root of their number.
# Then go on, if you like: hand it the errors of this lesson, `gain_over_seeds(*sigmoid["100"])`, and beside its standard error compute the one for two groups that share nothing, $\sqrt{s_1^2 / n + s_2^2 / n}$.
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
# **07.3** The lesson fixed the regression of recirculation at 0.75; now it varies.
# Write `recirculate(x, up, down, rate, regression)`: one update from $n$ images, the rows of x, without biases.
# The activity goes round once and a half, $x_0 = x$, $h_1 = \sigma(x_0 U)$, $x_2 = \lambda x_0 + (1 - \lambda)\, h_1 D$, $h_3 = \sigma(x_2 U)$, where $U$ is `up`, $D$ is `down`, $\sigma$ the sigmoid and $\lambda$ the regression.
# Then both matrices learn from it at the rate $r$: $D \leftarrow D + \frac{r}{n}\, h_1^\top (x_0 - x_2)$ and $U \leftarrow U + \frac{r}{n}\, x_2^\top (h_1 - h_3)$.
# Return the new `up` and the new `down`.
# Then go on, if you like: take a hundred digits, the mean subtracted, a random `up` of standard deviation 0.01 and `down = up.T`, and compare the change of `up` with the step that backpropagation would take, along the product of $x_0^\top$ and $\bigl((x_0 - h_1 D) D^\top\bigr) \odot h_1 \odot (1 - h_1)$, where $\odot$ multiplies entry by entry.
# What is the cosine between the two at a regression of 0, of 0.5 and of 0.9?

# %%
def recirculate(x, up, down, rate, regression):
    return None  # your code here


check("07.3", recirculate)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Write the four passes in the order of the formulas and give each its name; `@` is the matrix product.
# Both changes are made of these four and of the old matrices, so compute both before you return either.
# Compare shapes: the change of `up` has as many rows as an image has pixels.
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
# def sigmoid(values):
#     return 1 / (1 + np.exp(-values))
#
#
# def recirculate(x, up, down, rate, regression):
#     h1 = sigmoid(x @ up)
#     x2 = regression * x + (1 - regression) * h1 @ down
#     h3 = sigmoid(x2 @ up)
#     new_up = up + rate * x2.T @ (h1 - h3) / len(x)
#     new_down = down + rate * h1.T @ (x - x2) / len(x)
#     return new_up, new_down
#
#
# check("07.3", recirculate)
# ```
#
# The cosines are about 0, 0.9 and 0.998 (with 64 units), although nobody computed a derivative: $h_1 - h_3$ is how the code answers to a small change of the image, and with $D = U^\top$ that is the product that backpropagation forms.
# At $\lambda = 1$ itself the image does not change, and nothing is learned.
#
# </details>

# %% [markdown]
# ## Sources
#
# - G. Hinton, S. Osindero and Y. W. Teh, *A fast learning algorithm for deep belief nets*, Neural Computation 18 (2006), and G. Hinton and R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 313 (2006): stacks of restricted Boltzmann machines.
# - Y. Bengio, P. Lamblin, D. Popovici and H. Larochelle, *Greedy layer-wise training of deep networks*, NIPS 19 (2007): the same with autoencoders.
# - P. Vincent, H. Larochelle, Y. Bengio and P. A. Manzagol, *Extracting and composing robust features with denoising autoencoders*, ICML (2008), and P. Vincent et al., *Stacked denoising autoencoders*, Journal of Machine Learning Research 11 (2010): with noise, as in this lesson.
# - D. Erhan et al., *Why does unsupervised pre-training help deep learning?*, Journal of Machine Learning Research 11 (2010).
# - X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS (2010); X. Glorot, A. Bordes and Y. Bengio, *Deep sparse rectifier neural networks*, AISTATS (2011); K. He et al., *Delving deep into rectifiers*, ICCV (2015): the weights and units that made the trick unnecessary.
# - G. Hinton and J. McClelland, *Learning representations by recirculation*, Neural Information Processing Systems (1988).
