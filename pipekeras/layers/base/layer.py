"""The base class of all layers: when a layer is built, how it is called, what a call leaves in a layer graph."""

from __future__ import annotations

import functools
import threading
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from pipekeras.core import dtypes, naming
from pipekeras.core.configurable import Configurable
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError, StateError
from pipekeras.core.structure import flatten, is_shape, map_shapes, map_structure
from pipekeras.graph import trace as tracing
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import Variable
from pipekeras.layers.base import call_signature, dtype_policy, legacy_config
from pipekeras.layers.base.input_spec import InputSpec, check_input
from pipekeras.layers.base.node import Node, NodeAccess, is_graph_tensor
from pipekeras.layers.base.state import LayerState, name_scope


class _CallContext(threading.local):
    """What an inner layer learns from the call around it."""

    def __init__(self) -> None:
        self.depth = 0
        self.training: Any = None


_context = _CallContext()


def _recording_build(build: Callable[..., None]) -> Callable[..., None]:
    """Wrap a class's `build`: weights get the layer's name as path, the shapes are noted, the layer is marked built."""

    @functools.wraps(build)
    def wrapped(self: Layer, *shapes: Any, **named_shapes: Any) -> None:
        outermost = "_building" not in self.__dict__
        if not outermost:
            build(self, *shapes, **named_shapes)
            return
        self.__dict__["_building"] = True
        try:
            with name_scope(self.name):
                build(self, *shapes, **named_shapes)
        finally:
            del self.__dict__["_building"]
        names = call_signature.of_method(self, "build").names
        self.__dict__["_build_shapes"] = {**dict(zip(names, shapes, strict=False)), **named_shapes}
        self.built = True
        self._after_build()

    return wrapped


class Layer(LayerState, NodeAccess, Configurable):
    """A function of tensors that may have weights: what models are made of.

    A subclass makes its weights in `build(input_shape)` with `add_weight` and computes in `call(inputs)` with
    functions of `pipekeras.ops`. `call` may also take `training` (bool) and `mask`; both are filled in.

    Args:
        activity_regularizer: name, regularizer or None; penalises the output.
        trainable: bool, default True.
        dtype: str or DTypePolicy, default the type that `config.floatx()` names.
        autocast: bool, default True; whether float inputs are converted to the layer's type.
        name: str, default the class name in snake case, numbered.
        **options: `input_shape`, `batch_input_shape`, `batch_size`, `input_dim`, `input_length` and `weights`, the
            older ways to declare the input and to set the first weights.

    Raises:
        ArgumentError: an unknown argument.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers, ops
    >>> class Scale(layers.Layer):
    ...     def build(self, input_shape):
    ...         self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="factor")
    ...     def call(self, inputs):
    ...         return inputs * self.factor
    >>> Scale()(np.ones((2, 3))).shape
    (2, 3)
    """

    # A layer that has no state of its own and asks nothing of its input counts as built from the start.
    built_from_start: ClassVar[bool] = False
    # Constructor arguments that configs hold only when they are set.
    optional_config: ClassVar[tuple[str, ...]] = ()
    # Constructor arguments that configs never hold.
    hidden_config: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        build = cls.__dict__.get("build")
        if build is not None:
            cls.build = _recording_build(build)  # type: ignore[method-assign]

    def __init__(
        self,
        *,
        activity_regularizer: Any = None,
        trainable: bool = True,
        dtype: Any = None,
        autocast: bool = True,
        name: str | None = None,
        **options: Any,
    ) -> None:
        if not isinstance(trainable, bool | np.bool_):
            raise ArgumentError(f"trainable must be True or False, not {trainable!r}")
        if name is not None and not isinstance(name, str):
            raise ArgumentError(f"the name of a layer must be a string, not {name!r}")
        self._start_state(bool(trainable))
        fields = self.__dict__
        fields["name"] = name or naming.unique_name(naming.snake_case(type(self).__name__))
        fields["_dtype_policy"] = dtype_policy.get(dtype)
        fields["autocast"] = autocast
        fields["built"] = self.built_from_start
        fields["_input_spec"] = None
        fields["_inbound_nodes"] = []
        fields["_outbound_nodes"] = []
        fields["_build_shapes"] = None
        fields["_initial_weights"] = None
        fields["_declared_input"] = None
        fields["supports_jit"] = True
        # A class that brings its own mask rule takes masks.
        fields.setdefault("supports_masking", type(self).compute_mask is not Layer.compute_mask)
        fields["activity_regularizer"] = None
        if activity_regularizer is not None:
            from pipekeras.nn import regularizers

            fields["activity_regularizer"] = regularizers.get(activity_regularizer)
        if options:
            self._take_older_options(options)

    def _take_older_options(self, options: dict[str, Any]) -> None:
        """Accept the arguments by which Keras 1 and 2 declared inputs and first weights."""
        self.__dict__["_initial_weights"] = options.pop("weights", None)
        batch_size = options.pop("batch_size", None)
        length = options.pop("input_length", None)
        shape = options.pop("batch_input_shape", None)
        if "input_shape" in options:
            given = options.pop("input_shape")
            shape = (batch_size, *((given,) if given is None or isinstance(given, int) else tuple(given)))
        elif "input_dim" in options:
            size = options.pop("input_dim")
            shape = (batch_size, size) if length is None else (batch_size, length, size)
        if options:
            unknown = next(iter(options))
            raise ArgumentError(
                f"{type(self).__name__} has no argument '{unknown}'", mend=legacy_config.argument_mend(type(self), unknown)
            )
        if shape is not None:
            self.__dict__["_declared_input"] = tuple(None if size is None else int(size) for size in shape)

    # What a layer tells about itself

    @property
    def dtype(self) -> str:
        """The type of the weights."""
        return self._dtype_policy.variable_dtype

    @property
    def variable_dtype(self) -> str:
        """The type of the weights."""
        return self._dtype_policy.variable_dtype

    @property
    def compute_dtype(self) -> str:
        """The type of the computation."""
        return self._dtype_policy.compute_dtype

    @property
    def input_dtype(self) -> str:
        """The type that float inputs are converted to."""
        return self._dtype_policy.compute_dtype

    @property
    def dtype_policy(self) -> dtype_policy.DTypePolicy:
        """The types of computation and weights."""
        return self._dtype_policy

    @dtype_policy.setter
    def dtype_policy(self, value: Any) -> None:
        self.__dict__["_dtype_policy"] = dtype_policy.get(value)

    @property
    def input_spec(self) -> Any:
        """What the layer asks of its input: an InputSpec, a list or dict of them, or None."""
        return self._input_spec

    @input_spec.setter
    def input_spec(self, value: Any) -> None:
        self.__dict__["_input_spec"] = value

    @property
    def path(self) -> str:
        """The name."""
        return self.name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"

    def describe(self) -> str:
        """Return the layer as it was written, such as `Dense(units=10)`; error messages begin with it."""
        given = []
        for name, value in self._given_arguments().items():
            if isinstance(value, str | int | float | bool | tuple | list | type(None)) and len(repr(value)) < 60:
                given.append(f"{name}={value!r}")
        return f"{type(self).__name__}({', '.join(given)})"

    def _given_arguments(self) -> dict[str, Any]:
        recorded = self.__dict__.get("_constructor_arguments", {})
        own = next(iter(recorded.values()), None)
        given: dict[str, Any] = {}
        for parameters, bound in recorded.values():
            for name, value in bound.items():
                # A base class that its subclass calls may take without a default what the subclass has one for.
                default = (own[0] if own is not None and name in own[0].defaults else parameters).defaults.get(name)
                if not (value is default or (type(value) is type(default) and value == default)):
                    given.setdefault(name, value)
        return given

    def wanted_input(self, specification: InputSpec) -> str:
        """Return in words what shape the layer needs."""
        return specification.wanted()

    def shape_mend(self, specification: InputSpec, found: tuple[int | None, ...]) -> str | None:
        """Return how a wrong shape can be mended, or None."""
        wanted = specification.ndim if specification.ndim is not None else specification.min_ndim
        if wanted is not None and len(found) < wanted:
            return "add the missing axes: Input(shape=...) leaves out the batch axis only; Reshape adds axes"
        if specification.ndim is not None and len(found) > specification.ndim:
            return "put Flatten() before it, or drop an axis of the data"
        if self.built and specification.axes:
            return "the layer's weights were made for that size; give it inputs of the same size"
        return None

    # Building

    def build(self, input_shape: Any) -> None:
        """Make the weights; a subclass overrides it.

        Args:
            input_shape: tuple with the batch axis first, or a list or dict of tuples for several inputs.
        """
        self._mark_built(input_shape)

    def _has_own_build(self) -> bool:
        return type(self).build is not Layer.build or "build" in self.__dict__

    def _mark_built(self, input_shape: Any) -> None:
        self.__dict__["_build_shapes"] = {"input_shape": input_shape}
        self.built = True
        self._after_build()

    def _after_build(self) -> None:
        weights = self.__dict__["_initial_weights"]
        if weights is not None:
            self.__dict__["_initial_weights"] = None
            self.set_weights(weights)

    def get_build_config(self) -> dict[str, Any] | None:
        """Return the shapes that the layer was built for, or None."""
        shapes = self.__dict__["_build_shapes"]
        if shapes is None:
            return None
        if len(shapes) == 1:
            return {"input_shape": next(iter(shapes.values()))}
        return {"shapes_dict": dict(shapes)}

    def build_from_config(self, config: dict[str, Any]) -> None:
        """Build the layer for the shapes that `get_build_config` returned."""
        shapes = config.get("shapes_dict") or (
            {"input_shape": config["input_shape"]} if config.get("input_shape") is not None else None
        )
        if not shapes:
            return
        shapes = {name: map_shapes(tuple, shape) for name, shape in shapes.items()}
        if set(shapes) == {"input_shape"}:
            self.build(shapes["input_shape"])
        else:
            self.build(**shapes)

    def _build_for(self, bound: dict[str, Any], tensors: dict[str, Any]) -> None:
        """Build from the shapes of the tensors of a call."""
        shapes = {name: map_structure(_shape_of, value) for name, value in tensors.items()}
        if not self._has_own_build():
            if self._has_unbuilt_parts():
                # The parts make their weights when the computation reaches them.
                with tracing.tracing():
                    self.call(**map_structure(_placeholder, bound))
            self._mark_built(next(iter(shapes.values()), None))
            return
        signature = call_signature.of_method(self, "build")
        if len(signature.names) == 1 and not signature.has_keywords:
            self.build(next(iter(shapes.values()), None))
            return
        named = {f"{name}_shape": shape for name, shape in shapes.items()}
        if not signature.has_keywords:
            named = {name: shape for name, shape in named.items() if name in signature.names}
        if not named:
            raise ConfigurationError(
                f"build of {self.describe()} names its shapes {signature.names}; "
                f"call names its inputs {tuple(tensors)}",
                mend="name each argument of build after one of call, with _shape added",
            )
        self.build(**named)

    def _has_unbuilt_parts(self) -> bool:
        return any(not layer.built for layer in self._layers)

    # Calling

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output; a subclass overrides it."""
        raise StateError(f"{type(self).__name__} has no call method", mend="write call(self, inputs)")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if "_inbound_nodes" not in self.__dict__:
            raise StateError(
                f"{type(self).__name__}.__init__ does not call the base class", mend="call super().__init__() first"
            )
        signature = call_signature.of_method(self, "call")
        given_args, given_kwargs = args, kwargs
        training = kwargs.get("training")
        if "training" in kwargs and not signature.has_training:
            kwargs = {name: value for name, value in kwargs.items() if name != "training"}
            given_kwargs = kwargs
        first = args[0] if args else None
        if len(args) == 1 and type(first) is Tensor and not kwargs and signature.names:
            # The common call: one tensor. What follows for the general case is short-cut here.
            if self.autocast and first.dtype != self.input_dtype and dtypes.is_float(first.dtype):
                first = self._convert_argument(first)
                args = (first,)
            bound = {signature.names[0]: first}
            tensors = bound
            if len(signature.required) > 1:
                bound = signature.bind(self.describe(), args, {})
            in_graph = given_args[0].history is not None
        else:
            args = tuple(self._convert_arguments(item) for item in args)
            kwargs = {name: map_structure(self._convert_argument, item) for name, item in kwargs.items()}
            bound = signature.bind(self.describe(), args, kwargs)
            tensors = {
                name: value
                for name, value in bound.items()
                if name != "mask" and not name.endswith("_mask") and _holds_tensor(value)
            }
            first = next(iter(bound.values()), None)
            in_graph = any(is_graph_tensor(leaf) for leaf in flatten((given_args, given_kwargs)))

        if self._input_spec is not None and first is not None:
            check_input(self, self._input_spec, first)
        context = _context
        if training is None:
            training = context.training
            if training is None and signature.has_training:
                training = signature.defaults.get("training")
        if signature.has_training and training is not None:
            kwargs = {**kwargs, "training": training}
        outer_training, context.training = context.training, training
        context.depth += 1
        try:
            if not self.built:
                with name_scope(self.name):
                    self._build_for(bound, tensors)
                if self._input_spec is not None and first is not None:
                    check_input(self, self._input_spec, first)
            if context.depth == 1:
                self._clear_losses()
            previous_mask = self._fill_masks(signature, tensors, bound, first, kwargs)
            if in_graph:
                outputs = self._call_on_graph(args, kwargs, first, previous_mask)
                if "training" in kwargs and "training" not in given_kwargs:
                    kwargs = {name: value for name, value in kwargs.items() if name != "training"}
                recorded = {name: given_kwargs.get(name, value) for name, value in kwargs.items()}
                for name in ("mask", *[f"{name}_mask" for name in tensors]):
                    if name in recorded and name not in given_kwargs:
                        # Masks are found anew when the graph runs.
                        recorded[name] = map_structure(lambda leaf: None, recorded[name])
                        if all(item is None for item in flatten(recorded[name])):
                            recorded[name] = None
                Node(self, given_args, recorded, outputs)
                return outputs
            outputs = self.call(*args, **kwargs)
            if self.activity_regularizer is not None:
                self._add_activity_losses(outputs)
            self._mask_outputs(first, outputs, previous_mask)
            return outputs
        finally:
            context.depth -= 1
            context.training = outer_training

    def _convert_arguments(self, value: Any) -> Any:
        """Convert a positional argument; a nested list of numbers is an array, a list of arrays is several inputs."""
        if isinstance(value, list) and value and all(isinstance(leaf, bool | int | float) for leaf in flatten(value)):
            value = np.asarray(value)
        return map_structure(self._convert_argument, value)

    def _convert_argument(self, value: Any) -> Any:
        """Make arrays tensors, and floats the layer's type."""
        if isinstance(value, Tensor):
            tensor = value
        elif isinstance(value, Variable):
            tensor = convert(value)
        elif isinstance(value, np.ndarray | np.generic) or (hasattr(value, "__array__") and not isinstance(value, type)):
            array = np.asarray(value)
            if array.dtype.kind not in "biuf":
                return value
            target = self.input_dtype if self.autocast and array.dtype.kind == "f" else None
            return convert(array, target if target is None or dtypes.is_float(target) else None)
        else:
            return value
        if not self.autocast or tensor.dtype == self.input_dtype:
            return tensor
        if not dtypes.is_float(tensor.dtype) or not dtypes.is_float(self.input_dtype):
            return tensor
        if tensor.history is not None:
            converted = Tensor.symbolic(tensor.shape, self.input_dtype)
            converted.history = tensor.history
        else:
            converted = convert(tensor, self.input_dtype)
        converted.mask = tensor.mask
        return converted

    def _fill_masks(
        self, signature: call_signature.CallSignature, tensors: dict[str, Any], bound: dict[str, Any], first: Any, kwargs: dict[str, Any]
    ) -> Any:
        """Put the masks on the inputs into the arguments that ask for them; return the mask of the first input."""
        if signature.has_mask and len(tensors) == 1:
            if bound.get("mask") is None:
                kwargs["mask"] = map_structure(_mask_of, next(iter(tensors.values())))
            return kwargs.get("mask", bound.get("mask"))
        if len(tensors) > 1:
            for name, value in tensors.items():
                wanted = f"{name}_mask"
                if wanted in signature.names and bound.get(wanted) is None:
                    kwargs[wanted] = map_structure(_mask_of, value)
        if bound.get("mask") is not None:
            return bound["mask"]
        return first.mask if type(first) is Tensor else map_structure(_mask_of, first)

    def _mask_outputs(self, first: Any, outputs: Any, previous_mask: Any) -> None:
        """Pass the mask on, or say that it ends here."""
        computes = type(self).compute_mask is not Layer.compute_mask
        has_mask = previous_mask is not None and any(item is not None for item in flatten(previous_mask))
        if not self.supports_masking:
            if has_mask:
                warnings.warn(
                    f"{self.describe()} does not support masks: the mask on its input ends here and later layers "
                    "will not see it",
                    stacklevel=4,
                )
            return
        if not (computes or has_mask):
            return
        flat = [item for item in flatten(outputs) if isinstance(item, Tensor)]
        if not flat or all(item.mask is not None for item in flat):
            return
        masks = self.compute_mask(first, previous_mask)
        if masks is None:
            return
        for tensor, mask in zip(flat, flatten(masks), strict=False):
            if tensor.mask is None and mask is not None:
                tensor.mask = convert(mask)

    def _add_activity_losses(self, outputs: Any) -> None:
        from pipekeras import ops

        for output in flatten(outputs):
            if isinstance(output, Tensor):
                loss = self.activity_regularizer(output)
                if output.ndim > 0:
                    # The penalty is a mean over the batch, so that it does not depend on the batch size.
                    loss = loss / ops.cast(ops.shape(output)[0], loss.dtype)
                self.add_loss(loss)

    def _call_on_graph(self, args: Any, kwargs: dict[str, Any], first: Any, previous_mask: Any) -> Any:
        """Work out what the call returns and give it as fresh tensors of the layer graph."""
        plain: dict[int, Tensor] = {}

        def strip(leaf: Any) -> Any:
            if not isinstance(leaf, Tensor) or leaf.data is not None:
                return leaf
            if id(leaf) not in plain:
                plain[id(leaf)] = _placeholder(leaf)
            return plain[id(leaf)]

        stripped_args = map_structure(strip, args)
        stripped_kwargs = {name: map_structure(strip, item) for name, item in kwargs.items()}
        with tracing.tracing():
            computed = self.compute_output_spec(*stripped_args, **stripped_kwargs)
            outputs = map_structure(_fresh, computed)
            self._mask_outputs(map_structure(strip, first), outputs, map_structure(strip, previous_mask))
        self._clear_losses()
        return outputs

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return placeholders of the shapes and types that `call` returns for these arguments."""
        if self._overrides_output_shape():
            bound = call_signature.of_method(self, "call").bind(self.describe(), args, kwargs)
            tensors = {
                name: value
                for name, value in bound.items()
                if name != "mask" and not name.endswith("_mask") and _holds_tensor(value)
            }
            shapes = {f"{name}_shape": map_structure(_shape_of, value) for name, value in tensors.items()}
            function = self._output_shape_function()
            parameters = call_signature.of_method(self, function.__name__)
            if len(parameters.names) == 1 or not set(shapes) <= set(parameters.names):
                result = function(next(iter(shapes.values()), None))
            else:
                result = function(**shapes)
            if isinstance(result, np.ndarray):
                result = tuple(result.tolist())
            if not isinstance(result, list | tuple | dict):
                raise ConfigurationError(
                    f"compute_output_shape of {self.describe()} must return a tuple, not {type(result).__name__}"
                )
            return map_shapes(lambda shape: Tensor.symbolic(shape, self.compute_dtype), result)
        outputs = self.call(*args, **kwargs)
        return map_structure(
            lambda leaf: leaf if isinstance(leaf, Tensor) or leaf is None else convert(leaf), outputs
        )

    def _overrides_output_shape(self) -> bool:
        return (
            type(self).compute_output_shape is not Layer.compute_output_shape
            or "compute_output_shape" in self.__dict__
            or hasattr(self, "get_output_shape_for")
        )

    def _output_shape_function(self) -> Callable[..., Any]:
        older = getattr(self, "get_output_shape_for", None)
        if older is not None and type(self).compute_output_shape is Layer.compute_output_shape:
            return older
        return self.compute_output_shape

    def compute_output_shape(self, *args: Any, **kwargs: Any) -> Any:
        """Return the shape of the output for an input shape (or a list or dict of them).

        A subclass may override it; otherwise the computation is traced on placeholders.
        """
        older = getattr(self, "get_output_shape_for", None)
        if older is not None:
            return older(*args, **kwargs)
        inputs = [map_shapes(lambda shape: Tensor.symbolic(shape, self.compute_dtype), shape) for shape in args]
        named = {
            name.removesuffix("_shape"): map_shapes(lambda shape: Tensor.symbolic(shape, self.compute_dtype), shape)
            for name, shape in kwargs.items()
        }
        if "input" in named:
            inputs.insert(0, named.pop("input"))
        with tracing.tracing():
            outputs = self(*inputs, **named)
        self._clear_losses()
        return map_structure(_shape_of, outputs)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask of the output.

        Args:
            inputs: tensor or list of tensors.
            previous_mask: mask or list of masks on the inputs.

        Raises:
            ConfigurationError: there is a mask and the layer can't take one.
        """
        if not self.supports_masking:
            if previous_mask is not None and any(item is not None for item in flatten(previous_mask)):
                raise ConfigurationError(
                    f"{self.describe()} does not support masks, and its input has one",
                    mend="set mask_zero=False in the Embedding, or remove the Masking layer before it",
                )
            return None
        return previous_mask

    # Configuration

    def _configuration(self) -> dict[str, Any]:
        arguments = self._own_arguments()
        base: dict[str, Any] = {"name": self.name, "trainable": self.trainable, "dtype": self._dtype_policy}
        hidden, optional = set(self.hidden_config), set(self.optional_config)
        if "activity_regularizer" not in arguments:
            arguments["activity_regularizer"] = self.activity_regularizer
            optional.add("activity_regularizer")
        return {
            name: _plain(name, value)
            for name, value in {**base, **arguments}.items()
            if name not in hidden and not (name in optional and not value)
        }

    def _own_arguments(self) -> dict[str, Any]:
        """Return the arguments of the class itself, with those of the classes it extends as long as they are users'.

        A class of pipekeras declares all of its arguments; what its private bases take is not repeated.
        """
        recorded = self.__dict__.get("_constructor_arguments", {})
        arguments: dict[str, Any] = {}
        for base in self._configured_class().__mro__:
            if base is Layer:
                break
            if base in recorded:
                parameters, bound = recorded[base]
                arguments = {**bound, **arguments}
                if base.__module__.startswith("pipekeras.") or not parameters.passes_keywords_on:
                    break
        for name in arguments:
            if name in self.__dict__:
                arguments[name] = self.__dict__[name]
            elif isinstance(getattr(type(self), name, None), property) and not hasattr(Layer, name):
                arguments[name] = getattr(self, name)
        return {name: value for name, value in arguments.items() if name not in ("name", "trainable", "dtype", "autocast")}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Any:
        """Make a layer from what `get_config` returned, here or in any Keras from 2.2 on."""
        return super().from_config(legacy_config.translate(cls, config), custom_objects)

    # Pipes

    # NumPy must leave `array | layer` to the layer.
    __array_ufunc__ = None

    def __or__(self, right: Any) -> Any:
        from pipekeras import pipe

        return pipe.connect(self, right)

    def __ror__(self, left: Any) -> Any:
        from pipekeras import pipe

        return pipe.connect(left, self)

    def __ior__(self, right: Any) -> Any:
        from pipekeras import pipe

        return pipe.grow(self, right)


def _plain(name: str, value: Any) -> Any:
    """Return what a config holds for an argument whose object has a form of its own there."""
    if isinstance(value, dtype_policy.DTypePolicy):
        return value.to_json_object()
    if name.endswith("activation") and callable(value):
        from pipekeras.nn import activations

        return activations.serialize(value)
    return value


def _shape_of(value: Any) -> Any:
    return tuple(value.shape) if hasattr(value, "shape") else None


def _mask_of(value: Any) -> Any:
    return value.mask if isinstance(value, Tensor) else None


def _holds_tensor(value: Any) -> bool:
    if isinstance(value, Tensor):
        return True
    if not isinstance(value, list | tuple | dict) or is_shape(value):
        return False
    return any(isinstance(leaf, Tensor) for leaf in flatten(value))


def _placeholder(value: Any) -> Any:
    """Return a tensor of the same shape and type that has no origin."""
    if not isinstance(value, Tensor):
        return value
    placeholder = Tensor.symbolic(value.shape, value.dtype, name=value.name)
    placeholder.mask = value.mask
    return placeholder


def _fresh(value: Any) -> Any:
    if not isinstance(value, Tensor):
        if value is None:
            return None
        raise ShapeError(f"a call on a layer graph must return tensors; got {type(value).__name__}")
    fresh = Tensor.symbolic(value.shape, value.dtype)
    fresh.mask = value.mask
    return fresh
