"""The history of training as R keras shows it."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.evaluation.machine import machine, write
from pipekeras.grammar.keras.names import word
from pipekeras.grammar.values import ExternalObject, Vector, character, double, integer, mk_list, names_of


def metrics_list(history: Any) -> Vector:
    """Return one numeric vector for each result; the rate of learning has the name that the program's keras gives it."""
    spelled = {} if "keras3" in machine.attached else {"learning_rate": "lr"}
    table = {spelled.get(name, name): values for name, values in history.history.items()}
    return mk_list([double([float(item) for item in values]) for values in table.values()], list(table))


def history_value(history: Any) -> Vector:
    """Return what `fit()` gives: a list of class "keras_training_history", which programs change, save and look into."""
    params = {key: value for key, value in history.params.items() if value is not None}
    value = mk_list([external.to_language(params), metrics_list(history)], ["params", "metrics"])
    return value.with_attribute("class", character("keras_training_history"))


def _fields(value: Any) -> dict[str, Any]:
    """Return the elements of a list by name."""
    if not isinstance(value, Vector) or value.kind != "list":
        return {}
    return {name: item for name, item in zip(names_of(value) or [], value.items(), strict=False) if name}


def results_of(history: Any) -> dict[str, list[float]]:
    """Return the numbers of each result of a history, Keras' own or the list that `fit()` gives."""
    if isinstance(history, ExternalObject):
        history = history.value
    if not isinstance(history, Vector):
        return {name: [float(item) for item in values] for name, values in history.history.items()}
    metrics = _fields(_fields(history).get("metrics"))
    return {
        name: [float(item) for item in values.data]
        for name, values in metrics.items()
        if isinstance(values, Vector) and values.kind in ("double", "integer", "logical")
    }


def history_text(history: Any) -> str:
    """Return the final results, names right-aligned, four significant digits.

    The shape is R keras': an empty line, a heading, a line for each result, a blank after the last.
    """
    final = {name: values[-1] for name, values in results_of(history).items() if values}
    width = max((len(name) for name in final), default=0) + 1
    lines = [f"{name:>{width}}: {significant(float(value))}" for name, value in final.items()]
    return "\n".join(["", "Final epoch (plot to see history):", *lines]) + " "


def significant(value: float) -> str:
    """Return a number to four significant digits, without zeros at the end, with commas between thousands.

    >>> significant(1.26789), significant(0.93914), significant(12345.6)
    ('1.268', '0.9391', '12,346')
    """
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Inf" if value > 0 else "-Inf"
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    text = f"{value:.4g}"
    if "e" in text:
        return f"{value:.3e}"
    return text


@word("print.keras_training_history", "x, ...", invisible=True)
def print_history(x: Any, dots: Any) -> Any:
    """Print the final results of a training.

    Args:
        x: history.
    """
    write(history_text(x) + "\n")
    return x


@word("as.data.frame.keras_training_history", "x, ...")
def as_data_frame(x: Any, dots: Any) -> Any:
    """Return one row for each epoch, result and set of data: epoch, value, metric, data.

    Args:
        x: history.
    """
    table = results_of(x)
    count = max(map(len, table.values()), default=0)
    names = list(dict.fromkeys(name.removeprefix("val_") for name in table))
    sets = ["training"] + (["validation"] if any(name.startswith("val_") for name in table) else [])
    epochs: list[int] = []
    values: list[float | None] = []
    metric: list[int] = []
    data: list[int] = []
    for set_index, kind in enumerate(sets):
        for name_index, name in enumerate(names):
            found = table.get(name if kind == "training" else f"val_{name}", [None] * count)
            for number, value in enumerate(found, start=1):
                epochs.append(number)
                values.append(None if value is None else float(value))
                metric.append(name_index + 1)
                data.append(set_index + 1)

    def factor(codes: list[int], levels: list[str]) -> Vector:
        return integer(codes, {"levels": character(levels), "class": character("factor")})

    frame = mk_list(
        [integer(epochs), double(values), factor(metric, names), factor(data, sets)], ["epoch", "value", "metric", "data"]
    )
    frame.attributes = {**(frame.attributes or {}), "class": character("data.frame"),
                        "row.names": integer(list(range(1, len(epochs) + 1)))}  # fmt: skip
    return frame
