# ---
# jupyter:
#   lesson:
#     memory: 1411
#     yields: three prices on activity; codes compared at equal activity; dead units revived
#     exercises: rows of equal length; top-k over a batch; the best code for a decoder
# ---

# %% [markdown]
# # 05 Sparse autoencoders
#
# **Can a code be larger than its input and still mean something?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/05_sparse_autoencoders.ipynb)
#
# Needs: [lesson 02](02_stacked_autoencoders.ipynb) ([04](04_denoising_autoencoders.ipynb) helps); how a logarithm behaves near 0.
# Time: about 2 minutes of computing on two cores, an hour of reading.
#
# At the end you will be able to
#
# - put a price on activity in three ways, and compute each by hand,
# - see what single units of a code look for, and which images light them up,
# - compare sparse codes at an equal share of active units, and tell how far they help a classifier,
# - find dead units and shrunken codes, say where they come from, and repair them.

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

lessonlib.start("05")

# %% [markdown]
# ## More numbers than pixels
#
# So far the code was narrow, and its narrowness was what made the network learn anything.
# Now we do the opposite.
# Our images have 784 pixels, and the code gets 1,000 units: it is **overcomplete**.
# In principle such a network may pass every pixel on and learn nothing (lesson 03 showed this failure).
# So the restriction has to come from somewhere else.
#
# As in lesson 01 we subtract the mean image first.
# The validation images are there to choose settings on.

# %%
from lessonlib import data

digits = data.load_mnist(valid=500).flat
mean = digits.x_train.mean(axis=0)
x_train, x_valid, x_test = (
    x - mean for x in (digits.x_train, digits.x_valid, digits.x_test))

# %% [markdown]
# One hidden layer of ReLU units, a linear layer back.
# The encoder begins with small random weights and the decoder as the encoder transposed; both are free to move afterwards.
# The centred images look like a detail.
# We will see below what they are good for.
# Whatever makes a code sparse is a layer that we can add at the end of the encoder.

# %%
from keras import Sequential, layers, ops
from keras.initializers import Constant, RandomNormal

from lessonlib.training import fit, set_seed


def autoencoder(activation, *sparsity, bias=0.0):
    set_seed()
    start = dict(kernel_initializer=RandomNormal(stddev=0.01),
                 bias_initializer=Constant(bias))
    to_code, from_code = layers.Dense(1000, activation, **start), layers.Dense(784)
    encoder = Sequential([layers.Input((784,)), to_code, *sparsity])
    decoder = Sequential([layers.Input((1000,)), from_code])
    from_code.kernel.assign(ops.transpose(to_code.kernel))
    return Sequential([encoder, decoder])


# %% [markdown]
# Every model of this lesson gets the same budget: 350 steps with the course's usual `fit`, squared error, batches of 100.
# The rate was chosen for each kind of model on the validation images, from 0.002, 0.004 and 0.008: the networks under the KL price below get 0.008, all others 0.004.
# The weight of the KL price was chosen in the same way.
#
# **Predict before you run:** with no restriction at all, what share of the 1,000 units will be active, that is, above zero, for a test image?
# And where will the error be, if PCA with 64 numbers has between 7 and 8?

# %%
def trained(model, rate=4e-3):
    fit(model, x_train, steps=350, rate=rate)
    return model


plain = trained(autoencoder("relu"))

# %%
import numpy as np

from lessonlib import claim, metrics, show

x_pca = {k: metrics.pca_reconstruction(x_train, x_test, k) for k in (32, 40, 64)}
pca_errors = {k: metrics.squared_error(x_test, x_hat) for k, x_hat in x_pca.items()}


def judge(model, x=x_test, threshold=0.0):
    # Share of units above the threshold, and the error when the others are silenced.
    encoder, decoder = model.layers
    code = encoder(x).numpy()
    code = np.where(code > threshold, code, 0)
    return metrics.active_fraction(code, 0), metrics.squared_error(x, decoder(code))


# %%
plain_active, plain_error = judge(plain)
show("Plain: active units", 100 * plain_active, unit=" %")
claim("The plain code's error over PCA-64's", plain_error / pca_errors[64], at_most=0.5)

# %% [markdown]
# A small error, bought with hundreds of units for an average image.
# Ask such a code what it saw, and everybody talks at once.
# It is hard to say what unit 17 is *for* if it takes part in so much.
#
# ## A price on activity
#
# Now let activity cost something.
# The best-known price is the **L1 penalty**: add the sum of the absolute values of the code (their *sizes*, below) to the loss, times a weight.
# A unit then speaks only if it lowers the error by more than its price, and since the price rises in proportion to the value, right down to zero, many values end at *exactly* zero.
# (Unless the decoder grows its rows to make up for small values. Nothing here forbids that but the short training; exercise 05.1 closes this door.)
#
# Keras has an argument for it, and old tutorials use it with a weight of 1e-4 or 1e-5:

# %%
from keras import regularizers

from_tutorials = layers.Dense(1000, "relu", activity_regularizer=regularizers.L1(1e-4))

# %% [markdown]
# Beware of it.
# In Keras 3 up to 3.13 this adds the sum over all images of the batch; from 3.14 on it is divided by the number of images in the batch.
# With batches of 100 the same line means penalties that differ by a factor of 100.
# So we write the penalty out: **the sum over the units, averaged over the images of the batch**.
# By hand first, for two images and four units.

# %%
code = np.array([[0.9, 0.1, 0.5, 0.0], [0.2, 0.8, 0.0, 0.3]], "float32")
l1_by_hand = np.abs(code).sum(axis=1).mean()
print("sum of sizes, image by image:", np.abs(code).sum(axis=1))

# %% [markdown]
# A second price asks a different question: not how loud a unit is, but how *often* it is on.
# Take units whose value lies between 0 and 1 (sigmoid units), read the mean over the batch as the unit's **mean activity** $a$, and ask for a small target $t$, say 0.2.
# The **Kullback-Leibler divergence** measures how far two coins with the probabilities $t$ and $a$ are apart, $t \log (t/a) + (1-t) \log ((1-t)/(1-a))$; it is zero if the unit keeps to its target, and grows on both sides.
# Units that are silent for ever pay as well as units that never rest.
# (It sees only the mean: a unit that whispers 0.2 for every image pays nothing.)

# %%
activity, target = code.mean(axis=0), 0.2
on = target * np.log(target / activity)
off = (1 - target) * np.log((1 - target) / (1 - activity))
kl_by_hand = (on + off).sum()

# %% [markdown]
# Both prices are one short layer of the course.
# It hands the code on unchanged and reports the price, which its method `penalty` computes, with `add_loss`.
# Any Keras layer may call that; `fit` adds it to the error.
# So the loss in the progress line is, from here on, error plus price.

# %%
import inspect

from lessonlib.layers import ActivityPenalty

print(inspect.getsource(ActivityPenalty.penalty))
prices = [ActivityPenalty("l1", 0.1), ActivityPenalty("kl", 0.1, target=0.2)]
for price, by_hand in zip(prices, (l1_by_hand, kl_by_hand)):
    price(code)
    gap = abs(float(price.losses[0]) - 0.1 * by_hand)
    claim(f"{price.kind}: layer = by hand, to", gap, at_most=1e-6, kind="identity")

# %% [markdown]
# **Predict before you run:** with an L1 weight of 0.5, an image that has a hundred active units of size 1 pays 50, nearly the mean image's error of 54.2.
# How many units will the network leave on?
# And what will that do to the error?

# %%
l1 = trained(autoencoder("relu", ActivityPenalty("l1", 0.5)))
l1_active, l1_error = judge(l1)
show("active units under the L1 price, on average", 1000 * l1_active)
claim("L1: share of exact zeros", 1 - l1_active, at_least=0.8)
claim("Active units, L1 over plain", l1_active / plain_active, at_most=0.25)
claim("L1's error over PCA-32's", l1_error / pca_errors[32], at_most=0.8)

# %% [markdown]
# Fewer than one unit in five is left, less than a quarter of what the plain code used, and everything else is exactly zero.
# The error has gone up, to somewhere between PCA-64 and PCA-32, although about 70 units are on: counted number by number, this code does not beat PCA.
# (And *which* units are on differs from image to image, and is information too.) What we have bought is not a lower error.
#
# The averages hide the shape.
# Let us draw how the values themselves are distributed, exact zeros left out.
#
# **Predict before you run:** the price is the same for each step of size.
# Will it cut the large values most, the small ones, or all alike?

# %% mystnb={"image": {"alt": "Densities of the code values above zero, divided by their median, on a logarithmic axis, for the plain and the L1 code. Both fall from left to right, the plain one much faster; from about 4 medians on the L1 curve lies above it."}}
from lessonlib import plots

values = {"plain": plain.layers[0](x_test).numpy(), "L1": l1.layers[0](x_test).numpy()}
scaled = {name: c[c > 0] / np.median(c[c > 0]) for name, c in values.items()}
edges = np.linspace(0, 7, 15)
heights = {n: np.histogram(c, edges, density=True)[0] for n, c in scaled.items()}
plots.line_plot((edges[1:] + edges[:-1]) / 2, heights, log=True,
                x_label="code value, over the median of those above 0",
                y_label="density", title="Above zero, the L1 code has the longer tail")

# %%
tail = {name: np.quantile(c, 0.99) for name, c in scaled.items()}
claim("Largest to middling values, L1 over plain",
      tail["L1"] / tail["plain"], at_least=1.2)

# %% [markdown]
# The price takes about the same amount from every value: all of a small one, which becomes zero, and little of a large one.
# So beside the exact zeros, the L1 code has the longer tail: the value that only one in a hundred exceeds is further above the middle one than in the plain code.
# Many units silent, some that whisper, a few that speak up: that is what is meant by sparse.
#
# ## What does a unit look for?
#
# A unit that is on adds its value times its **decoder row** to the picture.
# A row has 784 entries, so we can look at it.
# Here are twelve units of each network, drawn at random.
#
# **Predict before you run:** the first principal axes of lesson 01 looked like blurred overlays of whole digits.
# Will these?

# %% mystnb={"image": {"alt": "Two rows of twelve grey images of decoder rows. The plain network's are noisy, a few with a faint digit; most of the L1 network's show outlines of digits or of parts of them on a calmer ground."}}
def rows_of(model):
    return model.layers[1].layers[0].kernel.numpy()


units = np.random.default_rng(0).choice(1000, 12, replace=False)
pictures = {"plain": rows_of(plain)[units], "L1": rows_of(l1)[units]}
plots.image_rows(pictures, title="An L1 price makes decoder rows smoother", signed=True)

# %% [markdown]
# The plain rows are noisy, some with the ghost of a digit.
# The L1 rows are cleaner: outlines of digits and of parts of them, with a dark rim.
# To put a number on "drawing", take the correlation between pixels that are neighbours: 0 for noise, near 1 for something smooth.

# %%
def smoothness(model):
    rows = rows_of(model).reshape(-1, 28, 28)
    return np.corrcoef(rows[:, :, 1:].ravel(), rows[:, :, :-1].ravel())[0, 1]


show("plain: correlation of neighbours", smoothness(plain))
show("L1: correlation of neighbours", smoothness(l1))
claim("Smoother rows under L1, by", smoothness(l1) - smoothness(plain), at_least=0.1)

# %% [markdown]
# Why should a price on the *code* change the *decoder*?
# A plausible reason: if hundreds of units may be on, any picture can be mixed from noise.
# If few may, each has to bring something that occurs as such in images.
# In how many is another question: with 3,500 images for 1,000 units, some rows may be a single training image learned by heart.
#
# ## At most k units
#
# A price leaves it to the network how many units it uses.
# The third way is blunt: **keep the $k$ largest values of each image, set the others to zero** (Makhzani and Frey, 2014).
# No price, and the share of active units is known before training; $k$ itself is what one tunes.
# By hand, for the two images from above, with $k$ = 2:

# %%
lowest_kept = np.sort(code, axis=1)[:, -2:][:, :1]
by_hand = np.where(code >= lowest_kept, code, 0)
print(by_hand)


# %%
class TopK(layers.Layer):
    def __init__(self, k):
        super().__init__()
        self.k = k

    def call(self, code):
        lowest_kept = ops.top_k(code, self.k)[0][:, -1:]
        return ops.where(code >= lowest_kept, code, 0.0)


difference = np.abs(TopK(2)(code).numpy() - by_hand).max()
claim("top-k: layer = by hand, to", difference, at_most=1e-6, kind="identity")

# %% [markdown]
# The gradient flows through the values that were kept, and only through them.
# Hold on to that; it will matter.
#
# **Predict before you run:** with 40 units, as many as PCA has axes, will the error be above that of PCA-40 or below?

# %%
top40 = trained(autoencoder("relu", TopK(40)))
claim("Top-40's error over PCA-40's", judge(top40)[1] / pca_errors[40], at_most=0.95)
low = metrics.paired_gain(x_test, x_pca[40], top40(x_test)).low
claim("Its gain on the same images, 95 % interval from", low, at_least=1.2)

# %% [markdown]
# Below, at $k$ = 40.
# (With larger $k$ PCA catches up. And the list of *which* 40 of 1,000 are on costs something too.) Here are four units of this network, drawn at random from those that are on for at least eleven test images, with the eleven that light them up most.

# %% mystnb={"image": {"alt": "Four rows of twelve grey images. Each row begins with the decoder row of one unit, a noisy outline; eleven test digits follow, often, though not always, of one class or of two classes that look alike."}}
def top_eleven(model):
    lights = model.layers[0](x_test).numpy()
    often = np.flatnonzero((lights > 0).sum(axis=0) >= 11)
    return often, np.argsort(-lights[:, often], axis=0)[:11].T


often, eleven = top_eleven(top40)
picked = np.random.default_rng(1).choice(len(often), 4, replace=False)
rows = rows_of(top40)[often] / np.abs(rows_of(top40)[often[picked]]).max() / 2 + 0.5
lit = {f"unit {number}": np.vstack([rows[i], digits.x_test[eleven[i]]])
       for number, i in enumerate(picked, start=1)}
plots.image_rows(lit, title="What lights a unit up is often of one class")

# %%
def purity(model):
    classes = digits.y_test[top_eleven(model)[1]]
    return 100 * np.mean([np.bincount(eleven).max() / 11 for eleven in classes])


show("the commonest class, before training", purity(autoencoder("relu", TopK(40))))
claim("The commonest class of a unit's eleven", purity(top40), at_least=55, unit=" %")

# %% [markdown]
# In most rows the images share a shape in a place, and often, though not always, a class: over all such units, the commonest class has more than half of the eleven, and more than it had before training.
# Nobody told the network about classes, and a unit that lights up for fours and nines is a detector of neither: look for the odd ones out before you give it a name.
#
# ## What breaks: dead units
#
# A careful reader of a sparse code counts the units that are *never* on, for no training image.
# In lesson 02 such a unit never rose above zero; under top-k it is enough that it never wins.
# Now take the start that most people would write: raw images instead of centred ones, and Keras's own start for encoder and decoder.
# Beside it we train a second network that differs in one thing only: its images are centred.
# Both keep 40 units, and have the same 350 steps as all others.
#
# **Predict before you run:** of the 1,000 units, how many will no training image ever light up?

# %%
def usual_start(*sparsity):
    set_seed()
    encoder = Sequential([layers.Input((784,)), layers.Dense(1000, "relu"), *sparsity])
    return Sequential([encoder, Sequential([layers.Dense(784)])])


def dead(model, x=x_train):
    return 100 * (model.layers[0](x).numpy().max(axis=0) <= 0).mean()


# %%
raw, untrained = digits.x_train, dead(usual_start(TopK(40)), digits.x_train)
raw40, centred40 = usual_start(TopK(40)), usual_start(TopK(40))
for model, x in ((raw40, raw), (centred40, x_train)):
    history = fit(model, x, steps=350, rate=4e-3)

# %%
show("raw images: dead", dead(raw40, raw), unit=" %")
show("centred images: dead", dead(centred40), unit=" %")
killed, fewer = dead(raw40, raw) - untrained, dead(raw40, raw) - dead(centred40)
claim("Raw images: killed by training", killed, at_least=40, unit=" % of the units")
claim("Centred images alone: fewer dead, by", fewer, at_least=40, unit=" points")

# %% [markdown]
# On raw images most of the code is dead, and training killed it; centring the images alone keeps it alive.
# A likely mechanism is the one noted above: only winners get a gradient.
# All digits share the mean image, so a unit that happens to point along it wins for *every* image, learns, and wins more easily the next time.
# A unit that points elsewhere rarely wins, and what no longer wins no longer changes.
# Subtract the mean, and that advantage is gone: what decides is in what an image differs from the others.
#
# Are the living units good for anything?
# Compare the two networks at an equal share of active units, on the same test images.

# %%
x_raw, x_centred = raw40(digits.x_test).numpy(), centred40(x_test).numpy() + mean
low = metrics.paired_gain(digits.x_test, x_raw, x_centred).low
claim("Centred over raw: the gain, 95 % interval from", low, at_least=0.2, at_most=5)

# %% [markdown]
# With 40 units an image for both, the network with more living units has the lower error.
# Larger networks may need stronger repairs: a $k$ that begins wide and shrinks (Makhzani and Frey, 2014), or a second loss that asks the dead units to reconstruct what the living ones left over (Gao et al., 2024).
#
# ## What breaks: values that are too small
#
# The L1 price has a fault of another kind.
# A unit that is rightly on still pays for its size, so it pays to be a little smaller than right.
# This is **shrinkage**.
# To see it, look, as we did for the filters of lesson 04, for the factor that brings the reconstructions closest to the images: regress image on reconstruction.
# A factor of 1 means that nothing can be gained by scaling, and it is exactly 1 for PCA on its own training images; above 1, the reconstructions are too faint.
#
# **Predict before you run:** by how many percent will the L1 code be too faint, and will top-40 be off as well?

# %%
def factor(model, x=x_test):
    x_hat = model(x).numpy()
    x_hat = x_hat - x_hat.mean(axis=0)
    return (x_hat * x).sum() / (x_hat**2).sum()


for name, model in (("plain", plain), ("L1", l1), ("top-40", top40)):
    show(f"factor, {name}", factor(model))
claim("L1: too faint, by", 100 * (factor(l1) - 1), at_least=5, at_most=40, unit=" %")
claim("Top-40: off by", 100 * abs(factor(top40) - 1), at_most=3, unit=" %")

# %% [markdown]
# L1 is too faint by at least 5 %.
# Top-40, which has no price and nothing to shrink for, is right to within 3 %.
# This is one reason why top-k has replaced L1 in many places.
#
# ## How sparse is too sparse?
#
# Time for a fair comparison.
# Each of the three methods gets three strengths and the same 350 steps: L1 weights of 0.25, 0.5 and 1; $k$ of 40, 80 and 160; and, for sigmoid units under the KL price, targets of 0.02, 0.03 and 0.05 at a weight of 0.3, with twice the learning rate.
# Sigmoid units begin with a bias of -3, so that they are nearly off.
#
# A sigmoid is never exactly zero.
# So a unit counts as active above 0.1, and, to be fair to the others, what is below is *set* to zero before decoding.

# %%
def kl(target):
    return autoencoder("sigmoid", ActivityPenalty("kl", 0.3, target=target), bias=-3.0)


models = {
    "L1": [trained(autoencoder("relu", ActivityPenalty("l1", 0.25))), l1,
           trained(autoencoder("relu", ActivityPenalty("l1", 1.0)))],
    "KL": [trained(kl(target), 8e-3) for target in (0.02, 0.03, 0.05)],
    "top-k": [top40, trained(autoencoder("relu", TopK(80))),
              trained(autoencoder("relu", TopK(160)))]}

# %% [markdown]
# **Predict before you run:** we plot error against active share.
# Which method's curve lies lowest?

# %% mystnb={"image": {"alt": "Test error against the share of active units, one falling line with three points each for L1, KL and top-k. The top-k line lies below the other two wherever they overlap."}}
limits = {"L1": 0.0, "KL": 0.1, "top-k": 0.0}
points = {name: np.array([judge(m, threshold=limits[name]) for m in models[name]])
          for name in models}
plots.line_plot({name: 100 * p[:, 0] for name, p in points.items()},
                {name: p[:, 1] for name, p in points.items()},
                x_label="active units, %", y_label="error on test images",
                title="Error against active share: top-k lies lowest")

# %%
def top_k_error_at(active):
    share, error = points["top-k"].T
    return np.interp(np.log(active), np.log(share), error)


for name in ("L1", "KL"):
    active, error = points[name][1]
    ratio = top_k_error_at(active) / error
    claim(f"Top-k's error over {name}'s, equally active", ratio, at_most=0.9)

small_kept = metrics.squared_error(x_test, models["KL"][1](x_test).numpy())
show("KL, middle one, small values kept: error", small_kept)

# %% [markdown]
# Top-k lies lowest: at the active share of the middle L1 code, and of the middle KL code, its error (read off the line between its points) is at least a tenth lower.
# Two remarks belong to it.
# KL pays for our threshold: with its small values kept its error is the one printed last, but then it is not sparse.
# And a budget of 350 steps is short; who trains longer may find other distances.
#
# ## Does it help to read the label?
#
# A popular argument for sparse codes is that a simple classifier reads them better.
# We put the linear probe of lesson 04 (logistic regression) on the codes, with only 100 labelled images, ten of each class, and with 1,000.
# The fair rules: every method chooses among its three strengths by the probe on the *validation* images, and every probe sees the same draws of labelled images.
# Beside them stand the raw pixels, PCA (which chooses among 16, 32 and 64 numbers), the plain code, and one more baseline that is left out too often: the same 1,000 units at their random start, untrained, with and without top-k.
#
# **Predict before you run:** order them: raw pixels, PCA, random units, plain, sparse.

# %%
from sklearn.decomposition import PCA


def probe(encode, x, labels, per_class, draws):
    old, new = encode(x_train), encode(x)
    scores = [metrics.linear_probe(old, digits.y_train, new, labels, per_class, seed=d)
              for d in range(draws)]
    return 100 * np.array(scores)


def coder(model):
    return lambda x: model.layers[0](x).numpy()


def pca_coder(k):
    return PCA(n_components=k, svd_solver="full").fit(x_train).transform


# %%
tried = {"raw pixels": [lambda x: x], "PCA": [pca_coder(k) for k in (16, 32, 64)],
         "random units": [coder(autoencoder("relu"))],
         "random top-k": [coder(autoencoder("relu", TopK(k))) for k in (40, 80, 160)],
         "plain": [coder(plain)]}
tried |= {name: [coder(model) for model in models[name]] for name in models}


def test_scores(options, per_class):
    def on_validation(encode):
        return probe(encode, x_valid, digits.y_valid, per_class, draws=1).mean()

    best = options[0] if len(options) == 1 else max(options, key=on_validation)
    return probe(best, x_test, digits.y_test, per_class, draws=4)


few = {name: test_scores(options, 10) for name, options in tried.items()}
many = {name: test_scores(options, 100) for name, options in tried.items()}

# %%
from scipy.stats import sem

from lessonlib import show_table

table = [(name, few[name].mean(), sem(few[name]), many[name].mean(), sem(many[name]))
         for name in tried]
show_table(["code", "100 labels, %", "± se", "1,000 labels, %", "± se"], table)
chance = np.maximum(many["random units"].mean(), many["random top-k"].mean())
gain = many["top-k"].mean() - chance
claim("Top-k over the better random code, 1,000 labels", gain, at_least=0.5,
      unit=" points")

# %% [markdown]
# The rows to look at are the random ones.
# A thousand random ReLU units, untrained, are a strong baseline: much of what a large code gives to a linear classifier is its size (Coates and Ng, 2011, found randomly drawn patches almost as good as trained features).
# Held against *that*, L1 and KL leave too little for us to claim anything, and top-k is ahead.
# The standard errors come from the draws of labelled images alone; another random start of the networks moves the numbers too, which is why the claim is checked over several.
# Had we left out the random rows, we would have told a better story, and a wrong one.
#
# ## The same tool, at another scale
#
# Since about 2023 this old idea has a new use.
# The activations inside a language model are like our plain code: most units take part in many things.
# Bricken et al. (2023) and Cunningham et al. (2023) trained overcomplete sparse autoencoders on the activations of small ones and found units that many readers can name: Bricken and others show one for DNA sequences, one for legal language.
# Gao et al. (2024) used top-k, up to 16 million units, and worked against exactly the failures of this lesson: dead units and shrinkage.
# Whether such units are *the* features that the model computes with is an open question.
# A unit that is easy to name is not thereby a cause, and what we saw above holds there as well: look at random units, count the dead, and compare with random weights.
#
# ## What we found
#
# - A plain code of 1,000 units has less than half of PCA-64's error.
#   Under an L1 price it uses less than a quarter as many, more than 80 % of its values are exactly zero, and its error lies below PCA-32's, with about 70 units on.
# - The decoder rows of units under an L1 price are smoother than those of plain units.
# - Top-40 has a lower error than PCA-40.
#   At the active share of the middle L1 code and of the middle KL code, values below 0.1 silenced, top-k's error is at least a tenth lower.
# - On raw images, training with top-k kills at least 40 % of the units.
#   With centred images fewer die, by at least 40 points, and the error on test images is lower.
# - L1 reconstructions are too faint by at least 5 %, top-k's by less than 3 %.
# - With 1,000 labels a linear probe reads the top-k code better than random units of the same number, by at least half a point.
#   For L1 and KL we claim no such thing.
#
# Next comes [lesson 06](06_convolutional_autoencoders.ipynb): the convolutions of lesson 04 knew that pixels have neighbours.
# What does that change in an autoencoder?
#
# ## Exercises
#
# **05.1** There is a way to cheat the L1 price.
# Halve all code values and double the decoder rows: every reconstruction stays as it is, at half the price.
# To compare prices one therefore fixes the length of the rows.
# Write `rescale(code, rows)`: it returns a new code and new rows with the same product `code @ rows`, where every row has length 1.
# Then go on, if you like: by how much does it change the price of our L1 code?

# %%
from lessonlib import check


def rescale(code, rows):
    return None  # your code here


check("05.1", rescale)

# %% [markdown]
# <details><summary>A hint</summary>
#
# The length of each row: the root of the sum of its squares, `axis=1`.
# Row number $j$ is divided by its length; which column of the code has to make up for it?
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
# def rescale(code, rows):
#     lengths = np.linalg.norm(rows, axis=1)
#     return code * lengths, rows / lengths[:, None]
#
#
# check("05.1", rescale)
# ```
#
# </details>
#
# **05.2** Why should every image get the same $k$?
# A 1 needs fewer strokes than an 8.
# Write `batch_top_k(code, k)` (Bussmann et al., 2024): of a whole batch of $n$ images it keeps the $n \cdot k$ largest values, wherever they are, and sets the others to 0.
# No two values are equal.

# %%
def batch_top_k(code, k):
    return None  # your code here


check("05.2", batch_top_k)

# %% [markdown]
# <details><summary>A hint</summary>
#
# `np.sort(code, axis=None)` sorts all values of the batch in one row.
# Where in it stands the smallest value that is kept?
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
# def batch_top_k(code, k):
#     lowest_kept = np.sort(code, axis=None)[-len(code) * k]
#     return np.where(code >= lowest_kept, code, 0)
#
#
# check("05.2", batch_top_k)
# ```
#
# </details>
#
# **05.3** An encoder is quick, but is its code the cheapest?
# For a fixed decoder one can search for the best code directly (Daubechies et al., 2004).
# Write `sparse_code(x, rows, weight, steps)`: begin with a code $h$ of zeros, and `steps` times go one step down the slope of the error and of the price, then cut off at zero, $h \leftarrow \max(0,\; h - s\,(2\,(h D - x) D^\top + w))$, where $D$ are the rows, $w$ is the weight, and the step $s = 1 / (2 \lambda)$, with $\lambda$ the largest eigenvalue of $D D^\top$.
# Then go on, if you like: compare its price and error with those of our L1 encoder, for a hundred test images and `rows_of(l1)`, the decoder's bias subtracted from the images.

# %%
def sparse_code(x, rows, weight, steps):
    return None  # your code here


check("05.3", sparse_code)

# %% [markdown]
# <details><summary>A hint</summary>
#
# `np.linalg.eigvalsh(rows @ rows.T)` gives the eigenvalues, the largest last.
# The weight is inside the bracket, so the step multiplies it too.
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
# def sparse_code(x, rows, weight, steps):
#     step = 1 / (2 * np.linalg.eigvalsh(rows @ rows.T)[-1])
#     code = np.zeros((len(x), len(rows)))
#     for _ in range(steps):
#         slope = 2 * (code @ rows - x) @ rows.T + weight
#         code = np.maximum(0, code - step * slope)
#     return code
#
#
# check("05.3", sparse_code)
# ```
#
# One step looks like one layer of a network: a matrix product, a bias, a ReLU.
# An encoder is one such step with weights that have been learned.
#
# </details>

# %% [markdown]
# ## Sources
#
# - B. Olshausen and D. Field, *Emergence of simple-cell receptive field properties by learning a sparse code for natural images*, Nature 381 (1996): where sparse codes in vision come from.
# - R. Tibshirani, *Regression shrinkage and selection via the lasso*, Journal of the Royal Statistical Society B 58 (1996): the L1 price, its zeros and its shrinkage.
# - I. Daubechies, M. Defrise and C. De Mol, *An iterative thresholding algorithm for linear inverse problems with a sparsity constraint*, Communications on Pure and Applied Mathematics 57 (2004): exercise 05.3.
# - H. Lee, C. Ekanadham and A. Ng, *Sparse deep belief net model for visual area V2*, NIPS 20 (2008), and A. Ng, *Sparse autoencoder*, lecture notes (2011): the price on a unit's mean activity.
# - A. Makhzani and B. Frey, *k-sparse autoencoders*, ICLR (2014): top-k, and a $k$ that shrinks against dead units.
# - A. Coates and A. Ng, *The importance of encoding versus training with sparse coding and vector quantization*, ICML (2011): how far features go that were hardly trained.
# - T. Bricken et al., *Towards monosemanticity: decomposing language models with dictionary learning*, Transformer Circuits Thread (2023); H. Cunningham et al., *Sparse autoencoders find highly interpretable features in language models*, arXiv 2309.08600 (2023); L. Gao et al., *Scaling and evaluating sparse autoencoders*, arXiv 2406.04093 (2024); B. Bussmann et al., *BatchTopK sparse autoencoders*, arXiv 2412.06410 (2024).
