"""The built-in functions, a room for each kind of work, one family per file. `families.py` enters them into the table."""
