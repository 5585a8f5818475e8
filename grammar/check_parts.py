"""Mistakes in single calls of a statement that does not run, or not to its end.

A model's builder that fails at one step, a `compile` of a model that is not known, the body of a function that nobody calls:
what their calls say in plain values can be wrong whatever else happens. Such a call is made alone, a layer without the
object that it would be added to; of several wrong arguments each is found by leaving out the ones before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any

from pipekeras.grammar.builtins.registry import Builtin
from pipekeras.grammar.check import Problem
from pipekeras.grammar.deparse import deparse_short
from pipekeras.grammar.help import parameters_of
from pipekeras.grammar.nodes import MISSING, Argument, Call, Symbol
from pipekeras.grammar.session import Session
from pipekeras.grammar.values import NULL, Vector, character, integer

Evaluate = Callable[[Any], "Problem | None"]

_FAMILIES = (
    "layer_", "optimizer_", "loss_", "metric_", "callback_", "initializer_", "regularizer_", "constraint_",
    "learning_rate_schedule_",
)  # fmt: skip
_PLAIN_CALLS = frozenset(("c", "list", "(", "-", "+", "*", "/", "^", ":", "shape", "tuple", "as.integer", "$", "[", "[["))
_UNTOUCHED = frozenset(
    ("quote", "bquote", "substitute", "expression", "tryCatch", "try", "expect_error", "stopifnot", "~", "::", ":::", "$", "@")
)
_SIZES = frozenset(("units", "filters"))
"""Arguments that may be anything positive: unknown ones are taken to be right."""
_FORGOTTEN = frozenset(("input_shape", "batch_input_shape", "input_dim", "input_length", "weights", "name", "batch_size"))
"""Arguments that say nothing of the others."""
_MEASURES = ("optimizer", "loss", "metrics", "weighted_metrics")
_STRICT = frozenset(
    ("+", "-", "*", "/", "^", "==", "!=", "<", ">", "<=", ">=", "(", "c", "list", "<-", "=", "print", "cat", "paste", "paste0",
     "sum", "mean", "max", "min", "sqrt", "exp", "log", "abs", "round", "length", "rep", "seq", "matrix", "data.frame",
     "cbind", "rbind", ":", "[", "[[", "%%", "%/%", "%*%", "!", "&", "|", "sprintf", "format", "nchar", "rev", "sort", "unique")
)  # fmt: skip
"""Calls that evaluate every argument."""


class Parts:
    """Looks at calls alone.

    Args:
        session: where they are evaluated.
        own: the names that the program binds itself.
        evaluate: evaluates an expression; the problem that it ran into, or None.
    """

    def __init__(self, session: Session, own: set[str], evaluate: Evaluate) -> None:
        self.session = session
        self.own = own
        self.evaluate = evaluate

    def problems_of(self, expression: Any, unknown: set[str] | None) -> Iterator[Problem]:
        """Mistakes of the calls in a statement.

        Args:
            expression: the statement.
            unknown: names without a known value; None when the statement ran, so that only functions are looked into.
        """
        waiting: list[tuple[Any, bool, bool]] = [(expression, False, False)]
        while waiting:
            node, inside, piped = waiting.pop()
            if not isinstance(node, Call):
                continue
            head = node.function.name if isinstance(node.function, Symbol) else ""
            if head in _UNTOUCHED:
                continue
            if head == "function":
                waiting.append((node.args[1].value, True, False))
                waiting.extend((parameter.value, True, False) for parameter in node.args[0].value)
                continue
            waiting.extend(
                (argument.value, inside, head == "%>%" and place == 1) for place, argument in enumerate(node.args)
            )
            waiting.append((node.function, inside, False))
            if not inside and unknown is None:
                continue
            names = None if inside else unknown
            if head == "compile" and head not in self.own:
                yield from self._wrong_measures(node, piped, names)
            elif head.startswith(_FAMILIES) and head not in self.own and node.args:
                yield from self._wrong_arguments(node, head, piped, names)

    def siblings(self, expression: Any, failed: Problem, unknown: set[str]) -> Iterator[Problem]:
        """Mistakes in the other arguments of the calls around the one that failed, where all arguments are evaluated."""
        node: Any = expression
        span = failed.span
        while span is not None and isinstance(node, Call) and node.span is not None and node.span.source is span.source:
            head = node.function.name if isinstance(node.function, Symbol) else ""
            if head not in _STRICT or head in self.own or (node.span.start, node.span.end) == (span.start, span.end):
                return
            values = [argument.value for argument in (node.args[1:] if head in ("<-", "=") else node.args)]
            around = [value for value in values if isinstance(value, Call) and _covers(value, failed)]
            if len(around) != 1:
                return
            for value in values[values.index(around[0]) + 1 :]:
                if isinstance(value, Call) and self._is_strict(value, unknown):
                    problem = self.evaluate(value)
                    if problem is not None and problem.message:
                        yield problem
            node = around[0]

    def _is_strict(self, tree: Any, unknown: set[str]) -> bool:
        """Whether a tree is made of calls that evaluate all they are given, without effects."""
        if isinstance(tree, Call):
            head = tree.function.name if isinstance(tree.function, Symbol) else ""
            strict = head in _STRICT and head not in self.own and head not in ("<-", "=", "print", "cat")
            return strict and all(self._is_strict(argument.value, unknown) for argument in tree.args)
        return tree is not MISSING and (not isinstance(tree, Symbol) or self._has_value(tree, unknown))

    def _has_value(self, symbol: Symbol, unknown: set[str] | None) -> bool:
        if unknown is None:
            return symbol.name in ("T", "F", "pi", "Inf") and symbol.name not in self.own
        return symbol.name not in unknown and self.session.globals.find(symbol.name) is not None

    def _is_plain(self, tree: Any, unknown: set[str] | None) -> bool:
        """Whether a value can be known: constants, variables whose values are, and what is made of them."""
        if isinstance(tree, Symbol):
            return self._has_value(tree, unknown)
        if not isinstance(tree, Call):
            return tree is not MISSING
        head = tree.function.name if isinstance(tree.function, Symbol) else ""
        if head in self.own or not (head in _PLAIN_CALLS or head.startswith(_FAMILIES)):
            return False
        values = [argument.value for argument in tree.args]
        return all(self._is_plain(value, unknown) for value in (values[:1] if head == "$" else values))

    # The arguments of a layer, an optimizer, a callback

    def _wrong_arguments(self, call: Call, head: str, piped: bool, unknown: set[str] | None) -> Iterator[Problem]:
        function = self.session.base.get_function(head)
        if not isinstance(function, Builtin):
            return
        parameters = [name for name, _ in parameters_of(function)]
        made = self._alone(call, head, parameters, piped, unknown)
        for _ in range(len(call.args)):
            problem = None if made is None else self.evaluate(made)
            if made is None or problem is None or not problem.message:
                return
            place = self._culprit(made, problem)
            if place is None:
                return
            yield Problem(problem.message, made.args[place].span or call.span, problem.mend)
            made = self._without(made, place)

    def _alone(
        self, call: Call, head: str, parameters: list[str], piped: bool, unknown: set[str] | None
    ) -> Call | None:
        """The call without the object that a layer is added to, and without what is not known; None when too little is."""
        given: list[Argument] = []
        takes_object = parameters[:1] in (["object"], ["inputs"], ["x"]) and head.startswith("layer_")
        for place, argument in enumerate(call.args):
            name, value = argument.name, argument.value
            is_object = name == parameters[0] or (not name and place == 0 and not piped)
            if takes_object and is_object:
                continue
            if name and name not in parameters and name not in _FORGOTTEN:
                # Said already, where names are checked; meant is the parameter much like it.
                near = get_close_matches(name, parameters, 1, 0.6)
                if not near:
                    continue
                name = near[0]
            if not self._is_plain(value, unknown):
                if name in _FORGOTTEN:
                    continue
                if name not in _SIZES and not (takes_object and not name and parameters[1:2] == ["units"] and not given):
                    return None
                value = integer(4)
            given.append(Argument(name, value, argument.span))
        if takes_object:
            given.insert(0, Argument(parameters[0], NULL))
        return Call(call.function, tuple(given), call.span) if len(given) > takes_object else None

    def _culprit(self, call: Call, problem: Problem) -> int | None:
        """The argument that a problem is due to: without it, or with another value, the problem is gone."""
        for place, argument in enumerate(call.args):
            if argument.value is not NULL:
                left = self._left_out(call, place)
                other = self.evaluate(self._replaced(call, place, _like(argument.value)) if left is None else left)
                if other is None or other.message != problem.message:
                    return place
        return None

    def _without(self, call: Call, place: int) -> Call | None:
        """The call without an argument, or with another value that it takes in its place; None when there is none."""
        left = self._left_out(call, place)
        if left is not None:
            return left
        for value in (integer(1), character("a")):
            other = self._replaced(call, place, value)
            problem = self.evaluate(other)
            if problem is None or not problem.message.endswith(f"not {deparse_short(value)}"):
                return other
        return None

    def _left_out(self, call: Call, place: int) -> Call | None:
        """The call without a named argument; None where it has to be there."""
        left = Call(call.function, call.args[:place] + call.args[place + 1 :], call.span)
        if not call.args[place].name:
            return None
        problem = self.evaluate(left)
        return None if problem is not None and "missing" in problem.message else left

    def _replaced(self, call: Call, place: int, value: Vector) -> Call:
        replaced = Argument(call.args[place].name, value, call.args[place].span)
        return Call(call.function, (*call.args[:place], replaced, *call.args[place + 1 :]), call.span)

    # The optimizer, losses and metrics of a model that may not be known

    def _wrong_measures(self, call: Call, piped: bool, unknown: set[str] | None) -> Iterator[Problem]:
        positional = iter(_MEASURES[:3] if piped else ("object", *_MEASURES[:3]))
        for argument in call.args:
            name = argument.name or next(positional, "")
            if name not in _MEASURES or not self._is_plain(argument.value, unknown):
                continue
            for text, span in _texts(argument.value, argument.span):
                problem = self.evaluate(
                    Call(Symbol("compile"), (Argument(None, _STAND_IN), Argument(name, text)), call.span)
                )
                if problem is not None and problem.message.startswith("unknown "):
                    yield Problem(problem.message, span or call.span, problem.mend)


def _like(value: Any) -> Vector:
    """Another value of the same kind: if it is the kind that is wrong, the message tells of the other value."""
    if isinstance(value, Vector) and value.kind == "character":
        return character("a" if value.items() != ["a"] else "b")
    return integer(1 if not isinstance(value, Vector) or value.items() != [1] else 2)


def _texts(value: Any, span: Any) -> Iterator[tuple[Vector, Any]]:
    """The texts that name losses or metrics: one, or several in c() or list()."""
    if isinstance(value, Vector) and value.kind == "character" and len(value) == 1:
        yield value, span
    elif isinstance(value, Call) and isinstance(value.function, Symbol) and value.function.name in ("c", "list"):
        for argument in value.args:
            yield from _texts(argument.value, argument.span)


_STAND_IN = Call(
    Symbol("layer_dense"),
    (Argument(None, Call(Symbol("keras_model_sequential"), ())), Argument("units", integer(1)),
     Argument("input_shape", integer(1))),
)  # fmt: skip
"""The expression that builds the smallest model that can be compiled."""


def _covers(node: Call, problem: Problem) -> bool:
    span = problem.span
    return node.span is not None and span is not None and node.span.start <= span.start and span.end <= node.span.end
