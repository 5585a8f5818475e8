"""Reading and writing of elements: `x[i]`, `x[[i]]`, `m[i, j]` and their assignment.

What a vector is is looked at once and kept as long as the variable holds the same vector: generated code remembers the
vector, its array and its extents (`r3k`, `r3a`, `r3n`; for matrices `m3...`; for what may be written into `w3...`).
"""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.evaluation.assign import Replacement
from pipekeras.grammar.evaluation.compiler import code_of
from pipekeras.grammar.evaluation.sites import Site, plain_operands
from pipekeras.grammar.evaluation.subscripts import general_reader
from pipekeras.grammar.hot.expressions import brought, evaluated, form_of, is_name, load
from pipekeras.grammar.hot.writer import Value, Writer
from pipekeras.grammar.nodes import Call, Symbol


def element_read(w: Writer, node: Call, name: str) -> Value | None:
    """`x[i]`, `x[[i]]` and `m[i, j]` of a variable; None for any other shape."""
    count = len(node.args) - 1
    if count not in (1, 2) or not plain_operands(node, count + 1):
        return None
    subject, place = node.args[0].value, node.args[1].value
    if count == 1 and form_of(place) == ":":
        return None
    is_member = count == 1 and form_of(subject) == "$"
    if not is_member and not is_name(subject):
        return None
    w.guards.add(name)
    for argument in node.args[1:]:
        if type(argument.value) is Symbol:
            w.places.add(argument.value.name)
    if is_member:
        return _of_member(w, node, name)
    return _cell(w, node, name) if count == 2 else _single(w, node, name)


def _whole(value: Value) -> str:
    """A number as the index of an array counts: from zero."""
    if value.constant is not None:
        return str(int(value.constant) - 1)
    return f"{value.text} - 1" if value.sort == "int" else f"int({value.text}) - 1"


def _is_number(value: Value) -> str:
    """A test that a value is a bare number, or no text where that is certain."""
    if value.sort in ("float", "int"):
        return ""
    return f"(type({value.text}) is int or type({value.text}) is float) and "


def _evaluated_beside(w: Writer, kept: str, nodes: list[Any], parts: str) -> tuple[list[Value], dict[str, str]]:
    """The places, and the names under which the parts of what was looked at can be read after them.

    Where finding a place may run code of the program, which forgets what was looked at, the parts get names of their own.
    """
    at, steps = len(w.lines), w.foreign_steps
    places = [evaluated(w, node) for node in nodes]
    names = {part: kept + part for part in parts}
    if w.foreign_steps > steps:
        names = {part: w.temporary() for part in parts}
        ahead = [f"{'    ' * w.depth}{name} = {kept}{part}" for part, name in names.items()]
        w.lines[at:at] = ahead
    return places, names


def _drop(w: Writer, names: dict[str, str]) -> None:
    """A vector that has another name than its variable's could not be written into."""
    if names["k"][0] == "t":
        w.line(f"{names['k']} = {names['a']} = None")


def _subscript(w: Writer, made: str, vector: str, node: Call, name: str, places: str) -> None:
    """The step by what the tree means, for any places."""
    held = w.temporary(vector)
    w.foreign(f"{made} = subscript({name!r}, {held}, {places}, {w.constant(node)}, environment)")
    w.line(f"{held} = None")


def _single(w: Writer, node: Call, name: str) -> Value:
    subject = node.args[0].value.name
    local = brought(w, subject)
    (w.subjects if name == "[" else w.lists).add(subject)
    kept, look = (f"r{w.variables[subject]}", "plain") if name == "[" else (f"l{w.variables[subject]}", "listed")
    made = w.temporary()
    w.line(f"if {local} is not {kept}k or {kept}k is None: {kept}k, {kept}a, {kept}n = {look}({local})")
    before = w.fork()
    with w.block(f"if {kept}n < 0:"):
        w.foreign(f"{made} = bare({w.constant(code_of(node))}(environment))")
    odd = w.state
    w.state = before
    with w.block("else:"):
        (place,), names = _evaluated_beside(w, kept, [node.args[1].value], "kan")
        plain = w.fork()
        with w.block(f"if {_is_number(place)}1 <= {place.text} <= {names['n']}:"):
            w.line(f"{made} = {names['a']}.item({_whole(place)})")
            w.line(f"if type({made}) is not float: {made} = element({names['k']}, {made})")
        with w.block("else:"):
            w.line(f"{made} = of_part({names['k']}, {place.text})" if name == "[" else f"{made} = None")
        with w.block(f"if {made} is None:"):
            _subscript(w, made, names["k"], node, name, f"({place.text},)")
        w.join(plain, w.state)
        _drop(w, names)
    w.join(odd, w.state)
    return Value(made)


def _of_member(w: Writer, node: Call, name: str) -> Value:
    """`x$name[i]` and `x$name[[i]]`."""
    held = evaluated(w, node.args[0].value).text
    made = w.temporary()
    before = w.fork()
    with w.block(f"if type({held}) is Vector and {held}.attributes is None:"):
        place = evaluated(w, node.args[1].value)
        plain = w.fork()
        kinds = f"{held}.kind != 'list'" if name == "[" else "True"
        w.line(f"{made} = item_at({held}, {place.text}) if {kinds} else None")
        with w.block(f"if {made} is None:"):
            w.foreign(f"{made} = subscript({name!r}, {held}, ({place.text},), {w.constant(node)}, environment)")
        w.join(plain, w.state)
    quick = w.state
    w.state = before
    with w.block("else:"):
        w.foreign(f"{made} = bare({w.constant(general_reader(node, Site(node)))}(boxed({held}), environment))")
    w.join(quick, w.state)
    w.line(f"{held} = None")
    return Value(made)


def _cell(w: Writer, node: Call, name: str) -> Value:
    subject = node.args[0].value.name
    local = brought(w, subject)
    w.tables.add(subject)
    kept = f"m{w.variables[subject]}"
    made = w.temporary()
    w.line(f"if {local} is not {kept}k or {kept}k is None: {kept}k, {kept}a, {kept}r, {kept}c = extents({local})")
    before = w.fork()
    with w.block(f"if {kept}r < 0:"):
        w.foreign(f"{made} = bare({w.constant(code_of(node))}(environment))")
    odd = w.state
    w.state = before
    with w.block("else:"):
        (row, column), names = _evaluated_beside(w, kept, [argument.value for argument in node.args[1:]], "karc")
        plain = w.fork()
        bounds = f"1 <= {row.text} <= {names['r']} and 1 <= {column.text} <= {names['c']}"
        with w.block(f"if {_is_number(row)}{_is_number(column)}{bounds}:"):
            w.line(f"{made} = {names['a']}.item(({_whole(column)}) * {names['r']} + {_whole(row)})")
            w.line(f"if type({made}) is not float: {made} = element({names['k']}, {made})")
        with w.block("else:"):
            w.line(f"{made} = None")
        with w.block(f"if {made} is None:"):
            _subscript(w, made, names["k"], node, name, f"({row.text}, {column.text})")
        w.join(plain, w.state)
        _drop(w, names)
    w.join(odd, w.state)
    return Value(made)


def element_store(w: Writer, node: Call) -> Value | None:
    """`x[i] <- v`, `x[[i]] <- v` and `m[i, j] <- v`; None for any other shape."""
    target = node.args[0].value
    name = form_of(target)
    if name not in ("[", "[["):
        return None
    count = len(target.args) - 1
    if count not in (1, 2) or not plain_operands(target, count + 1) or not is_name(target.args[0].value):
        return None
    w.guards.add(name)
    for argument in target.args[1:]:
        if type(argument.value) is Symbol:
            w.places.add(argument.value.name)
    replacement = w.constant(Replacement(target, code_of(node.args[1].value), False, node))
    value = evaluated(w, node.args[1].value)
    subject = target.args[0].value.name
    w.assigned.add(subject)
    w.written.add(subject)
    local = load(w, subject)
    before = w.fork()
    with w.block(f"if {local} is None:"):
        if name == "[[" and count == 1:
            index = w.constant(code_of(target.args[1].value))
            w.foreign(f"store_outside(environment, {subject!r}, boxed({value.text}), {index}, {replacement})")
        else:
            w.foreign(f"{replacement}.finish(boxed({value.text}), environment, None)")
    odd = w.state
    w.state = before
    with w.block("else:"):
        places = [evaluated(w, argument.value) for argument in target.args[1:]]
        _write(w, name, subject, value, places, replacement)
    w.join(odd, w.state)
    return value


def _write(w: Writer, name: str, subject: str, value: Value, places: list[Value], replacement: str) -> None:
    """Put a value into the array of a vector that nobody else holds, or do what the tree means."""
    assert w.state is not None
    local, at = w.local(subject), w.variables[subject]
    kept = f"w{at}"
    wanted = [value.text, *(place.text for place in places)]
    with w.block(f"if {local} is not {kept}k or {kept}k is None:"):
        w.let_go(subject, [one for one in w.looked_at() if one[1:-1] == str(at)], wanted)
        if subject in w.state.changed:
            w.line(f"if {local} is not None: frame[{subject!r}] = boxed({local})")
        w.line(f"{kept}k, {kept}a, {kept}s, {kept}u, {kept}r, {kept}n = "
               f"writable(counted({local}), {local}) if type({local}) is Vector else NOT_WRITABLE")
    fits = f"{local} is {kept}k and {kept}k is not None and (type({value.text}) is {kept}s or type({value.text}) is {kept}u)"
    tests = "".join(_is_number(place) for place in places)
    if len(places) == 1:
        inside, where = f"{tests}1 <= {places[0].text} <= {kept}n", _whole(places[0])
    else:
        row, column = places
        inside = f"{tests}1 <= {row.text} <= {kept}r and 1 <= {column.text} <= {kept}n // {kept}r"
        where = f"({_whole(column)}) * {kept}r + {_whole(row)}"
    with w.block(f"if {fits} and {inside}:"):
        w.line(f"{kept}a[{where}] = {value.text}")
    plain = w.fork()
    with w.block("else:"):
        w.settle()
        w.let_go(subject, but=wanted)
        given = ", ".join(f"boxed({place.text})" for place in places)
        values = w.temporary(f"({given},)")
        w.line(f"if not stored(environment, {subject!r}, boxed({value.text}), {values}, {name == '[['}, {name + '<-'!r}):")
        w.line(f"    {replacement}.finish(boxed({value.text}), environment, [(None, place) for place in {values}])")
        w.line("    if environment.guard is not None: frame = GuardedFrame(environment, node)")
        w.foreign_steps += 1
    w.join(plain, w.state)
