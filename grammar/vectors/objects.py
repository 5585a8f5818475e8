"""Objects of the runtime where a vector is asked for: conversion, shape, length and elements through their adapters."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.external import adapter_of
from pipekeras.grammar.values import NULL, ExternalObject, integer
from pipekeras.grammar.vectors.report import fail

Arguments = list[tuple[str | None, Any]]


def as_vector(x: ExternalObject) -> Any:
    """The numbers of an array-like object (a tensor) as a vector or array."""
    from pipekeras.grammar.conversion import array_to_language

    if hasattr(x.value, "__array__"):
        return array_to_language(np.asarray(x.value))
    if hasattr(x.value, "numpy"):
        return array_to_language(np.asarray(x.value.numpy()))
    return fail(f"cannot turn an object of class '{adapter_of(x.value).classes(x.value)[0]}' into a vector")


def shape_of(x: ExternalObject) -> Any:
    """``dim`` of an object; NULL when it has none."""
    shape = adapter_of(x.value).dim(x.value)
    return NULL if shape is None else integer(shape)


def length_of(x: ExternalObject) -> int:
    """``length`` of an object."""
    return adapter_of(x.value).length(x.value)


def subset_object(x: ExternalObject, arguments: Arguments) -> Any:
    """``object[...]``."""
    return adapter_of(x.value).subset(x.value, arguments)


def element_of_object(x: ExternalObject, arguments: Arguments) -> Any:
    """``object[[...]]``."""
    return adapter_of(x.value).element(x.value, arguments)


def set_element_of_object(x: ExternalObject, arguments: Arguments, value: Any) -> ExternalObject:
    """``object[[...]] <- value``; the object itself changes."""
    adapter_of(x.value).set_element(x.value, arguments, value)
    return x


def summary_of(x: ExternalObject) -> Any:
    """``summary`` of an object: its own summary when it has one, else its text."""
    own = getattr(x.value, "summary", None)
    if callable(own):
        own()
    else:
        from pipekeras.grammar.evaluation.machine import write

        write(adapter_of(x.value).text(x.value) + "\n")
    return x
