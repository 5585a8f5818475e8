"""Statements as Python source: blocks, conditions, loops, assignments and `return`."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.evaluation.compiler import code_of, tail_code_of
from pipekeras.grammar.evaluation.sites import plain_operands
from pipekeras.grammar.hot.expressions import condition, evaluated, form_of, is_name
from pipekeras.grammar.hot.places import element_store
from pipekeras.grammar.hot.writer import STALE, Value, Writer
from pipekeras.grammar.nodes import MISSING, Call, Symbol
from pipekeras.grammar.values import NULL, Vector


def statement(w: Writer, node: Any) -> None:
    """Write a statement whose value nobody asks for."""
    if w.state is None:
        return
    name = form_of(node)
    if name == "{":
        w.guards.add(name)
        for argument in node.args:
            statement(w, argument.value)
        return
    if type(node) is not Call:
        evaluated(w, node)
        return
    with w.unless_stale(f"{w.constant(code_of(node))}(environment)"):
        _one_statement(w, node, name)


def _one_statement(w: Writer, node: Call, name: str) -> None:
    if name == "if" and _is_condition(node):
        _choice(w, node)
    elif (name in ("<-", "=") and len(node.args) == 2 and _assignment(w, node) is not None) or (
        name in ("for", "while", "repeat") and loop(w, node)
    ):
        return
    elif name in ("break", "next") and w.loops:
        w.guards.add(name)
        w.line("break" if name == "break" else "continue")
        w.state = None
    elif name == "return" and w.is_function and len(node.args) <= 1 and not any(one.name for one in node.args):
        w.guards.add(name)
        result(w, node.args[0].value if node.args else NULL)
    elif name != "(":
        if name in ("<-", "="):
            _release(w, node.args[0].value)
        w.foreign(f"{w.constant(code_of(node))}(environment)")
    else:
        evaluated(w, node)


def _release(w: Writer, target: Any) -> None:
    """Let go of the vector that an assignment left to the ordinary code will want to write into."""
    while type(target) is Call and target.args:
        target = target.args[0].value
    if type(target) is Symbol:
        w.let_go(target.name)


def _is_condition(node: Call) -> bool:
    return len(node.args) in (2, 3) and all(
        one.value is not MISSING and one.name is None and not (type(one.value) is Symbol and one.value.name == "...")
        for one in node.args
    )


def _choice(w: Writer, node: Call) -> None:
    """`if` as a statement."""
    w.guards.add("if")
    test = condition(w, evaluated(w, node.args[0].value), node)
    before = w.fork()
    with w.block(f"if {test}:"):
        statement(w, node.args[1].value)
    yes = w.state
    w.state = before
    if len(node.args) == 3:
        with w.block("else:"):
            statement(w, node.args[2].value)
    w.join(yes, w.state)


def _assignment(w: Writer, node: Call) -> Value | None:
    target = node.args[0].value
    if type(target) is Vector and target.kind == "character" and type(target.scalar) is str:
        target = Symbol(target.scalar)
    if is_name(target):
        w.guards.add(node.function.name)
        value = evaluated(w, node.args[1].value)
        w.assigned.add(target.name)
        local = w.local(target.name)
        w.line(f"{local} = {value.text}")
        w.hold(target.name, value.sort)
        return value
    if type(target) is Call:
        stored = element_store(w, node)
        if stored is not None:
            w.guards.add(node.function.name)
        return stored
    return None


def as_expression(w: Writer, node: Call, name: str) -> Value | None:
    """`if`, a block or an assignment whose value is asked for; None for what the ordinary code must do."""
    if name in ("<-", "="):
        if len(node.args) != 2 or type(node.args[0].value) is not Symbol or not is_name(node.args[0].value):
            return None
        return _assignment(w, node)
    if name == "{":
        if not node.args or not all(_stays(one.value) for one in node.args):
            return None
        w.guards.add(name)
        for argument in node.args[:-1]:
            statement(w, argument.value)
        return evaluated(w, node.args[-1].value)
    if not _is_condition(node) or not all(_stays(one.value) for one in node.args[1:]):
        return None
    w.guards.add(name)
    test = condition(w, evaluated(w, node.args[0].value), node)
    made = w.temporary()
    before = w.fork()
    with w.block(f"if {test}:"):
        yes_value = evaluated(w, node.args[1].value)
        w.line(f"{made} = {yes_value.text}")
    yes = w.state
    w.state = before
    no_value = Value(w.constant(NULL))
    with w.block("else:"):
        if len(node.args) == 3:
            no_value = evaluated(w, node.args[2].value)
        w.line(f"{made} = {no_value.text}")
    w.join(yes, w.state)
    sort = yes_value.sort if yes_value.sort == no_value.sort else "mixed"
    return Value(made, sort, yes_value.likely_boxed or no_value.likely_boxed)


def _stays(node: Any) -> bool:
    """Whether evaluating a node never jumps out of it."""
    if type(node) is not Call:
        return True
    if type(node.function) is Symbol and node.function.name in ("break", "next", "return", "for", "while", "repeat"):
        return False
    return all(_stays(argument.value) for argument in node.args)


# Loops


def loop(w: Writer, node: Call) -> bool:
    """Write a loop; False when its shape is odd."""
    name = node.function.name
    if any(argument.name is not None or argument.value is MISSING for argument in node.args):
        return False
    if len(node.args) != {"for": 3, "while": 2, "repeat": 1}[name]:
        return False
    if name == "for":
        if not is_name(node.args[0].value):
            return False
        return _for(w, node, "")
    return _while(w, node)


def _turn(w: Writer, body: Any, node: Call) -> None:
    """One turn: the body, with the jumps that ordinary code makes by exceptions."""
    with w.block("try:"):
        statement(w, body)
    with w.block("except NextSignal as signal:"):
        w.line("if signal.environment is not environment: raise")
        w.line("continue")
    with w.block("except BreakSignal as signal:"):
        w.line("if signal.environment is not environment: raise")
        w.line("break")


def _attention(w: Writer, rest: str) -> None:
    """At the begin of a turn: whether the program is to stop, or has given an operator a meaning of its own."""
    with w.block("if machine.interrupted:"):
        w.line("machine.interrupted = False")
        w.line("raise KeyboardInterrupt(STOPPED)")
    if not w.is_quiet:
        before = w.fork()
        with w.block(f"if {STALE}:"):
            w.foreign(rest)
            w.line("break")
        w.state = before
        before.unsure = False


def _for(w: Writer, node: Call, given: str) -> bool:
    """A `for` loop; `given` is the sort of the elements when the sequence is an argument of the code, else no text."""
    w.guards.add("for")
    variable = node.args[0].value.name
    body = node.args[2].value
    w.temporaries += 1
    mark = w.temporaries
    items, element, none = f"i{mark}", f"e{mark}", f"n{mark}"
    sort = given
    if given:
        w.line(f"{items} = iter(items)")
        w.line(f"{none} = True")
    else:
        sort = _sequence(w, node, items, none)
    w.assigned.add(variable)
    local = w.local(variable)
    inside = _changed_within(w, body) | {variable}
    w.blur(inside)
    entry = w.fork()
    with w.block(f"for {element} in {items}:"):
        _attention(w, f"rest_of_loop({w.constant(code_of(node))}, environment, {element}, {items})")
        w.line(f"{local} = {element}")
        w.hold(variable, sort)
        w.line(f"{none} = False")
        w.loops.append(mark)
        _turn(w, body, node)
        w.loops.pop()
    w.line(f"{items} = None")
    w.state = entry.copy()
    with w.block(f"if {none}:"):
        w.foreign(f"environment.set({variable!r}, NULL)")
    w.join(entry, w.state)
    assert w.state is not None
    w.state.changed |= inside
    return True


def _sequence(w: Writer, node: Call, items: str, none: str) -> str:
    """Write what a loop runs over; the sort of its elements."""
    sequence = node.args[1].value
    name = form_of(sequence)
    arguments = sequence.args if type(sequence) is Call else ()
    counting = {":": ("counted_turns", 2), "seq_along": ("turns_along", 1), "seq_len": ("turns_of_length", 1)}.get(name)
    if counting is not None and plain_operands(sequence, counting[1]):
        values = [argument.value for argument in arguments]
        if all(type(value) is Vector or is_name(value) for value in values):
            w.guards.add(name)
            texts = ", ".join(evaluated(w, value).text for value in values)
            w.line(f"{items} = {counting[0]}({texts})")
            w.line(f"{none} = {items} is not None")
            before = w.fork()
            with w.block(f"if {items} is None:"):
                # The ends are no plain numbers: the ordinary code runs the whole loop.
                w.foreign(f"{w.constant(code_of(node))}(environment)")
                w.line(f"{items} = ()")
            w.join(before, w.state)
            w.line(f"{items} = iter({items})")
            return "int"
    value = evaluated(w, sequence)
    w.write_back()
    w.line(f"{items} = iter(turns({value.text}, {w.constant(node)}))")
    w.line(f"{none} = True")
    return "mixed"


def _while(w: Writer, node: Call) -> bool:
    """`while` and `repeat`."""
    name = node.function.name
    w.guards.add(name)
    body = node.args[-1].value
    inside = _changed_within(w, node)
    w.blur(inside)
    entry = w.fork()
    with w.block("while True:"):
        _attention(w, f"{w.constant(code_of(node))}(environment)")
        w.loops.append(0)
        if name == "while":
            test = condition(w, evaluated(w, node.args[0].value), node)
            w.line(f"if not {test}: break")
        _turn(w, body, node)
        w.loops.pop()
    w.state = entry.copy()
    w.state.changed |= inside
    return True


def _changed_within(w: Writer, node: Any) -> set[str]:
    """Variables that a loop may assign: all that the code assigns and the loop names."""
    found: set[str] = set()
    pending = [node]
    while pending:
        one = pending.pop()
        if type(one) is Symbol:
            found.add(one.name)
        elif type(one) is Call:
            pending.extend(argument.value for argument in one.args)
    return found & w.assigned


# Functions


def result(w: Writer, node: Any) -> None:
    """Write what ends a function with the value of a node."""
    if w.state is None:
        return
    name = form_of(node)
    if name == "{" and node.args:
        w.guards.add(name)
        for argument in node.args[:-1]:
            statement(w, argument.value)
        result(w, node.args[-1].value)
        return
    if type(node) is not Call:
        _leave(w, evaluated(w, node), "True")
        return
    instead = w.constant(code_of(node))
    with w.unless_stale(f"return {instead}(environment)", leaving=True):
        _result_of_call(w, node, name)


def _result_of_call(w: Writer, node: Call, name: str) -> None:
    if name == "if" and _is_condition(node):
        w.guards.add(name)
        test = condition(w, evaluated(w, node.args[0].value), node)
        before = w.fork()
        with w.block(f"if {test}:"):
            result(w, node.args[1].value)
        w.state = before
        if len(node.args) == 3:
            result(w, node.args[2].value)
        else:
            _leave(w, Value(w.constant(NULL)), "False")
        return
    if name == "return" and len(node.args) <= 1 and not any(one.name for one in node.args):
        w.guards.add(name)
        result(w, node.args[0].value if node.args else NULL)
        return
    if name in ("<-", "=") and len(node.args) == 2:
        value = _assignment(w, node)
        if value is not None:
            _leave(w, value, "False")
            return
    if name in ("for", "while", "repeat") and loop(w, node):
        _leave(w, Value(w.constant(NULL)), "False")
        return
    if not _is_plain(node, name):
        w.settle()
        w.line(f"return {w.constant(tail_code_of(node))}(environment)")
        w.state = None
        return
    _leave(w, evaluated(w, node), "True")


def _is_plain(node: Call, name: str) -> bool:
    """Whether a call is one whose value is always visible."""
    return name in ("+", "-", "*", "/", "^", "%%", "%/%", "<", ">", "<=", ">=", "==", "!=", "!", "&&", "||", "(", "[", "[[")


def _leave(w: Writer, value: Value, visible: str) -> None:
    if w.state is None:
        return
    w.write_back()
    w.line(f"machine.visible = {visible}")
    if value.sort == "mixed":
        w.line(f"return Vector('double', None, None, {value.text}) if type({value.text}) is float else boxed({value.text})")
    else:
        w.line(f"return {_box(value)}")
    w.state = None


def _box(value: Value) -> str:
    if value.sort == "float":
        return f"Vector('double', None, None, {value.text})"
    return f"Vector('integer', None, None, {value.text})" if value.sort == "int" else f"TRUE if {value.text} else FALSE"


def given_loop(w: Writer, node: Call, sort: str) -> None:
    """Write a `for` loop whose turns are an argument of the code."""
    _for(w, node, sort)
