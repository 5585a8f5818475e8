"""Record what real Keras returns for the calls of op_cases.py: `python tests/parity/record_ops.py` (minutes).

With `--missing` only the calls that have no result yet are made.
"""

from __future__ import annotations

import importlib.util
import os
import pathlib
import sys
import warnings
from typing import Any

import numpy as np

HERE = pathlib.Path(__file__).parent


def load_cases() -> Any:
    """Return the module of the calls, its inputs drawn anew."""
    spec = importlib.util.spec_from_file_location("op_cases", HERE / "op_cases.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def flat(value: Any) -> list[Any]:
    """Return the leaves of nested lists and tuples."""
    return [leaf for item in value for leaf in flat(item)] if isinstance(value, list | tuple) else [value]


def main() -> None:
    os.environ["KERAS_BACKEND"] = "jax"
    warnings.simplefilter("ignore")
    import keras

    results: dict[str, np.ndarray] = {}
    if "--missing" in sys.argv[1:]:
        with np.load(HERE / "op_results.npz", allow_pickle=False) as file:
            results.update({key: file[key] for key in file.files})
    done = {key.rpartition("/")[0] for key in results}
    for number, (name, args, kwargs) in enumerate(load_cases().CASES):
        if f"{number}/{name}" in done:
            continue
        op = keras.ops
        for piece in name.split("."):
            op = getattr(op, piece)
        try:
            returned = flat(op(*args, **kwargs))
        except Exception as problem:
            print(f"{number} {name}: Keras refuses: {problem}")
            continue
        for part, leaf in enumerate(returned):
            results[f"{number}/{name}/{part}"] = np.asarray(leaf)
    np.savez_compressed(HERE / "op_results.npz", **results)
    print(f"{len(results)} results of Keras {keras.__version__}")


if __name__ == "__main__":
    main()
