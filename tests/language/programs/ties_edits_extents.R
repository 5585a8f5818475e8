# ties broken by chance, the steps between texts, combinations of nothing, factors that are tables
set.seed(1)
rank(c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5), ties.method = "random")
rank(c(b = "b", a = "a", x = NA, d = "b", e = "b"), ties.method = "random", na.last = "keep")
runif(1)
adist("kitten", "sitting", counts = TRUE)
drop(attr(adist("kitten", "sitting", counts = TRUE), "counts"))
steps <- function(a, b) cat(a, b, attr(adist(a, b, counts = TRUE), "trafos"), "\n")
steps("ab", "cdef"); steps("abcd", "dcba"); steps("intention", "execution"); steps("saturday", "sunday")
steps("ab", "ba"); steps("aaa", "a"); steps("abcabc", "bca"); steps("xyz", ""); steps("flaw", "lawn")
adist(c(x = "ab", y = "b"), c("a", p = "b"), counts = TRUE)
attr(adist("lasy", "1 LAZY", counts = TRUE, costs = c(2, 1, 1)), "counts")[1, 1, ]
str(combn(3, 0)); str(combn(3, 0, identity)); str(combn(3, 1, identity)); str(combn(4, 2, sum))
f <- factor(c("a", "b", "a", "c"))
dim(f) <- c(2, 2)
str(f); str(list(f = f)); f
dimnames(f) <- list(NULL, c("p", "q")); str(f)
o <- ordered(c("x", "y")); dim(o) <- 2; str(o)
str(combn(factor(c("u", "v", "w")), 2))
