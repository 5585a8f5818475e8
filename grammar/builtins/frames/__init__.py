"""Data frames: making, indexing, joining, splitting."""
