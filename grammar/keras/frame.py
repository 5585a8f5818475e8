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
    densenet_preprocess_input imagenet_decode_predictions imagenet_preprocess_input inception_resnet_v2_preprocess_input
    inception_v3_preprocess_input mobilenet_decode_predictions mobilenet_load_model_hdf5 mobilenet_preprocess_input
    mobilenet_v2_decode_predictions mobilenet_v2_load_model_hdf5 mobilenet_v2_preprocess_input nasnet_preprocess_input
    resnet_preprocess_input resnet_v2_preprocess_input xception_preprocess_input
    text_line_dataset file_list_dataset sample_from_datasets make_csv_dataset output_types
    active_property hdf5_matrix model_from_saved_model model_to_saved_model
    tfe_enable_eager_execution
    Callback Constraint LearningRateSchedule Loss Metric Model adapt as_array_iterator as_iterator conda_create conda_install
    conda_list config_backend config_epsilon config_floatx config_image_data_format config_set_epsilon config_set_floatx
    config_set_image_data_format config_set_dtype_policy config_dtype_policy deserialize_keras_object export_savedmodel
    fit_image_data_generator fit_text_tokenizer flag_boolean flag_integer
    flag_numeric flag_string flags flow_images_from_data flow_images_from_dataframe flow_images_from_directory generator_next
    get_vocabulary have_h5py image_array_resize image_array_save image_data_generator image_dataset_from_directory
    image_from_array image_load image_to_array import install_miniconda install_python install_tensorflow is_backend
    is_run_active is_tensorflow_implementation iter_next iterate iterator_get_next keras keras_array load_model_config
    load_model_weights load_text_tokenizer make_iterator_initializable make_iterator_one_shot make_sampling_table
    mark_active multi_gpu_model named_list next_batch np py_available py_call py_config py_discover_config py_ellipsis py_eval
    py_func py_get_attr py_has_attr py_install py_is_null_xptr py_len py_module_available py_numpy_available py_require
    py_run_file py_run_string py_set_seed py_to_r r_to_py register_keras_serializable repl_python run_dir save_model_config
    save_model_weights save_text_tokenizer sequences_to_matrix serialize_keras_object set_vocabulary skipgrams
    source_python tensorboard text_dataset_from_directory text_hashing_trick text_one_hot text_to_word_sequence
    text_tokenizer texts_to_matrix texts_to_sequences texts_to_sequences_generator tf tf_config tf_function tf_version
    autograph %as% %py_class%
    timeseries_dataset_from_array timeseries_generator until_out_of_range use_miniconda use_python_version
    virtualenv_create virtualenv_exists virtualenv_install zip_lists backend implementation K
    create_wrapper KerasWrapper
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
