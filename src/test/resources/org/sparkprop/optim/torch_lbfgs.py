"""Ten iterations of L-BFGS with a strong Wolfe line search in PyTorch, for LbfgsTorchTest.

Usage: python3 torch_lbfgs.py      (needs PyTorch; takes a few seconds)

Writes torch_lbfgs.json beside itself. Networks, rows and first weights are those of
torch_losses.py; everything is computed in double.
"""

import json
import pathlib

import torch

from torch_losses import Net, floats, loss_function, number

ITERATIONS = 10

# name, layers, loss, rows, features, history, learning rate, L2; in sparkprop's words
CASES = [
    ("tanh", "8 tanh, 3 softmax", "softmax-cross-entropy", 12, 5, 10, 1.0, 0.0),
    ("short history", "8 tanh, 3 softmax", "softmax-cross-entropy", 12, 5, 2, 1.0, 0.0),
    ("history of one", "8 silu, 3 softmax", "softmax-cross-entropy", 12, 5, 1, 1.0, 0.0),
    ("rate of 5", "8 gelu, 3 softmax", "softmax-cross-entropy", 12, 5, 10, 5.0, 0.0),
    ("rate of 100, whose steps are cut", "8 gelu, 3 linear", "squared-error", 12, 5, 10, 100.0, 0.0),
    ("rate of 0.1, whose steps grow", "8 tanh, 3 softmax",
     "softmax-cross-entropy", 12, 5, 10, 0.1, 0.0),
    ("one output", "6 silu, 1 sigmoid", "sigmoid-cross-entropy", 12, 5, 10, 1.0, 0.0),
    ("linear regression", "3 linear", "squared-error", 40, 7, 10, 1.0, 0.0),
    ("sigmoids", "9 sigmoid, 8 tanh, 3 sigmoid", "squared-error", 12, 5, 5, 1.0, 0.0),
    ("large", "60 tanh, 40 silu, 10 softmax", "softmax-cross-entropy", 150, 40, 10, 1.0, 0.0),
    ("large, squared error", "120 tanh, 4 linear", "squared-error", 150, 40, 10, 1.0, 0.0),
    ("L2, which spares biases", "8 tanh, 3 softmax",
     "softmax-cross-entropy", 12, 5, 10, 1.0, 0.1),
    ("large, L2", "60 tanh, 40 silu, 10 softmax",
     "softmax-cross-entropy", 150, 40, 10, 1.0, 0.01),
]

# Of the parameters of a large network, each so many-th is kept.
KEPT = 100


def iterations(layers, loss, rows, features, history, learning_rate, l2):
    """Losses before each iteration and after the last, evaluations of each, last parameters."""
    net = Net(layers, loss != "squared-error", features).double()
    count = sum(parameter.numel() for parameter in net.parameters())
    first = floats([number(i) / 2 for i in range(count)])
    torch.nn.utils.vector_to_parameters(first, net.parameters())

    x = floats([number(3 * i + 1) for i in range(rows * features)]).view(rows, features)
    outputs = net.layers[-1].out_features
    labels = torch.arange(rows) % max(2, outputs)
    if outputs == 1:
        targets = labels.double().view(rows, 1)
    else:
        targets = torch.nn.functional.one_hot(labels, outputs).double()
    summed_loss = loss_function(loss)

    # One iteration a call, which first evaluates where the last call has ended.
    update = torch.optim.LBFGS(
        net.parameters(), lr=learning_rate, max_iter=1, history_size=history,
        tolerance_grad=0, line_search_fn="strong_wolfe")
    evaluated = []

    def closure():
        update.zero_grad()
        weights = sum(layer.weight.square().sum() for layer in net.layers)
        objective = summed_loss(net(x), targets) / rows + l2 / 2 * weights
        objective.backward()
        evaluated.append(objective.item())
        return objective

    losses = []
    trials = []
    for _ in range(ITERATIONS):
        evaluated.clear()
        update.step(closure)
        losses.append(evaluated[0])
        trials.append(len(evaluated) - 1)
    losses.append(closure().item())
    parameters = torch.nn.utils.parameters_to_vector(net.parameters()).tolist()
    stride = 1 if count < KEPT else count // KEPT
    return losses, trials, parameters[::stride], stride


def main():
    cases = []
    for name, layers, loss, rows, features, history, learning_rate, l2 in CASES:
        losses, trials, parameters, stride = iterations(
            layers, loss, rows, features, history, learning_rate, l2)
        cases.append({
            "name": name,
            "layers": layers,
            "loss": loss,
            "rows": rows,
            "features": features,
            "history": history,
            "learning_rate": learning_rate,
            "l2": l2,
            "losses": losses,
            "trials": trials,
            "stride": stride,
            "parameters": parameters,
        })
    path = pathlib.Path(__file__).with_name("torch_lbfgs.json")
    path.write_text(json.dumps({"torch": torch.__version__, "cases": cases}, indent=2) + "\n")


if __name__ == "__main__":
    main()
