"""How R values look as text: number layout, string escapes, vectors, matrices, lists, frames and ``str``."""
