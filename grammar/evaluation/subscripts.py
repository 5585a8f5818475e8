"""Reading elements: `x[i]`, `x[[i]]`, `m[i, j]`, with short ways for plain places in front of the builtins."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.calls import apply_builtin, compile_plain_call
from pipekeras.grammar.evaluation.compiler import GUARDS, Code, code_of, form
from pipekeras.grammar.evaluation.generic_shortcuts import frame_column, is_plain_frame
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.evaluation.open_ranges import compile_open_ranges, is_open_range
from pipekeras.grammar.evaluation.operand_shortcuts import cell_offset, line, part
from pipekeras.grammar.evaluation.sites import Site, given, is_missing, plain_operands, read_at_once
from pipekeras.grammar.evaluation.templates import Arguments
from pipekeras.grammar.nodes import EMPTY_SYMBOL, MISSING, Call, Symbol
from pipekeras.grammar.values import FALSE, NULL, TRUE, Closure, Promise, Vector

_NUMBERS = frozenset(("double", "integer"))


def element(vector: Vector, index: Vector, exact: bool) -> Any:
    """One element at a plain positive index of a vector without attributes (`exact`: or any, for `[[`); None if not so."""
    position = index.scalar
    kind = index.kind
    if position is None or index.attributes is not None or (kind != "double" and kind != "integer"):
        return _named_element(vector, position) if exact and kind == "character" and vector.kind == "list" else None
    if not 1 <= position <= len(vector):
        return None
    return _item(vector.kind, vector.data.item(int(position) - 1), exact)


def _item(kind: str, item: Any, exact: bool) -> Any:
    """A vector of one element of that kind; None where it takes more than that."""
    if kind == "double":
        return Vector("double", None, None, item)
    if kind == "integer":
        return Vector("integer", None, None, item)
    if kind == "logical":
        return TRUE if item == 1 else FALSE if item == 0 else Vector("logical", None, None, item)
    if kind == "list":
        return EMPTY_SYMBOL if item is MISSING else item if exact else None
    if kind == "character" and item is not None:
        return Vector("character", None, None, item)
    return None


def _named_element(vector: Vector, name: Any) -> Any:
    """The member of a list under a name that it has; None for any other."""
    attributes = vector.attributes
    names = attributes.get("names") if attributes is not None and name else None
    if names is None:
        return None
    labels = names.items()
    if name not in labels:
        return None
    found = vector.data[labels.index(name)]
    return EMPTY_SYMBOL if found is MISSING else found


def has_own_method(name: str, x: Any, environment: Environment) -> bool:
    """Whether a value's class has a method for indexing that is written in the language."""
    if type(x) is not Vector:
        return False
    attributes = x.attributes
    if attributes is None or "class" not in attributes:
        return False
    from pipekeras.grammar.evaluation.dispatch import choose_method

    method, _, _ = choose_method(name, [str(one) for one in attributes["class"].items()], environment)
    return type(method) is Closure


@form("[", "[[")
def compile_index(node: Call) -> Code | None:
    """`x[i]` and `x[[i]]`: single elements of plain vectors are read directly."""
    if len(node.args) < 1:
        return None
    if node.function.name == "[" and any(is_open_range(one.value) for one in node.args[1:]):
        site = Site(node)
        if node.args[0].value is not MISSING and not site.has_dots:
            return compile_open_ranges(node, general_reader(node, site))
    if plain_operands(node, 2):
        ends = node.args[1].value
        if node.function.name == "[" and type(ends) is Call and ends.is_call_of(":") and plain_operands(ends, 2):
            return _compile_stretch(node, ends)
        return _compile_place(node)
    site = Site(node)
    if node.args[0].value is MISSING or site.has_dots:
        return _compile_spread(node, site)
    general = general_reader(node, site)
    places = site.nodes[1:]
    if len(places) > 1 and site.plain:
        return _compile_cell(node, general)
    name = node.function.name
    if name == "[" and len(places) == 2 and not any(site.names) and (places[0] is MISSING) != (places[1] is MISSING):
        return _compile_line(node, places[1] is MISSING, general)
    guard = GUARDS[name]
    slow = compile_plain_call(node)
    subject = code_of(node.args[0].value)

    def run(environment: Environment) -> Any:
        return slow(environment) if guard else general(subject(environment), environment)

    return run


def _compile_spread(node: Call, site: Site) -> Code:
    """`x[...]`, and a call whose subject is left out."""
    name = node.function.name
    guard = GUARDS[name]
    slow = compile_plain_call(node)

    def run(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        return apply_builtin(REGISTRY[name], site.kept(environment), node, environment)

    return run


def general_reader(node: Call, site: Site) -> Any:
    """What reads any places of a subject that is evaluated already."""
    name = node.function.name

    def general(x: Any, environment: Environment) -> Any:
        if has_own_method(name, x, environment):
            # A method written in the language sees its arguments as they were written.
            lazy = zip(site.names[1:], site.promises(environment)[1:], strict=True)
            return apply_builtin(REGISTRY[name], [(site.names[0], x), *lazy], node, environment)
        return apply_builtin(REGISTRY[name], [(site.names[0], x), *site.rest(environment)], node, environment)

    return general


def _compile_place(node: Call) -> Code:
    """`x[i]` and `x[[i]]` with one place."""
    name = node.function.name
    guard = GUARDS[name]
    slow = compile_plain_call(node)
    exact = name == "[["
    target = code_of(node.args[0].value)
    position = node.args[1].value
    index = code_of(position)
    target_name, index_name = read_at_once(node.args[0].value), read_at_once(position)
    parameter = position.name if type(position) is Symbol else None
    constant = position if type(position) is Vector else None

    def run(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        frame = environment.frame
        x = frame.get(target_name)
        if type(x) is not Vector:
            x = target(environment)
        if type(x) is Vector and x.attributes is not None and has_own_method(name, x, environment):
            # A method written in the language sees its arguments as they were written.
            lazy = Promise(index, position, environment)
            return apply_builtin(REGISTRY[name], [(None, x), (None, lazy)], node, environment)
        i = frame.get(index_name) if constant is None else constant
        if type(i) is not Vector:
            if parameter is not None and environment.unsupplied and is_missing(parameter, environment):
                return apply_builtin(REGISTRY[name], [(None, x), (None, MISSING)], node, environment)
            i = index(environment)
        if type(i) is Vector:
            if type(x) is Vector:
                attributes = x.attributes
                if attributes is None or (exact and "class" not in attributes):
                    number = i.scalar
                    array = x.array
                    if (
                        number is not None and array is not None and i.attributes is None and i.kind in _NUMBERS
                        and 1 <= number <= len(array)
                    ):  # fmt: skip
                        item = array.item(int(number) - 1)
                        if x.kind == "double":
                            machine.visible = True
                            return Vector("double", None, None, item)
                        found = _item(x.kind, item, exact)
                    else:
                        found = element(x, i, exact)
                    if found is None and not exact:
                        found = part(x, i)
                    if found is not None:
                        machine.visible = True
                        return found
                elif not exact:
                    found = part(x, i)
                    if found is not None:
                        machine.visible = True
                        return found
            elif exact and type(x) is Environment and x.attributes is None and i.attributes is None and i.kind == "character":
                found = None if i.scalar is None else x.get(i.scalar, False)
                if found is not None:
                    machine.visible = True
                    return found
        return apply_builtin(REGISTRY[name], [(None, x), (None, i)], node, environment)

    return run


def _compile_stretch(node: Call, ends: Call) -> Code:
    """`x[from:to]`: of a plain vector the elements are taken without making the places."""
    guards = GUARDS["["], GUARDS[":"]
    slow = compile_plain_call(node)
    general = general_reader(node, Site(node))
    target = code_of(node.args[0].value)
    first, last = (code_of(argument.value) for argument in ends.args)

    def run(environment: Environment) -> Any:
        if guards[0] or guards[1]:
            return slow(environment)
        x = target(environment)
        if type(x) is not Vector or (x.attributes is not None and "class" in x.attributes):
            return general(x, environment)
        low, high = first(environment), last(environment)
        array = x.array
        if (
            x.attributes is None and array is not None and type(low) is Vector and type(high) is Vector
            and low.kind in _NUMBERS and high.kind in _NUMBERS and low.attributes is None and high.attributes is None
        ):  # fmt: skip
            begin, end = low.scalar, high.scalar
            if begin is not None and end is not None and 1 <= begin <= end <= len(array) and begin == int(begin):
                machine.visible = True
                return Vector(x.kind, array[int(begin) - 1 : int(end)].copy())
        quick = REGISTRY[":"].quick
        places = None if quick is None else quick([low, high])
        if places is None:
            places = apply_builtin(REGISTRY[":"], [(None, low), (None, high)], ends, environment)
        found = part(x, places)
        if found is not None:
            machine.visible = True
            return found
        return apply_builtin(REGISTRY["["], [(None, x), (None, places)], node, environment)

    return run


def _compile_cell(node: Call, general: Any) -> Code:
    """`m[i, j]`, `a[i, j, k]` and so on, with a place for each extent."""
    name = node.function.name
    guard = GUARDS[name]
    slow = compile_plain_call(node)
    exact = name == "[["
    target = code_of(node.args[0].value)
    target_name = read_at_once(node.args[0].value)
    places = [(read_at_once(one.value), code_of(one.value), one.value) for one in node.args[1:]]
    two = len(places) == 2
    (first_name, first, first_node), (second_name, second, second_node) = places[:2]
    first_constant, second_constant = (one if type(one) is Vector else None for one in (first_node, second_node))

    def run(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        frame = environment.frame
        x = frame.get(target_name)
        if type(x) is not Vector:
            x = target(environment)
            if type(x) is not Vector:
                return general(x, environment)
        attributes = x.attributes
        if attributes is None or ("class" in attributes and not (two and is_plain_frame(x, name))):
            return general(x, environment)
        if two:
            i = first_constant
            if i is None:
                i = frame.get(first_name)
                if type(i) is not Vector:
                    i = given(first, first_node, environment)
            j = second_constant
            if j is None:
                j = frame.get(second_name)
                if type(j) is not Vector:
                    j = given(second, second_node, environment)
            if type(i) is Vector and type(j) is Vector and i.attributes is None and j.attributes is None:
                row, column, shape, array = i.scalar, j.scalar, attributes.get("dim"), x.array
                if (
                    row is not None and column is not None and i.kind in _NUMBERS and j.kind in _NUMBERS
                    and array is not None and shape is not None and shape.array is not None and len(attributes) == 1
                ):  # fmt: skip
                    extents = shape.array.tolist()
                    if len(extents) == 2 and 1 <= row <= extents[0] and 1 <= column <= extents[1]:
                        item = array.item((int(column) - 1) * extents[0] + int(row) - 1)
                        if x.kind == "double":
                            machine.visible = True
                            return Vector("double", None, None, item)
                        found = _item(x.kind, item, False)
                        if found is not None:
                            machine.visible = True
                            return found
            indices = (i, j)
            if "class" in attributes:
                found = _frame_cell(x, i, j)
                if found is None:
                    return apply_builtin(REGISTRY[name], [(None, x), (None, i), (None, j)], node, environment)
                machine.visible = True
                return found
        else:
            indices = tuple([given(code, place, environment) for _, code, place in places])
        at = cell_offset(indices, attributes)
        if at >= 0 and (exact or "dimnames" not in attributes or loses_names(attributes["dimnames"])):
            found = _item(x.kind, x.data.item(at), False)
            if found is not None:
                machine.visible = True
                return found
        return apply_builtin(REGISTRY[name], [(None, x), *[(None, one) for one in indices]], node, environment)

    return run


def _frame_cell(frame: Vector, row: Any, column: Any) -> Any:
    """`d[i, "name"]` and `d[[i, "name"]]`: one element of a plain column of a data frame; None for anything else."""
    if type(row) is not Vector or type(column) is not Vector:
        return None
    at = frame_column(frame, column)
    held = frame.data[at] if at >= 0 else None
    if type(held) is not Vector or held.attributes is not None or held.kind == "list" or row.kind not in _NUMBERS:
        return None
    return element(held, row, True)


def loses_names(dimnames: Vector) -> bool:
    """Whether one cell has no name: with names along one axis only it keeps its name."""
    return len(dimnames) == 2 and (dimnames.data[0] is NULL) == (dimnames.data[1] is NULL)


def _compile_line(node: Call, row: bool, general: Any) -> Code:
    """`m[i, ]` and `m[, j]`."""
    guard = GUARDS["["]
    slow = compile_plain_call(node)
    target = code_of(node.args[0].value)
    written = node.args[1 if row else 2].value
    place = code_of(written)
    parameter = written.name if type(written) is Symbol else None

    def run(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        x = target(environment)
        if type(x) is not Vector or x.attributes is None or "class" in x.attributes:
            return general(x, environment)
        if parameter is not None and is_missing(parameter, environment):
            return general(x, environment)
        i = place(environment)
        found = line(x, i, row)
        if found is None:
            indices: Arguments = [(None, i), (None, MISSING)]
            arguments: Arguments = [(None, x), *(indices if row else reversed(indices))]
            return apply_builtin(REGISTRY["["], arguments, node, environment)
        machine.visible = True
        return found

    return run
