# Data sets by name: each kind of block, what str() says, sums that fail if a number is lost.
for (name in c("co2", "lynx", "EuStockMarkets", "Seatbelts", "ChickWeight", "CO2", "esoph", "infert", "quakes", "volcano", "state.x77", "UScitiesD", "eurodist", "BOD", "ability.cov", "freeny")) {
  value <- get(name)
  cat("==", name, class(value), "\n")
  str(value)
  if (is.numeric(value)) print(sum(value)) else print(sapply(value, function(column) sum(as.numeric(column), na.rm = TRUE)))
}
head(esoph, 4)
summary(infert)
head(ChickWeight, 3)
attr(ChickWeight, "units")$y
UKgas
presidents[1:6]
window(co2, 1996, c(1997, 12))
sapply(split(ChickWeight$weight, ChickWeight$Diet), mean)
aggregate(uptake ~ Type + Treatment, data = CO2, FUN = mean)
levels(attenu$station)[1:5]; sum(is.na(attenu$station))
state.x77["Ohio", c("Population", "Area")]
VADeaths["60-64", ]
