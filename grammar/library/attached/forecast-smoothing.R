# Forecasts by exponential smoothing: means and variances of what lies ahead, and the methods of Brown, Holt and Winters.
# Source: R. J. Hyndman, A. B. Koehler, J. K. Ord and R. D. Snyder, Forecasting with Exponential Smoothing (2008), chapter 6.

forecast.ets <- function(object, h = ifelse(object$m > 1, 2 * object$m, 10), level = c(80, 95), fan = FALSE, simulate = FALSE, bootstrap = FALSE,
                         npaths = 5000, PI = TRUE, lambda = object$lambda, biasadj = NULL, ...) {
  .refuse_if(`Forecast horizon out of bounds` = h <= 0)
  level <- .interval_levels(level, fan)
  if (is.null(biasadj)) biasadj <- isTRUE(attr(lambda, "biasadj"))
  parts <- object$components
  drawn <- simulate || bootstrap || parts[2L] == "M" || (parts[1L] == "A" && parts[3L] == "M")
  ahead <- if (drawn) NULL else .ets_moments(object, h)
  made <- list(model = object, mean = .after_series(.ets_ahead(object, h), object$x), level = level, x = object$x)
  if (!drawn && parts[1L] == "M" && parts[3L] == "M") made$mean[] <- ahead$mean
  if (PI || biasadj) {
    if (drawn) {
      # Where no formula is known, paths are drawn.
      paths <- vapply(seq_len(npaths), function(k) .ets_path(object, h, bootstrap), numeric(h))
      paths <- matrix(paths, h)
      shares <- function(at) .after_series(structure(t(matrix(apply(paths, 1L, quantile, at, names = FALSE), length(at))), dimnames = list(NULL, paste0(level, "%"))), object$x)
      made$upper <- shares(0.5 + level / 200)
      made$lower <- shares(0.5 - level / 200)
      spread <- apply(paths, 1L, sd)
    } else {
      spread <- sqrt(ahead$variance)
      made[c("upper", "lower")] <- .forecast_bounds(made$mean, spread, level, object$x)[c("upper", "lower")]
    }
    made <- .untransformed(made, lambda, biasadj, spread)
  } else made <- .untransformed(made, lambda, FALSE)
  if (!PI) made[c("level", "upper", "lower")] <- NULL
  made$fitted <- object$fitted
  made$method <- object$method
  if (!is.null(object$series)) made$series <- object$series
  made$residuals <- object$residuals
  structure(made, class = "forecast")
}

.ets_state_now <- function(object) {
  last <- as.vector(plain_series(object$states)[nrow(object$states), ])
  trending <- object$components[2L] != "N"
  list(level = last[1L], trend = if (trending) last[2L], season = if (object$components[3L] != "N") rev(last[-seq_len(1L + trending)]))
}

.ets_weight <- function(object, name, otherwise) if (name %in% names(object$par)) object$par[[name]] else otherwise

# The path without further shocks.
.ets_ahead <- function(object, h) {
  now <- .ets_state_now(object)
  parts <- object$components
  steps <- cumsum(.ets_weight(object, "phi", 1)^seq_len(h))
  path <- rep(now$level, h)
  if (parts[2L] == "A") path <- path + steps * now$trend
  if (parts[2L] == "M") path <- path * now$trend^steps
  if (parts[3L] == "N") return(path)
  season <- rep_len(now$season, h)
  if (parts[3L] == "A") path + season else path * season
}

# How much a shock moves the observation j steps later.
.ets_influence <- function(object, count) {
  j <- seq_len(count)
  made <- rep(.ets_weight(object, "alpha", 0), count)
  if (object$components[2L] != "N") made <- made + .ets_weight(object, "beta", 0) * cumsum(.ets_weight(object, "phi", 1)^j)
  if (object$components[3L] != "N") made <- made + .ets_weight(object, "gamma", 0) * (j %% object$m == 0)
  made
}

.ets_moments <- function(object, h) {
  parts <- object$components
  if (parts[3L] == "M") return(.ets_moments_multiplied(object, h))
  mean <- .ets_ahead(object, h)
  influence <- .ets_influence(object, h)
  variance <- object$sigma2
  if (parts[1L] == "A") return(list(mean = mean, variance = variance * cumsum(c(1, influence^2))[seq_len(h)]))
  # Relative errors: the mean square of what is expected grows by the squares before it.
  square <- numeric(h)
  for (step in seq_len(h)) {
    back <- seq_len(step - 1L)
    square[step] <- mean[step]^2 + variance * sum(influence[back]^2 * square[step - back])
  }
  list(mean = mean, variance = (1 + variance) * square - mean^2)
}

# The moments of a product of two linear states that share their shocks.
.ets_moments_multiplied <- function(object, h) {
  now <- .ets_state_now(object)
  m <- object$m
  variance <- object$sigma2
  alpha <- .ets_weight(object, "alpha", 0)
  beta <- .ets_weight(object, "beta", 0)
  trending <- object$components[2L] == "A"
  # Here the trend is damped as it is carried on, not as it is added.
  seen <- if (trending) matrix(1, 1L, 2L) else matrix(1)
  move <- if (trending) rbind(c(1, 1), c(0, .ets_weight(object, "phi", 1))) else matrix(1)
  jolt <- if (trending) cbind(c(alpha, beta), c(alpha, beta)) else matrix(alpha)
  seen_season <- matrix(c(1, numeric(m - 1L)), 1L)
  turn <- rbind(cbind(numeric(m - 1L), diag(m - 1L)), c(1, numeric(m - 1L)))
  jolt_season <- matrix(0, m, m)
  jolt_season[m, 1L] <- .ets_weight(object, "gamma", 0)
  both <- kronecker(seen_season, seen)
  plain <- kronecker(turn, move)
  single <- kronecker(jolt_season, move) + kronecker(turn, jolt)
  twice <- kronecker(jolt_season, jolt)
  middle <- c(now$level, now$trend) %o% now$season
  spread <- matrix(0, nrow(plain), nrow(plain))
  mean <- square <- numeric(h)
  for (step in seq_len(h)) {
    mean[step] <- as.vector(both %*% as.vector(middle))
    square[step] <- (1 + variance) * as.vector(both %*% spread %*% t(both)) + variance * mean[step]^2
    product <- tcrossprod(as.vector(middle))
    crossed <- plain %*% spread %*% t(twice)
    spread <- plain %*% spread %*% t(plain) + variance * (crossed + t(crossed)) + variance * single %*% (spread + product) %*% t(single) +
      variance^2 * twice %*% (3 * spread + 2 * product) %*% t(twice)
    middle <- move %*% middle %*% t(turn) + variance * jolt %*% middle %*% t(jolt_season)
  }
  list(mean = mean, variance = square)
}

# One drawn path.
.ets_path <- function(object, h, bootstrap = FALSE, shocks = NULL) {
  now <- .ets_state_now(object)
  parts <- object$components
  weight <- function(name, otherwise = 0) .ets_weight(object, name, otherwise)
  if (is.null(shocks)) shocks <- if (bootstrap) sample(as.vector(object$residuals), h, replace = TRUE) else rnorm(h, 0, sqrt(object$sigma2))
  if (parts[1L] == "M") shocks <- pmax(-1, shocks)
  level <- now$level
  trend <- now$trend
  season <- now$season
  path <- numeric(h)
  for (step in seq_len(h)) {
    carried <- if (parts[2L] == "A") weight("phi", 1) * trend else if (parts[2L] == "M") trend^weight("phi", 1)
    expected <- switch(parts[2L], N = level, A = level + carried, M = level * carried)
    first <- season[1L]
    foretold <- switch(parts[3L], N = expected, A = expected + first, M = expected * first)
    path[step] <- value <- if (parts[1L] == "A") foretold + shocks[step] else foretold * (1 + shocks[step])
    without <- switch(parts[3L], N = value, A = value - first, M = value / first)
    before <- level
    level <- expected + weight("alpha") * (without - expected)
    if (parts[2L] != "N") trend <- carried + weight("beta") / weight("alpha") * ((if (parts[2L] == "A") level - before else level / before) - carried)
    if (parts[3L] != "N") season <- c(season[-1L], first + weight("gamma") * ((if (parts[3L] == "A") value - expected else value / expected) - first))
  }
  path
}

simulate.ets <- function(object, nsim = length(object$x), seed = NULL, future = TRUE, bootstrap = FALSE, innov = NULL, ...) {
  if (!is.null(seed)) set.seed(seed)
  if (!future) {
    first <- object$states[1L, , drop = FALSE]
    object$states <- ts(structure(plain_series(first), dimnames = list(NULL, colnames(object$states))))
  }
  path <- .ets_path(object, if (is.null(innov)) nsim else length(innov), bootstrap, innov)
  if (!is.null(object$lambda)) path <- .plain_inverse(path, object$lambda)
  if (future) .after_series(path, object$x) else .beside_series(path, object$x)
}

ses <- function(y, h = 10, level = c(80, 95), fan = FALSE, initial = c("optimal", "simple"), alpha = NULL, lambda = NULL, biasadj = FALSE, x = y, ...) {
  initial <- match.arg(initial)
  fit <- if (initial == "optimal") ets(x, "ANN", alpha = alpha, opt.crit = "mse", lambda = lambda, biasadj = biasadj)
    else .simply_smoothed(x, alpha = alpha, beta = FALSE, gamma = FALSE, lambda = lambda, biasadj = biasadj)
  .named_smoothing(fit, "Simple exponential smoothing", match.call(), .series_label(substitute(y)), h, level, fan, ...)
}

holt <- function(y, h = 10, damped = FALSE, level = c(80, 95), fan = FALSE, initial = c("optimal", "simple"), exponential = FALSE, alpha = NULL,
                 beta = NULL, phi = NULL, lambda = NULL, biasadj = FALSE, x = y, ...) {
  initial <- match.arg(initial)
  .refuse_if(`I need at least two observations to estimate trend.` = length(x) <= 1L)
  if (initial == "optimal" || damped) {
    kind <- if (exponential) "MMN" else "AAN"
    fit <- ets(x, kind, alpha = alpha, beta = beta, phi = phi, damped = damped, opt.crit = "mse", lambda = lambda, biasadj = biasadj, restrict = !exponential)
  } else {
    .unsupported(exponential, "leave 'initial' at \"optimal\"")
    fit <- .simply_smoothed(x, alpha = alpha, beta = beta, gamma = FALSE, lambda = lambda, biasadj = biasadj)
  }
  name <- paste0(if (damped) "Damped ", "Holt's method", if (exponential) " with exponential trend")
  .named_smoothing(fit, name, match.call(), .series_label(substitute(y)), h, level, fan, ...)
}

hw <- function(y, h = 2 * frequency(x), seasonal = c("additive", "multiplicative"), damped = FALSE, level = c(80, 95), fan = FALSE,
               initial = c("optimal", "simple"), exponential = FALSE, alpha = NULL, beta = NULL, gamma = NULL, phi = NULL, lambda = NULL, biasadj = FALSE,
               x = y, ...) {
  initial <- match.arg(initial)
  seasonal <- match.arg(seasonal)
  .refuse_if(`The time series should have frequency greater than 1.` = frequency(x) <= 1)
  if (length(x) < frequency(x) + 3) stop(paste("I need at least", frequency(x) + 3, "observations to estimate seasonality."))
  if (initial == "optimal" || damped) {
    kind <- if (seasonal == "additive") "AAA" else if (exponential) "MMM" else "MAM"
    .refuse_if(`Forbidden model combination` = seasonal == "additive" && exponential)
    fit <- ets(x, kind, alpha = alpha, beta = beta, gamma = gamma, phi = phi, damped = damped, opt.crit = "mse", lambda = lambda, biasadj = biasadj, restrict = !exponential)
  } else {
    .unsupported(exponential, "leave 'initial' at \"optimal\"")
    fit <- .simply_smoothed(x, alpha = alpha, beta = beta, gamma = gamma, seasonal = seasonal, lambda = lambda, biasadj = biasadj)
  }
  name <- paste0(if (damped) "Damped ", "Holt-Winters' ", seasonal, " method", if (exponential) " with exponential trend")
  .named_smoothing(fit, name, match.call(), .series_label(substitute(y)), h, level, fan, ...)
}

.named_smoothing <- function(fit, name, call, label, h, level, fan, ...) {
  fit$method <- name
  fit$call <- call
  made <- forecast(fit, h, level = level, fan = fan, ...)
  made$method <- name
  made$series <- label
  made$model <- fit
  made
}

# Weights by least squares, from a state that the first observations give. FALSE leaves a part out.
.simply_smoothed <- function(x, alpha = NULL, beta = NULL, gamma = NULL, seasonal = "additive", lambda = NULL, biasadj = FALSE) {
  given <- as.ts(x)
  if (!is.null(lambda)) {
    x <- BoxCox(given, lambda)
    lambda <- attr(x, "lambda")
  }
  plain <- as.vector(x)
  n <- length(plain)
  rate <- max(1, frequency(given))
  trending <- !isFALSE(beta)
  cyclic <- !isFALSE(gamma)
  adds <- seasonal == "additive"
  season <- NULL
  if (cyclic) {
    .refuse_if(`need at least 2 periods to compute seasonal start values` = n <= rate)
    year <- function(k) mean(plain[seq((k - 1) * rate + 1, min(n, k * rate))], na.rm = TRUE)
    level <- year(1)
    trend <- (year(2) - level) / rate
    season <- (if (adds) `-` else `/`)(plain[seq_len(rate)], level)
  } else {
    level <- plain[1L]
    trend <- if (n > 1L) plain[2L] - plain[1L]
  }
  known <- list(alpha = alpha, beta = beta, gamma = gamma)
  has <- c(alpha = TRUE, beta = trending, gamma = cyclic)
  open <- has & vapply(known, is.null, TRUE)
  value <- c(alpha = 0, beta = 0, gamma = 0)
  for (name in names(has)[has & !open]) value[[name]] <- known[[name]]
  kind <- c("A", if (trending) "A" else "N", if (!cyclic) "N" else if (adds) "A" else "M")
  labels <- c("l", if (trending) "b", if (cyclic) paste0("s", seq_len(rate)))
  state <- setNames(c(level, if (trending) trend, rev(season)), labels)
  # The trend learns from the level's change, of which a shock has the share alpha.
  smoothed <- function(free) {
    value[open] <- free
    .ets_pass(plain, as.double(state), kind, rate, c(value[[1L]], value[[1L]] * value[[2L]], value[[3L]], 1), 1)
  }
  if (any(open)) {
    start <- c(alpha = 0.2 / rate, beta = 0.02 / rate, gamma = 0.05 * (1 - 0.2 / rate))[open]
    found <- optim(start, function(free) sum(smoothed(free)$errors^2), method = "L-BFGS-B", lower = 0, upper = 1)
    if (found$convergence > 50) warning(gettextf("optimization difficulties: %s", found$message), domain = NA)
    else if (found$convergence || any(found$par < 0 | found$par > 1)) stop("optimization failure")
    value[open] <- found$par
  }
  made <- smoothed(value[open])
  total <- sum(made$errors^2)
  expected <- made$fitted
  fitted <- .beside_series(expected, given)
  if (!is.null(lambda)) {
    fitted <- if (biasadj) .unbiased_inverse(fitted, lambda, var(plain - expected)) else .plain_inverse(fitted, lambda)
    attr(lambda, "biasadj") <- biasadj
  }
  structure(list(fitted = fitted, residuals = .beside_series(plain - expected, given), components = c(kind, "FALSE"), x = given, par = c(value[has], state),
    initstate = state, states = ts(structure(made$states, dimnames = list(NULL, labels)), start = tsp(given)[1L] - 1 / frequency(given), frequency = frequency(given)),
    SSE = total, sigma2 = total / n, call = match.call(), m = rate, lambda = lambda), class = "ets")
}
