# Kernel density estimates.
# Sources: B. W. Silverman, Density Estimation (1986); D. W. Scott, Multivariate Density Estimation (1992), for the rule "nrd".

# Kernels are scaled to standard deviation one. How far each reaches then (the normal one counts as reaching two), and the
# integral of its square where it reaches one.
.kernel_reach <- c(gaussian = 2, epanechnikov = sqrt(5), rectangular = sqrt(3), triangular = sqrt(6), biweight = sqrt(7),
                   cosine = 1 / sqrt(1 / 3 - 2 / pi^2), optcosine = 1 / sqrt(1 - 8 / pi^2))

.kernel_roughness <- c(gaussian = 1 / sqrt(pi), epanechnikov = 3 / 5, rectangular = 1 / 2, triangular = 2 / 3, biweight = 5 / 7,
                       cosine = 3 / 4, optcosine = pi^2 / 16)

.bandwidth_rules <- list(nrd0 = bw.nrd0, nrd = bw.nrd, ucv = bw.ucv, bcv = bw.bcv, sj = bw.SJ, `sj-ste` = bw.SJ,
                         `sj-dpi` = function(x) bw.SJ(x, method = "dpi"))

density <- function(x, ...) UseMethod("density")

density.default <- function(x, bw = "nrd0", adjust = 1, kernel = c("gaussian", "epanechnikov", "rectangular", "triangular", "biweight",
                            "cosine", "optcosine"), weights = NULL, window = kernel, width, give.Rkern = FALSE, subdensity = FALSE,
                            n = 512, from, to, cut = 3, ext = 4, old.coords = FALSE, na.rm = FALSE, ...) {
  .unsupported(ext, old.coords)
  chkDots(...)
  label <- deparse1(substitute(x))
  if (missing(kernel)) kernel <- window
  kernel <- match.arg(kernel)
  reach <- .kernel_reach[[kernel]]
  if (give.Rkern) return(.kernel_roughness[[kernel]] / reach)
  sample <- .sample_of_density(x, weights, subdensity, na.rm)
  if (missing(bw) && !missing(width)) bw <- if (is.numeric(width)) width / (2 * reach) else width
  bw <- adjust * .bandwidth_asked(bw, sample$x)
  ends <- range(sample$x) + c(-cut, cut) * bw
  if (!missing(from)) ends[1L] <- from
  if (!missing(to)) ends[2L] <- to
  if (!all(is.finite(ends))) stop(sprintf("non-finite '%s'", c("from", "to")[!is.finite(ends)][1L]))
  # The grid goes four bandwidths beyond what was asked for; a fine one has a power of two places.
  wide <- ends + c(-4, 4) * bw
  size <- max(512, if (n > 512) 2^ceiling(log2(n)))
  smooth <- .kernel_density(sample$x, sample$mass, wide[1L], wide[2L], size, kernel, reach * bw)
  curve <- approx(seq.int(wide[1L], wide[2L], length.out = size), smooth, seq.int(ends[1L], ends[2L], length.out = n))
  structure(c(curve, list(bw = bw, n = sample$n, call = match.call(), data.name = label, has.na = FALSE)), class = "density")
}

# What a density rests on: finite values and their masses. The mass of infinite values is kept from the others.
.sample_of_density <- function(x, weights, subdensity, na.rm) {
  refuse <- function(message) stop(simpleError(message, sys.call(-2)))
  if (!is.numeric(x)) refuse("argument 'x' must be numeric")
  x <- as.vector(x)
  if (anyNA(x) && !na.rm) refuse("'x' contains missing values")
  known <- !is.na(x)
  mass <- if (is.null(weights)) rep(1 / sum(known), length(x)) else weights
  if (length(mass) != length(x)) refuse("'x' and 'weights' have unequal length")
  if (!all(is.finite(mass))) refuse("'weights' must all be finite")
  if (any(mass < 0)) refuse("'weights' must not be negative")
  if (!is.null(weights)) {
    whole <- sum(mass)
    if (isTRUE(all.equal(1, whole))) mass <- mass * (whole / sum(mass[known]))
    else if (!subdensity) warning(simpleWarning("sum(weights) != 1  -- will not get true density", sys.call(-1)))
  }
  list(x = x[is.finite(x)], mass = mass[is.finite(x)], n = sum(known))
}

.bandwidth_asked <- function(bw, x) {
  refuse <- function(message) stop(simpleError(message, sys.call(-2)))
  if (is.character(bw)) {
    if (length(x) < 2L) refuse("need at least 2 points to select a bandwidth automatically")
    rule <- .bandwidth_rules[[tolower(bw)]]
    if (is.null(rule)) refuse("unknown bandwidth rule")
    bw <- rule(x)
  }
  if (!is.finite(bw)) refuse("non-finite 'bw'")
  if (bw <= 0) refuse("'bw' is not positive.")
  bw
}

print.density <- function(x, digits = NULL, ...) {
  writeLines(sprintf("\nCall:\n\t%s\n\nData: %s (%d obs.);\tBandwidth 'bw' = %s\n", paste(deparse(x$call), collapse = ""), x$data.name,
                     x$n, formatC(x$bw, digits = digits)))
  print(summary(data.frame(x = x$x, y = x$y)), digits = digits, ...)
  invisible(x)
}

plot.density <- function(x, main = NULL, xlab = NULL, ylab = "Density", type = "l", zero.line = TRUE, ...) {
  titles <- list(main = sub("[.]default", "", deparse(x$call)), xlab = sprintf("N = %d   Bandwidth = %s", x$n, formatC(x$bw)))
  asked <- list(main = main, xlab = xlab)
  titles[lengths(asked) > 0L] <- Filter(length, asked)
  plot.default(x$x, x$y, main = titles$main, xlab = titles$xlab, ylab = ylab, type = type, ...)
  if (zero.line) abline(h = 0, col = "gray", lwd = 0.1)
  invisible(NULL)
}

lines.density <- function(x, ...) lines.default(x$x, x$y, ...)
