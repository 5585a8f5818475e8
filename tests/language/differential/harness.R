# Runs every line of a file as a program of its own and writes down what it shows: values, warnings, messages, errors.
lines_of_file <- readLines(commandArgs(trailingOnly = TRUE)[1], encoding = "UTF-8")
one_line <- function(text) gsub("\n", "\\\\n", paste(text, collapse = " "))
# The order of attributes says nothing about a value, so they are written by name.
whole_value <- function(value) {
  if (!(is.atomic(value) || is.list(value))) return(class(value)[1])
  notes <- attributes(value)
  attributes(value) <- NULL
  shown <- if (is.list(value)) paste0("list(", paste(vapply(value, whole_value, ""), collapse = ", "), ")") else deparse(value)
  for (note in sort(names(notes))) shown <- c(shown, paste0(" @", note, " ", whole_value(notes[[note]])))
  one_line(shown)
}
run_line <- function(text) {
  set.seed(7)
  before <- options("digits", "scipen", "OutDec", "width", "max.print", "warn", "useFancyQuotes")
  on.exit(options(before))
  tryCatch(
    withCallingHandlers({
      shown <- withVisible(eval(parse(text = text, keep.source = FALSE), new.env(parent = globalenv())))
      if (shown$visible) print(shown$value)
      cat("\n#value ", whole_value(shown$value), "\n", sep = "")
    }, warning = function(condition) {
      cat("\n#warning ", one_line(conditionMessage(condition)), "\n", sep = "")
      invokeRestart("muffleWarning")
    }, message = function(condition) {
      cat("\n#message ", one_line(conditionMessage(condition)), "\n", sep = "")
      invokeRestart("muffleMessage")
    }),
    error = function(condition) cat("\n#error ", one_line(conditionMessage(condition)), "\n", sep = "")
  )
}
for (number_of_line in seq_along(lines_of_file)) {
  cat("\n#line ", number_of_line, "\n", sep = "")
  run_line(lines_of_file[number_of_line])
}
