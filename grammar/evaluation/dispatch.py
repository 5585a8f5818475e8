"""S3: finding methods, UseMethod, NextMethod, internal dispatch and the group generics."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, Builtin
from pipekeras.grammar.environment import ActiveBinding, Environment, forced
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.calls import apply_builtin, apply_closure
from pipekeras.grammar.evaluation.conditions import fail
from pipekeras.grammar.evaluation.machine import Frame, call_function, force, machine
from pipekeras.grammar.evaluation.shown_calls import call_as_text, current_call
from pipekeras.grammar.evaluation.templates import Arguments
from pipekeras.grammar.nodes import MISSING, Argument, Call, Symbol
from pipekeras.grammar.values import (
    NULL,
    Closure,
    ExternalObject,
    Promise,
    Vector,
    character,
    dispatch_class,
    explicit_class,
    logical,
)

NO_METHOD: Any = object()


class Dispatch:
    """What a method knows about how it was chosen; ``NextMethod`` goes on from here."""

    __slots__ = ("classes", "generic", "group", "locals", "object", "original", "position")

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

    def bind(self, frame: dict[str, Any]) -> None:
        """Give a method the variables that describe its dispatch, and those that its generic made."""
        if self.locals:
            for name, value in self.locals.items():
                frame.setdefault(name, value)
        frame[".Generic"] = Vector("character", None, None, self.generic)
        if self.position < len(self.classes):
            frame[".Class"] = character(self.classes[self.position :])
        if self.group is not None:
            frame[".Group"] = Vector("character", None, None, self.group)
            if type(self.original) is tuple:
                frame[".Method"] = character(self.original[1])


def find_method(name: str, environment: Environment) -> Any:
    """Function of that full method name, seen from the calling environment or registered."""
    return _method_in(_frames_of_methods(environment), name)


def choose_method(
    generic: str, classes: list[str], environment: Environment, group: str | None = None, start: int = 0
) -> tuple[Any, int, bool]:
    """First method for the classes from a position on: the method, the class position, whether it is the group's."""
    frames = _frames_of_methods(environment)
    for position in range(start, len(classes)):
        found = _method_in(frames, f"{generic}.{classes[position]}")
        if found is not None:
            return found, position, False
        if group is not None:
            found = _method_in(frames, f"{group}.{classes[position]}")
            if found is not None:
                return found, position, True
    return None, len(classes), False


def _frames_of_methods(environment: Environment) -> list[dict[str, Any]]:
    """The frames in which methods are looked for, in order: those seen from the environment, then the global ones."""
    frames = []
    place: Environment | None = environment
    outer = machine.global_environment
    is_within = False
    while place is not None:
        frames.append(place.frame)
        is_within = is_within or place is outer
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


def _method_call(call: Any, name: str) -> Any:
    if type(call) is Call:
        return Call(Symbol(name), call.args, call.span)
    return call


_ASSIGNERS = ("[<-", "[[<-", "$<-", "@<-")


def _assignment_call(call: Any, name: str, arguments: Arguments) -> Any:
    """The call of a method that replaces elements, as R shows it: the object under its temporary name."""
    if type(call) is not Call or not call.args or type(call.args[0].value) is not Call:
        return _method_call(call, name)
    value = arguments[-1][1]
    shown = value.expression if type(value) is Promise else value
    target = call.args[0].value
    return Call(Symbol(name), (Argument(None, Symbol("*tmp*")), *target.args[1:], Argument("value", shown)), call.span)


def dispatch_builtin(function: Builtin, arguments: Arguments, call: Any, caller: Environment) -> Any:
    """Method result for a builtin generic, or `NO_METHOD` when its own code should run."""
    first = arguments[0][1]
    if type(first) is Promise:
        first = force(first)
    group = function.group
    if group is not None:
        made = _by_adapter(function.name, group, arguments)
        if made is not NotImplemented:
            return made
    if group == "Ops":
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
    lazy = _with_expressions(arguments, call, caller)
    shown = _assignment_call(call, chosen, arguments) if function.name in _ASSIGNERS else _method_call(call, chosen)
    return run_method(method, lazy, shown, caller, record)


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


def _with_expressions(arguments: Arguments, call: Any, caller: Environment) -> Arguments:
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


def dispatch_operator(name: str, arguments: Arguments, call: Any, caller: Environment) -> Any:
    """Ops group: both operands are asked, and must agree on the method."""
    chosen: list[tuple[Any, int, bool, list[str]]] = []
    for _, value in arguments[:2]:
        given = explicit_class(value)
        if given is None:
            chosen.append((None, 0, False, []))
        else:
            classes = given if len(given) > 1 else dispatch_class(value)
            chosen.append((*choose_method(name, classes, caller, "Ops"), classes))
    left = chosen[0]
    right = chosen[1] if len(chosen) > 1 else (None, 0, False, [])
    if left[0] is None and right[0] is None:
        return NO_METHOD
    pick = left if left[0] is not None else right
    preferred = None
    if left[0] is not None and right[0] is not None and not _same_function(left[0], right[0]):
        preferred = _preferred(arguments, left, right, caller)
        pick = pick if preferred is None else preferred
    if preferred is None and left[0] is not None and right[0] is not None and not _same_function(left[0], right[0]):
        from pipekeras.grammar.evaluation.machine import warn

        names = [_method_name(name, c) for c in (left, right)]
        warn(f'Incompatible methods ("{names[0]}", "{names[1]}") for "{name}"', call)
        return NO_METHOD
    method, position, by_group, classes = pick
    target = arguments[0][1] if pick is left else arguments[1][1]
    record = Dispatch(name, classes, position, target, "Ops", REGISTRY.get(name))
    shown = f"{'Ops' if by_group else name}.{classes[position]}"
    methods = [shown if one[0] is not None and _same_function(one[0], method) else "" for one in chosen]
    record.original = (REGISTRY.get(name), methods)
    lazy = _with_expressions(arguments, call, caller)
    return run_method(method, lazy, _method_call(call, shown), caller, record)


def _preferred(arguments: Arguments, left: Any, right: Any, caller: Environment) -> Any:
    """The method that a class claims for itself where operands disagree (R 4.3: `chooseOpsMethod`), or None."""
    operands = [arguments[0][1], arguments[1][1]]
    for place, one in enumerate((left, right)):
        method = choose_method("chooseOpsMethod", one[3], caller)[0]
        if method is None:
            continue
        given = (operands[place], operands[1 - place], one[0], (right, left)[place][0], NULL, logical(place == 1))
        answer = call_function(method, list(zip(("x", "y", "mx", "my", "cl", "reverse"), given, strict=True)), caller)
        if type(answer) is Vector and answer.kind == "logical" and len(answer) == 1 and answer.items()[0]:
            return one
    return None


def _method_name(name: str, chosen: tuple[Any, int, bool, list[str]]) -> str:
    """What R calls a method of an operator; our own methods stand for those of its group."""
    method, position, by_group, classes = chosen
    shown = classes[position]
    if type(method) is Builtin:
        shown = "POSIXt" if shown.startswith("POSIX") else shown
        by_group = name not in ("+", "-") or shown not in ("Date", "POSIXt")
    return f"{'Ops' if by_group else name}.{shown}"


def _same_function(left: Any, right: Any) -> bool:
    if left is right:
        return True
    if type(left) is Builtin and type(right) is Builtin:
        return left.function is right.function
    return (
        type(left) is Closure
        and type(right) is Closure
        and left.template is right.template
    )


def frame_of(environment: Environment) -> Frame | None:
    """Function call in progress whose environment this is."""
    for frame in reversed(machine.frames):
        if frame.environment is environment:
            return frame
    return None


def use_method(generic: str, target: Any, environment: Environment, given_object: bool) -> Any:
    """Run the method of `generic` for an object, with the arguments of the function in progress."""
    frame = frame_of(environment)
    if frame is None:
        called = Call(Symbol("UseMethod"), (Argument(None, character(generic)),))
        raise fail(RError("'UseMethod' used in an inappropriate fashion", call=called))
    names, values = frame.arguments
    if not given_object:
        target = dispatch_object(frame, environment)
    classes = dispatch_class(target)
    caller = frame.caller
    method, position, _ = choose_method(generic, classes, environment)
    if method is None:
        method = find_method(f"{generic}.default", environment)
        position = len(classes)
    if method is None:
        builtin = REGISTRY.get(generic)
        current = frame.function
        if builtin is not None and builtin is not current and not builtin.special:
            record = Dispatch(generic, classes, len(classes), target, None, builtin)
            arguments = list(zip(names, values, strict=True))
            return run_method(builtin, arguments, frame.call, caller, record)
        listed = ", ".join(f"'{one}'" for one in classes)
        text = f'"c({listed})"' if len(classes) > 1 else f'"{classes[0]}"'
        raise fail(
            RError(
                f"no applicable method for '{generic}' applied to an object of class {text}",
                call=Call(Symbol("UseMethod"), (Argument(None, character(generic)),)),
                span=getattr(frame.call, "span", None),
            )
        )
    record = Dispatch(generic, classes, position, target, None, None)
    parameters = frame.function.template.names
    record.locals = {name: value for name, value in environment.frame.items() if name not in parameters} or None
    suffix = classes[position] if position < len(classes) else "default"
    arguments = list(zip(names, values, strict=True))
    return run_method(method, arguments, _method_call(frame.call, f"{generic}.{suffix}"), caller, record)


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
    names, values = frame.arguments
    arguments = list(zip(names, values, strict=True))
    if record is None:
        record = _guess_dispatch(frame, environment, generic)
    arguments = _with_extra(arguments, extra)
    name = record.generic
    method, position, by_group = choose_method(
        name, record.classes, environment, record.group, record.position + 1
    )
    if method is not None:
        chosen = f"{record.group if by_group else name}.{record.classes[position]}"
        following = Dispatch(name, record.classes, position, record.object, record.group, record.original)
        return run_method(method, arguments, _method_call(frame.call, chosen), frame.caller, following)
    method = find_method(f"{name}.default", environment)
    following = Dispatch(name, record.classes, len(record.classes), record.object, record.group, record.original)
    if method is not None and record.position < len(record.classes):
        return run_method(method, arguments, _method_call(frame.call, f"{name}.default"), frame.caller, following)
    builtin = REGISTRY.get(name)
    if builtin is None:
        found = environment.get_function(name)
        if found is None or (type(found) is Closure and found.environment is not machine.base_environment):
            raise fail(RError("no method to invoke", call=call_as_text("NextMethod()")))
        return run_method(found, arguments, frame.call, frame.caller, following)
    return run_method(builtin, arguments, _method_call(frame.call, name), frame.caller, following)


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
    """Dispatch record for a method that was called by its full name."""
    target = dispatch_object(frame, environment)
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
