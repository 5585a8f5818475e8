# Colours between colours, and colours changed.

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

# Colours by hue, chroma and luminance: polar coordinates of CIE-LUV over the white of D65, shown in sRGB.
hcl <- function(h = 0, c = 35, l = 85, alpha, fixup = TRUE) {
  count <- max(length(h), length(c), length(l))
  if (!length(h) || !length(c) || !length(l)) return(character())
  h <- rep_len(h, count) * pi / 180
  c <- rep_len(c, count)
  l <- rep_len(l, count)
  y <- 100 * ifelse(l > 7.999592, ((l + 16) / 116)^3, l / 903.3)
  u <- c * cos(h) / (13 * l) + 0.1978398
  v <- c * sin(h) / (13 * l) + 0.4683363
  x <- 9 * y * u / (4 * v)
  z <- -x / 3 - 5 * y + 3 * y / v
  linear <- cbind(3.240479 * x - 1.53715 * y - 0.498535 * z, -0.969256 * x + 1.875992 * y + 0.041556 * z, 0.055648 * x - 0.204043 * y + 1.057311 * z) / 100
  linear[l <= 0, ] <- 0
  parts <- floor(255 * ifelse(linear > 0.00304, 1.055 * pmax(linear, 0)^(1 / 2.4) - 0.055, 12.92 * linear) + 0.5)
  beyond <- rowSums(parts < 0 | parts > 255) > 0
  parts <- pmin(pmax(parts, 0), 255)
  made <- sprintf("#%02X%02X%02X", as.integer(parts[seq_len(count)]), as.integer(parts[count + seq_len(count)]), as.integer(parts[2 * count + seq_len(count)]))
  if (!missing(alpha)) made <- paste0(made, sprintf("%02X", as.integer(floor(255 * rep_len(alpha, count) + 0.5))))
  if (!fixup) made[beyond] <- NA
  made[is.na(h + c + l)] <- NA
  made
}
