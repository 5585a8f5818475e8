"""Optimizers whose steps are functions of the language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import members
from pipekeras.grammar.keras.crossing import call_with_known
from pipekeras.grammar.keras.saved_classes import OfProgram, program_config

from pipekeras.core import naming
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers.base import Optimizer

METHODS = ("build", "update_step", "get_config")
OPTIONS = (
    "learning_rate", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "ema_momentum",
    "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps", "name",
)  # fmt: skip


class LanguageOptimizer(OfProgram, Optimizer):
    """An optimizer whose update_step is a function of the language.

    Args:
        methods: function by name: build, update_step, get_config.
        class_name: name of the class in the program.
        options: what every optimizer takes.
    """

    own_options = OPTIONS

    def __init__(self, methods: dict[str, Any] | None = None, class_name: str = "LanguageOptimizer", **options: Any) -> None:
        if "update_step" not in (methods or {}):
            raise RError(f"{class_name} lacks update_step()",
                         mend="write update_step = function(gradient, variable, learning_rate) { ... }")  # fmt: skip
        options.setdefault("name", naming.snake_case(class_name))
        super().__init__(**options)
        self.__dict__["_methods"] = methods or {}

    def build(self, variables: Sequence[Variable]) -> None:
        """Run the program's build method, if there is one, after the runtime's own."""
        super().build(variables)
        method = self.__dict__["_methods"].get("build")
        if method is not None:
            call_with_known(method, [external.to_language(list(variables))], {}, "build")

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Run the program's update_step method."""
        given = [external.to_language(item) for item in (gradient, variable, learning_rate)]
        call_with_known(self.__dict__["_methods"]["update_step"], given, {}, "update_step")

    def get_config(self) -> dict[str, Any]:
        """Ask the program; what every optimizer takes is added."""
        return {**Optimizer.get_config(self), **program_config(self)}


external.register_adapter(LanguageOptimizer, members.FieldsOfObject())
