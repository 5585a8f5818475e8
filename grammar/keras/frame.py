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


_WITHOUT_PREFIX = """
    KerasCallback KerasConstraint KerasLayer Layer array_reshape as_tensor bidirectional clone_model compile
    count_params create_layer create_layer_wrapper custom_metric dict evaluate evaluate_generator fit fit_generator
    freeze_weights from_config get_config get_file get_input_at get_input_mask_at get_input_shape_at get_layer get_output_at
    get_output_mask_at get_output_shape_at get_weights install_keras is_keras_available load_model normalize
    np_array pad_sequences pop_layer predict predict_classes predict_generator predict_on_batch predict_proba
    range_dataset reset_states save_model serialize_model set_random_seed set_weights shape tensor_slices_dataset
    tensors_dataset test_on_batch time_distributed to_categorical train_on_batch tuple unfreeze_weights
    unserialize_model use_backend use_condaenv use_implementation use_python use_session_with_seed use_virtualenv
    with_custom_object_scope zip_datasets
"""
WORDS = frozenset(_WITHOUT_PREFIX.split())
"""Every word that no prefix tells."""
