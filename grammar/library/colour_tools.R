# Colours between colours, and colours changed.

colorRamp <- function(colors, bias = 1, space = c("rgb", "Lab"), interpolate = c("linear", "spline"), alpha = FALSE) {
  if (bias <= 0) stop("'bias' must be a positive number")
  space <- match.arg(space)
  if (space == "Lab") stop("argument 'space' = \"Lab\" of colorRamp() is not supported")
  interpolate <- match.arg(interpolate)
  ends <- t(col2rgb(colors, alpha = alpha))
  places <- seq.int(0, 1, length.out = nrow(ends))^bias
  ways <- lapply(seq_len(ncol(ends)), function(k) {
    if (interpolate == "spline") splinefun(places, ends[, k], method = "natural") else approxfun(places, ends[, k])
  })
  function(x) {
    made <- vapply(ways, function(way) way(x), numeric(length(x)))
    made <- matrix(made, nrow = length(x))
    pmin(pmax(made, 0), 255)
  }
}

adjustcolor <- function(col, alpha.f = 1, red.f = 1, green.f = 1, blue.f = 1, offset = c(0, 0, 0, 0),
                        transform = diag(c(red.f, green.f, blue.f, alpha.f))) {
  parts <- col2rgb(col, alpha = TRUE) / 255
  parts[] <- pmax(0, pmin(1, transform %*% parts + matrix(offset, nrow = 4L, ncol = ncol(parts))))
  rgb(parts[1L, ], parts[2L, ], parts[3L, ], parts[4L, ])
}

rgb2hsv <- function(r, g = NULL, b = NULL, maxColorValue = 255) {
  parts <- if (is.matrix(r)) r else rbind(r, g, b)
  if (nrow(parts) != 3L) stop("rgb is not a matrix (internally)")
  parts <- parts / maxColorValue
  if (any(parts < 0 | parts > 1)) stop("rgb values must be in [0, maxColorValue]")
  made <- apply(parts, 2L, function(one) {
    high <- max(one)
    wide <- high - min(one)
    if (wide == 0) return(c(0, 0, high))
    hue <- switch(which.max(one), (one[2L] - one[3L]) / wide, 2 + (one[3L] - one[1L]) / wide, 4 + (one[1L] - one[2L]) / wide) / 6
    c(if (hue < 0) hue + 1 else hue, wide / high, high)
  })
  made <- matrix(made, nrow = 3L)
  dimnames(made) <- list(c("h", "s", "v"), colnames(parts))
  made
}

# The same colours, clearer: a share for all or for each.
with_alpha <- function(colours, alpha) {
  if (is.null(alpha) || !length(colours)) return(colours)
  if (any(alpha < 0 | alpha > 1)) stop("alpha level ", alpha[alpha < 0 | alpha > 1][1L], ", not in [0,1]")
  paste0(colours, sprintf("%02X", as.integer(rep_len(alpha, length(colours)) * 255 + 0.5)))
}
