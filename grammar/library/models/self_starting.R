# Curves that find their own starting values for nls().
# Source: D. M. Bates and D. G. Watts, Nonlinear Regression Analysis and Its Applications (1988), appendix on starting values.

# A formula becomes the function of its variables, with its slopes along the parameters.
selfStart <- function(model, initial, parameters, template) {
  .unsupported(template)
  if (inherits(model, "formula")) {
    others <- setdiff(all.vars(model[[length(model)]]), parameters)
    model <- deriv(model, parameters, c(others, parameters))
  }
  if (!is.function(initial)) stop("'initial' must be a function")
  structure(model, initial = initial, pnames = if (missing(parameters)) NULL else parameters, class = "selfStart")
}

print.selfStart <- function(x, ...) {
  print(structure(x, class = NULL, initial = NULL, pnames = NULL), ...)
  invisible(x)
}

getInitial <- function(object, data, ...) {
  if (!inherits(object, "formula")) stop("'object' must be a formula")
  side <- object[[length(object)]]
  if (!is.call(side)) stop("no initial parameter values are found in the model")
  model <- tryCatch(eval(side[[1L]], environment(object)), error = function(e) NULL)
  if (!inherits(model, "selfStart")) stop("parameters without starting value in 'data': give 'start', a named list")
  if (is.environment(data)) data <- as.list(data)
  attr(model, "initial")(mCall = match.call(structure(model, class = NULL), side), data = data, LHS = object[[2L]], ...)
}

sortedXyData <- function(x, y, data) {
  values <- data.frame(x = eval(x, data), y = eval(y, data))
  values <- values[complete.cases(values), ]
  means <- tapply(values$y, values$x, mean)
  structure(data.frame(x = sort(unique(values$x)), y = as.vector(means)), class = c("sortedXyData", "data.frame"))
}

# Starting values under the names that the call gives the parameters: a first guess, mended by a fit of the curve itself.
started <- function(call, data, response, curve, guess) {
  points <- sortedXyData(call[[2L]], response, data)
  first <- guess(points$x, points$y)
  mended <- tryCatch({
    all <- list(x = eval(call[[2L]], data), y = eval(response, data))
    coef(nls(curve, data = all, start = as.list(first)))
  }, error = function(e) first)
  structure(mended, names = vapply(names(first), function(name) as.character(call[[name]]), "", USE.NAMES = FALSE))
}

# The value with its slopes where every parameter is a plain name.
with_slopes <- function(value, parameters, call, slopes) {
  given <- lapply(parameters, function(name) call[[name]])
  if (!all(vapply(given, is.name, NA))) return(value)
  attr(value, "gradient") <- structure(do.call(cbind, slopes()), dimnames = list(NULL, vapply(given, as.character, "")))
  value
}

SSlogis <- selfStart(function(input, Asym, xmid, scal) {
  share <- 1 / (1 + exp((xmid - input) / scal))
  with_slopes(Asym * share, c("Asym", "xmid", "scal"), match.call(), function() {
    bend <- Asym * share * (1 - share) / scal
    list(share, -bend, -bend * (input - xmid) / scal)
  })
}, function(mCall, data, LHS, ...) started(mCall, data, LHS, y ~ Asym / (1 + exp((xmid - x) / scal)), function(x, y) {
  span <- range(y)
  z <- (y - span[1L] + 0.05 * diff(span)) / (1.1 * diff(span))
  line <- coef(lm(log(z / (1 - z)) ~ x))
  c(Asym = span[2L] + 0.05 * diff(span), xmid = -line[[1L]] / line[[2L]], scal = 1 / line[[2L]])
}), c("Asym", "xmid", "scal"))

SSmicmen <- selfStart(function(input, Vm, K) {
  with_slopes(Vm * input / (K + input), c("Vm", "K"), match.call(), function() list(input / (K + input), -Vm * input / (K + input)^2))
}, function(mCall, data, LHS, ...) started(mCall, data, LHS, y ~ Vm * x / (K + x), function(x, y) {
  line <- coef(lm(1 / y ~ I(1 / x)))
  c(Vm = 1 / line[[1L]], K = line[[2L]] / line[[1L]])
}), c("Vm", "K"))

SSasymp <- selfStart(function(input, Asym, R0, lrc) {
  decay <- exp(-exp(lrc) * input)
  with_slopes(Asym + (R0 - Asym) * decay, c("Asym", "R0", "lrc"), match.call(),
              function() list(1 - decay, decay, -(R0 - Asym) * decay * exp(lrc) * input))
}, function(mCall, data, LHS, ...) started(mCall, data, LHS, y ~ Asym + (R0 - Asym) * exp(-exp(lrc) * x), asymptote_guess), c("Asym", "R0", "lrc"))

asymptote_guess <- function(x, y) {
  rising <- y[length(y)] > y[1L]
  end <- if (rising) max(y) + 0.1 * diff(range(y)) else min(y) - 0.1 * diff(range(y))
  line <- coef(lm(log(abs(end - y)) ~ x))
  c(Asym = end, R0 = end - (if (rising) 1 else -1) * exp(line[[1L]]), lrc = log(abs(line[[2L]])))
}

SSasympOrig <- selfStart(function(input, Asym, lrc) {
  decay <- exp(-exp(lrc) * input)
  with_slopes(Asym * (1 - decay), c("Asym", "lrc"), match.call(), function() list(1 - decay, Asym * decay * exp(lrc) * input))
}, function(mCall, data, LHS, ...) started(mCall, data, LHS, y ~ Asym * (1 - exp(-exp(lrc) * x)), function(x, y) asymptote_guess(x, y)[c("Asym", "lrc")]),
c("Asym", "lrc"))

SSasympOff <- selfStart(function(input, Asym, lrc, c0) {
  decay <- exp(-exp(lrc) * (input - c0))
  with_slopes(Asym * (1 - decay), c("Asym", "lrc", "c0"), match.call(),
              function() list(1 - decay, Asym * decay * exp(lrc) * (input - c0), -Asym * decay * exp(lrc)))
}, function(mCall, data, LHS, ...) started(mCall, data, LHS, y ~ Asym * (1 - exp(-exp(lrc) * (x - c0))), function(x, y) {
  guess <- asymptote_guess(x, y)
  c(guess["Asym"], guess["lrc"], c0 = exp(-guess[["lrc"]]) * log(abs(1 - guess[["R0"]] / guess[["Asym"]])))
}), c("Asym", "lrc", "c0"))

SSgompertz <- selfStart(function(x, Asym, b2, b3) {
  power <- b3^x
  share <- exp(-b2 * power)
  with_slopes(Asym * share, c("Asym", "b2", "b3"), match.call(), function() list(share, -Asym * share * power, -Asym * share * b2 * power * x / b3))
}, function(mCall, data, LHS, ...) started(mCall, data, LHS, y ~ Asym * exp(-b2 * b3^x), function(x, y) {
  end <- 1.1 * max(y)
  line <- coef(lm(log(log(end / y)) ~ x, subset = y > 0))
  c(Asym = end, b2 = exp(line[[1L]]), b3 = exp(line[[2L]]))
}), c("Asym", "b2", "b3"))

SSfpl <- selfStart(function(input, A, B, xmid, scal) {
  share <- 1 / (1 + exp((xmid - input) / scal))
  with_slopes(A + (B - A) * share, c("A", "B", "xmid", "scal"), match.call(), function() {
    bend <- (B - A) * share * (1 - share) / scal
    list(1 - share, share, -bend, -bend * (input - xmid) / scal)
  })
}, function(mCall, data, LHS, ...) started(mCall, data, LHS, y ~ A + (B - A) / (1 + exp((xmid - x) / scal)), function(x, y) {
  span <- range(y) + c(-0.05, 0.05) * diff(range(y))
  z <- (y - span[1L]) / diff(span)
  line <- coef(lm(log(z / (1 - z)) ~ x))
  c(A = span[1L], B = span[2L], xmid = -line[[1L]] / line[[2L]], scal = 1 / line[[2L]])
}), c("A", "B", "xmid", "scal"))

SSweibull <- selfStart(function(x, Asym, Drop, lrc, pwr) {
  decay <- exp(-exp(lrc) * x^pwr)
  with_slopes(Asym - Drop * decay, c("Asym", "Drop", "lrc", "pwr"), match.call(), function() {
    bend <- Drop * decay * exp(lrc) * x^pwr
    list(rep(1, length(decay)), -decay, bend, bend * log(x))
  })
}, function(mCall, data, LHS, ...) started(mCall, data, LHS, y ~ Asym - Drop * exp(-exp(lrc) * x^pwr), function(x, y) {
  end <- max(y) + 0.05 * diff(range(y))
  drop <- end - min(y) + 0.05 * diff(range(y))
  line <- coef(lm(log(-log((end - y) / drop)) ~ log(x), subset = x > 0))
  c(Asym = end, Drop = drop, lrc = line[[1L]], pwr = line[[2L]])
}), c("Asym", "Drop", "lrc", "pwr"))
