"""Constants of the base environment."""

from __future__ import annotations

import math
import sys

from pipekeras.grammar.builtins.registry import constant
from pipekeras.grammar.values import FALSE, TRUE, Vector, character, double, integer, mk_list

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December"]  # fmt: skip

constant("T", TRUE)
constant("F", FALSE)
constant("pi", double(math.pi))
constant("letters", character([chr(97 + k) for k in range(26)]))
constant("LETTERS", character([chr(65 + k) for k in range(26)]))
constant("month.name", character(MONTHS))
constant("month.abb", character([month[:3] for month in MONTHS]))

_LEAP_DAYS = (
    912, 1096, 1461, 1826, 2191, 2557, 2922, 3287, 3652, 4199, 4564, 4929, 5660, 6574, 7305, 7670, 8217, 8582,
    8947, 9496, 10043, 10592, 13149, 14245, 15522, 16617, 17167,
)  # fmt: skip
"""Days since 1970-01-01 before which a second was put in."""
_MOMENT = {"class": character(["POSIXct", "POSIXt"]), "tzone": character("GMT")}
constant(".leap.seconds", double([86400.0 * day for day in _LEAP_DAYS], _MOMENT))

LIMITS: dict[str, Vector] = {
    "double.eps": double(sys.float_info.epsilon),
    "double.neg.eps": double(sys.float_info.epsilon / 2),
    "double.xmin": double(sys.float_info.min),
    "double.xmax": double(sys.float_info.max),
    "double.base": integer(2),
    "double.digits": integer(53),
    "double.rounding": integer(5),
    "double.guard": integer(0),
    "double.ulp.digits": integer(-52),
    "double.neg.ulp.digits": integer(-53),
    "double.exponent": integer(11),
    "double.min.exp": integer(-1022),
    "double.max.exp": integer(1024),
    "integer.max": integer(2147483647),
    "sizeof.long": integer(8),
    "sizeof.longlong": integer(8),
    "sizeof.longdouble": integer(16),
    "sizeof.pointer": integer(8),
    "sizeof.time_t": integer(8),
}
constant(".Machine", mk_list(list(LIMITS.values()), list(LIMITS)))
