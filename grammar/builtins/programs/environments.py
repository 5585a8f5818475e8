"""Environments: making them, looking into them, binding, locking, active bindings."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from pipekeras.grammar.builtins.programs.language import function_of
from pipekeras.grammar.builtins.registry import REGISTRY, UNSET, builtin, call_function, expression_of, machine, value_of, warn
from pipekeras.grammar.environment import ActiveBinding, Environment, Guard, forced
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.compiler import code_of, nearest_name, note_binding
from pipekeras.grammar.evaluation.inner_calls import call_as_text
from pipekeras.grammar.evaluation.listing_order import hashed as keeping_a_table
from pipekeras.grammar.evaluation.listing_order import listed_names
from pipekeras.grammar.evaluation.quoting import element_at
from pipekeras.grammar.evaluation.search_path import attached_environments, attached_under, package_places
from pipekeras.grammar.nodes import MISSING, Symbol
from pipekeras.grammar.text.collation import sorted_texts
from pipekeras.grammar.values import (
    NULL,
    Closure,
    Promise,
    Vector,
    character,
    get_attribute,
    is_function,
    logical,
    mk_list,
    mode_of,
    names_of,
    type_of,
)
from pipekeras.grammar.vectors.arguments import flag, text, whole
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]


@builtin("new.env", "hash = TRUE, parent, size = 29L", needs_environment=True)
def new_environment(hash_wanted: Any, parent: Any = UNSET, size: Any = None, *, environment: Environment) -> Any:
    if parent is UNSET:
        parent = environment
    if type(parent) is not Environment:
        raise RError("use of NULL environment is defunct" if parent is NULL else "'enclos' must be an environment")
    made = Environment(parent)
    return keeping_a_table(made, whole(size)) if flag(hash_wanted) else made


@builtin("globalenv", "")
def global_environment() -> Any:
    return machine.global_environment


@builtin("baseenv", "")
def base_environment() -> Any:
    return machine.base_environment


def empty_environment() -> Environment:
    """The environment with nothing in it and nothing behind it."""
    empty = machine.tags.get("emptyenv")
    if empty is None:
        empty = machine.tags["emptyenv"] = Environment(None, name="R_EmptyEnv")
        empty.guard = Guard()
        empty.guard.empty = True
    return empty


@builtin("emptyenv", "")
def empty_environment_builtin() -> Any:
    return empty_environment()


@builtin("topenv", "envir = NULL, matchThisEnv = NULL")
def top_environment(envir: Any, match: Any) -> Any:
    place = envir if type(envir) is Environment else None
    while place is not None and place is not machine.global_environment:
        if place.name and place.name.startswith("namespace:"):
            return place
        place = place.parent
    return machine.global_environment


_NAMESPACES: WeakKeyDictionary[Environment, dict[str, Environment]] = WeakKeyDictionary()


def namespace(package: str) -> Environment:
    """The environment in which a package's own functions live: all of ours live in one, under as many names."""
    base = machine.base_environment
    known = _NAMESPACES.setdefault(base, {})
    if package not in known:
        known[package] = Environment(machine.global_environment, base.frame, f"namespace:{package}")
    return known[package]


@builtin("environment", "fun = NULL", needs_environment=True)
def environment_builtin(fun: Any, *, environment: Environment) -> Any:
    if fun is NULL:
        return environment
    if type(fun) is Closure:
        return fun.environment
    if getattr(fun, "kind", None) == "builtin" and not fun.primitive:
        return namespace(fun.package or "base")
    attributes = getattr(fun, "attributes", None)
    return attributes.get(".Environment", NULL) if attributes else NULL


@builtin("environment<-", "fun, value")
def set_environment(fun: Any, value: Any) -> Any:
    if type(fun) is Closure:
        if type(value) is not Environment:
            raise RError("use of NULL environment is defunct" if value is NULL else "replacement object is not an environment")
        return Closure(fun.template, value, fun.attributes)
    if value is not NULL and type(value) is not Environment:
        raise RError("replacement object is not an environment")
    attributes = dict(fun.attributes or {})
    if value is NULL:
        attributes.pop(".Environment", None)
    else:
        attributes[".Environment"] = value
    return fun.with_attributes(attributes)


@builtin("parent.env", "env")
def parent_environment(env: Any) -> Any:
    if type(env) is not Environment:
        raise RError("argument is not an environment")
    if env.name == "R_EmptyEnv":
        raise RError("the empty environment has no parent")
    if env.name and (env.name.startswith("package:") or env.name == "Autoloads"):
        places = package_places()
        behind = places.index(env) + 1 if env in places else len(places)
        return places[behind] if behind < len(places) else machine.base_environment
    if env.parent is machine.base_environment and (env is machine.global_environment or env in attached_environments()):
        return next(iter(package_places()), machine.base_environment)
    return empty_environment() if env.parent is None or env is machine.base_environment else env.parent


@builtin("parent.env<-", "env, value")
def set_parent_environment(env: Any, value: Any) -> Any:
    if type(env) is not Environment:
        raise RError("argument is not an environment")
    if type(value) is not Environment:
        raise RError("'parent' is not an environment")
    env.parent = value
    return env


@builtin("as.environment", "x", needs_environment=True, generic="internal")
def as_environment(x: Any, *, environment: Environment) -> Any:
    return environment_from(x, environment)


def environment_from(x: Any, environment: Environment) -> Environment:
    """Environment meant by a value: itself, a list, a search position or name."""
    if type(x) is Environment:
        return x
    if type(x) is Vector:
        if x.kind == "list":
            return _filled(Environment(empty_environment()), x)
        if x.kind in ("double", "integer"):
            number = whole(x)
            if number == 1:
                return machine.global_environment
            if number == -1:
                return environment
            place = attached_under(number)
            if place is None and not 0 < number <= len(REGISTRY["search"].function()):
                raise RError("invalid 'pos' argument")
            at = number - 2 - len(attached_environments())
            if place is None and 0 <= at < len(package_places()):
                place = package_places()[at]
            return machine.base_environment if place is None else place
        if x.kind == "character":
            name = text(x)
            if name == ".GlobalEnv":
                return machine.global_environment
            place = attached_under(name)
            if place is not None:
                return place
            place = next((place for place in package_places() if place.name == name), None)
            if place is not None:
                return place
            if name == "package:base" or name in machine.attached or name.startswith("package:"):
                return machine.base_environment
            raise RError(f"no item called \"{name}\" on the search list")
    if x is NULL:
        raise RError("using 'as.environment(NULL)' is defunct")
    raise RError("invalid object for 'as.environment'")


@builtin("environmentName", "env")
def environment_name(env: Any) -> Any:
    if type(env) is not Environment:
        return character("")
    called = (env.name or "").removeprefix("namespace:")
    given = get_attribute(env, "name")
    return given if not called and getattr(given, "kind", "") == "character" else character(called)


@builtin("list2env", "x, envir = NULL, parent, hash, size", needs_environment=True)
def list_to_environment(
    x: Any, envir: Any, parent: Any = UNSET, wanted: Any = UNSET, size: Any = UNSET, *, environment: Environment
) -> Any:
    if type(x) is not Vector or x.kind != "list":
        raise RError("first argument must be a named list")
    place = envir
    if envir is NULL:
        place = Environment(environment if parent is UNSET else parent)
        if len(x) > 100 if wanted is UNSET else flag(wanted):
            keeping_a_table(place, max(29, len(x)) if size is UNSET else whole(size))
    return _filled(place, x)


def _filled(place: Environment, x: Any) -> Environment:
    """The environment with the named elements bound one after the other: of two of one name the last stays."""
    names = names_of(x)
    if names is None and len(x):
        raise RError("names(x) must be a character vector of the same length as x")
    for at, name in enumerate(names or []):
        if name:
            note_binding(name)
            place.set(name, element_at(x, at))
    return place


@builtin(("as.list.environment", "env2list"), "x, all.names = FALSE, sorted = FALSE, ...")
def environment_to_list(x: Any, everything: Any, ordered: Any, dots: Dots) -> Any:
    if type(x) is not Environment:
        raise RError("argument must be an environment")
    names = listed_names(x, flag(everything))
    if flag(ordered):
        names = sorted_texts(names)
    return mk_list([forced(x.frame[name]) for name in names], names or None)


@builtin("eapply", "env, FUN, ..., all.names = FALSE, USE.NAMES = TRUE", needs_environment=True)
def environment_apply(
    env: Any, fun: Any, dots: Dots, everything: Any, use_names: Any, *, environment: Environment
) -> Any:
    if type(env) is not Environment:
        raise RError("argument must be an environment")
    fun = function_of(fun, environment)
    names = listed_names(env, flag(everything))
    shown = call_as_text("FUN(X[[i]], ...)")
    results = [call_function(fun, [(None, forced(env.frame[n])), *dots], environment, shown) for n in names]
    return mk_list(results, names if flag(use_names) else None)


def _place(pos: Any, envir: Any, environment: Environment) -> Environment:
    if envir is not UNSET:
        return environment_from(envir, environment)
    if pos is not UNSET and not (type(pos) is Vector and pos.kind in ("double", "integer") and whole(pos) == -1):
        return environment_from(pos, environment)
    return environment


@builtin("assign", "x, value, pos, envir, inherits = FALSE, immediate = TRUE", needs_environment=True, invisible=True)
def assign(
    x: Any, value: Any, pos: Any = UNSET, envir: Any = UNSET, inherits: Any = None, now: Any = None,
    *, environment: Environment,
) -> Any:
    if type(x) is not Vector or x.kind != "character" or len(x) == 0:
        raise RError("invalid first argument")
    name = x.items()[0]
    if len(x) > 1:
        warn("only the first element is used as variable name")
    if name == "":
        raise RError("attempt to use zero-length variable name")
    place = _place(pos, envir, environment)
    note_binding(name)
    if flag(inherits):
        place = place.find(name) or machine.global_environment
    place.set(name, value)
    return value


def _has_mode(value: Any, mode: str) -> bool:
    if mode == "any":
        return True
    if mode == "function":
        return is_function(value) or getattr(value, "kind", "") == "externalptr"
    if mode == "numeric":
        return type_of(value) in ("integer", "double")
    return mode in (type_of(value), mode_of(value))


def lookup(name: str, place: Environment, mode: str, inherits: bool) -> Any:
    """Value of the name with the mode, or None."""
    at: Environment | None = place
    while at is not None:
        value = at.frame.get(name)
        if value is not None:
            value = forced(value) if mode != "any" or type(value) is not Promise else value
            if _has_mode(value, mode):
                return forced(value)
        if not inherits:
            return None
        at = at.parent
    return None


def _name(x: Any) -> str:
    if type(x) is Symbol:
        return x.name
    if type(x) is not Vector or x.kind != "character" or len(x) == 0 or x.items()[0] == "":
        raise RError("invalid first argument")
    if len(x) > 1:
        raise RError("first argument has length > 1")
    return str(x.items()[0])


@builtin("get", "x, pos, envir, mode = 'any', inherits = TRUE", needs_environment=True)
def get(
    x: Any, pos: Any = UNSET, envir: Any = UNSET, mode: Any = None, inherits: Any = None, *, environment: Environment
) -> Any:
    place = _place(pos, envir, environment)
    name = _name(x)
    wanted = text(mode)
    value = lookup(name, place, wanted, flag(inherits))
    if value is None:
        near = nearest_name(name, place, functions=wanted == "function")
        suffix = f" of mode '{wanted}' was" if wanted != "any" else ""
        raise RError(f"object '{name}'{suffix} not found", mend=f"did you mean '{near}'?" if near else None)
    if value is MISSING:
        raise RError(f'argument "{name}" is missing, with no default')
    return value


@builtin("get0", "x, envir, mode = 'any', inherits = TRUE, ifnotfound = NULL", needs_environment=True)
def get_or(
    x: Any, envir: Any = UNSET, mode: Any = None, inherits: Any = None, ifnotfound: Any = NULL,
    *, environment: Environment,
) -> Any:
    value = lookup(_name(x), _place(UNSET, envir, environment), text(mode), flag(inherits))
    return ifnotfound if value is None else value


@builtin("dynGet", "x, ifnotfound, minframe = 1L, inherits = FALSE", needs_environment=True)
def dynamic_get(
    x: Any, ifnotfound: Any = UNSET, minframe: Any = None, inherits: Any = None, *, environment: Environment
) -> Any:
    only_default("dynGet", minframe=(minframe, 1), inherits=(inherits, False))
    name = _name(x)
    for frame in reversed(machine.frames):
        if frame.environment is not None and name in frame.environment.frame:
            return forced(frame.environment.frame[name])
    if ifnotfound is UNSET:
        raise RError(f"\u2018{name}\u2019 not found")
    return ifnotfound


@builtin("mget", "x, envir, mode = 'any', ifnotfound, inherits = FALSE", needs_environment=True)
def get_many(
    x: Any, envir: Any = UNSET, mode: Any = None, ifnotfound: Any = UNSET, inherits: Any = None,
    *, environment: Environment,
) -> Any:
    place = _place(UNSET, envir, environment)
    names = [str(name) for name in x.items()]
    found = []
    for at, name in enumerate(names):
        value = lookup(name, place, text(mode), flag(inherits))
        if value is None:
            if ifnotfound is UNSET:
                raise RError(f"value for \u2018{name}\u2019 not found")
            value = ifnotfound.data[at % len(ifnotfound)] if ifnotfound.kind == "list" else ifnotfound
        found.append(value)
    return mk_list(found, names)


@builtin("exists", "x, where, envir, frame, mode = 'any', inherits = TRUE", needs_environment=True)
def exists(
    x: Any, where: Any = UNSET, envir: Any = UNSET, frame: Any = UNSET, mode: Any = None, inherits: Any = None,
    *, environment: Environment,
) -> Any:
    only_default("exists", frame=(None if frame is UNSET else frame, None))
    place = _place(where, envir, environment)
    wanted = text(mode)
    name = _name(x)
    if wanted == "any":
        return logical((place.find(name) if flag(inherits) else place.frame.get(name)) is not None)
    return logical(lookup(name, place, wanted, flag(inherits)) is not None)


@builtin(("rm", "remove"), "..., list = character(), envir, inherits = FALSE, pos = -1", lazy=True, needs_environment=True,
         needs_call=True, invisible=True)
def remove(dots: Dots, listed: Any = UNSET, envir: Any = UNSET, inherits: Any = None, pos: Any = UNSET,
           *, environment: Environment, call: Any) -> Any:

    names = []
    for _, value in dots:
        node = expression_of(value)
        if type(node) is Symbol:
            names.append(node.name)
        elif type(node) is Vector and node.kind == "character":
            names.extend(node.items())
        else:
            raise RError("... must contain names or character strings")
    given = value_of(listed)
    if type(given) is Vector and given.kind == "character":
        names.extend(given.items())
    place = _place(value_of(pos), value_of(envir), environment)
    for name in names:
        owner = place.find(name) if flag(value_of(inherits)) else place
        if owner is None or not owner.remove(name):
            warn(f"object '{name}' not found", call)
    return NULL


@builtin(("ls", "objects"), "name, pos, envir, all.names = FALSE, pattern, sorted = TRUE", needs_environment=True)
def list_names(
    name: Any = UNSET, pos: Any = UNSET, envir: Any = UNSET, everything: Any = None, pattern: Any = UNSET,
    ordered: Any = None, *, environment: Environment,
) -> Any:
    place = environment_from(name, environment) if name is not UNSET else _place(pos, envir, environment)
    names = [n for n in listed_names(place, flag(everything)) if n != "..."]
    if pattern is not UNSET:
        kept = call_function(REGISTRY["grepl"], [(None, pattern), (None, character(names))])
        names = [n for n, keep in zip(names, kept.items(), strict=True) if keep]
    return character(sorted_texts(names) if flag(ordered) else names)


@builtin("lockBinding", "sym, env", invisible=True)
def lock_binding(sym: Any, env: Any) -> Any:
    _check_bound(_name(sym), env)
    env.lock_binding([_name(sym)])
    return NULL


def _check_bound(name: str, env: Any) -> None:
    if name not in env.frame:
        raise RError(f'no binding for "{name}"')


@builtin("unlockBinding", "sym, env", invisible=True)
def unlock_binding(sym: Any, env: Any) -> Any:
    _check_bound(_name(sym), env)
    env.unlock_binding(_name(sym))
    return NULL


@builtin("bindingIsLocked", "sym, env")
def binding_is_locked(sym: Any, env: Any) -> Any:
    _check_bound(_name(sym), env)
    return logical(env.guard is not None and _name(sym) in env.guard.bindings)


@builtin("lockEnvironment", "env, bindings = FALSE", invisible=True)
def lock_environment(env: Any, bindings: Any) -> Any:
    if type(env) is not Environment:
        raise RError("not an environment")
    env.lock(flag(bindings))
    return NULL


@builtin("environmentIsLocked", "env")
def environment_is_locked(env: Any) -> Any:
    if type(env) is not Environment:
        raise RError("not an environment")
    return logical(env.guard is not None and env.guard.locked)


@builtin("makeActiveBinding", "sym, fun, env", invisible=True)
def make_active_binding(sym: Any, fun: Any, env: Any) -> Any:
    if not is_function(fun):
        raise RError("not a function")
    if _name(sym) in env.frame and type(env.frame[_name(sym)]) is not ActiveBinding:
        raise RError("symbol already has a regular binding")
    env.make_active(_name(sym), fun)
    return NULL


@builtin("bindingIsActive", "sym, env")
def binding_is_active(sym: Any, env: Any) -> Any:
    _check_bound(_name(sym), env)
    return logical(type(env.frame[_name(sym)]) is ActiveBinding)


@builtin("activeBindingFunction", "sym, env")
def active_binding_function(sym: Any, env: Any) -> Any:
    bound = env.frame.get(_name(sym))
    if type(bound) is not ActiveBinding:
        raise RError(f'no active binding for "{_name(sym)}"')
    return bound.function


@builtin("delayedAssign", "x, value, eval.env, assign.env", lazy=True, needs_environment=True, invisible=True)
def delayed_assign(
    x: Any, value: Any, eval_env: Any = UNSET, assign_env: Any = UNSET, *, environment: Environment
) -> Any:
    run_in = environment if eval_env is UNSET else value_of(eval_env)
    place = environment if assign_env is UNSET else value_of(assign_env)
    node = expression_of(value)
    note_binding(_name(value_of(x)))
    place.set(_name(value_of(x)), Promise(code_of(node), node, run_in))
    return NULL
