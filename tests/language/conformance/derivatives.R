for (e in expression(x^2, sin(x), cos(2*x), exp(-x^2/2), log(x), x^n, a*x^3 + b*x, 1/x, sqrt(x), sqrt(1 - x^2), tan(x), x/(1+x), (x+1)*(x-1), exp(x)*sin(x), atan(x), asin(x), acos(x), pnorm(x), dnorm(x), 2^x, x^-1, -x, -(x^2), (2*x)^3, sinh(x)*cosh(x), tanh(x), gamma(x), lgamma(x), log1p(x), expm1(2*x), log10(x), log2(x), 5, y, x^x, cos(sin(x)), 1/(1+exp(-x)), +x, (-x)^2, (-x)^3, a - -x, x*-x, trigamma(x))) { print(D(e, "x")) }
D(D(quote(x^4), "x"), "x"); D(D(quote(exp(-x^2)), "x"), "x")
D(quote(x^2 * y^3), "y")
deriv(~ x^2, "x")
deriv(quote(sin(x) * exp(y)), c("x", "y"))
f <- deriv(~ exp(-x^2 / s), c("x", "s"), function(x, s) NULL); f
f(1:2, 2)
g <- deriv(y ~ sin(cos(x) * y), c("x", "y"), func = TRUE); g(1, 2)
deriv(~ x^2 + y^2 + x * y, c("x", "y"), hessian = TRUE)
h <- deriv3(~ x^3 * y, c("x", "y"), func = TRUE); h(2, 3)
eval(D(quote(a * x^2), "x"), list(a = 3, x = 2))
tryCatch(D(quote(foo(x)), "x"), error = function(e) cat(conditionMessage(e), "\n"))
newton <- function(ex, x0, n = 6) { d <- D(ex, "x"); for (i in 1:n) { x <- x0; x0 <- x0 - eval(ex) / eval(d) }; x0 }
newton(quote(x^2 - 2), 1)
tryCatch(D(quote(log(x, 2)), "x"), error = function(e) cat(conditionMessage(e), "\n"))
