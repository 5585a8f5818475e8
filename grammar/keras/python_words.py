"""Words of reticulate: iterators, modules, what scripts ask about Python. No Python code of a program runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import call_function
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.names import OWN, word, wrap
from pipekeras.grammar.keras.python_modules import MODULES, python_module
from pipekeras.grammar.values import NULL, ExternalObject, Vector, character, logical, mk_list
from pipekeras.grammar.vectors.arguments import flag

from pipekeras.data import Dataset
from pipekeras.data.py_dataset import PyDataset


@word("import", "module, as = NULL, convert = TRUE, delay_load = FALSE")
def import_module(module: Any, label: Any, convert_: Any, delay: Any) -> Any:
    """Return the names of a Python module: numpy, re, tensorflow, keras, or a part of them.

    Args:
        module: text.
        as, convert, delay_load: accepted; results are converted when they are plain values.
    """
    return ExternalObject(python_module(str(module.items()[0])))


@word("super", "...", needs_environment=True)
def super_members(dots: Any, *, environment: Any) -> Any:
    """Return the inherited methods within a method of a class, as Python writes it: super()$`__init__`().

    Args:
        ...: a class and an object, accepted as Python's super() takes them.
    """
    found = environment
    while found is not None and not isinstance(found.frame.get("super"), Environment):
        found = found.parent
    if found is None:
        raise RError("super() is for methods of classes", mend="call it within a function of new_layer_class() or %py_class%")
    return found.frame["super"]


# Iterators


@word("as_iterator", "x")
def as_iterator(x: Any) -> Any:
    """Return something to call iter_next() on.

    Args:
        x: data set, generator, or other object with elements.
    """
    found = convert.data(x)
    if not hasattr(found, "__iter__"):
        raise RError("this has no elements to iterate over")
    return ExternalObject(iter(found))


class ArrayIterator:
    """An iterator whose elements are arrays of the language.

    Args:
        source: what has elements.
    """

    def __init__(self, source: Any) -> None:
        self._iterator = iter(source)

    def __iter__(self) -> ArrayIterator:
        return self

    def __next__(self) -> Any:
        return next(self._iterator)


@word("as_array_iterator", "dataset")
def as_array_iterator(dataset: Any) -> Any:
    """Return an iterator that gives numbers, arrays and lists of them instead of tensors.

    Args:
        dataset: data set.
    """
    found = convert.data(dataset)
    if not hasattr(found, "__iter__"):
        raise RError("this has no elements to iterate over")
    return ExternalObject(ArrayIterator(found))


for _alias in ("make_iterator_one_shot", "make_iterator_initializable"):
    OWN[_alias] = OWN["as_iterator"].__class__(_alias, as_iterator, "dataset", package="keras")


def _element(found: Any, arrays: bool = False) -> Any:
    from pipekeras.grammar.keras.datasets import _with_tensors

    if isinstance(found, tuple | dict | np.ndarray) and not arrays:
        return _with_tensors(found)
    if arrays and not isinstance(found, tuple | list | dict):
        found = np.asarray(found)
    return convert.result(list(found) if isinstance(found, tuple) else found)


def _next(it: Any, completed: Any, arrays: bool = False) -> Any:
    iterator: Any = it.value if isinstance(it, ExternalObject) else None
    if not hasattr(iterator, "__next__"):
        raise RError("iter_next() needs an iterator", mend="make one with as_iterator(dataset)")
    try:
        return _element(next(iterator), arrays or isinstance(iterator, ArrayIterator))
    except StopIteration:
        return completed


@word("iter_next", "it, completed = NULL")
def iter_next(it: Any, completed: Any) -> Any:
    """Return the next element of an iterator.

    Args:
        it: iterator from as_iterator().
        completed: what to return at the end.
    """
    return _next(it, completed)


class BatchesAdapter(external.Adapter):
    """Batches that are made when asked for: `batches[0]` is the first one, as of any list of Python's."""

    def element(self, target: Any, arguments: external.Arguments) -> Any:
        place = convert.whole(external.to_python(arguments[0][1]))
        if not isinstance(place, int) or not -len(target) <= place < len(target):
            raise RError(f"batches count from 0 to {len(target) - 1}; got {place}")
        return _element(target[place], arrays=True)

    def subset(self, target: Any, arguments: external.Arguments) -> Any:
        return self.element(target, arguments)

    def iterate(self, target: Any) -> Any:
        return (_element(target[place], arrays=True) for place in range(len(target)))


class DatasetAdapter(external.Adapter):
    """A loop over a data set gives tensors, as iter_next() does."""

    def iterate(self, target: Any) -> Any:
        return (_element(item) for item in target)


external.register_adapter(PyDataset, BatchesAdapter())
external.register_adapter(Dataset, DatasetAdapter())


@word("generator_next", "generator, completed = NULL")
def generator_next(generator: Any, completed: Any) -> Any:
    """Return the next batch of a generator.

    Args:
        generator: batches of pictures, windows of a series, or a function that gives a batch at each call.
        completed: what to return at the end.
    """
    if getattr(generator, "kind", None) in ("closure", "builtin"):
        return call_function(generator, [])
    found: Any = generator.value if isinstance(generator, ExternalObject) else None
    if not hasattr(found, "__next__") and hasattr(found, "__getitem__"):
        return convert.result(found[0])
    return _next(generator, completed, arrays=True)


class EndOfElements(RError):
    """An iterator that has no more elements; until_out_of_range() waits for it."""


def _next_or_end(iterator: Any) -> Any:
    end = object()
    found = _next(iterator, end)
    if found is end:
        raise EndOfElements("End of sequence", classes=("python.builtin.StopIteration",))
    return found


for _alias in ("iterator_get_next", "next_batch"):

    @word(_alias, "iterator, name = NULL")
    def iterator_get_next(iterator: Any, name: Any) -> Any:
        """Return the next element of an iterator; an error of class python.builtin.StopIteration at the end.

        Args:
            iterator: iterator.
            name: accepted.
        """
        return _next_or_end(iterator)


@word("until_out_of_range", "expr", lazy=True, needs_environment=True, invisible=True)
def until_out_of_range(expression: Any, *, environment: Any) -> Any:
    """Evaluate an expression again and again until an iterator in it has no more elements.

    Args:
        expr: expression that calls iterator_get_next().
    """
    from pipekeras.grammar.evaluation.machine import evaluate, expression_of

    tree = expression_of(expression)
    while True:
        try:
            evaluate(tree, environment)
        except RError as error:
            if isinstance(error, EndOfElements) or "End of sequence" in str(error):
                return NULL
            raise


def _items(it: Any) -> Iterator[Any]:
    found = it.value if isinstance(it, ExternalObject) else None
    if hasattr(found, "__iter__"):
        dataset = isinstance(found, Dataset)
        for element in found:  # type: ignore[union-attr]
            arrays = isinstance(found, ArrayIterator)
            yield _element(element, arrays) if arrays or dataset or isinstance(element, tuple | np.ndarray) else wrap(element)
    elif isinstance(it, Vector):
        yield from (it.data if it.kind == "list" else (wrap(item) for item in it.items()))
    else:
        raise RError("this has no elements to iterate over")


@word("iterate", "it, f = NULL, simplify = TRUE")
def iterate(it: Any, f: Any, simplify: Any) -> Any:
    """Call a function with each element; without one return the elements as a list.

    Args:
        it: iterator, generator or data set.
        f: function of an element.
        simplify: put results that are single numbers into a vector.
    """
    found = [item if f is NULL else call_function(f, [(None, item)]) for item in _items(it)]
    single = [item for item in found if isinstance(item, Vector) and item.kind != "list" and len(item) == 1]
    if found and len(single) == len(found) and bool(convert.argument("simplify", simplify)):
        kinds = {item.kind for item in single}
        if len(kinds) == 1:
            return external.to_language([external.to_python(item) for item in single])
    return mk_list(found)


@word("py_to_r", "x")
def py_to_r(x: Any) -> Any:
    """Return a Python object as a value of the language; tensors become arrays.

    Args:
        x: object.
    """
    found = x.value if isinstance(x, ExternalObject) else x
    return convert.result(np.asarray(found.numpy())) if hasattr(found, "numpy") else wrap(found)


@word("r_to_py", "x, convert = FALSE")
def r_to_py(x: Any, convert_: Any) -> Any:
    """Return a value as Python sees it: arrays become tensors, functions and lists stay.

    Args:
        x: value.
        convert: accepted.
    """
    if isinstance(x, Vector) and x.kind in ("double", "integer", "logical") and len(x) > 1:
        from pipekeras import ops

        return ExternalObject(ops.convert_to_tensor(convert.tensor_or_array(x)))
    return x


# Questions about Python


@word("py_module_available", "module")
def py_module_available(module: Any) -> Any:
    """Whether programs can use a Python module's names here: numpy, re, tensorflow, keras."""
    return logical(str(module.items()[0]).partition(".")[0] in MODULES)


@word("py_available", "initialize = FALSE")
def py_available(initialize: Any) -> Any:
    """Return FALSE: programs do not run Python code."""
    return logical(False)


@word("py_numpy_available", "initialize = FALSE")
def py_numpy_available(initialize: Any) -> Any:
    """Return TRUE: arrays are NumPy's."""
    return logical(True)


@word("py_config", "")
def py_config() -> Any:
    """Return what computes: the version of Python and of this program."""
    import platform

    import pipekeras

    return mk_list(
        [character(platform.python_version()), character(np.__version__), character(pipekeras.__version__)],
        ["version", "numpy", "pipekeras"],
    )


@word("py_version", "patch = FALSE")
def py_version(patch: Any) -> Any:
    """Return the version of Python that this program runs on.

    Args:
        patch: whether its third number is told too.
    """
    import sys

    made = mk_list([external.to_language(list(sys.version_info[: 3 if flag(patch) else 2]))])
    made.attributes = {"class": character(["numeric_version"])}
    return made


@word("py_set_seed", "seed, disable_hash_randomization = TRUE", invisible=True)
def py_set_seed(seed: Any, hashing: Any) -> Any:
    """Fix every random number of weights, dropout, shuffling and NumPy.

    Args:
        seed: number.
        disable_hash_randomization: accepted.
    """
    from pipekeras.core.configuration import set_random_seed

    set_random_seed(int(seed.items()[0]))
    return NULL


@word("py_len", "x, default = NULL")
def py_len(x: Any, default: Any) -> Any:
    """Return the number of elements of an object.

    Args:
        x: object.
        default: what to return when it has none.
    """
    try:
        return wrap(len(external.to_python(x)))
    except TypeError:
        if default is NULL:
            raise RError("this object has no length") from None
        return default


@word("py_has_attr", "x, name")
def py_has_attr(x: Any, name: Any) -> Any:
    """Whether an object has a member."""
    return logical(hasattr(external.to_python(x), str(name.items()[0])))


@word("py_get_attr", "x, name, silent = FALSE")
def py_get_attr(x: Any, name: Any, silent: Any) -> Any:
    """Return a member of an object."""
    return external.member(x, str(name.items()[0]))


@word("py_is_null_xptr", "x")
def py_is_null(x: Any) -> Any:
    """Return FALSE: objects are always there."""
    return logical(False)


def _nothing_word(name: str, why: str) -> None:
    @word(name, "...", invisible=True)
    def accept(dots: Any) -> Any:
        return NULL

    accept.__doc__ = why


_INSTALLING = """
    py_install py_require conda_create conda_install install_miniconda install_python virtualenv_create
    virtualenv_install use_miniconda use_python_version install_tensorflow py_discover_config
"""
for _name in _INSTALLING.split():
    _nothing_word(_name, "Accepted for scripts that call it: there is nothing to install or to choose.")


def _refused_word(name: str) -> None:
    @word(name, "...")
    def refuse(dots: Any) -> Any:
        raise RError(f"{name}() would run Python code, which programs of the language can't",
                     mend="write it in the language, or write the program in Python with `import pipekeras`")  # fmt: skip

    refuse.__doc__ = "Refused with an error that says why: programs do not run Python code."


for _name in ("py_run_string", "py_run_file", "py_eval", "source_python", "py_func", "py_call", "repl_python"):
    _refused_word(_name)


@word("py_ellipsis", "")
def py_ellipsis() -> Any:
    """Return Python's Ellipsis, which stands for all other axes in an index."""
    return ExternalObject(...)


@word("conda_list", "...")
def conda_list(dots: Any) -> Any:
    """Return an empty list: there are no Python environments to choose from."""
    return mk_list([])


@word("virtualenv_exists", "...")
def virtualenv_exists(dots: Any) -> Any:
    """Return FALSE: there are no Python environments to choose from."""
    return logical(False)


@word("have_h5py", "")
def have_h5py() -> Any:
    """Return TRUE: HDF5 files can be read and written."""
    return logical(True)
