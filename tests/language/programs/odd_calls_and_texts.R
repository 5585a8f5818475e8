# Operators that would take in what follows, texts of bytes, searches that cannot be made, warnings that are kept.
told <- function(value) {
  heard <- character()
  out <- tryCatch(
    withCallingHandlers(deparse(value), warning = function(w) {
      heard <<- unique(c(heard, conditionMessage(w)))
      invokeRestart("muffleWarning")
    }),
    error = function(e) paste("Error:", conditionMessage(e))
  )
  cat(heard, out, sep = "\n")
}
for (text in c("`+`(-`!`(a), b)", "`+`(a * `!`(b), c)", "`:`(a ^ `!`(b), c)", "`&`(-`!`(a), b)", "`+`(a %in% `~`(b), c)",
               "`~`(a + `!`(b), c)", "`+`(-`-`(`!`(b)), c)", "`$`(-`!`(a), b)", "-!a %o% b", "`+`(-`~`(b + d), c)")) {
  cat(text, " is ", deparse(parse(text = text)[[1]]), "\n")
}
x <- "fa\xE7ile"
x; Encoding(x); validUTF8(c(x, "ok")); charToRaw(x); nchar(x, "bytes"); nchar(x, allowNA = TRUE)
told(nchar(x)); told(toupper(x)); told(utf8ToInt(x))
Encoding(x) <- "latin1"
x; Encoding(x); nchar(x); nchar(x, "bytes"); toupper(x)
xx <- iconv(x, "latin1", "UTF-8")
Encoding(c(x, xx)); c(x, xx); x == xx; identical(x, xx); nchar(xx, "bytes")
xb <- xx
Encoding(xb) <- "bytes"
xb; Encoding(xb)
y <- "caf\xe9"
iconv(y, "latin1", "UTF-8"); iconv(y, "UTF-8", "UTF-8"); iconv(y, "UTF-8", "ASCII", sub = "byte"); iconv(y, "UTF-8", "UTF-8", sub = "?")
"\xc3\xa9"; '\303\251'; c(a = "\x80"); data.frame(a = "\xe9x"); paste0(y, "!"); y == "a"
q <- function(x) (x - 1)^2
told(optimize(q, c(1, 1))); told(optimize(q, c(0, Inf))); told(optimize(q, c(NA, 1))); told(optimize(q, c(0, 3), tol = 0))
told(optimize(function(x) c(1, 2), c(0, 3))); told(optimize(function(x) "a", c(0, 3))); told(optimize(function(x) NA_real_, c(0, 3)))
told(uniroot(function(x) x - 1, c(0, 3), tol = -1)); told(uniroot(function(x) x - 1, c(0, Inf))); told(uniroot(function(x) x - 1, c(0, 3), maxiter = 0))
told(uniroot(function(x) if (x == 0 || x == 3) x - 1 else -Inf, c(0, 3))$root); told(uniroot(function(x) x - 1.2, c(0, 3), maxiter = 1)$iter)
told(uniroot(function(x) if (x == 0 || x == 3) x - 1 else "a", c(0, 3)))
told(integrate(q, c(0, 1), 2)); told(integrate(function(x) x > 0.5, 0, 1)); told(integrate(q, 0, 1, subdivisions = 0)); told(integrate(1, 0, 1))
tryCatch(integrate(function(x) 1, 0, 1), error = print)
nextn(c(7, 11, -1, 0, 13.7)); nextn(13, 7); nextn(NA_integer_); told(nextn(13, 0)); told(nextn("a")); told(nextn(13, integer(0)))
told(gl(2, NA)); told(gl(-1, 2)); told(gl(2, 3, NA)); gl(0, 2)
told(eval.parent(quote(1), -1)); told(parent.frame(NA)); identical(parent.frame(1000), globalenv())
told(replicate(-1, 1)); told(replicate(1e300, 1)); simplify2array(1:3); simplify2array(NULL); simplify2array(c(a = 1))
g <- function(f) match.fun(f)
told(g(1)); told(g(NULL)); v <- 2; told(g(v)); told(sapply(1:3, 1))
Im(NA); Im(c(2L, NA)); told(Re(factor("a"))); told(Mod(factor("a"))); told(Conj("a"))
told(acos(as.Date("2020-01-01"))); told(asinh(as.difftime(1, units = "mins"))); told(anyNA(sum)); told(anyNA(quote(x)))
told(URLencode(1)); told(URLdecode(1)); URLencode(NA_character_); URLdecode("a%20b")
approx(ts(c(1, 4, 2), start = 2000), n = 3); approx(data.frame(1:3, 4:6), n = 3)$y; approx(list(x = 1:3, y = 4:6), xout = 1.5)$y
approx(matrix(c(1, 2, 3, 5), 2), n = 3)$y; told(approx(1:3, 1:2))
told(D("x", "x")); told(D(list(), "x")); told(D(quote(x^2), c("x", "y"))); told(deriv(quote(x^2), character(0)))
f <- function(words, call. = TRUE) for (word in words) warning(word, call. = call.)
f(c("a", "b", "a"))
warnings(); summary(warnings())
w <- warnings()
w[1:2]; unique(w); duplicated(w); c(w[1], w[2]); w[["b"]]; names(w); length(w); class(summary(w))
f("alone", FALSE)
warnings(); summary(warnings())
f(strrep("long ", 20)); print(warnings())
f(1:12); print(warnings())
.Last.value[3]
