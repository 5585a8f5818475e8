"""Making models: inputs, sequential and functional models, and what one asks of a model's layers."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert, signatures
from pipekeras.grammar.keras.names import OWN, _apply, word, wrap
from pipekeras.grammar.values import NULL, ExternalObject, Vector, integer, mk_list
from pipekeras.grammar.vectors.unsupported import only_default

from pipekeras import layers, models
from pipekeras.core.custom_objects import custom_object_scope
from pipekeras.layers.base.layer import Layer


def model_of(value: Any, what: str = "object") -> Any:
    """Return the model behind a value, or raise an error that says what was found."""
    found = value.value if isinstance(value, ExternalObject) else value
    if not isinstance(found, Layer):
        raise RError(f"{what} must be a model", mend="make one with keras_model_sequential() or keras_model()")
    return found


@word("layer_input", "shape = NULL, batch_shape = NULL, name = NULL, dtype = NULL, sparse = FALSE, tensor = NULL, "
      "ragged = FALSE, batch_size = NULL")  # fmt: skip
def layer_input(shape: Any, batch_shape: Any, name: Any, dtype: Any, sparse: Any, tensor: Any, ragged: Any,
                batch_size: Any) -> Any:  # fmt: skip
    """Declare an input of a model.

    Args:
        shape: numbers without the batch axis; NA or NULL for any size.
        batch_shape: numbers with the batch axis.
        name: text.
        dtype: text, default "float32".
    """
    only_default("layer_input", sparse=(sparse, False), tensor=(tensor, None), ragged=(ragged, False))
    options: dict[str, Any] = {}
    if shape is not NULL:
        options["shape"] = convert.shape(shape)
    if batch_shape is not NULL:
        options["batch_shape"] = convert.shape(batch_shape)
    for key, value in (("name", name), ("dtype", dtype), ("batch_size", batch_size)):
        if value is not NULL:
            options[key] = convert.argument(key, value)
    return ExternalObject(layers.Input(**options))


@word("keras_model_sequential", "layers = NULL, name = NULL, ..., input_shape = NULL, batch_input_shape = NULL, "
      "dtype = NULL, trainable = NULL")  # fmt: skip
def keras_model_sequential(stack: Any, name: Any, dots: Any, input_shape: Any, batch_input_shape: Any, dtype: Any,
                           trainable: Any) -> Any:  # fmt: skip
    """Make a model that grows layer by layer: `model %>% layer_dense(64)`.

    Args:
        layers: list of layers, or the input shape.
        name: text.
        input_shape: numbers, shape of one row of the data.
    """
    options: dict[str, Any] = {} if name is NULL else {"name": convert.argument("name", name)}
    if trainable is not NULL:
        options["trainable"] = convert.argument("trainable", trainable)
    model = models.Sequential(**options)
    for key, value in dots:
        if key == "shape":
            input_shape = value
        elif key != "batch_size":
            raise RError(f"unused argument ({key or value})")
    if isinstance(stack, Vector) and stack.kind != "list":
        input_shape, stack = stack, NULL
    shape, batch_shape = convert.shape(input_shape), convert.shape(batch_input_shape)
    kind = {} if dtype is NULL else {"dtype": convert.argument("dtype", dtype)}
    if shape is not None:
        model.add(layers.Input(shape, **kind))
    elif batch_shape is not None:
        model.add(layers.Input(batch_shape=batch_shape, **kind))
    if stack is not NULL:
        found = convert.data(stack, "layers")
        for layer in found if isinstance(found, list) else [found]:
            model.add(layer)
    return ExternalObject(model)


@word("keras_model", "inputs, outputs = NULL, ..., name = NULL")
def keras_model(inputs: Any, outputs: Any, dots: Any, name: Any) -> Any:
    """Make a model from the tensors that it begins and ends with.

    Args:
        inputs: tensor, list or named list of tensors from layer_input().
        outputs: tensor, list or named list of tensors.
    """
    options = {} if name is NULL else {"name": convert.argument("name", name)}
    return ExternalObject(models.Model(convert.data(inputs, "inputs"), convert.data(outputs, "outputs"), **options))


@word("get_layer", "object, name = NULL, index = NULL")
def get_layer(target: Any, name: Any, index: Any) -> Any:
    """Return a layer by name, or by place counted from 1 (from the end if negative)."""
    model = model_of(target)
    if index is not NULL:
        place = int(index.items()[0])
        if place == 0:
            raise RError("`index` is 1 based, received 0")
        return ExternalObject(model.get_layer(index=place - 1 if place > 0 else place))
    if isinstance(name, Vector) and name.kind != "character":
        return get_layer(target, NULL, name)
    return ExternalObject(model.get_layer(name=convert.argument("name", name)))


@word("pop_layer", "object", invisible=True)
def pop_layer(target: Any) -> Any:
    """Remove the last layer of a sequential model."""
    model_of(target).pop()
    return NULL


@word("get_weights", "object, trainable = NA")
def get_weights(target: Any, trainable: Any) -> Any:
    """Return the weights as a list of arrays."""
    chosen = convert.argument("trainable", trainable)
    layer = model_of(target)
    variables = layer.weights if chosen is None else layer.trainable_weights if chosen else layer.non_trainable_weights
    return mk_list([convert.result(variable.numpy()) for variable in variables])


@word("set_weights", "object, weights", invisible=True)
def set_weights(target: Any, weights: Any) -> Any:
    """Replace the weights by a list of arrays."""
    found = convert.data(weights, "weights")
    model_of(target).set_weights(
        found if isinstance(found, list) else list(found.values()) if isinstance(found, dict) else [found]
    )
    return target


@word("quantize_weights", "object, mode, ..., config = NULL, filters = NULL", invisible=True)
def quantize_weights(target: Any, mode: Any, dots: Any, config: Any, filters: Any) -> Any:
    """Keep the main weights in 8 bits from here on.

    Args:
        object: model or layer.
        mode: "int8".
        config: Int8QuantizationConfig, or NULL.
        filters: regular expressions that the names of a model's layers match, or NULL for all.
    """
    owner = model_of(target)
    options = {} if filters is NULL else {"filters": convert.argument("filters", filters)}
    owner.quantize(convert.argument("mode", mode), config=convert.argument("config", config), **options)
    return target


@word("count_params", "object")
def count_params(target: Any) -> Any:
    """Return the number of single weights."""
    return integer(model_of(target).count_params())


@word("clone_model", "model, input_tensors = NULL, clone_function = NULL")
def clone_model(model: Any, input_tensors: Any, clone_function: Any) -> Any:
    """Return a model with equal layers and fresh weights."""
    options: dict[str, Any] = {}
    if input_tensors is not NULL:
        options["input_tensors"] = convert.data(input_tensors)
    if clone_function is not NULL:
        options["clone_function"] = external.to_python(clone_function)
    return ExternalObject(models.clone_model(model_of(model), **options))


def _place_or_name(value: Any) -> Any:
    """Turn a layer's number from 1 into one from 0; names stay."""
    found = convert.argument("place", value)
    if isinstance(found, list):
        return [item - 1 if isinstance(item, int) and item > 0 else item for item in found]
    return found - 1 if isinstance(found, int) and found > 0 else found


@word("freeze_weights", "object, from = NULL, to = NULL, which = NULL", invisible=True)
def freeze_weights(target: Any, start: Any, stop: Any, which: Any) -> Any:
    """Freeze the layers from one to another, by name or number from 1; the others learn."""
    return _set_frozen(target, start, stop, which, models.freeze_weights)


@word("unfreeze_weights", "object, from = NULL, to = NULL, which = NULL", invisible=True)
def unfreeze_weights(target: Any, start: Any, stop: Any, which: Any) -> Any:
    """Let the layers from one to another learn, by name or number from 1; the others are frozen."""
    return _set_frozen(target, start, stop, which, models.unfreeze_weights)


def _set_frozen(target: Any, start: Any, stop: Any, which: Any, function: Any) -> Any:
    model = model_of(target)
    options: dict[str, Any] = {}
    for key, value in (("from_", start), ("to", stop), ("which", which)):
        if value is not NULL:
            options[key] = _place_or_name(value)
    function(model, **options)
    return target


@word("reset_states", "object", invisible=True)
def reset_states(target: Any) -> Any:
    """Forget the states that stateful layers carry from batch to batch."""
    model_of(target).reset_states()
    return target


@word("get_config", "object")
def get_config(target: Any) -> Any:
    """Return the arguments that make an equal object, as a dict that knows the object's class."""
    found = convert.argument("object", target)
    return ExternalObject(found.get_config(), {"config_class": ExternalObject(type(found))})


@word("from_config", "config, custom_objects = NULL")
def from_config(config: Any, custom_objects: Any) -> Any:
    """Make a layer, a model or another object from what `get_config()` returned."""
    from pipekeras.grammar.keras.saving import custom_objects_of

    found, objects = convert.argument("config", config), custom_objects_of(custom_objects)
    made_from = (getattr(config, "attributes", None) or {}).get("config_class")
    if made_from is not None:
        with custom_object_scope(objects):
            return ExternalObject(made_from.value.from_config(found))
    return ExternalObject(models.model_from_config(found, objects))


def _node_word(name: str, method: str) -> None:
    @word(name, "object, node_index")
    def read(target: Any, node_index: Any) -> Any:
        place = int(node_index.items()[0])
        return wrap(getattr(model_of(target), method)(place - 1))

    read.__doc__ = f"Return {method[4:-3].replace('_', ' ')} of a call of the layer, counted from 1."


for _word_name in ("get_input_at", "get_output_at", "get_input_shape_at", "get_output_shape_at", "get_input_mask_at",
                   "get_output_mask_at"):  # fmt: skip
    _node_word(_word_name, _word_name)


def _selu_layer(**options: Any) -> Any:
    """Apply the scaled exponential linear unit to each element.

    Args:
        object: model or tensor.
        input_shape: numbers, shape of one row of the data, for a first layer.
        name: text.
    """
    return layers.Activation("selu", **options)


OWN["layer_activation_selu"] = signatures.function_of(
    "layer_activation_selu",
    _selu_layer,
    first="object",
    common=signatures.COMMON_LAYER,
    finish=lambda made, left: _apply(left, made),
)
