# ---
# jupyter:
#   lesson:
#     memory: 1500
#     yields: a code to be read piece by piece; choosing against learning, told apart; dead units prevented
#     exercises: rows of equal length; matching pursuit by hand; a sparse autoencoder, trained by yourself
# ---

# %% [markdown]
# # 05 Sparse autoencoders
#
# **Can a code be larger than its input and still mean something?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/05_sparse_autoencoders.ipynb)
#
# Needs: [lesson 03](03_two_ways_to_learn_nothing.ipynb); PCA as in [lesson 01](01_pca_is_a_linear_autoencoder.ipynb); how a logarithm behaves near 0.
# Time: about 2 minutes of computing on two cores, an hour of reading.
#
# At the end you will be able to
#
# - make a code sparse in three ways, and compute each by hand,
# - take a digit apart into the few units that draw it,
# - compare sparse codes at an equal number of active units, with a rival that may choose as well,
# - say what came from learning and what from choosing,
# - find dead units, and prevent them.

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
# A language has far more words than a sentence needs, and that is what makes sentences short.
#
# So far our codes were narrow, and every image used all of their numbers.
# Now we do the opposite.
# The code gets 1,000 numbers, more than the image has pixels; it is **overcomplete**.
# In return an image may use only a few of them, and every image chooses its own.
# Such a code is called **sparse**.
#
# As in lesson 01 we subtract the mean image first.
# It looks like a detail; at the end we leave it out, and see.

# %%
from lessonlib import claim, data, live, metrics, plots, units

digits = data.load_mnist(valid=500).flat
mean = digits.x_train.mean(axis=0)
x_train, x_test = digits.x_train - mean, digits.x_test - mean

# %% [markdown]
# One layer of ReLU units, which are zero or positive, and one linear layer back.
# Each number of the code belongs to a **unit**, so we use the two words alike.
# What makes the code sparse is a layer of its own, and comes last in the encoder.

# %%
from keras import Sequential, layers, ops
from keras.initializers import RandomNormal

from lessonlib.training import each, fit, generator, set_seed


def build(sparsity, activation="relu", size=1000):
    set_seed()
    to_code = layers.Dense(size, activation, kernel_initializer=RandomNormal(0, 0.01))
    encoder = Sequential([layers.Input((784,)), to_code] + sparsity)
    decoder = Sequential([layers.Input((size,)), layers.Dense(784)])
    # The decoder begins as the encoder, turned round; both are free to move.
    decoder.layers[0].kernel.assign(ops.transpose(to_code.kernel))
    return Sequential([encoder, decoder])


# %% mystnb={"image": {"alt": "A handwritten 3 and, to its right, the network: a bar for 784 pixels, a taller bar for the code of 1,000 numbers, and a bar for 784 pixels again."}}
plots.network(build([]), "784 pixels, and a larger code", image=digits.x_test[3])

# %% [markdown]
# All networks of this lesson see the same 3,500 images in 350 steps.
# We judge them by the code of the test images.

# %%
def trained(model, x=x_train, rate=4e-3):
    fit(model, x, steps=350, rate=rate, quiet=True)
    return model


def code_of(model, x=x_test):
    return model.layers[0](x).numpy()

# %% [markdown]
# Without a restriction nearly 600 units are on for every image: everybody talks at once, and it is hard to say what unit 17 is *for*.
# The error is low, but lesson 03 has taught us what that is worth, since a wide code may simply copy.
#
# ## A price on every value
#
# Now let speaking cost something.
# The best-known price is the **L1 penalty**: the sum of the code's values, without their signs, times a weight, is added to the error.
#
# Why does this give *exact* zeros, and not just small numbers?
# Take one unit alone.
# Suppose that, without a price, the best value for it would be 0.2, so that any other value $h$ costs $(h - 0.2)^2$.
# Add a price of 0.6 for each unit of size, and beside it another popular price, that on the *square*.

# %% mystnb={"image": {"alt": "Cost against the value of one unit from -0.5 to 0.5. Without a price a bowl with its lowest point at 0.2. With a price on the square a bowl with its lowest point near 0.12. With the L1 price a line with a sharp corner at 0, which is its lowest point."}}
import numpy as np

value = np.linspace(-0.5, 0.5, 101)
error = (value - 0.2) ** 2
costs = {"error alone": error, "with a square price": error + 0.6 * value**2,
         "with an L1 price": error + 0.6 * np.abs(value)}
plots.line_plot(value, costs, x_label="value of the unit", y_label="cost",
                title="Only L1 has its lowest point at exactly 0")

# %% [markdown]
# Look at the slopes at 0.
# There the error falls by 0.4 for each step to the right.
# The L1 price rises by 0.6 from its very first step, so the first step does not pay, and the unit stays off.
# A price on the square is flat at 0, the first steps are nearly free, and the unit is always a little on.
#
# What if the unit has more to say?
# Put the slope of the cost to zero, and you have the cheapest value for every wish.

# %% mystnb={"image": {"alt": "The cheapest value against the best value without a price, from -0.5 to 0.5. Without a price the diagonal. With a price on the square a flatter line through 0. With the L1 price a line that is exactly 0 between -0.3 and 0.3, and outside runs parallel to the diagonal, 0.3 closer to 0."}}
cheapest = {"no price": value, "square price": value / (1 + 0.6),
            "L1 price": np.sign(value) * np.maximum(np.abs(value) - 0.6 / 2, 0)}
plots.line_plot(value, cheapest, x_label="best value without a price",
                y_label="cheapest value", title="L1 makes small values exact zeros")

# %% [markdown]
# This is the **soft threshold**: small wishes become exactly 0, and every larger one loses the same amount, half the weight.
# So the L1 price has a side effect as well: whoever is rightly on is a little too quiet.
# And a decoder is free to lengthen its rows, so that less is paid for the same picture: exercise 05.1.
#
# For a batch we add the sizes over the units, and average over the images.
# By hand, for two images and four units:

# %%
tiny = np.array([[0.9, 0.1, 0.5, 0.0], [0.2, 0.8, 0.0, 0.3]], "float32")
l1_by_hand = np.abs(tiny).sum(axis=1).mean()  # the mean of 1.5 and 1.3

# %% [markdown]
# In Keras this is one short layer at the end of the encoder, `ActivityPenalty`: it hands the code on unchanged and reports its price, and `fit` adds that to the error.
#
# <details><summary>Why not Keras's own argument?</summary>
#
# Keras has `activity_regularizer`, and old tutorials use it with a weight of 1e-4 or 1e-5.
# Up to version 3.13, which Colab has, it adds the sum over all images of a batch; from 3.14 on that sum is divided by the number of images.
# With batches of 100 the same line then means prices that differ by a factor of 100.
# So the layer of this course says what it means: the sum over the units, averaged over the images.
#
# </details>
#
# **Predict before you run:** with a weight of 0.5, an image with a hundred units at 1 pays 50, nearly the error of the mean image, which is 54.
# How many will be left: (a) about 300, (b) about 70, (c) one or two?

# %%
from lessonlib.layers import ActivityPenalty

plain, l1 = trained(build([])), trained(build([ActivityPenalty("l1", 0.5)]))
claim("Under the L1 price some 70 of 1,000 units are on for an image",
      (code_of(l1) > 0).sum(axis=1).mean(), at_least=60, at_most=80)

# %% [markdown]
# The answer is (b), and all others are exactly zero.
#
# ## A price on being busy
#
# A second price asks another question: not how loud a unit is, but how *often* it is on.
# Take units between 0 and 1 (sigmoid units), read a unit's mean over the images as the probability $a$ that it is on, and ask for a small target $t$, say 0.05.
# The **Kullback-Leibler divergence** measures how far the coin that we have is from the coin that we want: $t \log (t/a) + (1-t) \log ((1-t)/(1-a))$.

# %% mystnb={"image": {"alt": "The price of one unit against its mean activity from 0.001 to 0.9, for targets of 0.05 and 0.2. Each curve touches zero at its target, rises steeply to the left of it towards 0, and slowly to the right of it."}}
def kl_price(a, t):
    return t * np.log(t / a) + (1 - t) * np.log((1 - t) / (1 - a))


activity = np.linspace(0.001, 0.9, 200)
prices = {f"target {t}": kl_price(activity, t) for t in (0.05, 0.2)}
plots.line_plot(activity, prices, x_label="mean activity of a unit", y_label="price",
                title="Who keeps to the target pays nothing")

# %% [markdown]
# The price is zero at the target and rises on both sides, without end only towards 0 and towards 1.
# A unit that falls silent pays, and so does one that never rests.
# But it sees the mean alone: a unit that whispers 0.05 for every image pays nothing.
#
# A target of 0.03 asks for as much as 30 units fully on.
# Near 0 a sigmoid is nearly flat, so this network takes twice the rate.

# %%
kl = build([ActivityPenalty("kl", 0.3, target=0.03)], "sigmoid")
kl.layers[0].layers[0].bias.assign(-3 * np.ones(1000))  # begin nearly off
kl = trained(kl, rate=8e-3)

# %% [markdown]
# ## At most k units
#
# A price leaves it to the network how many units it uses.
# The third way is blunt: **keep the $k$ largest values of each image, and set all others to zero**.
# By hand, for our two images and $k$ = 2:

# %%
def k_largest(code, k):
    sizes = np.abs(code)
    lowest_kept = np.sort(sizes, axis=1)[:, -k][:, None]  # one for each image
    return np.where(sizes >= lowest_kept, code, 0)


print(k_largest(tiny, 2))

# %%
from lessonlib.sparse import TopK, pursue, refit, strongest_pieces

l1_gap = ActivityPenalty("l1", 1).penalty(tiny) - l1_by_hand
kl_gap = ActivityPenalty("kl", 1, 0.2).penalty(tiny) - kl_price(tiny.mean(0), 0.2).sum()
top_gap = np.abs(TopK(2)(tiny) - k_largest(tiny, 2)).max()
claim("All three layers do what we do by hand",
      float(max(abs(l1_gap), abs(kl_gap), top_gap)), at_most=1e-5, kind="identity")

# %% [markdown]
# No price, and we know how many units are on before we train.
# The gradient flows through the winners alone; hold on to that, it will matter.
# We train a network for each of four numbers of units, since we shall need them all.

# %% mystnb={"image": {"alt": "Three strips of 1,000 places for the code of the same handwritten 3. Plain: hundreds of strokes. L1: several dozen strokes of different heights with gaps between them. Top-40: forty strokes, most of them tall."}}
counts = [10, 20, 40, 80]
top = {k: trained(build([TopK(k)])) for k in each(counts)}
plots.code_strips({"plain": code_of(plain)[3], "L1": code_of(l1)[3],
                   "top-40": code_of(top[40])[3]}, "In a sparse code few units speak")

# %% [markdown]
# The KL code would show some 70 values above 0.1, and under them a fringe of whispers, since a sigmoid never reaches zero.
# A code with 40 strokes can be read one by one.
#
# ### Build a digit up
#
# A unit that is on adds its value times its **decoder row**, a picture of 784 pixels, to the mean image.
# So we can hang the pieces up one after the other, the strongest first, and watch.
# Our digit is test image 3, a 3, since these run from 0 to 9 again and again.

# %% mystnb={"image": {"alt": "Two rows of twelve images. Above, single pieces on mid-grey, each like the ghost of a whole digit, with bright and dark parts. Below, their sum with the mean image: first a cloud, then a 3 that gets sharper with each piece."}}
rows, bias = top[40].layers[1].get_weights()
pieces = strongest_pieces(code_of(top[40])[3], rows, 24)  # try another digit
pictures = {"piece": 0.5 + pieces / np.abs(pieces).max() / 2,
            "so far": mean + bias + pieces.cumsum(axis=0)}
plots.image_rows({key: x[::2] for key, x in pictures.items()}, "A cloud grows into a 3")

# %% [markdown]
# Every second of the first 24 pieces is shown, on grey: what is brighter adds ink, what is darker takes ink away.
# They are ghosts of whole digits, not strokes; remember that.
# Where scripts run, take the slider.
# At which piece would *you* know the digit?

# %%
live.frames(pictures, "number of pieces")

# %% [markdown]
# ## Who chooses better?
#
# A code that can be read is nice to have, but is it any *good*?
# The rival is PCA, with as many numbers as the network has units on.
#
# But wait.
# The network chooses for each image which of its 1,000 units speak, and PCA is usually given its first axes, the same for all images.
# That is not fair, and easily mended: PCA has 784 axes, so let it keep, for each image anew, the $k$ largest of its 784 numbers.
# Its axes stand at right angles, so no other choice of $k$ of them could be better.
#
# From the two codes with a price we let the $k$ largest values of each image speak, and silence the others.
# That is hard on them: top-k was trained for each $k$, they for one price, and L1's values are too quiet.
# So keep an eye on L1: below it gets better values.
#
# **Predict before you run:** with 40 numbers, PCA's first have an error of about 12, and top-40 has between 9 and 10.
# If PCA may choose, will it be (a) still behind, (b) level, or (c) ahead?
# And will it be the same with 10?

# %%
from sklearn.decomposition import PCA

pca = PCA(svd_solver="covariance_eigh").fit(x_train)
numbers = pca.transform(x_test)


def errors(answers):
    return np.array([metrics.squared_error(x_test, x_hat) for x_hat in answers])


def pca_errors(codes):
    return errors([pca.inverse_transform(code) for code in codes])


def network_errors(model):  # if only the k largest values of a code may speak
    return errors([model.layers[1](k_largest(code_of(model), k)) for k in counts])


# %% mystnb={"image": {"alt": "Error against the number of active units, 10, 20, 40 and 80, both axes logarithmic. All lines fall. Top-k is lowest at 10; it meets PCA's k largest at 20, and from 40 on PCA's k largest is clearly lowest. PCA's first k begins far above both and passes top-k between 40 and 80. L1 begins near PCA's k largest and flattens; KL is the highest line."}}
lines = {"PCA, first k": pca_errors([numbers * (np.arange(784) < k) for k in counts]),
         "PCA, k largest": pca_errors([k_largest(numbers, k) for k in counts]),
         "top-k": errors([top[k](x_test) for k in counts]),
         "L1": network_errors(l1), "KL": network_errors(kl)}
plots.line_plot(counts, lines, x_label="units on", y_label="error", log=True,
                log_x=True, title="With 10 on top-k wins, from 40 on PCA that chooses")

# %%
network, closed_form = lines["top-k"], lines["PCA, k largest"]
claim("PCA, choosing 40 numbers for each image, leaves an error of about 7",
      closed_form[2], at_most=7.3, kind="rival")
claim("With 10 units on, top-k has a fifth less error than PCA's 10 largest",
      1 - network[0] / closed_form[0], at_least=0.16, at_most=0.26)
claim("With 40 units on, top-k has a third more error than PCA's 40 largest",
      network[2] / closed_form[2] - 1, at_least=0.28, at_most=0.42)

# %% [markdown]
# Against PCA's first $k$, the usual comparison, top-k is ahead up to 40 units.
# Once PCA may choose as well, it draws level at 20 units, and from 40 on axes in closed form, from 1901, are well ahead.
# Of our networks, as they come, top-k does best at each $k$.
# Other prices do not save L1: with the best of six, from 0.2 to 3, for each $k$, L1 had 17.9, 14.0, 11.1 and 8.5 on validation images.
# The KL code does not like to be silenced at all: its many whispers carry a part of the picture.
#
# ### A patient chooser
#
# Does that mean that the 1,000 units learned nothing?
# A decoder has the *rows*; an encoder has to *choose* among them, and to give those chosen their *values*.
# The network does both with one matrix product and a sort.
# Each unit decides by itself, and none knows what the others have already said: where two rows are alike, both of them speak.
#
# The values are soon mended: keep the network's choice, and fit the values of the chosen rows anew, by least squares.
# For the choice there is a more patient way, **matching pursuit**.
# Take the row that explains most of the image.
# Look at what is *left*, and take the row that explains most of that.
# Go on until $k$ rows are taken.
# In its **orthogonal** form, which we use, all values are fitted anew after each step.
# Neither needs the encoder's values; and theirs may be negative, as PCA's may.
#
# And here come two controls without any training: 1,000 *training images*, as they are, for rows, and later 1,000 rows of *noise*.

# %%
images = generator().permutation(x_train)[:1000]


def redrawn(model, how, what):  # what the model's rows draw if refitted, or searched
    rows, bias = model.layers[1].get_weights()
    return how(x_test - bias, rows, what)[1] + bias


# %% [markdown]
# **Predict before you run:** by itself top-40 has an error of 9.6, and PCA's 40 largest have 7.
# What will the search get out of the *same rows* of top-40: (a) hardly less than 9.6, (b) about 7, or (c) less than 5?
# And out of mere images: more, as much, or less?

# %% mystnb={"image": {"alt": "Error against the number of units on, both axes logarithmic. Top-k as it comes falls least steeply. Its own choice with refitted values lies lower at every number, and L1's, refitted, close to that; PCA's k largest begins highest, crosses both before 40 and runs below them. Far below all run two lines that nearly coincide: the rows of top-k, searched, and 1,000 training images, searched."}}
by_refit = errors([redrawn(top[k], refit, code_of(top[k])) for k in counts])
by_l1 = errors([redrawn(l1, refit, k_largest(code_of(l1), k)) for k in counts])
by_rows = errors([redrawn(top[k], pursue, k) for k in counts])
by_images = errors([pursue(x_test, images, k)[1] for k in counts])
who = {"top-k": network, "top-k, refitted": by_refit, "PCA, k largest": closed_form,
       "L1, refitted": by_l1, "top-k, searched": by_rows, "images, searched": by_images}
plots.line_plot(counts, who, x_label="units on", y_label="error", log=True, log_x=True,
                title="A patient choice wins, even with mere images")

# %%
by_noise = errors([pursue(x_test, generator().normal(size=(1000, 784)), 40)[1]])[0]
claim("A search brings the rows of top-40 down to half of the error of its encoder",
      by_rows[2] / network[2], at_least=0.44, at_most=0.54)
claim("Better values for the encoder's own choice are two fifths of that gain",
      (network - by_refit)[2] / (network - by_rows)[2], at_least=0.35, at_most=0.45)
claim("Searched, top-40's learned rows and mere images are level, to a twentieth",
      by_rows[2] / by_images[2], at_least=0.95, at_most=1.05)
claim("Noise for rows, searched as patiently, leaves eight times the error of images",
      by_noise / by_images[2], at_least=7.2, at_most=9.2, kind="rival")

# %% [markdown]
# So the answers are (c), and: as much.
# The rows of top-40 were good all along: **it was the encoder that lost to PCA, and not the rows**.
# Two fifths of what it lost were its values, the rest its choice; with better values alone it comes close to PCA's 7.
# And L1's lag behind top-k was mostly one of values: refitted, its one network is close behind the four of top-k.
# Chosen with patience, the rows leave a third less error than PCA's best 40 numbers.
#
# But look at the two lines that run together.
# Rows that no network learned, 1,000 images as they came, do just as well.
# Not any rows will do: noise leaves eight times as much.
# But with so many rows, training gained the network nothing over *taking images*.
# A. Coates and A. Ng (2011) saw something akin in recognising photographs: mere patches did nearly as well for rows as learned ones, and there a quick soft threshold often chose well enough.
#
# Patience has its price.
# The encoder needs one product of each row with the image; the search, written plainly, one for each unit it takes.
# A table of the rows' products with each other saves most of that, and still it is the slower one.
# An encoder is a quick guess at what a search would find.
#
# ### When learning pays
#
# A thousand images hold a likeness of nearly every digit.
# What if we can only afford fewer rows?
# From here on 20 of them are on, always chosen by search, and we cut the number of rows.
# The network gets as many units, and PCA as many axes, of which it keeps the 20 largest numbers.
#
# **Predict before you run:** with 100 rows, PCA has an error of about 13.
# Who will be ahead: (a) PCA, (b) mere images, (c) the rows of the network?

# %% mystnb={"image": {"alt": "Error with 20 active units against the number of rows, 50 to 800, both axes logarithmic. PCA's axes are level from 100 rows on. Mere images begin far above PCA at 50 rows, cross it near 200 and fall on. The network's rows begin level with PCA at 50 rows, lie far below both lines from 100 to 400, and the images come close to them at 800."}}
sizes = [50, 100, 200, 400, 800]
small = [trained(build([TopK(20)], size=n)) for n in each(sizes)]
axes = [k_largest(numbers * (np.arange(784) < n), 20) for n in sizes]
few = {"PCA's axes": pca_errors(axes),
       "mere images": errors([pursue(x_test, images[:n], 20)[1] for n in sizes]),
       "network's rows": errors([redrawn(model, pursue, 20) for model in small])}
plots.line_plot(sizes, few, x_label="rows", y_label="error, 20 on", log=True,
                log_x=True, title="Learning pays where rows are few")

# %%
rivals = min(few["mere images"][1], few["PCA's axes"][1])
claim("With 100 rows, a network's leave a sixth less error than images or PCA's axes",
      1 - few["network's rows"][1] / rivals, at_least=0.12, at_most=0.22)

# %% [markdown]
# The answer is (c).
# A hundred images do not come near every digit, and a hundred learned rows do: each of them has to serve many digits.
# So the learning was worth something after all.
# With 1,000 rows it gained nothing over images; rows that are learned *for the search* still do, as the fold below tells.
#
# <details><summary>Other ways to get rows</summary>
#
# Rows may also be learned by the search itself: search the codes of all training images, find by least squares the rows that fit these codes best, and repeat (Engan and others, 1999; Olshausen and Field, 1996, took small steps along that road).
# One such round, begun with mere images, brought 100 rows from 15.8 to 10.9 on validation images, and 1,000 rows from 7.6 to 6.9, where the network had 10.6 and 7.6.
# Noise that varies together as the pixels of images do had 6.1 with 1,000 rows and 40 on, where images had 4.5 and plain noise 37.
# With 20 on, the centres of k-means, 1,000 of them, had 7.4; pieces of images, cut out in place, between 9.6 and 10.4.
# Of top-20 and top-40, the former has the better rows for a search up to 20 units, and they draw level at 40.
#
# </details>
#
# ## Does a unit mean anything?
#
# People like sparse codes because a single unit may be *about* something.
# Let us look at four units of top-10, drawn at random: each one's decoder row, then the eleven test images that light it up most.

# %% mystnb={"image": {"alt": "Four rows of twelve images. Each begins with the decoder row of one unit on grey, a shape with bright and dark strokes; eleven test digits follow, in two rows mostly of one class, in the others of several."}}
top10 = code_of(top[10])
plots.lit_units(top10, top[10].layers[1].get_weights()[0], digits.x_test,
                "Some units have one digit, some have many")

# %% [markdown]
# How pure is that?
# For each unit we count how many of its eleven images are of their commonest digit.
# Eleven images drawn blindly would give about 30 %.
# We count units that are on for eleven images at least, about a third of them.
# The rivals: such units *before* training, where it is about half, and, once more, mere images, with the same contest: for each test image the ten that are most like it are on.

# %%
from sklearn.metrics.pairwise import cosine_similarity


def pure(code):  # in %
    return 100 * units.purity(code, digits.y_test).mean()


claim("Training makes the units of top-10 purer, by some 17 points",
      pure(top10) - pure(code_of(build([TopK(10)]))), at_least=12, at_most=22)
claim("Mere images are purer: of what lights one up nearly nine tenths are one digit",
      pure(k_largest(cosine_similarity(x_test, images), 10)), at_least=86, kind="rival")

# %% [markdown]
# Nobody told the network about classes, and training made its units purer all the same, from about half to seven tenths.
# And yet a unit that is nothing but *one training image* is purer still.
# So purity says that a unit is like a digit; it does not say that something was understood.
# And look for the odd ones out before you give a unit its name: one that lights up for fours and nines is a detector of neither.
#
# <details><summary>Does a sparse code help to read the label?</summary>
#
# With 100 labelled images, ten of each digit, a **linear probe** (a linear classifier on the code) read so many validation images right, in % over 20 draws, when we prepared this lesson; a difference of one and a half is beyond the noise of the draws.
# Each method has the best of the settings that are named.
#
# | code | 100 labels | 1,000 labels |
# |---|---|---|
# | raw pixels | 72 | 85 |
# | PCA with 16, 24 or 32 numbers | 71 | 87 |
# | 1,000 untrained units, all or the 20, 40, 160 largest | 75 | 89 |
# | plain | 73 | 87 |
# | L1 at a weight of 0.5 or 1 | 72 | 88 |
# | KL | 74 | 89 |
# | top-10 or top-20 | 77 | 91 |
# | likeness to 1,000 mere images, the 20 or 40 largest | 81 | 91 |
#
# Much of what a large code gives to a classifier is its size: untrained units are a strong control, and here mere images are the strongest; the idea of such controls is Coates and Ng's (2011).
#
# </details>
#
# ## What breaks: dead units
#
# A careful reader of a sparse code counts the units that are *never* on, for no training image.
# Let us repeat top-40 with one line left out: we do not subtract the mean image.
#
# **Predict before you run:** before training, one unit in ten is never on.
# After it: (a) fewer, since training wakes them up, (b) about as many, or (c) most of them?

# %% mystnb={"image": {"alt": "Firing rates of the 1,000 units, sorted. On raw images a few units are on for more than half of all images, and from about the 350th on the line lies at zero. On centred images no unit is on for more than a fifth, and the line falls slowly to zero at the far right."}}
raw40 = trained(build([TopK(40)]), digits.x_train)
on = {"raw images": code_of(raw40, digits.x_train) > 0,
      "centred images": code_of(top[40], x_train) > 0}
rates = {name: 100 * np.sort(lit.mean(axis=0))[::-1] for name, lit in on.items()}
plots.line_plot(np.arange(1, 1001), rates, x_label="unit, the busiest first",
                y_label="on, % of images", title="On raw images most units do nothing")

raw_dead, centred_dead = [(rate == 0).sum() for rate in rates.values()]
claim("Left uncentred, some 600 more of the 1,000 units are dead",
      raw_dead - centred_dead, at_least=540, at_most=660)

# %% [markdown]
# The answer is (c).
# On raw images most of the code is dead, and nobody told us: the loss went down as always.
# A likely reason is the one noted above, that only winners get a gradient.
# All digits share the mean image, so a unit that happens to point along it wins for *every* image, learns, and wins more easily the next time.
# A unit that points elsewhere never wins, and what never wins never changes.
# Subtract the mean, and that head start is gone: now it counts in what an image differs from the others.
#
# Larger networks need stronger repairs: a $k$ that begins wide and shrinks (Makhzani and Frey, 2014, whose units are linear where ours are ReLU), or a second loss that asks the dead units to draw what the living ones left over (Gao and others, 2024).
#
# ## The same tool, at another scale
#
# Since about 2023 this old idea has a new use.
# Inside a language model most units take part in many things, as in our plain code.
# T. Bricken and others, and H. Cunningham and others, trained sparse autoencoders on such activations, and found units that many readers can name: one for DNA sequences, say, and one for legal language.
# Whether such units are *the* features that the model computes with is an open question.
# What you saw here holds there as well: look at units drawn at random, count the dead, and put a control beside them that learned nothing.
#
# ## What we found
#
# - An L1 price makes exact zeros, since it rises from the first step on: some 70 of 1,000 units were left for an image.
#   Top-k gives the number itself.
# - A sparse code can be read: a 3 came out of the mean image piece by piece.
# - A fair rival chooses for each image, too.
#   With 10 units on, top-k had a fifth less error than PCA's 10 largest numbers; with 40 it had a third more.
# - It was the encoder that lost, not the rows: a patient search, with values fitted anew, halved the error of top-40.
# - With 1,000 rows, mere images did as well as the network's, while noise left eight times their error.
#   With 100, learned rows left a sixth less error than images or PCA.
# - Training makes units purer by some 17 points, and mere images are purer still.
# - Left uncentred, some 600 more of the 1,000 units were dead, without a word.
#
# The habit to keep: **put something beside your network that learned nothing**, and let it choose as freely.
#
# Next comes [lesson 06](06_convolutional_autoencoders.ipynb), whose networks know that pixels have neighbours.
#
# ## Exercises
#
# **05.1** There is a way to cheat the L1 price.
# Halve all code values and double the decoder rows: every reconstruction stays as it is, at half the price.
# To compare prices one therefore fixes the length of the rows.
# Write `rescale(code, rows)`: it returns a new code and new rows with the same product `code @ rows`, where every row has length 1.
# Write it for `code` and `rows` of any size, with `[:, None]` where one number belongs to a whole row.
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
# Our own L1 network had found the trick: with rows of length 1 its price is not 9 but 17.
#
# </details>
#
# **05.2** Be the patient chooser yourself.
# Write `matching_pursuit(x, rows, steps)` for one image `x` and rows of length 1.
# Begin with a code of zeros, and with all of `x` left to explain.
# In each step find the row whose product with what is left is largest in size, add that product to the row's number in the code, and subtract product times row from what is left.
# A row may be taken again; values once taken are not fitted anew (that would be the *orthogonal* form).
# Return the code.

# %%
def matching_pursuit(x, rows, steps):
    return None  # your code here


check("05.2", matching_pursuit)

# %% [markdown]
# <details><summary>A hint</summary>
#
# `rows @ rest` holds the products of all rows with what is left, and `np.argmax(np.abs(...))` the place of the largest.
# Begin with `rest = x`, and write `rest = rest - ...`, so that `x` itself is left alone.
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
# def matching_pursuit(x, rows, steps):
#     code = np.zeros(len(rows))
#     rest = x
#     for _ in range(steps):
#         products = rows @ rest
#         best = np.argmax(np.abs(products))
#         code[best] += products[best]
#         rest = rest - products[best] * rows[best]
#     return code
#
#
# check("05.2", matching_pursuit)
# ```
#
# Why the product?
# For a row of length 1 it is the value that brings the error down most, and the error falls by its square.
#
# </details>
#
# **05.3** Your turn to train.
# Write `train(x)`, which gets 4,000 digits of shape `(4000, 784)`, with pixels from 0 to 1, *not* centred, and returns a pair `(encoder, decoder)`.
# The code has to have 1,000 numbers or more, of which no more than 40 are not zero for an image, on average.
# The check measures the error on unseen digits.
# PCA's first 40 numbers have 12; get below 10.
# Half a minute is enough, but look out for the dead.
# Your `train` gets raw digits, and so will your encoder: what you subtract, subtract inside it.

# %%
def train(x):
    return None  # your code here


check("05.3", train)

# %% [markdown]
# <details><summary>A hint</summary>
#
# The encoder may subtract the mean image itself: a first layer `layers.Normalization(mean=x.mean(axis=0), variance=np.ones(784))` does.
# The decoder learns to add it, with its biases.
# A layer for the sparsity is above: `TopK(40)`.
#
# </details>
#
# <details><summary>The solution</summary>
#
# ```python
# import numpy as np
# from keras import Sequential, layers
#
# from lessonlib import check
# from lessonlib.sparse import TopK
# from lessonlib.training import fit, set_seed
#
#
# def train(x):
#     set_seed()
#     encoder = Sequential([layers.Input((784,))])
#     encoder.add(layers.Normalization(mean=x.mean(axis=0), variance=np.ones(784)))
#     encoder.add(layers.Dense(1000, "relu"))
#     encoder.add(TopK(40))
#     decoder = Sequential([layers.Input((1000,)), layers.Dense(784)])
#     fit(Sequential([encoder, decoder]), x, steps=350, rate=4e-3)
#     return encoder, decoder
#
#
# check("05.3", train)
# ```
#
# Leave the `Normalization` out, and see what the dead units cost.
# And if you like, hand in PCA as such a pair, untrained: its 784 axes, each with both signs, are 1,568 rows.
# Its error is about 7.
#
# </details>

# %% [markdown]
# ## Further, if you like
#
# <details><summary>Turn these knobs</summary>
#
# - Build up another digit, with `l1` or `plain` in place of `top[40]`, in both places; the test images run from 0 to 9 again and again, so `[18]` is an 8.
#   After how many pieces do you know it?
# - Draw 3,000 images instead of 1,000 for the search.
#   How far does the error fall, and what does the code cost now?
# - Let 5 of the 100 rows be on, or 40: does learning still pay?
#
# </details>
#
# <details><summary>An encoder that searches</summary>
#
# The search for the best code under an L1 price can be done in small steps: one down the slope of the error, then cut off by the soft threshold, again and again (Daubechies and others, 2004).
# One such step is a matrix product, a bias and a bend: it looks like one layer of a network.
# Gregor and LeCun (2010) unrolled a few of these steps into a deep encoder and trained it: a chooser that is quick *and* patient.
#
# </details>
#
# ## Sources
#
# - B. Olshausen and D. Field, *Emergence of simple-cell receptive field properties by learning a sparse code for natural images*, Nature 381 (1996): codes found by a search, rows learned from them.
# - S. Mallat and Z. Zhang, *Matching pursuits with time-frequency dictionaries*, IEEE Transactions on Signal Processing 41 (1993); Y. Pati, R. Rezaiifar and P. Krishnaprasad, *Orthogonal matching pursuit*, Asilomar Conference (1993): the patient chooser, and its orthogonal form.
# - K. Engan, S. Aase and J. Husøy, *Method of optimal directions for frame design*, ICASSP (1999): rows fitted to searched codes, and back again.
# - K. Pearson, *On lines and planes of closest fit to systems of points in space*, Philosophical Magazine 2 (1901): PCA.
# - R. Tibshirani, *Regression shrinkage and selection via the lasso*, Journal of the Royal Statistical Society B 58 (1996): the L1 price, its zeros and its shrinkage.
# - I. Daubechies, M. Defrise and C. De Mol, *An iterative thresholding algorithm for linear inverse problems with a sparsity constraint*, Communications on Pure and Applied Mathematics 57 (2004); K. Gregor and Y. LeCun, *Learning fast approximations of sparse coding*, ICML (2010).
# - A. Ng, *Sparse autoencoder*, lecture notes (2011), and H. Lee, C. Ekanadham and A. Ng, *Sparse deep belief net model for visual area V2*, NIPS 20 (2008): the price on a unit's mean activity.
# - A. Makhzani and B. Frey, *k-sparse autoencoders*, ICLR (2014): top-k, and a $k$ that shrinks against dead units.
# - A. Coates and A. Ng, *The importance of encoding versus training with sparse coding and vector quantization*, ICML (2011): how far rows go that were never trained.
# - T. Bricken et al., *Towards monosemanticity: decomposing language models with dictionary learning*, Transformer Circuits Thread (2023); H. Cunningham et al., *Sparse autoencoders find highly interpretable features in language models*, arXiv 2309.08600 (2023); L. Gao et al., *Scaling and evaluating sparse autoencoders*, arXiv 2406.04093 (2024).
