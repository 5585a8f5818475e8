# One small table of cases and people in five shapes.

table1 <- tribble(
  ~country, ~year, ~cases, ~population,
  "Afghanistan", 1999, 745, 19987071,
  "Afghanistan", 2000, 2666, 20595360,
  "Brazil", 1999, 37737, 172006362,
  "Brazil", 2000, 80488, 174504898,
  "China", 1999, 212258, 1272915272,
  "China", 2000, 213766, 1280428583)

table2 <- pivot_longer(table1, c(cases, population), names_to = "type", values_to = "count")

table3 <- tibble(table1[c("country", "year")], rate = paste(format(table1$cases, trim = TRUE), format(table1$population, scientific = FALSE, trim = TRUE), sep = "/"))

table4a <- pivot_wider(table1[c("country", "year", "cases")], names_from = year, values_from = cases)

table4b <- pivot_wider(table1[c("country", "year", "population")], names_from = year, values_from = population)

table5 <- tibble(country = table1$country, century = substr(table1$year, 1L, 2L), year = substr(table1$year, 3L, 4L), rate = table3$rate)
