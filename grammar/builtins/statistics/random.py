"""Random numbers: seeding, sampling and the variates of the classical distributions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import builtin, machine
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.shown_calls import call_as_text
from pipekeras.grammar.numeric import variates
from pipekeras.grammar.numeric.generator import GENERATOR
from pipekeras.grammar.numeric.sampling import sample_hashed, sample_plain, sample_weighted
from pipekeras.grammar.values import FALSE, NA_INTEGER, NA_REAL, NULL, Vector, character, double, integer, names_of
from pipekeras.grammar.vectors.arguments import flag, number
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn
from pipekeras.grammar.vectors.shapes import dimension_list, from_array


@builtin("set.seed", "seed, kind = NULL, normal.kind = NULL, sample.kind = NULL", invisible=True)
def set_seed(seed: Any, kind: Any, normal_kind: Any, sample_kind: Any) -> Any:
    from pipekeras.grammar.builtins.statistics.random_state import announce, change_kinds

    change_kinds(kind, normal_kind, sample_kind)
    announce()
    if seed is NULL:
        GENERATOR.forget()
        return NULL
    amount = number(seed, "seed")
    if amount != amount:
        fail("supplied seed is not a valid integer")
    GENERATOR.seed(int(amount))
    return NULL


def variate_count(n: Any) -> int:
    """How many variates are asked for: a number, or the length of a longer vector."""
    if type(n) is Vector and len(n) != 1:
        return len(n)
    amount = number(n, "n")
    if amount != amount or amount < 0:
        fail("invalid arguments")
    return int(amount)


def _parameters(count: int, *values: Any) -> list[np.ndarray]:
    columns = []
    for value in values:
        if getattr(value, "kind", "") not in ("double", "integer", "logical"):
            raise RError("invalid arguments")
        data = coerce(value, "double").data
        columns.append(resized(data, count) if len(data) else np.full(count, np.nan))
    return columns


def _finish(data: np.ndarray) -> Vector:
    if np.isnan(data).any():
        warn("NAs produced")
    return Vector("double", data)


def whole_variates(data: np.ndarray) -> Vector:
    """Draws of a discrete distribution: integers, NA where there was nothing to draw from, as far as they reach."""
    missing = np.isnan(data)
    if missing.any():
        warn("NAs produced")
    if (data[~missing] > 2147483647).any():
        return Vector("double", np.where(missing, NA_REAL, data))
    return Vector("integer", np.where(missing, NA_INTEGER, data).astype(np.int32))


@builtin("runif", "n, min = 0, max = 1", package="stats")
def runif(n: Any, low: Any, high: Any) -> Any:
    count = variate_count(n)
    lows, highs = _parameters(count, low, high)
    if count and len(low) == 1 and len(high) == 1 and lows[0] < highs[0]:
        return Vector("double", lows[0] + (highs[0] - lows[0]) * GENERATOR.uniforms(count))
    drawn = [
        np.nan if not (np.isfinite(a) and np.isfinite(b) and a <= b) else a if a == b
        else a + (b - a) * GENERATOR.uniform()
        for a, b in zip(lows.tolist(), highs.tolist(), strict=True)
    ]
    return _finish(np.array(drawn, np.float64))


@builtin("rnorm", "n, mean = 0, sd = 1", package="stats")
def rnorm(n: Any, mean: Any, sd: Any) -> Any:
    count = variate_count(n)
    means, spreads = _parameters(count, mean, sd)
    if np.isfinite(means).all() and (spreads > 0).all() and np.isfinite(spreads).all():
        return Vector("double", means + spreads * GENERATOR.normals(count))
    drawn = []
    for centre, spread in zip(means.tolist(), spreads.tolist(), strict=True):
        if centre != centre or not np.isfinite(spread) or spread < 0:
            drawn.append(np.nan)
        elif spread == 0 or not np.isfinite(centre):
            drawn.append(centre)
        else:
            drawn.append(centre + spread * GENERATOR.normal())
    return _finish(np.array(drawn, np.float64))


def _enter_variate(name: str, signature: str, draw: Callable[..., float], whole: bool) -> None:
    two = signature.count(",") == 2

    @builtin(name, signature, package="stats")
    def variate(n: Any, first: Any, second: Any = None) -> Any:
        count = variate_count(n)
        if second is None and two:
            raise RError(f'argument "{signature.rpartition(", ")[2]}" is missing, with no default')
        given = (first,) if second is None else (first, second)
        rows = zip(*(column.tolist() for column in _parameters(count, *given)), strict=True)
        data = np.array([draw(*row) for row in rows], np.float64)
        return whole_variates(data) if whole else _finish(data)


@builtin("rexp", "n, rate = 1", package="stats")
def rexp(n: Any, rate: Any) -> Any:
    count = variate_count(n)
    if getattr(rate, "kind", "") not in ("double", "integer", "logical"):
        raise RError("non-numeric argument to binary operator", call=call_as_text("1/rate"))
    return _finish(np.array([variates.exponential(one) for one in _parameters(count, rate)[0].tolist()], np.float64))


_enter_variate("rpois", "n, lambda", variates.poisson, True)
_enter_variate("rbinom", "n, size, prob", variates.binomial, True)
_enter_variate("rgeom", "n, prob", variates.geometric, True)
_enter_variate("rcauchy", "n, location = 0, scale = 1", variates.cauchy, False)
_enter_variate("rlogis", "n, location = 0, scale = 1", variates.logistic, False)
_enter_variate("rweibull", "n, shape, scale = 1", variates.weibull, False)
_enter_variate("rlnorm", "n, meanlog = 0, sdlog = 1", variates.log_normal, False)


def _drawn(n: Any, draw: Callable[..., float], *given: Any) -> np.ndarray:
    rows = zip(*(column.tolist() for column in _parameters(variate_count(n), *given)), strict=True)
    return np.array([draw(*row) for row in rows], np.float64)


@builtin("rchisq", "n, df, ncp = 0", package="stats")
def rchisq(n: Any, df: Any, ncp: Any) -> Any:
    if len(ncp) == 1 and number(ncp) == 0:
        return _finish(_drawn(n, variates.chi_squared, df))
    return _finish(_drawn(n, variates.chi_squared, df, ncp))


@builtin("rt", "n, df, ncp", package="stats")
def rt(n: Any, df: Any, ncp: Any = None) -> Any:
    if ncp is None:
        return _finish(_drawn(n, variates.student_t, df))
    above = rnorm(n, ncp, double(1.0)).data
    return _finish(above / np.sqrt(_drawn(n, variates.chi_squared, df) / resized(coerce(df, "double").data, len(above))))


@builtin("rf", "n, df1, df2, ncp", package="stats")
def rf(n: Any, df1: Any, df2: Any, ncp: Any = None) -> Any:
    if ncp is None:
        return _finish(_drawn(n, variates.fisher_f, df1, df2))
    above = rchisq(n, df1, ncp).data
    below = _drawn(n, variates.chi_squared, df2)
    first, second = _parameters(len(above), df1, df2)
    return _finish((above / first) / (below / second))


@builtin("rbeta", "n, shape1, shape2, ncp = 0", package="stats")
def rbeta(n: Any, shape1: Any, shape2: Any, ncp: Any) -> Any:
    if len(ncp) == 1 and number(ncp) == 0:
        return _finish(_drawn(n, variates.beta, shape1, shape2))
    above = rchisq(n, double(2 * coerce(shape1, "double").data), ncp).data
    return _finish(above / (above + _drawn(n, variates.chi_squared, double(2 * coerce(shape2, "double").data))))


@builtin("rnbinom", "n, size, prob, mu", package="stats")
def rnbinom(n: Any, size: Any, prob: Any = None, mu: Any = None) -> Any:
    count = variate_count(n)
    if prob is None and mu is None:
        fail('argument "prob" is missing, with no default')
    if mu is not None:
        sizes, means = _parameters(count, size, mu)
        rows = zip(sizes.tolist(), means.tolist(), strict=True)
        drawn = [0.0 if m == 0 else variates.poisson(variates.gamma(s, m / s)) for s, m in rows]
    else:
        sizes, chances = _parameters(count, size, prob)
        drawn = [variates.negative_binomial(s, p) for s, p in zip(sizes.tolist(), chances.tolist(), strict=True)]
    return whole_variates(np.array(drawn, np.float64))


@builtin("rgamma", "n, shape, rate = 1, scale = 1 / rate", package="stats")
def rgamma(n: Any, shape: Any, rate: Any, scale: Any) -> Any:
    count = variate_count(n)
    shapes, scales = _parameters(count, shape, scale)
    drawn = [variates.gamma(a, s) for a, s in zip(shapes.tolist(), scales.tolist(), strict=True)]
    return _finish(np.array(drawn, np.float64))


@builtin("rmultinom", "n, size, prob", package="stats")
def rmultinom(n: Any, size: Any, prob: Any) -> Any:
    count, amount = number(n), number(size)
    if count != count or count < 0:
        fail("invalid first argument 'n'")
    if amount != amount or amount < 0:
        fail("invalid second argument 'size'")
    weights = coerce(prob, "double").data
    if (weights < 0).any() or not np.isfinite(weights).all() or weights.sum() == 0:
        fail("NA in probability vector" if np.isnan(weights).any() else "negative probability")
    chances = (weights / weights.sum()).tolist()
    columns = [variates.multinomial(int(amount), chances) for _ in range(int(count))]
    names = names_of(prob)
    table = np.array(columns, np.int32).T.reshape(len(chances), -1)
    return from_array("integer", table, dimension_list(character(names) if names else NULL, NULL))


def draw_indices(population: float, size: int, replace: bool, prob: Any) -> np.ndarray:
    """One-based indices sampled out of a population.

    Raises:
        RError: more draws than elements without replacement, or unusable weights.
    """
    if prob is NULL:
        if not replace and size > population:
            fail("cannot take a sample larger than the population when 'replace = FALSE'")
        return sample_plain(population, size, replace)
    weights = coerce(prob, "double").data
    if len(weights) != population:
        fail("incorrect number of probabilities")
    if not np.isfinite(weights).all():
        fail("NA in probability vector")
    if (weights < 0).any():
        fail("negative probability")
    positive = int((weights > 0).sum())
    if positive == 0 or (not replace and size > positive):
        if not replace and size > population:
            fail("cannot take a sample larger than the population when 'replace = FALSE'")
        fail("too few positive probabilities")
    total = 0.0
    for weight in weights.tolist():
        total += weight
    return sample_weighted(weights / total, size, replace)


@builtin("sample.int", "n, size = n, replace = FALSE, prob = NULL, useHash = FALSE")
def sample_int(n: Any, size: Any, replace: Any, prob: Any, use_hash: Any) -> Any:
    population = number(n, "first")
    if population != population or population < 0:
        fail("invalid first argument")
    amount = number(size, "size")
    if amount != amount or amount < 0:
        fail("invalid 'size' argument")
    if population == 0 and amount > 0:
        fail("invalid first argument")
    if flag(use_hash, "useHash"):
        if amount > population / 2:
            fail("This algorithm is for size <= n/2")
        drawn = sample_hashed(np.floor(population), int(amount))
    else:
        drawn = draw_indices(np.floor(population), int(amount), flag(replace, "replace"), prob)
    if population > 2147483647:
        return Vector("double", drawn.astype(np.float64))
    return Vector("integer", drawn.astype(np.int32))


@builtin("sample", "x, size, replace = FALSE, prob = NULL")
def sample(x: Any, size: Any = None, replace: Any = FALSE, prob: Any = NULL) -> Any:
    plain_number = (
        type(x) is Vector and len(x) == 1 and x.kind in ("integer", "double") and number(x) >= 1
        and "class" not in (x.attributes or {})
    )
    population = x if plain_number else integer(int(call_builtin("length", x).data[0]))
    try:
        at = sample_int(population, population if size is None else size, replace, prob, FALSE)
    except RError as error:
        if error.call is None:
            error.call = call_as_text(f"sample.int({'x' if plain_number else 'length(x)'}, size, replace, prob)")
        raise
    return at if plain_number else call_builtin("[", x, at)


@builtin("RNGkind", "kind = NULL, normal.kind = NULL, sample.kind = NULL", invisible=None)
def generator_kind(kind: Any, normal_kind: Any, sample_kind: Any) -> Any:
    from pipekeras.grammar.builtins.statistics.random_state import announce, change_kinds

    shown = character([GENERATOR.kind, GENERATOR.normal_kind, "Rounding" if GENERATOR.sample_rounding else "Rejection"])
    change_kinds(kind, normal_kind, sample_kind)
    announce()
    machine.visible = kind is NULL and normal_kind is NULL and sample_kind is NULL
    return shown

