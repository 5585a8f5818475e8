"""Names that scripts for other libraries use, over our own functions. Nothing is imported before it is used."""
