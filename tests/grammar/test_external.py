"""Objects of Python in the language: adapters, callbacks, errors through Python frames, native bases of R6 classes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.r6 import NativeBase, native_generator
from pipekeras.grammar.external import ADAPTERS, Adapter, register_adapter, to_language, to_python
from pipekeras.grammar.session import Session
from pipekeras.grammar.values import NULL, ExternalObject


class Counter:
    """A small runtime object."""

    def __init__(self) -> None:
        self.count = 0
        self.label = "counter"

    def add(self, amount: float = 1) -> Counter:
        self.count += int(amount)
        return self

    def __call__(self, value: Any) -> Any:
        return value * 10

    def each(self, function: Any, times: int) -> list[Any]:
        return [function(number) for number in range(int(times))]


@pytest.fixture
def session() -> Session:
    made = Session()
    made.activate()
    made.globals.set("counter", ExternalObject(Counter()))
    return made


def test_members_methods_and_assignment(session: Session) -> None:
    assert session.evaluate_text("counter$label").items() == ["counter"]
    session.evaluate_text("counter$add(amount = 2)$add()")
    assert session.evaluate_text("counter$count").items() == [3]
    session.evaluate_text("counter$label <- 'renamed'")
    assert session.globals.get("counter").value.label == "renamed"


def test_objects_are_called_and_piped_into(session: Session) -> None:
    assert session.evaluate_text("counter(4)").items() == [40.0]
    assert session.evaluate_text("4 %>% counter").items() == [40.0]
    assert session.evaluate_text("4 %>% counter()").items() == [40.0]
    assert session.evaluate_text("sapply(1:2, counter)").items() == [10, 20]


def test_a_missing_member_names_the_nearest(session: Session) -> None:
    with pytest.raises(RError, match="no member 'cuont'") as caught:
        session.evaluate_text("counter$cuont")
    assert caught.value.mend == "did you mean 'count'?"


def test_functions_are_callable_from_python(session: Session) -> None:
    assert session.evaluate_text("counter$each(function(i) i * 2, 3)").items() == [0.0, 2.0, 4.0]


def test_errors_pass_through_python_frames(session: Session) -> None:
    text = "tryCatch(counter$each(function(i) stop('inner ', i), 1), error = function(e) conditionMessage(e))"
    assert session.evaluate_text(text).items() == ["inner 0"]


def test_python_exceptions_are_conditions(session: Session) -> None:
    text = "tryCatch(counter$add('x'), error = function(e) 'caught')"
    assert session.evaluate_text(text).items() == ["caught"]


def test_an_adapter_decides(session: Session) -> None:
    class Loud(Adapter):
        def member(self, target: Any, name: str) -> Any:
            return to_language(name.upper())

        def classes(self, target: Any) -> list[str]:
            return ["loud", "object"]

    class Voice:
        pass

    register_adapter(Voice, Loud())
    try:
        session.globals.set("voice", ExternalObject(Voice()))
        assert session.evaluate_text("voice$hello").items() == ["HELLO"]
        assert session.evaluate_text("class(voice)").items() == ["loud", "object"]
        assert session.evaluate_text("speak <- function(x) UseMethod('speak')\nspeak.loud <- function(x) 'A'\nspeak(voice)"
                                     ).items() == ["A"]
    finally:
        del ADAPTERS[Voice]


def test_plain_values_cross_both_ways() -> None:
    array = np.arange(6.0).reshape(2, 3)
    made = to_language(array)
    assert made.items() == [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]
    assert np.array_equal(to_python(made), array)
    assert to_python(to_language({"a": 1, "b": [1.5, 2.5]})) == {"a": 1, "b": [1.5, 2.5]}
    assert to_language(None) is NULL
    assert to_python(to_language([True, False])) == [True, False]


def test_r6_classes_inherit_from_native_bases(session: Session) -> None:
    class Base(NativeBase):
        def prepare(self, instance: Environment, enclosure: Environment, arguments: Any) -> None:
            instance.frame["native"] = to_language("prepared")

        def super_members(self, instance: Environment, enclosure: Environment) -> dict[str, Any]:
            return {"tag": to_language("from super")}

        def finish(self, instance: Environment, enclosure: Environment, arguments: Any) -> Any:
            return ExternalObject(instance)

    session.globals.set("NativeLayer", native_generator("NativeLayer", Base()))
    made = session.evaluate_text(
        """
        Mine <- R6::R6Class("Mine", inherit = NativeLayer, public = list(
          units = NULL,
          initialize = function(units) self$units <- paste(units, self$native, super$tag)))
        Mine$new(4)
        """
    )
    assert isinstance(made, ExternalObject)
    assert made.value.frame["units"].items() == ["4 prepared from super"]


def test_operators_and_group_functions_ask_the_adapter(session: Session) -> None:
    class Measure:
        def __init__(self, size: float) -> None:
            self.size = size

    class Measures(Adapter):
        def operator(self, name: str, left: Any, right: Any) -> Any:
            if name == "-" and right is None:
                return ExternalObject(Measure(-to_python(left).size))
            sizes = [v.value.size if isinstance(v, ExternalObject) else to_python(v) for v in (left, right)]
            return to_language({"+": sizes[0] + sizes[1], "%*%": sizes[0] * sizes[1]}[name])

        def function(self, name: str, target: Any, arguments: Any) -> Any:
            return to_language(f"{name} of {target.size:g}")

    register_adapter(Measure, Measures())
    try:
        session.globals.set("m", ExternalObject(Measure(4.0)))
        assert session.evaluate_text("m + 1").items() == [5.0]
        assert session.evaluate_text("1 + m").items() == [5.0]
        assert session.evaluate_text("m %*% m").items() == [16.0]
        assert session.evaluate_text("sqrt(m)").items() == ["sqrt of 4"]
        assert session.evaluate_text("max(m)").items() == ["max of 4"]
        assert session.evaluate_text("-m").value.size == -4.0
    finally:
        del ADAPTERS[Measure]
