"""Random options for every layer that real Keras has too."""

from __future__ import annotations

from typing import Any

from program import Draw, Make, Program

ACTIVATIONS = (
    "relu",
    "tanh",
    "sigmoid",
    "gelu",
    "elu",
    "selu",
    "softplus",
    "softsign",
    "silu",
    "exponential",
    "leaky_relu",
    "softmax",
    "mish",
    "linear",
    "relu6",
    "hard_sigmoid",
    "log_softmax",
    "celu",
)
FORMATS = ("channels_last", "channels_first")


def regularizer(draw: Draw) -> Any:
    return draw.one(
        "l1",
        "l2",
        Make("regularizers", "L1L2", {"l1": 0.02, "l2": 0.03}),
        Make("regularizers", "L2", {"l2": 0.1}),
        Make("regularizers", "OrthogonalRegularizer", {"factor": 0.05}),
    )


def constraint(draw: Draw) -> Any:
    return draw.one(
        "non_neg",
        Make("constraints", "MaxNorm", {"max_value": 0.5, "axis": 0}),
        Make("constraints", "UnitNorm", {"axis": 0}),
        Make("constraints", "MinMaxNorm", {"min_value": 0.3, "max_value": 0.8, "rate": 0.7, "axis": 0}),
    )


def weighted(draw: Draw, kernel: str = "kernel", matrix: bool = True) -> dict[str, Any]:
    """Return options that layers with a kernel share."""
    found = draw.given(use_bias=(True, False), activation=ACTIVATIONS, activity_regularizer=("l1", "l2"))
    if draw.chance(0.25):
        chosen = regularizer(draw)
        if matrix or chosen.__class__ is str or chosen.name != "OrthogonalRegularizer":
            found[f"{kernel}_regularizer"] = chosen
    if draw.chance(0.25):
        found[f"{kernel}_constraint"] = constraint(draw)
    if draw.chance(0.15):
        found["bias_regularizer"] = draw.one("l1", "l2")
    if draw.chance(0.15):
        found["bias_constraint"] = "non_neg"
    return found


def placed(shape: tuple[int, ...], channels: int, form: str) -> tuple[int, ...]:
    return (channels, *shape) if form == "channels_first" else (*shape, channels)


def image(draw: Draw, rank: int, low: int = 5, high: int = 8) -> tuple[int, ...]:
    return tuple(draw.whole(low, high) for _ in range(rank)) if rank < 3 else tuple(draw.whole(4, 5) for _ in range(rank))


def window(draw: Draw, rank: int, low: int, high: int) -> Any:
    return draw.one(draw.whole(low, high), tuple(draw.whole(low, high) for _ in range(rank)))


def moved(draw: Draw, rank: int) -> dict[str, Any]:
    """Return strides or dilation, never both."""
    chosen = draw.one("none", "strides", "dilation_rate")
    return {} if chosen == "none" else {chosen: window(draw, rank, 1, 2)}


def convolution(draw: Draw, name: str) -> Program:
    rank = int(name[4])
    form = draw.one(*FORMATS)
    groups = draw.often(1, 2)
    channels = draw.whole(1, 3) * groups
    options: dict[str, Any] = {"filters": draw.whole(1, 2) * groups, "kernel_size": window(draw, rank, 1, 3)}
    options.update(moved(draw, rank), **weighted(draw, matrix=False))
    options["padding"] = draw.one("valid", "same", *(["causal"] if rank == 1 and form == "channels_last" else []))
    if groups > 1:
        options["groups"] = groups
    if form == "channels_first" or draw.chance(0.3):
        options["data_format"] = form
    return Program("layer", name, Make("layers", name, options), [placed(image(draw, rank, 6, 9), channels, form)])


def transposed(draw: Draw, name: str) -> Program:
    rank = int(name[4])
    form = draw.one(*FORMATS)
    options: dict[str, Any] = {"filters": draw.whole(1, 3), "kernel_size": window(draw, rank, 1, 3)}
    options["padding"] = draw.one("valid", "same")
    strides = draw.one(1, 2, 3)
    options["strides"] = strides
    if strides > 1 and draw.chance(0.3):
        options["output_padding"] = draw.whole(0, strides - 1)
    if strides == 1 and draw.chance(0.3):
        options["dilation_rate"] = 2
    options.update(weighted(draw, matrix=False), data_format=form)
    return Program("layer", name, Make("layers", name, options), [placed(image(draw, rank, 3, 5), draw.whole(1, 3), form)])


def by_channel(draw: Draw, name: str) -> Program:
    rank = int(name[-2])
    form = draw.one(*FORMATS)
    options: dict[str, Any] = {"kernel_size": draw.whole(1, 3) if rank == 2 else window(draw, rank, 1, 3)}
    options["padding"] = draw.one("valid", "same", *(["causal"] if rank == 1 and form == "channels_last" else []))
    options["depth_multiplier"] = draw.whole(1, 3)
    chosen = draw.one("none", "strides", "dilation_rate")
    if chosen != "none":
        options[chosen] = 2
    more = weighted(draw, "depthwise", matrix=False)
    if name.startswith("Separable"):
        options["filters"] = draw.whole(1, 4)
    options.update(more, data_format=form)
    return Program("layer", name, Make("layers", name, options), [placed(image(draw, rank, 6, 9), draw.whole(1, 3), form)])


def pooling(draw: Draw, name: str) -> Program:
    rank = int(name[-2])
    form = draw.one(*FORMATS)
    options = draw.given(strides=(1, 2, 3, None), padding=("valid", "same"))
    options.update(pool_size=window(draw, rank, 1, 3), data_format=form)
    return Program("layer", name, Make("layers", name, options), [placed(image(draw, rank), draw.whole(1, 3), form)])


def global_pooling(draw: Draw, name: str) -> Program:
    rank = int(name[-2])
    options = draw.given(keepdims=(True, False), data_format=FORMATS)
    masked = name == "GlobalAveragePooling1D" and "data_format" not in options and draw.chance(0.6)
    return Program("layer", name, Make("layers", name, options), [(*image(draw, rank), 3)], masked=masked)


def adaptive_pooling(draw: Draw, name: str) -> Program:
    rank = int(name[-2])
    form = draw.one(*FORMATS)
    options = {"output_size": window(draw, rank, 1, 4), "data_format": form}
    return Program("layer", name, Make("layers", name, options), [placed(image(draw, rank), draw.whole(1, 3), form)])


def recurrent(draw: Draw, name: str) -> Program:
    options: dict[str, Any] = {"units": draw.whole(1, 4)}
    options.update(
        draw.given(
            activation=("tanh", "relu", "sigmoid", "softsign", "elu"),
            use_bias=(True, False),
            return_sequences=(True, False),
            return_state=(True, False),
            go_backwards=(True, False),
            unroll=(True, False),
            kernel_regularizer=("l1", "l2"),
            recurrent_regularizer=("l2",),
            recurrent_constraint=("non_neg",),
            bias_regularizer=("l1",),
        )
    )
    if name != "SimpleRNN":
        # Keras' SimpleRNN takes this one and forgets it.
        options.update(draw.given(activity_regularizer=("l2",)))
        options.update(draw.given(recurrent_activation=("sigmoid", "hard_sigmoid", "tanh")))
    if name == "LSTM":
        options.update(draw.given(unit_forget_bias=(True, False)))
    if name == "GRU":
        options.update(draw.given(reset_after=(True, False)))
    random = draw.chance(0.12)
    if random:
        options.update(draw.given(dropout=(0.3,), recurrent_dropout=(0.2,)))
    stateful = draw.chance(0.2)
    if stateful:
        options["stateful"] = True
    masked = draw.chance(0.4)
    if masked and draw.chance(0.4) and options.get("return_sequences"):
        options["zero_output_for_mask"] = True
    random = bool({"dropout", "recurrent_dropout"} & set(options))
    return Program(
        "layer",
        name,
        Make("layers", name, options),
        [(draw.whole(2, 5), draw.whole(1, 3))],
        masked=masked,
        stateful=stateful,
        random=random,
    )


def cell(draw: Draw) -> Make:
    kind = draw.one("SimpleRNNCell", "LSTMCell", "GRUCell")
    options: dict[str, Any] = {"units": draw.whole(1, 3), **draw.given(activation=("tanh", "relu"), use_bias=(True, False))}
    if kind == "GRUCell":
        options.update(draw.given(reset_after=(True, False)))
    return Make("layers", kind, options)


def recurrence(draw: Draw, name: str) -> Program:
    cells: Any = cell(draw)
    if draw.chance(0.5):
        cells = [cell(draw) for _ in range(draw.whole(1, 3))]
        if draw.chance(0.5):
            cells = Make("layers", "StackedRNNCells", {"cells": cells})
    options = draw.given(
        return_sequences=(True, False), return_state=(True, False), go_backwards=(True, False), unroll=(True, False)
    )
    return Program(
        "layer", name, Make("layers", name, {"cell": cells, **options}), [(draw.whole(2, 4), 3)], masked=draw.chance(0.3)
    )


def bidirectional(draw: Draw, name: str) -> Program:
    inner: dict[str, Any] = {
        "units": draw.whole(1, 3),
        **draw.given(return_sequences=(True, False), return_state=(True,), use_bias=(False,)),
    }
    options: dict[str, Any] = {"layer": Make("layers", draw.one("SimpleRNN", "LSTM", "GRU"), inner)}
    options.update(draw.given(merge_mode=("sum", "mul", "ave", "concat", None)))
    return Program("layer", name, Make("layers", name, options), [(draw.whole(2, 4), 2)], masked=draw.chance(0.4))


def time_distributed(draw: Draw, name: str) -> Program:
    inner, shape = draw.one(
        (Make("layers", "Dense", {"units": 2, "activation": "tanh"}), (3, 4)),
        (Make("layers", "Conv2D", {"filters": 2, "kernel_size": 2}), (2, 4, 3, 2)),
        (Make("layers", "BatchNormalization", {"axis": -1}), (3, 4)),
        (Make("layers", "Flatten", {}), (3, 2, 4)),
    )
    return Program(
        "layer",
        name,
        Make("layers", name, {"layer": inner}),
        [shape],
        masked=len(shape) == 2 and inner.name == "Dense" and draw.chance(0.4),
    )


def conv_lstm(draw: Draw, name: str) -> Program:
    rank = int(name[-2])
    form = draw.one(*FORMATS)
    options: dict[str, Any] = {"filters": draw.whole(1, 2), "kernel_size": draw.whole(1, 2), "data_format": form}
    options.update(
        draw.given(
            padding=("valid", "same"),
            return_sequences=(True, False),
            return_state=(True, False),
            go_backwards=(True, False),
            use_bias=(True, False),
            recurrent_activation=("hard_sigmoid", "sigmoid"),
            unit_forget_bias=(True, False),
            strides=(1, 2),
            stateful=(False,),
        )
    )
    size = tuple(draw.whole(3, 4) for _ in range(rank))
    return Program("layer", name, Make("layers", name, options), [(2, *placed(size, draw.whole(1, 2), form))], batch=2)


def dense(draw: Draw, name: str) -> Program:
    shape = draw.one((5,), (3, 5), (2, 3, 4))
    return Program(
        "layer",
        name,
        Make("layers", name, {"units": draw.whole(1, 5), **weighted(draw)}),
        [shape],
        masked=len(shape) == 2 and draw.chance(0.3),
    )


def embedding(draw: Draw, name: str) -> Program:
    options: dict[str, Any] = {"input_dim": 9, "output_dim": draw.whole(1, 4)}
    options.update(draw.given(mask_zero=(True, False), embeddings_regularizer=("l1", "l2"), embeddings_constraint=("non_neg",)))
    return Program("layer", name, Make("layers", name, options), [draw.one((4,), (2, 3))], integers=9)


def einsum_dense(draw: Draw, name: str) -> Program:
    equation, output, bias, shape = draw.one(
        ("abc,cd->abd", (None, 6), "d", (3, 4)),
        ("...x,xy->...y", 5, None, (2, 3, 4)),
        ("abc,cde->abde", (None, 2, 3), "de", (3, 4)),
        ("ab...,bc->ac...", 5, "c", (3, 4)),
        ("ab,bc->ac", 4, "c", (3,)),
        ("abcd,dcef->abef", (None, 2, 3), "ef", (2, 3, 4)),
    )
    options: dict[str, Any] = {"equation": equation, "output_shape": output}
    if bias and draw.chance(0.7):
        options["bias_axes"] = bias
    options.update(draw.given(activation=ACTIVATIONS, kernel_regularizer=("l2",), bias_constraint=("non_neg",)))
    return Program("layer", name, Make("layers", name, options), [shape])


def attention(draw: Draw, name: str) -> Program:
    options = draw.given(use_scale=(True, False), **({"score_mode": ("dot", "concat")} if name == "Attention" else {}))
    features = draw.whole(2, 4)
    count = draw.one(2, 3)
    shapes = [(3, features), (4, features), (4, features)][:count]
    call = draw.given(use_causal_mask=(True, False), return_attention_scores=(True,))
    return Program("layer", name, Make("layers", name, options), shapes, call=call, masked=draw.chance(0.4))


def heads(draw: Draw, name: str) -> Program:
    shapes = [(3, 4), draw.one((3, 4), (5, 4))]
    if name == "MultiHeadAttention":
        options: dict[str, Any] = {"num_heads": draw.whole(1, 3), "key_dim": draw.whole(1, 4)}
        options.update(
            draw.given(
                value_dim=(2, 3),
                use_bias=(True, False),
                output_shape=(3, 5),
                kernel_regularizer=("l2",),
                flash_attention=(False,),
            )
        )
        if draw.chance(0.3):
            shapes = [(2, 3, 4), (2, 3, 4)]
            options["attention_axes"] = draw.one(2, (1,), (1, 2), None)
        elif draw.chance(0.2):
            options["use_gate"] = True
    else:
        key_heads = draw.whole(1, 2)
        options = {
            "head_dim": draw.whole(1, 3),
            "num_key_value_heads": key_heads,
            "num_query_heads": key_heads * draw.whole(1, 2),
            **draw.given(use_bias=(True, False), kernel_constraint=("non_neg",)),
        }
    call = draw.given(use_causal_mask=(True, False), return_attention_scores=(True,))
    if len(shapes[0]) > 2:
        call.pop("use_causal_mask", None)
    masked = len(shapes[0]) == 2 and draw.chance(0.4)
    # Keras on torch lets a query that may look at nothing learn.
    return Program(
        "layer",
        name,
        Make("layers", name, options),
        shapes,
        call=call,
        separate=True,
        masked=masked,
        referee="jax" if masked else "torch",
    )


def batch_normalization(draw: Draw, name: str) -> Program:
    shape = draw.one((5,), (4, 3), (4, 3, 2))
    options = draw.given(
        momentum=(0.9, 0.5),
        epsilon=(0.01, 0.1),
        center=(True, False),
        scale=(True, False),
        beta_regularizer=("l2",),
        gamma_constraint=("non_neg",),
        axis=(-1, 1),
    )
    masked = len(shape) == 2 and options.get("axis", -1) == -1 and draw.chance(0.4)
    call = draw.given(training=(True, False)) if draw.chance(0.3) else {}
    return Program("layer", name, Make("layers", name, options), [shape], masked=masked, call=call)


def layer_normalization(draw: Draw, name: str) -> Program:
    options = draw.given(
        epsilon=(0.01, 0.1),
        center=(True, False),
        scale=(True, False),
        axis=(-1, 1, [1, 2], [-1, -2]),
        gamma_regularizer=("l2",),
        beta_constraint=("non_neg",),
    )
    return Program("layer", name, Make("layers", name, options), [(3, 4)])


def group_normalization(draw: Draw, name: str) -> Program:
    options = draw.given(epsilon=(0.01, 0.1), center=(True, False), scale=(True, False))
    axis = draw.one(-1, 1)
    options.update(groups=draw.one(1, 2, 4, -1), axis=axis)
    return Program("layer", name, Make("layers", name, options), [(3, 3, 4) if axis == -1 else (4, 3, 3)])


def other_normalization(draw: Draw, name: str) -> Program:
    options = draw.given(axis=(1, -1, [1, 2])) if name == "UnitNormalization" else draw.given(axis=(1, -1), epsilon=(0.01, 0.1))
    # Keras on torch normalises by root mean squares over the last axis only.
    other = name == "RMSNormalization" and options.get("axis", -1) == 1
    return Program("layer", name, Make("layers", name, options), [(3, 4)], referee="jax" if other else "torch")


def spectral_normalization(draw: Draw, name: str) -> Program:
    inner, shape = draw.one(
        (Make("layers", "Dense", {"units": 3}), (5,)),
        (Make("layers", "Conv2D", {"filters": 2, "kernel_size": 2}), (4, 4, 2)),
    )
    return Program("layer", name, Make("layers", name, {"layer": inner, **draw.given(power_iterations=(1, 2, 3))}), [shape])


def merging(draw: Draw, name: str) -> Program:
    if name == "Concatenate":
        axis = draw.one(-1, 1, 2, -2)
        shapes = [(3, 4), (3, 2)] if axis in (-1, 2) else [(3, 4), (2, 4), (1, 4)]
        return Program("layer", name, Make("layers", name, {"axis": axis}), shapes, masked=axis != 2 and draw.chance(0.3))
    count = 2 if name == "Subtract" else draw.whole(2, 4)
    shapes = draw.one(
        [(4,)] * count, [(3, 4)] * count, [(3, 4), (1, 4), (3, 1), (3, 4)][:count], [(3, 4), (4,), (3, 4), (4,)][:count]
    )
    return Program(
        "layer", name, Make("layers", name, {}), shapes, masked=all(len(shape) == 2 for shape in shapes) and draw.chance(0.3)
    )


def dot(draw: Draw, name: str) -> Program:
    axes, shapes = draw.one(
        (1, [(4,), (4,)]),
        (-1, [(3, 4), (2, 4)]),
        ((2, 1), [(3, 4), (4, 2)]),
        ((1, 2), [(3, 4), (2, 3)]),
        ((2, 2), [(3, 4), (3, 4)]),
    )
    return Program("layer", name, Make("layers", name, {"axes": axes, **draw.given(normalize=(True,))}), shapes)


def plain(name: str, shapes: Any, **choices: Any) -> Any:
    """Return a function that draws each keyword from a list, on one of some shapes."""

    def make(draw: Draw, _: str) -> Program:
        options = {key: draw.one(*values) for key, values in choices.items() if not key.endswith("_")}
        options.update(draw.given(**{key[:-1]: values for key, values in choices.items() if key.endswith("_")}))
        return Program("layer", name, Make("layers", name, options), [draw.one(*shapes)])

    return make


def random_layer(name: str, shapes: Any, **choices: Any) -> Any:
    def make(draw: Draw, label: str) -> Program:
        program = plain(name, shapes, **choices)(draw, label)
        program.random = True
        return program

    return make


def up_sampling_2d(draw: Draw, name: str) -> Program:
    form = draw.one(*FORMATS)
    options = {
        "size": draw.one(2, 3, (2, 3)),
        "data_format": form,
        **draw.given(interpolation=("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")),
    }
    # Keras on torch has no Lanczos windows.
    referee = "jax" if str(options.get("interpolation")).startswith("lanczos") else "torch"
    return Program("layer", name, Make("layers", name, options), [placed((3, 4), 2, form)], referee=referee)


def edges(rank: int, keyword: str) -> Any:
    def make(draw: Draw, name: str) -> Program:
        def pair() -> Any:
            return draw.whole(0, 2), draw.whole(0, 1)

        form = draw.one(*FORMATS)
        value = draw.one(
            1,
            pair() if rank == 1 else tuple(draw.whole(0, 2) for _ in range(rank)),
            pair() if rank == 1 else tuple(pair() for _ in range(rank)),
        )
        options = {keyword: value}
        if rank > 1 or keyword == "padding":
            options["data_format"] = form
        else:
            form = "channels_last"
        return Program("layer", name, Make("layers", name, options), [placed((5, 6, 5)[:rank], 2, form)])

    return make


def numbers(draw: Draw, name: str) -> Program:
    if name == "Rescaling":
        options: dict[str, Any] = {"scale": draw.one(0.5, [0.5, 2.0]), "offset": draw.one(0.0, -1.0, [1.0, 2.0])}
        return Program("layer", name, Make("layers", name, options), [(3, 2)])
    if name == "Normalization":
        options = draw.one(
            {"axis": None, "mean": 2.0, "variance": 4.0},
            {"mean": [1.0, 2.0], "variance": [0.5, 4.0]},
            {"mean": [1.0, 2.0], "variance": [0.5, 4.0], "invert": True},
        )
        return Program("layer", name, Make("layers", name, options), [(3, 2)])
    if name == "Discretization":
        options = {"bin_boundaries": [-0.5, 0.0, 0.7], "output_mode": draw.one("one_hot", "multi_hot", "count")}
        return Program("layer", name, Make("layers", name, options), [(4,)])
    options = {"num_tokens": 6, "output_mode": draw.one("multi_hot", "one_hot", "count")}
    return Program("layer", name, Make("layers", name, options), [(3,)], integers=6)


MAKERS: dict[str, Any] = {
    "Dense": dense,
    "EinsumDense": einsum_dense,
    "Embedding": embedding,
    "Activation": plain("Activation", [(3, 4)], activation=ACTIVATIONS),
    "ReLU": plain("ReLU", [(3, 4)], max_value_=(1.0, 0.5), negative_slope_=(0.1, 0.3), threshold_=(0.2, 0.0)),
    "LeakyReLU": plain("LeakyReLU", [(3, 4)], negative_slope_=(0.1, 0.5)),
    "PReLU": plain(
        "PReLU", [(3, 4)], shared_axes_=([1], [2], [1, 2]), alpha_regularizer_=("l2",), alpha_constraint_=("non_neg",)
    ),
    "ELU": plain("ELU", [(3, 4)], alpha_=(0.5, 2.0)),
    "Softmax": plain("Softmax", [(3, 4)], axis_=(1, -1, [1, 2], (-1, -2))),
    "Identity": plain("Identity", [(3, 4)]),
    "Masking": plain("Masking", [(3, 4)], mask_value_=(0.0, 1.0)),
    "Dropout": random_layer("Dropout", [(3, 4)], rate=(0.0, 0.4), seed_=(3,), noise_shape_=((None, 1, 4),)),
    "GaussianNoise": random_layer("GaussianNoise", [(3, 4)], stddev=(0.3,)),
    "GaussianDropout": random_layer("GaussianDropout", [(3, 4)], rate=(0.3,)),
    "AlphaDropout": random_layer("AlphaDropout", [(3, 4)], rate=(0.3,), noise_shape_=((None, 1, 4),)),
    "SpatialDropout1D": random_layer("SpatialDropout1D", [(3, 4)], rate=(0.3,)),
    "SpatialDropout2D": random_layer("SpatialDropout2D", [(3, 4, 2)], rate=(0.3,), data_format_=FORMATS),
    "SpatialDropout3D": random_layer("SpatialDropout3D", [(3, 4, 2, 2)], rate=(0.3,), data_format_=FORMATS),
    "ActivityRegularization": plain("ActivityRegularization", [(3, 4)], l1_=(0.1,), l2_=(0.2,)),
    "Flatten": plain("Flatten", [(2, 3, 4), (5,), (2, 3)], data_format_=FORMATS),
    "Reshape": plain("Reshape", [(2, 6), (12,), (3, 2, 2)], target_shape=((3, -1), (12,), (-1,), (2, 3, 2), (-1, 6))),
    "Permute": plain("Permute", [(2, 3, 4)], dims=((2, 3, 1), (3, 2, 1), (1, 3, 2))),
    "RepeatVector": plain("RepeatVector", [(4,)], n=(1, 3)),
    "Cropping1D": edges(1, "cropping"),
    "Cropping2D": edges(2, "cropping"),
    "Cropping3D": edges(3, "cropping"),
    "ZeroPadding1D": edges(1, "padding"),
    "ZeroPadding2D": edges(2, "padding"),
    "ZeroPadding3D": edges(3, "padding"),
    "UpSampling1D": plain("UpSampling1D", [(4, 2)], size_=(1, 2, 3)),
    "UpSampling2D": up_sampling_2d,
    "UpSampling3D": plain("UpSampling3D", [(2, 2, 3, 2)], size_=(1, 2, (1, 2, 3)), data_format_=FORMATS),
    **dict.fromkeys(("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"), merging),
    "Dot": dot,
    "BatchNormalization": batch_normalization,
    "LayerNormalization": layer_normalization,
    "GroupNormalization": group_normalization,
    "RMSNormalization": other_normalization,
    "UnitNormalization": other_normalization,
    "SpectralNormalization": spectral_normalization,
    **{f"Conv{rank}D": convolution for rank in (1, 2, 3)},
    **{f"Conv{rank}DTranspose": transposed for rank in (1, 2, 3)},
    **{f"{kind}Conv{rank}D": by_channel for kind in ("Depthwise", "Separable") for rank in (1, 2)},
    **{f"{kind}Pooling{rank}D": pooling for kind in ("Max", "Average") for rank in (1, 2, 3)},
    **{f"Global{kind}Pooling{rank}D": global_pooling for kind in ("Max", "Average") for rank in (1, 2, 3)},
    **{f"Adaptive{kind}Pooling{rank}D": adaptive_pooling for kind in ("Max", "Average") for rank in (1, 2, 3)},
    **dict.fromkeys(("SimpleRNN", "LSTM", "GRU"), recurrent),
    "RNN": recurrence,
    "Bidirectional": bidirectional,
    "TimeDistributed": time_distributed,
    **{f"ConvLSTM{rank}D": conv_lstm for rank in (1, 2, 3)},
    "Attention": attention,
    "AdditiveAttention": attention,
    "MultiHeadAttention": heads,
    "GroupQueryAttention": heads,
    **dict.fromkeys(("Rescaling", "Normalization", "Discretization", "CategoryEncoding"), numbers),
}

MANY = {
    "Dense": 8,
    "Conv1D": 8,
    "Conv2D": 8,
    "LSTM": 10,
    "GRU": 10,
    "SimpleRNN": 8,
    "Bidirectional": 8,
    "RNN": 6,
    "MultiHeadAttention": 8,
    "BatchNormalization": 7,
    "Conv2DTranspose": 6,
    "Attention": 6,
}
USUAL = 3

NOT_IN_KERAS = {
    "Highway": "Keras 1",
    "MaxoutDense": "Keras 1",
    "Merge": "Keras 1",
    "LocallyConnected1D": "Keras 2",
    "LocallyConnected2D": "Keras 2",
    "ThresholdedReLU": "Keras 2",
}
INSIDE_OTHERS = {
    "InputLayer": "every model has one",
    "Wrapper": "base of Bidirectional, TimeDistributed",
    "SimpleRNNCell": "in RNN",
    "LSTMCell": "in RNN",
    "GRUCell": "in RNN",
    "StackedRNNCells": "in RNN",
    **dict.fromkeys(
        (
            "RandomZoom",
            "RandomCrop",
            "RandomBrightness",
            "RandomFlip",
            "RandomTranslation",
            "RandomRotation",
            "RandomContrast",
            "Hashing",
            "HashedCrossing",
            "IntegerLookup",
            "StringLookup",
            "TextVectorization",
            "Resizing",
            "CenterCrop",
        ),
        "draws at random, in inference too, or is asked for its own numbers in the tests of preprocessing",
    ),
    "Lambda": "its function is Python code, which no file holds; it has tests of its own",
}


def programs(seed: int) -> list[Program]:
    """Return the cases of all layers for a seed; of those that JAX must judge, which is slow, one for each layer."""
    found: list[Program] = []
    for name, make in MAKERS.items():
        wanted, index, judged_by_jax = MANY.get(name, USUAL), 0, False
        while wanted:
            program = make(Draw(seed, name, index), name)
            index += 1
            if program.referee == "jax" and judged_by_jax:
                continue
            judged_by_jax = judged_by_jax or program.referee == "jax"
            found.append(program)
            wanted -= 1
    return found
