"""Calls: finding the function, making promises, matching arguments, running closures and builtins."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, Builtin
from pipekeras.grammar.environment import ActiveBinding, Environment, forced
from pipekeras.grammar.errors import ControlFlow, LoopSignal, RError, ReturnSignal
from pipekeras.grammar.evaluation.compiler import Code, code_of, nearest_name
from pipekeras.grammar.evaluation.conditions import STOPPED, fail, no_loop
from pipekeras.grammar.evaluation.machine import EXPRESSION_DEPTH, INTERNAL, Frame, force, machine, too_deep
from pipekeras.grammar.evaluation.shown_calls import current_call, shown_call
from pipekeras.grammar.evaluation.sites import Site
from pipekeras.grammar.evaluation.templates import Arguments, bind_arguments
from pipekeras.grammar.nodes import EMPTY_SYMBOL, MISSING, Argument, Call, Symbol
from pipekeras.grammar.values import NULL, VALUES_ONLY, Closure, ExternalObject, Promise, Vector, inherits


def apply_closure(
    closure: Closure,
    names: tuple[str | None, ...],
    values: list[Any],
    call: Any,
    caller: Environment,
    dispatch: Any = None,
) -> Any:
    """Run a closure on promises or values."""
    environment, _ = bind_arguments(closure, names, values, call)
    return run_closure(closure, environment, call, caller, (names, values), dispatch)


def run_closure(
    closure: Closure, environment: Environment, call: Any, caller: Environment, arguments: Any, dispatch: Any
) -> Any:
    """Run a closure's body in its prepared environment."""
    frames = machine.frames
    if len(frames) >= EXPRESSION_DEPTH:
        raise fail(too_deep())
    if machine.interrupted:
        machine.interrupted = False
        raise KeyboardInterrupt(STOPPED)
    frame = Frame(call, closure, environment, caller, arguments)
    if dispatch is not None:
        frame.dispatch = dispatch
        dispatch.bind(environment.frame)
    frames.append(frame)
    machine.visible = True
    try:
        value = closure.template.code(environment)
        if frame.on_exit is not None:
            frame.returned = value
        return value
    except ReturnSignal as signal:
        if signal.environment is not environment:
            raise
        frame.returned = signal.value
        return signal.value
    except LoopSignal as signal:
        if signal.environment is not environment:
            raise
        raise fail(no_loop(call)) from None
    except RError as error:
        if not error.signalled:
            if error.call is None:
                error.call = call
            failed = fail(error)
            _report_before_exit(frame, failed)
            raise failed from None
        _report_before_exit(frame, error)
        raise
    except RecursionError:
        raise fail(too_deep()) from None
    finally:
        left = None if frame.on_exit is None else run_on_exit(frame)
        frames.pop()
        if left is not None:
            return left.value  # noqa: B012 - what on.exit() returns stands for the result, and for an error too


def _report_before_exit(frame: Frame, error: RError) -> None:
    """An error that nobody handles is reported before `on.exit` runs."""
    if frame.on_exit is not None and machine.session is not None:
        machine.session.report_first(error)


def run_on_exit(frame: Frame) -> ReturnSignal | None:
    """Run what `on.exit` asked for; the answer is a ``return()`` of the function among it."""
    visible = machine.visible
    left = None
    while frame.on_exit:
        expression = frame.on_exit.pop(0)
        try:
            code_of(expression)(frame.environment)
        except ReturnSignal as signal:
            if signal.environment is not frame.environment:
                machine.frames.pop()
                raise
            left = signal
        except BaseException:
            machine.frames.pop()
            raise
    machine.visible = visible or left is not None
    return left


def apply_builtin(function: Builtin, arguments: Arguments, call: Any, caller: Environment, dispatch: bool = True) -> Any:
    """Run a builtin on evaluated arguments (or promises, for a lazy one)."""
    try:
        if function.special:
            made = Call(function_symbol(function), tuple(Argument(n, quoted(v)) for n, v in arguments))
            machine.visible = True
            return function.function(made, caller)
        if dispatch and arguments and _may_have_method(function, arguments):
            no_method, dispatch_builtin = _dispatching()
            result = dispatch_builtin(function, arguments, call, caller)
            if result is not no_method:
                return result
        if function.lazy:
            arguments = [
                (name, value if type(value) is Promise or value is MISSING else Promise(None, value, None, value))
                for name, value in arguments
            ]
        elif function.signature is None:
            values: list[Any] = [arguments]
            return _run_builtin(function, values, call, caller)
        return _run_builtin(function, function.match(arguments), call, caller)
    except RError as error:
        if error.signalled or (type(call) is Call and call.function is INTERNAL):
            raise
        raise fail(_placed(error, shown_call(call, error.message, arguments, function))) from error.__cause__
    except (ControlFlow, KeyboardInterrupt):
        raise
    except RecursionError:
        raise fail(too_deep()) from None
    except Exception as error:
        raise internal_error(error, call, arguments, function) from error


@cache
def _dispatching() -> tuple[Any, Callable[..., Any]]:
    """The answer where there is no method, and how builtins are dispatched, found once: that room stands on this one."""
    from pipekeras.grammar.evaluation.dispatch import NO_METHOD, dispatch_builtin

    return NO_METHOD, dispatch_builtin


def _may_have_method(function: Builtin, arguments: Arguments) -> bool:
    """Whether methods must be looked for: not where those operands that are asked are vectors without a class."""
    group = function.group
    if group is None and function.generic != "internal":
        return function.generic is not None
    first = arguments[0]
    if function.generic == "s3" or first[0] is not None or not _is_without_class(first[1]):
        return True
    return group is not None and len(arguments) > 1 and not _is_without_class(arguments[1][1])


def _is_without_class(value: Any) -> bool:
    return type(value) is Vector and (value.attributes is None or "class" not in value.attributes)


def _run_builtin(function: Builtin, values: list[Any], call: Any, caller: Environment) -> Any:
    machine.builtin_call = call
    if function.needs_environment:
        if function.needs_call:
            result = function.function(*values, environment=caller, call=call)
        else:
            result = function.function(*values, environment=caller)
    elif function.needs_call:
        result = function.function(*values, call=call)
    else:
        result = function.function(*values)
    if function.invisible is not None:
        machine.visible = not function.invisible
    if result is MISSING:
        return EMPTY_SYMBOL
    return NULL if result is None else result


def _placed(error: RError, call: Any) -> RError:
    if error.call is None:
        error.call = call
    if error.span is None:
        error.span = getattr(call, "span", None)
    return error


_MISTYPED = (TypeError, AttributeError, ValueError, IndexError, KeyError, OverflowError, AssertionError, StopIteration)


def internal_error(
    error: Exception, call: Any, arguments: Arguments | None = None, function: Builtin | None = None
) -> RError:
    """The error for a Python exception that a builtin let through; the traceback stays reachable for ``--debug``."""
    if machine.session is not None and machine.session.debug:
        raise error
    from pipekeras.grammar.external import error_of

    made = error_of(error)
    if isinstance(error, _MISTYPED) and made.message.startswith("internal problem"):
        if function is not None and function.special:
            made = _miscounted(function, call, made)
        elif arguments:
            made = (function and _foreign(function, arguments)) or _unsuitable(arguments, made)
            if function is not None and function.package == "keras" and made.message.startswith("internal problem"):
                made = _refused_by_word(function, arguments, error)
    return fail(_placed(made, call))


def _refused_by_word(function: Builtin, arguments: Arguments, error: Exception) -> RError:
    """The error for a word that hands its arguments on, when what it hands them to cannot use them."""
    values = [value.value if type(value) is Promise else value for _, value in arguments]
    kinds = [
        f"{value.kind} of length {len(value)}" if type(value) is Vector else str(getattr(value, "kind", "?"))
        for value in values
    ]
    reason = "" if isinstance(error, (AttributeError, AssertionError, StopIteration)) else f": {error}"
    mend = f"?{function.name} shows what it takes; run with --debug to see where it failed"
    return RError(f"unsuitable arguments ({', '.join(kinds)}){reason}", mend=mend)


def _miscounted(function: Builtin, call: Any, made: RError) -> RError:
    """A clearer error for a special function that was given more or fewer arguments than it has; else the one given."""
    given = len(call.args) if type(call) is Call else -1
    wanted = [formal.name for formal in function.formals]
    if "..." in wanted or given == len(wanted):
        return made
    plural = "" if given == 1 else "s"
    return RError(f"{given} argument{plural} passed to '{function.name}' which requires {len(wanted)}")


def _foreign(function: Builtin, arguments: Arguments) -> RError | None:
    """The error for a method that is called by its full name with nothing of its class; None when that is not so."""
    name = function.name
    for at, letter in enumerate(name):
        if letter == "." and at and name[:at] in REGISTRY:
            wanted = name[at + 1 :]
            given = [value.value if type(value) is Promise else value for _, value in arguments]
            if wanted != "default" and not any(hasattr(value, "kind") and inherits(value, wanted) for value in given):
                mend = f"call {name[:at]}() and let the class of its argument choose the method"
                return RError(f"no argument of class \"{wanted}\"", mend=mend)
    return None


def _unsuitable(arguments: Arguments, made: RError) -> RError:
    """A clearer error when an argument is of a kind that few functions take; else the one given."""
    for position, (name, value) in enumerate(arguments, 1):
        value = value.value if type(value) is Promise else value
        kind = getattr(value, "kind", None)
        label = f"'{name}'" if name else f"argument {position}"
        if value is MISSING:
            return RError(f"{label} is empty", mend="give it a value or leave the comma out")
        if kind in ("closure", "builtin", "environment", "symbol", "language", "NULL", "externalptr", "complex", "raw"):
            shown = "function" if kind in ("closure", "builtin") else kind
            return RError(f"invalid {label} of type '{shown}'")
        if type(value) is Vector and (kind in ("list", "expression", "character") or len(value) == 0):
            return RError(f"invalid {label} of type '{kind}' and length {len(value)}")
        if type(value) is Vector and len(value) == 1 and kind == "double":
            number = value.items()[0]
            if number != number or abs(number) >= 2**31:
                return RError(f"invalid {label}: NA, NaN or too large a number")
    return made


def function_symbol(function: Builtin) -> Symbol:
    """Symbol that names a builtin."""
    return Symbol(function.name)


def quoted(value: Any) -> Any:
    """A value as it must stand in a call so that evaluating it gives the value back."""
    if type(value) is Promise:
        return value
    if type(value) is Symbol or type(value) is Call:
        return Call(Symbol("quote"), (Argument(None, value),))
    return value


def apply_function(
    function: Any, arguments: Arguments, caller: Environment, call: Any, dispatch: bool = True
) -> Any:
    """Call any function value on promises or values."""
    kind = type(function)
    if kind is Closure:
        pure = function.template.pure
        if pure:
            number = pure.tried(function, arguments)
            if number is not None:
                machine.visible = True
                return number
        return apply_closure(
            function, tuple(name or None for name, _ in arguments), [value for _, value in arguments], call, caller
        )
    if kind is Builtin:
        if function.primitive:
            return _apply_builtin_forced(function, arguments, call, caller, dispatch)
        frames = machine.frames
        if len(frames) >= EXPRESSION_DEPTH:
            raise fail(too_deep())
        frames.append(Frame(call, function, None, caller))
        try:
            return _apply_builtin_forced(function, arguments, call, caller, dispatch)
        finally:
            frames.pop()
    if kind is ExternalObject:
        return call_runtime_object(function, arguments, call)
    raise fail(RError("attempt to apply non-function", call=current_call(), span=getattr(call, "span", None)))


def _apply_builtin_forced(
    function: Builtin, arguments: Arguments, call: Any, caller: Environment, dispatch: bool
) -> Any:
    if not function.lazy and not function.special:
        arguments = [(name or None, force(value) if type(value) is Promise else value) for name, value in arguments]
        quick = function.quick
        if quick is not None and not any(name is not None or value is MISSING for name, value in arguments):
            result = quick([value for _, value in arguments])
            if result is not None:
                machine.visible = True
                return result
    return apply_builtin(function, arguments, call, caller, dispatch)


def call_runtime_object(function: ExternalObject, arguments: Arguments, call: Any) -> Any:
    """Call a layer, a model or a method of the runtime; one that returns nothing prints nothing."""
    from pipekeras.grammar.external import call_object

    value = call_external(call_object, function, arguments, call)
    machine.visible = value is not NULL
    return value


def call_external(operation: Any, target: Any, arguments: Arguments, call: Any) -> Any:
    """Run an adapter operation on evaluated arguments under the error rules of builtins."""
    try:
        values = [
            (name or None, force(value) if type(value) is Promise else value) for name, value in arguments
        ]
        machine.visible = True
        return operation(target, values)
    except RError as error:
        if error.signalled:
            raise
        raise fail(_placed(error, call)) from error.__cause__
    except (ControlFlow, KeyboardInterrupt):
        raise
    except RecursionError:
        raise fail(too_deep()) from None
    except Exception as error:
        raise internal_error(error, call) from error


def compile_plain_call(node: Call) -> Code:
    """Closure for a call whose function is found when it runs."""
    site = Site(node)
    target = node.function
    if type(target) is Vector and target.kind == "character" and len(target) == 1 and target.items() != [None]:
        target = Symbol(target.items()[0])
    if type(target) is Symbol:
        return _compile_named_call(node, target, site)
    find = code_of(target)

    def run_computed(environment: Environment) -> Any:
        return invoke(find(environment), site, node, environment)

    return run_computed


def _compile_named_call(node: Call, target: Symbol, site: Site) -> Code:
    name = target.name
    names = site.names
    makers = site.makers
    has_dots = site.has_dots

    def run(environment: Environment) -> Any:
        place: Environment | None = environment
        passed = None
        while place is not None:
            value = place.frame.get(name)
            if value is not None:
                kind = type(value)
                if kind is Closure:
                    if has_dots:
                        return invoke(value, site, node, environment)
                    values = [v if code is None else Promise(code, v, environment) for code, v in makers]
                    made, _ = bind_arguments(value, names, values, node)
                    return run_closure(value, made, node, environment, (names, values), None)
                if kind is Builtin:
                    if value.primitive:
                        return _invoke_builtin(value, site, node, environment)
                    return invoke(value, site, node, environment)
                if kind is Promise or kind is ActiveBinding:
                    value = forced(value)
                    kind = type(value)
                    if kind is Closure or kind is Builtin:
                        return invoke(value, site, node, environment)
                if kind is ExternalObject:
                    if type(value.value) not in VALUES_ONLY:
                        return invoke(value, site, node, environment)
                    passed = passed or value
                elif (value is MISSING or value is EMPTY_SYMBOL) and name in place.unsupplied:
                    raise fail(RError(f'argument "{name}" is missing, with no default', call=node, span=node.span))
            place = place.parent
        if passed is not None:
            return invoke(passed, site, node, environment)
        raise no_function(name, node, environment)

    return run


def invoke(function: Any, site: Site, node: Call, environment: Environment) -> Any:
    """Call a function value from a prepared call site."""
    kind = type(function)
    if kind is Builtin:
        if not function.primitive:
            frames = machine.frames
            if len(frames) >= EXPRESSION_DEPTH:
                raise fail(too_deep())
            frames.append(Frame(node, function, None, environment))
            try:
                return _invoke_builtin(function, site, node, environment)
            finally:
                frames.pop()
        return _invoke_builtin(function, site, node, environment)
    if kind is Closure:
        if site.has_dots:
            names, values = site.with_dots(environment)
        else:
            names, values = site.names, site.promises(environment)
        return apply_closure(function, names, values, node, environment)
    if kind is ExternalObject:
        return call_runtime_object(function, site.evaluated(environment), node)
    raise fail(RError("attempt to apply non-function", call=current_call(), span=node.span))


def _invoke_builtin(function: Builtin, site: Site, node: Call, environment: Environment) -> Any:
    quick = function.quick
    if quick is not None and site.plain:
        values = [value if code is None else code(environment) for code, value in site.makers]
        result = quick(values)
        if result is not None:
            machine.visible = True
            return result
        return apply_builtin(function, [(None, value) for value in values], node, environment)
    if function.quick_named is not None and not site.has_dots and MISSING not in site.nodes:
        values = [value if code is None else code(environment) for code, value in site.makers]
        result = function.quick_named(site.names, values)
        if result is not None:
            machine.visible = True
            return result
        return apply_builtin(function, list(zip(site.names, values, strict=True)), node, environment)
    if function.special:
        return run_special(function, function.function, node, environment)
    if function.lazy:
        if function.quick_written is not None and site.plain:
            values = [value if code is None else code(environment) for code, value in site.makers]
            result = function.quick_written(values, site.nodes)
            if result is not None:
                machine.visible = True
                return result
            known = [Promise(None, written, None, value) for written, value in zip(site.nodes, values, strict=True)]
            return apply_builtin(function, [(None, promise) for promise in known], node, environment)
        names, values = site.with_dots(environment)
        arguments = list(zip(names, values, strict=True))
        if site.has_gaps and _has_unfilled(function, arguments):
            raise fail(_empty_argument(function, arguments, site, node))
        return apply_builtin(function, arguments, node, environment)
    arguments = site.evaluated(environment)
    if site.has_gaps and _has_unfilled(function, arguments):
        raise fail(_empty_argument(function, arguments, site, node))
    if quick is not None and site.has_dots and not any(name is not None or value is MISSING for name, value in arguments):
        result = quick([value for _, value in arguments])
        if result is not None:
            machine.visible = True
            return result
    return apply_builtin(function, arguments, node, environment)


_TAKING_ALL = frozenset(("list", "c", "sum", "prod", "max", "min", "range", "any", "all", "cbind", "rbind", "data.frame"))
"""Primitive and generic functions that evaluate every argument of theirs: a place left empty is a mistake."""


def _has_unfilled(function: Builtin, arguments: Arguments) -> bool:
    """Whether a place left empty between commas comes to `...`, which is evaluated whole."""
    if not any(value is MISSING for _, value in arguments):
        return False
    if function.name in _TAKING_ALL:
        return True
    if function.primitive or function.generic is not None or function.signature is None:
        return False
    rest = [at for at, formal in enumerate(function.formals) if formal.name == "..."]
    if not rest:
        return False
    try:
        return any(value is MISSING for _, value in function.match(arguments)[rest[0]])
    except RError:
        return False


def _empty_argument(function: Builtin, arguments: Arguments, site: Site, node: Call) -> RError:
    """R's error for a place left empty: in the call itself, or in what `...` brought from another call."""
    mend = "give it a value or leave the comma out"
    if function.primitive and MISSING in site.nodes:
        place = 1 + next(at for at, (_, value) in enumerate(arguments) if value is MISSING)
        return RError(f"argument {place} is empty", call=node, span=node.span, mend=mend)
    call = current_call() if function.primitive else node
    return RError("argument is missing, with no default", call=call, span=node.span, mend=mend)


def run_special(function: Builtin, operation: Any, node: Call, environment: Environment) -> Any:
    """What a special function, or a part of it, makes of an unevaluated call; its errors are placed there."""
    machine.visible = True
    try:
        return operation(node, environment)
    except RError as error:
        if error.signalled:
            raise
        raise fail(_placed(error, node)) from error.__cause__
    except (ControlFlow, KeyboardInterrupt):
        raise
    except RecursionError:
        raise fail(too_deep()) from None
    except Exception as error:
        raise internal_error(error, node, function=function) from error


def no_function(name: str, node: Call, environment: Environment) -> RError:
    """R's error for an unknown function, with the nearest name as the mend."""
    span = getattr(node.function, "span", None) or node.span
    error = RError(f'could not find function "{name}"', call=node, span=span)
    from pipekeras.grammar.library.attached import told_owners
    from pipekeras.grammar.refused import reason_of_function

    reason = reason_of_function(name) or told_owners(name)
    near = nearest_name(name, environment, functions=True) if reason is None else None
    if reason is not None:
        error.mend = reason
    elif near is not None:
        error.mend = f"did you mean '{near}'?"
    else:
        error.mend = "define it, or load the package that has it with library()"
    return fail(error)
