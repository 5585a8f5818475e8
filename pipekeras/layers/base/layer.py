"""The base class of all layers: when a layer is built, how it is called, what a call leaves in a layer graph."""

from __future__ import annotations

import functools
from collections.abc import Callable, MutableMapping
from inspect import Parameter
from typing import Any, ClassVar

import numpy as np

from pipekeras.core import naming
from pipekeras.core.configurable import Configurable
from pipekeras.core.errors import ArgumentError, ConfigurationError
from pipekeras.core.structure import map_shapes, map_structure
from pipekeras.graph import trace as tracing
from pipekeras.layers.base import call_signature, dtype_policy, keras_1, legacy_config
from pipekeras.layers.base.calling import LayerCall, placeholder, shape_of
from pipekeras.layers.base.dtype_policy import DTypePolicy
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.node import NodeAccess
from pipekeras.layers.base.state import current_path, name_scope
from pipekeras.layers.base.stateless import StatelessCall
from pipekeras.ops.rematerialization import wanted_for


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
                self._enter_path()
                build(self, *shapes, **named_shapes)
        finally:
            del self.__dict__["_building"]
        names = call_signature.of_method(self, "build").names
        self.__dict__["_build_shapes"] = {**dict(zip(names, shapes, strict=False)), **named_shapes}
        self.built = True
        self._after_build()

    return wrapped


def _taking_keras_1(cls: Any, constructor: Callable[..., None]) -> Callable[..., None]:
    """Wrap a class's constructor: arguments as Keras 1 spelled them get today's names."""

    @functools.wraps(constructor)
    def wrapped(self: Layer, *args: Any, **keywords: Any) -> None:
        outermost = type(self) is cls
        if outermost and keras_1.is_older(keywords):
            args, keywords = keras_1.translated(cls.__name__, legacy_config.parameter_names(cls), args, keywords)
        constructor(self, *args, **keywords)

    return wrapped


class Layer(LayerCall, StatelessCall, NodeAccess, Configurable):
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
    # A layer that works on data in memory, before what is compiled.
    runs_on_host: ClassVar[bool] = False
    # Whether inner results are computed again for gradients; what RematScope said when the layer was made.
    rematerialized: Any = False
    # A layer that may be given text.
    takes_text: ClassVar[bool] = False
    # Constructor arguments that configs hold only when they are set.
    optional_config: ClassVar[tuple[str, ...]] = ()
    # Constructor arguments that configs never hold.
    hidden_config: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if cls.__module__.startswith("pipekeras.layers.") and "__init__" in cls.__dict__:
            setattr(cls, "__init__", _taking_keras_1(cls, cls.__dict__["__init__"]))  # noqa: B010 - mypy minds the other form
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
        fields["_dtype_policy"] = policy = dtype_policy.get(dtype)
        fields["_dtype_policies"] = policy if isinstance(policy, MutableMapping) else None
        again = wanted_for(fields["name"])
        if again is not False:
            fields["rematerialized"] = again
        fields["_path"] = None
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
        policies = self.__dict__["_dtype_policies"]
        return self._dtype_policy if policies is None else policies

    @dtype_policy.setter
    def dtype_policy(self, value: Any) -> None:
        policy = dtype_policy.get(value)
        fields = self.__dict__
        policies, path = fields["_dtype_policies"], fields["_path"]
        if isinstance(policy, MutableMapping):
            fields["_dtype_policies"] = policy
            policy = policy[path] if path is not None else policy
        elif policies is not None and path is not None:
            # Layers that share the map keep theirs.
            if path in policies:
                del policies[path]
            policies[path] = policy
        else:
            fields["_dtype_policies"] = None
        fields["_dtype_policy"] = policy

    @property
    def quantization_mode(self) -> str | None:
        """How the main weights are kept in few bits: "int8", or None."""
        return self._dtype_policy.quantization_mode

    def quantize(self, mode: str | None = None, type_check: bool = True, config: Any = None) -> None:
        """Keep the main weights in few bits; Dense, EinsumDense and the embeddings can.

        Args:
            mode: "int8".
            type_check: bool, default True; whether classes that extend such a layer's are refused.
            config: Int8QuantizationConfig, or None.

        Raises:
            ConfigurationError: this layer has no such form.
        """
        raise ConfigurationError(
            f"{type(self).__name__} can't keep its weights in few bits",
            mend="Dense, EinsumDense, Embedding and ReversibleEmbedding can; model.quantize() leaves other layers as they are",
        )

    @property
    def input_spec(self) -> Any:
        """What the layer asks of its input: an InputSpec, a list or dict of them, or None."""
        return self._input_spec

    @input_spec.setter
    def input_spec(self, value: Any) -> None:
        self.__dict__["_input_spec"] = value

    @property
    def path(self) -> str | None:
        """The names of the layers that this one was built in, and its own; None before it is built."""
        found: str | None = self.__dict__["_path"]
        return found

    def _enter_path(self) -> None:
        """Note where the layer is built, and take the types that a map of policies has for that place."""
        fields = self.__dict__
        fields["_path"] = path = current_path()
        if fields["_dtype_policies"] is not None:
            fields["_dtype_policy"] = fields["_dtype_policies"][path]

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
                # A base class that its subclass calls may take without a default what the subclass has one for, or sets.
                if own is not None and name not in own[0].defaults and parameters.defaults.get(name) is Parameter.empty:
                    continue
                default = (own[0] if own is not None and name in own[0].defaults else parameters).defaults.get(name)
                if not (value is default or (type(value) is type(default) and value == default)):
                    given.setdefault(name, value)
        return given

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

    def build(self, *input_shape: Any, **named_shapes: Any) -> None:
        """Make the weights; a subclass overrides it, with `input_shape` or names like those of `call` and `_shape` added.

        Args:
            *input_shape: tuple with the batch axis first, or a list or dict of tuples for several inputs.
            **named_shapes: the same by name.
        """
        shapes = [*input_shape, *named_shapes.values()]
        self._mark_built(shapes[0] if shapes else None)

    def _has_own_build(self) -> bool:
        return type(self).build is not Layer.build or "build" in self.__dict__

    def _mark_built(self, input_shape: Any) -> None:
        if self._path is None:
            with name_scope(self.name):
                self._enter_path()
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
        shapes = {name: map_structure(shape_of, value) for name, value in tensors.items()}
        if not self._has_own_build():
            if self._has_unbuilt_parts():
                # The parts make their weights when the computation reaches them.
                with tracing.tracing():
                    self._computed((), {name: map_structure(placeholder, value) for name, value in bound.items()})
            self._mark_built(next(iter(shapes.values()), None))
            return
        signature = call_signature.of_method(self, "build")
        if len(signature.names) == 1 and not signature.has_keywords:
            if shapes:
                self.build(next(iter(shapes.values()), None))
                return
            try:
                self.build(None)
            except TypeError as error:
                given = next(iter(bound.values()), None)
                raise ArgumentError(f"{self.describe()} needs a tensor; got {type(given).__name__}") from error
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

    # Configuration

    def _configuration(self) -> dict[str, Any]:
        arguments = self._own_arguments()
        base: dict[str, Any] = {"name": self.name, "trainable": self.trainable, "dtype": self._policies_of_parts()}
        cls = self._configured_class()
        if not cls.__module__.startswith("pipekeras."):
            # A user's constructor may leave out what all layers have.
            accepted = legacy_config.parameter_names(cls)
            base = {name: value for name, value in base.items() if name in accepted}
        hidden, optional = set(self.hidden_config), set(self.optional_config)
        if "activity_regularizer" not in arguments:
            arguments["activity_regularizer"] = self.activity_regularizer
            optional.add("activity_regularizer")
        return {
            name: _plain(name, value)
            for name, value in {**base, **arguments}.items()
            if name not in hidden and not (name in optional and not value)
        }

    def _policies_of_parts(self) -> DTypePolicy:
        """Return the policy, or a map with those of inner layers that keep their weights in few bits."""
        policy = self.dtype_policy
        if not self._layers or hasattr(self, "compile") or hasattr(self, "layer"):
            # A model's layers, and the layer of a wrapper, have configurations of their own.
            return policy
        parts = {part.path: part.dtype_policy for part in self._flatten_layers(False) if part.quantization_mode and part.path}
        if not parts or isinstance(policy, MutableMapping):
            return policy
        from pipekeras.layers.base.policy_kinds import DTypePolicyMap

        return DTypePolicyMap(policy, parts)

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
