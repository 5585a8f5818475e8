"""How values are shown: print, str, summary."""
