"""`ops.linalg`: Linear algebra, as Keras groups them; the same functions as in `pipekeras.ops`."""

from pipekeras.ops.groups import group

_NAMES = """
cholesky cholesky_inverse det eig eigh inv jvp lstsq lu_factor matrix_rank norm pinv qr solve solve_triangular svd
"""

__all__, __getattr__, __dir__ = group(__name__, {name: name for name in _NAMES.split()})
