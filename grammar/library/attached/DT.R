# Tables of pages, shown as text.

datatable <- function(data, ...) as.data.frame(data)

formatRound <- function(table, columns, digits = 2, ...) {
  table[columns] <- lapply(table[columns], round, digits)
  table
}
