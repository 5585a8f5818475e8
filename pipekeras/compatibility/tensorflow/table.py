"""The table of TensorFlow's names; `pipekeras.compatibility.naming` tells how a line is read."""

_OPS = "pipekeras.ops"
_OWN = "pipekeras.compatibility.tensorflow"

_ELEMENT_BY_ELEMENT = {
    "x [name]": "abs acos=arccos acosh=arccosh asin=arcsin asinh=arcsinh atan=arctan atanh=arctanh ceil=ceil cos cosh "
    "digamma= erf erfc erfinv exp expm1 floor lgamma= log log1p log_sigmoid reciprocal rint=round rsqrt sigmoid sign "
    "sin sinh sqrt square tan tanh is_finite=isfinite is_inf=isinf is_nan=isnan logical_not real imag conj angle "
    "negative",
    "x y [name]": "add subtract multiply divide divide_no_nan floordiv=floor_divide floormod=mod mod maximum minimum "
    "pow=power equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor atan2=arctan2",
}
"""Functions that are at the top and in `math`, by the names of their arguments; `name=op` where ours is called otherwise."""


def _element_lines() -> str:
    lines = []
    for parameters, names in _ELEMENT_BY_ELEMENT.items():
        for word in names.split():
            name, renamed, op = word.partition("=")
            if renamed and not op:
                continue
            lines.append(f"{name} math.{name} = {_OPS}:{op or name}({parameters})")
    return "\n".join(lines)


_REDUCTIONS = "sum mean max min prod any all std=std variance=var logsumexp"


def _reduction_lines() -> str:
    lines = []
    for word in _REDUCTIONS.split():
        name, _, op = word.partition("=")
        top = f"reduce_{name} " if name not in ("std", "variance") else ""
        lines.append(
            f"{top}math.reduce_{name} = {_OPS}:{op or name}(input_tensor axis=None keepdims=False [name])"
        )
    return "\n".join(lines)


_TYPES = "float16 bfloat16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool complex64 complex128 string"


def _type_lines() -> str:
    return "\n".join(f"{name} dtypes.{name} = {_OWN}.environment:TYPES.{name}" for name in _TYPES.split())


_TENSORS = f"""
constant = {_OWN}.tensors:constant
convert_to_tensor = {_OWN}.tensors:convert_to_tensor
Variable = {_OWN}.tensors:Variable
Tensor = pipekeras.graph.tensor:Tensor
newaxis = {_OWN}.environment:NEW_AXIS
zeros = {_OPS}:zeros(shape dtype='float32' [name])
ones = {_OPS}:ones(shape dtype='float32' [name])
zeros_like = {_OPS}:zeros_like(input dtype=None [name])
ones_like = {_OPS}:ones_like(input dtype=None [name])
fill = {_OPS}:full(dims value [name])
eye linalg.eye = {_OWN}.tensors:eye
range = {_OWN}.tensors:range_of
linspace = {_OPS}:linspace(start stop num [name])
identity = {_OPS}:copy(input [name])
cast dtypes.cast = {_OPS}:cast(x dtype [name])
saturate_cast dtypes.saturate_cast = {_OPS}:saturate_cast(value dtype [name])
bitcast = {_OPS}:view(input type [name])
shape = {_OWN}.tensors:shape
size = {_OWN}.tensors:size
rank = {_OPS}:ndim(input [name])
reshape = {_OPS}:reshape(tensor shape [name])
expand_dims = {_OPS}:expand_dims(input axis [name])
squeeze = {_OPS}:squeeze(input axis=None [name])
transpose = {_OPS}:transpose(a perm=None [conjugate] [name])
concat = {_OPS}:concatenate(values axis [name])
stack = {_OPS}:stack(values axis=0 [name])
unstack = {_OPS}:unstack(value num=None axis=0 [name])
split = {_OWN}.tensors:split
tile = {_OPS}:tile(input multiples [name])
repeat = {_OPS}:repeat(input repeats axis=None [name])
pad = {_OWN}.tensors:pad
reverse = {_OPS}:flip(tensor axis [name])
roll = {_OPS}:roll(input shift axis [name])
slice = {_OWN}.tensors:slice_of
strided_slice = {_OWN}.tensors:strided_slice
gather = {_OWN}.tensors:gather
gather_nd = {_OWN}.tensors:gather_nd
scatter_nd = {_OPS}:scatter(indices updates shape [name])
tensor_scatter_nd_update = {_OPS}:scatter_update(tensor indices updates [name])
tensor_scatter_nd_add = {_OWN}.tensors:scatter_add
boolean_mask = {_OPS}:boolean_mask(tensor mask)
where = {_OWN}.tensors:where
unique = {_OWN}.tensors:unique
one_hot = {_OWN}.tensors:one_hot
meshgrid = {_OPS}:meshgrid
broadcast_to = {_OPS}:broadcast_to(input shape [name])
sequence_mask = {_OWN}.tensors:sequence_mask
argmax math.argmax arg_max = {_OWN}.tensors:argmax
argmin math.argmin arg_min = {_OWN}.tensors:argmin
argsort = {_OWN}.tensors:argsort
sort = {_OWN}.tensors:sort
searchsorted = {_OPS}:searchsorted(sorted_sequence values side='left' [out_type] [name])
clip_by_value = {_OPS}:clip(t clip_value_min clip_value_max [name])
clip_by_norm = {_OWN}.tensors:clip_by_norm
clip_by_global_norm = {_OWN}.tensors:clip_by_global_norm
stop_gradient = {_OPS}:stop_gradient(input [name])
round math.round = {_OPS}:round(x [name])
scalar_mul math.scalar_mul = {_OPS}:multiply(scalar x [name])
truediv math.truediv = {_OPS}:divide(x y [name])
add_n math.add_n accumulate_n math.accumulate_n = {_OWN}.tensors:add_n
cumsum math.cumsum = {_OWN}.tensors:cumsum
cumprod math.cumprod = {_OWN}.tensors:cumprod
tensordot = {_OPS}:tensordot(a b axes [name])
einsum = {_OPS}:einsum
matmul linalg.matmul = {_OWN}.tensors:matmul
norm linalg.norm = {_OWN}.tensors:norm
is_tensor = {_OPS}:is_tensor(x)
get_static_value = {_OPS}:convert_to_numpy(tensor)
cond = {_OWN}.tensors:cond
case = {_OWN}.tensors:case
while_loop = {_OWN}.tensors:while_loop
map_fn vectorized_map = {_OWN}.tensors:map_fn
scan = {_OWN}.tensors:scan
foldl = {_OWN}.tensors:foldl
foldr = {_OWN}.tensors:foldr
numpy_function py_function = {_OWN}.tensors:numpy_function
"""

_MATHEMATICS = f"""
math.accumulate = {_OWN}.tensors:add_n
math.count_nonzero = {_OPS}:count_nonzero(input axis=None [keepdims] [dtype])
math.euclidean_norm = {_OWN}.tensors:norm
math.reduce_euclidean_norm = {_OWN}.tensors:norm
math.l2_normalize nn.l2_normalize linalg.l2_normalize = {_OWN}.neural:l2_normalize
math.softplus nn.softplus = {_OPS}:softplus(features [name])
math.softmax nn.softmax = {_OPS}:softmax(logits axis=-1 [name])
math.log_softmax nn.log_softmax = {_OPS}:log_softmax(logits axis=-1 [name])
math.softsign nn.softsign = {_OPS}:softsign(features [name])
math.top_k nn.top_k = {_OPS}:top_k(input k=1 sorted=True [name])
math.in_top_k nn.in_top_k = {_OPS}:in_top_k(targets predictions k [name])
math.segment_sum = {_OPS}:segment_sum(data segment_ids [name])
math.segment_max = {_OPS}:segment_max(data segment_ids [name])
math.segment_min = {_OPS}:segment_min(data segment_ids [name])
math.segment_prod = {_OPS}:segment_prod(data segment_ids [name])
math.segment_mean = {_OWN}.tensors:segment_mean
math.unsorted_segment_sum = {_OPS}:segment_sum(data segment_ids num_segments [name])
math.unsorted_segment_max = {_OPS}:segment_max(data segment_ids num_segments [name])
math.unsorted_segment_min = {_OPS}:segment_min(data segment_ids num_segments [name])
math.bincount = {_OWN}.tensors:bincount
math.confusion_matrix = {_OWN}.tensors:confusion_matrix
math.squared_difference = {_OWN}.tensors:squared_difference
squared_difference = {_OWN}.tensors:squared_difference
math.multiply_no_nan = {_OWN}.tensors:multiply_no_nan
math.xlogy = {_OWN}.tensors:xlogy
math.xdivy = {_OPS}:divide_no_nan(x y [name])
math.polyval = {_OWN}.tensors:polyval
math.bessel_i0 = {_OPS}:i0(x [name])
math.erfcinv = {_OWN}.tensors:erfcinv
linalg.band_part = {_OWN}.linear:band_part
linalg.cholesky = {_OPS}:cholesky(input [name])
linalg.cholesky_solve = {_OWN}.linear:cholesky_solve
linalg.det = {_OPS}:det(input [name])
linalg.diag = {_OWN}.linear:diag
linalg.diag_part = {_OWN}.linear:diag_part
linalg.set_diag = {_OWN}.linear:set_diag
linalg.eigh = {_OPS}:eigh(tensor [name])
linalg.eigvalsh = {_OWN}.linear:eigvalsh
linalg.eig = {_OPS}:eig(tensor [name])
linalg.inv = {_OWN}.linear:inverse
linalg.pinv = {_OPS}:pinv(a rcond=None [validate_args] [name])
linalg.lstsq = {_OWN}.linear:lstsq
linalg.lu = {_OPS}:lu_factor(input [name])
linalg.logdet = {_OPS}:logdet(matrix [name])
linalg.slogdet = {_OPS}:slogdet(input [name])
linalg.qr = {_OWN}.linear:qr
linalg.solve = {_OWN}.linear:solve
linalg.triangular_solve = {_OWN}.linear:triangular_solve
linalg.svd = {_OWN}.linear:svd
linalg.trace = {_OWN}.linear:trace
linalg.matvec = {_OWN}.linear:matvec
linalg.matrix_transpose = {_OWN}.linear:matrix_transpose
linalg.tensordot = {_OPS}:tensordot(a b axes [name])
linalg.einsum = {_OPS}:einsum
linalg.cross = {_OPS}:cross(a b [name])
linalg.global_norm = {_OWN}.tensors:global_norm
linalg.normalize = {_OWN}.neural:normalize
linalg.matrix_rank = {_OPS}:matrix_rank(a tol=None [validate_args] [name])
signal.fft = {_OWN}.linear:fft
signal.rfft = {_OWN}.linear:rfft
signal.irfft = {_OWN}.linear:irfft
signal.stft = {_OWN}.linear:stft
signal.frame = {_OWN}.linear:frame
signal.hann_window = {_OWN}.linear:hann_window
signal.hamming_window = {_OWN}.linear:hamming_window
signal.linear_to_mel_weight_matrix = {_OWN}.linear:mel_weights
signal.mfccs_from_log_mel_spectrograms = {_OWN}.linear:mel_cepstra
bitwise.bitwise_and = {_OPS}:bitwise_and(x y [name])
bitwise.bitwise_or = {_OPS}:bitwise_or(x y [name])
bitwise.bitwise_xor = {_OPS}:bitwise_xor(x y [name])
bitwise.invert = {_OPS}:bitwise_not(x [name])
bitwise.left_shift = {_OPS}:bitwise_left_shift(x y [name])
bitwise.right_shift = {_OPS}:bitwise_right_shift(x y [name])
"""

_NEURAL = f"""
nn.relu = {_OPS}:relu(features [name])
nn.relu6 = {_OPS}:relu6(features [name])
nn.elu = {_OPS}:elu(features [name])
nn.selu = {_OPS}:selu(features [name])
nn.leaky_relu = {_OPS}:leaky_relu(features alpha=0.2 [name])
nn.gelu = {_OPS}:gelu(features approximate=False [name])
nn.silu nn.swish = {_OPS}:silu(features [name])
nn.sigmoid = {_OPS}:sigmoid(x [name])
nn.tanh = {_OPS}:tanh(x [name])
nn.crelu = {_OWN}.neural:crelu
nn.bias_add = {_OWN}.neural:bias_add
nn.moments = {_OWN}.neural:moments
nn.batch_normalization = {_OWN}.neural:batch_normalization
nn.dropout = {_OWN}.neural:dropout
nn.embedding_lookup = {_OWN}.neural:embedding_lookup
nn.l2_loss = {_OWN}.neural:l2_loss
nn.log_poisson_loss = {_OWN}.neural:log_poisson_loss
nn.sigmoid_cross_entropy_with_logits = {_OWN}.neural:sigmoid_cross_entropy_with_logits
nn.softmax_cross_entropy_with_logits nn.softmax_cross_entropy_with_logits_v2 = {_OWN}.neural:softmax_cross_entropy_with_logits
nn.sparse_softmax_cross_entropy_with_logits = {_OWN}.neural:sparse_softmax_cross_entropy_with_logits
nn.weighted_cross_entropy_with_logits = {_OWN}.neural:weighted_cross_entropy_with_logits
nn.ctc_loss = {_OWN}.neural:ctc_loss
nn.conv1d = {_OWN}.neural:convolution
nn.conv2d nn.conv3d nn.convolution = {_OWN}.neural:convolution
nn.depthwise_conv2d = {_OWN}.neural:depthwise_convolution
nn.conv2d_transpose = {_OWN}.neural:transposed_convolution
nn.max_pool nn.max_pool1d nn.max_pool2d nn.max_pool3d = {_OWN}.neural:max_pool
nn.avg_pool nn.avg_pool1d nn.avg_pool2d nn.avg_pool3d = {_OWN}.neural:average_pool
nn.zero_fraction = {_OWN}.neural:zero_fraction
nn.depth_to_space = {_OPS}:depth_to_space(input block_size data_format='channels_last' [name])
nn.space_to_depth = {_OPS}:space_to_depth(input block_size data_format='channels_last' [name])
losses.sigmoid_cross_entropy = {_OWN}.neural:mean_sigmoid_cross_entropy
losses.softmax_cross_entropy = {_OWN}.neural:mean_softmax_cross_entropy
losses.mean_squared_error = {_OWN}.neural:mean_squared_error
losses.BinaryCrossentropy = pipekeras.losses:BinaryCrossentropy
losses.BinaryFocalCrossentropy = pipekeras.losses:BinaryFocalCrossentropy
losses.CategoricalCrossentropy = pipekeras.losses:CategoricalCrossentropy
losses.CategoricalFocalCrossentropy = pipekeras.losses:CategoricalFocalCrossentropy
losses.CategoricalGeneralizedCrossEntropy = pipekeras.losses:CategoricalGeneralizedCrossEntropy
losses.CategoricalHinge = pipekeras.losses:CategoricalHinge
losses.Circle = pipekeras.losses:Circle
losses.CosineSimilarity = pipekeras.losses:CosineSimilarity
losses.Dice = pipekeras.losses:Dice
losses.Hinge = pipekeras.losses:Hinge
losses.Huber = pipekeras.losses:Huber
losses.KLDivergence = pipekeras.losses:KLDivergence
losses.LogCosh = pipekeras.losses:LogCosh
losses.Loss = pipekeras.losses:Loss
losses.MeanAbsoluteError = pipekeras.losses:MeanAbsoluteError
losses.MeanAbsolutePercentageError = pipekeras.losses:MeanAbsolutePercentageError
losses.MeanSquaredError = pipekeras.losses:MeanSquaredError
losses.MeanSquaredLogarithmicError = pipekeras.losses:MeanSquaredLogarithmicError
losses.Poisson = pipekeras.losses:Poisson
losses.SparseCategoricalCrossentropy = pipekeras.losses:SparseCategoricalCrossentropy
losses.SquaredHinge = pipekeras.losses:SquaredHinge
losses.Tversky = pipekeras.losses:Tversky
losses.binary_crossentropy = pipekeras.losses:binary_crossentropy
losses.binary_focal_crossentropy = pipekeras.losses:binary_focal_crossentropy
losses.categorical_crossentropy = pipekeras.losses:categorical_crossentropy
losses.categorical_focal_crossentropy = pipekeras.losses:categorical_focal_crossentropy
losses.categorical_generalized_cross_entropy = pipekeras.losses:categorical_generalized_cross_entropy
losses.categorical_hinge = pipekeras.losses:categorical_hinge
losses.circle = pipekeras.losses:circle
losses.cosine_similarity = pipekeras.losses:cosine_similarity
losses.dice = pipekeras.losses:dice
losses.hinge = pipekeras.losses:hinge
losses.huber = pipekeras.losses:huber
losses.kl_divergence = pipekeras.losses:kl_divergence
losses.log_cosh = pipekeras.losses:log_cosh
losses.mean_absolute_error = pipekeras.losses:mean_absolute_error
losses.mean_absolute_percentage_error = pipekeras.losses:mean_absolute_percentage_error
losses.mean_squared_logarithmic_error = pipekeras.losses:mean_squared_logarithmic_error
losses.poisson = pipekeras.losses:poisson
losses.sparse_categorical_crossentropy = pipekeras.losses:sparse_categorical_crossentropy
losses.squared_hinge = pipekeras.losses:squared_hinge
losses.tversky = pipekeras.losses:tversky
"""

_RANDOM = f"""
random.normal = {_OWN}.randomness:normal
random.uniform = {_OWN}.randomness:uniform
random.truncated_normal = {_OWN}.randomness:truncated_normal
random.gamma = {_OWN}.randomness:gamma
random.categorical multinomial compat.v1.multinomial = {_OWN}.randomness:categorical
random.shuffle = {_OWN}.randomness:shuffle
random.set_seed set_random_seed = pipekeras.utils:set_random_seed(seed)
random.stateless_normal = {_OWN}.randomness:stateless_normal
random.stateless_uniform = {_OWN}.randomness:stateless_uniform
"""

_IMAGES = f"""
image.resize image.resize_images = {_OWN}.images:resize
image.resize_with_crop_or_pad image.resize_image_with_crop_or_pad = {_OWN}.images:resize_with_crop_or_pad
image.convert_image_dtype = {_OWN}.images:convert_image_dtype
image.rgb_to_grayscale = {_OPS}.image:rgb_to_grayscale(images [name])
image.grayscale_to_rgb = {_OWN}.images:grayscale_to_rgb
image.rgb_to_hsv = {_OPS}.image:rgb_to_hsv(images [name])
image.hsv_to_rgb = {_OPS}.image:hsv_to_rgb(images [name])
image.flip_left_right = {_OWN}.images:flip_left_right
image.flip_up_down = {_OWN}.images:flip_up_down
image.random_flip_left_right = {_OWN}.images:random_flip_left_right
image.random_flip_up_down = {_OWN}.images:random_flip_up_down
image.rot90 = {_OWN}.images:rot90
image.transpose = {_OWN}.images:transpose
image.adjust_brightness = {_OWN}.images:adjust_brightness
image.adjust_contrast = {_OWN}.images:adjust_contrast
image.adjust_saturation = {_OWN}.images:adjust_saturation
image.adjust_hue = {_OWN}.images:adjust_hue
image.adjust_gamma = {_OWN}.images:adjust_gamma
image.random_brightness = {_OWN}.images:random_brightness
image.random_contrast = {_OWN}.images:random_contrast
image.random_saturation = {_OWN}.images:random_saturation
image.random_hue = {_OWN}.images:random_hue
image.per_image_standardization = {_OWN}.images:per_image_standardization
image.central_crop = {_OWN}.images:central_crop
image.crop_to_bounding_box = {_OWN}.images:crop_to_bounding_box
image.pad_to_bounding_box = {_OWN}.images:pad_to_bounding_box
image.random_crop random_crop = {_OWN}.images:random_crop
image.total_variation = {_OWN}.images:total_variation
image.sobel_edges = {_OPS}.image:sobel_edges(image)
image.ssim = {_OPS}.image:ssim(img1 img2 max_val filter_size=11 filter_sigma=1.5 k1=0.01 k2=0.03)
image.psnr = {_OWN}.images:psnr
image.extract_patches = {_OWN}.images:extract_patches
image.decode_image image.decode_jpeg image.decode_png image.decode_bmp = {_OWN}.images:decode_image
io.decode_image io.decode_jpeg io.decode_png io.decode_bmp = {_OWN}.images:decode_image
image.encode_png io.encode_png = {_OWN}.images:encode_png
"""

_STRINGS = f"""
strings.lower = {_OWN}.text:lower
strings.upper = {_OWN}.text:upper
strings.strip = {_OWN}.text:strip
strings.length = {_OWN}.text:length
strings.join = {_OWN}.text:join
strings.split = {_OWN}.text:split
strings.substr = {_OWN}.text:substring
strings.regex_replace = {_OWN}.text:regex_replace
strings.regex_full_match = {_OWN}.text:regex_full_match
strings.to_number = {_OWN}.text:to_number
strings.as_string as_string = {_OWN}.text:as_string
strings.reduce_join = {_OWN}.text:reduce_join
io.read_file read_file = {_OWN}.files:read_file
io.write_file = {_OWN}.files:write_file
io.gfile.exists = {_OWN}.files:exists
io.gfile.listdir = {_OWN}.files:listdir
io.gfile.makedirs = {_OWN}.files:makedirs
io.gfile.glob = {_OWN}.files:glob_of
io.gfile.GFile = {_OWN}.files:open_file
"""

_TRAINING = f"""
GradientTape = {_OWN}.tapes:GradientTape
summary.create_file_writer = {_OWN}.summaries:create_file_writer
summary.scalar = {_OWN}.summaries:scalar
summary.histogram = {_OWN}.summaries:histogram
summary.text = {_OWN}.summaries:text
function = {_OWN}.environment:function
gradients = {_OWN}.training:gradients
custom_gradient = {_OPS}:custom_gradient
Module = {_OWN}.training:Module
train.Checkpoint = {_OWN}.training:Checkpoint
train.CheckpointManager = {_OWN}.training:CheckpointManager
train.latest_checkpoint = {_OWN}.training:latest_checkpoint
train.AdamOptimizer compat.v1.train.AdamOptimizer = {_OWN}.training:AdamOptimizer
train.GradientDescentOptimizer compat.v1.train.GradientDescentOptimizer = {_OWN}.training:GradientDescentOptimizer
train.RMSPropOptimizer compat.v1.train.RMSPropOptimizer = {_OWN}.training:RMSPropOptimizer
train.AdagradOptimizer compat.v1.train.AdagradOptimizer = {_OWN}.training:AdagradOptimizer
train.MomentumOptimizer compat.v1.train.MomentumOptimizer = {_OWN}.training:MomentumOptimizer
train.get_or_create_global_step compat.v1.train.get_or_create_global_step = {_OWN}.training:global_step
get_variable compat.v1.get_variable = {_OWN}.training:get_variable
assign compat.v1.assign = {_OWN}.training:assign
assign_add compat.v1.assign_add = {_OWN}.training:assign_add
assign_sub compat.v1.assign_sub = {_OWN}.training:assign_sub
saved_model.save = {_OWN}.training:save_model
saved_model.load = {_OWN}.training:load_model
optimizers = pipekeras:optimizers
initializers = pipekeras:initializers
metrics = pipekeras:metrics
constant_initializer = pipekeras.initializers:Constant(value=0 [dtype] [verify_shape])
zeros_initializer = pipekeras.initializers:Zeros([dtype])
ones_initializer = pipekeras.initializers:Ones([dtype])
random_normal_initializer = pipekeras.initializers:RandomNormal(mean=0.0 stddev=0.05 seed=None [dtype])
random_uniform_initializer = pipekeras.initializers:RandomUniform(minval=-0.05 maxval=0.05 seed=None [dtype])
truncated_normal_initializer = pipekeras.initializers:TruncatedNormal(mean=0.0 stddev=0.05 seed=None [dtype])
glorot_normal_initializer = pipekeras.initializers:GlorotNormal(seed=None [dtype])
glorot_uniform_initializer = pipekeras.initializers:GlorotUniform(seed=None [dtype])
data.Dataset = pipekeras.data:Dataset
data.AUTOTUNE data.experimental.AUTOTUNE = {_OWN}.environment:AUTOTUNE
data.experimental.Counter = {_OWN}.files:counter
data.experimental.cardinality = {_OWN}.files:cardinality
keras = {_OWN}.keras
"""

_ENVIRONMENT = f"""
device = {_OWN}.environment:device
print = {_OWN}.environment:print_values
executing_eagerly = {_OWN}.environment:executing_eagerly
name_scope variable_scope compat.v1.variable_scope compat.v1.name_scope = {_OWN}.environment:name_scope
distribute.MirroredStrategy distribute.OneDeviceStrategy = {_OWN}.environment:Strategy
distribute.get_strategy = {_OWN}.environment:Strategy
config.list_physical_devices config.experimental.list_physical_devices = {_OWN}.environment:list_devices
config.list_logical_devices config.experimental.list_logical_devices = {_OWN}.environment:list_devices
config.run_functions_eagerly = {_OWN}.environment:run_functions_eagerly
config.threading.set_intra_op_parallelism_threads = {_OWN}.environment:set_threads
config.threading.set_inter_op_parallelism_threads = {_OWN}.environment:accept_threads
test.is_gpu_available = {_OWN}.environment:is_gpu_available
test.is_built_with_cuda = {_OWN}.environment:is_gpu_available
version.VERSION VERSION = {_OWN}.environment:VERSION
group compat.v1.group = {_OWN}.environment:group
no_op compat.v1.no_op = {_OWN}.environment:group
control_dependencies compat.v1.control_dependencies = {_OWN}.environment:control_dependencies
Session compat.v1.Session InteractiveSession compat.v1.InteractiveSession = pipekeras.backend.sessions:Session
ConfigProto compat.v1.ConfigProto = {_OWN}.environment:Options
GPUOptions compat.v1.GPUOptions = {_OWN}.environment:Options
Graph compat.v1.Graph = pipekeras.backend.sessions:GraphOfSession
get_default_graph compat.v1.get_default_graph = pipekeras.backend.sessions:get_graph
reset_default_graph compat.v1.reset_default_graph = pipekeras.backend.functions:clear_session
get_default_session compat.v1.get_default_session = pipekeras.backend.sessions:get_session
placeholder compat.v1.placeholder = {_OWN}.environment:placeholder
global_variables_initializer compat.v1.global_variables_initializer = {_OWN}.environment:group
local_variables_initializer compat.v1.local_variables_initializer = {_OWN}.environment:group
initialize_all_variables compat.v1.initialize_all_variables = {_OWN}.environment:group
compat.v1.keras = {_OWN}.keras
logging.set_verbosity compat.v1.logging.set_verbosity = {_OWN}.environment:enable_eager_execution
logging.DEBUG compat.v1.logging.DEBUG = logging:DEBUG
logging.INFO compat.v1.logging.INFO = logging:INFO
logging.WARN compat.v1.logging.WARN = logging:WARN
logging.ERROR compat.v1.logging.ERROR = logging:ERROR
logging.FATAL compat.v1.logging.FATAL = logging:CRITICAL
logging.info compat.v1.logging.info = logging:info
logging.warning compat.v1.logging.warning = logging:warning
logging.error compat.v1.logging.error = logging:error
logging.debug compat.v1.logging.debug = logging:debug
enable_eager_execution compat.v1.enable_eager_execution = {_OWN}.environment:enable_eager_execution
compat.v1.disable_eager_execution = {_OWN}.environment:disable_eager_execution
get_logger = {_OWN}.environment:get_logger
enable_v2_behavior compat.v1.enable_v2_behavior = {_OWN}.environment:enable_eager_execution
compat.v1.executing_eagerly = {_OWN}.environment:executing_eagerly
compat.v1.set_random_seed = pipekeras.utils:set_random_seed(seed)
nest.flatten = {_OWN}.environment:flatten
nest.map_structure = {_OWN}.environment:map_structure
debugging.assert_equal assert_equal = {_OWN}.environment:assert_equal
debugging.assert_greater = {_OWN}.environment:assert_greater
debugging.assert_greater_equal = {_OWN}.environment:assert_greater_equal
debugging.assert_less = {_OWN}.environment:assert_less
debugging.assert_less_equal = {_OWN}.environment:assert_less_equal
debugging.assert_positive = {_OWN}.environment:assert_positive
debugging.assert_non_negative = {_OWN}.environment:assert_non_negative
debugging.check_numerics = {_OWN}.environment:check_numerics
TensorShape = {_OWN}.environment:TensorShape
TensorSpec = {_OWN}.environment:TensorSpec
UnconnectedGradients.NONE = {_OWN}.environment:UNCONNECTED_NONE
UnconnectedGradients.ZERO = {_OWN}.environment:UNCONNECTED_ZERO
"""

_FIRST_VERSION = f"""
to_float = {_OWN}.tensors:to_float
to_int32 = {_OWN}.tensors:to_int32
to_int64 = {_OWN}.tensors:to_int64
div = {_OPS}:divide(x y [name])
random_normal = {_OWN}.randomness:normal
random_uniform = {_OWN}.randomness:uniform
truncated_normal = {_OWN}.randomness:truncated_normal
random_shuffle = {_OWN}.randomness:shuffle
matrix_band_part = {_OWN}.linear:band_part
matrix_diag = {_OWN}.linear:diag
matrix_diag_part = {_OWN}.linear:diag_part
matrix_inverse = {_OWN}.linear:inverse
matrix_determinant = {_OPS}:det(input [name])
"""

NAMES = "\n".join(
    (
        _element_lines(),
        _reduction_lines(),
        _type_lines(),
        _TENSORS,
        _MATHEMATICS,
        _NEURAL,
        _RANDOM,
        _IMAGES,
        _STRINGS,
        _TRAINING,
        _ENVIRONMENT,
        _FIRST_VERSION,
    )
)
"""Every name with what it stands for, one line each."""
