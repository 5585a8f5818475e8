# Small tools of stats, utils and tools: constrained minimising, simulated responses, tables by any key, checks of conditions.

# Source: K. Lange, Numerical Analysis for Statisticians (2001): a barrier of logarithms that adapts.
constrOptim <- function(theta, f, grad, ui, ci, mu = 1e-4, control = list(), method = if (is.null(grad)) "Nelder-Mead" else "BFGS",
                        outer.iterations = 100, outer.eps = 1e-5, ..., hessian = FALSE) {
  if (!is.null(control$fnscale) && control$fnscale < 0) mu <- -mu
  ui <- as.matrix(ui)
  if (any(ui %*% theta - ci <= 0)) stop("initial value is not in the interior of the feasible region")
  target <- function(theta, ...) f(theta, ...)
  barrier <- function(theta, before, ...) {
    room <- as.vector(ui %*% theta - ci)
    if (any(room < 0)) return(NaN)
    old <- as.vector(ui %*% before - ci)
    sum_of <- sum(old * log(room) - as.vector(ui %*% theta))
    if (!is.finite(sum_of)) sum_of <- -Inf
    f(theta, ...) - mu * sum_of
  }
  barrier_slope <- function(theta, before, ...) {
    room <- as.vector(ui %*% theta - ci)
    old <- as.vector(ui %*% before - ci)
    grad(theta, ...) - mu * (colSums(ui * old / room) - colSums(ui))
  }
  value <- f(theta, ...)
  best <- barrier(theta, theta, ...)
  counts <- 0
  for (round in seq_len(outer.iterations)) {
    last_value <- value
    last_best <- best
    before <- theta
    found <- optim(before, function(p) barrier(p, before, ...), if (!is.null(grad)) function(p) barrier_slope(p, before, ...), control = control,
                   method = method, hessian = hessian)
    best <- found$value
    if (is.finite(best) && is.finite(last_best) && abs(best - last_best) < (0.001 + abs(best)) * outer.eps) break
    theta <- found$par
    counts <- counts + found$counts
    value <- f(theta, ...)
    if (sign(mu) * value > sign(mu) * last_value) break
  }
  if (round == outer.iterations) {
    found$convergence <- 7
    found$message <- gettext("Barrier algorithm ran out of iterations and did not converge")
  }
  if (mu > 0 && value > last_value) {
    found$convergence <- 11
    found$message <- gettextf("Objective function increased at outer iteration %d", round)
  }
  if (mu < 0 && value < last_value) {
    found$convergence <- 11
    found$message <- gettextf("Objective function decreased at outer iteration %d", round)
  }
  found$outer.iterations <- round
  found$counts <- counts
  found$barrier.value <- found$value
  found$value <- f(found$par, ...)
  found$barrier.value <- found$barrier.value - found$value
  found
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

qqplot <- function(x, y, plot.it = TRUE, xlab = deparse1(substitute(x)), ylab = deparse1(substitute(y)), ...) {
  force(xlab)
  force(ylab)
  sx <- sort(x)
  sy <- sort(y)
  short <- min(length(sx), length(sy))
  if (length(sx) > short) sx <- approx(seq_along(sx), sx, n = short)$y
  if (length(sy) > short) sy <- approx(seq_along(sy), sy, n = short)$y
  if (plot.it) plot(sx, sy, xlab = xlab, ylab = ylab, ...)
  invisible(list(x = sx, y = sy))
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
  vapply(n, function(size) {
    repeat {
      rest <- size
      for (prime in factors) while (rest %% prime == 0) rest <- rest / prime
      if (rest == 1) return(as.integer(size))
      size <- size + 1
    }
  }, 0L)
}

La.svd <- function(x, nu = min(n, p), nv = min(n, p)) {
  x <- as.matrix(x)
  n <- nrow(x)
  p <- ncol(x)
  found <- svd(x, nu, nv)
  list(d = found$d, u = found$u, vt = t(found$v))
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
