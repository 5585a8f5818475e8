"""The built-in functions, one family per file. `families.py` enters them into the table."""
