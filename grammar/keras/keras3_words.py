"""Words of keras3 that R keras did not have: cells, constraints of the program, settings, parts of data sets, names."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert, signatures
from pipekeras.grammar.keras.classes import _inherited, _place, class_from
from pipekeras.grammar.keras.custom_words import layer_function
from pipekeras.grammar.keras.models import model_of
from pipekeras.grammar.keras.names import OWN, word, wrap
from pipekeras.grammar.keras.saving import class_name
from pipekeras.grammar.values import NULL, ExternalObject, character, integer, logical, mk_list
from pipekeras.grammar.vectors.arguments import flag

from pipekeras import layers
from pipekeras.core import custom_objects
from pipekeras.utils import message

# Cells of recurrent layers

for _word_name, _cell in (("rnn_cell_gru", "GRUCell"), ("rnn_cell_lstm", "LSTMCell"), ("rnn_cell_simple", "SimpleRNNCell")):
    OWN[_word_name] = signatures.function_of(_word_name, getattr(layers, _cell))


@word("rnn_cells_stack", "cells, ...")
def rnn_cells_stack(cells: Any, dots: Any) -> Any:
    """Return one cell of several, each of which takes what the one before it gives.

    Args:
        cells: list of cells.
    """
    options = {name: convert.argument(name, value) for name, value in dots if name}
    return wrap(layers.StackedRNNCells(external.to_python(cells), **options))


# Classes of the program


def _class_members(dots: Any, named: dict[str, Any]) -> list[tuple[str | None, Any]]:
    return [*((name, value) for name, value in named.items() if value is not NULL), *dots]


@word("Constraint", "classname, call = NULL, get_config = NULL, ..., public = list(), private = list(), inherit = NULL, "
      "parent_env = NULL", needs_environment=True)  # fmt: skip
def constraint_class(classname: Any, call: Any, get_config: Any, dots: Any, public: Any, private: Any, inherit: Any,
                     place: Any, *, environment: Environment) -> Any:  # fmt: skip
    """Return a function that makes constraints of a new class.

    Args:
        classname: text.
        call: function(w) that returns the weights as they shall be.
        get_config: function() that returns a list of settings; further methods and fields by name.
        private: named list of members as of R6Class().
        inherit: R6 class that inherits from KerasConstraint, default KerasConstraint.
    """
    members = _class_members(dots, {"call": call, "get_config": get_config, "public": public, "private": private})
    made = class_from(classname, members, _inherited(inherit, OWN["KerasConstraint"]), _place(place, environment))
    return made.frame["new"]


@word("new_wrapper_class", "classname, ..., initialize = NULL, build = NULL, call = NULL, get_config = NULL, public = list(), "
      "private = list(), inherit = NULL, parent_env = NULL", needs_environment=True)  # fmt: skip
def new_wrapper_class(classname: Any, dots: Any, initialize: Any, build: Any, call: Any, get_config: Any, public: Any,
                      private: Any, inherit: Any, place: Any, *, environment: Environment) -> Any:  # fmt: skip
    """Return a function that makes layers of a new class that wrap another layer, `self$layer`.

    Args:
        classname: text.
        initialize, build, call, get_config: methods; further methods and fields by name.
        private: named list of members as of R6Class().
        inherit: R6 class that inherits from KerasWrapper, default KerasWrapper.
    """
    named = {"initialize": initialize, "build": build, "call": call, "get_config": get_config}
    named |= {"public": public, "private": private}
    base = _inherited(inherit, OWN["KerasWrapper"])
    return layer_function(class_from(classname, _class_members(dots, named), base, _place(place, environment)))


@word("get_registered_name", "obj")
def get_registered_name(target: Any) -> Any:
    """Return the name under which register_keras_serializable() knows an object, or the object's own name.

    Args:
        obj: class or function.
    """
    known = class_name(target)
    if known is None:
        return character(custom_objects.get_registered_name(external.to_python(target)))
    registered = (name for name in custom_objects.get_custom_objects() if name.endswith(f">{known}"))
    return character(next(registered, known))


@word("get_registered_object", "name, custom_objects = NULL, module_objects = NULL")
def get_registered_object(name: Any, custom: Any, module: Any) -> Any:
    """Return what is registered under a name, or NULL.

    Args:
        name: text.
        custom_objects: named list that is asked first.
    """
    label = str(name.items()[0])
    for table in (custom, module):
        if table is not NULL and label in external.to_python(table):
            return wrap(external.to_python(table)[label])
    found = custom_objects.get_registered_object(label)
    return NULL if found is None else wrap(found)


# Settings


def _switches(name: str, enable: Any, disable: Any, state: Any, what: str) -> None:
    for verb, change in (("enable", enable), ("disable", disable)):
        @word(f"config_{verb}_{name}", "", invisible=True)
        def switch(change: Any = change) -> Any:
            change()
            return NULL

        switch.__doc__ = f"{verb.capitalize()} {what}."

    @word(f"config_is_{name}_enabled", "")
    def ask() -> Any:
        return logical(bool(state()))

    ask.__doc__ = f"Return whether {what} is on."


_switches("interactive_logging", message.enable_interactive_logging, message.disable_interactive_logging,
          message.is_interactive_logging_enabled, "the line of progress that fit() writes")  # fmt: skip


def _only(name: str, verb: str, reason: str) -> None:
    """A setting that has one state here: that one may be asked for."""

    @word(f"config_{verb}_{name}", "", invisible=True)
    def accept() -> Any:
        return NULL

    other = "disable" if verb == "enable" else "enable"

    @word(f"config_{other}_{name}", "", invisible=True)
    def refuse() -> Any:
        raise RError(f"config_{other}_{name}() is not supported: {reason}")

    @word(f"config_is_{name}_enabled", "")
    def ask() -> Any:
        return logical(verb == "enable")

    accept.__doc__ = ask.__doc__ = refuse.__doc__ = f"There is one state: {reason}."


_only("traceback_filtering", "enable", "errors never show frames of the runtime; run with --debug to see them")
_only("flash_attention", "disable", "attention is computed in one way")


@word("config_set_backend", "backend", invisible=True)
def config_set_backend(backend: Any) -> Any:
    """Accepted for scripts that call it: there is one runtime.

    Args:
        backend: text.
    """
    return NULL


# Models and layers


@word("reset_state", "object", invisible=True)
def reset_state(target: Any) -> Any:
    """Forget what a metric has counted, or what stateful layers remember; returns the object.

    Args:
        object: metric, layer or model.
    """
    value = target.value
    reset = getattr(value, "reset_state", None) or getattr(value, "reset_states", None)
    if reset is None:
        raise RError("reset_state() takes a metric, a layer that remembers or a model")
    reset()
    return target


@word("vocabulary_size", "object")
def vocabulary_size(target: Any) -> Any:
    """Return how many words a layer knows, with its marks for the unknown and for padding.

    Args:
        object: layer that looks up words.
    """
    return integer(int(target.value.vocabulary_size()))


@word("get_source_inputs", "tensor")
def get_source_inputs(tensor: Any) -> Any:
    """Return the inputs that a tensor of a layer graph is made of, as a list.

    Args:
        tensor: tensor of layers.
    """
    from pipekeras.utils import get_source_inputs as sources

    return mk_list([wrap(one) for one in sources(tensor.value)])


@word("application_decode_predictions", "model, preds, top = 5L, ...")
def application_decode_predictions(model: Any, preds: Any, top: Any, dots: Any) -> Any:
    """Return the most probable classes of ImageNet: one data frame for each picture.

    Args:
        model: network from application_*().
        preds: matrix of predictions with 1000 columns.
        top: number of classes.
    """
    model_of(model)
    decode = OWN["imagenet_decode_predictions"]
    return decode.function(preds, top)


# Data sets


@word("split_dataset", "dataset, left_size = NULL, right_size = NULL, shuffle = FALSE, seed = NULL, ...")
def split_dataset(dataset: Any, left: Any, right: Any, shuffle: Any, seed: Any, dots: Any) -> Any:
    """Return the two parts of a data set as a list of two data sets.

    Args:
        dataset: data set, array, or list of arrays with as many rows each.
        left_size, right_size: number of rows, or share of all between 0 and 1; one of them may be NULL, the rest.
        shuffle: order the rows by chance first.
        seed: whole number for the shuffling.
    """
    from pipekeras.utils import split_dataset as split

    def size(value: Any) -> Any:
        number = None if value is NULL else float(value.items()[0])
        return int(number) if number is not None and number >= 1 else number

    source = dataset.value if isinstance(dataset, ExternalObject) else convert.data(dataset)
    chance = None if seed is NULL else int(seed.items()[0])
    parts = split(source, size(left), size(right), shuffle=flag(shuffle), seed=chance)
    return mk_list([wrap(part) for part in parts])


@word("image_smart_resize", "x, size, interpolation = 'bilinear', data_format = NULL, ...")
def image_smart_resize(x: Any, size: Any, interpolation: Any, data_format: Any, dots: Any) -> Any:
    """Bring pictures to a size without changing their proportions: what is too long is cut at both ends.

    Args:
        x: array (height, width, channels) or (batch, height, width, channels).
        size: height and width.
        interpolation: "bilinear", "nearest" or "bicubic".
    """
    from pipekeras.preprocessing.image import smart_resize

    if data_format is not NULL and str(data_format.items()[0]) != "channels_last":
        raise RError("image_smart_resize() takes channels last")
    sides = tuple(int(side) for side in size.items())
    return convert.result(smart_resize(convert.data(x), sides, interpolation=str(interpolation.items()[0])))
