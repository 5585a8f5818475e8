"""Runs of a program what can be run without data: the models it builds, their shapes, the values they are built from.

A statement is evaluated when it calls nothing that trains, reads, writes, waits or draws, and uses no value that an
earlier statement left unknown. What a skipped statement assigns becomes unknown. So a shape that does not fit is found
where the model is built, before any data is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipekeras.grammar.builder import Statement
from pipekeras.grammar.builtins.registry import REGISTRY, Builtin
from pipekeras.grammar.check import Problem
from pipekeras.grammar.check_files import FileCheck
from pipekeras.grammar.check_parts import Parts
from pipekeras.grammar.check_samples import SAMPLED, bind_samples, told_of_sample
from pipekeras.grammar.check_training import checking, checking_predictions
from pipekeras.grammar.deadline import Deadline
from pipekeras.grammar.deep import run_deep
from pipekeras.grammar.errors import ControlFlow, RError
from pipekeras.grammar.evaluation.dotted import is_dotted
from pipekeras.grammar.nodes import Call, Formals, Symbol
from pipekeras.grammar.parse import Program
from pipekeras.grammar.recover import Gap
from pipekeras.grammar.session import Session
from pipekeras.grammar.values import Vector

SECONDS_PER_STATEMENT = 3.0
"""Processor time, so that a busy machine finds the same problems."""
_SKIPPED_FAMILIES = frozenset(("connections", "files", "raw_files", "system", "text_tables", "dumping", "jsonlite", "program"))
_HARMLESS_NAMES = (
    "options getOption proc.time Sys.getenv basename dirname file.path file_ext file_path_sans_ext capture.output "
    "commandArgs toJSON fromJSON getwd system.time"
)
_HARMLESS = frozenset(_HARMLESS_NAMES.split())
_SKIPPED_NAMES = (
    "fit_generator evaluate_generator predict_generator predict_classes predict_proba "
    "predict_on_batch train_on_batch test_on_batch load_model load_model_hdf5 load_model_tf load_model_weights_hdf5 "
    "load_model_weights_tf save_model save_model_hdf5 save_model_tf save_model_weights_hdf5 save_model_weights_tf "
    "save save_weights load_weights install_keras plot hist lines points abline barplot boxplot pairs ggplot ggsave "
    "pdf png dev.off quit q readline menu download.file get_file system system2 shell browser View source load attach "
    "data readRDS image_load flow_images_from_directory image_dataset_from_directory py_run_string py_run_file Sys.sleep repeat"
)
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
_BRINGING = frozenset(("source", "sys.source", "load", "attach"))
"""Skipped calls after which any name may mean anything."""
_SKIPPED_PREFIXES = ("dataset_", "application_", "read_", "write_", "save_", "load_")
_ASSIGNMENTS = frozenset(("<-", "<<-", "=", "%<>%"))
_CHANGING = ("compile", "fit", "layer_", "build", "add", "pop_layer", "set_weights", "load_", "freeze_", "unfreeze_", "adapt")
"""How the words begin that change the model they are given."""
_TRAINING = frozenset(("fit", "evaluate", "predict"))
_NAMED_BINDING = frozenset(("assign", "textConnection"))


def rehearse(
    program: Program, session: Session, folder: Path | None = None, gaps: Sequence[Gap] = ()
) -> list[Problem]:
    """Problems that show when the program's models are built, and in the files that it reads.

    Args:
        program: the parsed program.
        session: a fresh session whose output goes nowhere.
        folder: the program's own folder, the current one by default.
        gaps: what was left out of the program for its syntax: what it does to its names is not known.
    """
    for name in ("fit", "evaluate"):
        session.base.frame[name] = checking(name, session)
    session.base.frame["predict"] = checking_predictions(session)
    bind_samples(session)
    return _Rehearsal(program, session, FileCheck(program, session, folder or Path.cwd()), gaps).run()


class _Rehearsal:
    def __init__(self, program: Program, session: Session, files: FileCheck, gaps: Sequence[Gap]) -> None:
        self.program = program
        self.files = files
        self.session = session
        self.gaps = sorted(gaps, key=lambda gap: gap.span.start)
        self.unknown: set[str] = set()
        self.sampled: set[str] = set()
        self.functions: dict[str, list[Any]] = {}
        own: set[str] = set()
        for expression in program.expressions:
            self._note_functions(expression)
            own.update(_targets(expression))
        self.parts = Parts(session, own.union(*(self._changed_by(gap) for gap in gaps)), self._evaluate)

    def run(self) -> list[Problem]:
        """Evaluate statement by statement."""
        problems: list[Problem] = []
        for statement in self.program.statements:
            expression = statement.expression
            is_whole = self._pass_gaps(statement)
            problems.extend(self.files.problems_of(expression))
            if is_whole and self._can_run(expression):
                problem = self._evaluate(expression)
                of_sample = any(name in self.sampled or name in SAMPLED for name in self._names_used(expression))
                if problem is not None and problem.message and of_sample:
                    problem = told_of_sample(problem) or Problem("", None)
                if problem is None:
                    self.unknown.difference_update(_targets(expression))
                    if of_sample:
                        self.sampled.update(_targets(expression))
                    problems.extend(self.parts.problems_of(expression, None))
                    self.unknown.update(_listening(expression))
                    continue
                if problem.message:
                    parts = self.parts.problems_of(expression, self.unknown)
                    problems.append(problem)
                    problems.extend(other for other in parts if other.message != problem.message)
                    problems.extend(self.parts.siblings(expression, problem, self.unknown))
            elif any(isinstance(node, Symbol) and node.name in _BRINGING for node in _nodes(expression)):
                return problems
            else:
                problems.extend(self.parts.problems_of(expression, self.unknown))
            self.unknown.update(_targets(expression))
            if not (is_whole and _only_trains(expression)):
                self.unknown.update(_handled(expression))
            self.unknown.update(_listening(expression))
        return problems

    def _pass_gaps(self, statement: Statement) -> bool:
        """Forget what the text left out before or in a statement may have changed; whether all of the statement is there."""
        is_whole = True
        while self.gaps and self.gaps[0].span.start < statement.span.end:
            gap = self.gaps.pop(0)
            is_whole = is_whole and gap.span.start < statement.span.start
            self.unknown.update(self._changed_by(gap))
        return is_whole

    def _changed_by(self, gap: Gap) -> set[str]:
        return {name for name in gap.names if self.session.base.find(name) is None}

    def _note_functions(self, tree: Any) -> None:
        """Note the bodies of all functions by the names they are bound to: assigned, or given as an argument."""
        for node in _nodes(tree):
            if not isinstance(node, Call):
                continue
            for argument in node.args:
                if argument.name and _is_function(argument.value):
                    self.functions.setdefault(argument.name, []).append(argument.value)
            if isinstance(node.function, Symbol) and node.function.name in _ASSIGNMENTS and len(node.args) == 2:
                target, value = node.args[0].value, node.args[1].value
                if isinstance(target, Symbol) and _is_function(value):
                    self.functions.setdefault(target.name, []).append(value)

    def _can_run(self, expression: Any) -> bool:
        if self._only_defines(expression):
            return True
        return not any(
            name in self.unknown or (name not in self.functions and _is_skipped(name)) for name in self._names_used(expression)
        )

    def _names_used(self, expression: Any) -> Iterator[str]:
        """The names in a statement and in the functions of the program that it may call."""
        seen: set[str] = set()
        # A name that is assigned anew may be unknown until then.
        waiting = [expression.args[1].value if _assigns_name(expression) else expression]
        while waiting:
            for node in _nodes(waiting.pop()):
                if not isinstance(node, Symbol):
                    continue
                name = node.name
                yield name
                if name in self.functions and name not in seen:
                    seen.add(name)
                    waiting.extend(self.functions[name])

    def _only_defines(self, expression: Any) -> bool:
        return _class_named(expression) is not None or (_assigns_name(expression) and _is_function(expression.args[1].value))

    def _evaluate(self, expression: Any) -> Problem | None:
        """None when all went well, a problem without message when it took too long."""
        try:
            with Deadline(SECONDS_PER_STATEMENT):
                run_deep(lambda: self.session.evaluate(expression))
        except RError as error:
            self.session.restore(0)
            return Problem(str(error), error.span, error.mend)
        except (ControlFlow, KeyboardInterrupt):
            self.session.restore(0)
            return Problem("", None)
        return None


def _assigns_name(expression: Any) -> bool:
    """Whether a statement is `name <- value`."""
    return (
        isinstance(expression, Call)
        and isinstance(expression.function, Symbol)
        and expression.function.name in ("<-", "<<-", "=")
        and len(expression.args) == 2
        and isinstance(expression.args[0].value, Symbol)
    )


def _class_named(expression: Any) -> str | None:
    """The name that a statement `Name(Parent) %py_class% { ... }` gives a class."""
    if not (isinstance(expression, Call) and expression.is_call_of("%py_class%")):
        return None
    head = expression.args[0].value
    head = head.function if isinstance(head, Call) else head
    return head.name if isinstance(head, Symbol) else None


def _is_skipped(name: str) -> bool:
    if name in _HARMLESS or name in SAMPLED:
        return False
    if name in _SKIPPED or name.startswith(_SKIPPED_PREFIXES):
        return True
    builtin = REGISTRY.get(name)
    return isinstance(builtin, Builtin) and builtin.owner.rpartition(".")[2] in _SKIPPED_FAMILIES


def _is_function(value: Any) -> bool:
    return isinstance(value, Call) and value.is_call_of("function")


def _nodes(tree: Any) -> Iterator[Any]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Call):
            waiting.append(node.function)
            waiting.extend(argument.value for argument in node.args)
        elif isinstance(node, Formals):
            waiting.extend(parameter.value for parameter in node)


def _handled(expression: Any) -> set[str]:
    """The object that a statement hands to its calls, which may change it: `model %>% compile(...)`, `compile(model)`."""
    value = expression.args[1].value if _assigns_name(expression) else expression
    if not any(isinstance(node, Symbol) and node.name.startswith(_CHANGING) for node in _nodes(value)):
        return set()
    while isinstance(value, Call) and value.args and not value.is_call_of("function"):
        value = value.args[0].value
    return {value.name} if isinstance(value, Symbol) and value.name else set()


def _listening(expression: Any) -> set[str]:
    """The objects that a statement hands to its calls as callbacks: training, which is left out, fills their fields."""
    given = [
        argument.value
        for node in _nodes(expression) if isinstance(node, Call)
        for argument in node.args if argument.name == "callbacks"
    ]  # fmt: skip
    return {node.name for value in given for node in _nodes(value) if isinstance(node, Symbol)} - {"list", "c"}


def _only_trains(expression: Any) -> bool:
    """Whether a statement is `model %>% fit(...)`, `history <- fit(model, ...)` or alike: the model keeps its shape."""
    value = expression.args[1].value if _assigns_name(expression) else expression
    if isinstance(value, Call) and isinstance(value.function, Symbol) and value.function.name in ("%>%", "|>"):
        if len(value.args) != 2 or not isinstance(value.args[0].value, Symbol):
            return False
        value = value.args[1].value
    return isinstance(value, Call) and isinstance(value.function, Symbol) and value.function.name in _TRAINING


def _targets(tree: Any) -> set[str]:
    """Names that a statement assigns, replaces parts of, or loops over."""
    found: set[str] = set()
    if (made := _class_named(tree)) is not None:
        return {made}
    for node in _nodes(tree):
        if not isinstance(node, Call) or not isinstance(node.function, Symbol) or not node.args:
            continue
        name = node.function.name
        if name in _ASSIGNMENTS and is_dotted(node.args[0].value):
            found.update(_unpacked(node.args[0].value))
        elif name in _ASSIGNMENTS or name == "for":
            target = node.args[0].value
            while isinstance(target, Call) and target.args:
                target = target.args[0].value
            if isinstance(target, Symbol):
                found.add(target.name)
            elif isinstance(target, Vector) and target.kind == "character":
                found.add(str(target.items()[0]))
        elif name == "%<-%":
            found.update(_unpacked(node.args[0].value))
        elif name in _NAMED_BINDING and isinstance(node.args[0].value, Vector):
            found.add(str(node.args[0].value.items()[0]))
    return found


def _unpacked(pattern: Any) -> Iterator[str]:
    """Names that the left side of `%<-%` binds: c(a, c(b, ...rest), d = 1)."""
    if isinstance(pattern, Symbol):
        yield pattern.name.removeprefix("...")
    elif isinstance(pattern, Call):
        parts = pattern.args[1:] if is_dotted(pattern) else pattern.args if pattern.is_call_of("c") else pattern.args[:1]
        for argument in parts:
            if argument.name:
                yield argument.name
            else:
                yield from _unpacked(argument.value)
