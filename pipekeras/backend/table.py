"""The table of keras.backend's names; `pipekeras.compatibility.naming` tells how a line is read."""

_OPS = "pipekeras.ops"
_OWN = "pipekeras.backend.functions"
_OWN_NEURAL = "pipekeras.backend.neural"
_OWN_SESSIONS = "pipekeras.backend.sessions"
_CORE = "pipekeras.core.configuration"

_ONE = "abs cos sin exp log round sign sqrt square tanh softplus softsign sigmoid hard_sigmoid"
_TWO = "equal not_equal less less_equal greater greater_equal maximum minimum"
_OVER_AXES = "sum prod mean max min std var all any logsumexp"

NAMES = "\n".join(
    [
        *[f"{name} = {_OPS}:{name}(x)" for name in _ONE.split()],
        *[f"{name} = {_OPS}:{name}(x y)" for name in _TWO.split()],
        *[f"{name} = {_OPS}:{name}(x axis=None keepdims=False)" for name in _OVER_AXES.split()],
        f"""
argmax = {_OPS}:argmax(x axis=-1)
argmin = {_OPS}:argmin(x axis=-1)
cumsum = {_OPS}:cumsum(x axis=0)
cumprod = {_OPS}:cumprod(x axis=0)
pow = {_OPS}:power(x a)
clip = {_OPS}:clip(x min_value max_value)
dot = {_OPS}:dot(x y)
batch_dot = {_OWN}:batch_dot
transpose = {_OPS}:transpose(x)
permute_dimensions = {_OPS}:transpose(x pattern)
reshape = {_OPS}:reshape(x shape)
expand_dims = {_OPS}:expand_dims(x axis=-1)
squeeze = {_OPS}:squeeze(x axis)
flatten = {_OPS}:ravel(x)
batch_flatten = {_OWN}:batch_flatten
concatenate = {_OPS}:concatenate(tensors axis=-1)
stack = {_OPS}:stack(x axis=0)
tile = {_OPS}:tile(x n)
repeat = {_OWN}:repeat
repeat_elements = {_OPS}:repeat(x rep axis)
reverse = {_OPS}:flip(x axes)
gather = {_OPS}:take(reference indices [axis])
one_hot = {_OPS}:one_hot(indices num_classes)
cast = {_OPS}:cast(x dtype)
cast_to_floatx = {_OWN}:cast_to_floatx
arange = {_OWN}:arange
constant = {_OWN}:constant
variable = {_OWN}:variable
zeros = {_OWN}:zeros
ones = {_OWN}:ones
eye = {_OPS}:eye(size [second] [diagonal] dtype=None [name])
zeros_like = {_OPS}:zeros_like(x dtype=None [name])
ones_like = {_OPS}:ones_like(x dtype=None [name])
identity = {_OPS}:copy(x [name])
shape = {_OPS}:shape(x)
int_shape get_variable_shape = {_OPS}:shape(x)
ndim = {_OPS}:ndim(x)
dtype = {_OPS}:dtype(x)
size = {_OPS}:size(x)
is_tensor = {_OPS}:is_tensor(x)
is_keras_tensor = {_OWN}:is_keras_tensor
is_sparse = {_OWN}:is_sparse
to_dense = {_OWN}:to_dense
rnn = pipekeras.backend.recurrence:rnn
slice = {_OWN}:part
image_dim_ordering = {_OWN}:image_dim_ordering
set_image_dim_ordering = {_OWN}:set_image_dim_ordering
get_value eval = {_OWN}:get_value
set_value = {_OWN}:set_value
batch_get_value = {_OWN}:batch_get_value
batch_set_value = {_OWN}:batch_set_value
count_params = {_OWN}:count_params
update = {_OWN}:update
update_add = {_OWN}:update_add
update_sub = {_OWN}:update_sub
moving_average_update = {_OWN}:moving_average_update
print_tensor = {_OWN}:print_tensor
function = pipekeras.backend.graph_functions:function
gradients = {_OWN}:gradients
stop_gradient = {_OWN}:stop_gradient
switch = {_OWN}:switch
in_train_phase = {_OWN}:in_train_phase
in_test_phase = {_OWN}:in_test_phase
map_fn = {_OWN}:map_fn
foldl = {_OWN}:foldl
foldr = {_OWN}:foldr
relu = {_OWN}:relu
elu = {_OPS}:elu(x alpha=1.0)
softmax = {_OPS}:softmax(x axis=-1)
dropout = {_OWN}:dropout
l2_normalize = {_OWN}:l2_normalize
in_top_k = {_OWN}:in_top_k
bias_add = {_OWN_NEURAL}:bias_add
batch_normalization = {_OWN_NEURAL}:batch_normalization
normalize_batch_in_training = {_OWN_NEURAL}:normalize_batch_in_training
binary_crossentropy = {_OPS}:binary_crossentropy(target output from_logits=False)
binary_focal_crossentropy = {_OWN_NEURAL}:binary_focal_crossentropy
categorical_crossentropy = {_OPS}:categorical_crossentropy(target output from_logits=False axis=-1)
sparse_categorical_crossentropy = {_OPS}:sparse_categorical_crossentropy(target output from_logits=False axis=-1)
ctc_batch_cost = {_OWN_NEURAL}:ctc_batch_cost
ctc_decode = {_OWN_NEURAL}:ctc_decode
local_conv1d local_conv2d = pipekeras.layers.legacy.locally_connected:local_convolution
conv1d = {_OWN_NEURAL}:convolution
conv2d = {_OWN_NEURAL}:convolution
conv3d = {_OWN_NEURAL}:convolution
conv2d_transpose conv3d_transpose = {_OWN_NEURAL}:transposed_convolution
depthwise_conv2d = {_OWN_NEURAL}:depthwise_convolution
separable_conv2d separable_conv1d = {_OWN_NEURAL}:separable_convolution
pool2d = {_OWN_NEURAL}:pool
pool3d = {_OWN_NEURAL}:pool
temporal_padding = {_OWN_NEURAL}:temporal_padding
spatial_2d_padding = {_OWN_NEURAL}:spatial_2d_padding
spatial_3d_padding = {_OWN_NEURAL}:spatial_3d_padding
resize_images = {_OWN_NEURAL}:resize_images
resize_volumes = {_OWN_NEURAL}:resize_volumes
random_normal = {_OWN}:random_normal
random_uniform = {_OWN}:random_uniform
random_bernoulli random_binomial = {_OWN}:random_bernoulli
truncated_normal = {_OWN}:truncated_normal
random_normal_variable = {_OWN}:random_normal_variable
random_uniform_variable = {_OWN}:random_uniform_variable
backend = {_OWN}:backend
epsilon = {_CORE}:epsilon
floatx = {_CORE}:floatx
image_data_format = {_CORE}:image_data_format
set_epsilon = {_CORE}:set_epsilon(value)
set_floatx = {_CORE}:set_floatx(value)
set_image_data_format = {_CORE}:set_image_data_format(data_format)
standardize_dtype = {_OWN}:standardize_dtype
is_float_dtype = {_OWN}:is_float_dtype
is_int_dtype = {_OWN}:is_int_dtype
result_type = {_OWN}:result_type
clear_session = {_OWN}:clear_session
get_uid = {_OWN}:get_uid
reset_uids = {_OWN}:reset_uids
name_scope = pipekeras.compatibility.tensorflow.environment:name_scope
tf = pipekeras.compatibility.tensorflow
symbolic eager = {_OWN_SESSIONS}:unchanged
get_session = {_OWN_SESSIONS}:get_session
set_session = {_OWN_SESSIONS}:set_session
get_graph = {_OWN_SESSIONS}:get_graph
manual_variable_initialization = {_OWN_SESSIONS}:manual_variable_initialization
placeholder = {_OWN_SESSIONS}:placeholder
is_placeholder = {_OWN_SESSIONS}:is_placeholder
is_variable = {_OWN_SESSIONS}:is_variable
deconv2d = {_OWN_NEURAL}:transposed_convolution
asymmetric_spatial_2d_padding = {_OWN_SESSIONS}:asymmetric_spatial_2d_padding
learning_phase = {_OWN}:learning_phase
set_learning_phase = {_OWN}:set_learning_phase
""",
    ]
)
"""Every name with what it stands for, one line each."""
