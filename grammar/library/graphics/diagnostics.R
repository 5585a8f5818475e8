# Pictures that judge a fit: its residuals, leverages and terms, and comparisons of means.
# Source: R's help pages of plot.lm and termplot; R. D. Cook and S. Weisberg, Residuals and Influence in Regression (1982).

plot.lm <- function(x, which = c(1, 2, 3, 5),
                    caption = list("Residuals vs Fitted", "Normal Q-Q", "Scale-Location", "Cook's distance", "Residuals vs Leverage",
                                   "Cook's dist vs Leverage  h[ii] / (1 - h[ii])"),
                    panel = if (add.smooth) function(x, y, ...) panel.smooth(x, y, iter = iter.smooth, ...) else points,
                    sub.caption = NULL, main = "", ask = FALSE, ..., id.n = 3, labels.id = names(residuals(x)), cex.id = 0.75, qqline = TRUE,
                    cook.levels = c(0.5, 1), cook.col = 8, cook.lty = 2, cook.legendChanges = list(), add.smooth = getOption("add.smooth", TRUE),
                    iter.smooth = if (inherits(x, "glm")) 0 else 3, label.pos = c(4, 2), cex.caption = 1, cex.oma.main = 1.25, extend.ylim.f = 0.08) {
  if (!is.numeric(which) || any(which < 1) || any(which > 6)) stop("'which' must be in 1:6")
  which <- sort(unique(which))
  fit <- .judged_fit(x, any(which > 1))
  n <- length(fit$residuals)
  id.n <- if (is.null(id.n)) 0L else as.integer(id.n)
  if (id.n < 0L || id.n > n) stop(gettextf("'id.n' must be in {1,..,%d}", n), domain = NA)
  if (any(which %in% c(2, 3, 5)) && any(fit$alone)) warning("not plotting observations with leverage one:\n  ", paste(base::which(fit$alone), collapse = ", "), call. = FALSE)
  captions <- rep_len(as.list(caption), 6L)
  names_of_cases <- if (is.null(labels.id)) as.character(seq_len(n)) else as.character(labels.id)[fit$used]
  told <- if (is.null(sub.caption)) .call_in_one_line(x$call) else sub.caption
  one <- prod(par("mfcol")) == 1
  roomy <- function(values, ends = range(values, na.rm = TRUE)) if (id.n > 0L) extendrange(r = ends, f = extend.ylim.f) else ends
  labelled <- function(x, y, size, pos = label.pos[1L + (x > mean(range(x, na.rm = TRUE)))]) {
    worst <- order(size, decreasing = TRUE)[seq_len(id.n)]
    for (k in worst) text(x[k], y[k], names_of_cases[k], cex = cex.id, pos = rep_len(pos, n)[k])
  }
  # On a page of its own a picture says below which fit it is of.
  below <- if (one) told
  begun <- function(x, y, xlab, ylab, ...) plot.default(x, y, type = "n", main = main, sub = below, xlab = xlab, ylab = ylab, ...)
  on_predictions <- if (inherits(x, "glm")) "Predicted values" else "Fitted values"
  kind <- if (inherits(x, "glm")) "Std. deviance resid." else "Standardized residuals"
  extreme <- if (is.null(fit$weights)) abs(fit$residuals) else sqrt(fit$weights) * abs(fit$residuals)
  pictures <- list(
    function() {
      begun(fit$fitted, fit$residuals, on_predictions, "Residuals", ylim = roomy(fit$residuals))
      panel(fit$fitted, fit$residuals, ...)
      mtext(captions[[1L]], side = 3)
      labelled(fit$fitted, fit$residuals, extreme)
      abline(h = 0, lty = 3, col = "gray")
    },
    function() {
      ends <- range(fit$standard, na.rm = TRUE)
      ends[2L] <- ends[2L] + diff(ends) * 0.075
      at <- qqnorm(fit$standard, main = main, sub = below, ylab = kind, ylim = ends, ...)
      if (qqline) stats::qqline(fit$standard, lty = 3, col = "gray50")
      mtext(captions[[2L]], side = 3)
      labelled(at$x, at$y, abs(fit$standard))
    },
    function() {
      root <- sqrt(abs(fit$standard))
      begun(fit$fitted, root, on_predictions, paste0("\u221a|", kind, "|"), ylim = c(0, max(root, na.rm = TRUE)))
      panel(fit$fitted, root, ...)
      mtext(captions[[3L]], side = 3)
      labelled(fit$fitted, root, root)
    },
    function() {
      plot.default(seq_len(n), fit$cook, type = "h", main = main, sub = below, xlab = "Obs. number", ylab = "Cook's distance",
                   ylim = c(0, max(fit$cook, na.rm = TRUE) * 1.075), ...)
      mtext(captions[[4L]], side = 3)
      labelled(seq_len(n), fit$cook, fit$cook, 3)
    },
    function() {
      kind <- if (inherits(x, "glm")) "Std. Pearson resid." else "Standardized residuals"
      ends <- roomy(fit$pearson)
      if (fit$balanced) {
        cells <- .level_combinations(x, fit)
        if (is.null(cells)) {
          message("hat values (leverages) are all = ", format(mean(fit$leverage)), "\n and there are no factor predictors; no plot no. 5")
          plot.new()
          return(invisible())
        }
        begun(cells$at, fit$pearson, "Factor Level Combinations", kind, ylim = ends, xaxt = "n")
        axis(1, at = cells$middles, labels = cells$labels)
        mtext(if (identical(captions[[5L]], "Residuals vs Leverage")) "Constant Leverage:\n Residuals vs Factor Levels" else captions[[5L]], side = 3)
        abline(v = cells$borders, col = "gray", lty = "F4")
        panel(cells$at, fit$pearson, ...)
        abline(h = 0, lty = 3, col = "gray")
        labelled(cells$at, fit$pearson, abs(fit$pearson))
        return(invisible())
      }
      shown <- replace(fit$leverage, fit$alone, NA)
      begun(shown, fit$pearson, "Leverage", kind, xlim = c(0, max(shown, na.rm = TRUE)), ylim = ends)
      panel(shown, fit$pearson, ...)
      abline(h = 0, v = 0, lty = 3, col = "gray")
      # Along these lines the distance of Cook is the same.
      at <- seq(min(fit$leverage[fit$leverage > 0], 0.01), max(shown, na.rm = TRUE) * 1.04, length.out = 101)
      for (level in cook.levels) for (side in c(1, -1))
        lines(at, side * sqrt(level * fit$rank * (1 - at) / at), lty = cook.lty, col = cook.col)
      if (length(cook.levels)) do.call(legend, utils::modifyList(list(x = "bottomleft", legend = "Cook's distance", lty = cook.lty, col = cook.col, bty = "n"), as.list(cook.legendChanges)))
      mtext(captions[[5L]], side = 3)
      labelled(shown, fit$pearson, fit$cook)
    },
    function() {
      odds <- fit$leverage / (1 - fit$leverage)
      odds[fit$alone] <- NA
      begun(odds, fit$cook, "Leverage  h[ii]", "Cook's distance", xlim = c(0, max(odds, na.rm = TRUE)), ylim = c(0, max(fit$cook, na.rm = TRUE) * 1.025), xaxt = "n")
      panel(odds, fit$cook, ...)
      at <- pretty(fit$leverage)
      at <- at[at < 1]
      axis(1, at = at / (1 - at), labels = at)
      # On a line through the origin all have one standardized residual.
      for (size in pretty(sqrt(fit$rank * fit$cook / odds), 5)) abline(0, size^2 / fit$rank, lty = 2)
      mtext(captions[[6L]], side = 3)
      labelled(odds, fit$cook, fit$cook)
    })
  for (number in which) pictures[[number]]()
  if (!one && par("oma")[3L] >= 1) mtext(told, side = 3, outer = TRUE)
  invisible()
}

# What the pictures show of a fit, for the cases whose weights are not 0.
.judged_fit <- function(model, standardised) {
  residuals <- residuals(model)
  weights <- weights(model)
  used <- if (is.null(weights)) rep(TRUE, length(residuals)) else weights != 0
  made <- list(residuals = residuals[used], fitted = predict(model)[used], weights = weights[used], used = used, rank = model$rank)
  if (!standardised) return(c(made, list(alone = FALSE)))
  leverage <- hatvalues(model)
  whole <- leverage >= 1 - 1e-8
  clean <- function(values) replace(values, whole | !is.finite(values), NA)[used]
  pearson <- if (inherits(model, "glm")) rstandard(model, type = "pearson") else rstandard(model)
  leverage <- leverage[used]
  c(made, list(leverage = leverage, alone = whole[used], standard = clean(rstandard(model)), pearson = clean(pearson), cook = clean(cooks.distance(model)),
               balanced = diff(range(leverage)) < 1e-10 * mean(leverage)))
}

.call_in_one_line <- function(call) {
  if ("formula" %in% names(call)) names(call)[names(call) == "formula"] <- ""
  text <- deparse(call)
  if (length(text) > 1L || nchar(text[1L]) > 75L) paste(substr(text[1L], 1L, min(75L, nchar(text[1L]))), "...") else text[1L]
}

# Places for combinations of factor levels, the levels of each factor by their mean fitted value, the first factor's apart.
.level_combinations <- function(model, fit) {
  frame <- model.frame(model)[fit$used, -1L, drop = FALSE]
  frame <- frame[vapply(frame, function(one) is.factor(one) || is.character(one), TRUE)]
  if (!length(frame)) return(NULL)
  ordered <- lapply(frame, function(one) {
    means <- sort(tapply(fit$fitted, one, mean))
    list(code = match(as.character(one), names(means)) - 1L, labels = names(means))
  })
  sizes <- vapply(ordered, function(one) length(one$labels), 1L)
  inner <- rev(cumprod(c(1L, rev(sizes[-1L]))))
  at <- Reduce(`+`, Map(function(one, step) one$code * step, ordered, inner))
  first <- seq_len(sizes[1L]) - 1L
  list(at = at, labels = ordered[[1L]]$labels, middles = first * inner[1L] + (inner[1L] - 1) / 2, borders = c(first, sizes[1L]) * inner[1L] - 0.5)
}

plot.TukeyHSD <- function(x, ...) {
  told <- sprintf("%s%% family-wise confidence level\n", format(100 * attr(x, "conf.level"), digits = 2L))
  for (term in names(x)) {
    .interval_rows(x[[term]][, c("lwr", "diff", "upr"), drop = FALSE], ...)
    title(told, xlab = paste("Differences in mean levels of", term))
  }
  invisible()
}

# Rows of low, middle and high values as lines with strokes across, the first on top, beside the line of no difference.
.interval_rows <- function(rows, ...) {
  heights <- rev(seq_len(nrow(rows)))
  plot.default(range(rows), range(heights), type = "n", axes = FALSE, ann = FALSE, ylim = range(heights) + c(-0.5, 0.5), ...)
  abline(v = 0, lwd = 0.5, lty = 2)
  for (k in seq_along(heights)) {
    abline(h = heights[k], lwd = 0.5, col = "lightgray")
    lines(range(rows[k, ]), rep(heights[k], 2L))
    for (value in rows[k, ]) lines(rep(value, 2L), heights[k] + c(-0.1, 0.1))
  }
  axis(2, heights, rownames(rows))
  axis(1)
  box()
}
