# Arguments that are easily passed over: each changes what is printed.
x <- c(2, 4, 4, 5, 9)
fit <- lm(mpg ~ wt + hp, mtcars)
g <- glm(am ~ wt, binomial, mtcars)
density(x, window = "rectangular")$bw; density(x, width = 2)$bw; density(x, give.Rkern = TRUE); density(x, give.Rkern = TRUE, kernel = "biweight")
predict(fit, type = "terms", terms = "wt")[1:2, ]
predict(fit, data.frame(wt = c(3, NA), hp = 100), na.action = na.omit)
predict(fit, data.frame(wt = 3, hp = 100), interval = "prediction", pred.var = 4, level = 0.9)
logLik(fit, REML = TRUE)
glm(am ~ wt, binomial, mtcars, mustart = rep(0.5, 32))$coefficients
uniroot(function(v, a) v - a, lower = 0, upper = 3, a = 2, maxiter = 50, trace = 0, extendInt = "no")$root
optimise(f = function(v) (v - 1)^2, interval = c(0, 3), tol = 1e-6)$minimum
step(fit, trace = 0, keep = function(m, a) list(aic = a))$keep
ts(1:3, start = 2000, frequency = 4, ts.eps = 1e-5, names = "a", class = "ts")
attr(terms(y ~ a * b + c, keep.order = TRUE), "term.labels"); attr(terms(y ~ s(a) + b, specials = c("s", "lo")), "specials")
qqnorm(x, plot.it = FALSE, datax = TRUE)
prcomp(USArrests, scale. = TRUE, rank. = 2, retx = FALSE); prcomp(~ Murder + Assault, USArrests, center = FALSE)$sdev
suppressWarnings(cor.test(x, rev(x), method = "spearman", exact = FALSE)$p.value)
approx(1:3, c(1, NA, 3), xout = c(1, 1.5, 2), na.rm = FALSE)$y
sort(c(3, 1, NA, 2), index.return = TRUE); sort.int(10:1, partial = 3); sort(c("b", "A", "a", "B"), method = "radix")
kept <- data.frame(k = 1:2, a = 3:4, b = 5)
merge(kept, data.frame(j = 1:2, a = 7, k = 8:9), by.x = "k", by.y = "j")
text <- "abc"; substring(text = text, first = 2, last = 3) <- "XY"; text
within(list(a = 1), b <- a, keepAttrs = FALSE); callCC(fun = function(k) k(3)); is.element(el = 1, set = 1:2)
provideDimnames(matrix(1:4, 2), base = list("x"), unique = FALSE); which(c(a = TRUE), useNames = FALSE)
format(as.POSIXlt("2020-01-05 01:02:03.456", tz = "UTC"), digits = 2)
print(by(warpbreaks[, 1], warpbreaks$tension, summary), vsep = "*****")
str(read.csv(text = "a;b\n1,5;2", sep = ";", dec = ",", colClasses = c("numeric", "integer")))
max(numeric_version(c("1.2", "1.10")), na.rm = TRUE)
