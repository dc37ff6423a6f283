"""Wrong answers that people give to lesson 02, each with a part of its sentence."""

import math

import numpy as np


def share(x, x_hat, around):
    """The share lost with a choice of what the yardstick is measured around."""
    return ((x - x_hat) ** 2).sum() / ((x - around) ** 2).sum()


def lost(x, x_hat):
    return share(x, x_hat, x.mean(axis=0))


def shares(x, x_hat, axis):
    """One share for each column (axis 0) or row (axis 1)."""
    yardstick = ((x - x.mean(axis=0)) ** 2).sum(axis=axis)
    return ((x - x_hat) ** 2).sum(axis=axis) / yardstick


def absolute(x, x_hat):
    return np.abs(x - x_hat).sum() / np.abs(x - x.mean(axis=0)).sum()


def distances(x, x_hat):
    length = np.linalg.norm
    return length(x - x_hat, axis=1).mean() / length(x - x.mean(0), axis=1).mean()


def centred_errors(x, x_hat):
    return (x - x_hat).var(axis=0).sum() / x.var(axis=0).sum()


def centred_in_place(x, x_hat):
    x -= x.mean(axis=0)
    return ((x - x_hat) ** 2).sum() / (x**2).sum()


def stopped(losses, patience, reset=True, tie=False):
    """A loop as people write it: (best_epoch, epochs_trained)."""
    best, best_epoch, bad = math.inf, 0, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best or (tie and loss == best):
            best, best_epoch = loss, epoch
            if reset:
                bad = 0
        else:
            bad += 1
            if bad == patience:
                return best_epoch, epoch
    return best_epoch, len(losses)


def from_zero(losses, patience):
    best_epoch, epochs = stopped(losses, patience)
    return best_epoch - 1, epochs - 1


def enumerated_from_zero(losses, patience):
    """Right where it never stops, where the length of the list is returned."""
    best, epochs = stopped(losses, patience)
    return best - 1, epochs - (epochs < len(losses))


def best_from_zero(losses, patience):
    best_epoch, epochs = stopped(losses, patience)
    return int(np.argmin(losses[:epochs])), epochs


def epochs_from_zero(losses, patience):
    best_epoch, epochs = stopped(losses, patience)
    return best_epoch, epochs - 1


def best_of_all(losses, patience):
    return np.argmin(losses) + 1, stopped(losses, patience)[1]


def against_previous(losses, patience):
    bad = 0
    for i in range(1, len(losses)):
        bad = 0 if losses[i] < losses[i - 1] else bad + 1
        if bad == patience:
            return int(np.argmin(losses[: i + 1])) + 1, i + 1
    return int(np.argmin(losses)) + 1, len(losses)


def last_of_a_tie(losses, patience):
    _, epochs = stopped(losses, patience)
    trained = losses[:epochs]
    return max(i for i in range(epochs) if trained[i] == min(trained)) + 1, epochs


def loss_first(losses, patience):
    _, epochs = stopped(losses, patience)
    return min(losses[:epochs]), epochs


def without_an_end(losses, patience):
    best_epoch, epochs = stopped(losses, patience)
    return best_epoch, best_epoch + patience


def rest(losses, patience):
    best_epoch, epochs = stopped(losses, patience)
    return best_epoch, epochs - best_epoch


def silent_at_the_end(losses, patience):
    best_epoch, epochs = stopped(losses, patience)
    return (best_epoch, epochs) if epochs == best_epoch + patience else None


def fixed_patience(losses, patience):
    return stopped(losses, 2)


def layers(*sizes, biases=True):
    """Weights of dense layers of these sizes."""
    count = 0
    for i in range(1, len(sizes)):
        count += sizes[i - 1] * sizes[i] + biases * sizes[i]
    return count


def decoder(widths, code):
    return 4 * layers(code, *reversed(widths), 784)


def images(count=decoder, size=4, into=lambda quotient: math.floor(quotient) + 1):
    """An answer with another count of weights, bytes a weight or rounding."""

    def break_even(widths, code, code_bytes, jpeg_bytes):
        if code_bytes >= jpeg_bytes:
            return math.inf
        return into(count(widths, code) * size / 4 / (jpeg_bytes - code_bytes))

    return break_even


def never(value):
    """An answer that is right until there is no such number."""

    def break_even(widths, code, code_bytes, jpeg_bytes):
        if code_bytes >= jpeg_bytes:
            return value
        return images()(widths, code, code_bytes, jpeg_bytes)

    return break_even


def unguarded(widths, code, code_bytes, jpeg_bytes):
    return decoder(widths, code) // (jpeg_bytes - code_bytes) + 1


def guarded_at_a_draw_only(widths, code, code_bytes, jpeg_bytes):
    if code_bytes == jpeg_bytes:
        return math.inf
    return unguarded(widths, code, code_bytes, jpeg_bytes)


def last_width(widths, code, code_bytes, jpeg_bytes):
    return widths[-1] * images()(widths, code, code_bytes, jpeg_bytes)


MISTAKES = {
    "02.1": [
        (lambda x, x_hat: share(x, x_hat, x.mean()), "Your mean is one number"),
        (lambda x, x_hat: shares(x, x_hat, 0).mean(), "one share for each column"),
        (lambda x, x_hat: share(x, x_hat, x_hat.mean(axis=0)), "mean image of x_hat"),
        (lambda x, x_hat: 1 - lost(x, x_hat), "share that is kept"),
        (lambda x, x_hat: lost(x, x_hat) ** 0.5, "takes a root"),
        (lambda x, x_hat: shares(x, x_hat, 1).mean(), "one share for each row"),
        (lambda x, x_hat: shares(x, x_hat, 1), "That is a share for each row"),
        (lambda x, x_hat: shares(x, x_hat, 0), "That is a share for each column"),
        (lambda x, x_hat: ((x - x_hat) ** 2).sum(axis=1).mean(), "an error, not a share"),
        (absolute, "absolute differences"),
        (distances, "Those are distances"),
        (lambda x, x_hat: lost(x_hat, x), "arguments swapped"),
        (lambda x, x_hat: share(x, x_hat, 0), "squares of x itself"),
        (
            lambda x, x_hat: share(x, x_hat, x.mean(axis=1, keepdims=True)),
            "each row's own mean",
        ),
        (lambda x, x_hat: 1 / lost(x, x_hat), "upside down"),
        (lambda x, x_hat: 100 * lost(x, x_hat), "in percent"),
        (lambda x, x_hat: lost(x, x_hat) / len(x), "is averaged and the other is not"),
        (
            lambda x, x_hat: (
                ((x - x_hat) ** 2).mean(axis=0).sum() / x.var(axis=0, ddof=1).sum()
            ),
            "n - 1",
        ),
        (centred_errors, "errors are centred"),
        (
            lambda x, x_hat: x_hat.var(axis=0).sum() / x.var(axis=0).sum(),
            "how much x_hat and x vary",
        ),
        (centred_in_place, "from the centred x"),
        (
            lambda x, x_hat: lost(x, x_hat) * len(x) / 40,
            "Right for shape (40, 6)",
        ),
        (lambda x, x_hat: x - x_hat, "returns shape (40, 6)"),
        (lambda x, x_hat: f"{lost(x, x_hat):.0%}", "of type str"),
        (lambda x, x_hat: 0.5, "your function gives 0.5"),
        (lambda x: 0.5, "raised TypeError"),
        (0.3, "hand in the function itself"),
    ],
    "02.2": [
        (from_zero, "Your function counts from 0"),
        (enumerated_from_zero, "Your `enumerate` counts from 0"),
        (best_from_zero, "but best_epoch counts from 0"),
        (epochs_from_zero, "but epochs_trained counts from 0"),
        (best_of_all, "comes from the whole list"),
        (lambda losses, patience: (np.argmin(losses) + 1, len(losses)), "never stops"),
        (lambda losses, patience: stopped(losses, patience, reset=False), "in a row"),
        (lambda losses, patience: stopped(losses, max(patience - 1, 1)), "one epoch early"),
        (lambda losses, patience: stopped(losses, patience + 1), "one epoch late"),
        (against_previous, "compare with the best loss so far"),
        (lambda losses, patience: stopped(losses, patience, tie=True), "`<=`"),
        (last_of_a_tie, "at a tie the earliest"),
        (lambda losses, patience: stopped(losses, patience)[0], "returns one value"),
        (lambda losses, patience: stopped(losses, patience)[::-1], "order is swapped"),
        (
            lambda losses, patience: [stopped(losses, patience)[1]] * 2,
            "the last epoch as the best",
        ),
        (loss_first, "first number is a loss"),
        (without_an_end, "beyond the end of the list"),
        (rest, "epochs after the best"),
        (silent_at_the_end, "returns nothing there"),
        (fixed_patience, "and patience 3 you return"),
        (lambda losses, patience: (1, 2, 3), "returns shape (3,)"),
        (lambda losses, patience: ("1", "2"), "two whole numbers"),
        (lambda losses, patience: (losses[6], 1), "raised IndexError"),
        ((3, 5), "hand in the function itself"),
    ],
    "02.3": [
        (
            images(lambda w, c: 4 * layers(c, *w[::-1], 784, biases=False)),
            "biases are missing",
        ),
        (
            images(lambda w, c: 4 * layers(784, *w, c, *w[::-1], 784)),
            "whole autoencoder",
        ),
        (images(lambda w, c: 4 * layers(784, *w, c)), "You send the encoder"),
        (images(size=1), "as one byte"),
        (images(size=32), "32 bits"),
        (images(lambda w, c: 4 * layers(c, *w, 784)), "encoder's order"),
        (images(lambda w, c: 4 * layers(c, 784)), "no hidden layers"),
        (images(lambda w, c: 4 * layers(*w[::-1], 784)), "first layer of the decoder"),
        (images(lambda w, c: 4 * layers(c, *w[::-1])), "last layer of the decoder"),
        (images(into=math.floor), "round down"),
        (images(into=math.ceil), "Right but for a draw"),
        (images(into=lambda quotient: quotient), "That is a fraction"),
        (images(into=round), "to the nearest whole number"),
        (lambda w, c, own, jpeg: decoder(w, c), "bytes of the decoder"),
        (lambda w, c, own, jpeg: decoder(w, c) // jpeg + 1, "divide by jpeg_bytes"),
        (unguarded, "before you divide"),
        (guarded_at_a_draw_only, "not a negative number"),
        (never(None), "Your function returns nothing there"),
        (never(0), "return math.inf, not 0"),
        (never("never"), "return math.inf. Your function returns something of type str"),
        (last_width, "raised IndexError"),
        (lambda w, c, own, jpeg: [1000], "returns shape (1,)"),
        (lambda w, c, own, jpeg: "many", "of type str; expected one number"),
        (lambda w, c, own, jpeg: 5575, "you return 5575; expected"),
        (lambda w, c: 1, "raised TypeError"),
        (math.inf, "hand in the function itself"),
    ],
}
