# Fits that a few wild values do not move: running medians, median polish; and fits that only rise.
# Source: J. W. Tukey, Exploratory Data Analysis (1977).

runmed <- function(x, k, endrule = c("median", "keep", "constant"), algorithm = NULL,
                   na.action = c("+Big_alternate", "-Big_alternate", "na.omit", "fail"), print.level = 0) {
  gaps <- match.arg(na.action)
  missing <- is.na(x)
  ends <- list(median = function(made) smoothEnds(made, k), keep = function(made) made,
    constant = function(made) made[pmin(pmax(seq_along(made), k %/% 2L + 1L), length(made) - k %/% 2L)])
  ends <- ends[[match.arg(endrule)]]
  n <- length(x)
  k <- as.integer(k)
  .refuse_if(`'k' must be positive` = k < 0L)
  if (!k %% 2L) warning(gettextf("'k' must be odd!  Changing 'k' to %d", k <- k + 1L), domain = NA)
  if (k > n && n) warning(gettextf("'k' is bigger than 'n'!  Changing 'k' to %d", k <- 2L * ((n - 1L) %/% 2L) + 1L), domain = NA)
  if (gaps == "fail" && any(missing)) stop(sprintf("runmed(x, .., na.action=\"na.fail\"): have NAs starting at x[%d]", which(missing)[1L]))
  if (gaps == "na.omit" && any(missing)) return(structure(replace(rep(NA_real_, n), !missing, runmed(x[!missing], k, endrule)), k = k))
  # Gaps stand in turn above and below everything, or below and above.
  made <- as.double(x)
  made[missing] <- rep_len(if (gaps == "-Big_alternate") c(-1, 1) else c(1, -1), sum(missing)) * .Machine$double.xmax
  if (n && k > 1L) {
    made[seq_len(n - k + 1L) + k %/% 2L] <- apply(embed(made, k), 1L, median)
    made <- ends(made)
  }
  structure(replace(made, abs(made) >= .Machine$double.xmax, NA), k = k)
}

smoothEnds <- function(y, k = 3L) {
  middle <- function(a, b, c) sort(c(a, b, c))[2L]
  k <- as.integer(k)
  n <- length(y)
  half <- k %/% 2L
  if (half < 1L) return(y)
  smooth <- y
  if (half >= 2L) {
    smooth[2L] <- middle(y[1L], y[2L], y[3L])
    smooth[n - 1L] <- middle(y[n], y[n - 1L], y[n - 2L])
    for (i in seq_len(half - 2L) + 2L) {
      smooth[i] <- median(y[seq_len(2L * i - 1L)])
      smooth[n - i + 1L] <- median(y[n + 1L - seq_len(2L * i - 1L)])
    }
  }
  smooth[1L] <- middle(y[1L], smooth[2L], 3 * smooth[2L] - 2 * smooth[3L])
  smooth[n] <- middle(y[n], smooth[n - 1L], 3 * smooth[n - 1L] - 2 * smooth[n - 2L])
  smooth
}

isoreg <- function(x, y = NULL) {
  given <- xy.coords(x, y)
  at <- order(given$x, -given$y)
  values <- given$y[at]
  level <- weight <- numeric(0)
  for (value in values) {
    level <- c(level, value)
    weight <- c(weight, 1)
    while ((k <- length(level)) > 1L && level[k - 1L] >= level[k]) {
      joined <- weight[k - 1L] + weight[k]
      level[k - 1L] <- (level[k - 1L] * weight[k - 1L] + level[k] * weight[k]) / joined
      weight[k - 1L] <- joined
      level <- level[-k]
      weight <- weight[-k]
    }
  }
  structure(list(x = given$x, y = given$y, yf = rep(level, weight), yc = c(0, cumsum(values)), iKnots = cumsum(weight),
                 isOrd = !is.unsorted(given$x), ord = at, call = sys.call()), class = "isoreg")
}

# Medians of the rows, or of the columns, go from the residuals to the effects, and the median of the other effects to the whole.
.median_sweep <- function(fit, side, na.rm) {
  middle <- function(values) median(values, na.rm = na.rm)
  found <- apply(fit$residuals, side, middle)
  fit$residuals <- fit$residuals - (if (side == 1L) found else rep(found, each = nrow(fit$residuals)))
  fit$effects[[side]] <- fit$effects[[side]] + found
  level <- middle(fit$effects[[3L - side]])
  fit$effects[[3L - side]] <- fit$effects[[3L - side]] - level
  fit$overall <- fit$overall + level
  fit
}

medpolish <- function(x, eps = 0.01, maxiter = 10L, trace.iter = TRUE, na.rm = FALSE) {
  name <- deparse1(substitute(x))
  x <- as.matrix(x)
  fit <- list(overall = 0, effects = list(setNames(numeric(nrow(x)), rownames(x)), setNames(numeric(ncol(x)), colnames(x))), residuals = x)
  sizes <- 0
  settled <- FALSE
  tell <- function(...) if (trace.iter) cat(..., "\n", sep = "")
  while (!settled && length(sizes) <= maxiter) {
    fit <- .median_sweep(.median_sweep(fit, 1L, na.rm), 2L, na.rm)
    sizes <- c(sum(abs(fit$residuals), na.rm = na.rm), sizes)
    settled <- sizes[1L] == 0 || abs(sizes[1L] - sizes[2L]) < eps * sizes[1L]
    tell(if (settled) "Final" else length(sizes) - 1L, ": ", sizes[1L])
  }
  if (!settled) warning(sprintf(ngettext(maxiter, "medpolish() did not converge in %d iteration", "medpolish() did not converge in %d iterations"), maxiter), domain = NA)
  structure(list(overall = fit$overall, row = fit$effects[[1L]], col = fit$effects[[2L]], residuals = fit$residuals, name = name), class = "medpolish")
}

print.medpolish <- function(x, digits = getOption("digits"), ...) {
  parts <- list(`Row Effects` = x$row, `Column Effects` = x$col, Residuals = x$residuals)
  writeLines(c("", sprintf("Median Polish Results (Dataset: \"%s\")", x$name), "", paste("Overall:", format(x$overall, digits = 7L))))
  for (title in names(parts)) {
    writeLines(c("", paste0(title, ":")))
    print(parts[[title]], digits = if (title == "Residuals") max(2L, digits - 2L) else digits, ...)
  }
  writeLines("")
  invisible(x)
}
