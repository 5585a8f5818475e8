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
_METHOD = re.compile(r"\.(?:keras\.|pipekeras|python\.builtin\.object)|\.keras_(?:training_history|shape)$")

_STRANGE: set[str] = set()
"""Names that were looked up and look like none of ours: programs ask for the same ones again and again."""
_MOST_STRANGE = 10000


class KerasFrame(dict[str, Any]):
    """Bindings of the keras package, each made at its first look-up."""

    def get(self, name: str, default: Any = None) -> Any:
        """Return the binding, made now if it is a keras name."""
        found = super().get(name)
        if found is not None:
            return found
        if name in _STRANGE:
            return default
        if not self.may_hold(name):
            if len(_STRANGE) > _MOST_STRANGE:
                _STRANGE.clear()
            _STRANGE.add(name)
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
    %<-active% %as% %py_class% Callback Constraint KerasCallback KerasConstraint KerasLayer KerasWrapper Layer
    LearningRateSchedule Loss Metric Model PyClass active_property adapt all_dims all_nominal all_numeric array_reshape
    as_array_iterator as_iterator as_tensor autograph backend bidirectional choose_from_datasets clear_session clone_model
    compare_runs csv_record_spec delim_record_spec tsv_record_spec
    compile conda_create conda_install conda_list config_backend config_disable_flash_attention
    config_disable_interactive_logging config_disable_traceback_filtering config_dtype_policy
    config_enable_flash_attention config_enable_interactive_logging config_enable_traceback_filtering config_epsilon
    config_floatx config_image_data_format config_is_flash_attention_enabled config_is_interactive_logging_enabled
    config_is_traceback_filtering_enabled config_set_backend config_set_dtype_policy config_set_epsilon
    config_set_floatx config_set_image_data_format count_params create_layer create_layer_wrapper create_wrapper
    custom_metric dense_features densenet_preprocess_input deserialize_keras_object dict evaluate evaluate_generator
    export_savedmodel feature_spec file_list_dataset fit fit_generator fit_image_data_generator fit_text_tokenizer
    flag_boolean flag_integer flag_numeric flag_string flags flow_images_from_data flow_images_from_dataframe
    flow_images_from_directory freeze_weights from_config generator_next get_config get_custom_objects get_file
    get_input_at get_input_mask_at get_input_shape_at get_layer get_output_at get_output_mask_at get_output_shape_at
    get_registered_name get_registered_object get_source_inputs get_vocabulary get_weights has_type have_h5py
    hdf5_matrix image_array_resize image_array_save image_data_generator image_dataset_from_directory image_from_array
    image_load image_smart_resize image_to_array imagenet_decode_predictions imagenet_preprocess_input implementation
    import inception_resnet_v2_preprocess_input inception_v3_preprocess_input install_keras install_miniconda
    install_python install_tensorflow is_backend is_keras_available is_py_object is_run_active
    is_tensorflow_implementation iter_next iterate iterator_get_next keras latest_run load_model load_text_tokenizer
    ls_runs make_csv_dataset make_iterator_initializable make_iterator_one_shot make_sampling_table mark_active
    mobilenet_decode_predictions mobilenet_load_model_hdf5 mobilenet_preprocess_input mobilenet_v2_decode_predictions
    mobilenet_v2_load_model_hdf5 mobilenet_v2_preprocess_input multi_gpu_model named_list nasnet_preprocess_input
    next_batch normalize np np_array output_types pad_sequences pop_layer predict predict_classes predict_generator
    predict_on_batch predict_proba py_available py_call py_config py_dict py_discover_config py_ellipsis py_eval
    py_func py_get_attr py_get_item py_has_attr py_install py_is_null_xptr py_iterator py_len py_list_attributes
    py_module_available py_numpy_available py_require py_run_file py_run_string py_set_attr py_set_item py_set_seed py_version
    py_str py_to_r quantize_weights r_to_py range_dataset register_keras_serializable repl_python reset_state reset_states
    resnet_preprocess_input resnet_v2_preprocess_input rnn_cell_gru rnn_cell_lstm rnn_cell_simple rnn_cells_stack
    run_dir run_info sample_from_datasets save_model save_text_tokenizer scaler_min_max scaler_standard
    sequences_to_matrix serialize_keras_object serialize_model set_custom_objects set_random_seed set_vocabulary
    set_weights shape skipgrams source_python split_dataset step_bucketized_column
    step_categorical_column_with_hash_bucket step_categorical_column_with_identity
    step_categorical_column_with_vocabulary_file step_categorical_column_with_vocabulary_list step_crossed_column
    step_embedding_column step_indicator_column step_numeric_column step_remove_column super tensor_slices_dataset
    tensorboard tensors_dataset test_on_batch text_dataset_from_directory text_hashing_trick text_line_dataset
    text_one_hot text_to_word_sequence text_tokenizer texts_to_matrix texts_to_sequences texts_to_sequences_generator
    tf tf_config tf_function tf_version tfe_enable_eager_execution time_distributed timeseries_dataset_from_array
    timeseries_generator to_categorical train_on_batch training_run tuning_run tuple unfreeze_weights unserialize_model
    until_out_of_range use_backend use_condaenv use_implementation use_miniconda use_python use_python_version
    use_session_with_seed use_virtualenv view_run virtualenv_create virtualenv_exists virtualenv_install
    vocabulary_size with_custom_object_scope write_run_metadata xception_preprocess_input zip_datasets zip_lists
"""
WORDS = frozenset(_WITHOUT_PREFIX.split())
"""Every word that no prefix tells."""
