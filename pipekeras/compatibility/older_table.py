"""The tables of older Keras' modules: what each is made of today, and names of theirs that are something else today."""

MODULES = """
layers.core layers.convolutional layers.convolutional_recurrent layers.recurrent layers.cudnn_recurrent = layers
layers.pooling layers.normalization layers.advanced_activations layers.embeddings layers.merge layers.wrappers = layers
layers.noise layers.local layers.kernelized layers.recurrent_v2 layers.dense_attention layers.multi_head_attention = layers
layers.rnn layers.rnn.lstm layers.rnn.gru layers.rnn.simple_rnn layers.rnn.bidirectional layers.attention = layers
layers.convolutional.conv1d layers.convolutional.conv2d layers.convolutional.conv3d layers.reshaping = layers
layers.convolutional.base_conv layers.pooling.max_pooling2d layers.regularization layers.activation layers.merging = layers
layers.normalization.layer_normalization layers.rnn_cell_wrapper_v2 layers.einsum_dense layers.preprocessing = layers
layers.experimental layers.experimental.preprocessing layers.containers layers.core.lambda_layer = layers models
layers.preprocessing.image_preprocessing layers.core.tf_op_layer layers.serialization layers.normalization_v2 = layers
engine engine.topology engine.training engine.network engine.sequential = layers models layers.base.node
engine.base_layer engine.input_layer engine.input_spec engine.functional engine.keras_tensor = layers models layers.base.node
engine.training_v2 engine.training_utils engine.training_generator engine.data_adapter = layers models data utils
saving.hdf5_format engine.saving engine.compile_utils saving.save saving.saved_model saving.saved_model.load = saving
engine.base_preprocessing_layer engine.base_layer_v1 = layers
initializations = initializers
objectives = losses
optimizers.legacy optimizers.experimental optimizer_v2 optimizer_v2.optimizer_v2 optimizer_v2.adam = optimizers
optimizer_v2.gradient_descent optimizer_v2.rmsprop optimizer_v2.adagrad optimizer_v2.adadelta = optimizers
optimizer_v2.adamax optimizer_v2.nadam optimizer_v2.ftrl optimizers.optimizer_v2 optimizers.optimizer_v1 = optimizers
optimizers.optimizer_v2.optimizer_v2 optimizers.optimizer_experimental = optimizers
optimizers.optimizer_experimental.optimizer optimizers.legacy.optimizer_v2 optimizers.legacy.adam = optimizers
optimizer_v2.learning_rate_schedule optimizers.schedules.learning_rate_schedule = optimizers.schedules
legacy = layers
legacy.interfaces legacy.layers legacy.models = layers
wrappers = compatibility.estimators compatibility.scikit_learn
wrappers.scikit_learn = compatibility.scikit_learn
backend.tensorflow_backend backend.theano_backend backend.cntk_backend backend.load_backend backend.common = backend
backend_config = backend
preprocessing.image_dataset preprocessing.text_dataset preprocessing.timeseries = preprocessing
utils.vis_utils utils.visualize_util utils.generic_utils utils.data_utils utils.layer_utils utils.io_utils = utils
utils.conv_utils utils.test_utils utils.training_utils utils.multi_gpu_utils utils.tf_utils utils.all_utils = utils
utils.dataset_utils utils.np_utils utils.metrics_utils utils.losses_utils utils.data_utils_v2 = utils
utils.control_flow_util utils.object_identity = utils
callbacks.callbacks callbacks.experimental callbacks.tensorboard_v1 callbacks.tensorboard_v2 callbacks_v1 = callbacks
applications.vgg16 = applications:vgg16
applications.vgg19 = applications:vgg19
applications.resnet50 = applications:resnet50
applications.resnet_v2 = applications:resnet_v2
applications.inception_v3 = applications:inception_v3
applications.inception_resnet_v2 = applications:inception_resnet_v2
applications.mobilenet_v2 applications.mobilenetv2 = applications:mobilenet_v2
mixed_precision.experimental mixed_precision.policy mixed_precision.loss_scale_optimizer = mixed_precision
experimental premade = layers optimizers.schedules
compatibility.tensorflow.python compatibility.tensorflow.python.keras api api._v2 api._v2.keras = compatibility.tensorflow.keras
"""
"""Modules, and today's that have their names, the first to be asked first; behind a colon, a part of one."""

_OLDER = "pipekeras.compatibility.older_functions"
_PICTURES = "pipekeras.compatibility.older_pictures"
_LAYERS = "pipekeras.compatibility.older_layers"

_INITIALIZATIONS = """
get normal uniform glorot_uniform glorot_normal he_normal he_uniform lecun_uniform orthogonal zero one identity
"""
_OPTIMIZERS = """
SGD RMSprop Adagrad Adadelta Adam Adamax Nadam
"""
_CHANGES_OF_PICTURES = """
random_rotation random_shift random_shear random_zoom random_channel_shift random_brightness flip_axis
"""
_DECORATORS = """
legacy_get_updates_support legacy_dense_support legacy_dropout_support legacy_embedding_support
legacy_pooling1d_support legacy_prelu_support legacy_gaussiannoise_support legacy_recurrent_support
legacy_gaussiandropout_support legacy_pooling2d_support legacy_pooling3d_support legacy_global_pooling_support
legacy_upsampling1d_support legacy_upsampling2d_support legacy_upsampling3d_support legacy_conv1d_support
legacy_conv2d_support legacy_conv3d_support legacy_separable_conv2d_support legacy_deconv2d_support
legacy_batchnorm_support legacy_zeropadding2d_support legacy_zeropadding3d_support legacy_cropping2d_support
legacy_cropping3d_support legacy_spatialdropout1d_support legacy_spatialdropoutNd_support legacy_lambda_support
legacy_model_constructor_support legacy_input_support legacy_add_weight_support legacy_generator_methods_support
recurrent_args_preprocessor conv2d_args_preprocessor
"""
_OLDER_LAYERS = """
Recurrent time_distributed_dense TimeDistributedDense Deconvolution2D ParametricSoftplus SReLU
"""

NAMES = "\n".join(
    [
        *[f"initializations.{older} = {_OLDER}:initializations.{older}" for older in _INITIALIZATIONS.split()],
        *[
            f"{place}.{older} = pipekeras.losses:{today}"
            for place in ("losses", "metrics", "objectives")
            for older, today in (
                ("mse", "mean_squared_error"),
                ("MSE", "mean_squared_error"),
                ("mae", "mean_absolute_error"),
                ("MAE", "mean_absolute_error"),
                ("mape", "mean_absolute_percentage_error"),
                ("MAPE", "mean_absolute_percentage_error"),
                ("msle", "mean_squared_logarithmic_error"),
                ("MSLE", "mean_squared_logarithmic_error"),
                ("kld", "kl_divergence"),
                ("KLD", "kl_divergence"),
                ("kullback_leibler_divergence", "kl_divergence"),
                ("logcosh", "log_cosh"),
            )
        ],
        *[f"{place}.cosine_proximity = pipekeras.losses:cosine_similarity" for place in ("losses", "metrics", "objectives")],
        *[f"{place}.{name.lower()} = pipekeras.optimizers:{name}" for place in ("optimizers",) for name in _OPTIMIZERS.split()],
        *[
            f"{place}.OptimizerV2 = pipekeras.optimizers:Optimizer"
            for place in (
                "optimizer_v2.optimizer_v2",
                "optimizers.optimizer_v2",
                "optimizers.optimizer_v2.optimizer_v2",
                "optimizers.legacy.optimizer_v2",
            )
        ],
        *[
            f"{place}.{name} = pipekeras.models:Model"
            for place in ("engine", "engine.topology", "engine.network", "engine.training")
            for name in ("Container", "Network")
        ],
        *[
            f"{place}.{name} = {_OLDER}:{name}"
            for place, names in (
                (
                    "utils",
                    "multi_gpu_model get_file HDF5Matrix print_summary convert_all_kernels_in_model "
                    "GeneratorEnqueuer OrderedEnqueuer",
                ),
                ("utils.np_utils", "probas_to_classes categorical_probas_to_classes"),
                ("utils.generic_utils", "func_dump func_load to_list has_arg unpack_singleton object_list_uid slice_arrays"),
                ("utils.data_utils", "get_file validate_file"),
                ("utils.layer_utils", "count_params"),
                (
                    "utils.conv_utils",
                    "conv_output_length conv_input_length deconv_length normalize_tuple "
                    "normalize_data_format normalize_padding convert_kernel",
                ),
                ("utils.test_utils", "get_test_data keras_test"),
                ("utils.tf_utils", "shape_type_conversion"),
                ("optimizers", "clip_norm"),
                ("legacy.interfaces", "generate_legacy_interface"),
            )
            for name in names.split()
        ],
        *[f"preprocessing.image.{name} = {_PICTURES}:{name}" for name in _CHANGES_OF_PICTURES.split()],
        "preprocessing.image.Iterator = pipekeras.preprocessing.image_batches:_Batches",
        *[f"legacy.interfaces.{name} = {_OLDER}:unchanged" for name in _DECORATORS.split()],
        *[
            f"{place}{name} = {_LAYERS}:{name}"
            for place in (
                "layers.",
                "layers.core.",
                "layers.recurrent.",
                "layers.convolutional.",
                "legacy.layers.",
                "layers.advanced_activations.",
                "layers.legacy.",
            )
            for name in _OLDER_LAYERS.split()
        ],
        f"""
initializers.normal = pipekeras.initializers:RandomNormal
initializers.uniform = pipekeras.initializers:RandomUniform
engine.keras_tensor.KerasTensor = pipekeras:KerasTensor
saving.saved_model.load.load = pipekeras.saving:load_model
utils.tf_utils.is_tensor = pipekeras.backend:is_tensor
applications.mobilenet.relu6 = pipekeras.activations:relu6
layers.merge.__call__ = pipekeras.layers.legacy.merge:merge
layers.merge._Merge = {_LAYERS}:_Merge
layers.convolutional_recurrent.ConvRecurrent2D = pipekeras.layers:RNN
layers.dense_attention.BaseDenseAttention = pipekeras.layers:Attention
layers.experimental.SyncBatchNormalization = pipekeras.layers:BatchNormalization
utils.visualize_util.plot = pipekeras.models.dot:plot_model
utils.vis_utils.plot = pipekeras.models.dot:plot_model
utils.losses_utils.ReductionV2 = pipekeras.compatibility.tensorflow.keras:losses.Reduction
losses.Reduction = pipekeras.compatibility.tensorflow.keras:losses.Reduction
losses.LossFunctionWrapper = {_OLDER}:LossFunctionWrapper
callbacks.BaseLogger = pipekeras.callbacks:History
mixed_precision.experimental.set_policy = pipekeras.mixed_precision:set_global_policy
premade.LinearModel experimental.LinearModel = {_LAYERS}:LinearModel
premade.WideDeepModel experimental.WideDeepModel = {_LAYERS}:WideDeepModel
""",
    ]
)
"""What a name of a module stands for where today's modules do not have it; read as all tables of names are."""
