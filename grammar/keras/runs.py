"""Training runs: a program run with its own flags, and a folder that keeps its flags, metrics and evaluation."""

from __future__ import annotations

import itertools
import json
import os
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import call_function, machine
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import write, write_error
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.names import word
from pipekeras.grammar.values import NULL, Vector, character, double, integer, logical, mk_list, names_of
from pipekeras.grammar.vectors.arguments import flag

_FOLDER = "tfruns.d"
_PARTS = ("flags", "metrics", "evaluation", "properties")


def current_run() -> dict[str, Any] | None:
    """Return what the session knows of the run that it is in, or None outside of one."""
    session = machine.session
    return None if session is None else session.store.get("run")


def note_history(history: Any) -> None:
    """Keep the results of a training for the run that the session is in."""
    run = current_run()
    if run is not None:
        run["metrics"] = {name: [float(item) for item in values] for name, values in history.history.items()}
        wanted = ("epochs", "batch_size", "samples", "steps")
        run["properties"].update({key: value for key, value in history.params.items() if key in wanted and value})
        run["properties"]["epochs_completed"] = len(history.epoch)
        model = history.model
        run["properties"]["optimizer"] = type(model.optimizer).__name__.lower()
        run["properties"]["learning_rate"] = float(model.optimizer.learning_rate)


def note_evaluation(results: dict[str, Any]) -> None:
    """Keep the results of an evaluation for the run that the session is in."""
    run = current_run()
    if run is not None:
        run["evaluation"] = {name: float(value) for name, value in results.items()}


def _root() -> Path:
    session = machine.session
    found = session.options.get("tfruns.runs_dir") if session is not None else None
    return Path(str(found.items()[0])) if found not in (None, NULL) else Path("runs")


def _restore(session: Any, before: Any) -> None:
    """Give the option of the runs' folder its value back, or none where it had none."""
    if before is None:
        session.options.pop("tfruns.runs_dir", None)
    else:
        session.options["tfruns.runs_dir"] = before


def _save(run: dict[str, Any]) -> None:
    folder = Path(run["dir"]) / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for part in _PARTS:
        (folder / f"{part}.json").write_text(json.dumps(run[part], indent=1), encoding="utf-8")


def _load(folder: Path) -> dict[str, Any] | None:
    found: dict[str, Any] = {"dir": str(folder)}
    for part in _PARTS:
        path = folder / _FOLDER / f"{part}.json"
        try:
            held = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        except ValueError:
            raise RError(f"{path} is no JSON file", mend="remove the run's folder") from None
        found[part] = held if isinstance(held, dict) else {}
    return found if found["properties"] else None


def _row(run: dict[str, Any]) -> dict[str, Any]:
    """One row of the table of runs, in the order of tfruns."""
    last = {f"metric_{name}": values[-1] if isinstance(values, list) else values for name, values in run["metrics"].items()}
    flags = {f"flag_{name}": value for name, value in run["flags"].items()}
    results = {f"eval_{name}": value for name, value in run["evaluation"].items()}
    return {"run_dir": run["dir"], **results, **last, **flags, **run["properties"]}


def _table(runs: list[dict[str, Any]]) -> Any:
    rows = [_row(run) for run in runs]
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns: list[Any] = []
    for name in names:
        values = [row.get(name) for row in rows]
        known = [value for value in values if value is not None]
        if all(isinstance(value, bool) for value in known):
            columns.append(logical(values))
        elif all(isinstance(value, int) for value in known):
            columns.append(integer(values))
        elif all(isinstance(value, int | float) for value in known):
            columns.append(double([None if value is None else float(value) for value in values]))
        else:
            columns.append(character([None if value is None else str(value) for value in values]))
    frame = mk_list(columns, names)
    frame.attributes = {**(frame.attributes or {}), "class": character("data.frame"),
                        "row.names": integer(list(range(1, len(rows) + 1)))}  # fmt: skip
    return frame


def _known_runs() -> list[dict[str, Any]]:
    root = _root()
    folders = sorted((path for path in root.iterdir() if path.is_dir()), reverse=True) if root.is_dir() else []
    return [run for path in folders if (run := _load(path)) is not None]


def _run(file: str, flags: dict[str, Any], folder: Path, echo: bool) -> dict[str, Any]:
    session = machine.session
    if session is None or session.store.get("run") is not None:
        raise RError("a run can't begin inside of another")
    if not Path(file).is_file():
        raise RError(f"there is no file {file}")
    now = datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    run: dict[str, Any] = {
        "dir": str(folder), "flags": dict(flags), "metrics": {}, "evaluation": {},
        "properties": {"script": file, "start": now.isoformat(timespec="seconds"), "completed": False},
    }  # fmt: skip
    session.store["run"] = run
    _save(run)
    write_error(f"Using run directory {folder}\n")
    try:
        source = machine.base_environment.get("source")
        inner = Environment(machine.global_environment, {})
        call_function(source, [(None, character(file)), ("local", inner), ("echo", logical(echo))])
        run["properties"]["completed"] = True
    finally:
        run["properties"]["end"] = datetime.now(UTC).isoformat(timespec="seconds")
        del session.store["run"]
        _save(run)
    write_error(f"\nRun completed: {folder}\n")
    return run


def _new_folder() -> Path:
    root, stamp = _root(), datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    folder = root / stamp
    for number in itertools.count(1):
        if not folder.exists():
            return folder
        folder = root / f"{stamp}-{number:03d}"
    raise AssertionError


def _named(value: Any) -> dict[str, Any]:
    if value is NULL or (isinstance(value, Vector) and not len(value)):
        return {}
    if not isinstance(value, Vector) or not all(names_of(value) or [""]):
        raise RError("flags must be a named list")
    found = external.to_python(value)
    if isinstance(found, dict):
        return convert.whole(found)
    return {str(name): item for name, item in zip(names_of(value) or [], found, strict=True)}


@word("training_run", "file = 'train.R', context = 'local', config = NULL, flags = NULL, properties = NULL, run_dir = NULL, "
      "artifacts_dir = NULL, echo = TRUE, view = 'auto', envir = NULL, encoding = NULL", invisible=True)  # fmt: skip
def training_run(file: Any, context: Any, config: Any, flags: Any, properties: Any, run_dir: Any, *rest: Any) -> Any:
    """Run a program with flags of its own and keep its results in a folder; returns the row of ls_runs().

    Args:
        file: text, the program.
        flags: named list of values for its flags().
        run_dir: text, folder of the run, default one in runs/ named after the time.
        echo: TRUE or FALSE, whether the program's text is shown.
        context, config, properties, artifacts_dir, view, envir, encoding: accepted.
    """
    folder = _new_folder() if run_dir is NULL else Path(str(run_dir.items()[0])).expanduser()
    return _table([_run(str(file.items()[0]), _named(flags), folder, flag(rest[1], "echo"))])


@word("tuning_run", "file = 'train.R', context = 'local', config = NULL, flags = NULL, sample = NULL, properties = NULL, "
      "runs_dir = NULL, artifacts_dir = NULL, echo = TRUE, confirm = NULL, envir = NULL, encoding = NULL",
      invisible=True)  # fmt: skip
def tuning_run(file: Any, context: Any, config: Any, flags: Any, sample: Any, properties: Any, runs_dir: Any,
               *rest: Any) -> Any:  # fmt: skip
    """Run a program for all combinations of its flags' values; returns the rows of ls_runs().

    Args:
        file: text, the program.
        flags: named list of vectors of values.
        sample: number from 0 to 1, share of the combinations that is drawn, default all.
        runs_dir: text, folder of the runs' folders.
        echo: TRUE or FALSE, whether the program's text is shown.
        context, config, properties, artifacts_dir, confirm, envir, encoding: accepted; nothing is asked.
    """
    given = {name: value if isinstance(value, list) else [value] for name, value in _named(flags).items()}
    if not given:
        raise RError("flags must be given as a named list of vectors", mend="flags = list(units = c(32, 64))")
    combinations = [dict(zip(given, values, strict=True)) for values in itertools.product(*reversed(given.values()))]
    names = list(given)
    combinations = [dict(zip(names, reversed(list(one.values())), strict=True)) for one in combinations]
    if sample is not NULL:
        count = max(1, round(len(combinations) * float(sample.items()[0])))
        combinations = random.Random(int(call_function(machine.base_environment.get("sample.int"), [
            (None, integer(2**30)), (None, integer(1))]).items()[0])).sample(combinations, count)  # fmt: skip
    session = machine.session
    before = session.options.get("tfruns.runs_dir") if session is not None else None
    if runs_dir is not NULL and session is not None:
        session.options["tfruns.runs_dir"] = runs_dir
    done: list[dict[str, Any]] = []
    try:
        write_error(f"{len(combinations)} total combinations of flags\n")
        for number, values in enumerate(combinations, start=1):
            shown = ", ".join(f"{name} = {value}" for name, value in values.items())
            write_error(f"\nTraining run {number}/{len(combinations)} (flags = list({shown}))\n")
            done.append(_run(str(file.items()[0]), values, _new_folder(), flag(rest[1], "echo")))
    finally:
        if session is not None and runs_dir is not NULL:
            _restore(session, before)
    return _table(list(reversed(done)))


@word("ls_runs", "subset = NULL, order = NULL, decreasing = TRUE, latest_n = NULL, runs_dir = NULL", lazy=True,
      needs_environment=True)  # fmt: skip
def ls_runs(subset: Any, order: Any = None, decreasing: Any = None, latest_n: Any = None, runs_dir: Any = None, *,
            environment: Environment) -> Any:  # fmt: skip
    """Return a data frame of the runs, the latest first.

    Args:
        subset: condition on the columns, such as eval_accuracy > 0.9.
        order: column or columns to order by.
        decreasing: TRUE (default) or FALSE.
        latest_n: number of latest runs.
        runs_dir: text, folder of the runs' folders, default "runs".
    """
    from pipekeras.grammar.builtins.registry import expression_of, value_of
    from pipekeras.grammar.nodes import Argument, Call, Symbol

    session = machine.session
    place = value_of(runs_dir) if runs_dir is not None else NULL
    before = session.options.get("tfruns.runs_dir") if session is not None else None
    if place is not NULL and session is not None:
        session.options["tfruns.runs_dir"] = place
    try:
        runs = _known_runs()
    finally:
        if place is not NULL and session is not None:
            _restore(session, before)
    newest: Any = value_of(latest_n) if latest_n is not None else NULL
    if newest is not NULL:
        runs = runs[: int(newest.items()[0])]
    table = _table(runs)
    if subset is not None and expression_of(subset) is not NULL:
        call = Call(Symbol("subset"), (Argument(None, table), Argument(None, expression_of(subset))))
        from pipekeras.grammar.evaluation.machine import evaluate

        table = evaluate(call, environment)
    tree = expression_of(order) if order is not None else NULL
    if tree is not NULL:
        name = tree.name if type(tree) is Symbol else str(value_of(order).items()[0])
        downwards = decreasing is None or value_of(decreasing) is NULL or flag(value_of(decreasing), "decreasing")
        position = call_function(machine.base_environment.get("order"), [
            (None, table.data[(names_of(table) or []).index(name)]), ("decreasing", logical(downwards))])  # fmt: skip
        get = machine.base_environment.get("[")
        from pipekeras.grammar.nodes import MISSING

        table = call_function(get, [(None, table), (None, position), (None, MISSING)])
    return table


def _run_list(run: dict[str, Any]) -> Any:
    row = _row(run)
    return mk_list([external.to_language(value) for value in row.values()], list(row))


@word("latest_run", "runs_dir = NULL")
def latest_run(runs_dir: Any) -> Any:
    """Return the latest run as a list, or NULL when there is none.

    Args:
        runs_dir: accepted.
    """
    runs = _known_runs()
    return _run_list(runs[0]) if runs else NULL


def _one(run_dir: Any) -> dict[str, Any]:
    if run_dir is NULL:
        found = next(iter(_known_runs()), None)
        if found is None:
            raise RError("there are no runs", mend="begin one with training_run('train.R')")
        return found
    value = run_dir
    if isinstance(run_dir, Vector) and run_dir.kind == "list":
        value = run_dir.data[(names_of(run_dir) or []).index("run_dir")]
    path = Path(str(value.items()[0]))
    loaded = _load(path if path.is_dir() else _root() / path)
    if loaded is None:
        raise RError(f"{path} is no folder of a run")
    return loaded


@word("run_info", "run_dir = NULL")
def run_info(run_dir: Any) -> Any:
    """Return what is known of a run as a list.

    Args:
        run_dir: text, folder of the run, default the latest.
    """
    return _run_list(_one(run_dir))


def _shown(run: dict[str, Any]) -> str:
    return "\n".join(f"{name:<24} {value}" for name, value in _row(run).items())


@word("view_run", "run_dir = NULL, viewer = NULL", invisible=True)
def view_run(run_dir: Any, viewer: Any) -> Any:
    """Print what is known of a run.

    Args:
        run_dir: text, folder of the run, default the latest.
        viewer: accepted.
    """
    write(_shown(_one(run_dir)) + "\n")
    return NULL


@word("compare_runs", "runs = NULL, viewer = NULL", invisible=True)
def compare_runs(runs: Any, viewer: Any) -> Any:
    """Print what is known of two runs, one after the other.

    Args:
        runs: two folders, or a data frame of ls_runs(); default the two latest.
        viewer: accepted.
    """
    folders = [run["dir"] for run in _known_runs()[:2]]
    if runs is not NULL:
        value = runs.data[(names_of(runs) or []).index("run_dir")] if runs.kind == "list" else runs
        folders = [str(item) for item in value.items()[:2]]
    write("\n\n".join(_shown(_one(character(folder))) for folder in folders) + "\n")
    return NULL


@word("write_run_metadata", "type, data, run_dir = NULL", invisible=True)
def write_run_metadata(kind: Any, data: Any, run_dir: Any) -> Any:
    """Keep further facts of the run that the program is in.

    Args:
        type: "flags", "metrics", "evaluation" or "properties".
        data: named list.
        run_dir: accepted.
    """
    part = str(kind.items()[0])
    if part not in _PARTS:
        raise RError(f"type must be one of {', '.join(_PARTS)}, not '{part}'")
    run = current_run()
    if run is not None:
        run[part].update(_named(data))
    return NULL


@word("run_dir", "")
def run_dir_of() -> Any:
    """Return the folder of the run that the program is in, the working directory outside of one."""
    run = current_run()
    return character(os.getcwd() if run is None else run["dir"])


@word("is_run_active", "")
def is_run_active() -> Any:
    """Whether the program runs inside of training_run()."""
    return logical(current_run() is not None)
