"""Compiled kernels, the cache that keeps them, and the executor that runs lists of them.

How a graph becomes running code, from the caller's side::

    from pipekeras.runtime.executor import Command, Program
    from pipekeras.runtime.kernels.elementwise import Operand, Step, elementwise_kernel

    relu = Step("relu", (0,), "float32", lambda e, x: e.maximum(x, 0.0))
    kernel = elementwise_kernel([Operand("float32")], [relu], [1])
    program = Program([kernel.command((rows, columns), [(x, (columns, 1))], [(y, (columns, 1))])])
    program.run(1)

**Kernel** (`kernel.py`). A plain C function `void kernel(int64 arguments, int64 begin, int64 end)` does the work units
`[begin, end)` of one launch. `arguments` is the address of an int64 array. How `[0, extent)` is split over calls never
changes a bit of the result. A `Kernel` object is cheap: nothing is compiled or loaded before `kernel.address` is read
(a `Program` does that). Equal kernels (equal text) are the same object.

**Command** (`executor.py`). `Command(kernel, arguments, extent, cost=ns, threads=None, barrier=None)`: one launch.
`arguments` is a list of int, float (stored bit by bit) and numpy arrays (their address; kept alive by the command). All
kernel families below build their commands themselves, so a caller names buffers and shapes only:

* A *buffer* is `(array or address, strides)`: strides in **elements**, one per loop dimension; or an array alone,
  whose own strides are taken when its shape is the loop shape.
* `kernel.command(...)` returns a `Command`; functions called `*_commands` return a list of them (and have a `*_scratch`
  twin that tells how many bytes of scratch the caller must hand over).

**Program** (`executor.py`). `Program(commands, counter=None)`; `.run(repetitions=1)` runs the whole list that often
without coming back to Python; `.threads` is what it uses. `StepCounter()` owns the int64 that thread 0 increments after
every repetition (`counter.address`, `counter.value`); the batch gather reads it. `run_command(command)` launches one.
`pipekeras.runtime.threads.thread_count()` is the machine's (or `PIPEKERAS_NUM_THREADS`).

**Element-wise** (`kernels/elementwise.py`). `elementwise_kernel(inputs, steps, outputs, outer=0)`:

* `inputs`: `Operand(dtype, access)` with access along the innermost loop dimension: `"contiguous"` (stride 1),
  `"broadcast"` (stride 0) or `"strided"`. Outer strides are run-time arguments, 0 for broadcasting.
* `steps`: `Step(name, operands, dtype, emit, constants=())`. Operand indices count the inputs first, then earlier steps.
  `emit(e, *operands, **constants)` writes the step with the emitter `e` (below); the result is cast to `dtype`.
* `outputs`: indices of values that are stored; each may be `(index, Operand(dtype, access))` when not contiguous.
* `outer`: number of loop dimensions beside the innermost one (0 to 6). Collapse what collapses.
* `kernel.command(extents, inputs, outputs)`: `extents` has outer + 1 sizes; buffers as above. Run-time scalars are
  inputs with all strides 0. Outputs may be the same buffer as inputs of equal strides (in place).

**Reductions** (`kernels/reduction.py`). `reduction_kernel(inputs, steps, outputs, kept, reduced, inner)` where each output
is `Reduce(kind, value, dtype)`; kind: sum, product, maximum, minimum, any, all, argmaximum, argminimum. Loop dimensions are
`kept` outer ones, then `reduced` outer ones, then the innermost one, which is itself `"reduced"` or `"kept"`.
Output strides cover the kept
dimensions only. One pass may write several reductions. `reduction_commands(inputs, steps, outputs, kept, reduced,
inner, inner_role, sources, results, scratch)` in `kernels/staged.py` takes the extents themselves and splits a reduction
with few results and much input in two fixed stages; it needs `reduction_scratch(...)` bytes (0 for one stage).

**Row programs** (`kernels/rows.py`). `row_kernel(inputs, items, outputs, outer=1)`: element-wise `Step`s and
`RowReduce(kind, value, dtype)`s over the innermost dimension mixed freely in one kernel (softmax, layer normalisation,
cross-entropy). An output `(index, Operand(dtype, "broadcast"))` stores one number per row.

**Matrix product** (`kernels/matmul.py`). `matmul_commands(a, b, c, (m, n, k), dtype, transpose_a=, transpose_b=,
batch=(...), accumulate=, epilogue=Epilogue(inputs, steps, result, outputs), extra=[buffers], scratch=)`: C = A @ B (+
C), then any element-wise expression over the product (value 0; the epilogue's inputs are values 1, 2, ...). A matrix is
`(array or address, (batch strides ..., row stride))`; an extra buffer is `(array or address, (batch strides ..., row
stride, column stride))`: a bias is `(bias, (0, 1))` with `Operand(dtype)`, a single number `(number, (0, 0))` with
`Operand(dtype, "scalar")`. With `result=None` only the outputs are stored. `matmul_scratch(...)` bytes are needed when B is
transposed. All products run by one tile, whatever their sizes; the kernel itself is in `kernels/matmul_kernel.py`.

**Movement** (`kernels/movement.py`). `copy_command` (any strided layout to any other, transposes included),
`fill_command`, `gather_command` (rows by index), `batch_gather_command` (rows by permutation and step counter),
`record_command` (a row of results by step counter),
`one_hot_command`, `concatenate_commands`. `kernels/scatter.py`: `scatter_rows_command` (rows summed into tables by index,
in a fixed order), `subtract_rows_command` (the same, scaled and taken off the rows that are named). `kernels/ordering.py`:
`argsort_command` (stable), `largest_command`, `running_command` (cumulative sums and products).

**Convolution** (`kernels/convolution.py`). `Geometry.of(batch, size, channels, filters, window, strides, dilation, padding,
groups)` for one to three dimensions, channels last; `forward_commands`, `input_gradient_commands` and
`weight_gradient_commands`, each with its `*_scratch`. `kernels/window.py`: `pool_commands` ("maximum" or "sum"),
`depthwise_commands` and their gradients over the same `Geometry`.

**Recurrence** (`kernels/lstm.py`, `kernels/gru.py`, `kernels/plain_recurrent.py`; what they share is in `kernels/recurrent.py`
and `kernels/recurrent_sums.py`). `Sequences(batch, time, features, units, dtype, backwards)` with `lstm_*`, `gru_*` and
`simple_*` `forward_commands` and `backward_commands`; `Mask(valid, scratch)` (`kernels/recurrent_mask.py`) names the steps
at which rows stand still. `kernels/sequence.py`: `sequence_command(parts, blocks)` runs any list
of commands block of rows by block of rows without a barrier.

**Attention** (`kernels/attention.py`). `Attention(batch, heads, queries, keys, depth, values, dtype, scale, causal)` with
`attention_command` and `attention_gradient_command`; neither holds the matrix of weights. Its matrices of a few vectors'
width live on the stack (`kernels/procedures.py`, which also writes procedures inside of a kernel).

**The emitter** (`kernels/element_emitter.py` and what it joins). Operands are `Value`s with `.dtype`;
Python numbers are taken as constants; `+ - * / % & | ^ ~ << >>`, unary minus and comparisons work on them. Methods, all
vectorised, NumPy's special values:

* `add subtract multiply divide remainder floor_divide negative absolute sign square reciprocal fma(a, b, c)`
* `maximum minimum` (a NaN wins), `clip(x, low, high)`
* `equal not_equal less less_equal greater greater_equal`, `logical_and logical_or logical_not logical_xor`,
  `select(condition, a, b)`, `is_nan is_infinite is_finite`
* `bitwise_and bitwise_or bitwise_xor bitwise_not shift_left shift_right`
* `floor ceil round truncate` (round: half to even), `cast(x, dtype)`, `constant(value, dtype=None)`, `bitcast(x, dtype)`
* `sqrt rsqrt exp exp2 expm1 log log2 log10 log1p power sin cos tan sinh cosh tanh arcsin arccos arctan arctan2 arcsinh
  arccosh arctanh sigmoid softplus erf erfc erfinv`
* `linear_index()`: the element's index in the loop space (row-major, int64); `column_index()`: in the innermost dimension
* `random_bits(seed, counter, index)`: four uint32 values, a pure function of its arguments (Philox 4x32-10);
  `random_word(seed, draw, index)`: one of the four words of block `index // 4`, a quarter of the work;
  `random_uniform(bits, dtype)`: [0, 1)
* `e.dtype`: the dtype of the step being written.

Compiled code lies in `PIPEKERAS_CACHE` (default `~/.cache/pipekeras`), see `cache.py`; `compiler.compilations()` counts
what this process compiled. A process that finds everything there imports neither Numba nor a compiler front end.
"""
