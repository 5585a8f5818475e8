"""Whole-value comparison and element-wise choice: ``identical``, ``all.equal``, ``ifelse``."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.attributes import call_builtin
from pipekeras.grammar.builtins.registry import builtin, value_of
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.nodes import Call, Symbol, same_tree
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Closure,
    Vector,
    character,
    class_of,
    explicit_class,
    logical,
    mode_of,
    names_of,
)
from pipekeras.grammar.vectors.arguments import flag, number
from pipekeras.grammar.vectors.coerce import KIND_RANK, convert, double_text
from pipekeras.grammar.vectors.frames import automatic_row_names, has_automatic_row_names, is_frame, row_count
from pipekeras.grammar.vectors.recycling import resized

Dots = list[tuple[str | None, Any]]


def same(x: Any, y: Any, attributes: bool = True) -> bool:
    """Whether two values are exactly equal, attributes in any order."""
    if x is y:
        return True
    if type(x) is not type(y):
        return False
    if type(x) is Vector:
        if x.kind != y.kind or len(x) != len(y):
            return False
        if attributes and not _same_attributes(x, y):
            return False
        return _same_elements(x, y)
    if type(x) is Symbol:
        return bool(x.name == y.name)
    if type(x) is Call:
        return same_tree(x, y, same)
    if type(x) is Closure:
        return (x.template is y.template and x.environment is y.environment) or (
            same_tree(x.body, y.body, same) and x.environment is y.environment
            and [n for n, _ in x.formals] == [n for n, _ in y.formals]
            and all(same_tree(a, b, same) for (_, a), (_, b) in zip(x.formals, y.formals, strict=True))
        )
    return False


def _same_attributes(x: Vector, y: Vector) -> bool:
    left, right = x.attributes or {}, y.attributes or {}
    if left.keys() != right.keys():
        return False
    for name, value in left.items():
        other = right[name]
        if name == "row.names" and is_frame(x):
            value, other = _comparable_rows(x, value), _comparable_rows(y, other)
        if not same(value, other):
            return False
    return True


def _comparable_rows(frame: Vector, stored: Any) -> Any:
    return automatic_row_names(row_count(frame)) if has_automatic_row_names(frame) else stored


def _same_elements(x: Vector, y: Vector) -> bool:
    if x.kind in ("list", "expression"):
        return all(same(a, b) for a, b in zip(x.data, y.data, strict=True))
    if x.kind in ("double", "complex"):
        a, b = x.data, y.data
        missing_a, missing_b = np.isnan(a), np.isnan(b)
        if x.kind == "double" and missing_a.any():
            from pipekeras.grammar.values import is_na_not_nan

            if not np.array_equal(is_na_not_nan(a), is_na_not_nan(b)):
                return False
        return bool(np.array_equal(missing_a, missing_b) and np.array_equal(a[~missing_a], b[~missing_b]))
    return bool(np.array_equal(x.data, y.data))


@builtin("identical", "x, y, num.eq = TRUE, single.NA = TRUE, attrib.as.set = TRUE, ignore.bytecode = TRUE, "
                      "ignore.environment = FALSE, ignore.srcref = TRUE, extptr.as.ref = FALSE")
def identical(x: Any, y: Any, *options: Any) -> Any:
    return logical(same(x, y))


def _is_number(x: Any) -> bool:
    return type(x) is Vector and x.kind in ("integer", "double", "logical", "complex") and (
        "factor" not in (explicit_class(x) or [])
    )


def _attribute_differences(x: Any, y: Any) -> list[str]:
    found: list[str] = []
    left, right = x.attributes or {}, y.attributes or {}
    left_names, right_names = left.get("names"), right.get("names")
    if left_names is not None and right_names is not None:
        if not same(left_names, right_names):
            inner = differences(left_names, right_names, 1.5e-8, True)
            found.extend(f"Names: {text}" for text in inner)
    elif left_names is not None:
        found.append("names for target but not for current")
    elif right_names is not None:
        found.append("names for current but not for target")
    left_keys = sorted(k for k in left if k != "names" and not (k == "row.names" and is_frame(x)))
    right_keys = sorted(k for k in right if k != "names" and not (k == "row.names" and is_frame(y)))
    if left_keys and not right_keys:
        found.append("Attributes: < Modes: list, NULL >")
        found.append(f"Attributes: < Lengths: {len(left_keys)}, 0 >")
        found.append("Attributes: < names for target but not for current >")
        found.append("Attributes: < current is not list-like >")
    elif right_keys and not left_keys:
        found.append("Attributes: < Modes: NULL, list >")
        found.append(f"Attributes: < Lengths: 0, {len(right_keys)} >")
        found.append("Attributes: < names for current but not for target >")
        found.append("Attributes: < target is NULL, current is list >")
    else:
        for key in left_keys:
            if key in right and not same(left[key], right[key]):
                inner = differences(left[key], right[key], 1.5e-8, True)
                found.extend(f"Attributes: < Component \u201c{key}\u201d: {text} >" for text in inner)
    return found


def differences(target: Any, current: Any, tolerance: float, check_attributes: bool) -> list[str]:
    """What ``all.equal`` has to say about two values; empty when they are nearly equal."""
    if "factor" in (explicit_class(target) or []) and type(current) is Vector:
        return [] if same(target, current) else _text_differences(
            call_builtin("as.character", target), call_builtin("as.character", current))
    if type(target) is Vector and target.kind in ("list", "expression"):
        return _list_differences(target, current, tolerance, check_attributes)
    if _is_number(target):
        truth = target.kind == "logical"
        if not _is_number(current) or truth != (current.kind == "logical"):
            shown = mode_of(current)
            found: list[str] = []
            if mode_of(target) != shown:
                found.append(f"Modes: {mode_of(target)}, {shown}")
            size = len(current) if type(current) is Vector or current is NULL else 1
            if len(target) != size:
                found.append(f"Lengths: {len(target)}, {size}")
            if type(current) is Vector:
                found.extend(_attribute_differences(target, current) if check_attributes else [])
            found.append(f"target is {class_of(target)[0]}, current is {class_of(current)[0]}")
            return found
        return _number_differences(target, current, tolerance, check_attributes)
    if type(target) is Vector and type(current) is Vector and target.kind == current.kind:
        found = _attribute_differences(target, current) if check_attributes else []
        return found + _text_differences(target, current)
    if same(target, current):
        return []
    if mode_of(target) != mode_of(current):
        first = [f"Modes: {mode_of(target)}, {mode_of(current)}"]
        if type(target) is Vector and (type(current) is Vector or current is NULL):
            if len(target) != len(current):
                first.append(f"Lengths: {len(target)}, {len(current)}")
            if type(current) is Vector and check_attributes:
                first.extend(_attribute_differences(target, current))
            first.append(f"target is {class_of(target)[0]}, current is {class_of(current)[0]}")
        return first
    return ["target, current do not match when deparsed"]


def _text_differences(target: Vector, current: Vector) -> list[str]:
    if len(target) != len(current):
        shown = f"Lengths ({len(target)}, {len(current)}) differ (string compare on first "
        return [f"{shown}{min(len(target), len(current))})", *_mismatches(target, current)]
    return _mismatches(target, current)


def _mismatches(target: Vector, current: Vector) -> list[str]:
    size = min(len(target), len(current))
    wrong = sum(1 for a, b in zip(target.data[:size], current.data[:size], strict=True) if a != b)
    return [f"{wrong} string mismatch{'es' if wrong > 1 else ''}"] if wrong else []


def _number_differences(target: Vector, current: Vector, tolerance: float, check_attributes: bool) -> list[str]:
    found = _attribute_differences(target, current) if check_attributes else []
    if len(target) != len(current):
        if target.kind != "logical":
            return [*found, f"Numeric: lengths ({len(target)}, {len(current)}) differ"]
        common = min(len(target), len(current))
        found.append(f"Lengths ({len(target)}, {len(current)}) differ (comparison on first {common} components)")
        wrong = int((target.data[:common] != current.data[:common]).sum())
        return [*found, f"{wrong} element mismatch{'es' if wrong > 1 else ''}"] if wrong else found
    if target.kind == "logical" and current.kind == "logical":
        wrong = int((target.data != current.data).sum())
        if wrong:
            found.append(f"{wrong} element mismatch{'es' if wrong > 1 else ''}")
        return found
    kind = "complex" if "complex" in (target.kind, current.kind) else "double"
    a, b = convert(target.data, target.kind, kind), convert(current.data, current.kind, kind)
    missing_a, missing_b = np.isnan(a), np.isnan(b)
    if not np.array_equal(missing_a, missing_b):
        found.append(f"'is.NA' value mismatch: {int(missing_b.sum())} in current {int(missing_a.sum())} in target")
        return found
    use = ~missing_a & ~(a == b)
    if not use.any():
        return found
    a, b = a[use], b[use]
    size = float(np.abs(a).sum() / len(a))
    gap = float(np.abs(a - b).sum() / len(a))
    relative = np.isfinite(size) and size > tolerance
    if relative:
        gap /= size
    if not np.isfinite(gap) or gap > tolerance:
        found.append(f"Mean {'relative' if relative else 'absolute'} difference: {double_text(gap, 7)}")
    return found


def _list_differences(target: Vector, current: Any, tolerance: float, check_attributes: bool) -> list[str]:
    if type(current) is not Vector or current.kind not in ("list", "expression"):
        found = [f"Modes: list, {mode_of(current)}"] if mode_of(current) != "list" else []
        return [*found, "target is list, current is " + class_of(current)[0]]
    found = _attribute_differences(target, current) if check_attributes else []
    if is_frame(target) and is_frame(current) and row_count(target) != row_count(current):
        left, right = row_count(target), row_count(current)
        found.append(f"Attributes: < Component \u201crow.names\u201d: Numeric: lengths ({left}, {right}) differ >")
    size = min(len(target), len(current))
    if len(target) != len(current):
        found.append(f"Length mismatch: comparison on first {size} components")
    names, others = names_of(target), names_of(current)
    for k in range(size):
        same_name = names is not None and others is not None and names[k] == others[k] and names[k]
        label = f"\u201c{names[k]}\u201d" if same_name and names else str(k + 1)
        found.extend(f"Component {label}: {text}"
                     for text in differences(target.data[k], current.data[k], tolerance, check_attributes))
    return found


@builtin("all.equal", "target, current, ..., tolerance = 1.5e-8, check.attributes = TRUE, check.names = TRUE, "
                      "scale = NULL, countEQ = FALSE", generic="s3")
def all_equal(target: Any, current: Any, dots: Dots, tolerance: Any, check_attributes: Any, *rest: Any) -> Any:
    if dots and dots[0][0] is None:
        tolerance = dots[0][1]
    if type(target) is Environment or type(current) is Environment:
        return logical(target is current)
    found = differences(target, current, number(tolerance), flag(check_attributes))
    return character(found) if found else logical(True)


@builtin("ifelse", "test, yes, no", lazy=True)
def ifelse(test: Any, yes: Any, no: Any) -> Any:
    """Element-wise choice; a branch is evaluated only when some element needs it."""
    condition = value_of(test)
    if type(condition) is not Vector:
        return Vector("logical", np.empty(0, np.int32))
    truth = condition.data if condition.kind == "logical" else convert(condition.data, condition.kind, "logical")
    size = len(truth)
    missing = truth == NA_INTEGER
    result: Vector = Vector("logical", np.array(truth))
    for branch, chosen in ((yes, (truth != 0) & ~missing), (no, truth == 0)):
        if not chosen.any():
            continue
        value = value_of(branch)
        if type(value) is not Vector:
            return call_builtin("[<-", result, Vector("logical", chosen.astype(np.int32)), value)
        kind = value.kind if KIND_RANK[value.kind] > KIND_RANK[result.kind] else result.kind
        data = np.array(convert(result.data, result.kind, kind))
        if len(value) == 0:
            return call_builtin("[<-", result, Vector("logical", chosen.astype(np.int32)), value)
        filled = resized(convert(value.data, value.kind, kind), size)
        data[chosen] = filled[chosen]
        result = Vector(kind, data)
    kept = {k: v for k, v in (condition.attributes or {}).items() if k in ("names", "dim", "dimnames")}
    return result.with_attributes(kept or None)
