# Problems to learn from, drawn at random: the shapes and formulas that papers on learning use.

.problem <- function(x, classes, kind) structure(list(x = x, classes = factor(classes)), class = c(kind, "mlbench"))

# Points spread evenly in the cube from -1 to 1.
.cube <- function(n, d) {
  points <- matrix(2 * runif(n * d) - 1, n)
  if (d < 2) stop(simpleError("d must be an integer >=2", sys.call(-1)))
  points
}

# A ball in the middle is the first class. It has half the volume of the cube: r^d pi^(d/2) / gamma(d/2 + 1) = 2^(d - 1).
mlbench.circle <- function(n, d = 2) {
  points <- .cube(n, d)
  square_of_radius <- (2^(d - 1) * gamma(d / 2 + 1))^(2 / d) / pi
  .problem(points, 1 + (rowSums(points^2) > square_of_radius), "mlbench.circle")
}

# Opposite corners of the cube are of one class, which the signs say that agree with the first one.
mlbench.xor <- function(n, d = 2) {
  points <- .cube(n, d)
  agree <- sign(points[, -1L, drop = FALSE]) == sign(points[, 1L])
  .problem(points, drop(1 + agree %*% 2^(seq_len(d - 1) - 1)), "mlbench.xor")
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

# Two arms that wind outwards from a third of the length that they have after one turn.
mlbench.spirals <- function(n, cycles = 1, sd = 0) {
  sizes <- c(ceiling(n / 2), floor(n / 2))
  class <- rep(1:2, sizes)
  turns <- cycles * (sequence(sizes) - 1) / sizes[class]
  x <- c(1, -1)[class] * (1 + 2 * turns) / 3 * cbind(cos(2 * pi * turns), sin(2 * pi * turns))
  if (sd > 0) x <- x + matrix(rnorm(2 * n, sd = sd), n)
  .problem(x, class, "mlbench.spirals")
}

# What is to be learned, and how it is seen.
.noisy <- function(x, truth, sd) list(x = x, y = if (sd > 0) truth + rnorm(length(truth), sd = sd) else truth)

# Source of the three: J. H. Friedman, The Annals of Statistics 19 (1991).
mlbench.friedman1 <- function(n, sd = 1) {
  x <- matrix(runif(10 * n), n)
  parts <- cbind(sin(pi * x[, 1L] * x[, 2L]), (x[, 3L] - 0.5)^2, x[, 4:5, drop = FALSE])
  .noisy(x, drop(parts %*% c(10, 20, 10, 5)), sd)
}

# Circuits of a resistance, an inductance and a capacitance, and how they resist an alternating current: a complex number.
.circuits <- function(n) {
  ranges <- list(resistance = c(0, 100), frequency = c(40, 560) * pi, inductance = c(0, 1), capacitance = c(1, 11))
  parts <- lapply(ranges, function(ends) runif(n, ends[1L], ends[2L]))
  impedance <- with(parts, complex(real = resistance, imaginary = frequency * inductance - 1 / (frequency * capacitance)))
  list(x = do.call(cbind, unname(parts)), impedance = impedance)
}

mlbench.friedman2 <- function(n, sd = 125) {
  made <- .circuits(n)
  .noisy(made$x, Mod(made$impedance), sd)
}

mlbench.friedman3 <- function(n, sd = 0.1) {
  made <- .circuits(n)
  .noisy(made$x, Arg(made$impedance), sd)
}

# Points around the peak, one after another: how far away, then in which direction.
mlbench.peak <- function(n, d = 20) {
  points <- vapply(seq_len(n), function(k) {
    radius <- 3 * runif(1)
    direction <- rnorm(d)
    radius * direction / sqrt(sum(direction^2))
  }, numeric(d))
  x <- t(matrix(points, d))
  list(x = x, y = 25 * exp(-rowSums(x^2) / 2))
}

plot.mlbench <- function(x, xlab = "", ylab = "", ...) {
  draw <- if (ncol(x$x) == 2L) function(...) plot.default(..., xlab = xlab, ylab = ylab) else pairs
  draw(x$x, col = unclass(x$classes), ...)
  invisible()
}

as.data.frame.mlbench <- function(x, row.names = NULL, optional = FALSE, ...) {
  made <- as.data.frame(x$x)
  names(made) <- paste0("x.", seq_along(made))
  cbind(made, classes = x$classes)
}
