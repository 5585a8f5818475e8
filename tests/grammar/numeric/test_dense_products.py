"""Matrix products: every sum term after term, whatever loop makes them."""

import numpy as np
import pytest
from pipekeras.grammar.numeric import dense_algebra


def sums_in_order(left, right):
    """The product by plain loops."""
    made = np.zeros((left.shape[0], right.shape[1]))
    for row in range(left.shape[0]):
        for column in range(right.shape[1]):
            total = 0.0
            for one, other in zip(left[row].tolist(), right[:, column].tolist(), strict=True):
                total += one * other
            made[row, column] = total
    return made


@pytest.mark.parametrize("order", ["CC", "CF", "FC", "FF"])
def test_products_have_the_digits_of_plain_sums(order):
    numbers = np.random.default_rng(5)
    for _ in range(40):
        rows, depth, columns = numbers.integers(1, 12, 3)
        scales = 10.0 ** numbers.integers(-3, 3, (rows, depth))
        left = np.asarray(numbers.normal(size=(rows, depth)) * scales, order=order[0])
        right = np.asarray(numbers.normal(size=(depth, columns)), order=order[1])
        wanted = sums_in_order(left, right).tobytes()
        assert dense_algebra.small_product(left, right).tobytes() == wanted
        assert dense_algebra.product(left, right).tobytes() == wanted


def test_a_larger_product_has_them_too():
    numbers = np.random.default_rng(6)
    left, right = numbers.normal(size=(30, 25)).T, numbers.normal(size=(40, 30)).T
    assert dense_algebra.product(left, right).tobytes() == sums_in_order(left, right).tobytes()


def test_where_lines_do_not_add_up_so_the_terms_do(monkeypatch):
    numbers = np.random.default_rng(7)
    left, right = numbers.normal(size=(4, 5)), numbers.normal(size=(5, 3))
    monkeypatch.setattr(dense_algebra, "_adds_by_lines", lambda: False)
    assert dense_algebra.small_product(left, right).tobytes() == sums_in_order(left, right).tobytes()


def test_zeros_keep_the_sign_of_a_sum_from_zero():
    left, right = np.array([[-0.0, 0.0], [1.0, -1.0]]), np.array([[-0.0, 1.0], [-0.0, 1.0]])
    assert dense_algebra.small_product(left, right).tobytes() == sums_in_order(left, right).tobytes()
