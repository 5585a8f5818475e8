"""Time one work with one peer in this process and print the result as JSON: `python -m benchmarks.one WORK PEER`."""

from __future__ import annotations

import importlib
import json
import sys

from benchmarks.convolutions import CONVOLUTIONS
from benchmarks.measure import peak_memory
from benchmarks.peers import module_of
from benchmarks.works import GROWTH, TRAINING


def main() -> None:
    """Run and report: `seconds` is a number, a list, or null where the whole process is what counts."""
    work, peer = sys.argv[1:3]
    module = importlib.import_module(f"benchmarks.peers.{module_of(peer, work)}")
    seconds: float | list[float] | None
    if work == "first_step":
        module.first_step()
        seconds = None
    elif work in TRAINING:
        seconds = module.train(TRAINING[work])
    elif work in GROWTH:
        seconds = [module.train(one) for _, one in GROWTH[work]]
    elif work in CONVOLUTIONS:
        seconds = module.convolution(CONVOLUTIONS[work])
    else:
        seconds = getattr(module, work)()
    print(json.dumps({"seconds": seconds, "memory": peak_memory()}))


if __name__ == "__main__":
    main()
