"""Ten losses of ten full-batch updates from PyTorch in double precision, for TorchTest.

Usage: python3 torch_losses.py      (needs PyTorch; takes a second)

Writes torch_losses.json beside itself. Features, labels and first weights come from formulas that
SampleRows.java repeats to the last bit, so nothing but this file and PyTorch decides the numbers.
"""

import json
import pathlib

import torch

ROWS = 12
FEATURES = 5
UPDATES = 10

# name, layers, loss, optimizer, learning rate, hyperparameters (those not given are PyTorch's own),
# and what regularises, if anything does. All are in sparkprop's words.
CASES = [
    ("plain sgd, relu", "8 relu, 3 softmax",
     "softmax-cross-entropy", "sgd", 0.5, {"momentum": 0}),
    ("momentum, tanh", "8 tanh, 6 tanh, 3 softmax",
     "softmax-cross-entropy", "sgd", 0.2, {"momentum": 0.9}),
    ("nesterov, gelu", "8 gelu, 3 softmax",
     "softmax-cross-entropy", "sgd", 0.2, {"momentum": 0.9, "nesterov": 1}),
    ("adam, silu, one output", "8 silu, 6 silu, 1 sigmoid",
     "sigmoid-cross-entropy", "adam", 0.01, {}),
    ("adam with other decays, elu", "8 elu, 3 sigmoid",
     "sigmoid-cross-entropy", "adam", 0.05, {"beta1": 0.8, "beta2": 0.9, "epsilon": 0.001}),
    ("momentum, leaky relu", "8 leaky-relu, 3 linear",
     "squared-error", "sgd", 0.05, {"momentum": 0.5}),
    ("adam, softplus", "8 softplus, 3 tanh",
     "squared-error", "adam", 0.02, {}),
    ("nesterov, sigmoid, one output", "8 sigmoid, 1 sigmoid",
     "squared-error", "sgd", 1.0, {"momentum": 0.8, "nesterov": 1}),
    ("four layers", "9 relu, 8 gelu, 7 tanh, 3 softmax",
     "softmax-cross-entropy", "sgd", 0.5, {"momentum": 0.9}),
    ("adam, silu, elu and softplus", "8 silu, 7 elu, 3 softplus",
     "squared-error", "adam", 0.01, {}),
]

CASES += [
    ("adam, selu and mish", "8 selu, 7 mish, 3 softmax",
     "softmax-cross-entropy", "adam", 0.02, {}),
]

# Every rule on the same network, at a small and at a large rate.
CASES += [
    (f"{optimizer} at {rate}{''.join(f', {word} {value}' for word, value in given.items())}",
     "8 tanh, 3 softmax", "softmax-cross-entropy", optimizer, rate, given)
    for optimizer, rates, given in [
        ("sgd", (0.01, 1.0), {"momentum": 0.9}),
        ("sgd", (0.01, 1.0), {"momentum": 0.9, "nesterov": 1}),
        ("adam", (0.001, 0.1), {}),
        ("adamw", (0.001, 0.1), {}),
        ("nadam", (0.002, 0.1), {}),
        ("nadam", (0.01,), {"beta1": 0.8, "beta2": 0.9, "momentum-decay": 0.1}),
        ("adagrad", (0.01, 0.5), {}),
        ("adagrad", (0.01, 0.5), {"epsilon": 0.1}),
        ("adadelta", (1.0, 50.0), {}),
        ("adadelta", (1.0, 5.0), {"rho": 0.5, "epsilon": 0.001}),
        ("rmsprop", (0.001, 0.05), {}),
        ("rmsprop", (0.001, 0.1), {"alpha": 0.8, "epsilon": 0.01}),
        ("rmsprop", (0.001, 0.02), {"momentum": 0.9}),
        ("rmsprop", (0.001, 0.05), {"centered": 1}),
        ("rmsprop", (0.001, 0.02), {"centered": 1, "momentum": 0.5}),
    ]
    for rate in rates
]

# Everything that regularises, each alone, then together.
CASES += [
    (f"{optimizer}, {', '.join(f'{word} {value}' for word, value in regularization.items())}",
     "8 tanh, 3 softmax", "softmax-cross-entropy", optimizer, rate, given, regularization)
    for optimizer, rate, given in [
        ("sgd", 0.3, {"momentum": 0.9}),
        ("adam", 0.02, {}),
        ("adamw", 0.02, {}),
    ]
    for regularization in [
        {"l1": 0.05},
        {"l2": 0.1},
        {"weight-decay": 0.3},
        {"clip-value": 0.02},
        {"clip-norm": 0.1},
        {"clip-norm": 1000.0},
        {"max-norm": 0.7},
        {"l1": 0.01, "l2": 0.02, "weight-decay": 0.1, "clip-value": 0.1, "clip-norm": 0.2,
         "max-norm": 0.8},
    ]
]

# A softmax or sigmoid before a cross-entropy is part of PyTorch's loss.
ACTIVATIONS = {
    "linear": torch.nn.Identity(),
    "sigmoid": torch.nn.Sigmoid(),
    "tanh": torch.nn.Tanh(),
    "relu": torch.nn.ReLU(),
    "leaky-relu": torch.nn.LeakyReLU(),
    "elu": torch.nn.ELU(),
    "softplus": torch.nn.Softplus(),
    "gelu": torch.nn.GELU(),
    "silu": torch.nn.SiLU(),
    "selu": torch.nn.SELU(),
    "mish": torch.nn.Mish(),
}


class Net(torch.nn.Module):
    """The layers that `layers` names; gives logits if the loss takes them."""

    def __init__(self, layers, logits, features=FEATURES):
        super().__init__()
        sizes = [layer.split() for layer in layers.split(", ")]
        widths = [features] + [int(width) for width, _ in sizes]
        self.layers = torch.nn.ModuleList(
            torch.nn.Linear(into, out) for into, out in zip(widths, widths[1:]))
        words = [word for _, word in sizes]
        if logits:
            words[-1] = "linear"
        self.activations = [ACTIVATIONS[word] for word in words]

    def forward(self, x):
        for layer, activation in zip(self.layers, self.activations):
            x = activation(layer(x))
        return x


def number(i):
    """A number from -1 to 1: i cubed modulo 101 takes every value from 0 to 100."""
    return (i**3 % 101 - 50) / 50


def floats(numbers):
    """Rounded to single precision, as sparkprop holds them, and then computed with in double."""
    return torch.tensor(numbers, dtype=torch.float32).double()


def loss_function(word):
    """The sum over the rows, from outputs and one-hot targets (or 0 and 1 for one output)."""
    if word == "softmax-cross-entropy":
        cross_entropy = torch.nn.CrossEntropyLoss(reduction="sum")
        return lambda outputs, targets: cross_entropy(outputs, targets.argmax(1))
    if word == "sigmoid-cross-entropy":
        return torch.nn.BCEWithLogitsLoss(reduction="sum")
    squared_error = torch.nn.MSELoss(reduction="sum")
    return lambda outputs, targets: squared_error(outputs, targets) / 2


RULES = {
    "sgd": torch.optim.SGD,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "adagrad": torch.optim.Adagrad,
    "adadelta": torch.optim.Adadelta,
    "rmsprop": torch.optim.RMSprop,
    "nadam": torch.optim.NAdam,
}


def make_optimizer(word, net, learning_rate, given, regularization):
    """Weights and biases are groups of their own: biases have no decay.

    What PyTorch calls weight_decay is L2 in all rules but AdamW.
    """
    numbers = {"eps" if name == "epsilon" else name: value for name, value in given.items()}
    if "momentum-decay" in numbers:
        numbers["momentum_decay"] = numbers.pop("momentum-decay")
    if "beta1" in numbers:
        numbers["betas"] = (numbers.pop("beta1"), numbers.pop("beta2"))
    for switch in ("nesterov", "centered"):
        if switch in numbers:
            numbers[switch] = bool(numbers[switch])
    if word == "nadam":  # before PyTorch 2, the other way has one momentum too many
        numbers["foreach"] = True
    weights = {"params": [layer.weight for layer in net.layers]}
    biases = {"params": [layer.bias for layer in net.layers], "weight_decay": 0}
    if word == "adamw":
        if "weight-decay" in regularization:
            weights["weight_decay"] = regularization["weight-decay"]
    else:
        weights["weight_decay"] = regularization.get("l2", 0)
    return RULES[word]([weights, biases], learning_rate, **numbers)


def clip_and_penalize(net, word, regularization):
    """All that comes before PyTorch's own step."""
    if "clip-value" in regularization:
        torch.nn.utils.clip_grad_value_(net.parameters(), regularization["clip-value"])
    if "clip-norm" in regularization:
        torch.nn.utils.clip_grad_norm_(net.parameters(), regularization["clip-norm"])
    for layer in net.layers:
        weight = layer.weight
        with torch.no_grad():
            weight.grad += regularization.get("l1", 0) * weight.sign()
            if word == "adamw":
                weight.grad += regularization.get("l2", 0) * weight


def decay(net, learning_rate, share):
    """Decoupled, from the weights before the step, for rules that have no such decay in PyTorch."""
    with torch.no_grad():
        return [learning_rate * share * layer.weight for layer in net.layers]


def losses(layers, loss, optimizer, learning_rate, hyperparameters, regularization):
    """The mean loss of the rows before each update."""
    net = Net(layers, logits=loss != "squared-error").double()
    count = sum(parameter.numel() for parameter in net.parameters())
    first = floats([number(i) / 2 for i in range(count)])
    torch.nn.utils.vector_to_parameters(first, net.parameters())

    features = floats([number(3 * i + 1) for i in range(ROWS * FEATURES)]).view(ROWS, FEATURES)
    outputs = net.layers[-1].out_features
    labels = torch.arange(ROWS) % max(2, outputs)
    if outputs == 1:
        targets = labels.double().view(ROWS, 1)
    else:
        targets = torch.nn.functional.one_hot(labels, outputs).double()

    summed_loss = loss_function(loss)
    update = make_optimizer(optimizer, net, learning_rate, hyperparameters, regularization)
    own_decay = 0 if optimizer == "adamw" else regularization.get("weight-decay", 0)
    means = []
    for _ in range(UPDATES):
        mean = summed_loss(net(features), targets) / ROWS
        means.append(mean.item())
        update.zero_grad()
        mean.backward()
        clip_and_penalize(net, optimizer, regularization)
        decayed = decay(net, learning_rate, own_decay)
        update.step()
        with torch.no_grad():
            for layer, taken in zip(net.layers, decayed):
                layer.weight -= taken
                if "max-norm" in regularization:
                    layer.weight.copy_(layer.weight.renorm(2, 0, regularization["max-norm"]))
    return means


def main():
    cases = [
        {
            "name": name,
            "layers": layers,
            "loss": loss,
            "optimizer": optimizer,
            "learning_rate": learning_rate,
            "hyperparameters": hyperparameters,
            "regularization": regularization,
            "losses": losses(
                layers, loss, optimizer, learning_rate, hyperparameters, regularization),
        }
        for name, layers, loss, optimizer, learning_rate, hyperparameters, regularization
        in ((*case, {})[:7] for case in CASES)
    ]
    result = {
        "torch": torch.__version__,
        "rows": ROWS,
        "features": FEATURES,
        "cases": cases,
    }
    path = pathlib.Path(__file__).with_name("torch_losses.json")
    path.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
