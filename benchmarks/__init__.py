"""Times of typical work, ours beside the peers that are installed: `python -m benchmarks [work ...]`."""
