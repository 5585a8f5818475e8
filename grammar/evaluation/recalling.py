"""`Recall`: the function in progress called again, without looking for it."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.calls import compile_plain_call, run_closure
from pipekeras.grammar.evaluation.compiler import GUARDS, Code, form
from pipekeras.grammar.evaluation.conditions import fail
from pipekeras.grammar.evaluation.machine import EXPRESSION_DEPTH, Frame, machine, too_deep
from pipekeras.grammar.evaluation.sites import Site
from pipekeras.grammar.evaluation.templates import bind_arguments
from pipekeras.grammar.nodes import MISSING, Call
from pipekeras.grammar.values import Closure


@form("Recall")
def compile_recall(node: Call) -> Code | None:
    """`Recall(...)` where the innermost call is that of the function around it; the rest goes to the function itself."""
    site = Site(node)
    if site.has_dots or MISSING in site.nodes:
        return None
    guard = GUARDS["Recall"]
    slow = compile_plain_call(node)

    def run(environment: Environment) -> Any:
        frames = machine.frames
        frame = frames[-1] if frames else None
        if guard or frame is None or frame.environment is not environment:
            return slow(environment)
        function = frame.function
        if type(function) is not Closure:
            return slow(environment)
        if len(frames) >= EXPRESSION_DEPTH:
            raise fail(too_deep())
        values = site.promises(environment)
        frames.append(Frame(node, REGISTRY["Recall"], None, environment))
        try:
            # It counts as the call that is in progress already, made from where that was made.
            made, _ = bind_arguments(function, site.names, values, frame.call)
            return run_closure(function, made, frame.call, frame.caller, (site.names, values), None)
        finally:
            frames.pop()

    return run
