# One variable by another where others are given, and the terms of a fit. Source: W. S. Cleveland, Visualizing Data (1993);
# R's help pages of coplot and termplot.

# Intervals that hold about equally many values, neighbours with a share of them in common.
co.intervals <- function(x, number = 6, overlap = 0.5) {
  values <- sort(x, na.last = NA)
  # Every interval holds as many values, and begins when all but the share in common of the one before has passed.
  held <- length(values) / (number - (number - 1) * overlap)
  passed <- held * (1 - overlap) * seq(0, number - 1)
  first <- round(passed + 1)
  ends <- unique(matrix(values[c(first, round(passed + held))], ncol = 2L, dimnames = if (!is.null(names(values))) list(names(values)[first], NULL)))
  steps <- diff(unique(values))
  margin <- if (length(steps)) min(steps) / 2 else 0
  ends + rep(c(-margin, margin), each = nrow(ends))
}

# The given variables of `y ~ x | a * b`, as they are written.
.given_of <- function(side) {
  bare <- function(written) if (is.call(written) && identical(written[[1L]], quote(`(`))) bare(written[[2L]]) else written
  side <- bare(side)
  if (!(is.call(side) && identical(side[[1L]], quote(`|`)))) stop(simpleError("invalid conditioning formula", sys.call(-1)))
  given <- bare(side[[3L]])
  both <- is.call(given) && as.character(given[[1L]]) %in% c("*", "+")
  list(x = side[[2L]], given = if (both) list(given[[2L]], given[[3L]]) else list(given))
}

# Where one given variable has values: intervals of a numeric one, levels of a factor.
.given_values <- function(values, asked, number, overlap) {
  if (is.character(values)) values <- as.factor(values)
  if (is.factor(values)) {
    chosen <- if (is.null(asked)) levels(values) else if (is.character(asked)) asked else levels(values)[asked]
    return(list(count = length(chosen), levels = chosen, held = function(k) values == chosen[k], all = levels(values), edges = NULL))
  }
  edges <- if (is.null(asked)) co.intervals(values, number, overlap) else if (is.matrix(asked)) asked else cbind(asked, asked)
  list(count = nrow(edges), levels = NULL, held = function(k) values >= edges[k, 1L] & values <= edges[k, 2L], edges = edges)
}

coplot <- function(formula, data, given.values, panel = points, rows, columns, show.given = TRUE, col = par("fg"), pch = par("pch"),
                   bar.bg = c(num = gray(0.8), fac = gray(0.95)), xlab = NULL, ylab = NULL, subscripts = FALSE,
                   axlabels = function(f) abbreviate(levels(f)), number = 6, overlap = 0.5, xlim, ylim, ...) {
  if (!(inherits(formula, "formula") && length(formula) == 3L)) stop("invalid conditioning formula")
  parts <- .given_of(formula[[3L]])
  place <- environment(formula)
  if (missing(data)) data <- NULL
  value <- function(written) eval(written, data, place)
  y <- value(formula[[2L]])
  x <- value(parts$x)
  given <- lapply(parts$given, value)
  if (any(c(length(x), lengths(given)) != length(y))) stop("incompatible variable lengths")
  absent <- !Reduce(`&`, lapply(c(list(x, y), given), function(one) !is.na(one)))
  asked <- if (missing(given.values)) list(NULL, NULL) else if (is.list(given.values)) given.values else list(given.values)
  held <- lapply(seq_along(given), function(k) .given_values(given[[k]], asked[[k]], rep_len(number, 2L)[k], rep_len(overlap, 2L)[k]))
  across <- held[[1L]]
  panels <- across$count * (if (length(held) == 2L) held[[2L]]$count else 1L)
  if (length(held) == 2L) {
    rows <- held[[2L]]$count
    columns <- across$count
  } else {
    if (missing(rows)) rows <- if (missing(columns)) ceiling(round(sqrt(panels))) else ceiling(panels / columns)
    if (missing(columns)) columns <- ceiling(panels / rows)
    if (rows * columns < panels) stop("rows * columns too small")
  }
  written <- vapply(c(list(parts$x, formula[[2L]]), parts$given), deparse1, "")
  if (is.null(xlab)) xlab <- c(written[1L], paste("Given :", written[3L]))
  if (is.null(ylab)) ylab <- c(written[2L], paste("Given :", written[4L]))
  numeric_or_code <- function(values) if (is.factor(values)) as.integer(values) else if (is.character(values)) as.integer(factor(values)) else values
  if (missing(xlim)) xlim <- range(as.numeric(numeric_or_code(x))[is.finite(numeric_or_code(x)) & !absent])
  if (missing(ylim)) ylim <- range(as.numeric(numeric_or_code(y))[is.finite(numeric_or_code(y)) & !absent])
  # Panels begin below on the left; the given values stand above them and, of a second variable, beside them.
  numbers <- matrix(seq_len(rows * columns), rows, columns, byrow = TRUE)[rev(seq_len(rows)), , drop = FALSE]
  numbers[numbers > panels] <- 0L
  show.given <- rep_len(show.given, length(held))
  heights <- rep(1, rows)
  widths <- rep(1, columns)
  shown <- panels
  if (show.given[1L]) {
    shown <- shown + 1L
    numbers <- rbind(rep(shown, columns), numbers)
    heights <- c(max(0.3, 0.25 * rows), heights)
  }
  if (length(held) == 2L && show.given[2L]) {
    shown <- shown + 1L
    numbers <- cbind(numbers, c(if (show.given[1L]) 0L, rep(shown, rows)))
    widths <- c(widths, max(0.3, 0.25 * columns))
  }
  layout(numbers, widths, heights)
  on.exit(par(mfrow = c(1L, 1L)))
  colours <- rep_len(col, length(x))
  shapes <- rep_len(pch, length(x))
  for (k in seq_len(panels)) {
    column <- if (length(held) == 2L) (k - 1L) %% columns + 1L else k
    inside <- across$held(column)
    if (length(held) == 2L) inside <- inside & held[[2L]]$held((k - 1L) %/% columns + 1L)
    inside <- which(inside & !absent)
    low <- k <= columns
    left <- (k - 1L) %% columns == 0L
    plot.default(NA_real_, NA_real_, type = "n", xlim = xlim, ylim = ylim, xlab = if (low) xlab[1L] else "", ylab = if (left) ylab[1L] else "",
                 xaxt = if (is.factor(x)) "n" else "s", yaxt = if (is.factor(y)) "n" else "s")
    if (is.factor(x)) axis(1, at = seq_along(levels(x)), labels = axlabels(x))
    if (is.factor(y)) axis(2, at = seq_along(levels(y)), labels = axlabels(y))
    grid()
    marks <- list(numeric_or_code(x)[inside], numeric_or_code(y)[inside], col = colours[inside], pch = shapes[inside], ...)
    if (length(inside)) do.call(panel, c(marks, if (subscripts) list(subscripts = inside)))
  }
  for (k in seq_along(held)) if (show.given[k]) .draw_given(held[[k]], k == 2L, if (k == 1L) xlab[2L] else ylab[2L], bar.bg)
  if (any(absent)) {
    cat("\n", "Missing rows:", which(absent), "\n")
    invisible(which(absent))
  } else invisible()
}

.draw_given <- function(held, upright, label, colours) {
  k <- seq_len(held$count)
  edges <- if (is.null(held$edges)) cbind(k - 0.5, k + 0.5) else held$edges
  shade <- if (is.null(held$edges)) colours[["fac"]] else colours[["num"]]
  ends <- range(edges)
  levels <- c(0.5, held$count + 0.5)
  if (upright) plot.default(NA_real_, NA_real_, type = "n", xlim = levels, ylim = ends, xlab = "", ylab = label, xaxt = "n", yaxt = if (is.null(held$edges)) "n" else "s")
  else plot.default(NA_real_, NA_real_, type = "n", xlim = ends, ylim = levels, main = label, xlab = "", ylab = "", yaxt = "n", xaxt = if (is.null(held$edges)) "n" else "s")
  if (upright) rect(k - 0.4, edges[, 1L], k + 0.4, edges[, 2L], col = shade)
  else rect(edges[, 1L], k - 0.4, edges[, 2L], k + 0.4, col = shade)
  if (is.null(held$edges)) text(k, k, held$levels, srt = if (upright) 90 else 0)
}

termplot <- function(model, data = NULL, envir = environment(formula(model)), partial.resid = FALSE, rug = FALSE, terms = NULL, se = FALSE,
                     xlabs = NULL, ylabs = NULL, main = NULL, col.term = 2, lwd.term = 1.5, col.se = "orange", lty.se = 2, lwd.se = 1,
                     col.res = "gray", cex = 1, pch = par("pch"), col.smth = "darkred", lty.smth = 2, span.smth = 2 / 3, ask = FALSE,
                     use.factor.levels = TRUE, smooth = NULL, ylim = "common", plot = TRUE, transform.x = FALSE, ...) {
  if (any(attr(stats::terms(model), "order") > 1L)) warning("'model' appears to involve interactions: see the help page", domain = NA, immediate. = TRUE)
  told <- if (se) predict(model, type = "terms", se.fit = TRUE) else list(fit = predict(model, type = "terms"))
  fitted <- told$fit
  if (!is.null(terms)) {
    fitted <- fitted[, terms, drop = FALSE]
    told$se.fit <- if (se) told$se.fit[, terms, drop = FALSE]
  }
  count <- ncol(fitted)
  named <- colnames(fitted)
  frame <- model.frame(model)
  if (is.null(data)) data <- eval(model$call$data, envir)
  if (is.null(data)) data <- frame
  carriers <- lapply(seq_len(count), function(k) .carrier_of(named[k], frame, data, envir, rep_len(transform.x, count)[k]))
  names <- vapply(carriers, function(one) one$name, "")
  if (!plot) {
    made <- lapply(seq_len(count), function(k) {
      x <- carriers[[k]]$x
      at <- order(x)
      at <- at[!duplicated(x[at]) & !is.na(x[at])]
      data.frame(c(list(x = x[at], y = unname(fitted[at, k])), if (se) list(se = unname(told$se.fit[at, k]))))
    })
    return(structure(setNames(made, names), constant = attr(told$fit, "constant")))
  }
  rest <- if (partial.resid) {
    all <- residuals(model, "partial")
    if (is.null(terms)) all else all[, terms, drop = FALSE]
  }
  common <- range(fitted, if (se) fitted + 1.05 * 2 * told$se.fit, if (se) fitted - 1.05 * 2 * told$se.fit, rest, na.rm = TRUE)
  for (k in seq_len(count)) {
    x <- carriers[[k]]$x
    term <- fitted[, k]
    width <- if (se) 2 * told$se.fit[, k]
    limits <- if (is.numeric(ylim)) ylim else if (identical(ylim, "free")) range(term, if (se) c(term + 1.05 * width, term - 1.05 * width), rest[, k], na.rm = TRUE) else common
    xlab <- if (is.null(xlabs)) names[k] else rep_len(xlabs, count)[k]
    ylab <- if (is.null(ylabs)) paste("Partial for", names[k]) else rep_len(ylabs, count)[k]
    title <- if (is.null(main)) "" else if (isTRUE(main)) deparse1(model$call) else rep_len(main, count)[k]
    if (is.factor(x)) {
      first <- match(levels(x), x)
      places <- seq_along(levels(x))
      plot.default(NA_real_, NA_real_, type = "n", xlim = range(places) + c(-0.5, 0.5), ylim = limits, xlab = xlab, ylab = ylab, main = title,
                   xaxt = if (use.factor.levels) "n" else "s", ...)
      if (use.factor.levels) axis(1, at = places, labels = levels(x))
      segments(places - 0.4, term[first], places + 0.4, term[first], col = col.term, lwd = lwd.term)
      if (se) for (side in c(1, -1)) segments(places - 0.4, (term + side * width)[first], places + 0.4, (term + side * width)[first], col = col.se, lty = lty.se, lwd = lwd.se)
      x <- as.integer(x)
    } else {
      at <- order(x)
      plot.default(x[at], term[at], type = "l", xlab = xlab, ylab = ylab, main = title, ylim = limits, col = col.term, lwd = lwd.term, ...)
      if (se) for (side in c(1, -1)) lines(x[at], (term + side * width)[at], col = col.se, lty = lty.se, lwd = lwd.se)
    }
    if (partial.resid) {
      if (is.null(smooth)) points(x, rest[, k], cex = cex, pch = pch, col = col.res)
      else smooth(x, rest[, k], col = col.res, cex = cex, pch = pch, col.smooth = col.smth, lty = lty.smth, span = span.smth)
    }
    if (rug) graphics::rug(if (is.factor(carriers[[k]]$x)) jitter(x) else x)
  }
  invisible(count)
}

# What a term is drawn over: the term itself where it is a factor or that was asked for, its first variable otherwise.
.carrier_of <- function(term, frame, data, envir, transformed) {
  name <- all.vars(str2lang(term))[1L]
  own <- frame[[term]]
  x <- if (is.factor(own) || is.character(own) || is.logical(own)) as.factor(own)
    else if (transformed && !is.null(own)) as.vector(own)
    else eval(as.name(name), data, envir)
  kept <- attr(frame, "na.action")
  list(name = if (transformed && !is.factor(x)) term else name, x = if (!is.null(kept) && length(x) > nrow(frame)) x[-kept] else x)
}
