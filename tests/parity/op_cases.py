"""Calls of every op of keras.ops that takes arrays, for comparison with what real Keras returns.

`record_ops.py` writes Keras' results to `op_results.npz`; `test_ops_against_keras.py` compares ours with them. The
inputs come from one seeded generator: after a change here the results are recorded anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np

RANDOM = np.random.default_rng(5)
CASES: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
"""Name below keras.ops, arguments, named arguments."""


def r(*shape: int, lo: float = -2.0, hi: float = 2.0) -> np.ndarray:
    return RANDOM.uniform(lo, hi, shape).astype("float32")


def i(*shape: int, lo: int = -5, hi: int = 9, dt: str = "int32") -> np.ndarray:
    return RANDOM.integers(lo, hi, shape).astype(dt)


def pos(*shape: int) -> np.ndarray:
    return r(*shape, lo=0.2, hi=2.0)


def nanny(*shape: int) -> np.ndarray:
    """Numbers of which some are missing."""
    x = r(*shape)
    x[RANDOM.random(shape) < 0.3] = np.nan
    return x


def spd(*shape: int) -> np.ndarray:
    """Symmetric positive definite matrices."""
    x = r(*shape)
    return x @ np.swapaxes(x, -1, -2) + np.eye(shape[-1], dtype="float32")


def reg(*shape: int) -> np.ndarray:
    """Matrices far from singular ones."""
    return r(*shape) + 3 * np.eye(shape[-2], shape[-1], dtype="float32")


def c(names: str, *args: Any, **kwargs: Any) -> None:
    """Enter one call of each of some ops."""
    CASES.extend((name, args, kwargs) for name in names.split())


ONE = (
    "abs absolute negative sign square exp expm1 sin cos tan arctan sinh cosh tanh arcsinh ceil floor trunc round "
    "isnan isinf isfinite isneginf isposinf isreal signbit sinc deg2rad rad2deg fabs cbrt erf erfc exp2 i0 angle "
    "real imag conj conjugate celu elu gelu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu "
    "log_sigmoid relu relu6 selu sigmoid silu swish soft_shrink softplus softsign sparse_plus sparse_sigmoid "
    "squareplus tanh_shrink softmax log_softmax sparsemax nan_to_num copy logical_not ravel zeros_like ones_like "
    "empty_like ndim size shape convert_to_tensor array stop_gradient is_tensor convert_to_numpy dtype"
)
c(ONE, r(3, 5))
c(" ".join(name for name in ONE.split() if "max" not in name), r())
c(
    "abs negative sign square exp sin ceil floor trunc round isnan isinf isfinite isneginf isposinf isreal signbit "
    "cbrt sqrt log1p fabs deg2rad nan_to_num relu real imag angle softplus sinc exp2 log2",
    i(7, lo=1),
)
c("log log2 log10 log1p sqrt rsqrt reciprocal arccosh", pos(3, 5) + 1)
c("arcsin arccos arctanh erfinv", r(3, 5, lo=-0.95, hi=0.95))
c("erfinv", np.array([-1, 0, 0.5, 1, 2, 0.999999, -0.9999], "float32"))
TWO = (
    "add subtract multiply divide true_divide maximum minimum arctan2 equal not_equal less less_equal greater "
    "greater_equal logaddexp logaddexp2 hypot fmax fmin floor_divide mod fmod heaviside logical_and logical_or "
    "logical_xor nextafter divide_no_nan outer"
)
c(TWO, r(3, 4), r(3, 4))
c(TWO, r(3, 1), r(4))
c(TWO, i(5, lo=1), i(5, lo=1))
c(TWO, r(3), 2)
c(TWO, i(3), 2.5)
c("fmod mod floor_divide", np.array([-7, 7, -7, 7]), np.array([3, 3, -3, -3]))
c("logaddexp logaddexp2", np.array([-np.inf, np.inf, 1.0], "float32"), np.array([-np.inf, np.inf, -np.inf], "float32"))
c("power", pos(3, 4), r(4))
c("power", i(3, lo=0), 2)
c("ldexp", r(4), i(4))
c("hypot", np.array([3e38, 0], "float32"), np.array([1e38, 0], "float32"))
c("gcd lcm bitwise_and bitwise_or bitwise_xor", i(6), i(6))
c("bitwise_not bitwise_invert", i(6))
c("bitwise_left_shift bitwise_right_shift left_shift right_shift", i(6), i(6, lo=0, hi=8))
c("bitwise_and", i(6, dt="int64"), 3)
c("gcd", i(3, 1), i(4))
c("lcm", np.array([0, 4]), np.array([0, 6]))
c("clip", r(3, 4), -1.0, 1.0)
c("clip", i(5), 0, 3)
c("cast", r(4), "int32")
c("saturate_cast", r(9) * 300, "uint8")
c("saturate_cast", i(9) * 100, "int8")
c("saturate_cast", np.array([10000000000.0, -10000000000.0, 3.0]).astype("float32"), "int32")
c("saturate_cast", np.array([1e30], "float32"), "float16")
c("isclose allclose", r(4), r(4))
c("isclose", np.array([1.0, np.nan], "float32"), np.array([1.0, np.nan], "float32"), equal_nan=True)
c("where", r(3) > 0, r(3), r(3))
c("where", r(3, 4) > 0)
c("nonzero", i(3, 4, lo=-1, hi=2))
c("select", [r(4) > 0, r(4) > -1], [r(4), r(4)], 7.0)
c("select", [i(4) > 0], [i(4)])
for ax in (None, 0, -1, (0, 2)):
    c("sum mean max min prod std var amax amin any all logsumexp median ptp", r(2, 3, 4), axis=ax)
    c("count_nonzero average", r(2, 3, 4), axis=ax)
    c("nansum nanmean nanmax nanmin nanprod nanstd nanvar nanmedian", nanny(2, 3, 4), axis=ax)
    c("sum mean max min median logsumexp ptp nanmean nanmax", pos(2, 3, 4), axis=ax, keepdims=True)
c("sum mean max min prod std var median ptp average nansum nanmean nanmax count_nonzero", i(3, 4))
c("sum any all prod mean cumsum", r(3, 4) > 0)
c("average", r(3, 4), axis=1, weights=pos(4))
c("average", r(3, 4), weights=pos(3, 4))
c("max min", r(3), initial=1.5)
c("moments", r(3, 4), axes=[0])
c("moments", r(3, 4), axes=[1], keepdims=True)
for m in ("linear", "lower", "higher", "midpoint", "nearest"):
    c("quantile nanquantile", r(5, 4), [0.2, 0.7], axis=0, method=m)
    c("percentile nanpercentile", r(5, 4), 30.0, method=m)
c("quantile", i(7), 0.3)
c("quantile", r(3, 4, 5), [0.1, 0.5], axis=(0, 2), keepdims=True)
c("nanquantile nanpercentile", nanny(5, 6), 0.4, axis=1)
c("quantile percentile", nanny(6), 0.5)
c("nanquantile", nanny(5, 6), [0.4, 0.9], axis=1, keepdims=True)
c("percentile", r(3, 4), [10, 50], axis=1)
c("argmax argmin", r(3, 4))
c("argmax argmin", r(3, 4), axis=1)
c("argmax argmin", r(3, 4), axis=0, keepdims=True)
c("nanargmax nanargmin", nanny(3, 6))
c("nanargmax nanargmin", nanny(3, 2), axis=1)
c("nancumsum nancumprod", nanny(3, 4))
c("nancumsum nancumprod cumsum cumprod", r(3, 4), axis=1)
c("cumsum", i(3, 4))
c("cumsum", r(4), dtype="int32")
c("bincount", i(9, lo=0, hi=5))
c("bincount", i(9, lo=0, hi=5), weights=pos(9))
c("bincount", i(9, lo=0, hi=5), minlength=9)
c("bincount", i(2, 9, lo=0, hi=5))
c("histogram", r(20))
c("histogram", r(20), bins=5, range=(-1, 1))
c("histogram", i(20), bins=4)
c("digitize", r(6), np.array([-1, 0, 1.0], "float32"))
c("searchsorted", np.array([1, 2, 2, 4]), np.array([0, 2, 5]))
c("searchsorted", np.array([1, 2, 2, 4.0]), np.array([[2, 4.5]]), side="right")
c("corrcoef", r(3, 6))
c("corrcoef", r(6))
for m in ("valid", "same", "full"):
    c("correlate", r(5), r(3), mode=m)
    c("correlate", r(3), r(6), mode=m)
    c("correlate", r(4), r(4), mode=m)
    c("correlate", r(6), r(2), mode=m)
    c("correlate", r(2), r(6), mode=m)
    c("correlate", r(3), r(5), mode=m)
c("diff", r(3, 5))
c("diff", r(3, 5), n=2, axis=0)
c("diff", i(5))
c("trapezoid", r(3, 5))
c("trapezoid", r(3, 5), r(5))
c("trapezoid", r(3, 5), dx=2.0, axis=0)
c("vdot inner dot", r(4), r(4))
c("inner", r(2, 4), r(3, 4))
c("matmul dot", r(2, 3), r(3, 4))
c("matmul", r(5, 2, 3), r(3))
c("tensordot", r(2, 3, 4), r(3, 4, 5))
c("tensordot", r(2, 3), r(3, 2), axes=1)
c("kron", r(2, 3), r(2, 2))
c("kron", i(2), i(3))
c("kron", r(2, 3), r(2))
c("einsum", "ij,jk->ik", r(2, 3), r(3, 4))
c("einsum", "ii->i", r(3, 3))
c("einsum", "ij->", r(3, 3))
c("einsum", "...ij,...jk", r(2, 2, 3), r(2, 3, 2))
c("einsum", "ii", r(3, 3))
c("cross", r(4, 3), r(4, 3))
c("cross", r(4, 2), r(4, 2))
c("cross", r(4, 2), r(4, 3))
c("cross", r(3, 4), r(3, 4), axis=0)
c("vander", r(4))
c("vander", i(4), 3, increasing=True)
c("trace", r(3, 4))
c("trace", r(2, 3, 3), axis1=1, axis2=2)
c("diagonal", r(3, 4), offset=1)
c("diag", r(3), k=1)
c("diag", r(3, 3))
c("diagflat", r(2, 2), k=-1)
c("tril triu", r(3, 4), k=1)
c("tri", 3, 4, k=1)
c("eye", 3, 4, k=-1)
c("identity", 3)
c("zeros ones empty", (2, 3))
c("full", (2, 3), 7)
c("full_like", r(2), 3.0)
c("arange", 5)
c("arange", 1, 9, 2)
c("arange", 0.0, 1.0, 0.25)
c("linspace", 0, 1, 5)
c("linspace", 0, 1, 5, endpoint=False)
c("linspace", r(2), r(2) + 3, 4, axis=1)
c("logspace", 0, 2, 5)
c("logspace", 0, 2, 5, base=2.0)
c("geomspace", 1, 8, 4)
c("geomspace", 1.0, 1000.0, 4, endpoint=False)
c("geomspace", r(2, lo=1), r(2, lo=3, hi=4), 5)
for w in ["bartlett", "blackman", "hamming", "hanning"]:
    c(w, 7)
    c(w, 1)
    c(w, 8)
c("kaiser", 8, 5.0)
c("kaiser", 5, 14.0)
c("stack", [r(2, 3), r(2, 3)], axis=1)
c("concatenate", [r(2, 3), r(2, 2)], axis=1)
c("hstack vstack dstack", [r(2, 3), r(2, 3)])
c("hstack vstack dstack", [r(3), r(3)])
c("append", r(2), r(3))
c("append", r(2, 3), r(2, 3), axis=1)
c("split array_split", r(6, 4), 3)
c("array_split", r(7), 3)
c("split", r(6, 4), [2, 3], axis=0)
c("hsplit vsplit", r(4, 6), 2)
c("dsplit", r(2, 3, 4), 2)
c("hsplit", r(6), [2])
c("unstack", r(3, 2))
c("flip fliplr flipud rot90", r(3, 4))
for k in (-1, 2, 3, 5):
    c("rot90", r(3, 4), k=k)
c("rot90", r(2, 3, 4), axes=(1, 2))
c("rot90", r(2, 3, 4), axes=(2, 0))
c("roll", r(3, 4), 1)
c("roll", r(3, 4), 2, axis=1)
c("repeat", r(3, 2), 2, axis=0)
c("repeat", r(3), 2)
c("tile", r(2, 3), (2, 1))
c("reshape", r(2, 3), (3, -1))
c("transpose", r(2, 3, 4))
c("transpose", r(2, 3, 4), (1, 0, 2))
c("swapaxes", r(2, 3, 4), 0, 2)
c("moveaxis", r(2, 3, 4), 0, 2)
c("expand_dims", r(2, 3), 1)
c("squeeze", r(1, 3, 1))
c("squeeze", r(1, 3), 0)
c("broadcast_to", r(3), (2, 3))
c("pad", r(2, 3), ((1, 1), (0, 2)))
c("pad", r(3, 3), 1, mode="reflect")
c("pad", r(3, 3), 1, mode="symmetric")
c("pad", r(3, 3), 1, constant_values=2.0)
c("meshgrid", r(2), r(3))
c("get_item", r(3, 4), (slice(None), 1))
c("get_item", r(3, 4), np.array([0, 2]))
c("take", r(4, 3), np.array([0, 2]), axis=0)
c("take", r(4, 3), np.array([[0, 2]]))
c("take_along_axis", r(3, 4), i(3, 2, lo=0, hi=4), axis=1)
c("sort argsort", r(3, 5))
c("sort argsort", r(3, 5), axis=0)
c("sort", i(7))
c("top_k", r(3, 6), 2)
c("in_top_k", np.array([0, 2]), r(2, 4), 2)
c("unravel_index", np.array([5, 3, -1]), (2, 3))
c("isin", i(6), np.array([1, 2, 3]))
c("isin", i(6), np.array([1, 2]), invert=True)
c("unique", i(9))
c("unique", i(3, 4, lo=0, hi=4), return_index=True, return_inverse=True, return_counts=True)
c("unique", i(5, 2, lo=0, hi=2), axis=0, return_inverse=True)
c("unique", i(9), size=4)
c("unique", i(4), size=9, fill_value=-3, return_counts=True, return_index=True)
c("one_hot", i(4, lo=-1, hi=4), 3)
c("one_hot", i(2, 3, lo=0, hi=4), 4, axis=1)
c("multi_hot", i(2, 3, lo=0, hi=4), 4)
c("segment_sum segment_max segment_min segment_prod", r(6, 2), np.array([0, 0, 1, 3, 3, 0]), num_segments=4)
c("segment_sum segment_max segment_min segment_prod", i(6), np.array([0, 0, 1, 3, 3, 0]), num_segments=5)
c("segment_sum", r(6, 2), np.array([0, 0, 1, 3, 3, 9]), num_segments=4)
c("scatter", np.array([[0, 1], [2, 0], [0, 1]]), r(3), (3, 2))
c("scatter", np.array([[1], [0]]), r(2, 3), (4, 3))
c("scatter_update", r(4, 3), np.array([[1, 2], [0, 0]]), r(2))
c("scatter_update", r(4, 3), np.array([[1], [0]]), r(2, 3))
for rd in ("add", "mul", "max", "min"):
    c("scatter_update", r(4, 3), np.array([[1, 2], [0, 0], [1, 2]]), r(3), reduction=rd)
c("slice", r(4, 5), (1, 2), (2, 3))
c("slice_update", r(4, 5), (1, 2), r(2, 3))
c("slice_update", r(4, 5), (3, 4), r(2, 3))
c("slice_update", i(4), [1], i(2))
c("view", r(2, 4), "int32")
c("view", r(2, 4), "int16")
c("view", i(2, 4, dt="int16"), "int32")
c("view", r(2))
z = (r(3, 4) + 1j * r(3, 4)).astype("complex64")
c("real imag conj conjugate angle isreal view_as_real abs", z)
c("view_as_complex", r(3, 2))
c("view_as_real", r(3))
c("polar", pos(3), r(3))
c("add multiply subtract", z, z)
c("fft", (r(3, 8), r(3, 8)))
c("fft2 ifft2", (r(3, 4, 5), r(3, 4, 5)))
c("rfft", r(3, 8))
c("rfft", r(3, 7))
c("rfft", r(3, 7), fft_length=5)
c("rfft", r(3, 7), fft_length=10)
c("irfft", (r(3, 5), r(3, 5)))
c("irfft", (r(3, 5), r(3, 5)), fft_length=7)
c("irfft", (r(3, 5), r(3, 5)), fft_length=12)
c("irfft", (r(3, 2), r(3, 2)), fft_length=1)
c("extract_sequences", r(2, 9), 4, 2)
c("extract_sequences", r(9), 3, 3)
for w in ("hann", "hamming", None):
    c("stft", r(2, 20), 6, 3, 8, window=w)
    c("stft", r(20), 6, 2, 6, window=w, center=False)


def spectrum() -> tuple[np.ndarray, np.ndarray]:
    return r(2, 7, 5), r(2, 7, 5)


c("istft", spectrum(), 6, 3, 8)
c("istft", spectrum(), 6, 3, 8, window="hamming")
c("istft", spectrum(), 6, 3, 8, length=17)
c("istft", spectrum(), 6, 3, 8, center=False)
c("istft", spectrum(), 6, 3, 8, length=30)
c("cholesky", spd(3, 3))
c("cholesky", spd(2, 3, 3), upper=True)
c("cholesky_inverse", np.linalg.cholesky(spd(3, 3)))
c("cholesky_inverse", np.linalg.cholesky(spd(3, 3)).T.copy(), upper=True)
c("det inv slogdet", reg(2, 3, 3))
c("logdet", spd(3, 3))
c("logdet", spd(2, 3, 3))
c("solve", reg(3, 3), r(3, 2))
c("solve", reg(3, 3), r(3))
c("solve", reg(2, 3, 3), r(2, 3, 2))
c("solve_triangular", reg(3, 3), r(3))
c("solve_triangular", reg(3, 3), r(3, 2), lower=True)
c("lu_factor", r(4, 4))
c("lu_factor", r(2, 3, 3))
c("pinv", r(4, 3))
c("pinv", r(2, 3, 4))
c("lstsq", r(5, 3), r(5))
c("lstsq", r(5, 3), r(5, 2))
c("lstsq", r(3, 5), r(3))
c("matrix_rank", np.ones((3, 3), "float32"))
c("matrix_rank", reg(2, 3, 3))
c("matrix_rank", reg(3, 3), tol=2.0)
c("svd", r(4, 3), compute_uv=False)
for o in (None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf):
    c("norm", r(3, 4), ord=o)
    c("norm", r(2, 3, 4), ord=o, axis=(0, 2), keepdims=True)
for o in (None, 0, 1, -1, 2, 3, 0.5, np.inf, -np.inf):
    c("norm", r(5), ord=o)
    c("norm", r(2, 5), ord=o, axis=1)
c("norm", r(2, 3, 4))
c("norm", r(2, 3), keepdims=True)
c("norm", i(4))
c("cdist", r(3, 4), r(5, 4))
c("cdist", r(2, 3, 4), r(2, 5, 4))
c("depth_to_space", r(2, 3, 4, 8), 2)
c("space_to_depth", r(2, 4, 6, 3), 2)
c("depth_to_space", r(2, 8, 3, 4), 2, data_format="channels_first")
c("space_to_depth", r(2, 3, 4, 6), 2, data_format="channels_first")
c("rearrange", r(2, 6, 3), "b (h w) c -> b c h w", h=2)
c("rearrange", r(2, 3, 4), "a b c -> (c a) b")
c("unfold", r(2, 3, 5, 6), 2)
c("unfold", r(2, 3, 5, 6), (2, 3), dilation=2, padding=1, stride=(1, 2))
c("fold", r(2, 12, 20), (5, 6), 2)
c("fold", r(1, 8, 4), 4, 2, stride=2)
c("adaptive_average_pool adaptive_max_pool", r(2, 7, 5, 3), (3, 2))
c("adaptive_average_pool adaptive_max_pool", r(2, 3, 7, 5), 4, data_format="channels_first")
c("adaptive_average_pool adaptive_max_pool", r(2, 7, 3), 3)
c("adaptive_average_pool adaptive_max_pool", r(2, 4, 5, 3, 2), 2)
c("ctc_decode", r(2, 6, 4), np.array([6, 4]))
c("ctc_decode", r(2, 6, 4), np.array([6, 4]), merge_repeated=False, mask_index=3)
c("ctc_decode", r(2, 5, 3), np.array([5, 3]), strategy="beam_search", beam_width=50, top_paths=2)
c("ctc_loss", i(2, 3, lo=1, hi=4), r(2, 6, 4), np.array([3, 2]), np.array([6, 5]))
c("psnr", r(3, 4), r(3, 4), 1.0)
c("nan_to_num", np.array([np.nan, np.inf, -np.inf, 1], "float32"))
c("nan_to_num", np.array([np.nan, np.inf, -np.inf, 1], "float32"), nan=2.0, posinf=3.0, neginf=4.0)
c("vectorized_map", lambda x: x * 2, r(3, 4))
c("glu", r(3, 4))
c("threshold", r(4), 0.5, 9.0)
c("normalize", r(3, 4))
c("normalize", r(3, 4), axis=0, order=3)
c("layer_normalization", r(3, 4))
c("layer_normalization", r(3, 4), r(4), r(4))
c("rms_normalization", r(3, 4))
c("rms_normalization", r(3, 4), r(4))
c("batch_normalization", r(3, 4), r(4), pos(4), -1, r(4), r(4))
c("binary_crossentropy", pos(4) / 2, pos(4) / 2.1)
c("binary_crossentropy", pos(4) / 2, r(4), from_logits=True)
c("categorical_crossentropy", pos(2, 3) / 3, pos(2, 3))
c("sparse_categorical_crossentropy", np.array([0, 2]), pos(2, 3))
c("sparse_categorical_crossentropy", np.array([0, 2]), r(2, 3), from_logits=True)
c("celu elu leaky_relu", r(4), 0.3)
c("gelu", r(4), False)
c("round", r(5) * 100, -1)
c("round", r(5), 2)
c("round", i(5) * 7, -1)
c("conv", r(2, 7, 7, 3), r(3, 3, 3, 4), padding="same")
c("conv", r(2, 7, 3), r(3, 3, 4), strides=2)
c("conv_transpose", r(2, 4, 4, 3), r(3, 3, 2, 3), 2)
c("depthwise_conv", r(2, 5, 5, 3), r(3, 3, 3, 2))
c("separable_conv", r(2, 5, 5, 3), r(3, 3, 3, 2), r(1, 1, 6, 4))
c("max_pool average_pool", r(2, 5, 5, 3), 2, 2)
c("max_pool average_pool", r(2, 5, 5, 3), (2, 3), 2, padding="same")
c("dot_product_attention", r(2, 4, 2, 3), r(2, 5, 2, 3), r(2, 5, 2, 3))
c("dot_product_attention", r(2, 4, 2, 3), r(2, 4, 2, 3), r(2, 4, 2, 3), is_causal=True)
im = r(2, 7, 9, 3, lo=0, hi=1)
one = r(7, 9, 3, lo=0, hi=1)
for ip in ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"):
    c("image.resize", im, (5, 13), interpolation=ip)
    c("image.resize", im, (4, 5), interpolation=ip, antialias=True)
    c("image.resize", one, (14, 3), interpolation=ip)
c("image.resize", im, (5, 5), crop_to_aspect_ratio=True)
c("image.resize", im, (5, 5), pad_to_aspect_ratio=True, fill_value=0.5)
c("image.resize", np.moveaxis(im, -1, 1), (5, 5), data_format="channels_first")
c("image.resize", i(2, 7, 9, 3, lo=0, hi=255, dt="uint8"), (5, 5))
c("image.resize", i(2, 7, 9, 3, lo=0, hi=255, dt="uint8"), (5, 5), interpolation="nearest")
c("image.resize", i(2, 7, 9, 3, lo=0, hi=255, dt="uint8"), (15, 15), interpolation="bicubic")
TURN = np.array([1.1, 0.2, -1, 0.1, 0.9, 0.5, 0, 0], "float32")
for fm in ("constant", "nearest", "wrap", "reflect", "mirror"):
    for ip in ("bilinear", "nearest"):
        c("image.affine_transform", im, np.stack([TURN, TURN * 1.2]), interpolation=ip, fill_mode=fm, fill_value=0.3)
    for o in (0, 1):
        c("image.map_coordinates", r(5, 6), r(2, 20, lo=-9, hi=12), o, fill_mode=fm, fill_value=0.3)
        c("image.map_coordinates", r(5, 6), np.round(r(2, 20, lo=-9, hi=12) * 2) / 2, o, fill_mode=fm)
c("image.affine_transform", one, TURN)
c("image.affine_transform", np.moveaxis(im, -1, 1), np.stack([TURN, TURN]), data_format="channels_first")
c("image.map_coordinates", i(5, 6), r(2, 8, lo=0, hi=5), 1)
sp0 = np.array([[0, 0], [0, 7], [9, 0], [9, 7]], "float32")
ep = np.array([[1, 0.5], [-1, 6], [8, 1], [9.5, 7]], "float32")
for ip in ("bilinear", "nearest"):
    c("image.perspective_transform", im, np.stack([sp0, sp0]), np.stack([ep, ep + 0.3]), interpolation=ip, fill_value=0.2)
    c("image.perspective_transform", one, sp0, ep, interpolation=ip)
c("image.rgb_to_grayscale rgb_to_hsv".replace(" ", " image."), im)
c("image.hsv_to_rgb image.rgb_to_hsv", im)
c("image.rgb_to_hsv image.hsv_to_rgb image.rgb_to_grayscale", np.moveaxis(im, -1, 1), data_format="channels_first")
c("image.rgb_to_hsv", np.array([[[0, 0, 0], [1, 1, 1], [0.5, 0.5, 0.2], [0.5, 0.5, 0.9]]], "float32"))
c("image.rgb_to_grayscale", i(4, 4, 3, lo=0, hi=255, dt="uint8"))
c("image.pad_images", im, 1, 2, 3, 4)
c("image.pad_images", im, 1, 2, target_height=12, target_width=15)
c("image.pad_images", one, bottom_padding=1, right_padding=0, target_height=12, target_width=15)
c("image.crop_images", im, 1, 2, 1, 1)
c("image.crop_images", im, 1, 2, target_height=3, target_width=4)
c("image.extract_patches", im, 3)
c("image.extract_patches", im, (3, 2), strides=(2, 1))
c("image.extract_patches", im, 3, strides=1, padding="same")
c("image.extract_patches", im, 2, strides=1, dilation_rate=2)
c("image.extract_patches", one, 3)
c("image.extract_patches", np.moveaxis(im, -1, 1), 3, data_format="channels_first")
c("image.extract_patches_3d image.extract_patches", r(2, 4, 5, 6, 2), (2, 2, 3))
c("image.extract_patches_3d", r(4, 5, 6, 2), 2, strides=1, padding="same")
# With channels last Keras on JAX blurs along the channels; with channels first it does what it says.
planes = np.moveaxis(im, -1, 1)[:, :1]
c("image.gaussian_blur", planes, data_format="channels_first")
# Its sizes are documented as height and width; JAX takes the first for the width. Equal ones say nothing about that.
c("image.gaussian_blur", planes, (5, 5), (2.0, 2.0), data_format="channels_first")
c("image.gaussian_blur", planes[0], (4, 4), data_format="channels_first")
c("image.gaussian_blur", np.moveaxis(im[..., 1:2], -1, 1), data_format="channels_first")
c("image.sobel_edges", im)
c("image.sobel_edges", np.moveaxis(im, -1, 1), data_format="channels_first")
big = r(2, 16, 17, 3, lo=0, hi=1)
c("image.ssim", big, np.clip(big + r(2, 16, 17, 3) * 0.1, 0, 1))
c("image.ssim", big[0], big[1], filter_size=5, max_val=2.0)
for m in ("linear", "cubic", "lanczos3", "lanczos5"):
    c(
        "image.scale_and_translate",
        r(5, 6),
        (7, 4),
        np.array([1.5, 0.6], "float32"),
        np.array([0.3, -0.2], "float32"),
        (0, 1),
        m,
    )
    c(
        "image.scale_and_translate",
        r(5, 6, 2),
        (3, 4, 2),
        np.array([0.5, 0.6], "float32"),
        np.array([0.3, -0.2], "float32"),
        (0, 1),
        m,
        antialias=False,
    )
