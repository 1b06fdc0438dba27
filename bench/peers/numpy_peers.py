"""What numpy needs for the questions of `cargo xtask bench estimators`.

    numpy_peers.py FUNCTION FOLDER

reads FOLDER/*.npy, says "ready", then answers every line of standard input with "SECONDS NATS".
Preparing the arrays in numpy's own form is outside the time, as it is for every tool.
"""

import sys
import time
from pathlib import Path

import numpy as np


def gaussian_te(source, target):
    joint = np.stack([target[0, 1:], target[0, :-1], source[0, :-1]])

    def answer():
        cov = np.cov(joint)
        ln_det = lambda block: np.linalg.slogdet(np.atleast_2d(block))[1]
        return 0.5 * (ln_det(cov[:2, :2]) - ln_det(cov[1, 1]) - ln_det(cov) + ln_det(cov[1:, 1:]))

    return answer


def binary_te(sources, targets):
    """Joint counts by three matrix products; the others follow from the margins."""
    past_x = np.ascontiguousarray(sources[:-1].T.astype(np.float32))
    past_y, next_y = targets[:-1].astype(np.float32), targets[1:].astype(np.float32)
    n = past_x.shape[1]

    def n_ln_n(counts):
        return counts * np.log(np.maximum(counts, 1.0))

    def answer():
        both_y = next_y * past_y
        x = past_x.sum(1, dtype=np.float64)[:, None]
        y1, y0, y10 = (mask.sum(0, dtype=np.float64) for mask in (next_y, past_y, both_y))
        xy1, xy0, xy10 = ((past_x @ mask).astype(np.float64) for mask in (next_y, past_y, both_y))
        own = [y10, y0 - y10, y1 - y10, n - y1 - y0 + y10]
        joint = [xy10, xy0 - xy10, xy1 - xy10, x - xy1 - xy0 + xy10]
        sums = sum(n_ln_n(with_x) + n_ln_n(of_y - with_x) for with_x, of_y in zip(joint, own))
        sums -= n_ln_n(xy0) + n_ln_n(x - xy0) + n_ln_n(y0 - xy0) + n_ln_n((n - x) - (y0 - xy0))
        sums -= sum(map(n_ln_n, own)) - n_ln_n(y0) - n_ln_n(n - y0)
        return float(sums.mean() / n)

    return answer


def kde(values, labels, variances):
    """The last variance, one bound and one axis at a time, each from an N×N array of squared distances."""

    def answer():
        squares = (values * values).sum(1)
        distances = np.maximum(squares[:, None] + squares[None, :] - 2.0 * (values @ values.T), 0.0)
        return float(-np.log(np.exp(distances / (-2.0 * variances[0, -1])).mean(1)).mean())

    return answer


def kde_double(values, labels, variances):
    return kde(values.astype(np.float64), labels, variances)


def kde_single(values, labels, variances):
    return kde(values, labels, variances.astype(np.float32))


def renyi(x, y, alpha=1.01):
    def kernel(columns):
        rows = columns.T
        squares = (rows * rows).sum(1)
        distances = np.maximum(squares[:, None] + squares[None, :] - 2.0 * (rows @ rows.T), 0.0)
        return np.exp(-0.5 * distances) / rows.shape[0]

    def entropy(matrix):
        eigenvalues = np.maximum(np.linalg.eigvalsh(matrix), 0.0)
        return np.log((eigenvalues**alpha).sum()) / (1.0 - alpha)

    def answer():
        a, b = kernel(x), kernel(y)
        return entropy(a) + entropy(b) - entropy(a * b * a.shape[0])

    return answer


def plane(symbols, labels, classes):
    """H(T) and I(T;Y) of joint cells, one distinct row a symbol."""

    def entropy(rows):
        counts = np.unique(rows, axis=0, return_counts=True)[1] / len(rows)
        return -(counts * np.log(counts)).sum()

    total = entropy(symbols)
    given = sum((labels == label).mean() * entropy(symbols[labels == label]) for label in classes)
    return total, total - given


def cells(values, labels):
    classes = np.unique(labels)

    def answer():
        symbols = np.minimum(((values + 1.0) * 15.0).astype(np.int8), 29)
        return plane(symbols, labels[0], classes)[0]

    return answer


def nested_cells(values, labels):
    classes = np.unique(labels)
    widths = [2.0**-step for step in range(-1, 8)]

    def answer():
        nats = [plane(np.floor(values / width).astype(np.int16), labels[0], classes)[0] for width in widths]
        return nats[5]

    return answer


def main():
    function, folder = sys.argv[1], Path(sys.argv[2])
    arrays = {path.stem: np.load(path) for path in folder.glob("*.npy")}
    answer = globals()[function](**arrays)
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        nats = answer()
        print(time.perf_counter() - start, nats, flush=True)


if __name__ == "__main__":
    main()
