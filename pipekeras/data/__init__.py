"""Feeding models: data sets that hand out batches.

Example:
    >>> import numpy as np
    >>> from pipekeras.data import Dataset
    >>> for batch in Dataset.from_tensor_slices(np.arange(5)).map(lambda value: value * 10).batch(2):
    ...     print(batch)
    [ 0 10]
    [20 30]
    [40]
"""

from pipekeras.data.dataset import Dataset
from pipekeras.data.py_dataset import PyDataset

__all__ = ["Dataset", "PyDataset"]
