# powers without sign, zeros with one, what is no number in complex values
(-1)^Inf; (-Inf)^0.5; (-Inf)^3; c(-1, 2, -Inf, -Inf)^c(Inf, Inf, 0.5, 2); (-0)^-1; 1 / ((-0)^3); (rep(-1, 3000)^rep(Inf, 3000))[1]
is.nan(c(1i, NaN, NA, complex(real = 1, imaginary = NaN)))
# the digits of a summary are those of the moment
options(digits = 3); summary(c(1.23456, 2)); print(summary(c(1.23456, 2)), digits = 7); options(digits = 7)
# attributes of factors: what a part keeps, what an assignment keeps, in which order
f <- factor(c("z", "b")); attr(f, "extra") <- 5; f[1]; f[[1]]; attr(f, "contrasts") <- "contr.sum"; f[1]; f[2] <- "z"; f
f[4] <- "b"; names(attributes(f)); names(f) <- letters[1:4]; f["q"] <- "z"; names(attributes(f)); names(attributes(droplevels(f)))
m <- structure(factor(c("a", "b", "a", "b")), dim = c(2, 2)); attributes(m[, 1, drop = FALSE])$dim; dim(m[, 1])
contrasts(f) <- contr.sum(2); f
# no member has an empty name
d <- list(1, 2); names(d) <- c("", ""); d[[""]] <- 5; length(d); d[[""]]
# rows that are left out have their part in the indices' width
options(max.print = 5); matrix(1:20, 10); matrix(1:3000, 100); options(max.print = 99999)
# alternatives of several widths looked behind at
gsub("(?<=^|_)(.)", "\\U\\1", "a_b", perl = TRUE); gsub("(?<!^|_)[a-z]", "*", "ab_cd", perl = TRUE)
gsub("(?<=[|)]|ab)x", "-", "|x )x abx x", perl = TRUE); gsub("(?<=(a)|bc)x", "<\\1>", "ax bcx", perl = TRUE)
withCallingHandlers(try(gsub("b(?<=a+)b", "", "aab", perl = TRUE), silent = TRUE),
                    warning = function(w) { cat(conditionMessage(w), "\n"); invokeRestart("muffleWarning") }) |> class()
# what only has the class of a function; the times of a series without its class
structure(1:2, class = "function"); structure(1, tsp = c(1, 1, 1))
# zero to complex powers, doubles from bits, a prefix before every line
0i^(-3:3); 0i^1i; packBits(numToBits(c(1, -2.5)), "double"); print(rle(c(TRUE, TRUE, FALSE)), prefix = "..| ")
# choices that are no text; levels that are excluded and levels that are missing in a count
match.arg(c("a", ""), c("", NA, "bb", "abc"), several.ok = TRUE); tryCatch(match.arg("", c("", "b")), error = conditionMessage)
d <- factor(rep(c("A", "B", "C"), 4), levels = c("A", "B", "C", "D")); table(d, exclude = "B"); table(d, exclude = c("B", "D"))
p <- addNA(c(1, NA, 1:2, 1:3))[-7]; is.na(p) <- 3:4; table(p, useNA = "ifany"); table(p, exclude = NULL); table(p); table(p, useNA = "always")
# numbers of rows and columns by extents alone; parts of versions; names and classes that a sorting key keeps
.row(3:2); .col(c(2, 3)); col(data.frame(a = 1:2, b = 3:4))
x <- numeric_version(c("1.2.4", "1.2.3", "2.1")); x[[c(2, 3)]] <- 0; x; x[[3]] <- "2.2.3"; x
as.complex(c("NaN", "Inf", "1-2i", NA)); xtfrm(structure(c(a = 2, b = 1), class = "own")); xtfrm(factor(c(x = "b")))
a <- letters[1:2]; table(a, rev(a), deparse.level = 2); table(rev(a), deparse.level = 2)
# vectors beside matrices in cross products; sums over some extents keep their titles
m <- matrix(1:6, 3); tcrossprod(1:2, m); tcrossprod(matrix(1:3, 1), 1:3); tryCatch(tcrossprod(m, 1:2), error = conditionMessage)
crossprod(1, 1:3); tryCatch(crossprod(1:2, 1:3), error = conditionMessage); crossprod(matrix(1:2, 1), 1:3)
rowSums(UCBAdmissions, dims = 2); colMeans(array(1:8, c(2, 2, 2), dimnames = list(NULL, k = c("a", "b"), NULL)))
# what the range of no numbers warns of
said <- function(expr) withCallingHandlers(expr, warning = function(w) { print(conditionCall(w)); invokeRestart("muffleWarning") })
said(range(numeric(0))); said(range(NULL)); said(range(c(Inf, NaN), finite = TRUE))
