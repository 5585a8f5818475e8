"""Checkpoints by a prefix, as Keras 2 wrote them: `callback_model_checkpoint("ckpt/weights_{epoch}")`."""

from __future__ import annotations

import os
from typing import Any

from pipekeras.grammar.builtins.registry import Builtin
from pipekeras.grammar.keras import convert, signatures
from pipekeras.grammar.values import character

WHOLE = (".keras", ".h5", ".hdf5")
WEIGHTS = (".weights.h5", ".h5", ".hdf5")
_WORD = "callback_model_checkpoint"


def stored_at(path: str, endings: tuple[str, ...]) -> str:
    """Return the file that a name means: itself, or with the ending that a checkpoint by a prefix got."""
    if os.path.exists(path):
        return path
    return next((path + ending for ending in endings if os.path.isfile(path + ending)), path)


def callback_word(name: str, target: Any) -> Builtin:
    """Make the word of a callback; a checkpoint's prefix without an ending gets the one of our files."""
    made = signatures.function_of(name, target)
    if name != _WORD:
        return made
    names = [piece.split("=")[0].strip() for piece in (made.signature or "").split(",")]
    place, weights = names.index("filepath"), names.index("save_weights_only")

    def build(*values: Any) -> Any:
        path = convert.argument("filepath", values[place])
        if isinstance(path, str):
            endings = WEIGHTS if convert.argument("save_weights_only", values[weights]) is True else WHOLE
            if not path.endswith(WHOLE):
                values = (*values[:place], character(path + endings[0]), *values[place + 1 :])
        return made.function(*values)

    build.documents = target  # type: ignore[attr-defined]
    return Builtin(name, build, made.signature, package="keras")
