"""Wrong answers that people give to lesson 02, each with a part of its sentence."""

import math

import numpy as np


def share(x, x_hat, around):
    """The share lost with a choice of what the yardstick is measured around."""
    return ((x - x_hat) ** 2).sum() / ((x - around) ** 2).sum()


def lost(x, x_hat):
    return share(x, x_hat, x.mean(axis=0))


def by_column(x, x_hat):
    return ((x - x_hat) ** 2).sum(axis=0) / ((x - x.mean(axis=0)) ** 2).sum(axis=0)


def absolute(x, x_hat):
    return np.abs(x - x_hat).sum() / np.abs(x - x.mean(axis=0)).sum()


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


def enumerated_from_zero(losses, patience):
    """Right where it never stops, where the length of the list is returned."""
    best_epoch, epochs = stopped(losses, patience)
    return best_epoch - 1, epochs - (epochs < len(losses))


def best_of_all(losses, patience):
    return np.argmin(losses) + 1, stopped(losses, patience)[1]


def against_previous(losses, patience):
    bad = 0
    for i in range(1, len(losses)):
        bad = 0 if losses[i] < losses[i - 1] else bad + 1
        if bad == patience:
            return int(np.argmin(losses[: i + 1])) + 1, i + 1
    return int(np.argmin(losses)) + 1, len(losses)


def silent_at_the_end(losses, patience):
    best_epoch, epochs = stopped(losses, patience)
    return (best_epoch, epochs) if epochs == best_epoch + patience else None


def layers(*sizes, biases=True):
    """Weights of dense layers of these sizes."""
    count = 0
    for i in range(1, len(sizes)):
        count += sizes[i - 1] * sizes[i] + biases * sizes[i]
    return count


def decoder(widths, code):
    return layers(code, *reversed(widths), 784)


def images(count=decoder, into=lambda quotient: math.floor(quotient) + 1, none=math.inf):
    """An answer with another count of weights, rounding or value for no such number."""

    def break_even(widths, code, code_bytes, jpeg_bytes):
        if code_bytes >= jpeg_bytes:
            return none
        return into(4 * count(widths, code) / (jpeg_bytes - code_bytes))

    return break_even


def unguarded(widths, code, code_bytes, jpeg_bytes):
    return 4 * decoder(widths, code) // (jpeg_bytes - code_bytes) + 1


MISTAKES = {
    "02.1": [
        (lambda x, x_hat: share(x, x_hat, x.mean()), "one number for each column"),
        (lambda x, x_hat: share(x, x_hat, 0), "squares of x:"),
        (lambda x, x_hat: lost(x_hat, x), "mean image is that of x_hat"),
        (lambda x, x_hat: 1 - lost(x, x_hat), "share that is kept"),
        (lambda x, x_hat: lost(x, x_hat) ** 0.5, "takes a root"),
        (lambda x, x_hat: 1 / lost(x, x_hat), "upside down"),
        (lambda x, x_hat: 100 * lost(x, x_hat), "in percent"),
        (by_column, "shares of rows or columns"),
        (lambda x, x_hat: by_column(x, x_hat).mean(), "average one share"),
        (lambda x, x_hat: ((x - x_hat) ** 2).sum(axis=1).mean(), "an error, not a share"),
        (lambda x, x_hat: lost(x, x_hat) / len(x), "is averaged and the other is not"),
        (lambda x, x_hat: (x - x_hat).var() / x.var(), "errors are centred"),
        (absolute, "not absolute values"),
        (lambda x, x_hat: lost(x, x_hat) * len(x) / 40, "Right for shape (40, 6)"),
        (lambda x, x_hat: x - x_hat, "returns shape (40, 6)"),
        (lambda x, x_hat: f"{lost(x, x_hat):.0%}", "of type str"),
        (lambda x, x_hat: 0.5, "you return 0.5"),
        (0.3, "hand in the function itself"),
    ],
    "02.2": [
        (enumerated_from_zero, "counts from 0"),
        (best_of_all, "comes after the stop"),
        (lambda losses, patience: (np.argmin(losses) + 1, len(losses)), "never stop"),
        (lambda losses, patience: stopped(losses, patience, reset=False), "back to 0"),
        (lambda losses, patience: stopped(losses, max(patience - 1, 1)), "one epoch early"),
        (lambda losses, patience: stopped(losses, patience + 1), "one epoch late"),
        (against_previous, "compare with the best loss so far"),
        (lambda losses, patience: stopped(losses, patience, tie=True), "`<=`"),
        (lambda losses, patience: stopped(losses, patience)[::-1], "order is swapped"),
        (lambda losses, patience: [stopped(losses, patience)[1]] * 2, "keep an earlier"),
        (lambda losses, patience: stopped(losses, patience)[0], "two whole numbers"),
        (silent_at_the_end, "returns nothing there"),
        (lambda losses, patience: stopped(losses, 2), "and patience 3 you return"),
        (lambda losses, patience: (losses[6], 1), "raised IndexError"),
        ((3, 5), "hand in the function itself"),
    ],
    "02.3": [
        (images(lambda w, c: layers(c, *w[::-1], 784, biases=False)), "biases are missing"),
        (images(lambda w, c: layers(784, *w, c, *w[::-1], 784)), "You send the encoder"),
        (images(lambda w, c: decoder(w, c) / 4), "which are 4 bytes"),
        (images(lambda w, c: layers(c, *w, 784)), "encoder's order"),
        (images(lambda w, c: layers(*w[::-1], 784), math.ceil), "A layer is missing"),
        (images(into=math.floor), "round down"),
        (images(into=math.ceil), "Right but for a draw"),
        (images(into=lambda quotient: quotient), "That is a fraction"),
        (lambda w, c, own, jpeg: 4 * decoder(w, c), "the decoder's bytes"),
        (lambda w, c, own, jpeg: 4 * decoder(w, c) // jpeg + 1, "divide by jpeg_bytes"),
        (unguarded, "before you divide"),
        (images(none=None), "Your function returns nothing there"),
        (images(none=-1), "return math.inf, not -1"),
        (images(none="never"), "math.inf. Your function returns something of type str"),
        (lambda w, c, own, jpeg: w[-1], "raised IndexError"),
        (lambda w, c, own, jpeg: [1000], "returns shape (1,)"),
        (lambda w, c, own, jpeg: "many", "of type str; expected one number"),
        (lambda w, c, own, jpeg: 5575, "you return 5575; expected"),
        (math.inf, "hand in the function itself"),
    ],
}
