"""library() and its kin: the packages a script may ask for, and access by `package::name`."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.programs.environments import namespace
from pipekeras.grammar.builtins.registry import REGISTRY, builtin, call_function, machine, value_of
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import expression_of, warn
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import NULL, Vector, character, integer, logical, mk_list
from pipekeras.grammar.vectors.arguments import flag

Dots = list[tuple[str | None, Any]]

PACKAGES: dict[str, tuple[str, ...]] = {
    "base": (),
    "stats": (),
    "utils": (),
    "methods": (),
    "datasets": (),
    "graphics": (),
    "grDevices": (),
    "magrittr": (),
    "zeallot": (),
    "R6": (),
    "keras": ("magrittr", "zeallot", "R6"),
    "keras3": ("magrittr", "zeallot", "R6"),
    "tensorflow": (),
    "tfdatasets": ("magrittr",),
    "reticulate": (),
    "tfautograph": (),
    "tfruns": (),
    "viridis": (),
    "scales": (),
    "gridExtra": (),
    "cowplot": (),
    "ggpubr": (),
    "tools": (),
}
"""Packages by name with those that come along; what each one offers is in the table of builtins."""
_ALWAYS = ("base", "stats", "utils", "methods", "datasets", "graphics", "grDevices")


def provide(name: str, along: tuple[str, ...] = ()) -> None:
    """Make a package known to ``library``."""
    PACKAGES[name] = along


def known_packages() -> list[str]:
    """Names that ``library`` accepts."""
    from pipekeras.grammar.library.attached import files

    names = {*PACKAGES, *files()}
    names.update(function.package for function in REGISTRY.values())
    names.discard("internal")
    return sorted(names, key=str.lower)


def attach_package(name: str) -> None:
    """Note that a package is attached."""
    from pipekeras.grammar.library.attached import make_visible

    for one in (name, *PACKAGES.get(name, ())):
        make_visible(one, machine.base_environment, one not in machine.attached)
        if one not in machine.attached:
            machine.attached.append(one)


def unknown_package(name: str, call: Any = None) -> RError:
    """The error for a package that is not here, with what is."""
    from difflib import get_close_matches

    from pipekeras.grammar.refused import reason_of_package

    names = known_packages()
    close = get_close_matches(name, names, 1)
    reason = reason_of_package(name)
    hint = f"{reason}; " if reason else f"did you mean '{close[0]}'? " if close else ""
    return RError(
        f"there is no package called \u2018{name}\u2019",
        call=call,
        classes=("packageNotFoundError",),
        mend=f"{hint}packages here: {', '.join(n for n in names if n not in _ALWAYS)}",
    )


def _package_name(package: Any, by_value: Any) -> str:
    node = expression_of(package)
    if flag(value_of(by_value), "character.only") or type(node) is Call:
        node = value_of(package)
    if type(node) is Symbol:
        return node.name
    if type(node) is Vector and node.kind == "character" and len(node) == 1:
        return str(node.items()[0])
    raise RError("'package' must be of length 1")


@builtin(
    "library",
    "package, help, pos = 2, lib.loc = NULL, character.only = FALSE, logical.return = FALSE, warn.conflicts = TRUE, "
    "quietly = FALSE, verbose = FALSE, mask.ok, exclude, include.only, attach.required = TRUE",
    lazy=True,
    invisible=True,
)
def library(package: Any = None, help: Any = None, pos: Any = None, where: Any = None, by_value: Any = None,
            as_logical: Any = None, conflicts: Any = None, quietly: Any = None, verbose: Any = None,
            mask: Any = None, exclude: Any = None, include: Any = None, required: Any = None) -> Any:
    if package is None:
        return character(known_packages())
    name = _package_name(package, by_value)
    if name not in known_packages():
        if flag(value_of(as_logical)):
            return logical(False)
        raise unknown_package(name)
    attach_package(name)
    if flag(value_of(as_logical)):
        return logical(True)
    return character([*reversed(machine.attached), *_ALWAYS[1:], "base"])


@builtin(
    "require",
    "package, lib.loc = NULL, quietly = FALSE, warn.conflicts = TRUE, character.only = FALSE, mask.ok, exclude, "
    "include.only, attach.required = TRUE",
    lazy=True,
    invisible=True,
    needs_call=True,
)
def require(package: Any, where: Any, quietly: Any, conflicts: Any, by_value: Any, mask: Any = None,
            exclude: Any = None, include: Any = None, required: Any = None, *, call: Any) -> Any:
    name = _package_name(package, by_value)
    if not flag(value_of(quietly)) and f"package:{name}" not in REGISTRY["search"].function().items():
        call_function(REGISTRY["packageStartupMessage"], [(None, character(f"Loading required package: {name}"))])
    if name not in known_packages():
        warn(f"there is no package called \u2018{name}\u2019", call)
        return logical(False)
    attach_package(name)
    return logical(True)


@builtin("requireNamespace", "package, ..., quietly = FALSE", invisible=True)
def require_namespace(package: Any, dots: Dots, quietly: Any) -> Any:
    return logical(str(package.items()[0]) in known_packages())


@builtin("loadNamespace", "package, ...", invisible=True)
def load_namespace(package: Any, dots: Dots) -> Any:
    name = str(package.items()[0])
    if name not in known_packages():
        raise unknown_package(name)
    return namespace(name)


@builtin(("asNamespace", "getNamespace"), "ns, ...")
def as_namespace(ns: Any, dots: Dots | None = None) -> Any:
    return ns if type(ns) is Environment else load_namespace(ns, [])


@builtin("isNamespaceLoaded", "name")
def is_namespace_loaded(name: Any) -> Any:
    return logical(str(name.items()[0]) in known_packages())


@builtin("installed.packages", "...", package="utils")
def installed_packages(dots: Dots) -> Any:
    names = known_packages()
    made = character(names)
    dimnames = mk_list([character(names), character(["Package"])])
    made.attributes = {"dim": integer([len(names), 1]), "dimnames": dimnames}
    return made


@builtin("install.packages", "pkgs, ...", package="utils", invisible=True)
def install_packages(pkgs: Any, dots: Dots) -> Any:
    missing = [str(name) for name in pkgs.items() if str(name) not in known_packages()]
    if missing:
        raise unknown_package(missing[0])
    return NULL


@builtin("packageVersion", "pkg, lib.loc = NULL", package="utils")
def package_version(pkg: Any, where: Any) -> Any:
    name = str(pkg.items()[0])
    if name not in known_packages():
        raise unknown_package(name)
    made = mk_list([integer([4, 2, 2] if name in _ALWAYS else [2, 13, 0])])
    made.attributes = {"class": character(["package_version", "numeric_version"])}
    return made


def _qualified(call: Call, environment: Environment) -> Any:
    if len(call.args) != 2:
        given, name = len(call.args), call.function.name
        raise RError(f"{given} argument{'s' * (given != 1)} passed to '{name}' which requires 2")
    package, member = (argument.value for argument in call.args)
    for part in (package, member):
        if type(part) is not Symbol and (type(part) is not Vector or part.kind != "character" or len(part) != 1):
            raise RError("a package's name and a function's name stand on the two sides of '::'")
    package_name = package.name if type(package) is Symbol else str(package.items()[0])
    member_name = member.name if type(member) is Symbol else str(member.items()[0])
    if package_name not in known_packages():
        error = unknown_package(package_name, call=Call(Symbol("loadNamespace"), ()))
        error.call = Call(Symbol("loadNamespace"), (Argument(None, Symbol("x")),), call.span)
        raise error
    from pipekeras.grammar.library.attached import member as member_of_package

    found = member_of_package(package_name, member_name, machine.base_environment)
    if found is None:
        from pipekeras.grammar.evaluation.compiler import nearest_name

        near = nearest_name(member_name, machine.base_environment, functions=True)
        raise RError(
            f"object '{member_name}' not found" if package_name == "base"
            else f"'{member_name}' is not an exported object from 'namespace:{package_name}'",
            call=False,
            span=call.span,
            mend=f"did you mean '{near}'?" if near else None,
        )
    return found


@builtin("::", "pkg, name", special=True)
def exported_name(call: Call, environment: Environment) -> Any:
    return _qualified(call, environment)


@builtin(":::", "pkg, name", special=True)
def internal_name(call: Call, environment: Environment) -> Any:
    return _qualified(call, environment)
