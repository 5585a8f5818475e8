# Colours taken apart and put together.

rgb2hsv <- function(r, g = NULL, b = NULL, maxColorValue = 255) {
  parts <- if (is.matrix(r)) r else rbind(r, g, b)
  if (nrow(parts) != 3L) stop("rgb matrix must have 3 rows")
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

with_alpha <- function(colours, alpha) {
  if (is.null(alpha) || !length(colours)) return(colours)
  if (any(alpha < 0 | alpha > 1)) stop("alpha level ", alpha[alpha < 0 | alpha > 1][1L], ", not in [0,1]")
  paste0(colours, sprintf("%02X", as.integer(rep_len(alpha, length(colours)) * 255 + 0.5)))
}

# Colours by hue, chroma and luminance: polar coordinates of CIE-LUV over the white of D65, shown in sRGB.
# Source: CIE 15, Colorimetry; IEC 61966-2-1.
hcl <- function(h = 0, c = 35, l = 85, alpha, fixup = TRUE) {
  parts <- list(h, c, l)
  if (any(lengths(parts) == 0L)) return(character())
  count <- max(lengths(parts))
  parts <- lapply(parts, rep_len, count)
  hue <- parts[[1L]] * pi / 180
  light <- parts[[3L]]
  if (any(light < 0 | light > 100 | parts[[2L]] < 0, na.rm = TRUE)) stop("invalid hcl color")
  u <- parts[[2L]] * cos(hue) / (13 * light) + 0.1978398
  v <- parts[[2L]] * sin(hue) / (13 * light) + 0.4683363
  y <- ifelse(light > 7.999592, ((light + 16) / 116)^3, light / 903.3)
  xyz <- cbind(9 * u / (4 * v), 1, (12 - 3 * u - 20 * v) / (4 * v)) * y
  linear <- xyz %*% .xyz_to_srgb
  linear[light <= 0, ] <- 0
  channels <- floor(255 * ifelse(linear > 0.00304, 1.055 * pmax(linear, 0)^(1 / 2.4) - 0.055, 12.92 * linear) + 0.5)
  shown <- as.integer(pmin(pmax(channels, 0), 255))
  made <- .hexadecimal(matrix(shown, count))
  if (!missing(alpha)) made <- with_alpha(made, alpha)
  if (!fixup) made[rowSums(channels != shown) > 0] <- NA
  made[is.na(hue + parts[[2L]] + light)] <- NA
  made
}

# Linear red, green and blue, in columns, of each of X, Y and Z.
.xyz_to_srgb <- rbind(c(3.240479, -0.969256, 0.055648), c(-1.53715, 1.875992, -0.204043), c(-0.498535, 0.041556, 1.057311))

.hexadecimal <- function(channels) sprintf("#%02X%02X%02X", channels[, 1L], channels[, 2L], channels[, 3L])
