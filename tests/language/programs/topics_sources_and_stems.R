# Texts of functions and of sourced files, stem-and-leaf displays, codes of bins, differences of time as they are written.
options(keep.source = TRUE)
sum_of <- function(x,
   y) { x+y  }  # comment
attr(sum_of, "srcref"); as.character(attr(sum_of, "srcref")); class(attr(sum_of, "srcref")); getSrcref(sum_of); removeSource(sum_of)
parsed <- eval(parse(text = "function(q) {  q  }", keep.source = FALSE)); parsed
kept <- eval(parse(text = "function(q) {  q  }")); kept; dump("kept", stdout())
options(keep.source = FALSE)
file <- tempfile(fileext = ".R")
writeLines(c("x <- 1:3  # a comment", "x * 2", "f <- function(a, b = 2) {", "  a + b", "}", "f(1)", "invisible(5)"), file)
source(textConnection("v <- 4; v * 2"), local = TRUE)$value
source(textConnection(c("w <- 9", "w + 1")), echo = TRUE)
connection <- file(file); source(connection, print.eval = TRUE); close(connection); f(3)
stem(islands); stem(log10(islands)); stem(mtcars$disp, scale = 2); stem(c(-5, -3, 0, 2, 4.5)); stem(1:100, width = 20); stem(rep(5, 4))
.bincode(c(0.1, 1, 2, 5), c(0, 1, 2)); .bincode(c(0, 1, 2), 0:2, TRUE, TRUE); .bincode(c(0, 1, 2, NA), 0:2, FALSE, TRUE)
tryCatch(cut(1:3, c(0, 2, 4), labels = "one"), error = print)
gaps <- as.difftime(c(30, 90), units = "mins"); units(gaps) <- "hours"; dput(gaps); dput(gaps * 2); str(gaps / 7); str(data.frame(gap = gaps / 3))
