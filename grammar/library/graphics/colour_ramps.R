# Colours along paths through hue, saturation and value. Source: R's help pages Palettes, gray.colors and colorRamp.

# So many colours of a path from one (hue, saturation, value) to another; the path's first `passed` points are left out.
.hsv_path <- function(count, from, to = from, passed = 0L, alpha = NULL) {
  if (count < 1L) return(character())
  way <- Map(function(begin, end) seq(begin, end, length.out = count + passed)[passed + seq_len(count)], from, to)
  hsv(way[[1L]], way[[2L]], way[[3L]], alpha)
}

.count_of <- function(n) as.integer(n[1L])

.turned <- function(colours, back) if (back) rev(colours) else colours

rainbow <- function(n, s = 1, v = 1, start = 0, end = max(1, n - 1) / n, alpha = NULL, rev = FALSE) {
  n <- .count_of(n)
  if (n < 1L) return(character())
  if (start == end || any(c(start, end) < 0 | c(start, end) > 1)) stop("'start' and 'end' must be distinct and in [0, 1].")
  # An end before the start is one turn further on.
  hues <- seq(start, end + (end < start), length.out = n) %% 1
  .turned(hsv(hues, s, v, alpha), rev)
}

# Red to yellow, and for the last quarter yellow to nearly white.
heat.colors <- function(n, alpha = NULL, rev = FALSE) {
  n <- .count_of(n)
  pale <- n %/% 4L
  edge <- 1 / (2 * pale)
  .turned(c(.hsv_path(n - pale, c(0, 1, 1), c(1 / 6, 1, 1), alpha = alpha),
    .hsv_path(pale, c(1 / 6, 1 - edge, 1), c(1 / 6, edge, 1), alpha = alpha)), rev)
}

# Green lowland, yellow hills, snow: the hills belong to the first half.
terrain.colors <- function(n, alpha = NULL, rev = FALSE) {
  n <- .count_of(n)
  hills <- c(1 / 6, 1, 0.9)
  low <- n %/% 2L
  .turned(c(.hsv_path(low, c(1 / 3, 1, 0.65), hills, alpha = alpha), .hsv_path(n - low, hills, c(0, 0, 0.95), passed = 1L, alpha = alpha)), rev)
}

# Sea, lowland and highland, a third each; what is left over goes to the sea.
topo.colors <- function(n, alpha = NULL, rev = FALSE) {
  n <- .count_of(n)
  third <- n %/% 3L
  .turned(c(.hsv_path(n - 2L * third, c(43 / 60, 1, 1), c(31 / 60, 1, 1), alpha = alpha),
    .hsv_path(third, c(23 / 60, 1, 1), c(11 / 60, 1, 1), alpha = alpha),
    .hsv_path(third, c(1 / 6, 1, 1), c(1 / 10, 0.3, 1), alpha = alpha)), rev)
}

# Cyan and magenta, which fade into white where they meet: one white in the middle of an odd number.
cm.colors <- function(n, alpha = NULL, rev = FALSE) {
  n <- .count_of(n)
  half <- n %/% 2L
  nearest <- if (n %% 2L) 0 else 0.5 / max(half, 1L)
  .turned(c(.hsv_path(n - half, c(1 / 2, 0.5, 1), c(1 / 2, nearest, 1), alpha = alpha),
    .hsv_path(half, c(5 / 6, 0, 1), c(5 / 6, 0.5, 1), passed = 1L, alpha = alpha)), rev)
}

# Evenly spaced where the eye's response is straight: shade^gamma.
gray.colors <- function(n, start = 0.3, end = 0.9, gamma = 2.2, alpha = NULL, rev = FALSE) {
  light <- c(start, end)^gamma
  .turned(gray(seq(light[1L], light[2L], length.out = n)^(1 / gamma), alpha), rev)
}

grey.colors <- gray.colors

# Colours whose channels are the rows of a matrix.
.as_colours <- function(channels, whole) do.call(rgb, c(lapply(seq_len(nrow(channels)), function(k) channels[k, ]), maxColorValue = whole))

colorRampPalette <- function(colors, ...) {
  between <- colorRamp(colors, ...)
  function(n) {
    .as_colours(t(floor(between(seq(0, 1, length.out = n)))), 255)
  }
}

# Each channel is a curve over [0, 1] that goes through its share in the given colours.
colorRamp <- function(colors, bias = 1, space = c("rgb", "Lab"), interpolate = c("linear", "spline"), alpha = FALSE) {
  if (bias <= 0) stop("'bias' must be positive")
  if (match.arg(space) == "Lab") stop("argument 'space' = \"Lab\" of colorRamp() is not supported")
  if (length(colors) == 1L) colors <- rep(colors, 2L)
  channels <- col2rgb(colors, alpha) / 255
  curve_through <- c(linear = approxfun, spline = splinefun)[[match.arg(interpolate)]]
  places <- seq(0, 1, length.out = ncol(channels))^bias
  curves <- apply(channels, 1L, function(values) curve_through(places, values))
  function(x) {
    found <- vapply(unname(curves), function(curve) curve(x), as.numeric(x))
    255 * matrix(pmin(pmax(found, 0), 1), nrow = length(x))
  }
}

# Channels as shares, sent through a linear map and moved, and kept between none and all.
adjustcolor <- function(col, alpha.f = 1, red.f = 1, green.f = 1, blue.f = 1, offset = c(0, 0, 0, 0),
                        transform = diag(c(red.f, green.f, blue.f, alpha.f))) {
  if (!identical(dim(transform), c(4L, 4L))) stop("d == c(4L, 4L) are not all TRUE")
  if (length(offset) %% 4L) stop("length(offset)%%4L == 0L is not TRUE")
  shares <- col2rgb(col, TRUE) / 255
  moved <- transform %*% shares + as.vector(offset)
  .as_colours(matrix(pmin(pmax(moved, 0), 1), 4L), 1)
}
