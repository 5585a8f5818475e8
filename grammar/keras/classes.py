"""New classes from functions by name: `new_layer_class()` and its kin, and callbacks made of plain functions."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import Builtin
from pipekeras.grammar.environment import ActiveBinding, Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.r6 import (
    DEFINITION,
    ClassDefinition,
    NativeBase,
    function_value,
    make_generator,
    native_generator,
)
from pipekeras.grammar.evaluation.templates import Template
from pipekeras.grammar.keras import convert, members, own_optimizers
from pipekeras.grammar.keras.crossing import HANDLE, Arguments, call_with_known, parameters_of, program_call, tensors
from pipekeras.grammar.keras.custom_callbacks import LanguageCallback
from pipekeras.grammar.keras.custom_words import layer_function
from pipekeras.grammar.keras.further_words import PROPERTY
from pipekeras.grammar.keras.named_functions import as_columns
from pipekeras.grammar.keras.names import OWN, word
from pipekeras.grammar.keras.saved_classes import OfProgram, note_origin
from pipekeras.grammar.values import NULL, Closure, ExternalObject, Vector, names_of

from pipekeras.callbacks.callback import Callback
from pipekeras.core import naming
from pipekeras.models.model import Model
from pipekeras.nn.losses.base import Loss
from pipekeras.nn.metrics.base import Metric
from pipekeras.nn.schedules.base import LearningRateSchedule

_EVERY_HOOK = tuple(name for name in vars(Callback) if name.startswith("on_"))
_FIRST_HOOKS = (
    "on_epoch_begin", "on_epoch_end", "on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end",
    "on_train_begin", "on_train_end",
)  # fmt: skip
# In R keras' order: programs may name the first of them by their place alone.
_HOOK_NAMES = (*_FIRST_HOOKS, *(name for name in _EVERY_HOOK if name not in _FIRST_HOOKS))
_HOOKS = ", ".join(f"{name} = NULL" for name in _HOOK_NAMES)
_TABLES = ("private", "active")


class LanguageLoss(OfProgram, Loss):
    """A loss whose call is a function of the language.

    Args:
        methods: function by name: call.
        class_name: name of the class in the program.
        options: name, reduction.
    """

    own_options = ("name", "reduction")

    def __init__(self, methods: dict[str, Any] | None = None, class_name: str = "LanguageLoss", **options: Any) -> None:
        options.setdefault("name", naming.snake_case(class_name))
        super().__init__(**options)
        self.__dict__["_methods"] = methods or {}

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Run the program's call method."""
        given = [external.to_language(as_columns(y_true, y_pred)), external.to_language(y_pred)]
        return tensors(call_with_known(self.__dict__["_methods"]["call"], given, {}, "call"))


class LanguageMetric(OfProgram, Metric):
    """A metric whose methods are functions of the language.

    Args:
        methods: function by name: update_state, result, reset_state.
        class_name: name of the class in the program.
        options: name, dtype.
    """

    own_options = ("name", "dtype")

    def __init__(self, methods: dict[str, Any] | None = None, class_name: str = "LanguageMetric", **options: Any) -> None:
        options.setdefault("name", naming.snake_case(class_name))
        super().__init__(**options)
        self.__dict__["_methods"] = methods or {}

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Run the program's update_state method."""
        given = [external.to_language(as_columns(y_true, y_pred)), external.to_language(y_pred)]
        weights = {"sample_weight": external.to_language(sample_weight)}
        call_with_known(self.__dict__["_methods"]["update_state"], given, weights, "update_state")

    def result(self) -> Any:
        """Run the program's result method."""
        return tensors(call_with_known(self.__dict__["_methods"]["result"], [], {}, "result"))

    def reset_state(self) -> None:
        """Run the program's reset_state method, or set the variables to zeros."""
        method = self.__dict__["_methods"].get("reset_state") or self.__dict__["_methods"].get("reset_states")
        if method is None:
            super().reset_state()
        else:
            call_with_known(method, [], {}, "reset_state")


class LanguageSchedule(OfProgram, LearningRateSchedule):
    """A learning rate that a function of the language gives for each step."""

    def __init__(self, methods: dict[str, Any] | None = None, class_name: str = "LanguageSchedule") -> None:
        self.name = class_name
        self.__dict__["_methods"] = methods or {}

    def __call__(self, step: Any) -> Any:
        """Run the program's call method."""
        return tensors(call_with_known(self.__dict__["_methods"]["call"], [external.to_language(step)], {}, "call"))


class LanguageSubclass(OfProgram, Model):
    """A model whose layers are fields of an object of the program, and whose call is its method."""

    own_options = ("name",)

    def __init__(self, methods: dict[str, Any] | None = None, class_name: str = "LanguageModel", **options: Any) -> None:
        options.setdefault("name", naming.unique_name(naming.snake_case(class_name)))
        super().__init__(**options)
        self.__dict__["_methods"] = methods or {}

    def collect(self, instance: Environment) -> None:
        """Own the layers, metrics and variables that the fields of the object hold."""
        for name, value in list(instance.frame.items()):
            if not name.startswith(".__") and type(value) is not ActiveBinding:
                members.track(self, name, value)


def _run(model: Any, name: str, given: list[Any], named: dict[str, Any]) -> Any:
    """Call a method of the program; what of `named` it does not take is left out."""
    method = model.__dict__["_methods"][name]
    return call_with_known(method, [external.to_language(item) for item in given],
                           {key: external.to_language(item) for key, item in named.items()}, name)  # fmt: skip


def _call_method(model: Any) -> Any:
    return model.__dict__["_methods"]["call"]


def _step(name: str) -> Any:
    def step(self: Any, data: Any) -> Any:
        found = tensors(_run(self, name, [list(data) if isinstance(data, tuple) else data], {}))
        return found if name == "predict_step" or isinstance(found, dict) else {}

    step.__doc__ = f"Run the program's {name} method."
    return step


def _compute_loss(self: Any, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None,
                  training: Any = True) -> Any:  # fmt: skip
    """Run the program's compute_loss method."""
    given = {"x": x, "y": y, "y_pred": y_pred, "sample_weight": sample_weight, "training": training}
    return tensors(_run(self, "compute_loss", [], given))


def _compute_metrics(self: Any, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> Any:
    """Run the program's compute_metrics method."""
    return tensors(_run(self, "compute_metrics", [], {"x": x, "y": y, "y_pred": y_pred, "sample_weight": sample_weight}))


def _compile(self: Any, *given: Any, **options: Any) -> None:
    """Run the program's compile method."""
    _run(self, "compile", list(given), options)


_MODEL_METHODS = {
    "train_step": _step("train_step"), "test_step": _step("test_step"), "predict_step": _step("predict_step"),
    "compute_loss": _compute_loss, "compute_metrics": _compute_metrics, "compile": _compile,
}  # fmt: skip
"""What the runtime calls of a model, where the program has a method of that name."""


def model_of_class(methods: dict[str, Any], class_name: str, **options: Any) -> LanguageSubclass:
    """Return a model of a class of its own: the runtime tells by it which steps are the program's."""
    namespace = {name: function for name, function in _MODEL_METHODS.items() if name in methods}
    if "call" in methods:
        namespace["call"] = program_call(methods["call"], _call_method)
    return type(class_name, (LanguageSubclass,), namespace)(methods, class_name, **options)


def _of_own_class(base: type) -> Any:
    """Return what makes objects of a class with the program's name for it, by which files know it."""

    def make(methods: dict[str, Any], class_name: str, **options: Any) -> Any:
        return type(class_name, (base,), {})(methods, class_name, **options)

    return make


class _Base(NativeBase):
    """A native parent whose objects cross into the program as objects of the runtime.

    Args:
        make: class of the runtime's object; takes methods, the class name and options.
        methods: names of the methods that the runtime calls.
        options: names of arguments that go to the runtime's constructor.
        needed: names of methods without which the class is of no use.
        inherited: names of the runtime's methods that `super$` reaches.
    """

    def __init__(
        self, make: Any, methods: tuple[str, ...], options: tuple[str, ...], needed: tuple[str, ...],
        inherited: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.inherited = inherited
        self.make = make
        self.methods = methods
        self.options = options
        self.needed = needed
        # A model of a class without a start of its own may be given the two ends of a layer graph.
        self.graph_ends = ("inputs", "outputs") if make is model_of_class else ()

    def _named(self, arguments: Arguments) -> Arguments:
        """Return the arguments with the names of the places that positional ones stand in."""
        places = iter(name for name in (*self.graph_ends, *self.options) if name not in [label for label, _ in arguments])
        return [(name or next(places, name), value) for name, value in arguments]

    def prepare(self, instance: Environment, enclosure: Environment, arguments: Arguments) -> None:
        class_name = str((instance.attributes or {})["class"].items()[0])
        methods = {name: instance.frame[name] for name in self.methods if name in instance.frame}
        start = instance.frame.get("initialize")
        own = parameters_of(start) if start is not None else []
        # A start of its own that hands on whatever it is given leaves the two ends to the model.
        if start is None or (own[:1] == ["..."] and "call" not in methods):
            arguments = self._named(arguments)
        taken = {
            *(name for name in self.options if name not in own),
            *(name for name in self.graph_ends if name not in own or "call" not in methods),
        }
        given = {
            name: convert.data(value, name) if name in self.graph_ends else convert.argument(name, value)
            for name, value in arguments
            if name in taken and value is not NULL
        }
        if start is None:
            unknown = [name for name, _ in arguments if name not in (*self.options, *self.graph_ends)]
            if unknown:
                raise RError(f"{class_name} takes no argument '{unknown[0]}'", mend="write an initialize method")
        made = self.make(methods, class_name, **given)
        note_origin(made, enclosure.frame[DEFINITION].value, arguments)
        handle = instance.frame[HANDLE] = ExternalObject(made)
        for name in ("add_weight", "add_variable"):
            if hasattr(made, name) and name not in instance.frame:
                instance.frame[name] = _weight_word(name, made)
        members.bind_self(instance, handle)

    def super_members(self, instance: Environment, enclosure: Environment) -> dict[str, Any]:
        """What `super$initialize` and, for metrics and models, its kin do."""

        def start(dots: Arguments) -> Any:
            handle = instance.frame.get(HANDLE)
            for name, value in dots:
                if handle is not None and name in self.options and value is not NULL:
                    plain = convert.argument(name, value)
                    setattr(handle.value, "_dtype" if name == "dtype" else name, plain)
            return NULL

        found = {name: function_value(name, _inherited_method(instance, name)) for name in self.inherited}
        return {"initialize": function_value("initialize", start), **found}

    def finish(self, instance: Environment, enclosure: Environment, arguments: Arguments) -> Any:
        handle = instance.frame[HANDLE]
        if isinstance(handle.value, LanguageSubclass):
            handle.value.collect(instance)
        return handle


def _inherited_method(instance: Environment, name: str) -> Any:
    """Return what `super$name(...)` does: the method of the runtime's class, run on this object."""

    def run(dots: Arguments) -> Any:
        target = instance.frame[HANDLE].value
        base = next(cls for cls in type(target).__mro__ if cls.__module__.startswith("pipekeras.") and name in vars(cls)
                    and not cls.__module__.startswith("pipekeras.grammar."))  # fmt: skip
        given = [_step_data(value) if name.endswith("_step") else convert.argument("", value) for key, value in dots if not key]
        named = {key: convert.argument(key, value) for key, value in dots if key}
        return external.to_language(getattr(base, name)(target, *given, **named))

    return run


def _step_data(value: Any) -> Any:
    found = external.to_python(value)
    return tuple(found) if isinstance(found, list) else found


def _weight_word(name: str, target: Any) -> Builtin:
    def add(label: Any, shape: Any, initializer: Any, dtype: Any, dots: Any) -> Any:
        options = {
            key: convert.argument(key, value)
            for key, value in (("name", label), ("initializer", initializer), ("dtype", dtype), *dots)
            if value is not NULL
        }
        return ExternalObject(getattr(target, name)(shape=convert.shape(shape) or (), **options))

    return Builtin(name, add, "name = NULL, shape = NULL, initializer = NULL, dtype = NULL, ...", package="keras")


for _kind in (LanguageLoss, LanguageMetric, LanguageSchedule):
    external.register_adapter(_kind, members.FieldsOfObject())
external.register_adapter(LanguageSubclass, members.FieldsOfModel())
BASES = {
    "Loss": _Base(_of_own_class(LanguageLoss), ("call", "get_config"), ("name", "reduction"), ("call",)),
    "Metric": _Base(_of_own_class(LanguageMetric), ("update_state", "result", "reset_state", "reset_states", "get_config"),
                    ("name", "dtype"), ("update_state", "result")),
    "LearningRateSchedule": _Base(_of_own_class(LanguageSchedule), ("call", "get_config"), (), ("call",)),
    "Optimizer": _Base(_of_own_class(own_optimizers.LanguageOptimizer), own_optimizers.METHODS, own_optimizers.OPTIONS,
                       ("update_step",), ("build", "get_config")),
    "Model": _Base(model_of_class, ("call", *_MODEL_METHODS, "get_config"), ("name",), (),
                   ("call", *_MODEL_METHODS, "get_config")),
}  # fmt: skip


def parent(name: str) -> Any:
    """Return the generator of a native class, made when it is first asked for."""
    if name not in _PARENTS:
        _PARENTS[name] = native_generator(name, BASES[name])
    return _PARENTS[name]


_PARENTS: dict[str, Any] = {}


def class_from(class_name: Any, members: Arguments, base: Any, place: Environment) -> Any:
    """Return the generator of a class with the given methods and fields; the methods see what `place` sees."""
    label = str(class_name.items()[0])
    definition = ClassDefinition(label, place, base)
    definition.lock_objects = False
    # Methods of keras write `private$x` without having announced it.
    definition.has_private = True
    for name, value in members:
        if name is None:
            raise RError("methods and fields must be named")
        if value is NULL or (name in _TABLES and isinstance(value, Vector) and not len(value)):
            continue
        value = _without_self(value)
        if name in _TABLES and isinstance(value, Vector):
            table = dict(zip(names_of(value) or [], map(_without_self, value.data), strict=True))
            setattr(definition, name, table)
            definition.has_private = definition.has_private or name == "private"
        elif name == "public" and isinstance(value, Vector):
            members_given = zip(names_of(value) or [], map(_without_self, value.data), strict=True)
            definition.public.update({str(key): item for key, item in members_given})
        else:
            definition.public[name] = value
    settle_members(definition)
    return make_generator(definition)


def settle_members(definition: ClassDefinition) -> None:
    """Give methods with names that Python calls the names they have here, and make marked functions fields that compute."""
    public = definition.public
    for python, own in (("__init__", "initialize"), ("__call__", "call")):
        if python in public and own not in public:
            public[own] = public.pop(python)
    for name, value in list(public.items()):
        if type(value) is Closure and value.attributes and PROPERTY in value.attributes:
            definition.active[name] = public.pop(name)


def _without_self(method: Any) -> Any:
    """Return a method that is written with `self` as its first parameter without it: `self` is what it sees anyway."""
    if type(method) is not Closure or not method.formals or method.formals[0][0] != "self":
        return method
    template = method.template
    return Closure(Template(template.formals[1:], template.body, template.span), method.environment, method.attributes)


_MORE = "inherit = NULL, private = list(), active = list(), parent_env = NULL"


def _members(names: tuple[str, ...], values: tuple[Any, ...], dots: Arguments, private: Any, active: Any) -> Arguments:
    named = [(name, value) for name, value in zip(names, values, strict=True) if value is not NULL]
    return [*dots, *named, ("private", private), ("active", active)]


def _place(given: Any, caller: Environment) -> Environment:
    """Where the methods of a class look for what they do not have: `parent_env`, or where the class is made."""
    return given if type(given) is Environment else caller


def _inherited(inherit: Any, own: Any) -> Any:
    from pipekeras.grammar.keras.python_classes import parent_generator

    return own if inherit is NULL else parent_generator(inherit)


_LAYER_METHODS = ("initialize", "build", "call", "get_config")


@word("new_layer_class", f"classname, ..., initialize = NULL, build = NULL, call = NULL, get_config = NULL, {_MORE}",
      needs_environment=True)  # fmt: skip
def new_layer_class(classname: Any, dots: Any, *rest: Any, environment: Environment) -> Any:
    """Return a function that makes layers of a new class.

    Args:
        classname: text.
        initialize, build, call, get_config: methods; further methods and fields by name.
        inherit: R6 class that inherits from KerasLayer, default KerasLayer.
        private, active: named lists of members as of R6Class().
    """
    inherit, private, active, place = rest[len(_LAYER_METHODS) :]
    members = _members(_LAYER_METHODS, rest[: len(_LAYER_METHODS)], dots, private, active)
    base = _inherited(inherit, OWN["KerasLayer"])
    return layer_function(class_from(classname, members, base, _place(place, environment)), constructs=True)


@word("Layer", "classname, initialize = NULL, build = NULL, call = NULL, compute_output_shape = NULL, ..., inherit = NULL",
      needs_environment=True)  # fmt: skip
def layer_class(classname: Any, initialize: Any, build: Any, call: Any, compute_output_shape: Any, dots: Any,
                inherit: Any, *, environment: Environment) -> Any:  # fmt: skip
    """Return a function that makes layers of a new class from its methods.

    Args:
        classname: text.
        initialize, build, call, compute_output_shape: methods; further methods and fields by name.
        inherit: R6 class that inherits from KerasLayer, default KerasLayer.
    """
    named = (("initialize", initialize), ("build", build), ("call", call), ("compute_output_shape", compute_output_shape))
    members = [*((name, value) for name, value in named if value is not NULL), *dots]
    return layer_function(class_from(classname, members, _inherited(inherit, OWN["KerasLayer"]), environment))


@word("new_callback_class", f"classname, ..., {_HOOKS}, {_MORE}", needs_environment=True)
def new_callback_class(classname: Any, dots: Any, *rest: Any, environment: Environment) -> Any:
    """Return a function that makes callbacks of a new class.

    Args:
        classname: text.
        on_epoch_begin: hooks by name; further methods and fields by name.
        inherit: R6 class that inherits from KerasCallback, default KerasCallback.
    """
    inherit, private, active, place = rest[len(_HOOK_NAMES) :]
    members = _members(_HOOK_NAMES, rest[: len(_HOOK_NAMES)], dots, private, active)
    base = _inherited(inherit, OWN["KerasCallback"])
    return class_from(classname, members, base, _place(place, environment)).frame["new"]


def _object_word(name: str, base: str, methods: tuple[str, ...], what: str) -> None:
    @word(name, f"classname, ..., {', '.join(f'{method} = NULL' for method in methods)}, {_MORE}", needs_environment=True)
    def make(classname: Any, dots: Any, *rest: Any, environment: Environment) -> Any:
        inherit, private, active, place = rest[len(methods) :]
        members = _members(methods, rest[: len(methods)], dots, private, active)
        given = {label for label, value in members if value is not NULL}
        missing = [label for label in BASES[base].needed if label not in given]
        if missing and inherit is NULL:
            raise RError(f"a {what} needs a method {missing[0]}()", mend=f"write {missing[0]} = function(...) {{ ... }}")
        made = class_from(classname, members, _inherited(inherit, parent(base)), _place(place, environment))
        return made.frame["new"]

    make.__doc__ = f"""Return a function that makes objects of a new class of {what}s.

    Args:
        classname: text.
        {', '.join(methods)}: methods; further methods and fields by name.
        private, active: named lists of members as of R6Class().
    """


_object_word("new_loss_class", "Loss", ("initialize", "call"), "loss")
_object_word("new_metric_class", "Metric", ("initialize", "update_state", "result"), "metric")
_object_word("new_learning_rate_schedule_class", "LearningRateSchedule", ("initialize", "call", "get_config"),
             "learning rate schedule")  # fmt: skip
_object_word("new_model_class", "Model", ("initialize", "call", "train_step", "predict_step", "test_step", "compute_loss",
                                         "compute_metrics"), "model")  # fmt: skip


@word("callback_lambda", _HOOKS)
def callback_lambda(*hooks: Any) -> Any:
    """Make a callback of functions, one for each hook that is wanted.

    Args:
        on_epoch_begin, on_epoch_end: function(epoch, logs), epochs counted from 0.
        on_train_batch_begin, on_train_batch_end: function(batch, logs), batches counted from 0; so for test and predict.
        on_batch_begin, on_batch_end: the older names of these two.
        on_train_begin, on_train_end: function(logs); so for test and predict.
    """
    given = {name: hook for name, hook in zip(_HOOK_NAMES, hooks, strict=True) if hook is not NULL}
    for name, hook in given.items():
        if getattr(hook, "kind", None) not in ("closure", "builtin"):
            raise RError(f"{name} must be a function")
    return ExternalObject(LanguageCallback(given))
