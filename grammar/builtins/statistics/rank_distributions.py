"""Distributions of counts and ranks, the studentized range, Bessel and polygamma functions, chances of tables."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import UNSET, builtin
from pipekeras.grammar.builtins.statistics.distributions import Function, discrete_inverse, logged, spread
from pipekeras.grammar.builtins.statistics.random import variate_count, whole_variates
from pipekeras.grammar.numeric import bessel, rank_counts, studentized_range
from pipekeras.grammar.numeric.gamma import log_choose, log_gamma
from pipekeras.grammar.numeric.generator import GENERATOR
from pipekeras.grammar.numeric.hypergeometric_draws import hypergeometric
from pipekeras.grammar.numeric.special import beta_lower
from pipekeras.grammar.values import Vector, double
from pipekeras.grammar.vectors.arguments import flag, number
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail


def negative_binomial_density(x: float, size: float, chance: float) -> float:
    if not 0 < chance <= 1 or size < 0:
        raise ValueError
    if x < 0 or x != int(x):
        return 0.0
    if size == 0 or chance == 1:
        return 1.0 if x == 0 else 0.0
    front = log_gamma(x + size) - log_gamma(size) - log_gamma(x + 1)
    return math.exp(front + size * math.log(chance) + x * math.log1p(-chance))


def negative_binomial_cumulative(x: float, size: float, chance: float) -> float:
    if not 0 < chance <= 1 or size < 0:
        raise ValueError
    return 0.0 if x < 0 else beta_lower(size, math.floor(x + 1e-7) + 1, chance)


def hypergeometric_density(x: float, white: float, black: float, drawn: float) -> float:
    if min(white, black, drawn) < 0 or drawn > white + black:
        raise ValueError
    if x != int(x) or x < max(0, drawn - black) or x > min(drawn, white):
        return 0.0
    if white + black < 1000:
        return math.comb(int(white), int(x)) * math.comb(int(black), int(drawn - x)) / math.comb(int(white + black), int(drawn))
    return math.exp(log_choose(white, x) + log_choose(black, drawn - x) - log_choose(white + black, drawn))


def hypergeometric_cumulative(x: float, white: float, black: float, drawn: float) -> float:
    top = min(math.floor(x + 1e-7), int(min(white, drawn)))
    return min(1.0, math.fsum(hypergeometric_density(k, white, black, drawn) for k in range(top + 1)))


def rank_sum_density(x: float, first: float, second: float) -> float:
    counts = rank_counts.rank_sum_counts(round(first), round(second))
    if x != int(x) or not 0 <= x < len(counts):
        return 0.0
    return float(counts[int(x)]) / math.comb(round(first + second), round(second))


def rank_sum_cumulative(x: float, first: float, second: float) -> float:
    counts = rank_counts.rank_sum_counts(round(first), round(second))
    top = math.floor(x + 1e-7)
    if top < 0:
        return 0.0
    return min(1.0, float(np.sum(counts[: top + 1])) / math.comb(round(first + second), round(second)))


def signed_rank_density(x: float, size: float) -> float:
    counts = rank_counts.signed_rank_counts(round(size))
    return float(counts[int(x)]) / 2.0 ** round(size) if x == int(x) and 0 <= x < len(counts) else 0.0


def signed_rank_cumulative(x: float, size: float) -> float:
    top = math.floor(x + 1e-7)
    counts = rank_counts.signed_rank_counts(round(size))
    return 0.0 if top < 0 else min(1.0, float(np.sum(counts[: top + 1])) / 2.0 ** round(size))


def bounded_inverse(cumulative: Function, top: Callable[..., float]) -> Function:
    """Quantile function of a distribution on 0, 1, ..., top."""
    search = discrete_inverse(cumulative)

    def inverse(p: float, *parameters: float) -> float:
        return top(*parameters) if p == 1 else search(p, *parameters)

    return inverse


_FAMILIES: dict[str, tuple[str, Function, Function, Function]] = {
    "hyper": ("m, n, k", hypergeometric_density, hypergeometric_cumulative,
              bounded_inverse(hypergeometric_cumulative, lambda m, n, k: min(m, k))),
    "wilcox": ("m, n", rank_sum_density, rank_sum_cumulative, bounded_inverse(rank_sum_cumulative, lambda m, n: m * n)),
    "signrank": ("n", signed_rank_density, signed_rank_cumulative,
                 bounded_inverse(signed_rank_cumulative, lambda n: n * (n + 1) / 2)),
}  # fmt: skip


def _tails(result: Vector, lower: Any, log: Any) -> Vector:
    data = result.data if flag(lower) else 1 - result.data
    with np.errstate(all="ignore"):
        return Vector("double", np.log(data) if flag(log) else data, result.attributes)


def _chances(p: Any, lower: Any, log: Any) -> Vector:
    given = coerce(p, "double")
    data = np.exp(given.data) if flag(log) else given.data
    return Vector("double", data if flag(lower) else 1 - data, given.attributes)


def _logged(result: Vector, log: Any, name: str = "", arguments: tuple[Any, ...] = ()) -> Vector:
    if name and flag(log):
        return logged(name, result, arguments)
    with np.errstate(all="ignore"):
        return Vector("double", np.log(result.data), result.attributes) if flag(log) else result


def _enter(name: str) -> None:
    parameters, density, cumulative, inverse = _FAMILIES[name]
    count = parameters.count(",") + 1

    @builtin(f"d{name}", f"x, {parameters}, log = FALSE", package="stats")
    def density_builtin(x: Any, *rest: Any) -> Any:
        return _logged(spread(density, x, *rest[:count]), rest[count], name, (x, *rest[:count]))

    @builtin(f"p{name}", f"q, {parameters}, lower.tail = TRUE, log.p = FALSE", package="stats")
    def cumulative_builtin(q: Any, *rest: Any) -> Any:
        return _tails(spread(cumulative, q, *rest[:count]), *rest[count:])

    @builtin(f"q{name}", f"p, {parameters}, lower.tail = TRUE, log.p = FALSE", package="stats")
    def inverse_builtin(p: Any, *rest: Any) -> Any:
        return spread(inverse, _chances(p, *rest[count:]), *rest[:count])


for _name in _FAMILIES:
    _enter(_name)


def _chance_of(size: Any, prob: Any, mu: Any) -> Any:
    """The chance of a success, given itself or by the mean."""
    if mu is UNSET:
        return fail('argument "prob" is missing, with no default') if prob is UNSET else prob
    if prob is not UNSET:
        fail("'prob' and 'mu' both specified")
    sizes, means = coerce(size, "double").data, coerce(mu, "double").data
    count = max(len(sizes), len(means))
    sizes, means = resized(sizes, count), resized(means, count)
    return Vector("double", sizes / (sizes + means))


@builtin("dnbinom", "x, size, prob, mu, log = FALSE", package="stats")
def dnbinom(x: Any, size: Any, prob: Any = UNSET, mu: Any = UNSET, log: Any = None) -> Any:
    chance = _chance_of(size, prob, mu)
    return _logged(spread(negative_binomial_density, x, size, chance), log, "nbinom", (x, size, chance))


@builtin("pnbinom", "q, size, prob, mu, lower.tail = TRUE, log.p = FALSE", package="stats")
def pnbinom(q: Any, size: Any, prob: Any = UNSET, mu: Any = UNSET, lower: Any = None, log: Any = None) -> Any:
    chance = _chance_of(size, prob, mu)
    below = spread(negative_binomial_cumulative, q, size, chance)
    if flag(lower):
        return logged("nbinom", below, (q, size, chance), False) if flag(log) else below
    above = Vector("double", 1 - below.data, below.attributes)
    return logged("nbinom", above, (q, size, chance), True) if flag(log) else above


@builtin("qnbinom", "p, size, prob, mu, lower.tail = TRUE, log.p = FALSE", package="stats")
def qnbinom(p: Any, size: Any, prob: Any = UNSET, mu: Any = UNSET, lower: Any = None, log: Any = None) -> Any:
    return spread(discrete_inverse(negative_binomial_cumulative), _chances(p, lower, log), size, _chance_of(size, prob, mu))


@builtin("ptukey", "q, nmeans, df, nranges = 1, lower.tail = TRUE, log.p = FALSE", package="stats")
def ptukey(q: Any, means: Any, degrees: Any, ranges: Any, lower: Any, log: Any) -> Any:
    return _tails(spread(studentized_range.range_probability, q, means, degrees, ranges), lower, log)


@builtin("qtukey", "p, nmeans, df, nranges = 1, lower.tail = TRUE, log.p = FALSE", package="stats")
def qtukey(p: Any, means: Any, degrees: Any, ranges: Any, lower: Any, log: Any) -> Any:
    return spread(studentized_range.range_quantile, _chances(p, lower, log), means, degrees, ranges)


def _draws(count: int, draw: Callable[..., float], *parameters: Any) -> Vector:
    columns = [resized(coerce(value, "double").data, count).tolist() for value in parameters]
    return whole_variates(np.array([draw(*row) for row in zip(*columns, strict=True)], np.float64))


def _rank_sum_draw(first: float, second: float) -> int:
    m, n = round(first), round(second)
    ranks, left, total = list(range(m + n)), m + n, 0
    for _ in range(n):
        at = GENERATOR.index(left)
        total += ranks[at]
        left -= 1
        ranks[at] = ranks[left]
    return total - n * (n - 1) // 2


@builtin("rwilcox", "nn, m, n", package="stats")
def rwilcox(count: Any, first: Any, second: Any) -> Any:
    return _draws(variate_count(count), _rank_sum_draw, first, second)


@builtin("rsignrank", "nn, n", package="stats")
def rsignrank(count: Any, size: Any) -> Any:
    return _draws(variate_count(count), lambda n: sum((i + 1) * int(GENERATOR.uniform() + 0.5) for i in range(round(n))), size)


@builtin("rhyper", "nn, m, n, k", package="stats")
def rhyper(count: Any, white: Any, black: Any, drawn: Any) -> Any:
    return _draws(variate_count(count), partial(hypergeometric, density=hypergeometric_density), white, black, drawn)


@builtin("psigamma", "x, deriv = 0L")
def psigamma(x: Any, order: Any) -> Any:
    return spread(lambda value, degree: _polygamma(value, round(degree)), x, order)


def _polygamma(value: float, order: int) -> float:
    from pipekeras.grammar.numeric.gamma import digamma, trigamma

    if order < 2:
        return trigamma(value) if order else digamma(value)
    if value <= 0:
        raise ValueError
    # Far out the series in 1/x is exact to the last digit; below, the recurrence leads there.
    total, sign = 0.0, (-1.0) ** (order + 1)
    while value < 20:
        total += math.factorial(order) / value ** (order + 1)
        value += 1
    total += math.factorial(order - 1) / value**order + math.factorial(order) / (2 * value ** (order + 1))
    for k, bernoulli in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6), 1):
        total += bernoulli * math.factorial(2 * k + order - 1) / (math.factorial(2 * k) * value ** (2 * k + order))
    return sign * total


@builtin("besselJ", "x, nu")
def bessel_first(x: Any, order: Any) -> Any:
    return spread(bessel.bessel_j, x, order)


@builtin("besselY", "x, nu")
def bessel_second(x: Any, order: Any) -> Any:
    return spread(bessel.bessel_y, x, order)


@builtin("besselI", "x, nu, expon.scaled = FALSE")
def bessel_modified_first(x: Any, order: Any, scaled: Any) -> Any:
    return spread(lambda value, degree: bessel.bessel_i(value, degree, flag(scaled)), x, order)


@builtin("besselK", "x, nu, expon.scaled = FALSE")
def bessel_modified_second(x: Any, order: Any, scaled: Any) -> Any:
    return spread(lambda value, degree: bessel.bessel_k(value, degree, flag(scaled)), x, order)


@builtin(".table_chance", "rows, columns, observed", package="internal")
def table_chance(rows: Any, columns: Any, observed: Any) -> Any:
    sizes = [[int(item) for item in coerce(one, "double").items()] for one in (rows, columns)]
    return double(rank_counts.table_chance(sizes[0], sizes[1], number(observed)))
