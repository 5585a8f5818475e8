"""Which functions of the library look at their arguments as they are written: names in them may be those of columns."""

from __future__ import annotations

import re
from functools import cache

from pipekeras.grammar.library import definitions
from pipekeras.grammar.library.attached import definitions_of, owners_of

# A text made of an argument, as for a label, does not keep it from being evaluated.
_LOOKS = re.compile(r"(?<!deparse\()(?<!deparse1\()\bsubstitute\(|\b(?:enquos?|ensyms?|match\.call)\(")
_MADE_BY = re.compile(r"^\S+ <- (\.?[A-Za-z][\w.]*)\(")


@cache
def sees_names(name: str) -> bool:
    """Whether a function looks at its arguments as they are written, or was made by one that does."""
    found = [definitions()[name]] if name in definitions() else []
    found += [definitions_of(package)[name] for package in owners_of(name)]
    for _, text, _ in found:
        maker = _MADE_BY.match(text)
        if _LOOKS.search(text) or (maker is not None and maker[1] not in (name, "function") and sees_names(maker[1])):
            return True
    return False
