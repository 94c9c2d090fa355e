"""Metrics from scikit-learn, for SklearnTest.

Usage: python3 sklearn_metrics.py      (needs scikit-learn 1.2 or later; takes a second)

Writes sklearn_metrics.json beside itself: for each case the rows, as sparkprop sees them, and the
figures by rows and by weight. All inputs are rounded to single precision, as sparkprop holds them;
scikit-learn then computes with them in double.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn import metrics

ROWS = 60

# How far sparkprop keeps probabilities from 0 and 1: what scikit-learn takes for single precision.
CLIP = float(np.finfo(np.float32).eps)


def single(values):
    """Rounded to single precision, in double."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def sigmoid(logits):
    return 1 / (1 + np.exp(-logits))


def log_loss(labels, probabilities, weights):
    """Without scikit-learn's second rounding: that divides by the sum of a row."""
    p = np.clip(probabilities[np.arange(len(labels)), labels], CLIP, 1 - CLIP)
    ours = np.average(-np.log(p), weights=weights)
    theirs = metrics.log_loss(labels, probabilities, eps=CLIP, sample_weight=weights,
                              labels=np.arange(probabilities.shape[1]))
    assert abs(ours - theirs) < 1e-5, (ours, theirs)
    return ours


def areas(labels, scores, weights):
    """ROC AUC and average precision, each averaged over the columns that have them."""
    roc, pr = [], []
    for column in range(scores.shape[1]):
        truth = labels[:, column]
        if truth.any() and not truth.all():
            roc.append(metrics.roc_auc_score(truth, scores[:, column], sample_weight=weights))
        if truth.any():
            pr.append(
                metrics.average_precision_score(truth, scores[:, column], sample_weight=weights))
    return {"roc_auc": float(np.mean(roc)), "pr_auc": float(np.mean(pr))}


def classification(labels, logits, weights):
    width = logits.shape[1]
    if width == 1:
        p = single(sigmoid(logits))
        probabilities = np.hstack([1 - p, p])
        predicted = (p[:, 0] > 0.5).astype(int)
        positive, scores = (labels == 1)[:, None], logits
    else:
        probabilities = single(softmax(logits))
        predicted = probabilities.argmax(axis=1)
        positive, scores = labels[:, None] == np.arange(width), logits
        if width == 2:
            positive, scores = positive[:, 1:], single(logits[:, 1:] - logits[:, :1])
        else:
            others = [np.delete(logits, k, axis=1) for k in range(width)]
            scores = np.stack(
                [logits[:, k] - np.log(np.exp(o).sum(axis=1)) for k, o in enumerate(others)], axis=1)
            scores = single(scores)

    figures = {
        "accuracy": metrics.accuracy_score(labels, predicted, sample_weight=weights),
        "balanced_accuracy": metrics.recall_score(
            labels, predicted, labels=np.unique(labels), average="macro", sample_weight=weights),
        "f1_macro": metrics.f1_score(labels, predicted, average="macro", sample_weight=weights),
        "f1_weighted": metrics.f1_score(labels, predicted, average="weighted", sample_weight=weights),
        "mcc": metrics.matthews_corrcoef(labels, predicted, sample_weight=weights),
        "kappa": metrics.cohen_kappa_score(labels, predicted, sample_weight=weights),
        "log_loss": log_loss(labels, probabilities, weights),
        **areas(positive, scores, weights),
    }
    if set(predicted) <= set(labels):
        theirs = metrics.balanced_accuracy_score(labels, predicted, sample_weight=weights)
        assert abs(figures["balanced_accuracy"] - theirs) < 1e-12
    if width > 5:
        figures["top_5"] = metrics.top_k_accuracy_score(
            labels, logits, k=5, sample_weight=weights, labels=np.arange(width))
    output = probabilities[:, 1:] if width == 1 else probabilities
    return output, figures


def multi_label(targets, logits, weights):
    p = single(sigmoid(logits))
    predicted = (p > 0.5).astype(int)
    there = np.flatnonzero(targets.any(axis=0) | predicted.any(axis=0))
    hamming = metrics.hamming_loss(targets, predicted, sample_weight=weights)
    figures = {
        "accuracy": 1 - hamming,
        "subset_accuracy": metrics.accuracy_score(targets, predicted, sample_weight=weights),
        "hamming_loss": hamming,
        "f1_micro": metrics.f1_score(targets, predicted, average="micro", sample_weight=weights),
        "f1_macro": metrics.f1_score(
            targets, predicted, labels=there, average="macro", sample_weight=weights),
        **areas(targets, logits, weights),
    }
    return p, figures


def regression(targets, output, weights):
    varying = [i for i in range(targets.shape[1]) if np.ptp(targets[:, i]) > 0]
    square = metrics.mean_squared_error(
        targets, output, sample_weight=weights, multioutput="raw_values")
    figures = {
        "rmse": float(np.sqrt(square).mean()),
        "mae": metrics.mean_absolute_error(targets, output, sample_weight=weights),
    }
    if varying:
        figures["r2"] = metrics.r2_score(
            targets[:, varying], output[:, varying], sample_weight=weights)
    return output, figures


def labels_of(random, classes):
    return random.integers(0, classes, ROWS)


def logits_for(random, positive, step=0.0):
    """Logits that know something of the truth; multiples of a step, so that there are ties."""
    logits = random.normal(size=positive.shape) + 1.5 * positive
    return single(np.round(logits / step) * step if step else logits)


def one_hot(labels, width):
    return labels[:, None] == (np.arange(width) if width > 1 else np.array([1]))


def cases(random):
    def classes(name, width, there=None, step=0.0):
        labels = labels_of(random, there or max(2, width))
        logits = logits_for(random, one_hot(labels, width), step)
        return name, "classification", width, labels, logits, classification

    yield classes("two classes, one output", 1)
    yield classes("two classes, one output, ties", 1, step=0.5)
    yield classes("two classes, two outputs", 2)
    yield classes("four classes", 4)
    yield classes("four classes, the last never occurs", 4, there=3)
    yield classes("four classes, ties", 4, step=1.0)
    yield classes("seven classes", 7)

    # Outputs that are certain, and wrong: log p is clipped, and p as a float is 1 for many rows.
    labels = labels_of(random, 2)
    yield ("certain outputs", "classification", 1, labels,
           single(20 * logits_for(random, one_hot(labels, 1))), classification)

    def multi(name, width, columns, step=0.0):
        targets = (random.random((ROWS, width)) < 0.3) & columns
        return name, "multi-label", width, targets, logits_for(random, targets, step), multi_label

    yield multi("three labels", 3, np.array([True, True, True]))
    yield multi("five labels, ties, one never occurs", 5,
                np.array([True, True, False, True, True]), 0.5)

    def numbers(name, width, offset):
        targets = single(random.normal(size=(ROWS, width)) + offset)
        return (name, "regression", width, targets,
                single(targets + 0.4 * random.normal(size=targets.shape)), regression)

    yield numbers("one target", 1, 0.0)
    yield numbers("three targets, far from 0", 3, np.array([1000.0, -50000.0, 3e6]))
    name, task, width, targets, output, figures = numbers("three targets, one constant", 3, 0.0)
    targets[:, 1] = single(0.1)
    yield name, task, width, targets, output, figures


def main():
    random = np.random.default_rng(4)
    results = []
    for name, task, width, truth, logits, figures in cases(random):
        weights = single(random.exponential(size=ROWS))
        weights[::7] = 0
        output, by_rows = figures(truth, logits, None)
        _, by_weight = figures(truth, logits, weights)
        result = {
            "name": name,
            "task": task,
            "width": width,
            "truth": np.asarray(truth, dtype=float).ravel().tolist(),
            "logits": logits.ravel().tolist(),
            "output": output.ravel().tolist(),
            "weights": weights.tolist(),
            "metrics": by_rows,
            "weighted": by_weight,
        }
        results.append(result)
    path = pathlib.Path(__file__).with_name("sklearn_metrics.json")
    text = json.dumps({"sklearn": sklearn.__version__, "cases": results}, indent=1)
    path.write_text(compact(text) + "\n")


def compact(text):
    """An array of numbers on one line."""
    lines, inside = [], False
    for line in text.split("\n"):
        if inside:
            lines[-1] += line.strip() + ("" if line.strip().startswith("]") else " ")
            inside = not line.strip().startswith("]")
        else:
            lines.append(line)
            inside = line.endswith("[") and "cases" not in line
    return "\n".join(line.replace(" ]", "]") for line in lines)


if __name__ == "__main__":
    main()
