# Labels of axes, ranges moved and colours made: scales.

.number_text <- function(x, accuracy, scale, prefix, suffix, big.mark, decimal.mark, trim = TRUE) {
  shown <- x * scale
  if (is.null(accuracy)) accuracy <- .label_accuracy(shown)
  digits <- max(0, -floor(log10(accuracy) + 1e-9))
  # Halves go to the even digit, as with round().
  rounded <- round(shown / accuracy) * accuracy
  text <- formatC(abs(rounded), format = "f", digits = digits, big.mark = big.mark, decimal.mark = decimal.mark)
  if (!trim) text <- formatC(text, width = max(0L, nchar(text[is.finite(rounded)])))
  made <- paste0(ifelse(!is.na(rounded) & rounded < 0, "-", ""), prefix, text, suffix)
  made[is.infinite(x)] <- as.character(x[is.infinite(x)])
  made[is.na(x)] <- NA
  names(made) <- names(x)
  made
}

.label_accuracy <- function(shown) {
  known <- sort(unique(shown[is.finite(shown)]))
  if (length(known) < 2L) return(1)
  gap <- min(diff(known))
  if (gap < sqrt(.Machine$double.eps)) return(1)
  fine <- 10^(floor(log10(gap)) - 1)
  if (all(round(known / fine) %% 10 == 0)) fine <- fine * 10
  min(fine, 1)
}

number <- function(x, accuracy = NULL, scale = 1, prefix = "", suffix = "", big.mark = " ", decimal.mark = ".", trim = TRUE, ...) .number_text(x, accuracy, scale, prefix, suffix, big.mark, decimal.mark, trim)

comma <- function(x, accuracy = NULL, scale = 1, prefix = "", suffix = "", big.mark = ",", decimal.mark = ".", trim = TRUE, digits, ...) {
  if (!missing(digits)) warning("The `digits` argument of `comma()` is deprecated as of scales 1.0.0.\n\u2139 Please use the `accuracy` argument instead.", call. = FALSE)
  .number_text(x, accuracy, scale, prefix, suffix, big.mark, decimal.mark, trim)
}

percent <- function(x, accuracy = NULL, scale = 100, prefix = "", suffix = "%", big.mark = " ", decimal.mark = ".", trim = TRUE, ...) .number_text(x, accuracy, scale, prefix, suffix, big.mark, decimal.mark, trim)

dollar <- function(x, accuracy = NULL, scale = 1, prefix = "$", suffix = "", big.mark = ",", decimal.mark = ".", trim = TRUE, largest_with_cents = 1e5, ...) {
  if (is.null(accuracy)) accuracy <- if (all(x[!is.na(x)] == round(x[!is.na(x)])) || max(abs(x), na.rm = TRUE) >= largest_with_cents) 1 else 0.01
  .number_text(x, accuracy, scale, prefix, suffix, big.mark, decimal.mark, trim)
}

scientific <- function(x, digits = 3, prefix = "", suffix = "", ...) ifelse(is.na(x), NA, paste0(prefix, formatC(x, digits = digits - 1, format = "e"), suffix))

ordinal <- function(x, prefix = "", suffix = "", big.mark = " ", ...) {
  ending <- ifelse(x %% 100 %in% 11:13, "th", c("th", "st", "nd", "rd", rep("th", 6))[x %% 10 + 1])
  paste0(prefix, format(x, big.mark = big.mark, trim = TRUE), ending, suffix)
}

pvalue <- function(x, accuracy = 0.001, decimal.mark = ".", prefix = NULL, add_p = FALSE, ...) {
  if (is.null(prefix)) prefix <- if (add_p) c("p<", "p=", "p>") else c("<", "", ">")
  text <- .number_text(x, accuracy, 1, "", "", "", decimal.mark)
  made <- paste0(prefix[2L], text)
  made[!is.na(x) & x < accuracy] <- paste0(prefix[1L], accuracy)
  made[!is.na(x) & x > 1 - accuracy] <- paste0(prefix[3L], 1 - accuracy)
  made[is.na(x)] <- NA
  made
}

.label_maker <- function(show) {
  force(show)
  function(...) {
    settings <- list(...)
    force(settings)
    function(x) do.call(show, c(list(x), settings))
  }
}

label_number <- .label_maker(number)

number_format <- .label_maker(number)

label_comma <- .label_maker(comma)

comma_format <- .label_maker(comma)

label_percent <- .label_maker(percent)

percent_format <- .label_maker(percent)

label_dollar <- .label_maker(dollar)

dollar_format <- .label_maker(dollar)

label_scientific <- .label_maker(scientific)

scientific_format <- .label_maker(scientific)

label_ordinal <- .label_maker(ordinal)

label_pvalue <- .label_maker(pvalue)

unit_format <- function(accuracy = NULL, scale = 1, prefix = "", unit = "m", sep = " ", suffix = paste0(sep, unit), big.mark = " ", ...) {
  force(suffix)
  function(x) .number_text(x, accuracy, scale, prefix, suffix, big.mark, ".")
}

label_number_si <- function(accuracy = 1, unit = NULL, sep = NULL, ...) function(x) {
  power <- findInterval(abs(x), c(0, 1e3, 1e6, 1e9, 1e12))
  if (is.null(sep)) sep <- if (is.null(unit)) "" else " "
  paste0(.number_text(x / 10^(3 * pmax(power - 1, 0)), accuracy, 1, "", "", "", "."), sep, c("", "K", "M", "B", "T")[pmax(power, 1)], unit)
}

date_format <- function(format = "%Y-%m-%d", tz = "UTC") function(x) base::format(x, format, tz = tz)

label_date <- function(format = "%Y-%m-%d", tz = "UTC", ...) date_format(format, tz)

label_wrap <- function(width) function(x) vapply(strwrap(x, width, simplify = FALSE), paste, "", collapse = "\n")

wrap_format <- function(width) label_wrap(width)

math_format <- function(expr = 10^.x, format = force) {
  tree <- substitute(expr)
  function(x) do.call(c, lapply(format(x), function(one) as.expression(eval(call("substitute", tree, list(.x = one))))))
}

trans_format <- function(trans, format = scientific_format()) {
  if (is.character(trans)) trans <- match.fun(trans)
  function(x) format(trans(x))
}

date_breaks <- function(width = "1 month") function(x) seq(min(x), max(x), by = width)

pretty_breaks <- function(n = 5, ...) function(x, count = n) {
  made <- pretty(x, count, ...)
  made
}

breaks_pretty <- function(n = 5, ...) pretty_breaks(n, ...)

extended_breaks <- function(n = 5, ...) function(x, count = n) pretty(x, count)

breaks_extended <- function(n = 5, ...) extended_breaks(n, ...)

log_breaks <- function(n = 5, base = 10) function(x, count = n) base^seq(floor(log(min(x), base)), ceiling(log(max(x), base)))

breaks_log <- function(n = 5, base = 10) log_breaks(n, base)

trans_breaks <- function(trans, inv, n = 5, ...) function(x) match.fun(inv)(pretty(match.fun(trans)(x), n, ...))

breaks_width <- function(width, offset = 0) function(range, ...) seq(floor(range[1L] / width) * width + offset, ceiling(range[2L] / width) * width + offset, by = width)

zero_range <- function(x, tol = 1000 * .Machine$double.eps) length(x) == 1L || diff(range(x)) <= tol * max(abs(range(x)))

rescale <- function(x, to = c(0, 1), from = range(x, na.rm = TRUE, finite = TRUE), ...) {
  if (zero_range(from) || zero_range(to)) return(ifelse(is.na(x), NA, mean(to)))
  (x - from[1L]) / diff(from) * diff(to) + to[1L]
}

rescale_max <- function(x, to = c(0, 1), from = range(x, na.rm = TRUE)) x / from[2L] * to[2L]

rescale_mid <- function(x, to = c(0, 1), from = range(x, na.rm = TRUE), mid = 0, ...) (x - mid) / (2 * max(abs(from - mid))) * diff(to) + mean(to)

rescale_none <- function(x, ...) x

censor <- function(x, range = c(0, 1), only.finite = TRUE) {
  finite <- if (only.finite) is.finite(x) else TRUE
  x[finite & (x < range[1L] | x > range[2L])] <- NA
  x
}

# What lies outside is drawn to the nearer end.
squish <- function(x, range = c(0, 1), only.finite = TRUE) {
  moved <- if (only.finite) is.finite(x) else !is.na(x)
  replace(x, moved, pmin(pmax(x[moved], range[1L], na.rm = TRUE), range[2L], na.rm = TRUE))
}

oob_squish <- function(x, range = c(0, 1), only.finite = TRUE) squish(x, range, only.finite)

oob_censor <- function(x, range = c(0, 1), only.finite = TRUE) censor(x, range, only.finite)

expand_range <- function(range, mul = 0, add = 0, zero_width = 1) if (zero_range(range)) c(range[1L] - zero_width / 2, range[1L] + zero_width / 2) else range + c(-1, 1) * (diff(range) * mul + add)

alpha <- function(colour, alpha = NA) {
  parts <- col2rgb(colour, alpha = TRUE)
  share <- ifelse(is.na(alpha), parts[4L, ] / 255, alpha)
  rgb(parts[1L, ], parts[2L, ], parts[3L, ], round(share * 255), maxColorValue = 255)
}

muted <- function(colour, l = 30, c = 70) {
  shown <- t(col2rgb(colour)) / 255
  linear <- ifelse(shown > 0.04045, ((shown + 0.055) / 1.055)^2.4, shown / 12.92)
  xyz <- linear %*% matrix(c(0.412453, 0.212671, 0.019334, 0.35758, 0.71516, 0.119193, 0.180423, 0.072169, 0.950227), 3, byrow = TRUE)
  whole <- xyz[, 1L] + 15 * xyz[, 2L] + 3 * xyz[, 3L]
  hue <- atan2(9 * xyz[, 2L] / whole - 0.4683363, 4 * xyz[, 1L] / whole - 0.1978398) * 180 / pi
  hcl(hue, c, l)
}

# Hues at equal steps; all around, the last would be the first again and is left out.
hue_pal <- function(h = c(0, 360) + 15, c = 100, l = 65, h.start = 0, direction = 1) {
  stopifnot(length(h) == 2)
  force(list(c, l, h.start, direction))
  function(n) {
    if (n == 0) stop("Must request at least one colour from a hue palette.", call. = FALSE)
    width <- h[2L] - h[1L]
    if (width %% 360 < 1) width <- width - 360 / n
    hues <- h.start + h[1L] + seq(0, width, length.out = n)
    .turned(hcl(hues %% 360, c, l), direction == -1)
  }
}

grey_pal <- function(start = 0.2, end = 0.8) function(n) gray.colors(n, start, end)

manual_pal <- function(values) function(n) values[seq_len(n)]

brewer_pal <- function(type = "seq", palette = 1, direction = 1) function(n) {
  made <- RColorBrewer::brewer.pal(max(n, 3), if (is.character(palette)) palette else switch(type, seq = "Blues", div = "RdBu", qual = "Set1"))[seq_len(n)]
  if (direction == -1) rev(made) else made
}

viridis_pal <- function(alpha = 1, begin = 0, end = 1, direction = 1, option = "D") function(n) viridis::viridis(n, alpha, begin, end, direction, option)

.srgb_to_xyz <- matrix(c(0.4124564, 0.2126729, 0.0193339, 0.3575761, 0.7151522, 0.119192, 0.1804375, 0.072175, 0.9503041), 3L)

.daylight <- c(0.95047, 1, 1.08883)

.as_lab <- function(colours) {
  shown <- col2rgb(colours) / 255
  linear <- ifelse(shown > 0.04045, ((shown + 0.055) / 1.055)^2.4, shown / 12.92)
  xyz <- .srgb_to_xyz %*% linear / .daylight
  felt <- ifelse(xyz > (6 / 29)^3, abs(xyz)^(1 / 3), xyz / (3 * (6 / 29)^2) + 4 / 29)
  rbind(116 * felt[2L, ] - 16, 500 * (felt[1L, ] - felt[2L, ]), 200 * (felt[2L, ] - felt[3L, ]))
}

.lab_as_rgb <- function(lab) {
  middle <- (lab[1L, ] + 16) / 116
  felt <- rbind(middle + lab[2L, ] / 500, middle, middle - lab[3L, ] / 200)
  xyz <- ifelse(felt > 6 / 29, felt^3, 3 * (6 / 29)^2 * (felt - 4 / 29)) * .daylight
  linear <- pmin(pmax(solve(.srgb_to_xyz, xyz), 0), 1)
  shown <- ifelse(linear > 0.0031308, 1.055 * linear^(1 / 2.4) - 0.055, 12.92 * linear)
  rgb(round(255 * shown[1L, ]), round(255 * shown[2L, ]), round(255 * shown[3L, ]), maxColorValue = 255)
}

.only_lab <- function(space, name) {
  if (!identical(space, "Lab")) warning("The `space` argument of `", name, "()` only supports \"Lab\" as of scales 0.3.0.", call. = FALSE)
}

seq_gradient_pal <- function(low = "#2B6788", high = "#90503F", space = "Lab") {
  .only_lab(space, "seq_gradient_pal")
  gradient_n_pal(c(low, high))
}

gradient_n_pal <- function(colours, values = NULL, space = "Lab") {
  .only_lab(space, "gradient_n_pal")
  lab <- .as_lab(colours)
  places <- if (is.null(values)) seq(0, 1, length.out = length(colours)) else values
  function(x) {
    made <- rep(NA_character_, length(x))
    inside <- !is.na(x) & x >= min(places) & x <= max(places)
    if (any(inside)) made[inside] <- .lab_as_rgb(rbind(approx(places, lab[1L, ], x[inside])$y, approx(places, lab[2L, ], x[inside])$y, approx(places, lab[3L, ], x[inside])$y))
    made
  }
}

# A sheet of tiles, row by row.
show_col <- function(colours, labels = TRUE, borders = NULL, cex_label = 1, ncol = NULL, ...) {
  across <- .first_given(ncol, ceiling(sqrt(length(colours))))
  tiles <- arrayInd(seq_along(colours), c(across, ceiling(length(colours) / across)))
  right <- tiles[, 1L]
  bottom <- -tiles[, 2L]
  plot.default(NULL, type = "n", xlim = c(0, across), ylim = c(min(bottom, 0), 0), xlab = "", ylab = "", axes = FALSE)
  rect(right - 1, bottom, right, bottom + 1, col = colours, border = borders)
  if (labels) text(right - 0.5, bottom + 0.5, colours, cex = cex_label)
  invisible()
}
