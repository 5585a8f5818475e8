"""Time one work with one peer in this process and print the result as JSON: `python -m benchmarks.one WORK PEER`."""

from __future__ import annotations

import importlib
import json
import sys

from benchmarks.measure import peak_memory
from benchmarks.peers import PEERS
from benchmarks.works import TRAINING


def main() -> None:
    """Run and report."""
    work, peer = sys.argv[1:3]
    module = importlib.import_module(f"benchmarks.peers.{PEERS[peer][0]}")
    if work == "first_step":
        module.first_step()
        seconds = None
    elif work == "one_row":
        seconds = module.one_row()
    else:
        seconds = module.train(TRAINING[work])
    print(json.dumps({"seconds": seconds, "memory": peak_memory()}))


if __name__ == "__main__":
    main()
