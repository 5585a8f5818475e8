"""What can be said of a program without running it: unknown names, and arguments that no parameter takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from pipekeras.grammar.builtins.programs.packages import PACKAGES
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.dotted import is_dotted
from pipekeras.grammar.help import bound_names, parameters_of
from pipekeras.grammar.library.attached import owners_of, told_owners
from pipekeras.grammar.library.written_arguments import sees_names
from pipekeras.grammar.nodes import MISSING, Argument, Call, Formals, Span, Symbol
from pipekeras.grammar.parse import Program
from pipekeras.grammar.recover import Gap
from pipekeras.grammar.values import Vector

_ASSIGNMENTS = frozenset(("<-", "<<-", "=", "%<>%", ":="))
_PIPES = frozenset(("%>%", "%T>%", "%$%", "%<>%", "%!>%"))
_QUOTING_NAMES = (
    "quote bquote substitute expression alist ~ library require requireNamespace loadNamespace suppressMessages data rm "
    "R6Class with within subset transform aes vars mutate filter select arrange summarise summarize group_by count pull "
    "rename transmute distinct slice left_join pivot_longer pivot_wider gather spread separate unite drop_na case_when "
    "ggplot facet_wrap facet_grid aggregate lm glm nls xtabs curve attach detach UseMethod NextMethod missing on.exit "
    "pmap map map2 walk local py_run_string setClass setMethod setGeneric across if_else top_n slice_max slice_min "
    "crossing nest unnest qplot quickplot conf_mat accuracy precision recall f_meas roc_auc metrics dataset_prepare "
    "initial_split setkey setorder := %$% Recall match.arg %as% ? help t.test tibble data.table replace_na relocate fill "
    "hasArg focus"
)
_QUOTING = frozenset(_QUOTING_NAMES.split())
"""Calls whose arguments may name columns or are not evaluated as they stand."""
_SELECTING = frozenset(
    ("starts_with", "ends_with", "contains", "matches", "everything", "last_col", "num_range", "all_of", "any_of", "where",
     "all_nominal", "all_numeric", "has_role", ".", "pick")
)  # fmt: skip
"""Functions that mean something only where columns are selected."""
_EVALUATING = frozenset(("suppressMessages", "local", "on.exit", "map", "map2", "pmap", "walk", "R6Class"))
_NAMED_BINDING = frozenset(("assign", "delayedAssign", "makeActiveBinding", "textConnection", "setGeneric", "setMethod"))
_BRINGING = _NAMED_BINDING | {"source", "attach", "load", "sys.source", "list2env", "eval"}
"""Calls that may bind names which the text does not show."""
_CAPTURING = frozenset(("substitute", "match.call", "sys.call", "enquo", "ensym", "enexpr", "tryCatch", "try"))
"""A function that calls one of these may do more with its arguments than evaluate them, or not evaluate them at all."""
_EXPECTING_ERRORS = frozenset(("tryCatch", "try", "stopifnot", "expect_error"))
_CLASS_MAKING = frozenset(("setRefClass", "methods", "fields"))
"""Calls whose functions see the fields and methods of a reference class by their names."""
_CLASS_NAMES = frozenset((".self", "callSuper", "initFields", "copy", "field", "show", "getClass", "getRefClass", "methods"))
_ALWAYS_KNOWN = frozenset(
    ("self", "private", "super", ".", "...", ".x", ".y", ".data", ".env", ".GlobalEnv", ".Generic", ".Class")
)

_OPEN, _MASKED, _UNTOUCHED = range(3)
"""Names are variables; names may be columns of a table; the code may fail or never run."""


class Problem:
    """One thing that is wrong: what, where, how to mend it."""

    def __init__(self, message: str, span: Span | None, mend: str | None = None) -> None:
        self.message = message
        self.span = span
        self.mend = mend

    def report(self) -> str:
        """The problem as users see it."""
        from pipekeras.grammar.diagnose import point_at

        lines = [self.message]
        if self.span is not None:
            lines += point_at(self.span)
        if self.mend:
            lines.append(f"  mend: {self.mend}")
        return "\n".join(lines)


def check_program(program: Program, environment: Environment, gaps: Sequence[Gap] = ()) -> list[Problem]:
    """Problems of a program in the order of the text.

    Args:
        program: the parsed program.
        environment: where the names that a program starts with are bound.
        gaps: what was left out of the program for its syntax: any name in it may be bound there.
    """
    checker = _Checker(environment)
    for expression in program.expressions:
        checker.collect(expression)
    checker.spread_laziness()
    for gap in gaps:
        checker.defined |= gap.names
        checker.all_shown = checker.all_shown and not gap.names & _BRINGING
    for expression in program.expressions:
        checker.visit(expression, masked=_OPEN)
    return sorted(checker.problems, key=lambda problem: problem.span.start if problem.span else 0)


class _Checker:
    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.defined: set[str] = set()
        self.functions: dict[str, list[tuple[str, str | None]]] = {}
        self.redefined: set[str] = set()
        self.methods: set[str] = set()
        self.capturing: set[str] = set()
        self.handing: dict[str, set[str]] = {}
        self.all_shown = True
        self.loaded: set[str] = set()
        self.loads_by_value = False
        self.problems: list[Problem] = []
        self.reported: set[str] = set()

    # What the program defines

    def collect(self, tree: Any) -> None:
        """Note every name that the tree binds anywhere, and whether it may bind more than it shows."""
        for node in _calls(tree):
            head = node.function
            if isinstance(head, Call) and head.is_call_of("$") and isinstance(head.args[1].value, Symbol):
                head = head.args[1].value
                if head.name in _CLASS_MAKING:
                    self._note_class(node)
                continue
            if not isinstance(head, Symbol):
                continue
            name = head.name
            values = [argument.value for argument in node.args]
            for argument in node.args:
                if argument.name and isinstance(argument.value, Call) and argument.value.is_call_of("function"):
                    # A class may have a compile() with arguments of its own.
                    self.methods.add(argument.name)
                if argument.name == "specials":
                    # What terms() is told to leave as it stands in a formula.
                    self.defined.update(_texts_in(argument.value))
            if name in _ASSIGNMENTS and len(values) == 2:
                if is_dotted(values[0]):
                    self._note_all(values[0])
                self._note_target(values[0], values[1])
            elif name in ("%<-%", "%->%") and len(values) == 2:
                self._note_all(values[name == "%->%"])
            elif name == "%py_class%" and len(values) == 2:
                self._note_target(values[0].function if isinstance(values[0], Call) else values[0], None)
                self.redefined.update(_text_of(call.args[0].value) or "" for call in _calls(values[1]) if call.is_call_of("<-"))
            elif name == "%as%" and len(values) == 2:
                self._note_target(values[1], None)
            elif name == "for" and values:
                self._note_target(values[0], None)
            elif name in ("library", "require") and values and (package := _text_of(values[0])) is not None:
                self.loaded.add(package)
                self.loads_by_value |= any(argument.name == "character.only" for argument in node.args)
            elif name == "function" and isinstance(values[0], Formals):
                self.defined.update(values[0].names)
            elif name == "setRefClass":
                self._note_class(node)
            elif name in _BRINGING:
                self._note_bringing(name, values)

    def _note_target(self, target: Any, value: Any) -> None:
        while isinstance(target, Call) and target.args:
            target = target.args[0].value
            value = None
        name = _text_of(target)
        if name is None:
            return
        if name in self.defined:
            self.redefined.add(name)
        self.defined.add(name)
        if isinstance(value, Call) and value.is_call_of("function"):
            self.functions[name] = [
                (parameter.name or "", None if parameter.value is MISSING else "") for parameter in value.args[0].value
            ]
            self._note_laziness(name, value)
        else:
            self.redefined.add(name)

    def _note_laziness(self, name: str, function: Call) -> None:
        """Note whether the function may leave what it is given unevaluated, and whom it hands its arguments to."""
        formals, body = function.args[0].value, function.args[1].value
        used = {symbol.name for symbol in _symbols(body)}
        called = {call.function.name for call in _calls(body) if isinstance(call.function, Symbol)}
        unused = [parameter for parameter in formals.names if parameter not in used | called | {"..."}]
        if called & _CAPTURING or (unused and "UseMethod" not in called):
            self.capturing.add(name)
        for call in _calls(body):
            if isinstance(call.function, Symbol) and any(_text_of(given.value) in formals.names for given in call.args):
                self.handing.setdefault(call.function.name, set()).add(name)

    def spread_laziness(self) -> None:
        """A function that hands its arguments to one that may not evaluate them is another."""
        waiting = list(self.capturing)
        while waiting:
            for name in self.handing.get(waiting.pop(), set()) - self.capturing:
                self.capturing.add(name)
                waiting.append(name)

    def _note_all(self, target: Any) -> None:
        for call in _calls(target):
            self.defined.update(argument.name for argument in call.args if argument.name)
        for node in _symbols(target):
            self.defined.add(node.name.removeprefix("...") or node.name)

    def _note_class(self, node: Call) -> None:
        """The fields and methods that the functions of a reference class know by name."""
        self.defined |= _CLASS_NAMES
        for call in _calls(node):
            if call is node or (isinstance(call.function, Symbol) and call.function.name in ("list", "c")):
                for argument in call.args:
                    text = _text_of(argument.value) if isinstance(argument.value, Vector) else None
                    self.defined.update(name for name in (argument.name, text) if name)

    def _note_bringing(self, name: str, values: list[Any]) -> None:
        if name in _NAMED_BINDING and values and isinstance(values[0], Vector):
            self.defined.add(str(values[0].items()[0]))
        else:
            self.all_shown = False

    # What it uses

    def visit(self, tree: Any, masked: int) -> None:
        """Check a tree; `masked` says what to make of bare names: `_OPEN`, `_MASKED` or `_UNTOUCHED`."""
        waiting: list[tuple[Any, int]] = [(tree, masked)]
        while waiting:
            node, masked = waiting.pop()
            if isinstance(node, Symbol):
                if not masked:
                    self._check_variable(node)
            elif isinstance(node, Call):
                waiting.extend(self._parts(node, masked))
            elif isinstance(node, Formals):
                waiting.extend((parameter.value, masked) for parameter in node)

    def _parts(self, node: Call, masked: int) -> Iterator[tuple[Any, int]]:
        head = node.function
        arguments = node.args
        if not isinstance(head, Symbol):
            # `package::name(...)` quotes what name(...) quotes.
            member = head.args[1].value if isinstance(head, Call) and head.is_call_of("::") else None
            quotes = isinstance(member, Symbol) and _quotes(member.name)
            yield head, masked
            yield from ((argument.value, masked or (_MASKED if quotes else _OPEN)) for argument in arguments)
            return
        name = head.name
        if name in ("$", "@", "::", ":::"):
            if name in ("$", "@"):
                yield arguments[0].value, masked
            return
        if name == "function":
            yield from ((argument.value, masked) for argument in arguments)
            return
        if name in _ASSIGNMENTS and len(arguments) == 2:
            target = None if is_dotted(arguments[0].value) else arguments[0].value
            while isinstance(target, Call) and target.args:
                if not target.is_call_of("$") and not target.is_call_of("@"):
                    yield from ((argument.value, masked) for argument in target.args[1:])
                target = target.args[0].value
            yield arguments[1].value, masked
            return
        if name in ("%<-%", "%->%") and len(arguments) == 2:
            yield arguments[name == "%<-%"].value, masked
            return
        if name == "for":
            yield from ((argument.value, masked) for argument in arguments[1:])
            return
        if masked != _UNTOUCHED:
            self._check_function(head)
        if masked == _UNTOUCHED:
            pass
        elif name not in self.defined:
            if name not in self.methods:
                self._check_arguments(node, self._parameters(name))
        elif name in self.functions and name not in self.redefined:
            self._check_arguments(node, self.functions[name])
        inside = masked
        if name in self.capturing or name in _EXPECTING_ERRORS:
            inside = _UNTOUCHED
        elif _quotes(name) or self._takes_tables(name) or (name not in self.defined and any(map(_is_formula, arguments))):
            inside = inside or _MASKED
        if name in ("quote", "bquote", "substitute", "expression", "alist", "library", "require", "?"):
            return
        for position, argument in enumerate(arguments):
            value = argument.value
            if name in _PIPES and position == 1 and isinstance(value, Symbol):
                if inside != _UNTOUCHED:
                    self._check_function(value)
            else:
                yield value, inside or (_MASKED if name == "%$%" and position == 1 else _OPEN)

    def _takes_tables(self, name: str) -> bool:
        """Whether `x[...]` may name columns: the program loads data.table."""
        return name == "[" and "data.table" in self.loaded

    def _check_variable(self, symbol: Symbol) -> None:
        name = symbol.name
        if not self.all_shown or name in self.defined or name in _ALWAYS_KNOWN or name[:2] == "..":
            return
        if self.environment.find(name) is not None or any(map(self._is_loaded, owners_of(name))):
            return
        self._report_unknown(f"object '{name}' not found", symbol, functions=False)

    def _is_loaded(self, package: str) -> bool:
        """Whether the program loads a package: by its name, with another one, or by a name that it computes."""
        loaded = {along for name in self.loaded for along in (name, *PACKAGES.get(name, ()))}
        return self.loads_by_value or package in loaded

    def _check_function(self, symbol: Symbol) -> None:
        name = symbol.name
        if not self.all_shown or name in self.defined or name in _ALWAYS_KNOWN:
            return
        if self.environment.get_function(name) is not None or name in _QUOTING or name in _SELECTING:
            return
        if any(map(self._is_loaded, owners_of(name))):
            return
        self._report_unknown(f'could not find function "{name}"', symbol, functions=True)

    def _report_unknown(self, message: str, symbol: Symbol, functions: bool) -> None:
        if message in self.reported:
            return
        self.reported.add(message)
        known = self.defined | (set(_function_names(self.environment)) if functions else set())
        from pipekeras.grammar.refused import reason_of_function

        reason = reason_of_function(symbol.name) if functions else None
        if reason is None and functions:
            reason = told_owners(symbol.name)
        if reason is not None:
            self.problems.append(Problem(message, symbol.span, reason))
            return
        near = get_close_matches(symbol.name, sorted(known), 1, 0.75)
        mend = (
            f"did you mean '{near[0]}'?"
            if near
            else "assign it first"
            if not functions
            else ("define it, or load the package that has it with library()")
        )
        self.problems.append(Problem(message, symbol.span, mend))

    def _parameters(self, name: str) -> list[tuple[str, str | None]]:
        function = self.environment.get_function(name)
        if function is None or getattr(function, "special", False):
            return []
        return parameters_of(function)

    def _check_arguments(self, node: Call, parameters: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in parameters]
        head = node.function.name
        if not names or ("..." in names and not self._is_keras(head)):
            return
        partial = names[: names.index("...")] if "..." in names else names
        for argument in node.args:
            given = argument.name
            if not given or given in names or any(name.startswith(given) for name in partial):
                continue
            # Keras functions hand `...` on; a name much like a parameter is a slip all the same.
            near = get_close_matches(given, names, 1, 0.75 if "..." in names else 0.6)
            if near or "..." not in names:
                mend = f"did you mean '{near[0]}'?" if near else f"its arguments are {', '.join(names)}"
                span = argument.span or node.span
                self.problems.append(Problem(f"unused argument: {head}() has no '{given}'", span, mend))

    def _is_keras(self, name: str) -> bool:
        function = None if name in self.defined else self.environment.get_function(name)
        return getattr(function, "package", "") == "keras"


def _quotes(name: str) -> bool:
    return (name in _QUOTING and name not in _EVALUATING) or name.startswith("step_") or sees_names(name)


def _is_formula(argument: Argument) -> bool:
    """Whether an argument is a formula: functions that take one look for the names of others, such as `subset`, in data."""
    head = argument.value.function if isinstance(argument.value, Call) else None
    return isinstance(head, Symbol) and head.name == "~"


def _function_names(environment: Environment) -> Iterable[str]:
    scope: Environment | None = environment
    while scope is not None:
        yield from bound_names(scope)
        scope = scope.parent


def _texts_in(value: Any) -> list[str]:
    """Every text in a constant or a call of c()."""
    if isinstance(value, Call):
        return [text for argument in value.args for text in _texts_in(argument.value)]
    return [str(item) for item in value.items()] if isinstance(value, Vector) and value.kind == "character" else []


def _text_of(target: Any) -> str | None:
    if isinstance(target, Symbol):
        return target.name
    if isinstance(target, Vector) and target.kind == "character":
        return str(target.items()[0])
    return None


def _calls(tree: Any) -> Iterator[Call]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call):
            yield node
            waiting.append(node.function)
            waiting.extend(argument.value for argument in node.args)
        elif isinstance(node, Formals):
            waiting.extend(parameter.value for parameter in node)


def _symbols(tree: Any) -> Iterator[Symbol]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Symbol):
            yield node
        elif isinstance(node, Call):
            waiting.extend(argument.value for argument in node.args)
