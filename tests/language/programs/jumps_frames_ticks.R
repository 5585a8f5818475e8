told <- function(e) cat("told:", conditionMessage(e), "\n")
tryCatch(break, error = told)
for (i in 1:3) { r <- tryCatch(if (i == 2) next else i, error = told); print(r) }
turn <- function(x) { for (i in 1:2) { print(i); x }; "done" }
tryCatch(turn(break), error = told)
inner <- function() for (i in 1:3) local({ if (i == 2) next; print(i) })
tryCatch(inner(), error = told)
do.call("for", list(quote(i), 1:2, quote(print(i))))
n <- 0
do.call("while", list(quote(n < 3), quote(n <- n + 1)))
n
do.call("if", list(TRUE, "y", "n"))
do.call("function", list(as.pairlist(alist(x = , y = 2)), quote(x + y)))(1)
f <- function(...) eval(quote(sys.call())); f(1)
f <- function() local(sys.nframe()); f()
f <- function() sort(ls(eval(quote(parent.frame())))); f()
f <- function() local(sys.parents())[1:2]; f()
f <- function(n) local(match.call()); tryCatch(f(n = 3), error = told)
f <- function() { on.exit(print(returnValue())); 42 }; f()
f <- function() { on.exit(print(returnValue("none"))); stop("x") }; try(f(), silent = TRUE)
f <- function() { sapply(1:3, function(i) assign("v", i, envir = parent.frame())); exists("v", inherits = FALSE) }; f()
f <- function() { area <- function(s) UseMethod("area"); area.sq <- function(s) s$w^2; sapply(list(structure(list(w = 2), class = "sq")), function(z) area(z)) }; f()
sapply(1, function(i) sys.nframe()); unlist(Map(function(i) sys.nframe(), 1))
.makeMessage("a", 1, "b"); .makeMessage("a", domain = NA, appendLF = TRUE)
allowInterrupts(3); suspendInterrupts({4})
tryCatch(attach("zz"), error = told); tryCatch(close(3), error = told)
ifelse(TRUE, 1, ); mean(1:3, ); tryCatch(ifelse(FALSE, 1, ), error = told)
tryCatch(length(, ), error = told); tryCatch(`+`(), error = told); tryCatch(`<`(1), error = told); tryCatch(`&`(1), error = told)
tryCatch(`&&`(TRUE), error = told); tryCatch(switch("z", a = 1, ), error = told); tryCatch(invisible(3, ), error = told)
f <- function() .Deprecated("g"); tryCatch(f(), warning = told)
f <- function(x) .Defunct("g", "p"); tryCatch(f(1), error = told)
f <- function() .NotYetImplemented(); tryCatch(f(), error = told)

d <- as.Date("2024-01-15") + c(0, 20, 45, 100)
pretty(d); pretty(d, n = 12); attr(pretty(d), "labels"); pretty(as.Date("2024-01-15")); pretty(as.Date(c("1999-05-05", "2014-02-10")), n = 3)
p <- as.POSIXct("2024-01-15 10:30:00", tz = "UTC") + c(0, 3600, 7200, 20000)
pretty(p); pretty(p[1] + c(0, 50)); pretty(p[1] + c(0, 86400 * 400)); attr(pretty(p[1] + c(0, 172800)), "labels"); pretty(p[1] + 0:1, n = 10)
hist(d, "months", plot = FALSE)[c("breaks", "counts")]
hist(p, "hours", plot = FALSE)$counts
hist(d, "weeks", plot = FALSE, start.on.monday = FALSE)$counts
l <- as.POSIXlt(p)
rep_len(l, 3); sd(l); rle(l[c(1, 1, 2)])$lengths; str(l); str(list(a = l)); outer(l[1:2], 0:1, "+"); xtfrm(c(x = d[1]))
v <- numeric_version(c("1.10.2", "1.9", "1.9"))
rle(v)$values; summary(v); tryCatch(package_version("1"), error = told); tryCatch(R_system_version("1.2"), error = told)
z <- matrix(c(1 + 1i, 2, 3 - 1i, 4i), 2)
round(svd(z)$d, 6); tryCatch(chol(z), error = told); eigen(matrix(c(2, 1i, -1i, 2), 2))$values; Im(eigen(matrix(c(1, 2, 2, 1) + 0i, 2))$values)
sum(treering); tsp(treering)
set.seed(1); x <- rnorm(720); sprintf("%a", sum(Re(fft(x)) * seq_along(x))); sprintf("%a", sum(Im(fft(x[1:105], TRUE)) * 1:105))
fft(fft(1:6), inverse = TRUE) / 6
sprintf("%a", Re(mvfft(matrix(x[1:12], 6)))[5:8])

d <- data.frame(id = 1:3); d$m <- matrix(1:6, 3)
is.na(d); duplicated(rbind(d, d)); dimnames(as.data.frame(matrix(0, 2, 0)))
a <- data.frame(id = 1:2); a$arr <- array(1:12, c(2, 3, 2)); a
n <- data.frame(x = 1:2); n$d <- data.frame(p = 3:4, q = c("u", "v"))
summary(n); as.matrix(n); format(n); write.csv(n); is.na(n)
m <- data.frame(x = 1:2); m$d <- data.frame(p = 3:4, q = c(1.5, 2)); range(m)

.rowSums(1:6, 3, 2); .colMeans(1:6, 2, 3); .valid.factor(factor("a")); .mapply(function(x, y, z) x + y + z, list(1:2, 3:4), list(z = 10))[[2]]
getGroupMembers("Ops"); getGroupMembers("Compare"); allNames(list(a = 1, 2)); substituteDirect(quote(x + y), list(x = 1))
con <- textConnection("abc\ndef"); summary(con)$description; pushBack(c("x", "y"), con); pushBackLength(con); readLines(con, 1); clearPushBack(con); con; showConnections()
close(con); getAllConnections()
tools::delimMatch(c("\\value{foo}", "function(bar)"), c("{", "}")); tools::SIGINT; utils:::.romans[1:3]
read.fortran(textConnection(c("123456", "987654")), c("F2.1", "F2.0", "I2"))
xyTable <- grDevices::xyTable(c(1, 1, 2), c(1, 1, 3)); xyTable$number
rawToChar(memDecompress(memCompress(charToRaw("hello hello"), "gzip"), "gzip")); memDecompress(memCompress(c("ab", "c"), "xz"), "xz", asChar = TRUE)
f <- tempfile(); writeLines("hello", f); unname(tools::md5sum(f)); Sys.chmod(f, "600"); file.mode(f); unname(file.access(f, 2))
dummy.coef(lm(breaks ~ wool * tension, warpbreaks)); unclass(dummy.coef(lm(len ~ supp + dose, ToothGrowth))); .MFclass(matrix(1:4, 2))
