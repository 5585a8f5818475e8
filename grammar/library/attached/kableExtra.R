# Looks of tables: a table that is text keeps its own.

kbl <- function(x, ...) knitr::kable(x, ...)

kable_styling <- function(kable_input, ...) kable_input

row_spec <- function(kable_input, ...) kable_input

column_spec <- function(kable_input, ...) kable_input

add_header_above <- function(kable_input, ...) kable_input

scroll_box <- function(kable_input, ...) kable_input

kable_classic <- function(kable_input, ...) kable_input

kable_paper <- function(kable_input, ...) kable_input

kable_minimal <- function(kable_input, ...) kable_input
