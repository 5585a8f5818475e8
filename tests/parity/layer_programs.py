"""Random options for every layer that real Keras has too."""

from __future__ import annotations

from typing import Any

from layer_options import ACTIVATIONS, FORMATS, image, moved, placed, weighted, window
from program import Draw, Make, Program
from sequence_programs import attention, bidirectional, conv_lstm, heads, recurrence, recurrent, time_distributed


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


def pictures(name: str, **choices: Any) -> Any:
    """Return a function that makes a case on pictures, which a layer with weights makes of numbers around them."""

    def make(draw: Draw, label: str) -> Program:
        program = plain(name, [(7, 6, 3)], **choices)(draw, label)
        program.integers = 256
        program.random = True
        return program

    return make


def reversible_embedding(draw: Draw, name: str) -> Program:
    options = {"input_dim": 6, "output_dim": 4, **draw.given(tie_weights=(False,), logit_soft_cap=(2.0,), mask_zero=(True,))}
    if draw.chance(0.5):
        return Program("layer", name, Make("layers", name, options), [(3, 4)], call={"reverse": True})
    return Program("layer", name, Make("layers", name, options), [(5,)], integers=6)


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
    "ReversibleEmbedding": reversible_embedding,
    "STFTSpectrogram": plain(
        "STFTSpectrogram",
        [(40, 2)],
        frame_length=(12, 20),
        # The angle of a number next to zero is anything.
        mode_=("log", "magnitude", "psd", "real", "imag", "stft"),
        frame_step_=(3, 5),
        fft_length_=(32,),
        window_=("hamming", None),
        periodic_=(True,),
        scaling_=("spectrum", None),
        padding_=("same",),
        expand_dims_=(True,),
    ),
    "MelSpectrogram": plain(
        "MelSpectrogram",
        [(500,)],
        fft_length=(64, 128),
        sequence_stride=(32, 50),
        num_mel_bins=(8,),
        sequence_length_=(60,),
        sampling_rate_=(8000,),
        max_freq_=(3000.0,),
        power_to_db_=(False,),
        mag_exp_=(1.0,),
        top_db_=(20.0,),
    ),
    "AutoContrast": pictures("AutoContrast"),
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
    "RandomHeight": "Keras 2",
    "RandomWidth": "Keras 2",
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
            "RandomColorDegeneration",
            "RandomColorJitter",
            "RandomElasticTransform",
            "RandomErasing",
            "RandomGaussianBlur",
            "RandomGrayscale",
            "RandomHue",
            "RandomInvert",
            "RandomPerspective",
            "RandomPosterization",
            "RandomSaturation",
            "RandomSharpness",
            "RandomShear",
            "Equalization",
            "ContrastLimitedAdaptiveHistogramEqualization",
            "Solarization",
            "MixUp",
            "CutMix",
            "AugMix",
            "RandAugment",
            "MaxNumBoundingBoxes",
            "Pipeline",
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
