"""What a call of a layer does: convert, check, build, compute, pass masks on, and leave a node in a layer graph."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.budget import STEPS_FOR_CALL, work
from pipekeras.core.errors import ConfigurationError, ShapeError, StateError, UserError
from pipekeras.core.notices import warn as warn_user
from pipekeras.core.structure import flatten, is_shape, map_shapes, map_structure
from pipekeras.graph import trace as tracing
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import Variable, reading
from pipekeras.layers.base import call_signature
from pipekeras.layers.base.input_spec import InputSpec, check_input
from pipekeras.layers.base.node import Node, is_graph_tensor
from pipekeras.layers.base.state import LayerState, name_scope
from pipekeras.layers.base.trial_sizes import call_with_trial_sizes, has_unknown_size
from pipekeras.ops.rematerialization import call_of_layer


class _CallContext(threading.local):
    """What an inner layer learns from the call around it."""

    def __init__(self) -> None:
        self.depth = 0
        self.training: Any = None


_context = _CallContext()


def inside_a_call() -> bool:
    """Whether a layer is being called."""
    return _context.depth > 0


class LayerCall(LayerState):
    """The calling half of `Layer`."""

    autocast: bool
    supports_masking: bool
    takes_text: ClassVar[bool]
    activity_regularizer: Any
    rematerialized: Any
    _input_spec: Any

    def describe(self) -> str:
        """Return the layer as it was written."""
        raise NotImplementedError

    def wanted_input(self, specification: InputSpec) -> str:
        """Return in words what shape the layer needs."""
        return specification.wanted()

    def shape_mend(self, specification: InputSpec, found: tuple[int | None, ...]) -> str | None:
        """Return how a wrong shape can be mended, or None."""
        return None

    def _build_for(self, bound: dict[str, Any], tensors: dict[str, Any]) -> None:
        raise NotImplementedError

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output; a subclass overrides it."""
        raise StateError(f"{type(self).__name__} has no call method", mend="write call(self, inputs)")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if "_inbound_nodes" not in self.__dict__:
            raise StateError(
                f"{type(self).__name__}.__init__ does not call the base class", mend="call super().__init__() first"
            )
        if work.left is not None:
            work.spend(STEPS_FOR_CALL)
        signature = call_signature.of_method(self, "call")
        given_args, given_kwargs = args, kwargs
        training = kwargs.get("training")
        if "training" in kwargs and not signature.has_training:
            given_kwargs = {name: value for name, value in kwargs.items() if name != "training"}
        kwargs = dict(given_kwargs)
        first = args[0] if args else None
        if len(args) == 1 and type(first) is Tensor and not kwargs and signature.names:
            # The common call: one tensor. What follows for the general case is short-cut here.
            plain = not (self.autocast and first.dtype != self.input_dtype)
            if self.autocast and first.dtype != self.input_dtype and dtypes.is_float(first.dtype):
                first = self._convert_argument(first)
                args = (first,)
            bound = {signature.names[0]: first}
            tensors = bound
            if len(signature.required) > 1:
                bound = signature.bind(self.describe(), args, {})
            in_graph = given_args[0].history is not None
        else:
            plain = False
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

        if in_graph and not self.takes_text:
            self._refuse_text(given_args)
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
        outer_reading = reading.dtype
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
            if outer_reading is not None or self.compute_dtype != self.variable_dtype:
                reading.dtype = self.compute_dtype if self.autocast else None
            if in_graph:
                outputs = self._call_on_graph(args, kwargs, first, previous_mask)
                recorded = _recorded_keywords(kwargs, outer_training is None) if plain else given_kwargs
                Node(self, given_args, recorded, outputs)
                return outputs
            if self.rematerialized is False:
                outputs = self._computed(args, kwargs)
            else:
                outputs = call_of_layer(self, self.rematerialized, args, kwargs)
            if self.activity_regularizer is not None:
                self._add_activity_losses(outputs)
            self._mask_outputs(first, outputs, previous_mask)
            return outputs
        finally:
            context.depth -= 1
            context.training = outer_training
            reading.dtype = outer_reading

    def _computed(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return what `call` returns; where a user's stumbles over a size that is not known yet, with sizes on trial."""
        if not self._runs_code_of_users() or not has_unknown_size((args, kwargs)):
            return self.call(*args, **kwargs)
        try:
            with tracing.unknown_sizes():
                return self.call(*args, **kwargs)
        except Exception as problem:
            try:
                return call_with_trial_sizes(self.call, args, kwargs)
            except UserError:
                if isinstance(problem, tracing.EndMayBeUnknown):
                    return self.call(*args, **kwargs)
                # The first problem is the one that a reader can place: it names the sizes as they are.
                raise problem from None

    def _runs_code_of_users(self) -> bool:
        return not type(self).__module__.startswith(("pipekeras.layers.", "pipekeras.models.", "pipekeras.applications."))

    def _refuse_text(self, arguments: Any) -> None:
        if any(isinstance(leaf, Tensor) and leaf.dtype == "string" for leaf in flatten(arguments)):
            raise ConfigurationError(
                f"{self.describe()} computes with numbers, and its input is text",
                mend="put TextVectorization(), StringLookup() or Hashing() before it",
            )

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
        self,
        signature: call_signature.CallSignature,
        tensors: dict[str, Any],
        bound: dict[str, Any],
        first: Any,
        kwargs: dict[str, Any],
    ) -> Any:
        """Put the masks on the inputs into the arguments that ask for them; return the mask of the first input."""
        if signature.has_mask and len(tensors) == 1:
            if all(leaf is None for leaf in flatten(bound.get("mask"))):
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
        computes = type(self).compute_mask is not LayerCall.compute_mask
        has_mask = previous_mask is not None and any(item is not None for item in flatten(previous_mask))
        if not self.supports_masking:
            if has_mask:
                warn_user(
                    f"{self.describe()} does not support masks: the mask on its input ends here and later layers "
                    "will not see it")
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
                plain[id(leaf)] = placeholder(leaf)
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
            shapes = {f"{name}_shape": map_structure(shape_of, value) for name, value in tensors.items()}
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
        outputs = self._computed(args, kwargs)
        return map_structure(
            lambda leaf: leaf if isinstance(leaf, Tensor) or leaf is None else convert(leaf), outputs
        )

    def _overrides_output_shape(self) -> bool:
        return (
            type(self).compute_output_shape is not LayerCall.compute_output_shape
            or "compute_output_shape" in self.__dict__
            or hasattr(self, "get_output_shape_for")
        )

    def _output_shape_function(self) -> Callable[..., Any]:
        older = getattr(self, "get_output_shape_for", None)
        if older is not None and type(self).compute_output_shape is LayerCall.compute_output_shape:
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
        return map_structure(shape_of, outputs)

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


def _recorded_keywords(kwargs: dict[str, Any], outermost: bool) -> dict[str, Any]:
    """Return the keywords that a layer graph keeps of a call on one tensor: what Keras writes of such a call."""
    recorded = dict(kwargs)
    if not outermost:
        # The flag of a call around this one is no part of the graph; the layer's own default is.
        recorded.pop("training", None)
    if "mask" in recorded:
        # The mask is found anew when the graph runs.
        recorded["mask"] = None
    return recorded


def shape_of(value: Any) -> Any:
    return tuple(value.shape) if hasattr(value, "shape") else None


def _mask_of(value: Any) -> Any:
    return value.mask if isinstance(value, Tensor) else None


def _holds_tensor(value: Any) -> bool:
    if isinstance(value, Tensor):
        return True
    if not isinstance(value, list | tuple | dict) or is_shape(value):
        return False
    return any(isinstance(leaf, Tensor) for leaf in flatten(value))


def placeholder(value: Any) -> Any:
    """Return a tensor of the same shape and type that has no origin."""
    if not isinstance(value, Tensor):
        return value
    made = Tensor.symbolic(value.shape, value.dtype, name=value.name)
    made.mask = value.mask
    return made


def _fresh(value: Any) -> Any:
    if not isinstance(value, Tensor):
        if value is None:
            return None
        raise ShapeError(f"a call on a layer graph must return tensors; got {type(value).__name__}")
    fresh = Tensor.symbolic(value.shape, value.dtype)
    fresh.mask = value.mask
    return fresh
