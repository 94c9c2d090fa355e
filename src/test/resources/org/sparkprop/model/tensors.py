"""Writes the .npz and .safetensors files beside it, all with the same two layers:

    W0 (out 3, in 2)   W0[o, i] = o + i / 4 - 1       b0[o] = o / 8
    W1 (out 2, in 3)   W1[o, i] = i - o / 2           b1[o] = -o

but for those with a square matrix, whose elements all differ: S[o, i] = o + i / 4, W0 as above.

Every number is a sum of a few powers of two, so that half floats hold it, too. Needs NumPy alone:

    python3 tensors.py
"""

import json
import os
import struct

import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))

w0 = np.array([[o + i / 4 - 1 for i in range(2)] for o in range(3)])
b0 = np.array([o / 8 for o in range(3)])
w1 = np.array([[i - o / 2 for i in range(3)] for o in range(2)])
b1 = np.array([-o for o in range(2)])


def npz(name, write, w0, b0, w1, b1):
    write(name + ".npz", W0=w0, b0=b0, W1=w1, b1=b1)


# As x @ W + b has it: (in, out). np.float64 is NumPy's default; b1 stays whole numbers (i8).
npz("in_out", np.savez, w0.T.copy(), b0, w1.T.copy(), b1)
npz("out_in_f4", np.savez, w0.astype("<f4"), b0.astype("<f4"), w1.astype("<f4"), b1.astype("<i4"))
npz("big_endian", np.savez, w0.astype(">f8"), b0.astype(">f4"), w1.astype(">f2"), b1.astype(">i8"))
npz("half", np.savez_compressed, w0.astype("f2"), b0.astype("f2"), w1.astype("f2"), b1.astype("f2"))
# A transpose is a view in Fortran order, and NumPy saves it as such; a bias may be a row.
npz("fortran", np.savez_compressed, w0.T, b0.reshape(1, 3), np.asfortranarray(w1), b1.reshape(1, 2))
np.savez("unnamed.npz", w0, b0, w1, b1)


class Version:
    """Writes arrays in a given version of the format, which np.savez does not offer."""

    def __init__(self, version):
        self.version = version

    def __call__(self, name, **arrays):
        import zipfile

        with zipfile.ZipFile(name, "w") as file:
            for key, array in arrays.items():
                with file.open(key + ".npy", "w", force_zip64=True) as out:
                    np.lib.format.write_array(out, np.asanyarray(array), version=self.version)


npz("version_2", Version((2, 0)), w0, b0, w1, b1)
npz("version_3", Version((3, 0)), w0, b0, w1, b1)


def bf16(array):
    return (np.asarray(array, "<f4").view("<u4") >> 16).astype("<u2")


def safetensors(name, tensors):
    """Tensors in the order given: (name, dtype, array)."""
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for key, dtype, array in tensors:
        numbers = {"F16": "<f2", "F32": "<f4", "F64": "<f8", "BF16": None}[dtype]
        raw = (bf16(array) if numbers is None else np.asarray(array, numbers)).tobytes()
        header[key] = {
            "dtype": dtype,
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    head = json.dumps(header).encode()
    with open(name + ".safetensors", "wb") as out:
        out.write(struct.pack("<Q", len(head)) + head + data)


def pairs(first, second, dtypes, w0=w0, w1=w1):
    return [
        (first + ".weight", dtypes[0], w0),
        (first + ".bias", dtypes[1], b0),
        (second + ".weight", dtypes[2], w1),
        (second + ".bias", dtypes[3], b1),
    ]


# torch.nn.Sequential counts activations, and PyTorch writes tensors in alphabetical order.
safetensors("sequential", sorted(pairs("2", "10", ["F32"] * 4)))
safetensors("named", sorted(pairs("fc1", "fc2", ["F64", "F32", "F16", "BF16"])))
# By their names, "input" comes after "hidden"; only the order of the file tells.
safetensors("words", pairs("input", "hidden", ["F32"] * 4))
safetensors("words_alphabetical", sorted(pairs("hidden", "output", ["F32"] * 4)))
safetensors("in_out", pairs("layers.0", "layers.1", ["F32"] * 4, w0.T, w1.T))
safetensors(
    "other_names",
    [("kernel", "F32", w0), ("offset", "F32", b0), ("kernel_1", "F32", w1), ("offset_1", "F32", b1)],
)

# A square matrix fits both ways.
s = np.array([[o + i / 4 for i in range(3)] for o in range(3)])
np.savez("square.npz", W0=s.T, b0=b0)
np.savez("square_among_others.npz", W0=w0, b0=b0, W1=s, b1=b0)
safetensors("square", [("0.weight", "F32", s), ("0.bias", "F32", b0)])
