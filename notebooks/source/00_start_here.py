# ---
# jupyter:
#   lesson:
#     memory: 897
#     yields: a first autoencoder, judged against PCA; when data can be compressed at all
#     exercises: the error of the course
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
# - tell data that can be compressed from data that cannot, and check it instead of hoping,
# - train a small autoencoder and judge it against a baseline,
# - use the two habits of this course: every claim is measured, every exercise is checked.
#
# Click into the grey cell below and press Shift and Enter together: that runs it and moves on to the next.
# Run all cells in order.
# A star to the left, `[*]`, means that a cell is still at work.
# If things get into a muddle, choose *Restart Kernel* in the menu and begin again at the top: nothing is lost.
#
# The first cell finds `lessonlib`, the small library of the course, which holds what would distract here, and fixes the random numbers, so that you get nearly what we got.
# To see what a helper does, type its name with a question mark, as in `lessonlib.show?`.

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

# %% [markdown]
# ## One picture
#
# An **autoencoder** is a model that is asked to give its input back.
# That would be no task at all, if it could simply hand the input through.
# So we put something narrow in its way:
#
# - an **encoder** turns the input, here the 784 pixels of a handwritten digit, into a few numbers;
# - those numbers are the **code**;
# - a **decoder** sees nothing but the code, and has to redraw the digit from it.
#
# The next cell draws that arrangement around one digit.

# %% mystnb={"image": {"alt": "From left to right: a handwritten digit, a blue trapezium labelled encoder, three question marks for the code, a second trapezium labelled decoder, and an empty frame with a question mark for the reconstruction."}}
from lessonlib import data, plots

digits = data.load_mnist().flat
three = list(digits.y_test).index(3)  # the first 3 among the test images
title = "What goes through the narrow place?"
plots.autoencoder_diagram(digits.x_test[three], title=title)

# %% [markdown]
# Training has to fill in the question marks.
# But when can such a thing work at all?
# Nobody gets 784 numbers through a gap of 16 by effort alone.
# The data must have something to spare.
#
# ## When can numbers be saved?
#
# Suppose that someone measures the height of 500 people twice: once in centimetres, once in metres, each time with its own small reading error.
# That is a table of two columns.
#
# **Predict before you run:** how much of the variation in this table could you keep if you were allowed one number a person?

# %%
import numpy as np

from lessonlib import training

rng = training.generator()
height = rng.normal(170, 7, size=500)
centimetres = height + rng.normal(0, 0.5, size=500)
metres = (height + rng.normal(0, 0.5, size=500)) / 100

# %% mystnb={"image": {"alt": "Scatter plot of 500 heights in centimetres against the same heights in metres; the points lie close to one straight line."}}
import matplotlib.pyplot as plt

_, axes = plt.subplots(figsize=(5, 4))
axes.plot(centimetres, metres, ".")
axes.set(xlabel="height in centimetres", ylabel="height in metres")
axes.set_title("Each person is one point, and the points hug a line")
plt.show()

# %% [markdown]
# So a position along that line says nearly everything.
# Finding such a line is the job of **principal component analysis** (PCA), the oldest autoencoder there is; lesson 01 takes it apart.
# Here we only use it.
# Both columns are first brought to the same scale, since otherwise the choice of unit would decide what counts as variation.

# %%
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from lessonlib import show

table = StandardScaler().fit_transform(np.column_stack([centimetres, metres]))
kept = PCA(n_components=1).fit(table).explained_variance_ratio_[0]
show("share of the variance that one number keeps", kept)

# %% [markdown]
# Nearly all of it.
# The second column was **redundant**: given the first, it held little news.
# What one number leaves out is mostly reading error, which nobody wanted.
#
# A number behind a tilde was measured, and may differ a little on your machine.
# Everything else that these notebooks print is the same everywhere.
#
# ## Fewer columns, better predictions?
#
# A popular argument for compressing data goes like this.
# Take 1,000 rows of 900 columns, and let the target depend on ten of the columns.
# Fit a linear regression to all 900, and another to the ten that matter, and compare them on rows that neither has seen: five-fold cross-validation fits on 800 rows and scores the other 200, five times over.
# The score r² is 1 for a perfect prediction and 0 for one that is no better than the mean.
#
# **Predict before you run:** which regression wins, and is it close?

# %%
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score

x = rng.normal(size=(1_000, 900))
y = x[:, :10] @ rng.normal(size=10) + rng.normal(0, 0.1, size=1_000)

# %%
all_columns = cross_val_score(LinearRegression(), x, y, cv=5).mean()
ten_columns = cross_val_score(LinearRegression(), x[:, :10], y, cv=5).mean()
show("r² of all 900 columns, on unseen rows", all_columns)
show("r² of the ten columns that matter", ten_columns)

# %% [markdown]
# With more coefficients (900) than rows (800), many answers fit the training rows perfectly, and scikit-learn takes the one with the smallest coefficients.
# It keeps what the 800 rows show, some eight ninths of the signal.
# The ten columns lose next to nothing.

# %%
from lessonlib import claim

gain = ten_columns - all_columns
claim("Ten chosen columns beat all 900, in r² by", gain, at_least=0.05)
sentence = "All 900 columns still tell most of an unseen target, by r²"
claim(sentence, all_columns, at_least=0.85, kind="rival")

# %% [markdown]
# That line is a **claim**: a sentence, the value measured just now, and the limit that it must respect.
# A tick means that the limit was kept.
# Change a number above and run again, and you may see a cross: the limit was missed.
# Nothing breaks.
#
# The popular argument leaves something out: **somebody knew which ten to take.**
# An autoencoder sees the 900 columns and never `y`.
# So let PCA choose its own ten numbers (PCA-10, for short).
#
# **Predict before you run:** will PCA's ten numbers do as well as the ten columns, a little worse, or not at all?

# %%
from sklearn.pipeline import make_pipeline

pca_regression = make_pipeline(PCA(n_components=10), LinearRegression())
ten_components = cross_val_score(pca_regression, x, y, cv=5).mean()
show("r² of ten principal components", ten_components)

# %%
gap = ten_columns - ten_components
claim("Knowing which ten beats PCA's ten, in r² by", gap, at_least=0.9)

# %% [markdown]
# Not at all.
# This is the failure to remember from this lesson, and its cause is simple: the 900 columns were drawn independently and with the same spread.
# No column says anything about another, nothing is redundant, and every direction is as good as every other.
# On rows that it has not seen, PCA-10 keeps about ten nine-hundredths of such a table.
#
# ### The case that compression is for
#
# Now keep the size and change the *structure*.
# Let ten hidden numbers drive everything: each of the 900 columns is a mixture of them plus noise, and so is the target.
# Think of 900 sensors in one engine.

# %%
hidden = rng.normal(size=(1_000, 10))
x = hidden @ rng.normal(size=(10, 900)) + rng.normal(0, 2, size=(1_000, 900))
y = hidden @ rng.normal(size=10) + rng.normal(0, 0.1, size=1_000)

# %% mystnb={"image": {"alt": "Bar chart of r squared on unseen rows. Independent columns: all 900 about 0.9, ten chosen 1.0, ten components 0. Mixtures: all 900 columns a little below ten components and ridge regression, all above 0.9."}}
from sklearn.linear_model import RidgeCV

mixtures_all = cross_val_score(LinearRegression(), x, y, cv=5).mean()
mixtures_pca = cross_val_score(pca_regression, x, y, cv=5).mean()
ridge = RidgeCV(alphas=[100, 1_000, 10_000])
mixtures_ridge = cross_val_score(ridge, x, y, cv=5).mean()
plots.bar_plot(
    {
        "independent: all 900": all_columns,
        "independent: ten chosen": ten_columns,
        "independent: PCA-10": ten_components,
        "mixtures: all 900": mixtures_all,
        "mixtures: ridge, all 900": mixtures_ridge,
        "mixtures: PCA-10": mixtures_pca,
    },
    x_label="r² on unseen rows",
    title="PCA-10 fails on independent columns, not on mixtures",
)

# %%
gain = mixtures_pca - mixtures_all
claim("On mixtures PCA-10 beats plain regression, in r² by", gain, at_least=0.01)
sentence = "On mixtures ridge regression, too, misses next to nothing, by r²"
claim(sentence, mixtures_ridge, at_least=0.99, kind="rival")

# %% [markdown]
# The very same PCA-10 that was worthless a moment ago now beats plain regression on all 900 columns, and it still has not seen the target: each component averages over hundreds of sensors, so that their separate noises cancel.
# Ridge regression, which keeps its coefficients small, draws level from all 900.
# So the ten numbers lost nothing that matters.
# "Fewer is better" is not the lesson.
# It is:
#
# > PCA helps where the columns share something, and where what you want to know lies in what they share.
# > The first is a property of the data, and you can measure it.
#
# ## Do digits repeat themselves?
#
# Let us look at the data of most lessons: 5,000 handwritten digits from the MNIST collection, 28 by 28 grey pixels each, between 0 (black) and 1 (white).
# They came with the course, so nothing is downloaded.
# 4,000 are for training; 1,000 are test images, on which we judge and never train.

# %%
show("training images, pixels", digits.x_train.shape)
show("test images, pixels", digits.x_test.shape)
show("share of pixels that are exactly black", (digits.x_train == 0).mean())

# %% mystnb={"image": {"alt": "Three rows of twelve images: twelve handwritten digits; the same twelve with their pixels shuffled, which look like noise; and one mean image, a blurred bright blob."}}
shuffled = digits.x_train[:12, rng.permutation(784)]
mean_image = digits.x_train.mean(axis=0)
plots.image_rows(
    {"digits": digits.x_train, "pixels shuffled": shuffled, "mean": mean_image[None]},
    title="Digits, the same pixels in another order, and the mean of all digits",
)

# %% [markdown]
# In the top row ink comes in strokes, the corners are always black, and much of a pixel can be guessed from those around it.
# That is redundancy.
# The middle row looks like noise, yet every image was shuffled in the same way, so whatever one pixel told about another it still tells.
# Only our eyes have lost it: PCA, and the network below, find both rows equally easy.
# The last row shows the mean of all training images.
# It will be our first **baseline**: a model that answers with the mean image, whatever it is shown.
#
# ## How wrong is wrong?
#
# This course measures as Hinton and Salakhutdinov did in 2006: square the difference in every pixel, sum over the 784 pixels, and average over the images.
# We call it the **error**.

# %%
from lessonlib import metrics

mean_answers = np.tile(mean_image, (len(digits.x_test), 1))
mean_error = metrics.squared_error(digits.x_test, mean_answers)
show("error of always answering with the mean image", mean_error)

# %% [markdown]
# ## A tiny autoencoder
#
# Here is the picture from the start, in Keras.
# The encoder goes from 784 numbers to 16, with one layer of 128 units in between; the decoder goes back the same way.
# A **dense** layer multiplies by a matrix and adds a vector; `gelu`, its **activation function**, is the bend in between that lets two layers do more than one.
# The last layer ends in a sigmoid, which keeps every pixel between 0 and 1.

# %%
from keras import Sequential, layers

code_size = 16
encoder = Sequential(
    [layers.Input((784,)), layers.Dense(128, "gelu"), layers.Dense(code_size)]
)
decoder = Sequential(
    [
        layers.Input((code_size,)),
        layers.Dense(128, "gelu"),
        layers.Dense(784, "sigmoid"),
    ]
)
autoencoder = Sequential([encoder, decoder])

# %% [markdown]
# And here is the training.
# Look for the line that makes it an autoencoder: `batches(digits.x_train)` yields pairs of input and target, and the target **is** the input.
# No label is used.
# People often call this unsupervised; the exact word is **self-supervised**, since there is a target, and the data supply it themselves.
# An **epoch** is one pass through the training images.
# They come in **batches** of 100, and after each batch the weights take one **step** downhill, so 15 epochs are 600 steps.
# How far a step goes is set by the **learning rate**, which `one_cycle` lets rise to 0.003 and then fall to zero.
# (`steps_per_execution` only saves time.) The **loss** in the progress line is our error on the training images, averaged over the epoch.
#
# **Predict before you run:** sixteen numbers for 784 pixels.
# Will the error be about a third of the mean image's, a tenth, or hardly better?
# Will it be below that of PCA with 16 numbers?

# %%
from lessonlib.training import Progress, batches, one_cycle, sum_of_squares

train = batches(digits.x_train)
optimizer = one_cycle(3e-3, steps=15 * len(train))
autoencoder.compile(optimizer, sum_of_squares, steps_per_execution=len(train))
history = autoencoder.fit(train, epochs=15, verbose=0, callbacks=[Progress()])

# %%
reconstructions = autoencoder.predict(digits.x_test, verbose=0)
error = metrics.squared_error(digits.x_test, reconstructions)
ratio = error / mean_error
claim("The network's error over the mean image's", ratio, at_most=0.45)
pca = PCA(n_components=code_size, svd_solver="full").fit(digits.x_train)
x_pca = pca.inverse_transform(pca.transform(digits.x_test)).clip(0, 1)
pca_error = metrics.squared_error(digits.x_test, x_pca)
ratio = pca_error / mean_error
sentence = "PCA-16 has at most two fifths of the mean image's error"
claim(sentence, ratio, at_most=0.4, kind="rival")
claim("The network's error over that of PCA-16", error / pca_error, at_most=0.97)

# %% [markdown]
# Of the three guesses, a third comes nearest; what we claim is less than half, on images that the network has never seen.
# And yes, it is less than PCA leaves with as many numbers (clipped to the range of a pixel, to be fair).
# Now the question marks can be filled in; these numbers are all that the decoder had to work with.

# %% tags=["readme"] mystnb={"image": {"alt": "The first picture with its gaps filled: a handwritten 3, encoder, a column of 16 coloured cells for the code, decoder, and the reconstructed 3, somewhat smoother than the input."}}
code = encoder.predict(digits.x_test, verbose=0)[three]
title = f"784 pixels, {code_size} numbers, and a 3 that was redrawn from them"
plots.autoencoder_diagram(digits.x_test[three], code, reconstructions[three], title)

# %% [markdown]
# One good example proves little.
# Here are twelve random test images, and the twelve that came out worst.

# %% mystnb={"image": {"alt": "Four rows of twelve images. Most random test digits and their reconstructions look alike, a little blurred. The twelve worst test digits have unusual shapes, and most of their reconstructions are smudges."}}
random = rng.choice(len(digits.x_test), size=12, replace=False)
per_image = metrics.squared_error_per_image(digits.x_test, reconstructions)
worst = np.argsort(per_image)[-12:]
rows = {"random": digits.x_test[random], "redrawn": reconstructions[random],
        "worst": digits.x_test[worst], "redrawn ": reconstructions[worst]}
plots.image_rows(rows, title="Random digits and the twelve worst, redrawn")

show("error of the worst twelve", per_image[worst].mean())
show("error of all", error)

# %% [markdown]
# Three things to expect of an autoencoder with a narrow code.
#
# **It is lossy.**
# The reconstructions are smoother than the originals.
# What did not fit through the code is gone.
#
# **It is data-specific.**
# The worst are mostly wide, heavy digits, which the network has seldom seen.
# Lesson 02 shows it letters.
#
# **It is learned.**
# Nobody wrote a rule for strokes or loops.
# With other images the same program would have found another code.
#
# So why copy an input?
# Not for the copy.
# The code is the point: to reach its goal the network had to find out how digits vary, and that can be used to remove noise (lesson 03) or to learn from few labels (lesson 06), and, beyond this course, to search, to draw new digits and to notice odd ones.
#
# ## Is everything in place?
#
# One line for each thing that the course relies on:

# %%
lessonlib.check_environment()

# %% [markdown]
# ## Words
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
# ## What we found
#
# - Ten chosen columns beat all 900; but PCA, which is not told the target, finds nothing among independent columns.
# - Where ten hidden numbers drive 900 columns, PCA-10 beats plain regression on all 900 without having seen the target.
# - A network with a code of 16 numbers has less than half of the mean image's error on unseen digits, and less than PCA-16's.
#
# Next comes [lesson 01](01_pca_is_a_linear_autoencoder.ipynb): what does the *simplest possible* autoencoder learn?

# %% [markdown]
# ## Exercises
#
# Every lesson ends with exercises that check themselves; this first one we solve together.
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

# %% [markdown]
# ## Sources
#
# - G. Hinton and R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 313 (2006): the unit of error, and the deep autoencoder that lesson 02 rebuilds.
# - I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (MIT Press, 2016), chapter 14: autoencoders in general.
# - Y. LeCun, C. Cortes and C. Burges, *The MNIST database of handwritten digits*: the images, CC BY-SA 3.0.
