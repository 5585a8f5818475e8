"""The table of built-in functions: one decorator, R's formals as text, R's argument matching.

A builtin is a Python function under an R signature::

    @builtin("paste", "..., sep = ' ', collapse = NULL")
    def paste(dots, sep, collapse):
        ...

The Python function receives one positional argument per R formal, evaluated, in order; ``...`` arrives as a list of
``(name | None, value)``. A formal that got no argument takes its R default; without one it takes the Python
parameter's own default, and without that the call is R's "argument is missing, with no default" error.
Signature text is parsed at the first call, so importing a family costs nearly nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from pipekeras.grammar.builtins.formals import (
    REQUIRED,
    UNSET,
    ComputedDefault,
    FormalParameter,
    match_formals,
    parse_signature,
    slip,
    unused_error,
)
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import (
    call_function,
    current_environment,
    expression_of,
    force,
    machine,
    value_of,
    warn,
    write,
    write_error,
)
from pipekeras.grammar.method_names import method_names
from pipekeras.grammar.nodes import MISSING
from pipekeras.grammar.values import Attributes, Promise

_PRIMITIVE_NAMES = """
    abs acos acosh all any anyNA Arg as.call as.character as.complex as.double as.environment as.integer as.logical
    as.numeric as.raw asin asinh atan atanh attr attributes baseenv c ceiling class Conj cos cosh cospi cummax cummin
    cumprod cumsum digamma dim dimnames emptyenv enc2native enc2utf8 environment<- exp expm1 expression floor
    gamma globalenv Im interactive invisible is.array is.call is.character is.complex is.double is.environment
    is.finite is.function is.infinite is.integer is.language is.list is.logical is.matrix is.na is.name is.nan is.null
    is.numeric is.object is.pairlist is.raw is.real is.recursive is.single is.symbol lazyLoadDBfetch length lgamma
    levels<- list log1p max min Mod names nargs nzchar oldClass on.exit pos.to.env proc.time prod range Re rep
    retracemem return round seq_along seq_len seq.int sign signif sin sinh sinpi sqrt standardGeneric storage.mode<-
    substitute sum switch tan tanh tanpi tracemem trigamma trunc unclass untracemem UseMethod xtfrm
    + - * / ^ == != < <= > >= & | ! && || %% %/% %*% : ( { [ [[ $ @ <- <<- = [<- [[<- $<- @<- if for while repeat break
    next function quote missing call log class<- oldClass<- dim<- dimnames<- names<- attr<- attributes<- length<-
    forceAndCall ...length ...elt ...names
"""
PRIMITIVES = frozenset(_PRIMITIVE_NAMES.split())
"""Names that are primitives in R: they take no frame of their own."""

_ARITHMETIC = frozenset(("+", "-", "*", "/", "^", "%%", "%/%"))

_MATCHED_BY_NAME = frozenset(("attr", "log"))
"""Primitive functions that match arguments as closures do: one too many is unused, not one too many in number."""


class _Plan:
    """How arguments of certain names meet the parameters: found once for each pattern of names.

    Attributes:
        values: what each parameter is that gets no argument; `UNSET` where that is found at the call.
        taken: (parameter, argument) positions.
        dots_at: the position of ``...`` among the parameters, -1 without.
        dots: positions of the arguments that it takes.
        complete: whether no default has to be found at the call.
    """

    __slots__ = ("complete", "dots", "dots_at", "taken", "values")

    def __init__(
        self, values: list[Any], taken: list[tuple[int, int]], dots_at: int, dots: list[int], complete: bool
    ) -> None:
        self.values = values
        self.taken = taken
        self.dots_at = dots_at
        self.dots = dots
        self.complete = complete


_MOST_PLANS = 200
"""Patterns of names that a builtin keeps plans for."""


class Builtin:
    """A function of the language written in Python.

    Attributes:
        name: R name.
        function: the Python function.
        special: receives the unevaluated call and the environment instead of arguments.
        lazy: arguments arrive as `Promise`s (``value_of`` and ``expression_of`` open them).
        quick: a shortcut for plain arguments that answers None when it does not apply; see evaluation/shortcuts.py.
        quick_named: the same for arguments of which some have names.
        quick_written: the same for a lazy function, which gets the values and how they were written.
        generic: "internal" dispatches on the class attribute of the first argument before the function runs, "s3" on
            the implicit class too (as R functions that begin with ``UseMethod``).
        group: S3 group ("Ops", "Math", "Summary") or None.
    """

    __slots__ = (
        "__weakref__",
        "_formals",
        "_plans",
        "attributes",
        "function",
        "generic",
        "group",
        "indexed",
        "invisible",
        "lazy",
        "name",
        "needs_call",
        "needs_environment",
        "owner",
        "package",
        "primitive",
        "quick",
        "quick_named",
        "quick_written",
        "signature",
        "simple_count",
        "special",
    )
    kind = "builtin"

    def __init__(
        self,
        name: str,
        function: Callable[..., Any],
        signature: str | None = "...",
        *,
        special: bool = False,
        lazy: bool = False,
        needs_environment: bool = False,
        needs_call: bool = False,
        generic: str | None = None,
        group: str | None = None,
        invisible: bool | None = False,
        package: str = "base",
        owner: str = "",
    ) -> None:
        self.name = name
        self.function = function
        self.owner = owner
        self.indexed = False
        self.signature = signature
        self.special = special
        self.lazy = lazy
        self.needs_environment = needs_environment
        self.needs_call = needs_call
        self.generic = generic
        self.group = group
        self.invisible = invisible
        self.package = package
        self.primitive = name in PRIMITIVES
        self.attributes: Attributes | None = None
        self._formals: list[FormalParameter] | None = None
        self._plans: dict[tuple[str | None, ...], _Plan] = {}
        self.simple_count = -1
        self.quick: Callable[[list[Any]], Any] | None = None
        self.quick_named: Callable[[tuple[str | None, ...], list[Any]], Any] | None = None
        self.quick_written: Callable[[list[Any], list[Any]], Any] | None = None

    @classmethod
    def declared(cls, owner: str, name: str, signature: str | None, **flags: Any) -> Builtin:
        """A builtin known from the index, whose function comes with the import of its family at first use."""
        made = cls(name, _not_loaded, signature, owner=owner, **flags)
        del made.function
        made.indexed = True
        return made

    def __getattr__(self, attribute: str) -> Any:
        # Reached only while the slot is empty: a declared builtin is used for the first time.
        if attribute == "function":
            from importlib import import_module

            import_module(self.owner)
            if self.loaded:
                return self.function
        raise AttributeError(f"builtin {self.name!r} has no {attribute}")

    @property
    def loaded(self) -> bool:
        """Whether the Python function is there."""
        try:
            object.__getattribute__(self, "function")
        except AttributeError:
            return False
        return True

    def __repr__(self) -> str:
        return f"Builtin({self.name!r})"

    @property
    def formals(self) -> list[FormalParameter]:
        """Parameters, parsed from the signature at first use."""
        if self._formals is None:
            self._formals = parse_signature("..." if self.signature is None else self.signature)
            self._note_python_defaults(self._formals)
            if not any(formal.name == "..." for formal in self._formals):
                self.simple_count = len(self._formals)
        return self._formals

    def _note_python_defaults(self, formals: list[FormalParameter]) -> None:
        if self.special:
            return
        code = getattr(self.function, "__code__", None)
        if code is None:
            return
        defaults = self.function.__defaults__ or ()
        first = code.co_argcount - len(defaults)
        for position, formal in enumerate(formals):
            if first <= position < code.co_argcount:
                formal.fallback = defaults[position - first]

    def with_attributes(self, attributes: Attributes | None) -> Builtin:
        made = Builtin.__new__(Builtin)
        for slot in Builtin.__slots__:
            if slot != "__weakref__":
                setattr(made, slot, getattr(self, slot))
        made.attributes = attributes or None
        return made

    def match(self, arguments: list[tuple[str | None, Any]]) -> list[Any]:
        """Values for the Python function, in the order of the formals, by R's matching rules."""
        formals = self._formals
        if formals is None:
            formals = self.formals
        count = len(arguments)
        if count <= self.simple_count:
            for name, value in arguments:
                if name is not None or value is MISSING:
                    break
            else:
                values = [value for _, value in arguments]
                if count < self.simple_count:
                    self._fill(formals, values, count)
                return values
        return self._match_by_rules(formals, arguments)

    def _wrong_count(self, count: int) -> RError:
        plural = "" if count == 1 else "s"
        wanted = "1 or 2 arguments" if self.name == "signif" else self.simple_count
        return RError(f"{count} argument{plural} passed to '{self.name}' which requires {wanted}")

    def _fill(self, formals: list[FormalParameter], values: list[Any], start: int) -> None:
        values.extend([UNSET] * (len(formals) - start))
        self._apply_defaults(formals, values)

    def _match_by_rules(
        self, formals: list[FormalParameter], arguments: list[tuple[str | None, Any]]
    ) -> list[Any]:
        counted = self.primitive and self.name not in _MATCHED_BY_NAME
        if counted and 0 < self.simple_count < len(arguments):
            if self.name in _ARITHMETIC:
                raise RError("operator needs one or two arguments")
            raise self._wrong_count(len(arguments))
        # Operators take their operands by place, whatever the names.
        names = (None,) * len(arguments) if self.group == "Ops" else tuple([name for name, _ in arguments])
        plan = self._plans.get(names)
        if plan is None:
            plan = self._planned(formals, names, arguments)
        complete = plan.complete
        values = list(plan.values)
        for at, position in plan.taken:
            value = arguments[position][1]
            if value is MISSING:
                complete = False
            else:
                values[at] = value
        if plan.dots_at >= 0:
            values[plan.dots_at] = [arguments[position] for position in plan.dots]
        if not complete:
            self._apply_defaults(formals, values)
        return values

    def _planned(
        self, formals: list[FormalParameter], names: tuple[str | None, ...], arguments: list[tuple[str | None, Any]]
    ) -> _Plan:
        """The plan for arguments of these names, kept for the next call."""
        parameters = [formal.name for formal in formals]
        # Once with the arguments themselves: a mistake is told with them.
        match_formals(parameters, [(None, value) for _, value in arguments] if self.group == "Ops" else arguments)
        slots, dots, has_dots = match_formals(parameters, [(name, at) for at, name in enumerate(names)])
        taken = [(at, slot) for at, slot in enumerate(slots) if slot is not UNSET and parameters[at] != "..."]
        given = {at for at, _ in taken}
        values = [UNSET if at in given else self._constant_default(formal) for at, formal in enumerate(formals)]
        dots_at = parameters.index("...") if has_dots else -1
        complete = all(value is not UNSET or at in given or at == dots_at for at, value in enumerate(values))
        plan = _Plan(values, taken, dots_at, [position for _, position in dots], complete)
        if len(self._plans) > _MOST_PLANS:
            self._plans.clear()
        self._plans[names] = plan
        return plan

    def _constant_default(self, formal: FormalParameter) -> Any:
        """What a parameter without an argument is in every call; `UNSET` when that rests on the call."""
        if self.lazy or type(formal.default) is ComputedDefault:
            return UNSET
        if formal.default is not UNSET:
            return formal.default
        return UNSET if formal.fallback is REQUIRED else formal.fallback

    def _apply_defaults(self, formals: list[FormalParameter], values: list[Any]) -> None:
        for position, value in enumerate(values):
            if value is UNSET:
                formal = formals[position]
                default = formal.default
                if default is UNSET:
                    if formal.fallback is REQUIRED:
                        if self.primitive and self.simple_count == 1:
                            raise self._wrong_count(0)
                        mend = slip(self.name, formal.name, formals, values)
                        raise RError(f'argument "{formal.name}" is missing, with no default', mend=mend)
                    values[position] = formal.fallback
                elif type(default) is ComputedDefault:
                    values[position] = default.compute(
                        formals, values, UNSET if formal.fallback is REQUIRED else formal.fallback
                    )
                elif self.lazy:
                    values[position] = Promise(None, default, None, default)
                else:
                    values[position] = default


REGISTRY: dict[str, Builtin] = {}
"""Every builtin by R name."""


def builtin(
    name: str | tuple[str, ...],
    signature: str | None = "...",
    *,
    special: bool = False,
    lazy: bool = False,
    needs_environment: bool = False,
    needs_call: bool = False,
    generic: str | None = None,
    group: str | None = None,
    invisible: bool | None = False,
    package: str = "base",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a Python function into the table under an R name, or several.

    Args:
        name: R name, or a tuple of names that share the function.
        signature: R formals as text, for example ``"x, ..., na.rm = FALSE"``.
        special: the function is called as ``function(call, environment)`` with nothing evaluated.
        lazy: arguments arrive as promises.
        needs_environment: passes the calling environment as keyword ``environment``.
        needs_call: passes the call node as keyword ``call``.
        generic: None, "internal" or "s3"; see `Builtin`.
        group: S3 group the function belongs to.
        invisible: the result does not print by itself at top level; None leaves that to the code it evaluates.
        package: R package that the name belongs to.
    """

    owner = sys._getframe(1).f_globals["__name__"]

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        given = (name,) if isinstance(name, str) else name
        further = [other for one in given for other in method_names(one) if other not in given]
        for one in (*given, *further):
            known = REGISTRY.get(one)
            if known is not None and known.indexed:
                # The index has decided which family a name belongs to; the entry keeps its identity.
                if known.owner == owner:
                    known.function = function
                continue
            REGISTRY[one] = Builtin(
                one,
                function,
                signature,
                special=special,
                lazy=lazy,
                needs_environment=needs_environment,
                needs_call=needs_call,
                generic=generic,
                group=group,
                invisible=invisible,
                package=package,
                owner=owner,
            )
        return function

    return enter


def _not_loaded() -> None:
    """Stands for the function of a declared builtin while the entry is made."""


def constant(name: str, value: Any) -> None:
    """Enter a constant (``pi``, ``letters``) into the base environment."""
    CONSTANTS[name] = value


CONSTANTS: dict[str, Any] = {}
"""Constants of the base environment by name."""


__all__ = [
    "CONSTANTS",
    "MISSING",
    "REGISTRY",
    "UNSET",
    "Builtin",
    "FormalParameter",
    "RError",
    "builtin",
    "call_function",
    "constant",
    "current_environment",
    "expression_of",
    "force",
    "machine",
    "match_formals",
    "parse_signature",
    "unused_error",
    "value_of",
    "warn",
    "write",
    "write_error",
]
