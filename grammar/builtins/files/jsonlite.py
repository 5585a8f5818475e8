"""The jsonlite package: values as JSON text and back, with jsonlite's rules for vectors, matrices and data frames."""

from __future__ import annotations

import json
import math
import os
from typing import Any

from pipekeras.grammar.builtins.registry import RError, builtin, write
from pipekeras.grammar.builtins.text.formatting import factor_labels, get_class
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.printing.dispatch import (
    invoke,
    one_text,
    optional_flag,
    optional_text,
    optional_whole,
    texts_of,
)
from pipekeras.grammar.printing.frames import frame_row_names, frame_rows
from pipekeras.grammar.printing.numbers import number_text
from pipekeras.grammar.text.json_errors import json_error
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Vector,
    character,
    dim_of,
    double,
    get_attribute,
    integer,
    is_function,
    is_na,
    is_na_real,
    logical,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]


class Raw(str):
    """Text that is JSON already."""


class Elements(list[Any]):
    """Elements of a list, which stand on lines of their own even where each of them is a scalar."""


class Options:
    """How values become JSON."""

    def __init__(self, **chosen: Any) -> None:
        self.frame = chosen.get("frame", "rows")
        self.matrix = chosen.get("matrix", "rowmajor")
        self.factor = chosen.get("factor", "string")
        self.null = chosen.get("null", "list")
        self.na = chosen.get("na")
        self.unbox = chosen.get("unbox", False)
        self.digits: int | None = chosen.get("digits", 4)
        self.moment = chosen.get("moment", "string")
        self.force: bool = chosen.get("force", False)
        self.significant = chosen.get("significant", False)
        self.rownames: bool | None = chosen.get("rownames")


def _number(value: float, options: Options) -> str | None:
    if value != value or math.isinf(value):
        return None
    if options.digits is None:
        return _number_text(value, 15)
    if options.significant:
        return _number_text(value, options.digits)
    # Very small and very large numbers have exponents, whatever the digits after the point.
    if value and not 1e-5 <= abs(value) < 1e15:
        return _number_text(float(f"{value:.{options.digits + 1}g}"), 15)
    return _number_text(_to_places(value, options.digits), 15)


def _to_places(value: float, digits: int) -> float:
    """Rounded as jsonlite's writer does: a half counts up from odd digits only."""
    size = abs(value)
    whole = math.floor(size)
    scale = 10.0**digits
    part = (size - whole) * scale
    kept = math.floor(part)
    rest = part - kept
    if rest > 0.5 or (rest == 0.5 and kept % 2):
        kept += 1
    return math.copysign(whole + round(kept / scale, digits), value)


def _number_text(value: float, digits: int) -> str:
    """A whole number below 1e15 has all its digits; others are as short as they can be."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.{digits}g}"


def _scalars(vector: Vector, options: Options) -> list[Any]:
    """JSON texts of an atomic vector's elements; None for what is left out of records."""
    kind = vector.kind
    if kind == "character":
        out: list[Any] = []
        for text in vector.items():
            missing = "null" if options.na in ("null", None) and options.na != "string" else '"NA"'
            out.append(missing if text is None else json.dumps(text, ensure_ascii=False))
        return out
    if kind == "double":
        made = []
        for value in vector.items():
            text = _number(value, options)
            if text is None:
                special = "NA" if is_na_real(value) else "NaN" if value != value else "Inf" if value > 0 else "-Inf"
                text = "null" if options.na == "null" else json.dumps(special)
            made.append(text)
        return made
    if kind == "logical":
        missing = '"NA"' if options.na == "string" else "null"
        return [missing if value == NA_INTEGER else "true" if value else "false" for value in vector.items()]
    if kind == "integer":
        missing = "null" if options.na == "null" else '"NA"'
        return [missing if value == NA_INTEGER else str(value) for value in vector.items()]
    if kind == "raw":
        import base64

        return [json.dumps(base64.b64encode(bytes(vector.items())).decode())]
    return [json.dumps(text) for text in texts_of(vector)]


def _plain(value: Any, moments: str = "string") -> Any:
    """Factors, dates and moments as text; moments are numbers of milliseconds, too."""
    classes = get_class(value)
    if "factor" in classes:
        return character(factor_labels(value))
    if "POSIXct" in classes and moments in ("epoch", "mongo"):
        return double([None if number != number else number * 1000 for number in value.data.tolist()])
    if "POSIXct" in classes and moments == "ISO8601":
        return character(texts_of(invoke("format", value, format=character("%Y-%m-%dT%H:%M:%S"))))
    if "Date" in classes or "POSIXct" in classes or "POSIXlt" in classes:
        return character(texts_of(invoke("format", value)))
    return value


def tree_of(value: Any, options: Options, unboxed: bool = False) -> Any:
    """A value as nested dicts, lists and `Raw` scalars."""
    if value is NULL:
        return {} if options.null == "list" else Raw("null")
    if isinstance(value, Environment):
        return {name: tree_of(value.get(name), options) for name in sorted(value.names())}
    if not isinstance(value, Vector) and options.force:
        # What JSON has no word for is told as R writes it, or left empty.
        return [Raw(json.dumps(line)) for line in texts_of(invoke("deparse", value))] if is_function(value) else {}
    if not isinstance(value, Vector):
        raise RError(f"No method asJSON S3 class: {getattr(value, 'kind', 'unknown')}")
    classes = get_class(value)
    if "data.frame" in classes:
        return _frame_tree(value, options)
    unboxed = unboxed or "scalar" in classes
    boxed = "AsIs" in classes
    value = _plain(value, options.moment)
    dimensions = dim_of(value)
    if dimensions is not None and len(dimensions) > 1 and value.kind != "list":
        return _array_tree(_scalars(value, options), dimensions, options)
    names = names_of(value)
    if value.kind == "list":
        items = [tree_of(element, options) for element in value.items()]
        if names is None:
            return Elements(items)
        return {_unique_key(names, at): item for at, item in enumerate(items)}
    texts = [Raw(text) for text in _scalars(value, options)]
    if len(texts) == 1 and (unboxed or (options.unbox and not boxed)):
        return texts[0]
    return texts


def _unique_key(names: list[str | None], at: int) -> str:
    name = names[at] or str(at + 1)
    return name if name not in [names[before] for before in range(at)] else f"{name}.{at}"


def _array_tree(texts: list[str], dimensions: list[int], options: Options) -> Any:
    def part(prefix: list[int]) -> Any:
        if len(prefix) == len(dimensions):
            place, scale = 0, 1
            for position, size in zip(prefix, dimensions, strict=True):
                place += position * scale
                scale *= size
            return Raw(texts[place])
        return [part([*prefix, position]) for position in range(dimensions[len(prefix)])]

    if options.matrix == "columnmajor" and len(dimensions) == 2:
        rows, columns = dimensions
        return [[Raw(texts[column * rows + row]) for row in range(rows)] for column in range(columns)]
    return part([])


def _frame_tree(frame: Vector, options: Options) -> Any:
    names = [name or "" for name in names_of(frame) or []]
    rows = frame_rows(frame)
    columns: list[list[Any]] = []
    automatic = frame_row_names(frame) == [str(row + 1) for row in range(rows)]
    named = options.rownames or (options.rownames is None and not automatic)
    for column in frame.items():
        if isinstance(column, Vector) and "data.frame" in get_class(column):
            columns.append(_frame_tree(column, options))
        elif isinstance(column, Vector) and column.kind == "list":
            columns.append([tree_of(element, options) for element in column.items()])
        else:
            plain = _plain(column, options.moment)
            missing = is_na(plain).tolist()
            texts = _scalars(plain, options)
            columns.append([
                None if gone and options.na is None else Raw(text) for text, gone in zip(texts, missing, strict=True)
            ])  # fmt: skip
    if options.frame in ("columns", "values"):
        # What is left out of a record stands here as it would in a vector.
        whole = [
            [(Raw("null") if own is None else Raw(own[at])) if text is None else text for at, text in enumerate(column)]
            for column, own in zip(columns, _vector_texts(frame, options), strict=True)
        ]
        if options.frame == "columns":
            labels = {"_row": [Raw(json.dumps(name)) for name in frame_row_names(frame)]} if named else {}
            return {**dict(zip(names, whole, strict=True)), **labels}
        return [[column[row] for column in whole] for row in range(rows)]
    out = []
    for row in range(rows):
        record = {name: column[row] for name, column in zip(names, columns, strict=True) if column[row] is not None}
        if named:
            record["_row"] = Raw(json.dumps(frame_row_names(frame)[row]))
        out.append(record)
    return out


def _vector_texts(frame: Vector, options: Options) -> list[list[Any] | None]:
    """For each column of a frame the texts of its elements; None for lists and frames within."""
    plain = [_plain(column) for column in frame.items()]
    return [None if column.kind == "list" else _scalars(column, options) for column in plain]


def text_of(tree: Any, pretty: int | None, level: int = 0, spread: bool = False) -> str:
    """JSON text; ``pretty`` is the indentation, None for a single line."""
    if isinstance(tree, Raw):
        return str(tree)
    inner = "" if pretty is None else "\n" + " " * (pretty * (level + 1))
    outer = "" if pretty is None else "\n" + " " * (pretty * level)
    if isinstance(tree, dict):
        if not tree:
            return "{}"
        colon = ":" if pretty is None else ": "
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}{colon}{text_of(item, pretty, level + 1, spread)}"
            for key, item in tree.items()
        ]
        return "{" + inner + ("," + inner).join(parts) + outer + "}"
    if not tree:
        return "[]"
    if not spread and type(tree) is not Elements and all(isinstance(item, Raw) for item in tree):
        return "[" + ("," if pretty is None else ", ").join(tree) + "]"
    parts = [text_of(item, pretty, level + 1, spread) for item in tree]
    return "[" + inner + ("," + inner).join(parts) + outer + "]"


def json_vector(text: str) -> Vector:
    """JSON text with its class."""
    return character([text], {"class": character("json")})


_TO_JSON = (
    "x, dataframe = 'rows', matrix = 'rowmajor', Date = 'ISO8601', POSIXt = 'string', factor = 'string', "
    "complex = 'string', raw = 'base64', null = 'list', na = NULL, auto_unbox = FALSE, digits = 4, pretty = FALSE, "
    "force = FALSE, always_decimal = FALSE, rownames = NA, keep_vec_names = FALSE, ..."
)


@builtin("toJSON", _TO_JSON, package="jsonlite")
def to_json(
    x: Any, frame: Any, matrix: Any, date: Any, moment: Any, factor: Any, complex: Any, raw: Any, null: Any, na: Any,
    unbox: Any, digits: Any, pretty: Any, force: Any, decimal: Any, rownames: Any, keep_names: Any, dots: Dots,
) -> Any:  # fmt: skip
    """A value as JSON text."""
    only_default("toJSON", Date=(date, "ISO8601"), complex=(complex, "string"),
                 raw=(raw, "base64"), always_decimal=(decimal, False), keep_vec_names=(keep_names, False))
    wanted = optional_text(factor, "factor")
    if wanted == "integer" and "factor" in get_class(x):
        x = integer(x.data)
    options = Options(
        frame=one_text(frame, "dataframe"), matrix=one_text(matrix, "matrix"), factor=wanted,
        null=one_text(null, "null"), na=optional_text(na, "na"), unbox=optional_flag(unbox),
        digits=optional_whole(digits, "digits"), significant="AsIs" in get_class(digits), moment=one_text(moment, "POSIXt"),
        rownames=None if rownames is NULL or is_na(rownames).all() else optional_flag(rownames), force=optional_flag(force),
    )  # fmt: skip
    indent = None
    if isinstance(pretty, Vector) and pretty.kind != "logical":
        indent = optional_whole(pretty, "pretty")
    elif optional_flag(pretty):
        indent = 2
    # An indentation that is given in numbers has every value on a line of its own.
    spread = indent is not None and isinstance(pretty, Vector) and pretty.kind != "logical"
    return json_vector(text_of(tree_of(x, options), indent, 0, spread) + ("\n" if spread else ""))


@builtin("write_json", f"x, path, {_TO_JSON.removeprefix('x, ')}", invisible=True, package="jsonlite")
def write_json(
    x: Any, path: Any, frame: Any, matrix: Any, date: Any, moment: Any, factor: Any, complex: Any, raw: Any, null: Any,
    na: Any, unbox: Any, digits: Any, pretty: Any, force: Any, decimal: Any, rownames: Any, keep_names: Any, dots: Dots,
) -> Any:  # fmt: skip
    """A value as JSON in a file."""
    made = to_json(
        x, frame, matrix, date, moment, factor, complex, raw, null, na, unbox, digits, pretty, force, decimal,
        rownames, keep_names, dots,
    )  # fmt: skip
    try:
        with open(os.path.expanduser(one_text(path, "path")), "w", encoding="utf-8") as file:
            file.write(made.items()[0] + "\n")
    except OSError:
        raise RError("cannot open the connection") from None
    return NULL


@builtin("print.json", "x, ...", invisible=True, package="jsonlite")
def print_json(x: Any, dots: Dots) -> Any:
    """The text itself."""
    write(f"{x.items()[0]} \n")
    return x


@builtin("as.character.json", "x, ...", package="jsonlite")
def as_character_json(x: Any, dots: Dots) -> Any:
    """Plain text."""
    return character(x.data)


@builtin("unbox", "x", package="jsonlite")
def unbox(x: Any) -> Any:
    """A single value to be written without brackets."""
    if not isinstance(x, Vector) or len(x) != 1:
        raise RError("Only atomic vectors of length 1 or data frames with 1 row can be unboxed.")
    return x.with_attribute("class", character(["scalar", *get_class(x)]))


class _Simplify:
    """Which JSON arrays become vectors, data frames and matrices."""

    def __init__(self, vector: bool, frame: bool, matrix: bool) -> None:
        self.vector = vector
        self.frame = frame
        self.matrix = matrix


def _atom(values: list[Any]) -> Vector | None:
    """An atomic vector of JSON scalars; None when they are no common kind."""
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return logical([None] * len(values))
    if kinds == {bool}:
        return logical(values)
    if kinds <= {int, float}:
        if kinds == {int} and all(value is None or abs(value) < 2**31 for value in values):
            return integer(values)
        return double([None if value is None else float(value) for value in values])
    if kinds <= {int, float, bool, str}:
        return character([
            None if value is None else value if isinstance(value, str) else
            ("TRUE" if value else "FALSE") if isinstance(value, bool) else number_text(float(value)) for value in values
        ])  # fmt: skip
    return None


def value_of_json(tree: Any, how: _Simplify) -> Any:
    """An R value of parsed JSON."""
    if isinstance(tree, dict):
        return mk_list([value_of_json(item, how) for item in tree.values()], list(tree))
    if isinstance(tree, list):
        return _array_value(tree, how)
    if tree is None:
        return NULL
    made = _atom([tree])
    assert made is not None
    return made


def _array_value(tree: list[Any], how: _Simplify) -> Any:
    if not tree:
        return mk_list([])
    scalars = all(not isinstance(item, (dict, list)) for item in tree)
    if how.vector and scalars:
        made = _atom(tree)
        if made is not None:
            return made
    if how.frame and all(isinstance(item, dict) or item is None for item in tree) and any(tree):
        return _frame_value([item or {} for item in tree], how)
    items = [value_of_json(item, how) for item in tree]
    if how.matrix and all(isinstance(item, list) for item in tree):
        made = _bound(items)
        if made is not None:
            return made
    return mk_list(items)


def _frame_value(records: list[dict[str, Any]], how: _Simplify) -> Vector:
    names = list(dict.fromkeys(name for record in records for name in record))
    rows: Vector = integer([NA_INTEGER, -len(records)])
    # What toJSON() writes as "_row" are names of rows.
    if "_row" in names and all(isinstance(record.get("_row"), str) for record in records):
        names.remove("_row")
        rows = character([record["_row"] for record in records])
    columns = []
    for name in names:
        cells = [record.get(name) for record in records]
        if all(not isinstance(cell, (dict, list)) for cell in cells):
            columns.append(_atom(cells))
        elif all(isinstance(cell, dict) or cell is None for cell in cells):
            columns.append(_frame_value([cell or {} for cell in cells], how))
        else:
            columns.append(mk_list([value_of_json(cell, how) for cell in cells]))
    made = mk_list(columns, names)
    return made.with_attribute("class", character("data.frame")).with_attribute("row.names", rows)


def _bound(items: list[Any]) -> Vector | None:
    """Equal vectors or arrays as the rows of one array."""
    first = items[0]
    if not all(isinstance(item, Vector) and item.kind not in ("list", "expression") for item in items):
        return None
    shape = dim_of(first) or [len(first)]
    if any((dim_of(item) or [len(item)]) != shape for item in items) or not shape[0]:
        return None
    from pipekeras.grammar.values import vector_of
    from pipekeras.grammar.vectors.coerce import coerce, widest

    kind = widest([item.kind for item in items])
    columns = [coerce(item, kind).items() for item in items]
    data = [column[place] for place in range(len(columns[0])) for column in columns]
    return vector_of(kind, data, {"dim": integer([len(items), *shape])})


@builtin(
    "fromJSON",
    "txt, simplifyVector = TRUE, simplifyDataFrame = NULL, simplifyMatrix = NULL, flatten = FALSE, ...",
    package="jsonlite",
)
def from_json(txt: Any, vectors: Any, frames: Any, matrices: Any, flatten: Any, dots: Dots) -> Any:
    """A value of JSON text, or of a file that holds some."""
    text = "\n".join(item or "" for item in texts_of(txt))
    start = text.lstrip()[:1]
    if len(texts_of(txt)) == 1 and start not in ("{", "[", '"') and os.path.exists(os.path.expanduser(text)):
        from pipekeras.grammar.builtins.files.connections import file_text

        text = file_text(text)
    simple = optional_flag(vectors, True)
    how = _Simplify(simple, optional_flag(frames, simple), optional_flag(matrices, simple))
    try:
        tree = json.loads(text)
    except ValueError as error:
        raise RError(json_error(text)[0] or str(error)) from None
    except RecursionError:
        raise RError("JSON text is nested too deeply") from None
    made = value_of_json(tree, how)
    return flat_frame(made) if optional_flag(flatten) and "data.frame" in get_class(made) else made


@builtin("validate", "txt", package="jsonlite")
def validate(txt: Any) -> Any:
    """Whether a text is JSON; what is wrong with it stands in attributes."""
    message, place = json_error("\n".join(text or "" for text in texts_of(txt)))
    return logical(False, {"offset": integer(place), "err": character(message)}) if message else logical(True)


@builtin("read_json", "path, simplifyVector = FALSE, ...", package="jsonlite")
def read_json(path: Any, vectors: Any, dots: Dots) -> Any:
    """A value of a JSON file."""
    from pipekeras.grammar.builtins.files.connections import file_text

    return from_json(character(file_text(one_text(path, "path"))), vectors, NULL, NULL, logical(False), [])


def flat_frame(frame: Vector) -> Vector:
    """A data frame whose nested data frames are columns of their own."""
    names: list[str] = []
    columns: list[Any] = []
    for name, column in zip(names_of(frame) or [], frame.items(), strict=False):
        if isinstance(column, Vector) and "data.frame" in get_class(column):
            inner = flat_frame(column)
            names.extend(f"{name}.{title}" for title in names_of(inner) or [])
            columns.extend(inner.items())
        else:
            names.append(name or "")
            columns.append(column)
    made = mk_list(columns, names)
    return made.with_attribute("class", character("data.frame")).with_attribute("row.names", get_attribute(frame, "row.names"))


@builtin(("prettify", "minify"), "txt, indent = 4", needs_call=True, package="jsonlite")
def prettify(txt: Any, indent: Any, call: Any = None) -> Any:
    """JSON text with, or without, line breaks."""
    name = getattr(getattr(call, "function", None), "name", "prettify")
    text = "\n".join(text or "" for text in texts_of(txt))
    try:
        tree = json.loads(text)
    except ValueError as error:
        raise RError(json_error(text)[0] or str(error)) from None
    if name == "minify":
        return json_vector(json.dumps(tree, ensure_ascii=False, separators=(",", ":")))
    made = json.dumps(tree, ensure_ascii=False, indent=optional_whole(indent, "indent") or 4)
    return json_vector("\n".join(_opened(line) for line in made.split("\n")) + "\n")


def _opened(line: str) -> str:
    """A line of indented JSON; what is empty is opened all the same, with a line of nothing in it."""
    text, comma = (line[:-1], ",") if line.endswith(",") else (line, "")
    if not text.endswith(("{}", "[]")):
        return line
    indentation = line[: len(line) - len(line.lstrip(" "))]
    return f"{text[:-1]}\n\n{indentation}{text[-1]}{comma}"
