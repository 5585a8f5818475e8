# Further questions to models and to series: formulas from other things, seasons taken apart, sums of series, classes of histograms.

na.action <- function(object, ...) UseMethod("na.action")

na.action.default <- function(object, ...) {
  if (is.list(object) && "na.action" %in% names(object)) object[["na.action"]] else attr(object, "na.action")
}

weights <- function(object, ...) UseMethod("weights")

weights.default <- function(object, ...) naresid(object$na.action, object$weights)

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

# What stands right of the tilde, by the kind of the object that it is made of.
.side_of <- list(name = identity, numeric = identity, call = identity, character = as.name, expression = function(object) object[[1L]])

asOneSidedFormula <- function(object) {
  called <- deparse1(substitute(object))
  if (is.call(object) && identical(object[[1L]], quote(`~`))) object <- as.formula(object, globalenv())
  if (!inherits(object, "formula")) {
    side <- .side_of[[mode(object)]]
    if (is.null(side)) stop(gettextf("'%s' cannot be of mode '%s'", called, mode(object)), domain = NA)
    return(as.formula(call("~", side(object)), globalenv()))
  }
  if (length(object) == 2L) object else stop(gettextf("formula '%s' must be of the form '~expr'", deparse1(object)), domain = NA)
}

# The first column is the response of all others; a single one stands alone.
DF2formula <- function(x, env = parent.frame()) {
  columns <- lapply(names(x), as.name)
  if (!length(columns)) stop("cannot create a formula from a zero-column data frame")
  sides <- split(columns, seq_along(columns) > min(1L, length(columns) - 1L))
  as.formula(as.call(c(quote(`~`), sides[["FALSE"]], Reduce(function(sum, one) call("+", sum, one), sides[["TRUE"]]))), env)
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
  bases <- unname(Map(function(x, k) cbind(1, poly(x, degree = degree, raw = raw, simple = FALSE, coefs = k)), given, known))
  # Of every variable the column of its power, the zeroth among them; their product is the term.
  columns <- lapply(seq_len(nrow(powers)), function(at) Reduce(`*`, lapply(seq_len(count), function(k) bases[[k]][, powers[at, k] + 1L])))
  made <- do.call(cbind, columns)
  dimnames(made) <- list(NULL, apply(powers, 1L, paste, collapse = "."))
  own <- if (!raw) lapply(seq_len(count), function(k) attr(poly(given[[k]], degree = degree, coefs = known[[k]]), "coefs"))
  structure(made, degree = as.vector(rowSums(powers)), coefs = own, class = c("poly", "matrix"))
}

# Series

# The classical decomposition: a moving average over a season is the trend, the means of what it leaves are the season.
# Source: M. Kendall and A. Stuart, The Advanced Theory of Statistics 3 (1983).
decompose <- function(x, type = c("additive", "multiplicative"), filter = NULL) {
  type <- match.arg(type)
  apart <- list(additive = `-`, multiplicative = `/`)[[type]]
  period <- frequency(x)
  known <- which(complete.cases(x))
  if (length(known) < length(x) / NCOL(x) && any(diff(known) > 1L)) stop("time series contains internal NAs")
  if (period <= 1 || length(known) * NCOL(x) < 2 * period) stop("time series has no or less than 2 periods")
  trend <- stats::filter(x, if (is.null(filter)) .season_average(period) else filter)
  detrended <- apart(x, trend)
  place <- rep_len(seq_len(period), length(x))
  means <- vapply(split(as.vector(detrended), place), mean, 0, na.rm = TRUE, USE.NAMES = FALSE)
  figure <- apart(means, mean(means))
  seasonal <- ts(figure[place], start = start(x), frequency = period)
  structure(list(x = x, seasonal = seasonal, trend = trend, random = apart(if (type == "additive") x - seasonal else x / seasonal, trend), figure = figure, type = type),
            class = "decomposed.ts")
}

# Weights over one season about its middle; of an even one the two ends count half.
.season_average <- function(period) {
  width <- period + (period %% 2 == 0)
  pmin(1, pmin(seq_len(width), rev(seq_len(width))) - (width - period) / 2) / period
}

diffinv <- function(x, lag = 1L, differences = 1L, xi, ...) {
  if (differences < 1L || lag < 1L) stop("bad value for 'lag' or 'differences'")
  if (missing(xi)) xi <- numeric(lag * differences * NCOL(x))
  if (NROW(xi) * NCOL(xi) != lag * differences * NCOL(x)) stop("'xi' does not have the right length")
  if (is.ts(x)) return(ts(diffinv(if (is.matrix(x)) as.matrix(unclass(x)) else as.vector(x), lag, differences, xi), frequency = frequency(x), end = end(x)))
  if (is.matrix(x)) {
    first <- matrix(xi, ncol = ncol(x))
    return(vapply(seq_len(ncol(x)), function(j) diffinv(x[, j], lag, differences, first[, j]), numeric(nrow(x) + lag * differences)))
  }
  # Every lag-th value is a running sum of its own.
  summed <- function(x, first) {
    all <- c(first, as.vector(x))
    as.vector(ave(all, (seq_along(all) - 1L) %% lag, FUN = cumsum))
  }
  inside <- if (differences > 1L) diffinv(x, lag, differences - 1L, diff(xi, lag = lag)) else x
  summed(inside, xi[seq_len(lag)])
}

na.contiguous <- function(object, ...) {
  runs <- rle(as.vector(!is.na(object)))
  if (!any(runs$values)) stop("all times contain an NA")
  longest <- which.max(runs$lengths * runs$values)
  places <- sum(runs$lengths[seq_len(longest - 1L)]) + seq_len(runs$lengths[longest])
  made <- ts(object[places], start = time(object)[places[1L]], frequency = frequency(object))
  if (length(places) < length(object)) attr(made, "na.action") <- structure(seq_along(object)[-places], class = "omit")
  made
}

# Distances and classes

as.dist <- function(m, diag = FALSE, upper = FALSE) {
  if (inherits(m, "dist")) {
    asked <- list(Diag = if (!missing(diag)) diag, Upper = if (!missing(upper)) upper)
    attributes(m) <- modifyList(attributes(m), Filter(Negate(is.null), asked))
    return(m)
  }
  call <- match.call()
  m <- as.matrix(m)
  if (diff(dim(m)) != 0L) warning("non-square matrix")
  labels <- Filter(length, dimnames(m))
  structure(m[row(m) > col(m)], Labels = if (length(labels)) labels[[1L]], Size = nrow(m), call = call, class = "dist", Diag = diag, Upper = upper)
}

# How many classes of a width cover the data; of no width there is one.
.classes_of <- function(x, width) if (width > 0) max(1, ceiling(diff(range(x)) / width)) else 1L

# The width that a normal density would have: D. W. Scott (1979), On optimal and data-based histograms.
.normal_width <- function(x) 3.5 * sd(x) / length(x)^(1 / 3)

nclass.scott <- function(x) .classes_of(x, .normal_width(x))

# By quartiles: D. Freedman and P. Diaconis (1981); quartiles that fall together give way to quantiles further out, halving the tails.
nclass.FD <- function(x, digits = 5) {
  x <- signif(x, digits)
  tails <- 2^-(2:9)
  spread <- (quantile(x, 1 - tails, names = FALSE) - quantile(x, tails, names = FALSE)) / (1 - 2 * tails)
  found <- which(spread > 0)
  .classes_of(x, if (length(found)) spread[found[1L]] / length(x)^(1 / 3) else .normal_width(x))
}

loadings <- function(x, ...) x$loadings

# The rows of a data frame that the argument `subset` of a test asks for.
rows_chosen <- function(data, code, place) {
  kept <- eval(code, data, place)
  if (is.logical(kept)) kept <- kept & !is.na(kept)
  data[kept, , drop = FALSE]
}
