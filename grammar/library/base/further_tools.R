# Small tools of stats, utils and tools: constrained minimising, simulated responses, tables by any key, checks of conditions.

# Source: K. Lange, Numerical Analysis for Statisticians (2001), chapter 14: minimising under ui %*% theta >= ci. What is minimised in
# each round is f less mu times the sum of room(last) * log(room) - ui %*% theta, which keeps its slope where the last round ended.
constrOptim <- function(theta, f, grad, ui, ci, mu = 1e-4, control = list(), method = if (is.null(grad)) "Nelder-Mead" else "BFGS",
                        outer.iterations = 100, outer.eps = 1e-5, ..., hessian = FALSE) {
  ui <- as.matrix(ui)
  side <- if (isTRUE(control$fnscale < 0)) -1 else 1
  product <- function(point) as.vector(ui %*% point)
  room <- function(point) product(point) - ci
  if (any(room(theta) <= 0)) stop("initial value is not in the interior of the feasible region")
  guarded <- function(last) {
    weight <- room(last)
    function(point) {
      free <- room(point)
      if (any(free < 0)) return(NaN)
      wall <- sum(weight * log(free) - product(point))
      f(point, ...) - side * mu * (if (is.finite(wall)) wall else -Inf)
    }
  }
  slope <- function(last) {
    if (is.null(grad)) return(NULL)
    weight <- room(last)
    function(point) grad(point, ...) - side * mu * as.vector(crossprod(ui, weight / room(point) - 1))
  }
  values <- f(theta, ...)
  reached <- guarded(theta)(theta)
  taken <- 0
  settled <- FALSE
  for (round in seq_len(outer.iterations)) {
    found <- optim(theta, guarded(theta), slope(theta), control = control, method = method, hessian = hessian)
    gain <- abs(found$value - reached)
    reached <- found$value
    settled <- is.finite(gain) && gain < outer.eps * (0.001 + abs(reached))
    if (settled) break
    theta <- found$par
    taken <- taken + found$counts
    values <- c(values, f(theta, ...))
    if (side * diff(tail(values, 2L)) > 0) break
  }
  last <- tail(values, 2L)
  outcome <- if (!settled && isTRUE(side * diff(last) > 0)) {
    list(11, gettextf(if (side > 0) "Objective function increased at outer iteration %d" else "Objective function decreased at outer iteration %d", round))
  } else if (round == outer.iterations) list(7, gettext("Barrier algorithm ran out of iterations and did not converge"))
  if (length(outcome)) found[c("convergence", "message")] <- outcome
  at <- f(found$par, ...)
  modifyList(found, list(value = at, outer.iterations = round, counts = taken, barrier.value = reached - at), keep.null = TRUE)
}

simulate <- function(object, nsim = 1, seed = NULL, ...) UseMethod("simulate")

simulate.lm <- function(object, nsim = 1, seed = NULL, ...) {
  if (is.null(get0(".Random.seed", .GlobalEnv, inherits = FALSE))) runif(1)
  state <- kept <- get0(".Random.seed", .GlobalEnv, inherits = FALSE)
  if (!is.null(seed)) {
    if (!is.null(kept)) on.exit(assign(".Random.seed", kept, envir = .GlobalEnv))
    set.seed(seed)
    state <- structure(seed, kind = as.list(RNGkind()))
  }
  middle <- fitted(object)
  n <- length(middle)
  family <- if (inherits(object, "glm")) object$family$family else "gaussian"
  w <- weights(object)
  draw <- switch(family,
    gaussian = function() {
      spread <- deviance(object) / df.residual(object)
      middle + rnorm(n, sd = sqrt(if (is.null(w) || inherits(object, "glm")) spread else spread / w))
    },
    poisson = function() rpois(n, middle),
    binomial = function() {
      if (any(object$prior.weights %% 1 != 0)) stop("cannot simulate from non-integer prior.weights")
      rbinom(n, size = object$prior.weights, prob = middle) / object$prior.weights
    },
    stop(gettextf("family '%s' not implemented", family), domain = NA))
  made <- as.data.frame(structure(lapply(seq_len(nsim), function(k) unname(draw())), names = paste0("sim_", seq_len(nsim))))
  row.names(made) <- names(middle)
  attr(made, "seed") <- state
  made
}

# As many quantiles of each sample as the smaller one has.
qqplot <- function(x, y, plot.it = TRUE, xlab = deparse1(substitute(x)), ylab = deparse1(substitute(y)), ...) {
  labels <- list(xlab = xlab, ylab = ylab)
  sorted <- list(x = sort(x), y = sort(y))
  size <- min(lengths(sorted))
  points <- lapply(sorted, function(values) if (length(values) == size) values else approx(seq_along(values), values, n = size)$y)
  if (plot.it) do.call(plot, c(unname(points), labels, list(...)))
  invisible(points)
}

interaction.plot <- function(x.factor, trace.factor, response, fun = mean, type = c("l", "p", "b", "o", "c"), legend = TRUE,
                             trace.label = deparse1(substitute(trace.factor)), fixed = FALSE,
                             xlab = deparse1(substitute(x.factor)), ylab = drawn, ylim = range(cells, na.rm = TRUE), lty = traces:1,
                             col = 1, pch = c(1L:9, 0, letters), xpd = NULL, leg.bg = par("bg"), leg.bty = "n", xtick = FALSE,
                             xaxt = par("xaxt"), axes = TRUE, ...) {
  drawn <- paste(deparse1(substitute(fun)), "of ", deparse1(substitute(response)))
  type <- match.arg(type)
  cells <- tapply(response, list(x.factor, trace.factor), fun)
  traces <- ncol(cells)
  places <- seq_len(nrow(cells))
  if (is.ordered(x.factor)) {
    numbers <- suppressWarnings(as.numeric(rownames(cells)))
    if (!anyNA(numbers)) places <- numbers
  }
  .passed_over(xpd, leg.bg, leg.bty, xtick)
  matplot(places, cells, type = type, xlab = xlab, ylab = ylab, ylim = ylim, lty = lty, col = col, pch = pch, axes = axes, xaxt = "n", ...)
  if (axes && xaxt != "n") axis(1, at = places, labels = rownames(cells))
  if (legend) {
    order <- if (fixed) seq_len(traces) else order(cells[nrow(cells), ], decreasing = TRUE)
    lines <- if (type == "p") NULL else rep(lty, length.out = traces)[order]
    marks <- if (type %in% c("l", "c")) NULL else rep(pch, length.out = traces)[order]
    # The argument hides the function of its name.
    graphics::legend("topright", legend = colnames(cells)[order], title = trace.label, lty = lines, pch = marks,
                     col = rep(col, length.out = traces)[order])
  }
  invisible()
}

nextn <- function(n, factors = c(2, 3, 5)) {
  if (!is.numeric(n) && !is.null(n)) stop("'n' must have typeof(.) \"integer\" or \"double\"")
  factors <- unique(as.integer(factors))
  if (!length(factors)) stop("no factors")
  if (anyNA(factors) || any(factors <= 1L)) stop("invalid factors")
  sizes <- vapply(trunc(as.double(n)), function(size) {
    if (is.na(size)) return(NA_real_)
    if (size <= 1) return(1)
    # All products below the size, factor by factor; of those that are not below it, the smallest.
    below <- 1
    found <- Inf
    for (prime in factors) {
      products <- c(outer(below, prime^(0:ceiling(log(size, prime)))))
      found <- min(found, products[products >= size])
      below <- products[products < size]
    }
    found
  }, 0)
  if (any(sizes > .Machine$integer.max, na.rm = TRUE)) sizes else as.integer(sizes)
}

La.svd <- function(x, nu = min(n, p), nv = min(n, p)) {
  if (!is.numeric(x) && !is.complex(x)) stop("argument to 'La.svd' must be numeric or complex")
  size <- dim(as.matrix(x))
  n <- size[1L]
  p <- size[2L]
  parts <- svd(x, nu, nv)
  parts$vt <- Conj(t(parts$v))
  parts[c("d", "u", "vt")[c(TRUE, nu > 0, nv > 0)]]
}

hashtab <- function(type = c("identical", "address"), size) {
  type <- match.arg(type)
  table <- new.env()
  table$keys <- list()
  table$values <- list()
  table$type <- type
  structure(list(table), class = "hashtab")
}

hash_place <- function(h, key) {
  for (k in seq_along(h[[1L]]$keys)) if (identical(h[[1L]]$keys[[k]], key)) return(k)
  0L
}

sethash <- function(h, key, value) {
  at <- hash_place(h, key)
  if (!at) at <- length(h[[1L]]$keys) + 1L
  h[[1L]]$keys[at] <- list(key)
  h[[1L]]$values[at] <- list(value)
  invisible(value)
}

gethash <- function(h, key, nomatch = NULL) if (at <- hash_place(h, key)) h[[1L]]$values[[at]] else nomatch

remhash <- function(h, key) {
  at <- hash_place(h, key)
  if (at) {
    h[[1L]]$keys[at] <- NULL
    h[[1L]]$values[at] <- NULL
  }
  invisible(at > 0L)
}

numhash <- function(h) length(h[[1L]]$keys)

typhash <- function(h) h[[1L]]$type

clrhash <- function(h) {
  h[[1L]]$keys <- list()
  h[[1L]]$values <- list()
  invisible()
}

maphash <- function(h, FUN) {
  keys <- h[[1L]]$keys
  values <- h[[1L]]$values
  for (k in seq_along(keys)) FUN(keys[[k]], values[[k]])
  invisible()
}

is.hashtab <- function(x) inherits(x, "hashtab")

assertCondition <- function(expr, ..., .exprString = deparse1(substitute(expr)), verbose = FALSE) {
  wanted <- c(...)
  seen <- list()
  tryCatch(withCallingHandlers(expr, condition = function(c) seen[[length(seen) + 1L]] <<- c, warning = function(c) tryInvokeRestart("muffleWarning")),
           error = function(e) NULL)
  if (is.null(wanted)) {
    if (length(seen)) return(invisible(seen))
    stop(gettextf("Failed to get any conditions in evaluating %s", .exprString), domain = NA, call. = FALSE)
  }
  if (any(vapply(seen, inherits, NA, wanted))) {
    if (verbose) message("assertCondition: successfully caught ", paste(wanted, collapse = ", "))
    return(invisible(seen))
  }
  stop(gettextf("Failed to get %s in evaluating %s", paste(wanted, collapse = " or "), .exprString), domain = NA, call. = FALSE)
}

assertError <- function(expr, classes = "error", verbose = FALSE) {
  assertCondition(expr, classes, .exprString = deparse1(substitute(expr)), verbose = verbose)
}

assertWarning <- function(expr, classes = "warning", verbose = FALSE) {
  assertCondition(expr, classes, .exprString = deparse1(substitute(expr)), verbose = verbose)
}
