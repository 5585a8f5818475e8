"""The base of recurrent layers that make their own cell."""

from __future__ import annotations

from typing import Any

from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.recurrent.recurrence import RNN


class CellLayer(RNN):
    """A recurrent layer whose cell takes most of its arguments; they can be read from the layer too."""

    def __init__(
        self,
        cell: Any,
        return_sequences: bool,
        return_state: bool,
        go_backwards: bool,
        stateful: bool,
        unroll: bool,
        **options: Any,
    ) -> None:
        for name in ("implementation", "time_major"):
            options.pop(name, None)
        zero_output_for_mask = options.pop("zero_output_for_mask", False)
        super(RNN, self).__init__(**options)
        self._start(cell, return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask)
        self.input_spec = InputSpec(ndim=3)

    def __getattr__(self, name: str) -> Any:
        # What is no attribute of the layer may be one of its cell: units, activation, kernel_initializer, ....
        cell = self.__dict__.get("cell")
        if cell is not None and not name.startswith("_") and name in cell.__dict__:
            return getattr(cell, name)
        raise AttributeError(f"{type(self).__name__} has no attribute '{name}'")

    def _configuration(self) -> dict[str, Any]:
        configuration = super()._configuration()
        of_cell = self.cell._configuration()
        for name in configuration:
            if name in self.cell.__dict__ and name not in ("name", "trainable", "dtype"):
                configuration[name] = of_cell.get(name, configuration[name])
        return {**configuration, "zero_output_for_mask": self.zero_output_for_mask}

    def wanted_input(self, specification: InputSpec) -> str:
        """Return the wanted shape in words."""
        return f"(batch, time, {specification.axes.get(-1, 'features')})"

    def shape_mend(self, specification: InputSpec, found: tuple[int | None, ...]) -> str | None:
        """Return how the input can be made to fit."""
        if len(found) == 2:
            return "a recurrent layer before it needs return_sequences=True; data need a time axis: Reshape((time, features))"
        return super().shape_mend(specification, found)
