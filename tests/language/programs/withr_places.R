# Settings of withr that last as long as an expression or a function.
suppressMessages(library(withr))
in_zone <- function() { local_timezone("Asia/Tokyo"); format(as.POSIXct(0, origin = "1970-01-01"), "%H:%M") }
in_zone()
with_timezone("UTC", format(as.POSIXct(0, origin = "1970-01-01"), "%H:%M"))
with_locale(c(LC_COLLATE = "C"), sort(c("b", "A", "a")))
with_collate("C", sort(c("b", "A", "a")))
path <- tempfile()
with_file(path, { writeLines("x", path); print(file.exists(path)) })
file.exists(path)
in_file <- function() { local_file(path); writeLines("y", path); readLines(path) }
in_file(); file.exists(path)
with_connection(list(con = textConnection("one two")), scan(con, "", quiet = TRUE))
with_path("/nowhere", startsWith(Sys.getenv("PATH"), "/nowhere"))
quietly <- function() { local_output_sink(path); print("unseen"); invisible() }
quietly(); readLines(path); unlink(path)
outer <- function() { inner(); cat("after inner\n") }
inner <- function() { defer_parent(cat("at the end of outer\n")); cat("in inner\n") }
outer()
