"""Text: patterns, pieces, formats, encodings."""
