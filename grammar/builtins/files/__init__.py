"""Files, connections and the formats of data in them."""
