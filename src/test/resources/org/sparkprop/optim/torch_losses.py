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

# name, layers, loss, optimizer, learning rate, hyperparameters (those not given are PyTorch's own).
# Layers, losses, optimizers and hyperparameters are in sparkprop's words.
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


def make_optimizer(word, parameters, learning_rate, given):
    if word == "sgd":
        return torch.optim.SGD(
            parameters, learning_rate, given["momentum"], nesterov=bool(given.get("nesterov")))
    if not given:
        return torch.optim.Adam(parameters, learning_rate)
    betas = (given["beta1"], given["beta2"])
    return torch.optim.Adam(parameters, learning_rate, betas, given["epsilon"])


def losses(layers, loss, optimizer, learning_rate, hyperparameters):
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
    update = make_optimizer(optimizer, net.parameters(), learning_rate, hyperparameters)
    means = []
    for _ in range(UPDATES):
        mean = summed_loss(net(features), targets) / ROWS
        means.append(mean.item())
        update.zero_grad()
        mean.backward()
        update.step()
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
            "losses": losses(layers, loss, optimizer, learning_rate, hyperparameters),
        }
        for name, layers, loss, optimizer, learning_rate, hyperparameters in CASES
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
