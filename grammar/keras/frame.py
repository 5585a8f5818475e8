"""The frame that keras names come from: it fills itself, so a program without models never loads the runtime."""

from __future__ import annotations

import re
from typing import Any

_FAMILIES = (
    "layer", "optimizer", "loss", "metric", "callback", "initializer", "regularizer", "constraint", "activation",
    "dataset", "k", "keras", "op", "random", "learning_rate_schedule", "new", "save_model", "load_model", "model_to",
    "model_from", "application",
)  # fmt: skip
_PATTERN = re.compile(rf"^(?:{'|'.join(_FAMILIES)})_[a-z0-9_]+$")
_METHOD = re.compile(r"\.(?:keras\.|pipekeras|python\.builtin\.object)|\.keras_training_history$")


class KerasFrame(dict[str, Any]):
    """Bindings of the keras package, each made at its first look-up."""

    def __init__(self) -> None:
        super().__init__()
        self._words: frozenset[str] | None = None

    def get(self, name: str, default: Any = None) -> Any:
        """Return the binding, made now if it is a keras name."""
        found = super().get(name)
        if found is not None:
            return found
        if not self.may_hold(name):
            return default
        from pipekeras.grammar.keras.names import make

        made = make(name)
        if made is None:
            return default
        self[name] = made
        return made

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __getitem__(self, name: str) -> Any:
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def may_hold(self, name: str) -> bool:
        """Whether a name looks like one of ours; costs no import of the runtime."""
        if super().__contains__(name):
            return True
        return name in WORDS or _PATTERN.match(name) is not None or _METHOD.search(name) is not None

    def names(self) -> list[str]:
        """Return every name of the package, for completion and for near names."""
        from pipekeras.grammar.keras.names import all_names

        return all_names()


WORDS = frozenset(
    [
        "compile",
        "fit",
        "evaluate",
        "predict",
        "predict_classes",
        "predict_proba",
        "predict_on_batch",
        "train_on_batch",
        "test_on_batch",
        "fit_generator",
        "evaluate_generator",
        "predict_generator",
        "get_layer",
        "pop_layer",
        "get_weights",
        "set_weights",
        "freeze_weights",
        "unfreeze_weights",
        "get_config",
        "from_config",
        "count_params",
        "clone_model",
        "create_layer",
        "create_layer_wrapper",
        "create_wrapper",
        "Layer",
        "KerasLayer",
        "KerasCallback",
        "KerasConstraint",
        "KerasWrapper",
        "reset_states",
        "time_distributed",
        "bidirectional",
        "to_categorical",
        "normalize",
        "array_reshape",
        "shape",
        "use_session_with_seed",
        "use_python",
        "use_condaenv",
        "use_virtualenv",
        "use_backend",
        "use_implementation",
        "install_keras",
        "is_keras_available",
        "tf_version",
        "backend",
        "tf",
        "keras",
        "tensorflow",
        "set_random_seed",
        "config_backend",
        "pad_sequences",
        "get_input_at",
        "get_output_at",
        "get_input_shape_at",
        "get_output_shape_at",
        "get_input_mask_at",
        "get_output_mask_at",
        "custom_metric",
        "with_custom_object_scope",
        "tuple",
        "dict",
        "np_array",
        "as_tensor",
        "export_savedmodel",
        "serialize_model",
        "unserialize_model",
        "k_backend",
        "multi_gpu_model",
        "summarize",
    ]
)
