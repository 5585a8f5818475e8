# Small tables that dplyr's examples are about.

band_members <- tribble(~name, ~band, "Mick", "Stones", "John", "Beatles", "Paul", "Beatles")

band_instruments <- tribble(~name, ~plays, "John", "guitar", "Paul", "bass", "Keith", "guitar")

band_instruments2 <- tribble(~artist, ~plays, "John", "guitar", "Paul", "bass", "Keith", "guitar")
