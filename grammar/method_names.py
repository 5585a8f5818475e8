"""Names under which R keeps methods of its own generics, for builtins whose code covers those classes by itself.

``mean.default(x)`` and ``merge.data.frame(a, b)`` are names that programs call. Where one builtin does the work of the
generic and of these methods, it is entered under their names too; a name with a method's ending dispatches no further.
"""

from __future__ import annotations

from functools import lru_cache

_METHODS = """
    all.equal: character default environment factor formula function language list numeric raw
    anyDuplicated: array data.frame default matrix
    aperm: default table
    as.Date: default
    as.POSIXct: Date default numeric
    as.POSIXlt: Date character default
    as.array: default
    as.character: default factor
    as.data.frame: array character complex data.frame Date default difftime factor integer list logical matrix numeric ordered
    as.data.frame: ts raw POSIXct
    as.list: default factor function
    as.logical: factor
    as.matrix: default
    as.table: default
    as.vector: data.frame
    chol: default
    cut: default
    diff: default
    droplevels: data.frame factor
    duplicated: array data.frame default matrix
    head: matrix
    tail: matrix
    labels: default
    levels: default
    mean: default
    median: default
    merge: data.frame default
    months: Date POSIXt
    pretty: default
    quarters: Date POSIXt
    range: default
    rev: default
    row.names: data.frame default
    rowsum: data.frame default
    scale: default
    sequence: default
    solve: default
    sort: default
    split: data.frame default
    t: default
    transform: data.frame default
    unique: array data.frame default matrix
    weekdays: Date POSIXt
    xtfrm: default factor Date POSIXct difftime AsIs
    all.equal: POSIXt envRefClass
    anyNA: data.frame numeric_version
    as.POSIXct: POSIXlt
    as.POSIXlt: POSIXct factor
    as.data.frame: AsIs POSIXlt noquote numeric_version
    as.expression: default
    as.null: default
    determinant: matrix
    is.na<-: default factor
    isSymmetric: matrix
    julian: Date POSIXt
    length<-: factor Date POSIXct difftime
    names<-: POSIXlt
    qr: default
    row.names<-: data.frame default
    split<-: default data.frame
    split: Date POSIXct
    units: difftime
    units<-: difftime
"""


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in _METHODS.split("\n"):
        generic, _, endings = line.strip().partition(":")
        if generic:
            table[generic] = (*table.get(generic, ()), *(f"{generic}.{ending}" for ending in endings.split()))
    return table


def method_names(name: str) -> tuple[str, ...]:
    """Further names of a builtin."""
    return _table().get(name, ())
