"""The words that source text from a model file may use; every other word is refused, those that come to the language later too.

They compute with their arguments alone: none reads, writes, waits, starts a program, prints, or reaches environments.
"""

from __future__ import annotations

_WORDS = (
    "! != %% %/% & * + - / : < <= == > >= ^ bitwAnd bitwNot bitwOr bitwShiftL bitwShiftR bitwXor intToBits isFALSE isTRUE "
    "packBits rawToBits xor | NCOL NROW attr attributes colnames colnames<- dim dim<- dimnames dimnames<- levels levels<- "
    "names names<- ncol nrow rownames rownames<- setNames structure unname cbind rbind ...elt ...length ...names force "
    "identity invisible missing nargs switch as.character as.complex as.double as.integer as.list as.logical as.numeric "
    "as.raw as.vector character complex data.class double integer is.element length length<- lengths logical mode numeric "
    "raw storage.mode typeof vector append c list modifyList replace rev unlist identical ifelse stop stopifnot warning Map "
    "lapply mapply sapply vapply %in% anyDuplicated duplicated intersect match setdiff setequal union unique $ $<- @ [ [<- "
    "[[ [[<- getElement head tail %*% %x% backsolve chol chol2inv crossprod det determinant diag diag<- dist eigen "
    "kronecker norm qr qr.Q qr.R solve svd tcrossprod Arg Conj Im Mod Re abs acos acosh asin asinh atan atan2 atanh beta "
    "ceiling choose cos cosh cospi cummax cummin cumprod cumsum diff digamma exp expm1 factorial floor gamma lbeta lchoose "
    "lfactorial lgamma log log10 log1p log2 round sign signif sin sinh sinpi sqrt tan tanh trigamma trunc aperm array "
    "array_reshape as.array as.matrix col colMeans colSums drop isSymmetric lower.tri matrix max.col row rowMeans rowSums t "
    "upper.tri IQR cor cov fivenum mad median quantile scale sd var findInterval inverse.rle is.unsorted order rank rle "
    "rowsum sort tabulate xtfrm pmax pmin paste paste0 anyNA is.array is.atomic is.character is.complex is.double is.factor "
    "is.finite is.infinite is.integer is.list is.logical is.matrix is.na is.na<- is.nan is.null is.numeric is.ordered "
    "is.raw is.recursive is.vector R6Class Filter Find Negate Position Reduce rep rep.int rep_len "
    "seq seq.default seq.int seq_along seq_len fft mvfft %o% asplit nchar all any arrayInd cumall cumany max mean min prod "
    "range sum weighted.mean which which.max which.min %!>% %$% %<>% %>% %T>% && ( <- = break for function if next repeat "
    "return while { ||"
)
WORDS = frozenset(_WORDS.split())
"""Words of the base packages."""

OPENINGS = ("k_", "op_", "layer_", "activation_", "initializer_", "regularizer_", "constraint_")
"""How the words for tensors and layers begin."""

_NOT = (
    "layer_lambda layer_text_vectorization layer_string_lookup layer_integer_lookup "
    "k_set_epsilon k_set_floatx k_set_image_data_format k_set_learning_phase k_set_session k_get_session k_clear_session "
    "k_reset_uids k_manual_variable_initialization k_function k_print_tensor"
)
NOT = frozenset(_NOT.split())
"""Layers that take code or the path of a file, and words that change settings of the whole process or print."""

KERAS = frozenset(("shape", "dict", "tuple"))

_MEMBERS_WORDS = (
    "add_weight add_variable add_loss assign assign_add assign_sub build built call clone compute_dtype "
    "compute_mask compute_output_shape dtype get_config initialize input_shape iterations layer learning_rate losses name "
    "ndim output_shape shape trainable trainable_variables trainable_weights units value variables weights"
)
MEMBERS = frozenset(_MEMBERS_WORDS.split())
"""Members of layers, tensors and variables."""
