for (s in c("1 +", "a b", "f(]", "x <- 'abc", "5 -> ", "if (x) else")) cat(tryCatch({parse(text = s); "ok"}, error = function(e) conditionMessage(e)), "\n")
e <- parse(text = "x <- 1; y <- x + 2\nf(y)"); print(length(e)); print(e[[2]]); print(class(e)); print(e)
print(eval(parse(text = "1:3 * 2")))
print(str2lang("a + b * c")); print(deparse(str2expression(c("a", "b + 1"))))
f <- function(x, ...) UseMethod("f"); print(f); f
g <- function(a = c("x", "y"), b) { if (a) b else { for (i in 1:3) print(i) } ; \(z) z |> sum() }
g
body(g); formals(g)$a; args(sum); deparse(args(g))
print(quote(x[[1]]$b <- function(y) y^2)); cat(deparse(g), sep = "\n"); dput(g); dput(list(a = 1:3, b = "x\ty", c = c(u = 1.5)))
h <- function(x) { # comment
  x + 1 }
h
print(body(function(x) { x; y }))
substitute(a + b, list(a = quote(z), b = 3)); bquote(x + .(1 + 2))
as.call(list(as.name("sum"), 1, 2)); is.call(quote(f(x))); as.list(quote(f(x, y = 2)))
deparse(quote(if (a) b else c)); deparse("a\\b"); nchar(deparse(1e-20)); deparse(c(1.5, 2, NA)); deparse(TRUE); deparse(NULL)
cat(deparse(function(x, y) x + y), sep = "\n")
identical(quote(a + b), quote(a+b)); all.equal(quote(f(x)), quote(f(x)))
expression(a * b, c); print(expression(x^2)); ~ x + y; y ~ x | z; class(y ~ x)
quote(`my var` + 1); quote(-(-1)); quote(!(!x)); quote(a %in% b); quote((function(x) x)(2)); quote(x |> f(y)); quote(\(x) x + 1)
sapply(expression(a + b, sin(x)), class); rapply(list(1, "a"), toupper, classes = "character", how = "replace")
all.names(quote(sin(x + y) * x)); all.vars(y ~ log(x) + z)
