"""Random options for layers over time: recurrent ones and attention."""

from __future__ import annotations

from typing import Any

from layer_options import FORMATS, placed
from program import Draw, Make, Program


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
