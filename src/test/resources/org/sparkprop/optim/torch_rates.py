"""Learning rates of PyTorch's schedulers, unit by unit, for LearningRateScheduleTest and PlateauTest.

Usage: python3 torch_rates.py      (needs PyTorch; takes a second)

Writes torch_rates.json beside itself. The rate before each unit is what scheduler.step() has left
after the units before.
"""

import json
import pathlib

import torch
from torch.optim import lr_scheduler

RATE = 0.8

# In sparkprop's words, with the number of units and PyTorch's scheduler.
CURVES = [
    ("constant", 5, lambda o, n: lr_scheduler.LambdaLR(o, lambda unit: 1)),
    ("step(3, 0.5)", 10, lambda o, n: lr_scheduler.StepLR(o, 3, 0.5)),
    ("step(1, 0.1)", 5, lambda o, n: lr_scheduler.StepLR(o, 1, 0.1)),
    ("exponential(0.95)", 40, lambda o, n: lr_scheduler.ExponentialLR(o, 0.95)),
    ("cosine", 12, lambda o, n: lr_scheduler.CosineAnnealingLR(o, n)),
    ("cosine(0.01)", 7, lambda o, n: lr_scheduler.CosineAnnealingLR(o, n, 0.01 * RATE)),
    ("one-cycle", 100,
     lambda o, n: lr_scheduler.OneCycleLR(o, RATE, n, cycle_momentum=False)),
    ("one-cycle", 11,
     lambda o, n: lr_scheduler.OneCycleLR(o, RATE, n, cycle_momentum=False)),
    ("one-cycle(0.75)", 17,
     lambda o, n: lr_scheduler.OneCycleLR(o, RATE, n, pct_start=0.75, cycle_momentum=False)),
    ("one-cycle(0.25)", 3,
     lambda o, n: lr_scheduler.OneCycleLR(o, RATE, n, pct_start=0.25, cycle_momentum=False)),
]

# Whether lower is better, factor, epochs without improvement, and what is monitored.
PLATEAUS = [
    (True, 0.1, 2, [5, 4, 3, 3, 3.5, 2, 2, 2, 2, 2, 1, 0.5, 0.5]),
    (True, 0.5, 1, [1, 1, 2, 0.5, 0.5, 0.4, 0.6]),
    (False, 0.3, 3, [0.5, 0.4, 0.5, 0.3, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.7, 0.1]),
    (True, 0.1, 2, [3, float("nan"), float("nan"), 2, 2, float("inf")]),
]


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], RATE)


def rates_of_curve(units, make):
    update = optimizer()
    scheduler = make(update, units)
    rates = []
    for unit in range(units):
        rates.append(update.param_groups[0]["lr"])
        update.step()
        if unit < units - 1:
            scheduler.step()
    return rates


def rates_of_plateau(lower, factor, epochs, values):
    """The rate after each epoch; PyTorch's patience is the number of epochs that change nothing."""
    update = optimizer()
    scheduler = lr_scheduler.ReduceLROnPlateau(
        update, "min" if lower else "max", factor, epochs - 1, threshold=0, eps=0)
    rates = []
    for value in values:
        scheduler.step(value)
        rates.append(update.param_groups[0]["lr"])
    return rates


def java_word(value):
    return {"nan": "NaN", "inf": "Infinity"}.get(str(value), str(value))


def main():
    result = {
        "torch": torch.__version__,
        "rate": RATE,
        "curves": [
            {"curve": curve, "units": units, "rates": rates_of_curve(units, make)}
            for curve, units, make in CURVES
        ],
        "plateaus": [
            {
                "curve": f"plateau({factor}, {epochs})",
                "lower_is_better": lower,
                "values": [java_word(value) for value in values],
                "rates": rates_of_plateau(lower, factor, epochs, values),
            }
            for lower, factor, epochs, values in PLATEAUS
        ],
    }
    path = pathlib.Path(__file__).with_name("torch_rates.json")
    text = json.dumps(result, indent=2)
    path.write_text(text + "\n")


if __name__ == "__main__":
    main()
