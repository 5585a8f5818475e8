"""The base class of models."""

from __future__ import annotations

import json
from typing import Any

from pipekeras.core import keras_2, serialization
from pipekeras.core.budget import elements_of_memory, limited_variables
from pipekeras.core.errors import ArgumentError, ConfigurationError, FileFormatError, did_you_mean
from pipekeras.core.plain_data import parse_json, parse_yaml
from pipekeras.core.registry import register
from pipekeras.core.structure import flatten, is_shape, map_shapes
from pipekeras.graph import trace as tracing
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.base.node import is_graph_tensor
from pipekeras.models.direct import DirectCalls
from pipekeras.models.older_methods import OlderMethods
from pipekeras.models.trainer import Trainer


def _names_functional(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether a constructor's arguments are the inputs and outputs of a layer graph."""
    outputs = "outputs" in kwargs or "output" in kwargs
    inputs = "inputs" in kwargs or "input" in kwargs
    return len(args) >= 2 or (len(args) == 1 and outputs) or (inputs and outputs)


@register("model")
class Model(OlderMethods, Trainer, Layer):
    """Layers joined into one that can be trained and saved.

    `Model(inputs, outputs)` makes a functional model from tensors that layers gave. A subclass makes its layers in
    `__init__`, after `super().__init__()`, and joins them in `call`.

    Args:
        inputs: graph tensor from `Input()`, or a list or dict of them.
        outputs: graph tensor, or a list or dict of them.
        name: str, default "functional" (or the class name), numbered.
        trainable: bool, default True.

    Raises:
        ArgumentError: inputs or outputs are not tensors of a layer graph.
        ShapeError: the outputs rest on an input that is not given.

    Example:

    >>> from pipekeras import Input, Model, layers
    >>> x = Input((3,))
    >>> h = layers.Dense(5, activation="relu")(x)
    >>> model = Model(x, layers.Dense(1)(h))
    >>> model.output_shape, model.count_params()
    ((None, 1), 26)
    """

    takes_text = True

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is Model and _names_functional(args, kwargs):
            from pipekeras.models.functional import Functional

            return object.__new__(Functional)
        return object.__new__(cls)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from pipekeras.models.functional import Functional

        if _names_functional(args, kwargs) and not isinstance(self, Functional):
            # A subclass that hands inputs and outputs to this constructor is a functional model with more methods.
            self.__class__ = _functional_class(type(self))
            Functional.__init__(self, *args, **kwargs)  # type: ignore[arg-type]
            return
        if args:
            raise ArgumentError(
                f"{type(self).__name__} takes inputs and outputs, or keywords only; got {len(args)} argument"
            )
        Layer.__init__(self, **kwargs)
        Trainer.__init__(self)
        self.supports_masking = True

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output; a subclass overrides it."""
        raise ConfigurationError(
            f"{type(self).__name__} has no call method",
            mend="write call(self, inputs), or make the model with Model(inputs, outputs)",
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and (not kwargs or kwargs == {"training": False}):
            # Plain calls on arrays, of models whose call is the graph's own, run compiled once they are warm.
            graph = self._direct_graph()
            if graph is not None:
                calls = self.__dict__.get("_direct_calls")
                if calls is None:
                    calls = self.__dict__["_direct_calls"] = DirectCalls(self)
                found = calls.run(args[0], graph)
                if found is not None:
                    return found
        return super().__call__(*args, **kwargs)

    def _host_stage(self) -> Any:
        """Return the part of the model that works on data before the compiled program, or None."""
        return None

    def _direct_graph(self) -> Any:
        """Return what identifies the layers behind a call, or None where a call may be more than its layers."""
        return None

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return None: the layers inside put masks on their outputs themselves."""
        return None

    # Layers

    @property
    def layers(self) -> list[Any]:
        """The layers directly inside, in order."""
        return self._flatten_layers(include_self=False, recursive=False)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """Return a layer by name or by number.

        Args:
            name: str, the layer's name.
            index: int, the layer's place, from 0; negative from the end.

        Raises:
            ConfigurationError: there is no such layer.
        """
        if (name is None) == (index is None):
            raise ArgumentError("get_layer takes a name or an index", mend="write get_layer(name='...') or get_layer(index=0)")
        layers = self.layers
        if index is not None:
            if not -len(layers) <= index < len(layers):
                raise ConfigurationError(f"'{self.name}' has {len(layers)} layers; there is none at index {index}")
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        known = [layer.name for layer in layers]
        raise ConfigurationError(
            f"'{self.name}' has no layer '{name}'",
            mend=did_you_mean(str(name), known) or f"its layers are {', '.join(known)}",
        )

    # Building

    def _has_own_build(self) -> bool:
        return type(self).build is not Model.build and "build" not in self.__dict__

    def build(self, input_shape: Any) -> None:
        """Make all weights for an input shape, by a call on placeholders.

        Args:
            input_shape: tuple with the batch axis first, or a list or dict of tuples for several inputs.
        """
        if self._has_unbuilt_parts() or not self._layers:
            shape = tuple(input_shape) if is_shape(input_shape) else input_shape
            inputs = map_shapes(lambda item: Tensor.symbolic(item, self.input_dtype), shape)
            with tracing.tracing():
                self.call(inputs)
            self._clear_losses()

    # Configuration

    def to_json(self, **options: Any) -> str:
        """Return the model's configuration, without weights, as JSON text.

        Args:
            **options: keywords of `json.dumps`, such as indent.
        """
        with serialization.shared_objects():
            return json.dumps(serialization.serialize(self), **options)

    def to_yaml(self, **options: Any) -> str:
        """Return the model's configuration, without weights, as YAML text.

        Args:
            **options: keywords of `yaml.safe_dump`.
        """
        import yaml

        return yaml.safe_dump(json.loads(self.to_json()), sort_keys=False, **options)

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Any:
        """Make a model from what `get_config` returned, here or in any Keras from 2.2 on.

        Args:
            config: dict.
            custom_objects: dict of name to class or function, for parts that are not pipekeras' own.
        """
        if isinstance(config, dict) and {"layers", "input_layers", "output_layers"} <= set(config):
            from pipekeras.models.functional_config import functional_from_config

            return functional_from_config(cls, config, custom_objects)
        return super().from_config(config, custom_objects)

    def reset_states(self) -> None:
        """Forget the states that stateful layers carry from batch to batch."""
        for layer in self._flatten_layers():
            if layer is not self and getattr(layer, "stateful", False):
                layer.reset_states()

    def add_loss(self, loss: Any, inputs: Any = None) -> None:
        """Add a tensor (or a list of them) to what training minimises.

        Args:
            loss: tensor computed in `call`; or, outside of it, one of the model's own layer graph, as in Keras 2.
            inputs: accepted; a tensor tells what it was computed from.
        """
        if tracing.current() is None:
            of_graph = [item for item in flatten(loss) if is_graph_tensor(item)]
            if of_graph:
                self.__dict__.setdefault("_graph_losses", []).extend(of_graph)
                self._steps.clear()
                loss = [item for item in flatten(loss) if not is_graph_tensor(item)]
        super().add_loss(loss)

    def add_metric(self, value: Any, name: str | None = None, aggregation: str | None = "mean", **options: Any) -> None:
        """Show the mean of a tensor among the results of training.

        Args:
            value: tensor computed in `call`; or, outside of it, one of the model's own layer graph, as in Keras 2.
            name: str, what the result is called.
            aggregation: "mean".
        """
        if tracing.current() is not None or not is_graph_tensor(value):
            super().add_metric(value, name, aggregation, **options)
            return
        from pipekeras.nn.metrics import Mean

        metric = Mean(name=name)
        self._metrics.append(metric)
        self.__dict__.setdefault("_graph_metrics", []).append((value, metric))
        self._steps.clear()

    def predict_proba(self, x: Any, batch_size: int | None = None, verbose: Any = "auto", steps: int | None = None) -> Any:
        """Return the probabilities that a classifier gives; another name of `predict`."""
        return self.predict(x, batch_size=batch_size, verbose=verbose, steps=steps)

    def predict_classes(self, x: Any, batch_size: int | None = None, verbose: Any = "auto", steps: int | None = None) -> Any:
        """Return the class that a classifier finds most likely for each row of x.

        Formula: argmax of the last axis, or 1 where a single output is above 0.5.

        Args:
            x: array, list or dict of arrays, or a source of batches.
            batch_size: int, default 32.
            verbose: "auto", 0 or 1.
            steps: int, batches to take from a source.

        Returns:
            Array of class numbers from 0: (rows,), or (rows, 1) for a model with a single output.
        """
        outputs = self.predict_proba(x, batch_size, verbose, steps)
        if outputs.ndim > 1 and outputs.shape[-1] > 1:
            return outputs.argmax(axis=-1)
        return (outputs > 0.5).astype("int32")

    def get_compile_config(self) -> dict[str, Any]:
        """Return the arguments of `compile`, or an empty dict for a model that is not compiled."""
        return super().get_compile_config() or {}

    # Output

    def summary(
        self,
        line_length: int | None = None,
        positions: list[float] | None = None,
        print_fn: Any = None,
        expand_nested: bool = False,
        show_trainable: bool | None = None,
        layer_range: list[str] | tuple[str, str] | None = None,
    ) -> None:
        """Print a table of the layers with their output shapes and numbers of weights.

        Args:
            line_length: int, width of the table; default as wide as needed, up to the terminal.
            positions: list of the columns' right ends, as shares of the width or absolute.
            print_fn: function of a line, default `print`.
            expand_nested: bool, default False; whether the layers of inner models are listed.
            show_trainable: bool; whether a column tells what is trained; default when something is frozen.
            layer_range: two names; only the layers from the first to the second are listed.
        """
        from pipekeras.models.summary import summary_lines

        show = print_fn or print
        for line in summary_lines(self, line_length, positions, expand_nested, show_trainable, layer_range):
            show(line)

    # State

    def get_state_tree(self, value_format: str = "backend_tensor") -> dict[str, Any]:
        """Return copies of all values that the model keeps, nested by the paths of its variables.

        Args:
            value_format: "backend_tensor" (default) or "numpy_array".

        Returns:
            dict with "trainable_variables", "non_trainable_variables", "optimizer_variables" and "metrics_variables".

        Example:

        >>> import pipekeras
        >>> model = pipekeras.Sequential([pipekeras.Input((3,)), pipekeras.layers.Dense(2, name="out")], name="small")
        >>> model.get_state_tree("numpy_array")["trainable_variables"]["small"]["out"]["bias"]
        array([0., 0.], dtype=float32)
        """
        from pipekeras.models import nested_state

        return nested_state.state_tree(self, value_format)

    def set_state_tree(self, state_tree: dict[str, Any]) -> None:
        """Give variables the values of a tree such as `get_state_tree` returns; what it does not name stays.

        Args:
            state_tree: nested dict of arrays or tensors.

        Raises:
            ConfigurationError: the tree names a variable that the model does not have.
        """
        from pipekeras.models import nested_state

        nested_state.set_state_tree(self, state_tree)

    def quantize(
        self, mode: str | None = None, type_check: bool = True, config: Any = None, filters: Any = None, **options: Any
    ) -> None:
        """Keep the main weights of Dense, EinsumDense and embedding layers in 8 bits from here on.

        Args:
            mode: "int8", or None for the mode of config.
            type_check: bool, default True; whether layers of classes that extend these are left as they are.
            config: Int8QuantizationConfig, or None.
            filters: regular expression or list of them that the names of the layers to be quantised match, or a function of
                a layer; None for all layers.
            **options: none are known.

        Raises:
            ConfigurationError: the mode is not available.
            StateError: a layer is not built, or quantised already.
        """
        from pipekeras.models import quantization

        quantization.quantize(self, mode, type_check, config, filters, options)

    # Files

    def save(self, filepath: Any, overwrite: bool = True, zipped: bool = True, **options: Any) -> None:
        """Write the whole model to a file: layers, weights and the state of training.

        Args:
            filepath: path; the ending says the format: `.keras` or `.h5`.
            overwrite: bool, default True.
            zipped: bool, default True; False makes a folder that holds the archive.
            **options: passed to `pipekeras.saving.save_model`.
        """
        from pipekeras import saving

        saving.save_model(self, filepath, overwrite=overwrite, zipped=zipped, **options)

    def export(self, filepath: Any, format: str = "tf_saved_model", verbose: Any = None, input_signature: Any = None,
               **kwargs: Any) -> None:  # fmt: skip
        """Refuse: programs of TensorFlow, ONNX and OpenVINO are written by real Keras, which reads what `save` writes.

        Args:
            filepath: path.
            format: str, "tf_saved_model", "onnx", "openvino" or "litert".
            verbose, input_signature, **kwargs: what else Keras takes.

        Raises:
            ConfigurationError: always.
        """
        raise ConfigurationError(
            f"models are not exported as {format!r} here",
            mend="save('model.keras'), then keras.saving.load_model('model.keras').export(...) in Keras",
        )

    def save_weights(self, filepath: Any, overwrite: bool = True, **options: Any) -> None:
        """Write the weights to a file.

        Args:
            filepath: path; the ending says the format: `.weights.h5` or `.h5`.
            overwrite: bool, default True.
            **options: passed to `pipekeras.saving.save_weights`.
        """
        from pipekeras import saving

        saving.save_weights(self, filepath, overwrite=overwrite, **options)

    def load_weights(self, filepath: Any, skip_mismatch: bool = False, **options: Any) -> None:
        """Read the weights from a file.

        Args:
            filepath: path of what `save_weights` or `save` wrote.
            skip_mismatch: bool, default False; leave out layers whose weights do not fit.
            **options: passed to `pipekeras.saving.load_weights`, such as by_name.
        """
        from pipekeras import saving

        saving.load_weights(self, filepath, skip_mismatch=skip_mismatch, **options)


_functional_classes: dict[type, type] = {}


def _functional_class(cls: type) -> type:
    """Return `cls` with Functional among its bases."""
    from pipekeras.models.functional import Functional

    if cls in _functional_classes:
        return _functional_classes[cls]
    made = type(cls.__name__, (cls, Functional), {"__doc__": cls.__doc__, "__module__": cls.__module__})
    made.__qualname__ = cls.__qualname__
    _functional_classes[cls] = made
    return made


def model_from_json(json_string: str, custom_objects: dict[str, Any] | None = None, compile: bool = True) -> Any:
    """Make a model, without weights, from the text that `to_json` returned.

    Args:
        json_string: str, written here or by any Keras from 2.2 on.
        custom_objects: dict of name to class or function, for parts that are not pipekeras' own.
        compile: bool, compile the model as it was where the text tells, default True.

    Raises:
        ConfigurationError: the text is not JSON, or names an unknown class.

    >>> from pipekeras import Sequential, layers
    >>> model = Sequential([layers.Dense(2, input_shape=(3,))])
    >>> model_from_json(model.to_json()).output_shape
    (None, 2)
    """
    try:
        data = parse_json(json_string, "the model's JSON text")
    except FileFormatError as error:
        raise ConfigurationError(f"this is not a model as JSON: {error.message}", mend=error.mend) from None
    return model_from_config(data, custom_objects, compile)


def model_from_yaml(yaml_string: str, custom_objects: dict[str, Any] | None = None, compile: bool = True) -> Any:
    """Make a model, without weights, from the text that `to_yaml` returned; only plain data are read.

    Args:
        yaml_string: str.
        custom_objects: dict of name to class or function, for parts that are not pipekeras' own.
        compile: bool, compile the model as it was where the text tells, default True.

    Raises:
        FileFormatError: the text is not YAML of plain data.
        ConfigurationError: it names an unknown class.
    """
    data = parse_yaml(yaml_string, "the model's YAML text")
    return model_from_config(data, custom_objects, compile)


def model_from_config(config: Any, custom_objects: dict[str, Any] | None = None, compile: bool = True) -> Any:
    """Make a model from the plain data that JSON or YAML text of a model holds.

    Args:
        config: dict with class_name and config.
        custom_objects: dict of name to class or function, for parts that are not pipekeras' own.
        compile: bool, compile the model as it was where the data tell, default True.

    Raises:
        ConfigurationError: the data do not describe a model.
    """
    if not isinstance(config, dict) or "class_name" not in config or "config" not in config:
        raise ConfigurationError("this does not describe a model: class_name or config is missing")
    if isinstance(config["config"], list):
        # Keras up to 2.2.2 wrote a Sequential as the bare list of its layers.
        config = {**config, "config": {"name": None, "layers": config["config"]}}
    if not compile:
        config = {**config, "compile_config": None}
    serialization.check_extent(config)
    if keras_2.is_keras_2(config.get("keras_version")):
        config = keras_2.meaning_today(config)
    with serialization.shared_objects(), limited_variables(elements_of_memory()):
        made = serialization.deserialize(config, custom_objects, kind="model")
    if not isinstance(made, Model):
        raise ConfigurationError(f"this describes a {type(made).__name__}, not a model")
    return made
