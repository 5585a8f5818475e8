"""Fuse: decide which nodes share one kernel, and in which order the kernels run.

Four rules, in this order:

1. A reduction takes the element-wise nodes that only it reads.
2. Element-wise nodes of one shape join the group of a node that they read, as long as no other group would have to run
   between the two.
3. A matrix product takes the element-wise group that alone reads it: bias, activation, or a whole weight update. So do a
   convolution, its input's gradient and a pooling's gradient, where the group draws no random numbers.
4. Sums into the rows of a large table join the update that they go into (`defer.py`).

Views (reshape, transpose, slice, broadcast) are no work: they say how a buffer is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipekeras.core.errors import InternalError
from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.trace import Graph
from pipekeras.graph.variable import Variable
from pipekeras.graph.view import View
from pipekeras.ops.define import OPERATIONS
from pipekeras.passes.defer import defer_rows
from pipekeras.passes.order import ordered, roots, users

_FUSABLE = ("elementwise", "generate")
# Operations over windows that what follows may run on.
_WINDOWS = ("convolution", "convolution_input_gradient", "max_pooling_gradient", "sum_pooling_gradient")


@dataclass(eq=False)
class Group:
    """Nodes that one kernel computes.

    Args:
        kind: "elementwise", "reduce", "matmul", "gather", "scatter", "copy" (also a view made real), "scan" or
            "choice" (a loop or branches, and the parts of it that are read), "row_update" (sums into the rows of a table
            and the update that they go into) or "other".
        nodes: in order; the last one gives reductions and products their result.
        number: index in the order of creation.
        update: variable whose memory the result goes to, for groups that only copy.
    """

    kind: str
    nodes: list[Tensor]
    number: int
    outputs: list[Tensor] = field(default_factory=list)
    update: Variable | None = None


@dataclass
class Schedule:
    """Groups in the order of execution, and where each tensor's values lie.

    Args:
        groups: in order.
        source: for every view, the tensor whose buffer it reads and how.
        in_place: variables whose new value is written straight into their memory, by the id of that value.
        results: the tensors that hold the graph's outputs, views resolved to copies.
        copies: variables that a last step copies their new value into.
        fused: whether nodes share kernels; the bodies of loops follow.
        deferred: for each reading of rows of a table, by id, the group that updates these rows.
    """

    groups: list[Group]
    source: dict[int, tuple[Tensor, View]]
    in_place: dict[int, Variable]
    results: list[Tensor]
    copies: list[tuple[Variable, Tensor]]
    fused: bool = True
    deferred: dict[int, Group] = field(default_factory=dict)


class Fuser:
    """The groups of one graph while they are made."""

    def __init__(self, graph: Graph, layouts: dict[int, tuple[Tensor, View]] | None = None) -> None:
        self.graph = graph
        self.order = ordered(roots(graph))
        self.users = users(self.order)
        self.root_ids = {id(item) for item in roots(graph)}
        self.source: dict[int, tuple[Tensor, View]] = dict(layouts or {})
        self.groups: list[Group] = []
        self.before: list[int] = []
        self.group_of: dict[int, Group] = {}
        self.claimed: dict[int, Tensor] = {}
        self.claims: dict[int, list[Tensor]] = {}
        self.absorbed = 0

    # Views

    def look_through(self, tensor: Tensor) -> tuple[Tensor, View]:
        """Return the tensor whose buffer holds this one's values, and how they lie there."""
        found = self.source.get(id(tensor))
        if found is not None:
            return found
        if tensor.data is not None:
            size = tensor.data.itemsize
            return tensor, View(tensor.data.shape, tuple(stride // size for stride in tensor.data.strides))
        return tensor, View.contiguous(known(tensor.shape))

    def resolve_views(self) -> None:
        for tensor in self.order:
            operation = tensor.operation
            if operation is None or operation.kind != "view" or id(tensor) in self.root_ids:
                continue
            base, view = self.look_through(tensor.inputs[0])
            seen = operation.facts["view"](view, **tensor.attributes)
            if seen is not None:
                self.source[id(tensor)] = (base, seen)

    # Claims: nodes that a reduction takes along

    def claim_prologues(self) -> None:
        position = {id(node): index for index, node in enumerate(self.order)}
        for reduction in reversed(self.order):
            if reduction.operation is None or reduction.operation.kind != "reduce":
                continue
            (argument,) = reduction.inputs
            inside = {id(reduction)}
            taken: list[Tensor] = []
            waiting = [argument]
            while waiting:
                node = waiting.pop()
                if (
                    id(node) in inside
                    or node.operation is None
                    or node.operation.kind not in _FUSABLE
                    or node.shape != argument.shape
                    or id(node) in self.root_ids
                    or id(node) in self.claimed
                    or any(id(user) not in inside for user in self.users[id(node)])
                ):
                    continue
                inside.add(id(node))
                taken.append(node)
                waiting.extend(node.inputs)
            if taken:
                for node in taken:
                    self.claimed[id(node)] = reduction
                self.claims[id(reduction)] = [*sorted(taken, key=lambda node: position[id(node)]), reduction]

    # Groups

    def make_group(self, kind: str, nodes: list[Tensor]) -> Group:
        group = Group(kind, nodes, len(self.groups))
        self.groups.append(group)
        self.before.append(0)
        for node in nodes:
            self.group_of[id(node)] = group
        for node in nodes:
            for item in node.inputs:
                self.depend(group, item)
        return group

    def depend(self, group: Group, item: Tensor) -> None:
        """Record that `group` reads `item`."""
        base, _ = self.look_through(item)
        other = self.group_of.get(id(base))
        if other is not None and other is not group:
            self.run_before(other, group)

    def run_before(self, first: Group, second: Group) -> None:
        """Record an order; what runs after `second` runs after `first` too."""
        new = self.before[first.number] | (1 << first.number)
        if self.before[second.number] & new == new:
            return
        self.before[second.number] |= new
        bit = 1 << second.number
        for number, earlier in enumerate(self.before):
            if earlier & bit:
                self.before[number] = earlier | new

    def must_precede(self, first: Group, second: Group) -> bool:
        return bool(self.before[second.number] >> first.number & 1)

    def build_groups(self) -> None:
        for tensor in self.order:
            operation = tensor.operation
            if operation is None or id(tensor) in self.source:
                continue
            if id(tensor) in self.claimed and id(tensor) not in self.claims:
                continue
            if operation.kind == "scan_part":
                self.join_loop(tensor)
            elif id(tensor) in self.claims:
                self.make_group("reduce", self.claims[id(tensor)])
            elif operation.kind in _FUSABLE:
                group = self.joinable(tensor)
                if group is None:
                    self.make_group("elementwise", [tensor])
                else:
                    group.nodes.append(tensor)
                    self.group_of[id(tensor)] = group
                    for item in tensor.inputs:
                        self.depend(group, item)
            else:
                self.make_group("copy" if operation.kind == "view" else operation.kind, [tensor])

    def join_loop(self, part: Tensor) -> None:
        """Put a part of what a loop computes into the loop's group."""
        group = self.group_of[id(part.inputs[0])]
        group.nodes.append(part)
        self.group_of[id(part)] = group

    def joinable(self, tensor: Tensor) -> Group | None:
        """Return the group of an input that this element-wise node may join, the latest one first."""
        candidates: list[Group] = []
        needed: list[Group] = []
        for item in tensor.inputs:
            base, _ = self.look_through(item)
            group = self.group_of.get(id(base))
            if group is None:
                continue
            if base is item and group.kind == "elementwise" and item.shape == tensor.shape:
                if group not in candidates:
                    candidates.append(group)
            else:
                needed.append(group)
        for group in sorted(candidates, key=lambda found: -found.number):
            if len(group.nodes) >= 64:
                continue
            others = [other for other in [*needed, *candidates] if other is not group]
            if group not in needed and not any(self.must_precede(group, other) for other in others):
                return group
        return None

    def absorb_producers(self) -> None:
        """Put an element-wise group into the only group that reads it, when that is element-wise and of its shape."""
        position = {id(node): index for index, node in enumerate(self.order)}
        for group in reversed(self.groups):
            if group.kind != "elementwise":
                continue
            own = {id(node) for node in group.nodes}
            reading = [user for node in group.nodes for user in self.users.get(id(node), []) if id(user) not in own]
            readers = {id(self.group_of.get(id(user))): self.group_of.get(id(user)) for user in reading}
            if len(readers) != 1 or any(id(user) in self.source for user in reading):
                continue
            (reader,) = readers.values()
            if reader is None or reader.kind != "elementwise" or reader.nodes[-1].shape != group.nodes[-1].shape:
                continue
            if len(reader.nodes) + len(group.nodes) > 64:
                continue
            reader.nodes = sorted([*group.nodes, *reader.nodes], key=lambda node: position[id(node)])
            for node in group.nodes:
                self.group_of[id(node)] = reader
            self.absorbed |= 1 << group.number

    def add_epilogues(self) -> None:
        """Let a product's only reader run on the product while it is in registers."""
        for tensor in self.order:
            operation = tensor.operation
            if operation is None or id(tensor) in self.root_ids:
                continue
            if operation.kind != "matmul" and operation.name not in _WINDOWS:
                continue
            readers = {id(self.group_of.get(id(user))) for user in self.users.get(id(tensor), [])}
            user = self.users[id(tensor)][0]
            group: Group | None = self.group_of.get(id(user))
            if len(readers) != 1 or group is None or group.kind != "elementwise" or user.shape != tensor.shape:
                continue
            if operation.kind != "matmul" and any(_draws(node) for node in group.nodes):
                continue
            product = self.group_of[id(tensor)]
            group.kind = operation.kind
            group.nodes.insert(0, tensor)
            self.group_of[id(tensor)] = group
            self.absorbed |= 1 << product.number

    # Variables

    def place_updates(self) -> tuple[dict[int, Variable], list[tuple[Variable, Tensor]]]:
        """Let new values go straight into a variable's memory where nobody reads the old ones later."""
        readers: dict[Variable, list[tuple[Group, bool]]] = {}
        for group in self.groups:
            if self.absorbed >> group.number & 1:
                continue
            for node in group.nodes:
                for item in node.inputs:
                    base, _ = self.look_through(item)
                    if base.variable is not None:
                        # Read and written element for element: the old value is gone only when nobody needs it.
                        direct = base is item and node.shape == item.shape and _is_in_place(group, node, item)
                        readers.setdefault(base.variable, []).append((group, direct))
        in_place: dict[int, Variable] = {}
        copies: list[tuple[Variable, Tensor]] = []
        output_ids = {id(item) for item in self.graph.outputs}
        for variable, value in self.graph.updates.items():
            maker = self.group_of.get(id(value))
            if value.variable is variable:
                continue
            if maker is None or id(value) in in_place or id(value) in output_ids or id(value) in self.source:
                copies.append((variable, value))
                continue
            others = readers.get(variable, [])
            safe = all(
                direct if reader is maker else not self.must_precede(maker, reader) for reader, direct in others
            )
            if not safe:
                copies.append((variable, value))
                continue
            for reader, _ in others:
                if reader is not maker:
                    self.run_before(reader, maker)
            in_place[id(value)] = variable
        return in_place, copies

    def execution_order(self) -> list[Group]:
        done = self.absorbed
        waiting = [group for group in self.groups if not self.absorbed >> group.number & 1]
        result: list[Group] = []
        while waiting:
            rest = []
            for group in waiting:
                if self.before[group.number] & ~done == 0:
                    result.append(group)
                    done |= 1 << group.number
                else:
                    rest.append(group)
            if len(rest) == len(waiting):
                raise InternalError(f"{len(rest)} kernels wait for each other")
            waiting = rest
        return result


def _is_in_place(group: Group, node: Tensor, item: Tensor) -> bool:
    """Whether the group reads an operand of a node where it writes its result."""
    if group.kind == "subtract_rows":
        return item is node.inputs[0] and all(other is not item for other in node.inputs[1:])
    return group.kind in ("elementwise", "matmul") and node.operation is not None and node.operation.kind in _FUSABLE


def fuse(graph: Graph, enabled: bool = True, layouts: dict[int, tuple[Tensor, View]] | None = None) -> Schedule:
    """Group the nodes of a graph into kernels.

    Args:
        graph: Graph, its shapes all known.
        enabled: bool, default True; False gives every node a kernel of its own (tests compare the two).
        layouts: how inputs lie that are not dense: by id, the tensor whose buffer they read and how.
    """
    fuser = Fuser(_with_old_values(graph), layouts)
    fuser.resolve_views()
    if enabled:
        fuser.claim_prologues()
        fuser.build_groups()
        fuser.absorb_producers()
        fuser.add_epilogues()
    else:
        for tensor in fuser.order:
            operation = tensor.operation
            if operation is not None and operation.kind == "scan_part":
                fuser.join_loop(tensor)
            elif operation is not None and id(tensor) not in fuser.source:
                kind = {"generate": "elementwise", "view": "copy"}.get(operation.kind, operation.kind)
                fuser.make_group(kind, [tensor])
    in_place, copies = fuser.place_updates()
    deferred = defer_rows(fuser, in_place) if enabled else {}
    groups = fuser.execution_order()
    _find_outputs(fuser, groups, copies)
    return Schedule(groups, fuser.source, in_place, list(fuser.graph.outputs), copies, enabled, deferred)


def _draws(node: Tensor) -> bool:
    return node.operation is not None and node.operation.kind == "generate"


def _with_old_values(graph: Graph) -> Graph:
    """Make what is the value of a variable before the step a result of its own, so that it is read before the step ends."""

    def old(tensor: Tensor, target: Variable | None) -> Tensor:
        if tensor.variable is None or tensor.variable is target:
            return tensor
        return OPERATIONS["reshape"](tensor, shape=tensor.shape)

    return Graph(
        graph.inputs,
        [old(tensor, None) for tensor in graph.outputs],
        graph.variables,
        {variable: old(tensor, variable) for variable, tensor in graph.updates.items()},
    )


def _find_outputs(fuser: Fuser, groups: list[Group], copies: list[tuple[Variable, Tensor]]) -> None:
    """Note which values of each group someone outside of it reads."""
    needed = set(fuser.root_ids)
    for group in groups:
        for node in group.nodes:
            for item in node.inputs:
                base, _ = fuser.look_through(item)
                if base is not item or fuser.group_of.get(id(base)) is not group:
                    needed.add(id(base))
    for _, value in copies:
        base, _ = fuser.look_through(value)
        needed.add(id(base))
    for group in groups:
        group.outputs = [node for node in group.nodes if id(node) in needed]
