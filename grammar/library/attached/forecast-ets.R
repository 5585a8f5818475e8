# Exponential smoothing as models of states: error, trend and season are each added, multiplied or absent.
# Source: R. J. Hyndman, A. B. Koehler, J. K. Ord and R. D. Snyder, Forecasting with Exponential Smoothing (2008).

ets <- function(y, model = "ZZZ", damped = NULL, alpha = NULL, beta = NULL, gamma = NULL, phi = NULL, additive.only = FALSE, lambda = NULL,
                biasadj = FALSE, lower = c(rep(0.0001, 3), 0.8), upper = c(rep(0.9999, 3), 0.98), opt.crit = c("lik", "amse", "mse", "sigma", "mae"),
                nmse = 3, bounds = c("both", "usual", "admissible"), ic = c("aicc", "aic", "bic"), restrict = TRUE,
                allow.multiplicative.trend = FALSE, use.initial.values = FALSE, na.action = c("na.contiguous", "na.interp", "na.fail"), ...) {
  label <- .series_label(substitute(y))
  criterion <- match.arg(opt.crit)
  bounds <- match.arg(bounds)
  ic <- match.arg(ic)
  most <- if (is.null(list(...)$maxit)) 2000 else list(...)$maxit
  .refuse_if(`y should be a univariate time series` = is.data.frame(y) || NCOL(y) > 1L, `No model without data` = !length(y))
  if (is.character(y)) stop("y should be a univariate time series")
  if (is.null(lambda) && all(is.na(y))) stop("y should be a univariate time series")
  y <- as.ts(y)
  if (anyNA(y)) {
    how <- match.arg(na.action)
    y <- if (how == "na.contiguous") na.contiguous(y) else if (how == "na.interp") na.interp(y) else na.fail(y)
    if (how == "na.contiguous") warning("Missing values encountered. Using longest contiguous portion of time series")
  }
  given <- y
  if (!is.null(lambda)) {
    y <- BoxCox(y, lambda)
    lambda <- attr(y, "lambda")
    attr(y, "lambda") <- NULL
    additive.only <- TRUE
  }
  .refuse_if(`nmse out of range` = nmse < 1 || nmse > 30)
  rate <- frequency(y)
  known <- list(alpha = alpha, beta = beta, gamma = gamma, phi = phi)
  if (inherits(model, "ets")) {
    known <- as.list(model$par[intersect(names(known), names(model$par))])
    damped <- model$components[4L] == "TRUE"
    if (use.initial.values) {
      made <- .ets_repeated(y, model, nmse)
      return(.ets_result(made, given, lambda, biasadj, label, match.call()))
    }
    model <- paste(model$components[1:3], collapse = "")
  }
  letters <- strsplit(model, "")[[1L]]
  .refuse_if(`Invalid error type` = !letters[1L] %in% c("M", "A", "Z"), `Invalid trend type` = !letters[2L] %in% c("M", "A", "N", "Z"),
    `Invalid season type` = !letters[3L] %in% c("M", "A", "N", "Z"))
  if (rate < 1 || length(y) <= rate) letters[3L] <- "N"
  if (rate == 1) {
    if (letters[3L] %in% c("A", "M")) stop("Nonseasonal data")
    letters[3L] <- "N"
  }
  if (rate > 24) {
    if (letters[3L] %in% c("A", "M")) stop("Frequency too high")
    if (letters[3L] == "Z") {
      warning("I can't handle data with frequency greater than 24. Seasonality will be ignored. Try stlf() if you need seasonal forecasts.")
      letters[3L] <- "N"
    }
  }
  if (restrict) {
    combined <- paste0(letters, collapse = "")
    if (letters[1L] == "A" && (letters[2L] == "M" || letters[3L] == "M") || combined == "MMA" || (letters[1L] == "M" && letters[2L] == "M" && letters[3L] == "A"))
      stop("Forbidden model combination")
  }
  positive <- min(y) > 0
  if (!positive && letters[1L] == "M") stop("Inappropriate model for data with negative or zero values")
  if (!is.null(damped) && damped && letters[2L] == "N") stop("Forbidden model combination")
  n <- length(y)
  wanted <- function(letter, every) if (letter == "Z") every else letter
  kinds <- expand.grid(damped = if (is.null(damped)) c(TRUE, FALSE) else damped, season = wanted(letters[3L], c("N", "A", "M")),
    trend = wanted(letters[2L], c("N", "A", if (allow.multiplicative.trend) "M")), error = wanted(letters[1L], c("A", "M")), stringsAsFactors = FALSE)
  open <- letters == "Z"
  keep <- !(kinds$trend == "N" & kinds$damped)
  if (restrict) keep <- keep & !(kinds$error == "A" & (kinds$trend == "M" | kinds$season == "M")) & !(kinds$error == "M" & kinds$trend == "M" & kinds$season == "A")
  if (!positive) keep <- keep & kinds$error != "M" & kinds$trend != "M" & kinds$season != "M"
  if (additive.only) keep <- keep & kinds$error == "A" & kinds$trend != "M" & kinds$season != "M"
  if (rate <= 1 || n <= rate) keep <- keep & kinds$season == "N"
  kinds <- kinds[keep, , drop = FALSE]
  if (n <= 6 + 2 * (letters[2L] %in% c("A", "M")) + (if (letters[3L] %in% c("A", "M")) rate else 0) + sum(damped)) {
    # Too few observations to choose among models: least squares from the simplest first state.
    if (isTRUE(damped)) warning("Not enough data to use damping")
    short <- .ets_short(given, letters, known, lambda, biasadj)
    short$method <- paste0("ETS(", paste(short$components[1:3], collapse = ","), ")")
    short$series <- label
    short$call <- match.call()
    return(short)
  }
  best <- NULL
  for (k in seq_len(nrow(kinds))) {
    fit <- .ets_fitted(y, kinds[k, ], known, lower, upper, criterion, nmse, bounds, most)
    if (!is.null(fit) && is.finite(fit[[ic]]) && (is.null(best) || fit[[ic]] < best[[ic]])) best <- fit
  }
  if (is.null(best)) stop("No model able to be fitted")
  .ets_result(best, given, lambda, biasadj, label, match.call())
}

# The best of what a short series allows.
.ets_short <- function(y, letters, known, lambda, biasadj) {
  smoothed <- function(beta, gamma, seasonal = "additive")
    tryCatch(.simply_smoothed(y, known$alpha, if (beta) known$beta else FALSE, if (gamma) known$gamma else FALSE, seasonal, lambda, biasadj), error = function(e) NULL)
  if (letters[3L] != "N" && frequency(y) > 1 && length(y) > frequency(y)) {
    fit <- smoothed(TRUE, TRUE, if (letters[3L] == "M") "multiplicative" else "additive")
    if (!is.null(fit)) return(fit)
  }
  fits <- Filter(Negate(is.null), list(if (letters[2L] != "N") smoothed(TRUE, FALSE), if (!letters[2L] %in% c("A", "M")) smoothed(FALSE, FALSE)))
  .refuse_if(`No model able to be fitted` = !length(fits))
  fits[[which.min(vapply(fits, function(fit) fit$sigma2, 0))]]
}

# The weights that a kind of model has, with those given and where the search for the others begins.
.ets_weights <- function(kind, known, lower, upper, rate) {
  has <- c(alpha = TRUE, beta = kind$trend != "N", gamma = kind$season != "N", phi = kind$damped)
  free <- has & vapply(names(has), function(name) is.null(known[[name]]), TRUE)
  value <- c(alpha = NA, beta = NA, gamma = NA, phi = NA)
  for (name in names(has)) if (has[[name]] && !free[[name]]) value[[name]] <- known[[name]]
  between <- function(share, low, high) low + share * (high - low)
  if (free[["alpha"]]) value[["alpha"]] <- between(0.2 / rate, lower[1L], upper[1L])
  if (free[["beta"]]) value[["beta"]] <- between(0.1, lower[2L], min(upper[2L], value[["alpha"]]))
  if (free[["gamma"]]) value[["gamma"]] <- between(0.05, lower[3L], min(upper[3L], 1 - value[["alpha"]]))
  if (free[["phi"]]) value[["phi"]] <- between(0.99, lower[4L], upper[4L])
  list(has = has, free = free, value = value)
}

# A first state: seasons by a decomposition, then a line through the first observations.
.ets_state <- function(y, kind, rate) {
  n <- length(y)
  plain <- as.vector(y)
  season <- NULL
  if (kind$season != "N") {
    rest <- function(part) if (kind$season == "A") plain - part else plain / part
    if (n < 3 * rate) {
      turn <- 2 * pi * seq_len(n) / rate
      line <- qr.coef(qr(cbind(1, seq_len(n), sin(turn), cos(turn))), plain)
      drawn <- line[1L] + line[2L] * seq_len(n)
      season <- rest(drawn)[seq_len(rate)]
      plain <- drawn
    } else {
      parts <- decompose(y, if (kind$season == "A") "additive" else "multiplicative")
      season <- as.vector(parts$seasonal)[seq_len(rate)]
      plain <- rest(as.vector(parts$seasonal))
    }
    season <- rev(season)[-rate]
    if (kind$season == "M") {
      season <- pmax(season, 0.01)
      if (sum(season) > rate) season <- season / sum(season + 0.01)
    }
  }
  first <- seq_len(min(max(10, 2 * rate), length(plain)))
  if (kind$trend == "N") return(c(l = mean(plain[first]), .season_names(season)))
  line <- qr.coef(qr(cbind(1, first)), plain[first])
  if (kind$trend == "A") {
    level <- line[[1L]]
    trend <- line[[2L]]
    if (abs(level + trend) < 1e-8) {
      level <- level * (1 + 1e-3)
      trend <- trend * (1 - 1e-3)
    }
  } else {
    level <- line[[1L]] + line[[2L]]
    if (abs(level) < 1e-8) level <- 1e-7
    trend <- (line[[1L]] + 2 * line[[2L]]) / level
    level <- level / trend
    if (abs(trend) > 1e10) trend <- sign(trend) * 1e10
    if (level < 1e-8 || trend < 1e-8) {
      level <- max(plain[1L], 1e-3)
      trend <- max(plain[2L] / plain[1L], 1e-3)
    }
  }
  c(l = level, b = trend, .season_names(season))
}

.season_names <- function(season) if (length(season)) setNames(season, paste0("s", seq_along(season) - 1L))

.ets_letters <- function(kind) unlist(kind[c("error", "trend", "season")], use.names = FALSE)

# What a pass takes for weights that a model does not have.
.ets_neutral <- function(value) {
  value[c("beta", "gamma")][is.na(value[c("beta", "gamma")])] <- 0
  if (is.na(value[["phi"]])) value[["phi"]] <- 1
  value
}

.ets_fitted <- function(y, kind, known, lower, upper, criterion, nmse, bounds, most) {
  rate <- if (kind$season == "N") 1 else frequency(y)
  n <- length(y)
  weights <- .ets_weights(kind, known, lower, upper, rate)
  state <- .ets_state(y, kind, rate)
  count <- sum(weights$free) + length(state)
  if (count >= n - 1) return(NULL)
  neutral <- .ets_neutral(weights$value)
  start <- c(weights$value[weights$free], state)
  found <- .ets_search(as.double(y), as.double(start), .ets_letters(kind), rate, as.double(neutral), weights$free, as.double(lower), as.double(upper), criterion,
    nmse, bounds != "admissible", bounds != "usual", most)
  at <- setNames(found$par, names(start))
  neutral[names(which(weights$free))] <- at[names(which(weights$free))]
  own <- at[setdiff(names(at), names(neutral))]
  if (kind$season != "N") {
    seasons <- own[-seq_len(1L + (kind$trend != "N"))]
    own <- c(own, (if (kind$season == "M") rate else 0) - sum(seasons))
  }
  fit <- .ets_measured(y, kind, neutral, own, nmse, length(start) + 1L, found$value)
  held <- weights$has & !weights$free
  fit$par <- c(at, weights$value[held])
  fit$fit <- list(value = found$value, par = found$par, fail = as.integer(found$counts[1L]), fncount = as.integer(found$counts[2L]))
  fit
}

# What a model with all its numbers makes of a series.
.ets_measured <- function(y, kind, weights, state, nmse, count, height = NULL) {
  n <- length(y)
  rate <- if (kind$season == "N") 1 else frequency(y)
  made <- .ets_pass(as.double(y), as.double(state), .ets_letters(kind), rate, as.double(weights), nmse)
  height <- made$height
  names(state) <- c("l", if (kind$trend != "N") "b", if (kind$season != "N") paste0("s", seq_len(rate)))
  states <- ts(structure(made$states, dimnames = list(NULL, names(state))), start = tsp(y)[1L] - 1 / frequency(y), frequency = frequency(y))
  aic <- height + 2 * count
  list(loglik = -0.5 * height, aic = aic, bic = height + log(n) * count, aicc = aic + 2 * count * (count + 1) / (n - count - 1), mse = made$amse[1L],
    amse = mean(made$amse), residuals = .beside_series(made$errors, y), fitted = .beside_series(made$fitted, y), states = states, m = max(1, frequency(y)),
    method = paste0("ETS(", kind$error, ",", kind$trend, if (kind$damped) "d", ",", kind$season, ")"), components = c(.ets_letters(kind), as.character(kind$damped)),
    state = state, count = count, weights = weights)
}

# A fitted model's own numbers on another series.
.ets_repeated <- function(y, model, nmse) {
  parts <- model$components
  kind <- list(error = parts[1L], trend = parts[2L], season = parts[3L], damped = parts[4L] == "TRUE")
  weights <- c(alpha = NA, beta = NA, gamma = NA, phi = NA)
  own <- intersect(names(weights), names(model$par))
  weights[own] <- model$par[own]
  fit <- .ets_measured(y, kind, .ets_neutral(weights), model$initstate, nmse, length(model$par) + 1L)
  fit$par <- model$par
  fit
}

.ets_result <- function(fit, given, lambda, biasadj, label, call) {
  made <- fit[c("loglik", "aic", "bic", "aicc", "mse", "amse", "fit", "residuals", "fitted", "states", "par", "m", "method")]
  made$series <- label
  made$components <- fit$components
  made$call <- call
  made$initstate <- fit$state
  made$sigma2 <- sum(made$residuals^2, na.rm = TRUE) / (length(given) - length(setdiff(names(fit$par), "none")))
  made$x <- given
  if (!is.null(lambda)) {
    made$lambda <- lambda
    attr(made$lambda, "biasadj") <- biasadj
    made$fitted <- if (biasadj) .unbiased_inverse(made$fitted, lambda, var(made$residuals)) else .plain_inverse(made$fitted, lambda)
  }
  structure(made, class = "ets")
}

print.ets <- function(x, ...) {
  cat(paste(x$method, "\n\n"))
  cat(paste("Call:\n", deparse(x$call), "\n\n"))
  if (!is.null(x$lambda)) cat("  Box-Cox transformation: lambda=", round(x$lambda, 4), "\n\n")
  told <- function(name, label) if (name %in% names(x$par)) cat(paste0("    ", label, "= ", round(x$par[[name]], 4), " \n"))
  cat("  Smoothing parameters:\n")
  told("alpha", "alpha ")
  told("beta", "beta  ")
  told("gamma", "gamma ")
  told("phi", "phi   ")
  first <- x$initstate
  cat("\n  Initial states:\n")
  cat(paste("    l =", round(first[1L], 4), "\n"))
  trending <- x$components[2L] != "N"
  if (trending) cat(paste("    b =", round(first[2L], 4), "\n"))
  if (x$components[3L] != "N") {
    season <- round(first[-seq_len(1L + trending)], 4)
    rows <- split(season, (seq_along(season) - 1L) %/% 6L)
    lines <- if (length(season) <= 8L) paste(season, collapse = " ") else vapply(rows, paste, "", collapse = " ")
    cat("    s = ", paste(lines, collapse = "\n           "), "\n", sep = "")
  }
  cat("\n  sigma:  ")
  cat(round(sqrt(x$sigma2), 4))
  if (!is.null(x$aic)) {
    cat("\n\n")
    print(c(AIC = x$aic, AICc = x$aicc, BIC = x$bic))
  }
  invisible(x)
}

summary.ets <- function(object, ...) {
  class(object) <- c("summary.ets", class(object))
  object
}

print.summary.ets <- function(x, ...) {
  print.ets(x)
  cat("\nTraining set error measures:\n")
  print(accuracy.forecast(x))
  invisible(x)
}

is.ets <- function(x) inherits(x, "ets")

coef.ets <- function(object, ...) object$par

residuals.ets <- function(object, type = c("innovation", "response"), ...)
  if (match.arg(type) == "response") object$x - object$fitted else object$residuals

fitted.ets <- function(object, ...) object$fitted

nobs.ets <- function(object, ...) length(object$x)

logLik.ets <- function(object, ...) structure(object$loglik, nobs = length(object$x), df = length(object$par) + 1, class = "logLik")

AIC.ets <- function(object, ..., k = 2) -2 * object$loglik + k * (length(object$par) + 1)
