# searches within bounds
options(digits = 4)
optim(c(2, 2), function(p) sum((p - 5)^2), method = "L-BFGS-B", lower = c(0, 0), upper = c(3, 4))[c("par", "value", "convergence")]
fr <- function(x) 100 * (x[2] - x[1]^2)^2 + (1 - x[1])^2
round(optim(c(-1.2, 1), fr, method = "L-BFGS-B")$par, 2)
round(optim(c(-1.2, 1), fr, method = "L-BFGS-B", lower = c(-2, -2), upper = c(0.5, 2))$par, 3)
optim(c(a = 1, b = 2), function(p) sum((p - c(3, -1))^2), lower = c(0, 0))$par
nlminb(c(1, 1), function(p) sum((p - 3)^2), upper = 2)$par
optim(1, function(x) (x - 2)^2, method = "L-BFGS-B", upper = 1.5)$message
tryCatch(optim(c(1, 1), function(p) sum(p^2), method = "BFGS", lower = 0), warning = function(w) cat(conditionMessage(w), "\n"))
flb <- function(x) { p <- length(x); sum(c(1, rep(4, p - 1)) * (x - c(1, x[-p])^2)^2) }
optim(rep(3, 5), flb, NULL, method = "L-BFGS-B", lower = rep(2, 5), upper = rep(4, 5))$value
optim(c(2, 2), function(p) -sum((p - 5)^2), method = "L-BFGS-B", lower = 0, upper = 3, control = list(fnscale = -1))$par
optim(c(1, 1), function(p) sum(p - log(p)), method = "L-BFGS-B", lower = c(1e-4, 2))$par
flb25 <- optim(rep(3, 25), flb, NULL, method = "L-BFGS-B", lower = rep(2, 25), upper = rep(4, 25)); flb25$value; round(flb25$par, 2)
