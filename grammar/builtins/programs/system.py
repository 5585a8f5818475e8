"""The session and the machine: options, environment variables, time taken, leaving, running other files."""

from __future__ import annotations

import math
import os
import time
from typing import Any

from pipekeras.grammar.builtins.registry import (
    REGISTRY,
    UNSET,
    builtin,
    call_function,
    constant,
    machine,
    value_of,
    write,
)
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.text.collation import Collation
from pipekeras.grammar.values import (
    FALSE,
    NULL,
    TRUE,
    Vector,
    character,
    double,
    integer,
    is_na,
    logical,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import flag, number, text
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import warn
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]
_STARTED = time.perf_counter()

constant("T", TRUE)
constant("F", FALSE)
constant("R.version.string", character("R version 4.2.2 (2022-10-31)"))


def _version() -> Any:
    import platform

    system = platform.system().lower()
    machine_name = platform.machine()
    parts = {
        "platform": f"{machine_name}-{system}",
        "arch": machine_name,
        "os": system,
        "system": f"{machine_name}, {system}",
        "status": "",
        "major": "4",
        "minor": "2.2",
        "year": "2022",
        "month": "10",
        "day": "31",
        "language": "R",
        "version.string": "R version 4.2.2 (2022-10-31)",
    }
    made = mk_list([character(part) for part in parts.values()], list(parts))
    made.attributes["class"] = character("simple.list")  # type: ignore[index]
    return made


@builtin("R.Version", "")
def version() -> Any:
    return _version().with_attribute("class", NULL)


def _platform() -> Any:
    parts = {"OS.type": "unix" if os.name == "posix" else "windows", "file.sep": "/", "dynlib.ext": ".so",
             "GUI": "X11", "endian": "little", "pkgType": "source", "path.sep": os.pathsep, "r_arch": ""}
    return mk_list([character(part) for part in parts.values()], list(parts))


constant(".Platform", _platform())
constant("R.version", _version())
constant("version", _version())


@builtin("options", "...", invisible=None)
def options(dots: Dots) -> Any:
    table = machine.options
    pairs: Dots = []
    for name, value in dots:
        if name is None and type(value) is Vector and value.kind == "list":
            names = names_of(value) or []
            pairs.extend(zip(names, list(value.data), strict=False))
        elif name is None and value is NULL:
            continue
        elif name is None:
            pairs.extend((None, character(str(one))) for one in value.items())
        else:
            pairs.append((name, value))
    if not dots:
        known = sorted(table)
        return mk_list([table[one] for one in known], known)
    old: list[tuple[str, Any]] = []
    changed = False
    for name, value in pairs:
        if name is None:
            key = str(value.items()[0])
            old.append((key, table.get(key, NULL)))
            continue
        changed = True
        old.append((name, table.get(name, NULL)))
        _check_option(name, value)
        if value is NULL:
            table.pop(name, None)
        else:
            table[name] = coerce(value, "integer") if name in _WHOLE_OPTIONS else value
    machine.visible = not changed
    return mk_list([value for _, value in old], [name for name, _ in old])


_WHOLE_OPTIONS = ("digits", "width", "max.print", "warn", "expressions", "warning.length", "nwarnings")


def _check_option(name: str, value: Any) -> None:
    limits = {"digits": (1, 22), "width": (10, 10000)}
    if name in limits:
        low, high = limits[name]
        given = number(value, name) if type(value) is Vector else float("nan")
        if not low <= given <= high:
            raise RError(f"invalid '{name}' parameter, allowed {low}...{high}")


@builtin("getOption", "x, default = NULL")
def get_option(x: Any, default: Any) -> Any:
    return machine.options.get(text(x), default)


@builtin("Sys.getenv", "x = NULL, unset = '', names = NA")
def get_variable(x: Any, unset: Any, names: Any) -> Any:
    if x is NULL:
        labels = sorted(os.environ)
        return character([os.environ[label] for label in labels], {"names": character(labels)})
    asked = [str(name) for name in x.items()]
    missing = unset.items()[0] if unset.kind == "character" else None
    made = character([os.environ.get(name, missing) for name in asked])
    unsaid = type(names) is not Vector or bool(is_na(names).any())
    return made.with_attribute("names", character(asked)) if (len(asked) > 1 if unsaid else flag(names)) else made


@builtin("Sys.setenv", "...", invisible=True)
def set_variable(dots: Dots) -> Any:
    for name, value in dots:
        if name is None:
            raise RError("all arguments must be named")
        os.environ[name] = str(call_function(REGISTRY["as.character"], [(None, value)]).items()[0])
    return logical([True] * len(dots))


@builtin("Sys.unsetenv", "x", invisible=True)
def unset_variable(x: Any) -> Any:
    for name in x.items():
        os.environ.pop(str(name), None)
    return logical([True] * len(x))


@builtin("Sys.setlocale", "category = 'LC_ALL', locale = ''")
def set_locale(category: Any, locale: Any) -> Any:
    """Only the order of texts can be chosen: "C" for code points, anything else for the alphabet's."""
    wanted, name = text(category, "category"), text(locale, "locale")
    if wanted in ("LC_ALL", "LC_COLLATE"):
        Collation.by_code = name in ("C", "POSIX")
        machine.session.store["by_code"] = Collation.by_code
        if Collation.by_code:
            return character("C")
    return character("C.UTF-8")


@builtin("Sys.getlocale", "category = 'LC_ALL'")
def get_locale(category: Any) -> Any:
    return character("C" if Collation.by_code and text(category, "category") == "LC_COLLATE" else "C.UTF-8")


@builtin("Sys.timezone", "location = TRUE")
def time_zone(location: Any) -> Any:
    """Name of the time zone, from the environment, the system's file or its link; NA where none of them tells."""
    told = os.environ.get("TZ", "")
    if told or not flag(location):
        return character(told.removeprefix(":") or time.tzname[0])
    try:
        with open("/etc/timezone", encoding="utf-8") as file:
            told = file.read().strip()
    except OSError:
        told = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    return character(told or None)


@builtin("Sys.setFileTime", "path, time", invisible=True)
def set_file_time(path: Any, moment: Any) -> Any:
    """Set when files were changed last; whether that could be done."""
    seconds = call_function(REGISTRY["as.numeric"], [(None, call_function(REGISTRY["as.POSIXct"], [(None, moment)]))]).items()
    done = []
    for at, name in enumerate(path.items()):
        place = os.path.expanduser(str(name))
        exists = os.path.exists(place)
        if exists:
            os.utime(place, (seconds[at % len(seconds)],) * 2)
        done.append(exists)
    return logical(done)


@builtin("Sys.sleep", "time", invisible=True)
def sleep(seconds: Any) -> Any:
    # In short stretches: only between them can Ctrl-C be heard.
    wanted = number(seconds)
    if not wanted >= 0:
        raise RError("invalid 'time' value")
    end = time.monotonic() + wanted
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, 0.05))
    return NULL


@builtin("Sys.getpid", "")
def process_number() -> Any:
    return integer(os.getpid())


@builtin("Sys.info", "")
def system_information() -> Any:
    import getpass
    import platform

    parts = {
        "sysname": platform.system(),
        "release": platform.release(),
        "version": platform.version(),
        "nodename": platform.node(),
        "machine": platform.machine(),
        "login": _user(getpass.getuser),
        "user": _user(getpass.getuser),
        "effective_user": _user(getpass.getuser),
    }
    return character(list(parts.values()), {"names": character(list(parts))})


def _user(ask: Any) -> str:
    try:
        return str(ask())
    except (OSError, KeyError):
        return "unknown"


@builtin("proc.time", "")
def processor_time() -> Any:
    return _timing([*_used(), time.perf_counter() - _STARTED])


def _used() -> tuple[float, float]:
    """Seconds that the program has computed, by itself and through the system; `os.times` counts in hundredths."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime, used.ru_stime


def _timing(parts: list[float]) -> Any:
    # Thousandths of a second, as R counts.
    made = double([round(part, 3) for part in (*parts, 0.0, 0.0)])
    names = ["user.self", "sys.self", "elapsed", "user.child", "sys.child"]
    made.attributes = {"names": character(names), "class": character("proc_time")}
    return made


@builtin("system.time", "expr, gcFirst = TRUE", lazy=True)
def system_time(expr: Any, collect: Any) -> Any:
    user, system = _used()
    start = time.perf_counter()
    value_of(expr)
    elapsed = time.perf_counter() - start
    after = _used()
    return _timing([after[0] - user, after[1] - system, elapsed])


@builtin("print.proc_time", "x, ...", invisible=True)
def print_timing(x: Any, dots: Dots) -> Any:
    call_function(REGISTRY["print"], [(None, summarize_timing(x, [])), *dots])
    return x


@builtin("summary.proc_time", "object, ...")
def summarize_timing(object: Any, dots: Dots) -> Any:
    """The time of the children belongs to user and system."""
    parts = [float(part) for part in object.data]
    children = [part if part == part else 0.0 for part in parts[3:5]]
    used = [part + child for part, child in zip(parts, [*children, 0.0, 0.0], strict=False)]
    return double(used[:3], {"names": character(["user", "system", "elapsed"])})


@builtin("gc", "verbose = FALSE, reset = FALSE, full = TRUE")
def collect_garbage(verbose: Any, reset: Any, full: Any) -> Any:
    """Cells of R are not what holds our values; the table tells the memory of the process in cells of R's sizes."""
    import gc
    import resource

    from pipekeras.grammar.evaluation.finalizers import finalizers_of_session

    gc.collect()
    finalizers_of_session().run_pending()
    objects = float(len(gc.get_objects()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0
    rows = [(count, count * size / 2**20) for count, size in ((objects, 56.0), (peak / 8.0, 8.0))]
    values = [entry for pair in zip(*rows, strict=True) for entry in pair]
    names = mk_list([character(["Ncells", "Vcells"]),
                     character(["used", "(Mb)", "gc trigger", "(Mb)", "max used", "(Mb)"])])
    return double([round(entry, 1) for entry in values * 3], {"dim": integer([2, 6]), "dimnames": names})


def _no_limit(cpu: Any, elapsed: Any, transient: Any = None) -> Any:
    if any(math.isfinite(number(value)) for value in (cpu, elapsed)):
        warn("no limit of time is kept here: stop a program by Ctrl-C, or run it under `timeout`")
    return NULL


@builtin("setTimeLimit", "cpu = Inf, elapsed = Inf, transient = FALSE", invisible=True)
def set_time_limit(cpu: Any, elapsed: Any, transient: Any) -> Any:
    return _no_limit(cpu, elapsed)


@builtin("setSessionTimeLimit", "cpu = Inf, elapsed = Inf", invisible=True)
def set_session_time_limit(cpu: Any, elapsed: Any) -> Any:
    return _no_limit(cpu, elapsed)


@builtin("gctorture", "on = TRUE", invisible=True)
def torture(on: Any) -> Any:
    return FALSE


@builtin("date", "")
def date() -> Any:
    return character(time.strftime("%a %b %e %H:%M:%S %Y"))


@builtin("flush.console", "", package="utils", invisible=True)
def flush_console() -> Any:
    import sys

    sys.stdout.flush()
    return NULL


@builtin(
    "source",
    "file, local = FALSE, echo = FALSE, print.eval = echo, encoding = 'unknown', chdir = FALSE, verbose = FALSE, "
    "prompt.echo = '> ', continue.echo = '+ ', spaced = TRUE, max.deparse.length = 150, width.cutoff = 60L, "
    "keep.source = FALSE, skip.echo = 0, exprs",
    needs_environment=True,
    invisible=True,
)
def source(
    file: Any, local: Any, echo: Any, print_values: Any, encoding: Any, chdir: Any, verbose: Any,
    prompt: Any, continued: Any, spaced: Any, most: Any, cutoff: Any, keep: Any, skipped: Any, expressions: Any = None,
    *, environment: Environment,
) -> Any:
    from dataclasses import replace

    from pipekeras.grammar.builtins.files.connections import codec_of
    from pipekeras.grammar.deparse import deparse_lines, options_for
    from pipekeras.grammar.diagnose import ParseError
    from pipekeras.grammar.evaluation.compiler import code_of
    from pipekeras.grammar.evaluation.shown_calls import standing_in
    from pipekeras.grammar.nodes import Source
    from pipekeras.grammar.parse import parse_program

    only_default("source", keep__source=(keep, False), skip__echo=(skipped, 0), verbose=(verbose, False),
                 exprs=(expressions, None))
    from pipekeras.grammar.builtins.files.connections import connection_of, is_connection

    given = connection_of(file, "file") if is_connection(file) else None
    name = text(file, "file") if given is None else given.description
    place = machine.global_environment
    if type(local) is Environment:
        place = local
    elif flag(local, "local"):
        place = environment
    try:
        if given is not None:
            content = "\n".join(given.read(-1))
        else:
            with open(os.path.expanduser(name), encoding=codec_of(encoding)) as stream:
                content = stream.read()
    except OSError:
        from pipekeras.grammar.evaluation.machine import warn

        warn(f"cannot open file '{name}': No such file or directory")
        raise RError("cannot open the connection", mend=f"the folder is {os.getcwd()}") from None
    try:
        program = parse_program(Source(name, content))
    except ParseError as error:
        raise RError(error.as_r_writes_it(), span=error.span, mend=error.mend) from None
    value: Any = NULL
    visible = False
    here = os.getcwd()
    if flag(chdir):
        os.chdir(os.path.dirname(os.path.abspath(name)))
    try:
        for expression in program.expressions:
            if flag(echo):
                width = replace(options_for(expression), width=int(number(cutoff)))
                shown = "\n".join(deparse_lines(expression, width)).replace("\n", "\n" + text(continued))
                shown = text(prompt) + shown
                limit = int(number(most))
                cut = len(shown) > limit
                write(f"{chr(10) if flag(spaced) else ''}{shown[:limit]}{' .... [TRUNCATED] ' if cut else ''}\n")
            machine.visible = True
            with standing_in("eval(ei, envir)", place):
                value = code_of(expression)(place)
            visible = machine.visible
            if flag(print_values) and visible:
                call_function(REGISTRY["print"], [(None, value)], place)
    finally:
        os.chdir(here)
    return mk_list([value, logical(visible)], ["value", "visible"])


@builtin("sys.source", "file, envir, ...", needs_environment=True, invisible=True)
def source_into(file: Any, envir: Any = UNSET, dots: Any = None, *, environment: Environment) -> Any:
    place = machine.base_environment if envir is UNSET else envir
    return source(file, place, FALSE, FALSE, NULL, FALSE, FALSE, [], environment=environment)


@builtin("sessionInfo", "package = NULL", package="utils")
def session_information(package: Any) -> Any:
    only_default("sessionInfo", package=(package, None))
    made = mk_list([_version(), character(list(machine.attached))], ["R.version", "otherPkgs"])
    made.attributes["class"] = character("sessionInfo")  # type: ignore[index]
    return made


@builtin("print.sessionInfo", "x, ...", invisible=True, package="utils")
def print_session_information(x: Any, dots: Dots) -> Any:
    import platform

    lines = [
        "pipekeras, speaking R version 4.2.2 (2022-10-31)",
        f"Platform: {platform.platform()}",
        f"Running under: Python {platform.python_version()}",
        "",
        "attached packages:",
        " " + " ".join(machine.attached or ["(none)"]),
    ]
    write("\n".join(lines) + "\n")
    return x


@builtin("Sys.glob", "paths, dirmark = FALSE")
def expand_pattern(paths: Any, mark: Any) -> Any:
    import glob

    found = [n for p in paths.items() for n in sorted(glob.glob(os.path.expanduser(str(p))))]
    return character([n + "/" if flag(mark) and os.path.isdir(n) and not n.endswith("/") else n for n in found])


@builtin("file_test", "op, x, y", package="utils")
def file_test(op: Any, x: Any, y: Any = UNSET) -> Any:
    tests = {"-f": os.path.isfile, "-d": os.path.isdir, "-x": lambda p: os.access(p, os.X_OK)}
    chosen = tests.get(text(op))
    if text(op) in ("-nt", "-ot"):
        if y is UNSET:
            raise RError('argument "y" is missing, with no default')
        older = text(op) == "-ot"
        pairs = [(os.path.expanduser(str(a)), os.path.expanduser(str(b))) for a, b in zip(x.items(), y.items(), strict=True)]
        return logical([
            os.path.exists(a) and os.path.exists(b) and
            (os.path.getmtime(a) < os.path.getmtime(b) if older else os.path.getmtime(a) > os.path.getmtime(b))
            for a, b in pairs
        ])  # fmt: skip
    if chosen is None:
        raise RError(f"test '{text(op)}' is not available")
    return logical([chosen(os.path.expanduser(str(path))) for path in x.items()])


@builtin("system.file", "..., package = 'base', lib.loc = NULL, mustWork = FALSE")
def package_file(dots: Dots, package: Any, where: Any, must: Any) -> Any:
    if flag(must):
        raise RError("no file found")
    return character("")
