# The palettes of viridis and viridisLite, drawn through ten of their colours; colours between these are mixed.

.viridis_anchors <- list(
  magma = "000004 180F3E 451077 721F81 9F2F7F CD4071 F1605D FD9567 FEC98D FCFDBF",
  inferno = "000004 1B0C42 4B0C6B 781C6D A52C60 CF4446 ED6925 FB9A06 F7D03C FCFFA4",
  plasma = "0D0887 47039F 7301A8 9C179E BD3786 D8576B ED7953 FA9E3B FDC926 F0F921",
  viridis = "440154 482878 3E4A89 31688E 26828E 1F9E89 35B779 6DCD59 B4DE2C FDE725",
  cividis = "00204D 00336F 39486B 575C6D 707173 8A8779 A69D75 C4B56C E4CF5B FFEA46",
  turbo = "30123B 4662D7 36AAF9 1AE4B6 72FE5E C7EF34 FABA39 F66B19 CA2A04 7A0403")

viridis <- function(n, alpha = 1, begin = 0, end = 1, direction = 1, option = "D") {
  if (direction == -1) {
    turned <- begin
    begin <- end
    end <- turned
  }
  name <- c(A = "magma", B = "inferno", C = "plasma", D = "viridis", E = "cividis", H = "turbo")[option]
  name <- if (is.na(name)) match.arg(option, names(.viridis_anchors)) else name
  anchors <- col2rgb(paste0("#", strsplit(.viridis_anchors[[name]], " ")[[1L]]))
  at <- seq(begin, end, length.out = n) * 9 + 1
  mixed <- apply(anchors, 1L, function(channel) approx(1:10, channel, at)$y)
  if (n == 1L) mixed <- matrix(mixed, 1L)
  if (n == 0L) return(character())
  paste0(rgb(round(mixed[, 1L]), round(mixed[, 2L]), round(mixed[, 3L]), maxColorValue = 255), sprintf("%02X", as.integer(round(alpha * 255))))
}

magma <- function(n, alpha = 1, begin = 0, end = 1, direction = 1) viridis(n, alpha, begin, end, direction, "magma")

inferno <- function(n, alpha = 1, begin = 0, end = 1, direction = 1) viridis(n, alpha, begin, end, direction, "inferno")

plasma <- function(n, alpha = 1, begin = 0, end = 1, direction = 1) viridis(n, alpha, begin, end, direction, "plasma")

cividis <- function(n, alpha = 1, begin = 0, end = 1, direction = 1) viridis(n, alpha, begin, end, direction, "cividis")

turbo <- function(n, alpha = 1, begin = 0, end = 1, direction = 1) viridis(n, alpha, begin, end, direction, "turbo")

viridis_pal <- function(alpha = 1, begin = 0, end = 1, direction = 1, option = "D") function(n) viridis(n, alpha, begin, end, direction, option)
