"""Random two-way tables with fixed margins, drawn in R's order.

Source: Patefield (1981), algorithm AS 159.
"""

from __future__ import annotations

from math import exp, lgamma

from pipekeras.grammar.numeric.generator import GENERATOR


def random_table(rows: list[int], columns: list[int]) -> list[list[int]]:
    """One table with these sums of rows and columns.

    Args:
        rows: sums of the rows, at least two.
        columns: sums of the columns, at least two, of the same total.
    """
    left = columns[:-1]
    below = sum(rows)
    table = []
    for row_sum in rows[:-1]:
        row: list[int] = []
        rest, total = row_sum, below
        below -= row_sum
        for place, wanted in enumerate(left):
            if total == 0:
                row.extend([0] * (len(left) - place))
                rest = 0
                break
            cell = _cell(rest, wanted, total)
            total -= wanted
            row.append(cell)
            rest -= cell
            left[place] -= cell
        table.append([*row, rest])
    table.append([*left, rows[-1] - sum(left)])
    return table


def _log_factorial(count: int) -> float:
    return lgamma(count + 1.0)


def _cell(rest: int, wanted: int, total: int) -> int:
    """One entry given what is left of its row, of its column, and of both and all that follows."""
    others = total - rest
    free = others - wanted
    u = GENERATOR.uniform()
    while True:
        up = int(rest * (wanted / total) + 0.5)
        logarithm = sum(map(_log_factorial, (rest, others, total - wanted, wanted))) - sum(
            map(_log_factorial, (total, up, wanted - up, rest - up, free + up))
        )
        above = below = seen = exp(logarithm)
        if seen >= u:
            return up
        down = up
        top = bottom = False
        while not (top and bottom):
            # From the most likely entry in turns upwards and downwards until the chances seen pass the draw.
            steps = (wanted - up) * (rest - up)
            if steps == 0:
                top = True
            else:
                up += 1
                above *= steps / (up * (free + up))
                seen += above
                if seen >= u:
                    return up
            while not bottom:
                steps = down * (free + down)
                if steps == 0:
                    bottom = True
                    break
                down -= 1
                below *= steps / ((wanted - down) * (rest - down))
                seen += below
                if seen >= u:
                    return down
                if not top:
                    break
        u = seen * GENERATOR.uniform()
