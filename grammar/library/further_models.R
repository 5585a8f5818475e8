# Further questions to fitted models and to series: what single cases weigh, seasons taken apart, polynomials of several variables.

na.action <- function(object, ...) UseMethod("na.action")

na.action.default <- function(object, ...) {
  if (is.list(object) && "na.action" %in% names(object)) object[["na.action"]] else attr(object, "na.action")
}

weights <- function(object, ...) UseMethod("weights")

weights.default <- function(object, ...) {
  given <- object$weights
  if (is.null(object$na.action)) given else naresid(object$na.action, given)
}

weights.glm <- function(object, type = c("prior", "working"), ...) {
  type <- match.arg(type)
  given <- if (type == "prior") object$prior.weights else object$weights
  if (is.null(object$na.action)) given else naresid(object$na.action, given)
}

dffits <- function(model, infl = lm.influence(model, do.coef = FALSE), res = weighted.residuals(model)) {
  made <- res * sqrt(infl$hat) / (infl$sigma * (1 - infl$hat))
  made[is.infinite(made)] <- NaN
  made
}

dfbetas <- function(model, infl = lm.influence(model, do.coef = TRUE), ...) {
  spread <- sqrt(diag(chol2inv(qr.R(model$qr)[seq_len(model$rank), seq_len(model$rank), drop = FALSE])))
  infl$coefficients / outer(infl$sigma, spread)
}

covratio <- function(model, infl = lm.influence(model, do.coef = FALSE), res = weighted.residuals(model)) {
  n <- nrow(model$qr$qr)
  p <- model$rank
  left <- 1 - infl$hat
  outside <- res / (infl$sigma * sqrt(left))
  outside[is.infinite(outside)] <- NaN
  1 / (left * (((n - p - 1) + outside^2) / (n - p))^p)
}

is.empty.model <- function(x) {
  parts <- terms(x)
  length(attr(parts, "factors")) == 0L && attr(parts, "intercept") == 0L
}

get_all_vars <- function(formula, data = NULL, ...) {
  names <- all.vars(formula)
  place <- environment(formula)
  if (is.null(place)) place <- parent.frame()
  columns <- lapply(names, function(name) eval(as.name(name), data, place))
  names(columns) <- names
  made <- as.data.frame(c(columns, list(...)), stringsAsFactors = FALSE)
  if (is.data.frame(data) && nrow(data) == nrow(made)) attr(made, "row.names") <- attr(data, "row.names")
  made
}

asOneSidedFormula <- function(object) {
  if (mode(object) == "call" && object[[1L]] == "~") object <- eval(object)
  if (inherits(object, "formula")) {
    if (length(object) != 2L) stop(gettextf("formula '%s' must be of the form '~expr'", deparse1(object)), domain = NA)
    return(object)
  }
  inside <- switch(mode(object), name = , numeric = , call = object, character = as.name(object), expression = object[[1L]],
                   stop(gettextf("'%s' cannot be of mode '%s'", substitute(object), mode(object)), domain = NA))
  made <- eval(call("~", inside))
  environment(made) <- parent.frame()
  made
}

DF2formula <- function(x, env = parent.frame()) {
  names <- lapply(names(x), as.name)
  right <- if (length(names) > 1L) names[-1L] else names
  right <- Reduce(function(left, name) call("+", left, name), right)
  made <- if (length(names) > 1L) call("~", names[[1L]], right) else call("~", right)
  made <- eval(made)
  environment(made) <- env
  made
}

power <- function(lambda = 1) {
  if (!is.numeric(lambda) || is.na(lambda)) stop("invalid argument 'lambda'")
  if (lambda <= 0) return(make.link("log"))
  if (lambda == 1) return(make.link("identity"))
  structure(list(linkfun = function(mu) mu^lambda, linkinv = function(eta) pmax(eta^(1 / lambda), .Machine$double.eps),
                 mu.eta = function(eta) pmax((1 / lambda) * eta^(1 / lambda - 1), .Machine$double.eps),
                 valideta = function(eta) all(is.finite(eta)) && all(eta > 0), name = paste0("mu^", round(lambda, 3))), class = "link-glm")
}

polym <- function(..., degree = 1, coefs = NULL, raw = FALSE) {
  given <- list(...)
  if (length(given) == 1L) {
    x <- given[[1L]]
    return(if (is.matrix(x)) do.call("polym", c(as.list(as.data.frame(x)), list(degree = degree, coefs = coefs, raw = raw)))
           else poly(x, degree = degree, coefs = coefs, raw = raw))
  }
  if (length(unique(lengths(given))) > 1L) stop("arguments must have the same length")
  count <- length(given)
  powers <- expand.grid(rep(list(0:degree), count))
  total <- rowSums(powers)
  powers <- as.matrix(powers[total > 0 & total <= degree, , drop = FALSE])
  known <- if (is.null(coefs)) rep(list(NULL), count) else coefs
  bases <- Map(function(x, k) poly(x, degree = degree, raw = raw, simple = FALSE, coefs = k), given, known)
  columns <- lapply(seq_len(nrow(powers)), function(at) {
    column <- 1
    for (k in seq_len(count)) if (powers[at, k] > 0) column <- column * bases[[k]][, powers[at, k]]
    column
  })
  made <- do.call(cbind, columns)
  dimnames(made) <- list(NULL, apply(powers, 1L, paste, collapse = "."))
  structure(made, degree = as.vector(rowSums(powers)), coefs = if (raw) NULL else lapply(bases, attr, "coefs"), class = c("poly", "matrix"))
}

decompose <- function(x, type = c("additive", "multiplicative"), filter = NULL) {
  type <- match.arg(type)
  f <- frequency(x)
  if (f <= 1 || length(na.omit(x)) < 2 * f) stop("time series has no or less than 2 periods")
  if (is.null(filter)) filter <- if (f %% 2 == 0) c(0.5, rep_len(1, f - 1), 0.5) / f else rep_len(1, f) / f
  trend <- stats::filter(x, filter)
  rest <- if (type == "additive") x - trend else x / trend
  periods <- length(x) %/% f
  starts <- seq.int(1L, length(x), by = f) - 1L
  figure <- numeric(f)
  for (at in seq_len(f)) figure[at] <- mean(rest[starts + at], na.rm = TRUE)
  figure <- if (type == "additive") figure - mean(figure) else figure / mean(figure)
  seasonal <- ts(rep(figure, periods + 1)[seq_along(x)], start = start(x), frequency = f)
  structure(list(x = x, seasonal = seasonal, trend = trend,
                 random = if (type == "additive") x - seasonal - trend else x / seasonal / trend, figure = figure, type = type),
            class = "decomposed.ts")
}

diffinv <- function(x, lag = 1L, differences = 1L, xi, ...) {
  if (differences < 1L || lag < 1L) stop("bad value for 'lag' or 'differences'")
  if (missing(xi)) xi <- rep(0, lag * differences)
  if (length(xi) != lag * differences) stop("\"xi\" does not have the right length")
  one <- function(x, first) {
    made <- c(first, numeric(length(x)))
    for (at in seq_along(x)) made[at + lag] <- x[at] + made[at]
    made
  }
  if (differences == 1L) return(one(as.vector(x), xi))
  inner <- diff(xi, lag = lag, differences = 1L)
  one(diffinv(x, lag, differences - 1L, inner), xi[seq_len(lag)])
}

na.contiguous <- function(object, ...) {
  kept <- !is.na(object)
  if (!any(kept)) stop("all times contain an NA")
  runs <- rle(as.vector(kept))
  ends <- cumsum(runs$lengths)
  best <- which(runs$values)[which.max(runs$lengths[runs$values])]
  places <- seq.int(ends[best] - runs$lengths[best] + 1L, ends[best])
  made <- object[places]
  times <- time(object)
  made <- ts(made, start = times[places[1L]], frequency = frequency(object))
  lost <- setdiff(seq_along(object), places)
  if (length(lost)) attr(made, "na.action") <- structure(lost, class = "omit")
  made
}

as.dist <- function(m, diag = FALSE, upper = FALSE) {
  if (inherits(m, "dist")) {
    if (!missing(diag)) attr(m, "Diag") <- diag
    if (!missing(upper)) attr(m, "Upper") <- upper
    return(m)
  }
  call <- match.call()
  m <- as.matrix(m)
  size <- nrow(m)
  if (size != ncol(m)) warning("non-square matrix")
  labels <- if (!is.null(rownames(m))) rownames(m) else colnames(m)
  made <- m[row(m) > col(m)]
  attributes(made) <- NULL
  if (!is.null(labels)) attr(made, "Labels") <- labels
  structure(made, Size = size, call = call, class = "dist", Diag = diag, Upper = upper)
}

nclass.scott <- function(x) {
  h <- 3.5 * sqrt(var(x)) * length(x)^(-1 / 3)
  if (h > 0) max(1, ceiling(diff(range(x)) / h)) else 1L
}

nclass.FD <- function(x, digits = 5) {
  h <- 2 * IQR(x <- signif(x, digits = digits))
  if (h == 0) {
    sorted <- sort(x)
    share <- 1 / 4
    while (h == 0 && (share <- share / 2) >= 1 / 512) h <- diff(quantile(sorted, c(share, 1 - share), names = FALSE)) / (1 - 2 * share)
  }
  if (h == 0) h <- 3.5 * sqrt(var(x))
  if (h > 0) max(1, ceiling(diff(range(x)) / h * length(x)^(1 / 3))) else 1L
}

loadings <- function(x, ...) x$loadings

# The rows of a data frame that the argument `subset` of a test asks for.
rows_chosen <- function(data, code, place) {
  kept <- eval(code, data, place)
  if (is.logical(kept)) kept <- kept & !is.na(kept)
  data[kept, , drop = FALSE]
}
