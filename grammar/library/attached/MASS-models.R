# MASS: standardised residuals, ridge regression, differences of levels as contrasts, and small tools.
# Source: W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, chapters 6 and 8.

# Residuals (of a generalised model those of its last step) in units of their spread.
stdres <- function(object) {
  weighted <- object$residuals * if (is.null(object$weights)) 1 else sqrt(object$weights)
  weighted / sqrt(sum(weighted^2, na.rm = TRUE) / object$df.residual * (1 - hatvalues(object)))
}

studres <- function(object) {
  scaled <- stdres(object)
  free <- object$df.residual - 1
  scaled * sqrt(free / (free + 1 - scaled^2))
}

# All by the singular values of the centred and scaled design: each of its axes keeps the share d^2 / (d^2 + lambda).
lm.ridge <- function(formula, data, subset, na.action, lambda = 0, model = FALSE, x = FALSE, y = FALSE, contrasts = NULL, ...) {
  frame <- .frame_asked_by(match.call(), parent.frame(), words = c("formula", "data", "subset", "na.action"))
  parts <- .model_parts(frame, contrasts, constant = FALSE)
  n <- nrow(parts$x)
  p <- ncol(parts$x)
  xm <- if (parts$constant) colMeans(parts$x) else NA
  ym <- if (parts$constant) mean(parts$y) else NA
  centred <- if (parts$constant) sweep(parts$x, 2L, xm) else parts$x
  target <- if (parts$constant) parts$y - ym else parts$y
  scales <- sqrt(colMeans(centred^2))
  axes <- svd(sweep(centred, 2L, scales, "/"))
  along <- drop(crossprod(axes$u, target))
  shares <- structure(outer(axes$d^2, lambda, function(size, added) size / (size + added)), dimnames = list(NULL, format(lambda)))
  outside <- sum(target^2) - sum(along^2)
  s2 <- outside / (n - p - parts$constant)
  coef <- axes$v %*% (shares * along / axes$d)
  rownames(coef) <- colnames(parts$x)
  structure(list(coef = drop(coef), scales = scales, Inter = as.integer(parts$constant), lambda = lambda, ym = ym, xm = xm,
    GCV = (outside + colSums(((1 - shares) * along)^2)) / (n - colSums(shares))^2,
    kHKB = (p - 2) * s2 / sum((along / axes$d)^2), kLW = (p - 2) * s2 * n / sum(along^2)), class = "ridgelm")
}

coef.ridgelm <- function(object, ...) {
  slopes <- t(as.matrix(object$coef / object$scales))
  drop(cbind(if (object$Inter) object$ym - slopes %*% object$xm, slopes))
}

print.ridgelm <- function(x, ...) {
  print(coef(x), ...)
  invisible(x)
}

select.ridgelm <- function(.data, ...) {
  best <- signif(.data$lambda[which.min(.data$GCV)], 5)
  cat(paste("modified", c("HKB", "L-W"), "estimator is", c(format(.data$kHKB), format(.data$kLW)), "\n"),
    paste("smallest value of GCV  at", best, "\n"), sep = "")
}

# Each column says how far one level is from the one before it.
contr.sdif <- function(n, contrasts = TRUE, sparse = FALSE) {
  .unsupported(sparse, "a plain matrix holds the same numbers")
  counted <- is.numeric(n) && length(n) == 1L
  size <- if (counted) n else length(n)
  if (size < 2L || size %% 1) stop("invalid number of levels")
  labels <- if (counted) as.character(seq_len(n)) else n
  if (!contrasts) return(diag(1, size, names = FALSE) |> structure(dimnames = list(labels, labels)))
  steps <- seq_len(size - 1)
  structure(outer(seq_len(size), steps, ">") - rep(rev(steps) / size, each = size), dimnames = list(labels, paste(labels[-1L], labels[-size], sep = "-")))
}

# Simpson's rule on panels that are halved until the trapezium agrees with it, all panels of one width at a time.
area <- function(f, a, b, ..., fa = f(a, ...), fb = f(b, ...), limit = 10, eps = 1e-05) {
  panels <- rbind(from = a, to = b, first = fa, last = fb)
  total <- 0
  for (left in limit:0) {
    middle <- (panels["from", ] + panels["to", ]) / 2
    between <- vapply(middle, function(at) f(at, ...), 0)
    half <- (panels["to", ] - panels["from", ]) / 2
    line <- half * (panels["first", ] + panels["last", ])
    parabola <- (line + 4 * half * between) / 3
    rough <- abs(line - parabola) >= eps
    if (left == 0) for (at in middle[rough]) warning(gettextf("iteration limit reached near 'x = %f'", at), domain = NA)
    split <- rough & left > 0
    total <- total + sum(parabola[!split])
    if (!any(split)) return(total)
    lower <- rbind(panels["from", ], middle, panels["first", ], between)
    upper <- rbind(middle, panels["to", ], between, panels["last", ])
    panels <- matrix(rbind(lower[, split, drop = FALSE], upper[, split, drop = FALSE]), 4L, dimnames = list(rownames(panels), NULL))
  }
}

write.matrix <- function(x, file = "", sep = " ", blocksize) {
  x <- as.matrix(x)
  titles <- colnames(x)
  shown <- format(x)
  cat(if (!is.null(titles)) c(paste(titles, collapse = sep)), file = file, sep = if (is.null(titles)) "" else "\n")
  cat(apply(shown, 1L, paste, collapse = sep), file = file, sep = "\n", append = !is.null(titles))
}

rational <- function(x, cycles = 10, max.denominator = 2000, ...) {
  made <- x
  made[] <- vapply(as.numeric(x), function(one) {
    parts <- .as_fraction(one, cycles, max.denominator)
    parts[1L] / parts[2L]
  }, 0)
  made
}

as.fractions <- function(x) if (is.fractions(x)) x else fractions(x)

is.fractions <- function(f) inherits(f, "fractions")
