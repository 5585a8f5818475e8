# weeks and offsets read from texts, functional sequences with %T>% and %$%, fields over methods in R6, one-sided labels
library(R6)
library(magrittr)
read <- function(x, f) {
  told <- NULL
  r <- withCallingHandlers(format(strptime(x, f, tz = "UTC")), warning = function(w) {
    told <<- conditionMessage(w)
    invokeRestart("muffleWarning")
  })
  cat(x, "|", f, "|", r, "|", told, "\n")
}
read("2024-07-1", "%Y-%W-%u"); read("2024-07-7", "%Y-%W-%u"); read("2024-01-7", "%Y-%W-%u"); read("2024-07-0", "%Y-%W-%w"); read("2024-07-3", "%Y-%U-%u"); read("2023-00-1", "%Y-%W-%u")
read("2024 07 Mon", "%Y %W %a"); read("24 53 1", "%y %W %u"); read("2024 54 1", "%Y %W %u"); read("2024 52 3", "%Y %U %u")
read("2025 00 1", "%Y %U %w"); read("2025 00 6", "%Y %U %w"); read("2024-07-8", "%Y-%W-%u"); read("2024-07-7", "%Y-%W-%w")
read("2024-02 07 1", "%Y-%m %W %u"); read("2024-045 07 1", "%Y-%j %W %u"); read("2023-366", "%Y-%j")
read("2024-02-03 07 1", "%Y-%m-%d %W %u"); as.Date("2024-W07-1", "%Y-W%W-%u")
for (o in c("+0200", "+02:00", "+02", "Z", "-0930", "+1500", "+0260", " -1400", "+02000")) read(paste("2024-02-28", o), "%Y-%m-%d%z")
format(as.Date("2024-02-28"), "%+")
say <- function(x) tryCatch(print(x), error = function(e) cat("Error:", conditionMessage(e), "\n"))
say(as.difftime("10:20:30", units = "zz")); say(as.difftime(5, units = "h")); say(as.difftime("10:20:30", units = "h"))
x <- as.POSIXlt("2024-02-28 13:45:59", tz = "UTC"); x$min <- 200L; trunc(x, "hours"); trunc(x, "mins"); x$mday <- 45L; trunc(x, "months")
f <- . %T>% print %>% sum
f(1:3); f; functions(f)[[1]]
g <- . %>% rev %$% a %T>% { cat("seen", ., "\n") }
g; g[2:3](list(a = 5)); functions(g)[[2]]
5 %T>% assign("kept", .)
3 %T>% invisible()
letters %>% which(x = . == "c")
P <- R6Class("P", public = list(val = 5, text = "a\nb", m = function() "m"), private = list(p = function() 1, q = "u\nv"))
P$new()
P
C <- R6Class("C", inherit = P, public = list(val = function() "method", m = 7), private = list(p = 2))
o <- C$new(); o$val; o$m; o
R6Class("D", inherit = pkg::Thing)
R6Class("D", inherit = "P")
A <- R6Class("A", active = list(v = function() 1))
tryCatch(R6Class("B", inherit = A, public = list(v = 2))$new(), error = function(e) cat("Error:", conditionMessage(e), "\n"))
class(R6Class(c("a", "b"))$new()); class(R6Class(5)$new()); R6Class(c("a", "b"))$classname
tryCatch(unclass(o), error = function(e) cat("Error:", conditionMessage(e), "\n"))
tryCatch(summary(o), error = function(e) cat("Error:", conditionMessage(e), "\n"))
summary(new.env())
w <- function(e) withCallingHandlers(e, warning = function(w) { cat("Warning:", conditionMessage(w), "\n"); invokeRestart("muffleWarning") })
w(any(1, 0)); w(all(0, 1)); w(all(1, 0, 2)); w(any(FALSE, 1)); w(any(NA, 1, "a"))
w(cut(c(1, 2), c(0, 1, 2), labels = c(TRUE, FALSE))); w(cut(c(1, 2), c(0, 1, 2), labels = c(FALSE, TRUE)))
say(cut(1:2, c(0, 1, 2), labels = NA)); say(rowSums(data.frame(a = 1:2), data.frame(b = 1))); say(colMeans(matrix(1:4, 2), na.rm = "x"))
m <- matrix(1:6, 2, dimnames = list(row = NULL, col = c("a", "b", "c")))
str(apply(m, 2, identity)); str(apply(m, 1, range)); str(apply(m, 1, function(v) v * 2))
identical(m, apply(m, 2, identity)); e <- array(1:8, c(2, 2, 2), dimnames = list(A = NULL, B = NULL, C = NULL)); str(apply(e, 2:3, sum))
s <- diag(2); colnames(s) <- c("X", "Y"); isSymmetric(s); isSymmetric(s, check.attributes = FALSE)
rbind.data.frame(data.frame(a = 1, row.names = "p"), data.frame(a = 2, row.names = "q"), make.row.names = FALSE)
a <- 5; code <- quote(a + 1); code %<>% identity; code
shown <- y ~ x; shown %<>% update(. ~ . + z); shown
