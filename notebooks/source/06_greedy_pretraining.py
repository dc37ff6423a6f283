# %% [markdown]
# # 06 Greedy layer-wise pretraining
#
# **How did anyone train deep networks before 2010, and when is it still worth it?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/06_greedy_pretraining.ipynb)
#
# Needs: lessons [02](02_stacked_autoencoders.ipynb), [03](03_denoising_autoencoders.ipynb) and
# [04](04_sparse_autoencoders.ipynb); what a gradient is. Time: about 5 minutes of computing on two cores, an hour and a half
# of reading.
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

    if "google.colab" not in sys.modules:
        raise ModuleNotFoundError("lessonlib is missing: see README.md") from None
    course = "https://github.com/autoencoder-course/autoencoder-course"
    # %pip install --quiet --no-deps git+{course}
    import lessonlib

lessonlib.start("06")

# %% [markdown]
# ## A network that hardly learns
#
# For some twenty years the usual unit was the sigmoid or its relative tanh, and fully connected networks of more than two or
# three layers were thought hard to train. Let us see for ourselves. We build a deep autoencoder, 784-500-250-125-30 and back
# again, with sigmoid units, and one linear layer for the code. It starts from random weights of the size that Keras takes by
# default, Glorot's. `times` makes them larger; we need that soon, as we need the ReLU units and their own size, He's.

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
    up = [dense(width, activation, times) for width in (500, 250, 125)]
    down = [dense(width, activation, times) for width in (125, 250, 500)]
    code, pixels = dense(30, None, times), dense(784, "sigmoid", times)
    return Sequential([layers.Input((784,)), *up, code, *down, pixels])


# %% [markdown]
# Every rate of learning in this lesson was chosen on the validation images, separately for each way to start, among values
# that are two to two and a half times apart. For this network 0.002, 0.005, 0.01 and 0.02 were tried.
#
# **Predict before you run:** the mean image has an error near 53, PCA with 30 numbers 14 to 15. Where will a deep network
# with 30 numbers end?

# %%
records, rebuilt = {}, {}


def trained(name, model, steps, rate):
    records[name] = fit(model, x_train, steps=steps, rate=rate).history["loss"]
    rebuilt[name] = model(x_test).numpy()


trained("random", deep_autoencoder("sigmoid"), 630, 5e-3)

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
show("PCA-30, error", pca_error)
stuck = error("random") / mean_error
claim("Sigmoid, random: error over the mean's", stuck, at_least=0.6, at_most=1.02)

# %% [markdown]
# Far above PCA, and not very far below the mean image. A sigmoid's slope is 1/4 at most, and on its way back the gradient
# passes one such slope in every layer. With weights of this size it all but dies, and at none of the four rates is there much
# to follow. This was the problem of the time.
#
# ## One layer at a time
#
# The way out that became famous came in 2006. Its idea is simple. A network with *one* hidden layer can be trained. So train
# a shallow autoencoder, 784-500-784, on the images. Keep its encoder and encode all images. Their codes, 500 numbers each,
# are the data for the next shallow autoencoder, 500-250-500, and so on. Each layer is trained without regard to what comes
# after it, which is why this is called **greedy**. It needs no label.
#
# Each shallow autoencoder has to *denoise*, as in lesson 03: each of its inputs is set to zero with a probability of a
# quarter, afresh for every batch. We come below to a case in which that decides.

# %%
from lessonlib.training import generator


def pretrain(encoders, decoders, rate, share=0.25):
    code, rng = x_train, generator()
    for encoder, decoder in zip(encoders, decoders):
        shallow = Sequential([layers.Input(code.shape[1:]), encoder, decoder])
        fit(shallow, code, steps=245, rate=rate,
            corrupt=lambda rows: rows * (rng.random(rows.shape) >= share))
        code = encoder(code).numpy()


# %% [markdown]
# Now **unroll** the stack: all encoders in order, then all decoders in reverse. The result is our deep autoencoder, with
# weights that are no longer random, and it is trained as a whole, which is called **fine-tuning**. Keras layers may serve in
# several models, so we build the deep network first and pretrain its layers in place, the outer ones first. (Hinton and
# Salakhutdinov, 2006, had one matrix for both ways, and began their decoders as the encoders transposed. Our decoders have
# been trained beside their encoders, so we use those; in both cases all weights are free then.)

# %%
def pretrained_autoencoder(activation, rate):
    model = deep_autoencoder(activation)
    pretrain(model.layers[:4], model.layers[:3:-1], rate)
    return model


# %% [markdown]
# The bookkeeping of costs: pretraining takes four times 245 steps, but with shallow networks; in computing time, about as
# much as 300 steps with the whole one. So the network from random weights was given 630 steps, and the pretrained one gets
# 315.
#
# **Predict before you run:** will it end above PCA-30, near it, or below?

# %%
trained("pretrained", pretrained_autoencoder("sigmoid", 1e-2), 315, 1e-2)

# %%
claim("Pretrained over random, sigmoid: error",
      error("pretrained") / error("random"), at_most=0.4)
claim("Pretrained: error over PCA-30's", error("pretrained") / pca_error, at_most=1.0)

# %% [markdown]
# The same network, the same data, about the same computing time, and less than 40 % of the error. After 2006 this was the
# door to deep networks.
#
# ### Has the random start had a fair chance?
#
# A sceptic will ask: is it what the layers have *learned* that helps, or only the size of the weights? In 2010 X. Glorot and
# Y. Bengio worked out how large random weights should be, so that neither activity nor gradient dies on its way through many
# layers; for units whose slope at 0 is 1. A sigmoid's is 1/4, so its weights ought to be four times as large. And since then
# the sigmoid itself has fallen out of use: ReLU units have slope 1 wherever they are on (Glorot, Bordes and Bengio, 2011),
# and K. He and others (2015) found the size of weights that suits *them*.
#
# **Predict before you run:** order them by error: sigmoid with larger weights, ReLU with He's weights, and ReLU pretrained.

# %%
trained("random, 4 times", deep_autoencoder("sigmoid", times=4), 630, 5e-3)
trained("ReLU random", deep_autoencoder("relu"), 630, 2e-3)
trained("ReLU pretrained", pretrained_autoencoder("relu", 5e-3), 315, 5e-3)

# %% mystnb={"image": {"alt": "Training error against steps, pretraining counted, error on a logarithmic axis, five falling lines. Sigmoid from random weights stays far above the others. With weights four times as large it falls well below that. Both pretrained lines begin later and end below that; ReLU from random weights ends lowest."}}
from lessonlib import plots

lines = {f"sigmoid {name}" if "ReLU" not in name else name: losses
         for name, losses in records.items()}
places = {name: 245 * ("pretrained" in name) + 35 * np.arange(1, 1 + len(line))
          for name, line in lines.items()}
plots.line_plot(places, lines, log=True, y_label="training error",
                x_label="steps that each weight has seen, pretraining counted",
                title="Sigmoids from Glorot's random weights stay behind")

# %%
from lessonlib import show_table

table = [(name, error(name), error(name) / mean_error) for name in rebuilt]
show_table(["start", "error on test images", "over the mean image's"], table)
larger, modern = error("random, 4 times"), error("ReLU random")
claim("Sigmoid, larger weights over Glorot's: error", larger / error("random"),
      at_most=0.55)
claim("ReLU, random: error over PCA-30's", modern / pca_error, at_most=0.9)
claim("ReLU, random over pretrained: error", modern / error("ReLU pretrained"),
      at_most=0.97)
low = metrics.paired_gain(x_test, rebuilt["random, 4 times"], rebuilt["pretrained"])[1]
claim("Sigmoid, pretrained under larger weights, by", low, at_least=0.5, at_most=8)

# %% mystnb={"image": {"alt": "Four rows of twelve digits: test images, and what three networks make of them. Sigmoid from random weights gives grey blurs, much alike. With larger random weights the digits can be made out, blurred. Sigmoid pretrained gives digits that can be read, with slightly ragged strokes."}}
picked = np.random.default_rng(0).permutation(len(x_test))[:12]
pictures = {"test images": x_test, "sigmoid, random": rebuilt["random"],
            "random, 4 times": rebuilt["random, 4 times"],
            "pretrained": rebuilt["pretrained"]}
plots.image_rows({name: x[picked] for name, x in pictures.items()},
                 title="Twelve test images at random, and what comes back")

# %% [markdown]
# So the sceptic has a point. Larger random weights, and nothing else, take off nearly half of the error or more; what
# pretraining adds to that at equal cost is the last line (the lower end of a 95 % interval, which speaks for other images,
# not for other random starts): it is there, and small beside the gap that we began with. With ReLU units the tables turn.
# From random weights the network passes PCA-30 easily, and the computing time that goes into pretraining is better spent on
# training: the pretrained one ends *higher*. For reconstruction, pretraining was a cure, and the illness is gone.
#
# ## Layers that are not narrow
#
# Pretraining was used most for *classifiers*, and those were not narrow. We now build the network of that literature,
# 784-1000-1000-500-10: its first layers have more units than an image has pixels. As lesson 02 showed, such an autoencoder
# may copy everything and learn nothing. Lessons 03 and 04 gave two ways out, noise and a price on activity. What happens
# without either?
#
# We train a stack of sigmoid units plainly, another with half of the inputs of each layer set to zero (a quarter was tried as
# well, on the validation images), and leave a third untrained. All begin with four times Glorot's weights, the fairer start.
# We report which share of its input's variance each stack's second layer loses, 1,000 numbers copied through 1,000 units; and
# what a **linear probe** (lesson 04) reads off the top code with 100 and with 1,000 labels.

# %%
def dense_for(activation):
    times = 4 if activation == "sigmoid" else 1
    return lambda units: dense(units, activation, times)


def stack(activation, seed, rate, share):
    set_seed(seed)
    hidden = dense_for(activation)
    encoders = [hidden(width) for width in (1000, 1000, 500)]
    decoders = [dense(784, "sigmoid"), hidden(1000), hidden(1000)]
    pretrain(encoders, decoders, rate, share)
    return encoders, decoders


# %% [markdown]
# **Predict before you run:** how much of its input will the second layer of the plain stack lose? And which of the three top
# codes will be the easiest to read?

# %%
pair = {"plain": stack("sigmoid", 0, rate=1e-2, share=0),
        "noise": stack("sigmoid", 0, rate=1e-2, share=0.5)}


# %%
def encoded(encoders, x):
    for encoder in encoders:
        x = encoder(x).numpy()
    return x


def second_layer_loss(encoders, decoders):
    first = encoded(encoders[:1], x_test)
    again = decoders[1](encoders[1](first)).numpy()
    return metrics.squared_error(first, again) / first.var(axis=0).sum()


# %%
def probe(encoders, per_class):
    code, code_test = encoded(encoders, x_train), encoded(encoders, x_test)
    both = code, digits.y_train, code_test, digits.y_test
    return 100 - 100 * np.mean(
        [metrics.linear_probe(*both, per_class, seed=draw) for draw in range(4)])


set_seed()
untrained = [dense_for("sigmoid")(width) for width in (1000, 1000, 500)]
tops = {"raw pixels": [], "untrained": untrained,
        "plain": pair["plain"][0], "noise": pair["noise"][0]}
probed = {name: [probe(top, n) for n in (10, 100)] for name, top in tops.items()}

# %%
show_table(["linear probe, test error in %", "100 labels", "1,000 labels"],
           [(name, *errors) for name, errors in probed.items()])
losses = {name: 100 * second_layer_loss(*both) for name, both in pair.items()}
show("second layer with noise, loses", losses["noise"], unit=" %")
claim("Second layer, plain: loses", losses["plain"], at_most=18, unit=" %")
better = np.subtract(probed["plain"], probed["noise"])
claim("Noise over plain, 100 labels", better[0], at_least=4, unit=" points")
claim("Noise over plain, 1,000 labels", better[1], at_least=1, unit=" points")

# %% [markdown]
# The plain layer does what it was asked to do, and copies its input rather well. But look at what its stack is worth: the
# probe reads labels off it about as well as off the raw pixels, or off random weights that were never trained. Three times
# 245 steps, and hardly anything that a classifier can use. The noisy stack copies whole inputs, which it never saw in
# training, *less* well, and is the only one of the four that is easier to read. Filling in what is missing takes knowledge of
# what goes with what; copying takes none.
#
# ## Many images, few labels
#
# Here is the promise that made pretraining famous: images are cheap, labels are dear. Pretrain on all 3,500 images, without
# labels; put a **softmax** layer with ten units on top, which turns ten numbers into probabilities; fine-tune with the few
# labels that there are, where the loss is minus the logarithm of the right digit's probability. The rival is the same network
# without pretraining, and the comparison is **paired**: the same labelled images, the same seed, the same random output
# layer, and the same number of steps, 70 for 100 and for 1,000 labels and 175 for all. There are three pretrained stacks;
# each gets a thousand labelled images of its own, and two times a hundred of those. (To save memory, a network is compiled
# once for each recipe, and set back to the start for each run.)

# %%
rng, everything = generator(), np.arange(len(x_train))


def draw():
    # A hundred images of each class; among the first 100 there are ten of each.
    of_each = [rng.permutation(np.flatnonzero(digits.y_train == digit))[:100]
               for digit in range(10)]
    return np.stack(of_each, axis=1).ravel()


draws = [draw() for _ in range(3)]
pairs = {"100": [(i, draws[i][k:k + 100]) for i in range(3) for k in (0, 100)],
         "1,000": list(enumerate(draws)),
         "all": [(i, everything) for i in range(3)]}

# %%
def classifier(activation, number, encoders=()):
    set_seed(100 + number)
    hidden = [*map(dense_for(activation), (1000, 1000, 500))]
    model = Sequential([layers.Input((784,)), *hidden, layers.Dense(10, "softmax")])
    for ours, pretrained in zip(hidden, encoders):
        ours.set_weights(pretrained.get_weights())
    return model


# %%
from functools import cache

from lessonlib.training import Progress, batches, one_cycle


@cache
def compiled(activation, steps, rate):
    model, loss = classifier(activation, 0), "sparse_categorical_crossentropy"
    model.compile(one_cycle(rate, steps), loss, steps_per_execution=5)
    return model


# %%
def restarted(model, weights):
    model.set_weights(weights)
    for variable in model.optimizer.variables:
        variable.assign(np.zeros(variable.shape))
    return model


def wrong(labels):
    return 100 * (labels != digits.y_test).mean()


# %%
def fine_tuned(activation, start, rows, steps, rate):
    often = np.tile(rows, max(1, 1_000 // len(rows)))  # an epoch of at least 1,000
    train = batches(x_train[often], digits.y_train[often])
    model = restarted(compiled(activation, steps, rate), start.get_weights())
    epochs = max(1, round(steps / len(train)))
    model.fit(train, epochs=epochs, callbacks=[Progress()], verbose=0)
    return wrong(model(x_test).numpy().argmax(axis=1))


# %% [markdown]
# The rates were chosen on the validation images from 0.002, 0.005, 0.01 and 0.02: 0.01 was best for both sides. And the
# random start has four times Glorot's weights, the best of one, two and four times.
#
# **Predict before you run:** how many percentage points will pretraining be worth with 100 labels, with 1,000, with all?

# %%
def compare(activation, stacks, pairs, steps, *rates):
    runs = []
    for number, rows in pairs:
        starts = (classifier(activation, number),
                  classifier(activation, number, stacks[number]))
        runs.append([fine_tuned(activation, start, rows, steps, rate)
                     for start, rate in zip(starts, rates)])
    return np.array(runs).T  # a row without pretraining, a row with it


# %%
sigmoid_stacks = [pair["noise"][0]] + [
    stack("sigmoid", seed, rate=1e-2, share=0.5)[0] for seed in (1, 2)]

# %%
steps = {"100": 70, "1,000": 70, "all": 175}
sigmoid = {labels: compare("sigmoid", sigmoid_stacks, jobs, steps[labels], 1e-2, 1e-2)
           for labels, jobs in pairs.items()}

# %%
from scipy.stats import sem


def rows_of(results):
    return [(labels, *both.mean(axis=1), (both[0] - both[1]).mean(),
             sem(both[0] - both[1])) for labels, both in results.items()]


heading = ["labels", "without, %", "with, %", "gain, points", "its standard error"]
show_table(heading, rows_of(sigmoid))

# %%
for labels, limit in (("100", 0.97), ("1,000", 0.92)):
    without, pretrained = sigmoid[labels].mean(axis=1)
    claim(f"{labels} labels: test error, with over without", pretrained / without,
          at_most=limit)

# %%
gains = {labels: (both[0] - both[1]).mean() for labels, both in sigmoid.items()}
mean_of_few = (gains["100"] + gains["1,000"]) / 2
claim("Mean of these two gains less the one with all", mean_of_few - gains["all"],
      at_least=0.2, unit=" points")

# %% [markdown]
# With few labels pretraining helps. (Pairs that share a stack are not quite independent, so read the standard error as a
# lower bound. The claims are checked over several seeds.) In points, less is gained with all labels, where there are fewer
# errors to remove; as a *share* of the errors it is not so, and the last row has more steps. And compare with the probe
# above: with few labels, reading the code as it is may do as well as fine-tuning everything; try that first. Remember against
# what: the random start has the larger weights and its own best rate.
#
# One more question of the sceptic's: pretraining took three times 245 steps of its own, which the rival did not have. So we
# give the random start 280 steps with the first 1,000 labels, four times as many. It is one run, and we claim nothing.

# %%
longer = fine_tuned("sigmoid", classifier("sigmoid", 0), draws[0], 280, 1e-2)
show("random start, 280 steps", longer, unit=" %")
show("the same start, 70 steps", sigmoid["1,000"][0][0], unit=" %")
show("pretrained, the same labels, 70 steps", sigmoid["1,000"][1][0], unit=" %")

# %% [markdown]
# ### ReLU units, and a rival of another kind
#
# Now the same with ReLU units and He's weights, with two stacks, for 100 and for 1,000 labels, each side at the rate that was
# best on the validation images (0.0005 to 0.004). Beside both kinds of network we put a **support vector machine** (SVM) with
# a Gaussian kernel on the raw pixels. It lets its most telling training images vote, each with the weight $e^{-\gamma d^2}$
# at distance $d$, and knows nothing of unlabelled images. $\gamma$ is chosen on the validation images. (So those 500 labels
# have served all sides.)
#
# **Predict before you run:** which wins with 1,000 labels: sigmoid pretrained, ReLU from random weights, or the SVM?

# %%
relu_stacks = [stack("relu", seed, rate=4e-3, share=0.25)[0] for seed in range(2)]
relu = {"100": compare("relu", relu_stacks, pairs["100"][:4], 70, 5e-4, 1e-3),
        "1,000": compare("relu", relu_stacks, pairs["1,000"][:2], 70, 2e-3, 4e-3)}
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


support = {"100": np.mean([pixel_svm(rows) for _, rows in pairs["100"]]),
           "1,000": np.mean([pixel_svm(rows) for rows in draws]),
           "all": pixel_svm(everything)}

# %% mystnb={"image": {"alt": "Test error in percent against the number of labelled images, both axes logarithmic. All five lines fall. With 1,000 labels the sigmoid network from random weights lies above the pretrained one, and the SVM is about level with the best network or below it."}}
curves = {"sigmoid, random": [both[0].mean() for both in sigmoid.values()],
          "sigmoid, pretrained": [both[1].mean() for both in sigmoid.values()],
          "ReLU, random": [both[0].mean() for both in relu.values()],
          "ReLU, pretrained": [both[1].mean() for both in relu.values()],
          "SVM on pixels": list(support.values())}
places = {name: [100, 1_000, len(everything)][:len(c)] for name, c in curves.items()}
plots.line_plot(places, curves, log=True, log_x=True, x_label="labelled images",
                y_label="test error, %",
                title="With 1,000 labels, the SVM keeps up with every network")

# %%
best_network = np.min([curve[1] for curve in list(curves.values())[:4]])
claim("1,000 labels: SVM's error over the best network's",
      support["1,000"] / best_network, at_least=0.5, at_most=1.05)

# %% [markdown]
# For ReLU units we claim no gain: four pairs with 100 labels and two with 1,000 are too few to say anything. And the support
# vector machine, which looked at no unlabelled image, is about as good as the best of our networks with 1,000 labels, or
# better. With few data, have a kernel method in the race.
#
# ## Why it faded
#
# D. Erhan and others (2010) asked what pretraining does. It can help the *optimiser*, which begins where gradients are alive;
# and it can help to *generalise*, since it begins near features of the images, whatever the labels say. We have seen both.
# The deep autoencoder from Glorot's weights could not even fit its training images; there, optimising was the trouble. The
# classifiers with 100 labels fit theirs from any start (look at the losses); there, it was the other, which Erhan and others
# found to matter most.
#
# The first reason was removed by better means within a few years, all of them a line of code by now: weights of the right
# size, ReLU units, better optimisers, and, later, normalisation and short cuts around layers. The second remains as long as
# labels are scarce, but copying, one layer at a time, may be a weak way to use unlabelled images.
#
# ## The successor: undo a change
#
# What came instead keeps the idea, to learn from images without labels, and changes the task: undo something that must not
# matter to the answer. Turn, scale, slant or shift a digit a little, and it is the same digit. So we warp the input at random
# and ask for the image as it was; to undo that, the network has to find out how a digit is meant to stand. All layers are
# trained together, 784-500-500-250 with ReLU units and a mirrored decoder, on all 3,500 images for 700 steps. Then a support
# vector machine reads the labels off the code of 250.
#
# **Predict before you run:** a code that was learned without labels, an SVM on it. Will it beat the SVM on pixels?

# %%
from lessonlib import noise

strong = dict(rotation=0.25, log_scale=0.15, shear=0.2, shift=2)


def warp(rows):
    return noise.affine_warp(rows, rng, **strong)


# %%
set_seed()
hidden = dense_for("relu")
undo_encoder = Sequential(
    [layers.Input((784,)), hidden(500), hidden(500), layers.Dense(250)])
undo_decoder = Sequential([hidden(500), hidden(500), layers.Dense(784, "sigmoid")])
history = fit(Sequential([undo_encoder, undo_decoder]), x_train, corrupt=warp,
              steps=700, rate=2e-3)

# %% [markdown]
# A control keeps us honest. The warps are *knowledge*, brought in by us: we have told the network what does not matter. One
# can tell it to the SVM directly, by adding warped copies of the labelled images to its training data, with their labels: ten
# copies of each of the 100, three of each of the 1,000 (there for one draw only, to save time).

# %%
def code_svm(rows):
    code, code_valid, code_test = (
        undo_encoder(x).numpy() for x in (x_train[rows], x_valid, x_test))
    return svm(code, digits.y_train[rows], code_valid, code_test)


def augmented_svm(rows, copies):
    x = x_train[rows]
    more = np.concatenate([x, *(warp(x) for _ in range(copies))])
    return svm(more, np.tile(digits.y_train[rows], copies + 1), x_valid, x_test)


# %%
successor = {"100": [code_svm(rows) for _, rows in pairs["100"]],
             "1,000": [code_svm(rows) for rows in draws]}
augmented = {"100": [augmented_svm(rows[:100], copies=10) for rows in draws],
             "1,000": [augmented_svm(draws[0], copies=3)]}

# %%
table = [(name, np.mean(one["100"]), np.mean(one["1,000"])) for name, one in (
    ("SVM on pixels", support), ("SVM on the code that undoes warps", successor),
    ("SVM on pixels, warped copies added", augmented))]
show_table(["test error in %", "100 labels", "1,000 labels"], table)
for labels, limit in (("100", 0.8), ("1,000", 0.95)):
    ratio = np.mean(successor[labels]) / support[labels]
    claim(f"{labels} labels: code over pixels", ratio, at_most=limit)

# %% [markdown]
# The code that undoes warps beats the pixels. And the control, which we show and do not claim, does about as well. What
# helped, as far as it can tell, was the *knowledge* of which changes do not matter, and in this race it hardly matters where
# one puts it. The code keeps one advantage: it was made without a label, once, and serves any task. That is the form in which
# pretraining came back: predict what was hidden, undo what was changed, on far more data than anyone will label, with all
# layers at once.
#
# ## What an autoencoder stack is not
#
# In this history two things get mixed up. Hinton, Osindero and Teh (2006) and Hinton and Salakhutdinov (2006) did not stack
# autoencoders. They stacked **restricted Boltzmann machines**: probability models of visible and hidden units, with one
# matrix between them, trained (approximately) to make the data probable, not to reconstruct them. Stacked and used as a model
# from which one can draw images, they form a **deep belief network**. Only unrolled and fine-tuned did the network of Hinton
# and Salakhutdinov become an autoencoder. Y. Bengio and others (2007) replaced the machines by shallow autoencoders and found
# that these do nearly as well, and P. Vincent and others (2008, 2010) by denoising ones, which closed the gap. So "deep
# belief network" is not another name for a stacked autoencoder, though you will find it used as one.
#
# ## Optional: learning without backpropagation
#
# Fine-tuning needs backpropagation, and it is hard to see how a brain would do that. G. Hinton and J. McClelland (1988) found
# a shallow autoencoder that learns without it. Let activity go round. An image $x_0$ makes a code $h_1 = \sigma(x_0 U)$. The
# code calls up an image, but only partly: the visible units hold on to what they had with a weight $\lambda$, the
# **regression**, $x_2 = \lambda x_0 + (1 - \lambda) h_1 D$. That makes a second code, $h_3 = \sigma(x_2 U)$. Now every
# connection compares what it meets in the first round and in the second: $D$ changes along $h_1^\top (x_0 - x_2)$ and $U$
# along $x_2^\top (h_1 - h_3)$. Each weight needs only the activity at its own two ends, now and a moment ago.
#
# The rule for $D$ is gradient descent. That for $U$ is the surprise, so here is a control: $U$ left at its random start. And
# two rivals: PCA-64, and backpropagation in the same loop, with the same start, batches and plain steps. All have 64 numbers,
# no biases, images with the mean subtracted, and, PCA aside, 700 steps. Regression and rates were chosen on the validation
# images.
#
# **Predict before you run:** will the differences alone get below half of the mean image's error?

# %%
def sigmoid_of(values):
    return 1 / (1 + np.exp(-values))


def circulate(images, kind, rate=0.3, steps=700):
    start = generator()
    up, down = start.normal(0, 0.05, (784, 64)), start.normal(0, 0.05, (64, 784))
    for _ in range(steps):
        x0 = images[start.choice(len(images), 100, replace=False)]
        h1 = sigmoid_of(x0 @ up)
        keep = 0 if kind == "backpropagation" else 0.75
        x2 = keep * x0 + (1 - keep) * h1 @ down
        change = x2.T @ (h1 - sigmoid_of(x2 @ up))
        if kind == "backpropagation":
            change = x0.T @ ((x0 - x2) @ down.T * h1 * (1 - h1))
        down += rate / 100 * h1.T @ (x0 - x2)
        up += (kind != "U left random") * rate / 100 * change
    return up, down


# %%
centred, test_centred = x_train - x_train.mean(axis=0), x_test - x_train.mean(axis=0)


def error_of(kind, **settings):
    up, down = circulate(centred, kind, **settings)
    return metrics.squared_error(test_centred, sigmoid_of(test_centred @ up) @ down)


# %%
kinds = {"U left random": {}, "recirculation": {}, "backpropagation": dict(rate=0.1)}
circulated = {kind: error_of(kind, **settings) for kind, settings in kinds.items()}
x_pca = metrics.pca_reconstruction(x_train, x_test, 64)
show_table(["64 numbers", "error"], [
    ("mean image", mean_error), *circulated.items(),
    ("PCA", metrics.squared_error(x_test, x_pca))])
random_up, differences, derivatives = circulated.values()
claim("Recirculation's error over that with U random", differences / random_up,
      at_most=0.7, kind="identity")
claim("... over backpropagation's", differences / derivatives, at_least=0.8,
      at_most=1.5, kind="identity")

# %% [markdown]
# It learns, without a single derivative. The decoder's half alone, on a random $U$, gets part of the way; letting $U$ follow
# the differences takes it further, to about where backpropagation gets with plain steps. (With the steps of our `fit`,
# backpropagation gets much further.) Why does it work at all? If $D$ is close to the transpose of $U$, and $x_2$ close to
# $x_0$, then $h_1 - h_3$ is close to what backpropagation would hand down. Exercise 06.3 looks into that.
#
# ## What we found
#
# - A deep sigmoid autoencoder from Glorot's weights keeps at least 60 % of the mean image's error. Pretrained layer by layer,
#   at about the same cost, it has less than 40 % of that, and is below PCA-30.
# - Weights four times as large, with no pretraining, take off at least 45 % of the error. ReLU units with He's weights are
#   below PCA-30 from random weights, and end *lower* than with pretraining at the same cost.
# - Without noise a layer of 1,000 units on 1,000 numbers loses less than 18 % of their variance. With noise, a linear probe
#   on the top code errs less, by at least 4 points with 100 labels and 1 with 1,000.
# - With 100 labels the pretrained sigmoid network errs less than its rival from random weights, with 1,000 by at least 8 % of
#   the errors, and the gain in points, though not as a share, is larger there than with all labels. For ReLU units we claim
#   nothing.
# - With 1,000 labels an SVM on pixels keeps up with the best of these networks.
# - An SVM on a code that undoes warps beats one on pixels; but look at the control, one that is shown the warped images.
# - Recirculation learns from differences between activations, and ends within a factor of 1.5 of backpropagation with plain
#   steps.
#
# Here the walk that began in lesson 00 ends. A code was first a projection (01), then a network's (02); it was kept honest by
# a bottleneck, by noise (03), by a price on activity (04), by knowing its neighbourhood (05), and now by the layer below.
# What remains is to ask for more: codes that do not care about small changes (contractive autoencoders), and codes from which
# one can draw new images.
#
# ## Exercises
#
# **06.1** What does a stack gain, layer by layer, if all its layers are linear? Write `greedy_pca(x, sizes)` for `sizes` that
# decrease: fit a PCA with `sizes[0]` components to x, a second one with `sizes[1]` components to the codes of the first, and
# so on. Encode x through all of them, decode all the way back, and return the reconstruction, of the shape of x. Before you
# compare, predict: is its error above that of one PCA with `sizes[-1]` components, below it, or the same? Then go on, if you
# like, and see, with the training digits and sizes 500, 250 and 30.

# %%
from lessonlib import check


def greedy_pca(x, sizes):
    return None  # your code here


check("06.1", greedy_pca)

# %% [markdown]
# <details><summary>A hint</summary>
#
# It is the lesson's loop with PCA for the shallow autoencoder: keep every fitted PCA in a list, and hand its codes to the
# next. `transform` leads inwards, `inverse_transform` outwards. Which layer was the last on the way in, and so is the first
# on the way out?
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
# check("06.1", greedy_pca)
# ```
#
# The error is the same: one PCA of the last size gives the same reconstruction. The first code lists the directions by their
# variance, so the second PCA can do no better than to drop the last of them. So the check cannot tell a stack from one PCA:
# that is the finding. Being greedy costs nothing here and gains nothing; both begin with units that are not linear.
#
# </details>
#
# **06.2** With 100 labels much depends on which hundred one draws, and a draw that is hard for one network is hard for the
# other. So run number $i$ with pretraining and run number $i$ without it share their seed and their labels, and one compares
# run by run. Write `gain_over_seeds(without, with_pretraining)` for two arrays of test errors in %, one for each run: it
# returns the mean gain in points, positive if pretraining helps, and its standard error, the sample standard deviation of the
# differences over the root of their number. Then go on, if you like: hand it the errors of this lesson,
# `gain_over_seeds(*sigmoid["100"])`, and beside its standard error compute the one for two groups that share nothing,
# $\sqrt{s_1^2 / n + s_2^2 / n}$. What did the pairs save?

# %%
def gain_over_seeds(without, with_pretraining):
    return None  # your code here


check("06.2", gain_over_seeds)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Subtract first. What is left is one row of numbers, with a mean, a spread and a length. For the spread of a sample NumPy's
# `std` has to be told about the one degree of freedom that the mean has used up.
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
# check("06.2", gain_over_seeds)
# ```
#
# The mean gain is the same either way; what differs is how well we know it. The luck of a draw is in both errors and cancels
# in their difference. Were there no such luck, the pairs would save nothing.
#
# </details>
#
# **06.3** Recirculation (Hinton and McClelland, 1988) in five lines or so. Write `recirculate(x, up, down, rate,
# regression)`: one update from $n$ images, the rows of x, without biases. The activity goes round once and a half, $x_0 = x$,
# $h_1 = \sigma(x_0 U)$, $x_2 = \lambda x_0 + (1 - \lambda)\, h_1 D$, $h_3 = \sigma(x_2 U)$, where $U$ is `up`, $D$ is `down`,
# $\sigma$ the sigmoid and $\lambda$ the regression. Then both matrices learn from it at the rate $r$: $D \leftarrow D +
# \frac{r}{n}\, h_1^\top (x_0 - x_2)$ and $U \leftarrow U + \frac{r}{n}\, x_2^\top (h_1 - h_3)$. Return the new `up` and the
# new `down`. Then go on, if you like: take a hundred digits, the mean subtracted, a random `up` of standard deviation 0.01
# and `down = up.T`, and compare the change of `up` with the step that backpropagation would take, along $x_0^\top \bigl( (x_0
# - h_1 D) D^\top \odot h_1 \odot (1 - h_1) \bigr)$, products $\odot$ entry by entry. What is the cosine between the two at a
#   regression of 0, of 0.5 and of 0.9?

# %%
def recirculate(x, up, down, rate, regression):
    return None  # your code here


check("06.3", recirculate)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Write the four passes in the order of the formulas and give each its name; `@` is the matrix product. Both changes are made
# of these four and of the old matrices, so compute both before you return either. Compare shapes: the change of `up` has as
# many rows as an image has pixels.
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
# check("06.3", recirculate)
# ```
#
# The nearer $\lambda$ is to 1, the more alike the two directions are, although nobody computed a derivative: $h_1 - h_3$ is
# how the code answers to a small change of the image, and with $D = U^\top$ that is the product that backpropagation forms.
# At $\lambda = 1$ itself the image does not change, and nothing is learned.
#
# </details>

# %% [markdown]
# ## Sources
#
# - G. Hinton, S. Osindero and Y. W. Teh, *A fast learning algorithm for deep belief nets*, Neural Computation 18 (2006), and
#   G. Hinton and R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 313 (2006): stacks of
#   restricted Boltzmann machines.
# - Y. Bengio, P. Lamblin, D. Popovici and H. Larochelle, *Greedy layer-wise training of deep networks*, NIPS 19 (2007): the
#   same with autoencoders.
# - P. Vincent, H. Larochelle, Y. Bengio and P. A. Manzagol, *Extracting and composing robust features with denoising
#   autoencoders*, ICML (2008), and P. Vincent et al., *Stacked denoising autoencoders*, Journal of Machine Learning Research
#   11 (2010): with noise, as in this lesson.
# - D. Erhan et al., *Why does unsupervised pre-training help deep learning?*, Journal of Machine Learning Research 11 (2010).
# - X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS (2010); X.
#   Glorot, A. Bordes and Y. Bengio, *Deep sparse rectifier neural networks*, AISTATS (2011); K. He et al., *Delving deep into
#   rectifiers*, ICCV (2015): the weights and units that made the trick unnecessary.
# - G. Hinton and J. McClelland, *Learning representations by recirculation*, Neural Information Processing Systems (1988).
