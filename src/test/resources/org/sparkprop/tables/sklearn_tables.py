"""The five classic tables as CSV, and what scikit-learn makes of them, for ClassicTables.

Usage: python3 sklearn_tables.py FOLDER [SPLITS [SEEDS]]     (needs scikit-learn 1.2 or later)

SPLITS and SEEDS are numbers such as 0-9 (the default) and 1-3. For each table and each split, which
is that of train_test_split with a quarter of the rows to test, FOLDER/TABLE/SPLIT gets train.csv and
test.csv with the target in a column label. FOLDER/sklearn.json gets the accuracy, or R², on the test
rows of MLPClassifier and MLPRegressor with their defaults behind StandardScaler, for each split and
each seed. That they end without having converged is part of their defaults. Takes some minutes.
"""

import csv
import json
import pathlib
import sys
import warnings

import sklearn
from sklearn import datasets
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

TABLES = {
    "digits": datasets.load_digits,
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "breast cancer": datasets.load_breast_cancer,
    "diabetes": datasets.load_diabetes,
}


def numbers(text):
    """The numbers of a range such as 0-9."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def write(path, names, features, labels):
    with open(path, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([*names, "label"])
        rows.writerows([*row.tolist(), label.item()] for row, label in zip(features, labels))


def score(network, train, test):
    pipeline = make_pipeline(StandardScaler(), network)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        pipeline.fit(*train)
    rows = len(train[0])
    return {
        "score": pipeline.score(*test),
        "updates": network.n_iter_ * -(-rows // min(200, rows)),
    }


def main(folder, splits="0-9", seeds="1-3"):
    folder = pathlib.Path(folder)
    results = {}
    for name, load in TABLES.items():
        table = load()
        classes = len(table.target_names) if "target_names" in table else 0
        results[name] = {
            "layers": f"100 relu, {classes} softmax" if classes else "100 relu, 1",
            "metric": "accuracy" if classes else "r2",
            "splits": {},
        }
        for split in numbers(splits):
            features, others, labels, targets = train_test_split(
                table.data, table.target, test_size=0.25, random_state=split)
            place = folder / name.replace(" ", "-") / str(split)
            place.mkdir(parents=True, exist_ok=True)
            write(place / "train.csv", table.feature_names, features, labels)
            write(place / "test.csv", table.feature_names, others, targets)
            network = MLPClassifier if classes else MLPRegressor
            scores = {
                seed: score(network(random_state=seed), (features, labels), (others, targets))
                for seed in numbers(seeds)
            }
            results[name]["splits"][split] = scores
            print(name, split, scores, flush=True)
    text = json.dumps({"sklearn": sklearn.__version__, "tables": results}, indent=1)
    (folder / "sklearn.json").write_text(text + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
