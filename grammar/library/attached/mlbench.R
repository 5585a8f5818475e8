# Problems to learn from, drawn at random: the shapes and formulas that papers on learning use.

.problem <- function(x, classes, kind) structure(list(x = x, classes = factor(classes)), class = c(kind, "mlbench"))

mlbench.circle <- function(n, d = 2) {
  if (d < 2) stop("d must be >=2.")
  x <- matrix(runif(n * d, -1, 1), n, d)
  # The ball has half the volume of the cube.
  radius <- (2^(d - 1) * gamma(1 + d / 2) / pi^(d / 2))^(1 / d)
  .problem(x, ifelse(rowSums(x^2) > radius^2, 2, 1), "mlbench.circle")
}

mlbench.xor <- function(n, d = 2) {
  x <- matrix(runif(n * d, -1, 1), n, d)
  positive <- rowSums(x > 0)
  .problem(x, positive %% 2 + 1, "mlbench.xor")
}

mlbench.threenorm <- function(n, d = 20) {
  class <- rep(1:2, c(ceiling(n / 2), floor(n / 2)))
  a <- 2 / sqrt(d)
  at <- matrix(0, n, d)
  first <- which(class == 1)
  at[first, ] <- ifelse(runif(length(first)) > 0.5, a, -a)
  at[class == 2, ] <- rep(rep_len(c(a, -a), d), each = sum(class == 2))
  .problem(at + matrix(rnorm(n * d), n, d), class, "mlbench.threenorm")
}

mlbench.twonorm <- function(n, d = 20) {
  class <- rep(1:2, c(ceiling(n / 2), floor(n / 2)))
  .problem(matrix(rnorm(n * d), n, d) + ifelse(class == 1, 1, -1) * 2 / sqrt(d), class, "mlbench.twonorm")
}

mlbench.ringnorm <- function(n, d = 20) {
  class <- rep(1:2, c(ceiling(n / 2), floor(n / 2)))
  x <- matrix(rnorm(n * d), n, d)
  x[class == 1, ] <- 2 * x[class == 1, ]
  x[class == 2, ] <- x[class == 2, ] + 2 / sqrt(d)
  .problem(x, class, "mlbench.ringnorm")
}

mlbench.2dnormals <- function(n, cl = 2, r = sqrt(cl), sd = 1) {
  class <- sample(seq_len(cl), n, replace = TRUE)
  angle <- pi / 4 + (class - 1) * 2 * pi / cl
  .problem(r * cbind(cos(angle), sin(angle)) + matrix(rnorm(2 * n, sd = sd), n, 2), class, "mlbench.2dnormals")
}

mlbench.spirals <- function(n, cycles = 1, sd = 0) {
  class <- rep(1:2, c(ceiling(n / 2), floor(n / 2)))
  along <- unlist(lapply(table(class), function(count) seq(0, 1, length.out = count)), use.names = FALSE)
  angle <- 2 * pi * cycles * along + ifelse(class == 1, 0, pi)
  x <- along * cbind(cos(angle), sin(angle))
  if (sd > 0) x <- x + matrix(rnorm(2 * n, sd = sd), n, 2)
  .problem(x, class, "mlbench.spirals")
}

mlbench.friedman1 <- function(n, sd = 1) {
  x <- matrix(runif(10 * n), ncol = 10)
  list(x = x, y = 10 * sin(pi * x[, 1] * x[, 2]) + 20 * (x[, 3] - 0.5)^2 + 10 * x[, 4] + 5 * x[, 5] + if (sd > 0) rnorm(n, sd = sd) else 0)
}

.circuit <- function(n) cbind(runif(n, 0, 100), runif(n, 40 * pi, 560 * pi), runif(n), runif(n, 1, 11))

mlbench.friedman2 <- function(n, sd = 125) {
  x <- .circuit(n)
  list(x = x, y = sqrt(x[, 1]^2 + (x[, 2] * x[, 3] - 1 / (x[, 2] * x[, 4]))^2) + if (sd > 0) rnorm(n, sd = sd) else 0)
}

mlbench.friedman3 <- function(n, sd = 0.1) {
  x <- .circuit(n)
  list(x = x, y = atan((x[, 2] * x[, 3] - 1 / (x[, 2] * x[, 4])) / x[, 1]) + if (sd > 0) rnorm(n, sd = sd) else 0)
}

mlbench.peak <- function(n, d = 20) {
  radius <- 3 * runif(n)
  x <- matrix(rnorm(n * d), n, d)
  x <- x / sqrt(rowSums(x^2)) * radius
  list(x = x, y = 25 * exp(-0.5 * radius^2))
}

plot.mlbench <- function(x, xlab = "", ylab = "", ...) {
  if (ncol(x$x) > 2) pairs(x$x, col = as.integer(x$classes), ...) else plot(x$x, col = as.integer(x$classes), xlab = xlab, ylab = ylab, ...)
  invisible(x)
}

print.mlbench <- function(x, ...) {
  print(unclass(x), ...)
  invisible(x)
}

as.data.frame.mlbench <- function(x, row.names = NULL, optional = FALSE, ...) {
  made <- as.data.frame(x$x)
  names(made) <- paste0("x.", seq_along(made))
  cbind(made, classes = x$classes)
}
