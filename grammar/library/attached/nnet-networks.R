# nnet: networks of one hidden layer, fitted by quasi-Newton steps.
# Sources: W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, section 8.10; B. D. Ripley,
# Pattern Recognition and Neural Networks (1996), chapter 5.

# What an output unit makes of its total; what an observation then costs; how the cost rises with the total.
.network_outputs <- list(
  linear = list(value = function(total) total, cost = function(y, out) (out - y)^2, rise = function(y, out) 2 * (out - y)),
  logistic = list(value = function(total) .flat_logistic(total), cost = function(y, out) (out - y)^2, rise = function(y, out) 2 * (out - y) * out * (1 - out)),
  entropy = list(value = function(total) .flat_logistic(total), cost = function(y, out) .divergence(y, out) + .divergence(1 - y, 1 - out), rise = function(y, out) out - y),
  softmax = list(value = function(total) .shares(total), cost = function(y, out) -.share_times(y, log(pmax(out, 1e-300))), rise = function(y, out) rowSums(y) * out - y))

# The logistic function, level where nnet takes it to be.
.flat_logistic <- function(total) ifelse(abs(total) > 15, as.numeric(total > 0), plogis(total))

.shares <- function(total) {
  raised <- exp(total - apply(total, 1L, max))
  raised / rowSums(raised)
}

# A share times something that is infinite only where the share is 0.
.share_times <- function(share, worth) ifelse(share > 0, share * worth, 0)

.divergence <- function(share, out) .share_times(share, log(share / pmax(out, 1e-300)))

# A network: its units in each layer, whether inputs skip the hidden ones, the kind of its outputs, and how many weights lead
# into the hidden layer and into the outputs, each unit's in a column.
.network <- function(units, skip, kind)
  list(units = units, skip = skip, kind = kind, first = c(1 + units[1L], units[2L]), last = c(1 + units[2L] + skip * units[1L], units[3L]))

.network_of <- function(object) {
  kind <- if (object$softmax) "softmax" else if (object$nunits > object$nsunits) "linear" else if (object$entropy) "entropy" else "logistic"
  plain <- .network(object$n, FALSE, kind)
  .network(object$n, length(object$wts) > prod(plain$first) + prod(plain$last), kind)
}

# The connections in the order of their weights: each unit takes first the bias, then the units of the layers before it.
.network_links <- function(net) {
  label <- function(letter, count) sprintf("%s%d", letter, seq_len(count))
  inputs <- label("i", net$units[1L])
  hidden <- label("h", net$units[2L])
  outputs <- if (net$units[3L] == 1L) "o" else label("o", net$units[3L])
  into <- function(from, to) expand.grid(from = c("b", from), to = to, stringsAsFactors = FALSE)
  links <- rbind(if (length(hidden)) into(inputs, hidden), into(c(hidden, if (net$skip) inputs), outputs))
  everything <- c("b", inputs, hidden, outputs)
  list(names = paste(links$from, links$to, sep = "->"), to = links$to, conn = match(links$from, everything) - 1,
    nconn = cumsum(c(0, tabulate(match(links$to, everything), length(everything)))))
}

.network_layers <- function(net, wts) {
  count <- prod(net$first)
  list(first = matrix(wts[seq_len(count)], net$first[1L]), last = matrix(wts[count + seq_len(prod(net$last))], net$last[1L]))
}

# What a network gives with these weights, and what it has computed on the way.
.network_forward <- function(net, x, wts) {
  layers <- .network_layers(net, wts)
  hidden <- if (net$units[2L]) .flat_logistic(cbind(1, x) %*% layers$first)
  seen <- cbind(rep(1, nrow(x)), hidden, if (net$skip) x)
  list(layers = layers, hidden = hidden, seen = seen, out = .network_outputs[[net$kind]]$value(seen %*% layers$last))
}

# The cost of weights and its slope, by passing errors back.
.network_problem <- function(net, x, y, w, decay) {
  output <- .network_outputs[[net$kind]]
  list(
    cost = function(wts) sum(w * output$cost(y, .network_forward(net, x, wts)$out)) + sum(decay * wts^2),
    slope = function(wts) {
      at <- .network_forward(net, x, wts)
      error <- w * output$rise(y, at$out)
      before <- if (net$units[2L]) {
        from_hidden <- at$layers$last[1L + seq_len(net$units[2L]), , drop = FALSE]
        crossprod(cbind(1, x), tcrossprod(error, from_hidden) * at$hidden * (1 - at$hidden))
      }
      c(before, crossprod(at$seen, error)) + 2 * decay * wts
    })
}

nnet <- function(x, ...) UseMethod("nnet")

nnet.default <- function(x, y, weights, size, Wts, mask = rep(TRUE, length(wts)), linout = FALSE, entropy = FALSE, softmax = FALSE, censored = FALSE,
                         skip = FALSE, rang = 0.7, decay = 0, maxit = 100, Hess = FALSE, trace = TRUE, MaxNWts = 1000, abstol = 1e-04, reltol = 1e-08, ...) {
  .unsupported(censored, "give the classes that are possible equal shares and 'softmax = TRUE'")
  x <- as.matrix(x)
  y <- as.matrix(y)
  .refuse_if(`missing values in 'x'` = anyNA(x), `missing values in 'y'` = anyNA(y), `nrows of 'x' and 'y' must match` = nrow(x) != nrow(y),
    `entropy fit only for logistic units` = linout && entropy, `'softmax = TRUE' requires at least two response categories` = softmax && ncol(y) < 2L,
    `no weights to fit` = !size && !skip)
  net <- .network(c(ncol(x), size, ncol(y)), skip, if (softmax) "softmax" else if (linout) "linear" else if (entropy) "entropy" else "logistic")
  links <- .network_links(net)
  count <- length(links$conn)
  wts <- if (!missing(Wts)) Wts else if (rang > 0) runif(count, -rang, rang) else numeric(count)
  .refuse_if(`weights vector of incorrect length` = length(wts) != count, `incorrect length of 'mask'` = length(mask) != count)
  if (trace) cat(sprintf("# weights:  %d%s\n", count, if (all(mask)) "" else sprintf(" (%d variable)", sum(mask))))
  w <- if (missing(weights)) rep(1, nrow(x)) else as.vector(weights)
  if (count > MaxNWts) stop(gettextf("too many (%d) weights", count), domain = NA)
  .refuse_if(`invalid weights vector` = length(w) != nrow(x) || any(w < 0))

  bare <- unname(x) + 0
  problem <- .network_problem(net, bare, unname(y), w, rep_len(decay, count))
  all_of <- function(free) replace(wts, mask, free)
  found <- optim(wts[mask], function(free) problem$cost(all_of(free)), function(free) problem$slope(all_of(free))[mask], method = "BFGS",
    control = list(maxit = maxit, abstol = abstol, reltol = reltol, trace = as.integer(trace), REPORT = 10))
  wts <- all_of(found$par)
  out <- structure(.network_forward(net, bare, wts)$out, dimnames = list(rownames(x), colnames(y)))
  totals_only <- net$kind %in% c("linear", "softmax")
  fit <- list(n = net$units, nunits = sum(net$units) + 1L, nconn = links$nconn, conn = links$conn, nsunits = sum(net$units[1:2], 1L, if (!totals_only) net$units[3L]),
    decay = decay, entropy = net$kind == "entropy", softmax = softmax, censored = censored, value = found$value, wts = wts, convergence = found$convergence,
    fitted.values = out, residuals = y - out)
  fit$lev <- switch(net$kind, softmax = colnames(y), entropy = if (ncol(y) == 1L) c("0", "1"))
  fit$call <- match.call()
  if (Hess) fit$Hessian <- optimHess(wts, problem$cost, problem$slope)
  structure(fit, class = "nnet")
}

nnet.formula <- function(formula, data, weights, ..., subset, na.action, contrasts = NULL) {
  asked <- match.call()
  given <- .model_parts(.frame_asked_by(asked, parent.frame()), contrasts, constant = FALSE)
  classes <- if (is.factor(given$y)) levels(given$y)
  target <- switch(1L + min(length(classes), 3L), list(given$y), list(class.ind(given$y), softmax = TRUE), list(as.integer(given$y) - 1, entropy = TRUE),
    list(class.ind(given$y), softmax = TRUE))
  fit <- do.call(nnet.default, c(list(given$x), target, list(weights = given$weights), list(...)))
  fit$lev <- classes
  fit$call <- asked
  fit[c("terms", "coefnames", names(given$remembered))] <- c(list(given$terms, colnames(given$x)), given$remembered)
  structure(fit, class = c("nnet.formula", "nnet"))
}

# What a fitted network gives for new rows; a row with a gap has no answer.
.network_answers <- function(object, x) {
  out <- matrix(NA_real_, nrow(x), object$n[3L], dimnames = list(rownames(x), colnames(object$fitted.values)))
  whole <- complete.cases(x)
  out[whole, ] <- .network_forward(.network_of(object), unname(x)[whole, , drop = FALSE], object$wts)$out
  out
}

predict.nnet <- function(object, newdata, type = c("raw", "class"), ...) {
  .refuse_if(`object not of class "nnet"` = !inherits(object, "nnet"))
  type <- match.arg(type)
  raw <- if (missing(newdata)) object$fitted.values
    else if (inherits(object, "nnet.formula")) .network_answers(object, .design_for(object, newdata))
    else {
      x <- if (is.null(dim(newdata))) t(newdata) else as.matrix(newdata)
      .refuse_if(`missing values in 'x'` = anyNA(x))
      .network_answers(object, x)
    }
  if (type == "raw") return(raw)
  .refuse_if(`inappropriate fit for class` = is.null(object$lev))
  object$lev[.likeliest_class(raw)]
}

# The number of the likeliest class in each row: the second of two where one column holds its chance.
.likeliest_class <- function(chances) if (ncol(chances) > 1L) max.col(chances, "first") else as.vector(1L + (chances > 0.5))

fitted.nnet <- function(object, ...) object$fitted.values

coef.nnet <- function(object, ...) setNames(object$wts, .network_links(.network_of(object))$names)

formula.nnet <- function(x, ...) formula(x$terms)

.network_size_told <- function(x) cat("a ", paste(x$n, collapse = "-"), " network with ", length(x$wts), " weights\n", sep = "")

.network_options_told <- function(x) {
  net <- .network_of(x)
  held <- c(` skip-layer connections ` = net$skip, ` softmax modelling ` = net$kind == "softmax", ` linear output units ` = net$kind == "linear",
    ` entropy fitting ` = net$kind == "entropy")
  cat("options were -", names(held)[held], if (any(x$decay != 0)) paste0(" decay=", x$decay[1L]), "\n", sep = "")
}

print.nnet <- function(x, ...) {
  .refuse_if(`not a legitimate neural net fit` = !inherits(x, "nnet"))
  .network_size_told(x)
  if (length(x$coefnames)) writeLines(paste(c("inputs:", "output(s):"), c(paste(x$coefnames, collapse = " "), deparse1(formula(x)[[2L]])), ""))
  .network_options_told(x)
  invisible(x)
}

summary.nnet <- function(object, ...) structure(object, class = c("summary.nnet", class(object)))

print.summary.nnet <- function(x, ...) {
  .network_size_told(x)
  .network_options_told(x)
  links <- .network_links(.network_of(x))
  shown <- setNames(format(round(x$wts, 2)), links$names)
  for (unit in unique(links$to)) print(shown[links$to == unit], quote = FALSE)
  invisible(x)
}
