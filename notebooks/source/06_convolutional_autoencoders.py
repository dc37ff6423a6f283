# ---
# jupyter:
#   lesson:
#     memory: 1314
#     yields: convolutions by hand; a network that beats the dense one with 13 % of its weights, and why; a second code that slipped past the bottleneck
#     exercises: convolution with a stride; unpooling; where checkerboards come from
# ---

# %% [markdown]
# # 06 Convolutional autoencoders
#
# **What changes when the network knows that pixels have neighbours?**
#
# [Open in Colab](https://colab.research.google.com/github/autoencoder-course/autoencoder-course/blob/main/notebooks/06_convolutional_autoencoders.ipynb)
#
# Needs: [lesson 02](02_stacked_autoencoders.ipynb) ([04](04_denoising_autoencoders.ipynb) for the noise).
# Time: about 2 minutes of computing on two cores, an hour and a half of reading.
#
# At the end you will be able to
#
# - compute a convolution and a transposed convolution by hand, and count their weights,
# - go back up from a small picture to a large one in three ways, and avoid checkerboards,
# - build a convolutional autoencoder, and compare it with a dense one at equal code size and equal steps,
# - find a second code that slips past the bottleneck, and count it,
# - save a model, and prove that what you load gives the same outputs.

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
# ## A window that walks
#
# Shuffle the pixels of all images in the same way, and a dense network learns just as well: it has a weight for every pair of pixel and unit, and no idea which pixels lie side by side.
# A **convolution** has.
# Lay a short list of weights, the **kernel**, on the first values, multiply, add up.
# Move it on by one place and do it again, with the *same* weights.
# As a matrix product: the kernel stands in each row, one place further on.

# %%
import numpy as np

values, kernel = np.array([0.2, 0.0, 0.9, 1.0, 0.3, 0.1]), np.array([0.5, 1.0, -0.5])


def walk(kernel, n):
    # `eye` has its ones on a diagonal, here i places further right.
    return sum(w * np.eye(n - len(kernel) + 1, n, i) for i, w in enumerate(kernel))


print(walk(kernel, 6))
code = walk(kernel, 6) @ values

# %% [markdown]
# Six values and a kernel of three make four sums; Keras calls that `padding="valid"`.
# With `"same"`, zeros are laid around the values first, so that as many come out as went in.
# (In mathematics a convolution flips the kernel first; what networks call by that name is a *cross-correlation*. Since the weights are learned, nobody minds.)

# %%
from keras import initializers, layers

from lessonlib import claim


def by_keras(layer, values):
    layer.build((None, len(values), 1))
    layer.set_weights([kernel[:, None, None]])
    return layer(values[None, :, None]).numpy().ravel()


exact = dict(at_most=1e-6, kind="identity")
difference = np.abs(code - by_keras(layers.Conv1D(1, 3, use_bias=False), values)).max()
claim("Convolution: by hand = Keras, to", difference, **exact)

# %% [markdown]
# ### The way back
#
# The encoder made four numbers of six, and a decoder needs six of four.
# The **transposed convolution** takes the same matrix, transposed: each code value puts down a copy of the kernel, as a rubber stamp would, and where stamps overlap they add up.
# It does not invert anything; it has the right shape, and what it draws has to be learned.
#
# With a **stride** of 2, a convolution moves on by two places, so that about half as many sums come out.
# Transposed, the stamps are set two places apart, and the output grows.
# This is how a decoder enlarges.
#
# **Predict before you run:** the middle rows of the transposed matrix hold a whole kernel, the others a part of one.
# So the same result can be had from an ordinary convolution, one that *walks*.
# What has to be done to the kernel, and what to the code?
# And with stride 2?

# %%
for stride in (1, 2):
    stamped = walk(kernel, 3 * stride + 3)[::stride].T @ code
    padded = np.zeros(2 + 3 * stride + 1 + 2)  # the code, stretched, and a rim of 2
    padded[2:-2:stride] = code
    walked = walk(kernel[::-1], len(padded)) @ padded
    stamps = by_keras(layers.Conv1DTranspose(1, 3, stride, use_bias=False), code)
    apart = np.abs([stamped - stamps, walked - stamps]).max()
    claim(f"Transposed = flipped, padded = Keras, stride {stride}, to", apart, **exact)

# %% [markdown]
# All three agree.
# A transposed convolution *is* a convolution: of the padded code, with the flipped kernel.
# For stride 1 there are zeros around the code; for stride $s$ there are $s - 1$ zeros between its values as well.
#
# In an image the kernel is a small window that reads all **channels** of a pixel at once.
# Images are arrays of height, width and channels, in this order; ours have one channel.
# A layer has several kernels, its **filters**, and each makes one channel of the output.
# (The filters of lesson 04 were fixed; these are learned.) So 32 filters of 3 x 3 over 16 channels have $3 \cdot 3 \cdot 16 \cdot 32$ weights and 32 biases, 4,640 in all.
# The size of the image does not occur.

# %%
from lessonlib import data

digits = data.load_mnist(valid=500)
x_train, x_test = digits.x_train[..., None], digits.x_test[..., None]

# %% [markdown]
# ## A code that is an image
#
# The simplest convolutional autoencoder needs nothing else.
# Three valid 5 x 5 convolutions take 4 pixels each off height and width: 28, 24, 20, 16.
# With four filters in the first two and one in the third, the code is a 16 x 16 image of one channel, 256 numbers.
# Three transposed convolutions grow it back.
# As in lesson 02, hidden layers are GELU with weights that start at the size that suits them, and `fit` trains on squared error: 3,500 images, 350 steps of 100.
# The rate was the best of 0.006, 0.015, 0.03 and 0.06 on the validation images.
#
# **Predict before you run:** what will the code look like?
# Noise, edges, a small digit?

# %%
from keras import Sequential

from lessonlib.training import fit, set_seed

bent = dict(activation="gelu", kernel_initializer="he_normal")
down, up = layers.Conv2D, layers.Conv2DTranspose
set_seed()
to_picture = Sequential([down(4, 5, **bent), down(4, 5, **bent), down(1, 5)])
from_picture = Sequential([up(4, 5, **bent), up(4, 5, **bent), up(1, 5)])
coder = Sequential([layers.Input((28, 28, 1)), to_picture, from_picture])
history = fit(coder, x_train, steps=350, rate=3e-2)

# %% mystnb={"image": {"alt": "Three rows of eight. Test digits; their codes, the middle of each digit with strokes and outlines of opposite shade in a grey frame, top and bottom of the digits cut off; the decoded digits, whole, a little blurred on a mottled ground."}}
from lessonlib import plots

picked = np.random.default_rng(1).permutation(1_000)[:8]
framed = np.pad(to_picture(x_test), [(0, 0), (6, 6), (6, 6), (0, 0)])
rows = {"test images": x_test, "code": framed, "decoded": coder(x_test).numpy()}
plots.image_rows({name: x[picked, :, :, 0] for name, x in rows.items()}, columns=8,
                 signed=True, title="A code of 16 x 16, framed in grey, is a picture")

# %% [markdown]
# None of the three: it is the middle of the digit, at its own size, with the outlines stressed.
# (Grey is 0, lighter is positive; whether strokes come out light or dark is up to the random start.) Without a stride nothing shrinks.
# Valid convolutions cut off the rim, each code value looks at the 13 x 13 pixels around its place, and what lies outside the middle has to be told by the values at the edge.
#
# Is it a *good* code?
# PCA may keep 256 numbers too.

# %%
from lessonlib import metrics
from lessonlib.training import outputs

error = metrics.squared_error


def pca_error(k):
    flat = digits.flat
    return error(flat.x_test, metrics.pca_reconstruction(flat.x_train, flat.x_test, k))


coder_error = error(x_test, outputs(coder, x_test))
claim("Error over PCA-256's", coder_error / pca_error(256), at_least=2.5, at_most=15)

# %% [markdown]
# It is a modest code: its error is at least 2.5 times PCA's.
# A likely reason (350 steps and four filters are others) is what makes it pretty: a convolution treats every place alike, the black rim as well as the middle.
# PCA has 200,000 numbers to know where digits are, this network has 1,218 weights in all.
# So for a short code we shall give it both, layers that know about neighbours and a dense layer that knows places.
#
# ## Down faster: pooling, and three ways back up
#
# First the image has to shrink faster.
# **Max pooling** keeps the largest value of each block (2 x 2 pixels, as a rule).
# On the way back there are three choices.
# **Unpooling** remembers *where* each maximum was, and puts it back there, among zeros (Zeiler, Taylor and Fergus, 2011).
# **Repetition** fills the block with copies.
# A **transposed convolution** with stride 2 learns its stamp.
# In one dimension, with blocks of two:

# %%
pairs = values.reshape(3, 2)
pooled, positions = pairs.max(axis=1), pairs.argmax(axis=1)
unpooled = pooled[:, None] * np.eye(2)[positions]  # 1 at the position, 0 elsewhere
print(values, unpooled.ravel(), pooled.repeat(2), sep="\n")

# %% [markdown]
# Keras can repeat (`UpSampling2D`), but its pooling forgets the positions.
# So the course brings two layers.
# They count the positions in a block of 2 x 2 row by row, 0 to 3.
# To compare with the line above, we lay a row of zeros under the values, so that each pair becomes a block.

# %%
import inspect

from lessonlib.layers import PoolWithPositions, Unpool

print(*map(inspect.getsource, (PoolWithPositions.call, Unpool.call)), sep="\n")
two_rows = np.stack([values, 0 * values])[None, :, :, None]
by_layer = Unpool()(PoolWithPositions()(two_rows)).numpy()[0, 0].ravel()
claim("Layers = by hand, to", np.abs(by_layer - unpooled.ravel()).max(), **exact)

# %% [markdown]
# **Predict before you run:** pool the raw test images by 2 x 2, with no learning anywhere, and go back up at once.
# Unpooling knows more than repetition.
# Which of the two has the lower error?

# %%
pooled, positions = PoolWithPositions()(x_test)
ways = {"test images": x_test, "repeated": layers.UpSampling2D()(pooled).numpy(),
        "remembered": Unpool()([pooled, positions]).numpy()}
ratio = error(x_test, ways["remembered"]) / error(x_test, ways["repeated"])
claim("Raw digits: remembered over repeated", ratio, at_least=1.5, kind="identity")

# %% [markdown]
# The one that knows more errs more.
# Call the four pixels of a block $a \ge b \ge c \ge d$.
# Both give $a$ back.
# Unpooling answers 0 for the other three and loses $b^2 + c^2 + d^2$; repetition answers $a$ and loses $(a-b)^2 + (a-c)^2 + (a-d)^2$.
# Inside a stroke neighbours are alike, and the second sum is small where the first is large.
# Positions are worth nothing by themselves: somebody has to fill in the zeros.
# That is the work of the convolution after an unpooling, and it has to learn it.
#
# The third way has a trap that can be seen without learning as well.
# We take transposed convolutions of stride 2 whose weights are all equal and sum to 4, so that on average a pixel comes back as bright as it was.

# %% mystnb={"image": {"alt": "Five rows of eight digits: test images; repeated, in coarse blocks; remembered, single bright dots along the strokes on black; stamps of 3 x 3, strokes crossed by a fine dark lattice; stamps of 4 x 4, strokes blurred and even."}}
stamped = {}
for size in (3, 4):
    equal = dict(kernel_initializer=initializers.Constant(4 / size**2), use_bias=False)
    stamped[f"stamps, {size} x {size}"] = up(1, size, 2, "same", **equal)(pooled)
rows = {name: np.array(x)[picked, ..., 0] for name, x in (ways | stamped).items()}
plots.image_rows(rows, "Without learning, 3 x 3 stamps leave a lattice", columns=8)

# %% [markdown]
# ## Checkerboards
#
# Stamps of 3 x 3 lay a lattice over the digits, those of 4 x 4 do not.
# (Values above 1 are drawn white, so the lattice is deeper than it looks.) Where does it come from?
# Let a row of ones be stamped with ones.
# Each output value then says how many stamps have reached it.
#
# **Predict before you run:** stride 2, kernels of 2 to 6.
# Which of them give the same number everywhere, the ends left out?

# %%
for size in (2, 3, 4, 5, 6):
    layer = layers.Conv1DTranspose(1, size, strides=2, kernel_initializer="ones")
    print(size, "wide:", *layer(np.ones((1, 6, 1))).numpy().ravel().astype(int))

# %% [markdown]
# Kernels of 3 and 5 are uneven: every other value is reached by one stamp more.
# (In two dimensions, 3 x 3 stamps reach pixels once, twice or four times.) If the stride divides the kernel's size, equal stamps add up to the same everywhere.
# That is one cure; the other is to repeat first and convolve then, so that there are no stamps at all (Odena, Dumoulin and Olah, 2016).
#
# Could training not do the same, by weakening stamps where they overlap?
# We train three autoencoders that differ in their way up only: transposed convolutions of 3 x 3, of 4 x 4, and repetition followed by a 3 x 3 convolution.
# Encoder (two convolutions with max pooling, a dense code of 30 numbers), images, steps (350) and rate (0.006, chosen on the validation images) are the same.
# For the experiment after this one the positions have to go round the code, so the layers form no chain: we call each on what comes before it, and `Model` collects what lies between inputs and outputs.

# %%
def way_up(kind, x, where, filters, activation):
    options = dict(filters=filters, padding="same", activation=activation)
    if kind.startswith("stamps"):
        return up(kernel_size=int(kind[-1]), strides=2, **options)(x)
    x = layers.UpSampling2D()(x) if kind == "repeated" else Unpool()([x, where])
    return down(kernel_size=3, **options)(x)


# %%
from keras import Input, Model


def pooling_autoencoder(kind):
    set_seed()
    image, same = Input((28, 28, 1)), dict(padding="same", **bent)
    x, large = PoolWithPositions()(down(8, 3, **same)(image))  # 14 x 14 x 8
    x, small = PoolWithPositions()(down(16, 3, **same)(x))  # 7 x 7 x 16
    encoder = Model(image, [layers.Dense(30)(layers.Flatten()(x)), large, small])
    codes, large, small = (Input(y.shape[1:], dtype=y.dtype) for y in encoder.output)
    x = layers.Reshape((7, 7, 16))(layers.Dense(784, **bent)(codes))
    x = way_up(kind, way_up(kind, x, small, 8, "gelu"), large, 1, "sigmoid")
    used = [codes, large, small] if kind == "remembered" else [codes]
    return Model(image, Model(used, x)(encoder(image)[:len(used)]))


# %% [markdown]
# How strong is a lattice?
# It changes from each pixel to the next, and no wave is shorter.
# So we take the **spectrum** of the images, the energy of the waves of which they can be composed, and ask what share is in the shortest one along the rows, which has 14 periods in 28 pixels.
# Digits have some of it themselves.
#
# **Predict before you run:** the equal stamps of 3 x 3 have far more of it than digits.
# What will training leave of that?

# %%
rebuilt = {}
for kind in ("stamps, 3 x 3", "stamps, 4 x 4", "repeated"):
    model = pooling_autoencoder(kind)
    fit(model, x_train, steps=350, rate=6e-3)
    rebuilt[kind] = outputs(model, x_test)

# %%
from lessonlib import show_table

lattice, three = metrics.shortest_wave, "stamps, 3 x 3"
own, equal, trained = map(lattice, (x_test, stamped[three], rebuilt[three]))
show_table(["way up, trained", "error", "lattice, %"], [("test images", "", own)] + [
    (kind, error(x_test, x_hat), lattice(x_hat)) for kind, x_hat in rebuilt.items()])
claim("Equal stamps: lattice over digits'", equal / own, at_least=20, kind="identity")
claim("3 x 3: lattice, trained over equal", trained / equal, at_most=0.25)

# %% [markdown]
# Did you expect the 3 x 3 stamps to stand out?
# Training has taken at least three quarters of their lattice away: squared error sees it as well as you do.
# The cure should matter where the loss does *not* look at pixels.
# Elsewhere a kernel size that the stride divides is a free precaution, and we take it below.
#
# ## What breaks: a second code
#
# The fourth network goes up by unpooling: the positions of all maxima go straight from the encoder to the decoder.
# Same filters, same code of 30 numbers, same images and steps.
#
# **Predict before you run:** on raw digits the positions did harm.
# Now convolutions that learn come after them.
# Will the error be above those in the table, between them, or below?

# %%
remembered = pooling_autoencoder("remembered")
history = fit(remembered, x_train, steps=350, rate=6e-3)
x_remembered = outputs(remembered, x_test)
best = min(rebuilt.values(), key=lambda x_hat: error(x_test, x_hat))
low = metrics.paired_gain(x_test, best, x_remembered).low
claim("Over the best of these: gain, interval from", low, at_least=1, at_most=20)

# %% [markdown]
# Less error at the same code size than any of the three: it looks like a triumph.
# But *is* it the same code size?
# Let us count what goes from encoder to decoder.
# A position is one of four places, 2 bits; a number of the code has 32 bits.

# %%
sizes = [int(np.prod(part.shape[1:])) for part in remembered.layers[1].output]
bits = 32 * sizes[0], 2 * (sizes[1] + sizes[2])
print("code:", bits[0], "bits; positions:", bits[1], "bits")
over_pca = error(x_test, x_remembered) / pca_error(sum(bits) // 32)
claim("Error over PCA's with as many bits", over_pca, at_least=1.5, at_most=8)

# %% [markdown]
# Up to 4,704 bits go through the side door, almost five times the 960 of the code as it is stored.
# (Fewer would do for both: most positions on black are 0, and lesson 03 stored a number in 6 bits.) With as many bits PCA may keep 177 numbers, and has by far the lower error.
# What comes through which door?
# Exchange them: each test image keeps its own code and gets the positions of the image before it, in our test data another digit.
# And then the other way round: its own positions, and for a code the mean code, the same for all.
#
# **Predict before you run:** the code of a 4, with the positions of a 3.
# Which digit will the decoder draw?

# %% mystnb={"image": {"alt": "Four rows of eight images: test digits, whose codes are used; the test images before them, whose positions are used; drawings decoded from both, torn, with strokes of either; drawings from the own positions under the mean code, in which most digits of the first row can be made out."}}
encoder, decoder = remembered.layers[1:]
codes, *places = (part.numpy() for part in encoder(x_test))
x_before, *other = (np.roll(part, 1, axis=0) for part in (x_test, *places))
exchanged = decoder([codes, *other]).numpy()
wiped = decoder([codes.mean(axis=0) + 0 * codes, *places]).numpy()
rows = {"gives the code": x_test, "gives positions": x_before,
        "drawn from both": exchanged, "positions alone": wiped}
plots.image_rows({name: x[picked, :, :, 0] for name, x in rows.items()}, columns=8,
                 title="With another image's positions, the drawing is torn")

# %%
ratio = error(x_test, exchanged) / error(x_test, x_remembered)
claim("Other positions: error over that with its own", ratio, at_least=3)
ratio = error(x_test, wiped) / error(x_test, x_test.mean(axis=0) + 0 * x_test)
claim("Code wiped: error over the mean image's", ratio, at_most=0.75)

# %% [markdown]
# Neither digit comes out whole: the drawing is torn.
# Its code is right, and yet the positions of another image multiply the error by more than three.
# And positions alone, under a code that says nothing, bring the error below three quarters of the mean image's: where a maximum stands tells where the strokes are.
#
# So the thirty numbers were not the only way through.
# They hold what the positions leave open, and who keeps them alone, to search for similar images or to draw new ones, has kept a part of the message.
# Neither the loss nor the reconstructions show it; what shows it is to **change one input of the decoder and look whether the output cares.**
# The repair is to let nothing pass but the code: repetition and transposed convolutions ignore the positions, and the price is the error in the table above.
#
# ## Thirty numbers, and nothing else
#
# How far can one get without the side door?
# Now the comparison that this lesson owes you.
# The dense network is that of lesson 03, 784-512-30-512-784, without warped images and with them.
# The convolutional one has no pooling and nothing to smuggle: two 3 x 3 convolutions with stride 2, 16 and 32 filters, a dense code of 30 numbers, and transposed convolutions of 4 x 4.
# All have GELU units, 4,000 images, 1,200 steps of 100.
# For both kinds, the rate and the last layer (linear or sigmoid) were chosen on the validation images, which then joined the training images: 0.003 and a sigmoid for the dense network, with warped images 0.008; for the other, 0.015 and a linear layer.
# (At 0.04 it did not train at all.)

# %%
def strided():
    set_seed()
    half = dict(strides=2, padding="same", **bent)
    return Sequential([
        layers.Input((28, 28, 1)), down(16, 3, **half), down(32, 3, **half),
        layers.Flatten(), layers.Dense(30), layers.Dense(7 * 7 * 32, **bent),
        layers.Reshape((7, 7, 32)), up(16, 4, **half), up(1, 4, 2, padding="same")])


def dense(numbers):
    set_seed()
    return Sequential([
        layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(512, **bent),
        layers.Dense(numbers), layers.Dense(512, **bent),
        layers.Dense(784, "sigmoid"), layers.Reshape((28, 28, 1))])


# %% [markdown]
# **Predict before you run:** which of the two has more weights, which the lower error, and which costs more computing?

# %%
import time

from lessonlib import noise
from lessonlib.training import generator

rng, clock = generator(), [time.process_time()]
models, x_all = (dense(30), dense(30), strided()), data.load_mnist().x_train[..., None]
changes = None, lambda x: noise.affine_warp(x[..., 0], rng)[..., None], None
for model, rate, change in zip(models, (3e-3, 8e-3, 1.5e-2), changes):
    fit(model, x_all, steps=1_200, rate=rate, augment=change)
    clock.append(time.process_time())

# %%
x_dense, x_warped, x_strided = (outputs(model, x_test) for model in models)
weights = [model.count_params() for model in models]
products = list(map(metrics.multiplications, models))
errors = [error(x_test, x_hat) for x_hat in (x_dense, x_warped, x_strided)]
names = "dense", "dense, warps", "convolutional"
table = list(zip(names, weights, products, errors, np.diff(clock)))
show_table(["30 numbers", "weights", "products", "error", "CPU seconds"], table)

# %%
claim("Weights over dense's", weights[2] / weights[0], at_most=0.135, kind="identity")
claim("Error over dense's", errors[2] / errors[0], at_least=0.6, at_most=0.9)
claim("Error over dense's with warps", errors[2] / errors[1], at_least=0.8, at_most=1.1)
low = metrics.paired_gain(x_test, x_dense, x_strided).low
claim("Gain over dense, 95 % interval from", low, at_least=0.6, at_most=5)

# %% mystnb={"image": {"alt": "Three rows of twelve digits: test images, dense, convolutional. Both networks redraw the eight random ones well. Of the convolutional network's four worst, the dense one's drawings are frayed, and its own are smooth and blurred."}}
worst = np.argsort(metrics.squared_error_per_image(x_test, x_strided))[-4:]
rows = {"test images": x_test, "dense": x_dense, "convolutional": x_strided}
plots.image_rows({name: x[[*picked, *worst], :, :, 0] for name, x in rows.items()},
                 title="Convolutional, nearer on average: eight at random, four worst")

# %% [markdown]
# At least a tenth less error than the same training gives the dense network, with 13 % of its weights.
# It does not multiply more: the convolutions hold only 13,265 weights, but use each of them at 49 to 196 places.
# (Here it took more seconds all the same; they differ between machines, and we claim nothing.) Warped images teach the dense network much of what the other has built in, and bring it close.
#
# Is it the neighbours?
# The test was named in the first sentence of this lesson: shuffle the pixels of all images in the same way, and train once more, at the same rate (no other was tried).
# To the dense network this makes no difference; its weights come in no order.
#
# **Predict before you run:** will the convolutional network still be ahead of the dense one?

# %%
order = np.random.default_rng(0).permutation(784)


def shuffled(x):
    return x.reshape(-1, 784)[:, order].reshape(x.shape)


blind, x_shuffled = strided(), shuffled(x_test)
history = fit(blind, shuffled(x_all), steps=1_200, rate=1.5e-2)
ratio = error(x_shuffled, outputs(blind, x_shuffled)) / errors[0]
claim("Pixels shuffled: error over dense's", ratio, at_least=1.05, at_most=3)

# %% [markdown]
# The lead is gone, and more than that: the same layers, steps and images now do *worse* than the dense network.
# So it was the neighbours, and not the layers as such.
#
# ## Noise once more
#
# In lesson 04 the convolutional denoiser came out first, and it had two things that the dense one lacked: convolutions, and a wide middle.
# Here we keep the convolutions and widen the middle.
# Three networks learn to undo Gaussian noise of standard deviation 0.5, on 3,500 images with fresh noise in each batch, for 420 steps: a dense one, 784-512-128-512-784, as in lesson 04 but with a linear code; the convolutional network from above with its 30 numbers; and the same convolutions with the dense layers left out, so that 7 x 7 x 32 = 1,568 numbers go through.
# (The dense network's rate was the best on the validation images of 0.004, 0.008 and 0.016; the others keep 0.015 from above.)
#
# **Predict before you run:** order the three.

# %%
test_noisy, ends, restored = noise.gaussian(x_test, 0.5, rng), strided().layers, []
wide = Sequential([layers.Input((28, 28, 1)), *ends[:2], *ends[-2:]])
for model, rate in ((dense(128), 8e-3), (strided(), 1.5e-2), (wide, 1.5e-2)):
    fit(model, x_train, steps=420, rate=rate,
        corrupt=lambda x: noise.gaussian(x, 0.5, rng))
    restored.append(outputs(model, test_noisy).clip(0, 1))

# %%
psnrs = [metrics.psnr(x_test, x_hat) for x_hat in (test_noisy, *restored)]
show_table(["PSNR, dB", "noisy", "dense", "30 numbers", "1,568"], [["", *psnrs]])
for other, name in zip(restored, ("dense", "30 numbers")):
    low = metrics.paired_psnr_gain(x_test, other, restored[-1]).low
    claim(f"1,568 over {name}, interval from", low, at_least=0.2, at_most=2, unit=" dB")

# %% [markdown]
# The wide one is ahead of both, with the fewest weights of the three.
# (Between the other two we claim nothing.) So a wide middle without dense layers, which convolutions make cheap, is worth at least 0.2 dB; what convolutions add at an equal middle we have not measured.
# A denoiser can afford it (lesson 04).
# An autoencoder of clean images cannot: with 1,568 numbers it would be back at the identity of lesson 03.
#
# ## Saving and loading
#
# Training takes minutes, loading a moment.
# `save` writes layers, weights and optimiser into one `.keras` file.
# Layers of one's own come back if they are registered, as those of the course are; a new program has to import them first (`import lessonlib.layers, lessonlib.training`).
# But that a file loads does not prove that the model is the same.
# We take the hardest case, the network with the positions.
#
# **Predict before you run:** by how much will the loaded network's outputs differ?

# %%
import tempfile

from keras.models import load_model

with tempfile.TemporaryDirectory() as folder:
    remembered.save(f"{folder}/remembered.keras")
    loaded = load_model(f"{folder}/remembered.keras")
difference = np.abs(outputs(loaded, x_test) - x_remembered).max()
claim("Loaded and saved differ by", difference, at_most=0, kind="identity")

# %% [markdown]
# Not at all, to the last bit.
#
# ## What we found
#
# - A convolution is a matrix product that repeats its kernel; a transposed convolution is a convolution of the padded code, with zeros between its values for a stride, with the flipped kernel.
#   Both by hand equal Keras to a millionth.
# - A code of 16 x 16 without pooling is a picture.
#   Its error is at least 2.5 times PCA-256's.
# - On raw digits, unpooling with remembered positions has at least 1.5 times the error of repetition.
# - Equal stamps of 3 x 3 leave at least twenty times the lattice of digits.
#   Training on pixels takes away three quarters of that or more.
# - Remembered positions lower the error by at least 1 against the best way without them, at the same 30 numbers.
#   But they take up to almost five times the bits of the code, PCA with as many bits is better by at least a third, and with the positions of another image the error is at least three times as large.
# - At 30 numbers and 1,200 steps, the convolutional network has at most 0.9 of the dense network's error, with 13 % of its weights and no more multiplications, and about the error of the dense network that was shown warped images.
#   On shuffled pixels it falls behind: what it knows is who is whose neighbour.
# - As a denoiser, convolutions with a wide middle beat a dense network with 128 numbers and the same convolutions with 30, by at least 0.2 dB each.
# - A saved model that is loaded again gives the same outputs, bit for bit.
#
# Next comes [lesson 07](07_greedy_pretraining.ipynb): how did anyone train deep networks before 2010, and when is it still worth it?
#
# ## Exercises
#
# **06.1** The lesson walked with a matrix; now without one.
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
# If you think in matrices: each row of the walk is one place.
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
# Which share suits the validation digits best, and by how much does it beat, on the test digits, one share for all four pixels, which needs no positions?

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
# **06.3** The lesson let Keras count stamps, at a stride of 2.
# Write `overlap(length, kernel_size, stride)` for any stride and any kernel, one narrower than the stride included: an array with one count for each of the `(length - 1) * stride + kernel_size` output pixels of a transposed convolution over `length` values ("valid", all stamps kept whole), the number of values that reach it.
# Then go on, if you like, to a cure that needs no training: in two dimensions the counts are `np.outer(counts, counts)`.
# Divide the digits that were stamped by 3 x 3 by their counts (14 values in each row, and "same" cuts off the last of the 29 pixels) and measure the lattice before and after.

# %%
def overlap(length, kernel_size, stride):
    return None  # your code here


check("06.3", overlap)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Draw three stamps on squared paper, one below the other, and add up the columns.
# In which column does stamp number $i$ begin, and where does it end?
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
# def overlap(length, kernel_size, stride):
#     counts = np.zeros((length - 1) * stride + kernel_size)
#     for number in range(length):
#         counts[number * stride : number * stride + kernel_size] += 1
#     return counts
#
#
# check("06.3", overlap)
# ```
#
# (For the digits: `counts = overlap(14, 3, 2)[:28]`, and `np.outer(counts, counts)[..., None]` to divide by.) Divided by their counts, equal stamps become the mean of the values that reach a pixel, times one stamp's weight, and the lattice is gone.
# A trained network would have to find weights that do the same for stamps that are not equal.
# The even kernel spares it the trouble.
#
# </details>

# %% [markdown]
# ## Sources
#
# - V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, arXiv 1603.07285 (2016): strides, padding, and transposed convolutions drawn step by step.
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, *Gradient-based learning applied to document recognition*, Proceedings of the IEEE 86 (1998): convolutional networks, and MNIST.
# - J. Masci, U. Meier, D. Ciresan and J. Schmidhuber, *Stacked convolutional auto-encoders for hierarchical feature extraction*, ICANN (2011): convolutional autoencoders with max pooling.
# - M. Zeiler, G. Taylor and R. Fergus, *Adaptive deconvolutional networks for mid and high level feature learning*, ICCV (2011), and M. Zeiler and R. Fergus, *Visualizing and understanding convolutional networks*, ECCV (2014): unpooling.
# - V. Badrinarayanan, A. Kendall and R. Cipolla, *SegNet: a deep convolutional encoder-decoder architecture for image segmentation*, IEEE Transactions on Pattern Analysis and Machine Intelligence 39 (2017): remembered positions at work.
# - A. Odena, V. Dumoulin and C. Olah, *Deconvolution and checkerboard artifacts*, Distill (2016).
