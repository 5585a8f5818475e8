"""S3: finding methods, UseMethod, NextMethod, internal dispatch and the group generics."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, Builtin
from pipekeras.grammar.environment import ActiveBinding, Environment, forced
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.calls import apply_builtin, apply_closure
from pipekeras.grammar.evaluation.compiler import code_of
from pipekeras.grammar.evaluation.conditions import fail
from pipekeras.grammar.evaluation.machine import Frame, force, machine
from pipekeras.grammar.evaluation.shown_calls import call_as_text, current_call
from pipekeras.grammar.evaluation.templates import Arguments
from pipekeras.grammar.nodes import MISSING, Argument, Call, LibrarySource, Symbol
from pipekeras.grammar.values import (
    FALSE,
    NULL,
    Closure,
    ExternalObject,
    Promise,
    Vector,
    character,
    dispatch_class,
    explicit_class,
)

NO_METHOD: Any = object()


class Dispatch:
    """What a method knows about how it was chosen; ``NextMethod`` goes on from here.

    Its ``places`` are the environments in which methods are looked for; None where the method's own is one of those.
    """

    __slots__ = ("classes", "generic", "group", "locals", "object", "original", "places", "position")

    def __init__(
        self, generic: str, classes: list[str], position: int, target: Any, group: str | None, original: Any
    ) -> None:
        self.generic = generic
        self.classes = classes
        self.position = position
        self.object = target
        self.group = group
        self.original = original
        self.locals: dict[str, Any] | None = None
        self.places: tuple[Environment, Environment | None] | None = None

    def bind(self, frame: dict[str, Any]) -> None:
        """Give a method the variables that describe its dispatch, and those that its generic made."""
        if self.locals:
            for name, value in self.locals.items():
                frame.setdefault(name, value)
        frame[".Generic"] = _told(self.generic)
        if self.position < len(self.classes):
            frame[".Class"] = _told(*self.classes[self.position :])
        if self.group is not None:
            frame[".Group"] = Vector("character", None, None, self.group)
            if type(self.original) is tuple:
                frame[".Method"] = character(self.original[1])


_TOLD: dict[tuple[str, ...], Vector] = {}
"""Texts that methods are told of their dispatch; shared, so nobody writes into them."""


def _told(*texts: str) -> Vector:
    made = _TOLD.get(texts)
    if made is None:
        if len(_TOLD) > 5000:
            _TOLD.clear()
        made = _TOLD[texts] = character(texts[0]) if len(texts) == 1 else character(list(texts))
    return made


def find_method(name: str, environment: Environment, home: Environment | None = None) -> Any:
    """Function of that full method name, seen from the calling environment or registered."""
    return _method_in(_frames_of_methods(environment, home), name)


def choose_method(
    generic: str,
    classes: list[str],
    environment: Environment,
    group: str | None = None,
    start: int = 0,
    home: Environment | None = None,
) -> tuple[Any, int, bool]:
    """First method for the classes from a position on: the method, the class position, whether it is the group's.

    Args:
        generic: name of the generic function.
        classes: the classes to look for, in order.
        environment: where the generic function was called.
        group: name of the group it belongs to, if any.
        start: position of the first class.
        home: where a generic function of the library is defined, with its methods.
    """
    frames = _frames_of_methods(environment, home)
    for position in range(start, len(classes)):
        found = _method_in(frames, f"{generic}.{classes[position]}")
        if found is not None:
            return found, position, False
        if group is not None:
            found = _method_in(frames, f"{group}.{classes[position]}")
            if found is not None:
                return found, position, True
    return None, len(classes), False


def _frames_of_methods(environment: Environment, home: Environment | None = None) -> list[dict[str, Any]]:
    """The frames in which methods are looked for, in order: those seen from the environment, then the global ones.

    Between the two stand those of the generic function's home, where it is no part of either.
    """
    frames = []
    place: Environment | None = environment
    outer = machine.global_environment
    is_within = False
    while place is not None:
        frames.append(place.frame)
        is_within = is_within or place is outer
        place = place.parent
    if home is not None and home is not outer and home is not environment:
        seen = {id(frame) for frame in frames}
        place = home
        while place is not None and place is not outer and id(place.frame) not in seen:
            frames.append(place.frame)
            place = place.parent
    if not is_within:
        place = outer
        while place is not None:
            frames.append(place.frame)
            place = place.parent
    return frames


def _method_in(frames: list[dict[str, Any]], name: str) -> Any:
    """The function of that name in the first of the frames that has one, else the registered one."""
    for frame in frames:
        value = frame.get(name)
        if value is not None:
            kind = type(value)
            if kind is Promise or kind is ActiveBinding:
                value = forced(value)
            if getattr(value, "kind", None) in ("closure", "builtin", "special", "externalptr"):
                return value
    return machine.methods.get(name)


def run_method(
    method: Any,
    arguments: Arguments,
    call: Any,
    caller: Environment,
    dispatch: Dispatch,
) -> Any:
    """Call a chosen method with its dispatch record."""
    if type(method) is Closure:
        names = tuple(name or None for name, _ in arguments)
        return apply_closure(method, names, [value for _, value in arguments], call, caller, dispatch)
    if type(method) is Builtin:
        if method.special:
            return apply_builtin(method, arguments, call, caller, dispatch=False)
        if not method.lazy:
            arguments = [(name, force(value) if type(value) is Promise else value) for name, value in arguments]
        return apply_builtin(method, arguments, call, caller, dispatch=False)
    raise fail(RError("attempt to apply non-function", call=current_call(), span=getattr(call, "span", None)))


_SHOWN: dict[int, tuple[Call, dict[str, Call]]] = {}
"""The calls of methods by the call in the source that led to them."""


def method_call(call: Any, name: str) -> Any:
    """A call of a generic function as one of its method, which messages and `sys.call()` show."""
    if type(call) is not Call:
        return call
    if call.span is None:
        # Made by a program, it may hold values, which nobody is to keep.
        return Call(Symbol(name), call.args)
    kept = _SHOWN.get(id(call))
    if kept is None:
        if len(_SHOWN) > 1000:
            _SHOWN.clear()
        kept = _SHOWN[id(call)] = (call, {})
    made = kept[1].get(name)
    if made is None:
        made = kept[1][name] = Call(Symbol(name), call.args, call.span)
    return made


_ASSIGNERS = ("[<-", "[[<-", "$<-", "@<-")


def _replaced_within(target: Call) -> Call:
    """The part of a target that is replaced just now: ``d$a`` where ``d$a[5]`` is assigned and that part is stored."""
    part: Any = target
    while type(part) is Call and part.args:
        if part is machine.replaced:
            return part
        part = part.args[0].value
    return target


def _assignment_call(call: Any, name: str, arguments: Arguments) -> Any:
    """The call of a method that replaces elements, as R shows it: the object under its temporary name."""
    if type(call) is not Call or not call.args or type(call.args[0].value) is not Call:
        return method_call(call, name)
    if type(call.function) is not Symbol or call.function.name not in ("<-", "=", "<<-"):
        return method_call(call, name)
    value = arguments[-1][1]
    shown = value.expression if type(value) is Promise else value
    target = _replaced_within(call.args[0].value)
    return Call(Symbol(name), (Argument(None, Symbol("*tmp*")), *target.args[1:], Argument("value", shown)), call.span)


def dispatch_builtin(function: Builtin, arguments: Arguments, call: Any, caller: Environment) -> Any:
    """Method result for a builtin generic, or `NO_METHOD` when its own code should run."""
    group = function.group
    if group == "Summary" and arguments[0][0] == "na.rm":
        arguments = [*arguments[1:], arguments[0]]
    first = arguments[0][1]
    if type(first) is Promise:
        first = force(first)
    if group is not None:
        made = _by_adapter(function.name, group, arguments)
        if made is not NotImplemented:
            return made
    if group == "Ops":
        from pipekeras.grammar.evaluation.operator_dispatch import dispatch_operator

        return dispatch_operator(function.name, arguments, call, caller)
    given = explicit_class(first)
    if given is None:
        if function.generic != "s3":
            return NO_METHOD
        if not hasattr(first, "kind"):
            return NO_METHOD
        classes = dispatch_class(first)
    else:
        classes = given if len(given) > 1 else dispatch_class(first)
    # The two names are one function, whose methods go by the first.
    name = "as.double" if function.name == "as.numeric" else function.name
    method, position, by_group = choose_method(name, classes, caller, group)
    if method is None and function.generic == "s3":
        method = _own_default(name, caller)
    if method is None or method is function:
        return NO_METHOD
    chosen = f"{group if by_group else name}.{classes[position] if position < len(classes) else 'default'}"
    record = Dispatch(name, classes, position, first, group, function)
    if group == "Summary" or function.name in _ROUNDINGS:
        lazy, shown = _valued(arguments, call, chosen, group == "Summary")
    else:
        lazy = with_expressions(arguments, call, caller)
        shown = method_call(call, chosen)
        if function.name in _ASSIGNERS:
            shown = _assignment_call(call, chosen, arguments)
            if type(method) is Closure and type(shown) is Call and shown.args and shown.args[-1].name == "value":
                # An assignment names what it hands on: places that the method has and nobody gave stay empty.
                lazy = [*lazy[:-1], ("value", _as_written(call, lazy[-1][1]))]
    result = run_method(method, lazy, shown, caller, record)
    if function.primitive and chosen != "[.data.table":
        # A primitive's value prints, whatever its method says; data.table keeps what := changed in place from printing.
        machine.visible = True
    return result


def _as_written(call: Call, value: Any) -> Any:
    """The value of an assignment under the expression of its right side; what is stored on the way there has none."""
    target = call.args[0].value
    if type(value) is Promise or type(target) is not Call or _replaced_within(target) is not target:
        return value
    return Promise(None, call.args[1].value, None, value)


_ROUNDINGS = ("round", "signif")


def _valued(arguments: Arguments, call: Any, name: str, ends_with_removal: bool) -> tuple[Arguments, Any]:
    """What R hands to methods of functions that evaluate their arguments first: values in place of the expressions.

    A method for summaries is always told `na.rm`, and last.
    """
    given = [(label, force(value) if type(value) is Promise else value) for label, value in arguments]
    if ends_with_removal:
        removal = next((value for label, value in given if label == "na.rm"), FALSE)
        given = [(label, value) for label, value in given if label != "na.rm"] + [("na.rm", removal)]
    shown = Call(Symbol(name), tuple(Argument(label or None, value) for label, value in given), getattr(call, "span", None))
    return given, shown


def _own_default(name: str, environment: Environment) -> Any:
    """The program's own default method for a generic whose default is built in; None without one."""
    method = find_method(f"{name}.default", environment)
    if type(method) is not Closure:
        return None
    held = machine.base_environment.frame.get(f"{name}.default")
    return None if method is held or (type(held) is Promise and method is held.value) else method


def _by_adapter(name: str, group: str, arguments: Arguments) -> Any:
    """What an object of the runtime makes of an operator or a function of a group, NotImplemented when nothing."""
    objects = [value for _, value in arguments[:2] if type(value) is ExternalObject]
    if not objects:
        return NotImplemented
    from pipekeras.grammar.external import adapter_of

    target = objects[0]
    adapter = adapter_of(target.value)
    machine.visible = True
    if group in ("Ops", "matrixOps"):
        right = arguments[1][1] if len(arguments) > 1 else None
        return adapter.operator(name, arguments[0][1], right)
    return adapter.function(name, target.value, arguments)


def with_expressions(arguments: Arguments, call: Any, caller: Environment) -> Arguments:
    """Evaluated arguments paired again with the expressions they came from."""
    if type(call) is not Call:
        return arguments
    expressions: list[Any] = []
    for argument in call.args:
        value = argument.value
        if type(value) is Symbol and value.name == "...":
            place = caller.find("...")
            dots = place.frame["..."] if place is not None else ()
            expressions.extend(
                v.expression if type(v) is Promise else v for _, v in (dots if type(dots) is tuple else ())
            )
        else:
            expressions.append(value)
    if len(expressions) != len(arguments):
        return arguments
    return [
        (name, value if type(value) is Promise or value is expression else Promise(None, expression, None, value))
        if hasattr(value, "kind") and value.kind != "symbol"
        else (name, value)
        for (name, value), expression in zip(arguments, expressions, strict=True)
    ]


def frame_of(environment: Environment) -> Frame | None:
    """Function call in progress whose environment this is; the `eval` of an environment that no function owns."""
    evaluated = None
    if environment is machine.global_environment:
        return None
    for frame in reversed(machine.frames):
        if frame.environment is environment:
            if type(frame.function) is Closure:
                return frame
            evaluated = evaluated or frame
    return evaluated


def context_of(environment: Environment) -> Frame | None:
    """The innermost call or `eval` that runs in this environment: what R calls its context."""
    for frame in reversed(machine.frames):
        if frame.environment is environment:
            return frame
    return None


def use_method(generic: str, target: Any, environment: Environment, given_object: bool, written: Any = None) -> Any:
    """Run the method of `generic` for an object, with the arguments of the function in progress.

    `written` is the call of UseMethod that the program has, where it says more than the name of the generic function.
    """
    frame = frame_of(environment)
    if frame is None:
        called = Call(Symbol("UseMethod"), (Argument(None, character(generic)),))
        raise fail(RError("'UseMethod' used in an inappropriate fashion", call=called))
    names, values = frame.arguments
    if not given_object:
        target = dispatch_object(frame, environment)
    classes = dispatch_class(target)
    caller = frame.caller
    home = home_in_library(frame.function)
    method, position, _ = choose_method(generic, classes, caller, home=home)
    if method is None:
        method = find_method(f"{generic}.default", caller, home)
        position = len(classes)
    if method is None:
        builtin = REGISTRY.get(generic)
        current = frame.function
        if builtin is not None and builtin is not current and not builtin.special:
            record = Dispatch(generic, classes, len(classes), target, None, builtin)
            arguments = list(zip(names, values, strict=True))
            return run_method(builtin, arguments, frame.call, caller, record)
        raise fail(_no_method(generic, classes, written, getattr(frame.call, "span", None)))
    record = Dispatch(generic, classes, position, target, None, None)
    record.places = (caller, home)
    parameters = frame.function.template.names
    record.locals = {name: value for name, value in environment.frame.items() if name not in parameters} or None
    suffix = classes[position] if position < len(classes) else "default"
    shown = method_call(frame.call, f"{generic}.{suffix}")
    if type(method) is Closure:
        return apply_closure(method, names, values, shown, caller, record)
    return run_method(method, list(zip(names, values, strict=True)), shown, caller, record)


def _no_method(generic: str, classes: list[str], call: Any = None, span: Any = None) -> RError:
    """R's error for a generic function without a method for an object."""
    listed = ", ".join(f"'{one}'" for one in classes)
    text = f'"c({listed})"' if len(classes) > 1 else f'"{classes[0]}"'
    called = call or Call(Symbol("UseMethod"), (Argument(None, character(generic)),))
    return RError(f"no applicable method for '{generic}' applied to an object of class {text}", call=called, span=span)


def home_in_library(function: Any) -> Environment | None:
    """The environment of a generic function of the library: its methods stand there, out of the program's sight."""
    span = function.template.span
    return function.environment if span is not None and type(span.source) is LibrarySource else None


def dispatch_object(frame: Frame, environment: Environment) -> Any:
    """The object UseMethod looks at: the value of the function's first parameter."""
    names = frame.function.template.names
    if not names:
        return NULL
    first = names[0]
    if first == "...":
        dots = environment.frame.get("...", ())
        if not dots:
            return NULL
        value = dots[0][1]
    else:
        value = environment.frame.get(first)
        names_given, values_given = frame.arguments
        plan = frame.function.template.plans.get(names_given)
        if plan is not None and plan.slots[0][1] is not None:
            value = values_given[plan.slots[0][1]]
    if value is None or (not hasattr(value, "kind") and type(value) is not Promise):
        return NULL
    if type(value) is Promise:
        return force(value)
    # R looks at nothing where the argument was left out.
    return NULL if value is MISSING else value


def next_method(
    environment: Environment, generic: str | None, extra: Arguments
) -> Any:
    """Run the method after the one in progress."""
    frame = frame_of(environment)
    if frame is None or not isinstance(frame.function, Closure):
        raise fail(RError("'NextMethod' called from outside a function", call=call_as_text("NextMethod()")))
    record = frame.dispatch
    arguments = current_arguments(frame)
    if record is None:
        record = _guess_dispatch(frame, environment, generic)
    arguments = _with_extra(arguments, extra)
    name = record.generic
    place, home = record.places or (environment, None)
    method, position, by_group = choose_method(
        name, record.classes, place, record.group, record.position + 1, home
    )
    if method is not None:
        chosen = f"{record.group if by_group else name}.{record.classes[position]}"
        following = Dispatch(name, record.classes, position, record.object, record.group, record.original)
        following.places = record.places
        return run_method(method, arguments, method_call(frame.call, chosen), frame.caller, following)
    method = find_method(f"{name}.default", place, home)
    following = Dispatch(name, record.classes, len(record.classes), record.object, record.group, record.original)
    following.places = record.places
    if method is not None and record.position < len(record.classes):
        return run_method(method, arguments, method_call(frame.call, f"{name}.default"), frame.caller, following)
    builtin = REGISTRY.get(name)
    if builtin is None:
        found = environment.get_function(name)
        if found is None or (type(found) is Closure and found.environment is not machine.base_environment):
            asked = "NextMethod()" if generic is None else f'NextMethod("{generic}")'
            raise fail(RError("no method to invoke", call=call_as_text(asked)))
        return run_method(found, arguments, frame.call, frame.caller, following)
    return run_method(builtin, arguments, method_call(frame.call, name), frame.caller, following)


def current_arguments(frame: Frame) -> Arguments:
    """Arguments of a method for the next one: a parameter's is what the method has made of the parameter by now."""
    names, values = frame.arguments
    made = list(zip(names, values, strict=True))
    environment = frame.environment
    for name, at, _ in frame.function.template.plan(names, frame.call).slots:
        if name == "..." or at is None or values[at] is MISSING:
            continue
        symbol = Symbol(name)
        held = environment.frame.get(name)
        code: Any
        if type(held) is Promise:
            value = held.value
            code = None if value is not None else lambda _, held=held: force(held)
        else:
            ready = held is not None and type(held) is not ActiveBinding
            value, code = (held, None) if ready else (None, code_of(symbol))
        made[at] = (names[at], Promise(code, symbol, None if code is None else environment, value))
    return made


def _with_extra(arguments: Arguments, extra: Arguments) -> Arguments:
    if not extra:
        return arguments
    made = list(arguments)
    for name, value in extra:
        if name:
            for at, (present, _) in enumerate(made):
                if present == name:
                    made[at] = (name, value)
                    break
            else:
                made.append((name, value))
        else:
            made.append((None, value))
    return made


def _guess_dispatch(frame: Frame, environment: Environment, generic: str | None) -> Dispatch:
    """Dispatch record for a method that was called by its full name: a program's own has to say of which function."""
    target = dispatch_object(frame, environment)
    if home_in_library(frame.function) is None:
        problem = None
        if type(getattr(frame.call, "function", None)) is not Symbol:
            problem = "'NextMethod' called from an anonymous function"
        elif explicit_class(target) is None:
            problem = "object not specified"
        elif generic is None:
            problem = "generic function not specified"
        if problem is not None:
            raise fail(RError(problem, call=call_as_text("NextMethod()")))
    classes = dispatch_class(target)
    called = getattr(getattr(frame.call, "function", None), "name", "") or ""
    for position, one in enumerate(classes):
        if called.endswith("." + one):
            return Dispatch(generic or called[: -len(one) - 1], classes, position, target, None, None)
    if generic is None:
        generic = called.split(".")[0]
    if not generic:
        raise fail(RError("generic function not specified", call=frame.call))
    return Dispatch(generic, classes, -1, target, None, None)
