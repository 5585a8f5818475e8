# Palettes by name and by hue, hulls, and where to put things: the rarer words of grDevices.

.named_palettes <- c(
  `R3` = "000000 FF0000 00CD00 0000FF 00FFFF FF00FF FFFF00 BEBEBE",
  `R4` = "000000 DF536B 61D04F 2297E6 28E2E5 CD0BBC F5C710 9E9E9E",
  `ggplot2` = "000000 F8766D 00BA38 619CFF 00BFC4 F564E3 B79F00 9E9E9E",
  `Okabe-Ito` = "000000 E69F00 56B4E9 009E73 F0E442 0072B2 D55E00 CC79A7 999999",
  `Accent` = "7FC97F BEAED4 FDC086 FFFF99 386CB0 F0027F BF5B17 666666",
  `Dark 2` = "1B9E77 D95F02 7570B3 E7298A 66A61E E6AB02 A6761D 666666",
  `Paired` = "A6CEE3 1F78B4 B2DF8A 33A02C FB9A99 E31A1C FDBF6F FF7F00 CAB2D6 6A3D9A FFFF99 B15928",
  `Pastel 1` = "FBB4AE B3CDE3 CCEBC5 DECBE4 FED9A6 FFFFCC E5D8BD FDDAEC F2F2F2",
  `Pastel 2` = "B3E2CD FDCDAC CBD5E8 F4CAE4 E6F5C9 FFF2AE F1E2CC CCCCCC",
  `Set 1` = "E41A1C 377EB8 4DAF4A 984EA3 FF7F00 FFFF33 A65628 F781BF 999999",
  `Set 2` = "66C2A5 FC8D62 8DA0CB E78AC3 A6D854 FFD92F E5C494 B3B3B3",
  `Set 3` = "8DD3C7 FFFFB3 BEBADA FB8072 80B1D3 FDB462 B3DE69 FCCDE5 D9D9D9 BC80BD CCEBC5 FFED6F",
  `Tableau 10` = "4E79A7 F28E2B E15759 76B7B2 59A14F EDC948 B07AA1 FF9DA7 9C755F BAB0AC",
  `Classic Tableau` = "1F77B4 FF7F0E 2CA02C D62728 9467BD 8C564B E377C2 7F7F7F BCBD22 17BECF",
  `Polychrome 36` = "5A5156 E4E1E3 F6222E FE00FA 16FF32 3283FE FEAF16 B00068 1CFFCE 90AD1C 2ED9FF DEA0FD AA0DFE F8A19F 325A9B C4451C 1C8356 85660D B10DA1 FBE426 1CBE4F FA0087 FC1CBF F7E1A0 C075A6 782AB6 AAF400 BDCDFF 822E1C B5EFB5 7ED7D1 1C7F93 D85FF7 683B79 66B0FF 3B00FB",
  `Alphabet` = "AA0DFE 3283FE 85660D 782AB6 565656 1C8356 16FF32 F7E1A0 E2E2E2 1CBE4F C4451C DEA0FD FE00FA 325A9B FEAF16 F8A19F 90AD1C F6222E 1CFFCE 2ED9FF B10DA1 C075A6 FC1CBF B00068 FBE426 FA0087"
)

palette.pals <- function() names(.named_palettes)

# What the colours of a palette are called, where they have names.
.palette_labels <- c(
  `Okabe-Ito` = "black orange skyblue bluishgreen yellow blue vermillion reddishpurple gray",
  `Tableau 10` = "blue orange red lightteal green yellow purple pink brown lightgray",
  `Polychrome 36` = "darkpurplishgray purplishwhite vividred vividpurple vividyellowishgreen strongpurplishblue vividorangeyellow vividpurplishred brilliantgreen vividyellowgreen vividblue brilliantpurple vividviolet strongpink strongblue strongreddishorange vividgreen lightolivebrown vividreddishpurple vividgreenishyellow vividyellowishgreen vividred vividpurplishred paleyellow strongreddishpurple vividviolet vividyellowgreen verylightblue strongreddishbrown verylightyellowishgreen verylightbluishgreen deepgreenishblue vividpurple deeppurple brilliantblue vividviolet",
  `Alphabet` = "amethyst blue caramel damson ebony forest green honey iron jade kingcrab lavender magenta navy orange pink quagmire red sea turquoise ultraviolet violet wine xanthin yellow zinnia"
)

.words_of <- function(text) strsplit(text, " ", fixed = TRUE)[[1L]]

# The one of several names that is meant, capitals and whatever is no letter or digit aside; it may be cut short.
.meant_palette <- function(asked, known) {
  plain <- function(name) gsub("[^[:alnum:]]", "", tolower(name))
  at <- charmatch(plain(asked), plain(known))
  if (is.na(at)) stop(simpleError("'palette' does not match any given palette", sys.call(-1)))
  if (at == 0L) stop(simpleError("'palette' is ambiguous", sys.call(-1)))
  known[at]
}

palette.colors <- function(n = NULL, palette = "Okabe-Ito", alpha, recycle = FALSE) {
  palette <- .meant_palette(palette, palette.pals())
  colours <- paste0("#", .words_of(.named_palettes[[palette]]))
  if (palette %in% names(.palette_labels)) names(colours) <- .words_of(.palette_labels[[palette]])
  size <- length(colours)
  if (is.null(n)) n <- size
  if (n > size && !recycle) {
    warning("'n' set to ", size, ", the maximum available for ", palette, " palette")
    n <- size
  }
  made <- colours[rep_len(seq_len(size), n)]
  if (!missing(alpha)) made <- with_alpha(made, alpha)
  if (n > 0L) made else character()
}

blues9 <- c("#F7FBFF", "#DEEBF7", "#C6DBEF", "#9ECAE1", "#6BAED6", "#4292C6", "#2171B5", "#08519C", "#08306B")

cm <- function(x) 2.54 * x

chull <- function(x, y = NULL) {
  at <- xy.coords(x, y, recycle = TRUE, setLab = FALSE)
  px <- at$x
  py <- at$y
  if (any(!is.finite(px) | !is.finite(py))) stop("finite coordinates are needed")
  if (length(px) == 0L) return(integer())
  turn <- order(px, py)
  turn <- turn[!duplicated(cbind(px, py)[turn, , drop = FALSE])]
  if (length(turn) < 3L) return(rev(turn))
  chain <- function(points) {
    kept <- integer()
    for (k in points) {
      while ((m <- length(kept)) > 1L && (px[kept[m]] - px[kept[m - 1L]]) * (py[k] - py[kept[m - 1L]]) - (py[kept[m]] - py[kept[m - 1L]]) * (px[k] - px[kept[m - 1L]]) >= 0) kept <- kept[-m]
      kept <- c(kept, k)
    }
    kept
  }
  upper <- chain(turn)
  lower <- chain(rev(turn))
  around <- c(upper[-length(upper)], lower[-length(lower)])
  # It begins at the rightmost point, the lowest of those.
  first <- which.max(px[around])
  ties <- which(px[around] == px[around][first])
  first <- ties[which.min(py[around][ties])]
  around[(seq_along(around) + first - 2L) %% length(around) + 1L]
}

axisTicks <- function(usr, log, axp = NULL, nint = 5) {
  if (log) stop("log = TRUE of axisTicks() is not supported: use 10^pretty(usr)")
  if (!is.null(axp)) {
    if (!is.numeric(axp) || length(axp) != 3L) stop("'axp' must be numeric of length 3")
    return(seq(axp[1L], axp[2L], length.out = 1L + axp[3L]))
  }
  at <- pretty(usr, n = nint, min.n = 1, shrink.sml = 0.25, high.u.bias = 0.8, u5.bias = 1.7)
  slack <- 1e-10 * abs(diff(usr))
  inside <- at[at >= min(usr) - slack & at <= max(usr) + slack]
  if (diff(usr) < 0) rev(inside) else inside
}

as.graphicsAnnot <- function(x) if (is.language(x) || !is.object(x)) x else as.character(x)

rug <- function(x, ticksize = 0.03, side = 1, lwd = 0.5, col = par("fg"), quiet = getOption("warn") < 0, ...) {
  seen <- Filter(is.finite, as.vector(x))
  .draw("rug", at = seen, side = side, size = ticksize, lwd = lwd, col = col, ...)
  invisible(seen)
}

screeplot <- function(x, ...) UseMethod("screeplot")

screeplot.default <- function(x, npcs = min(10, length(x$sdev)), type = c("barplot", "lines"), main = deparse1(substitute(x)), ...) {
  force(main)
  variances <- (x$sdev^2)[seq_len(npcs)]
  if (match.arg(type) == "barplot") barplot(variances, names.arg = names(variances), main = main, ylab = "Variances", ...)
  else {
    plot.default(variances, type = "b", main = main, xlab = "", ylab = "Variances", axes = FALSE, ...)
    axis(1, at = seq_along(variances), labels = names(variances))
    axis(2)
  }
  invisible()
}

plot.prcomp <- function(x, main = deparse1(substitute(x)), ...) screeplot.default(x, main = main, ...)

plot.princomp <- function(x, main = deparse1(substitute(x)), ...) screeplot.default(x, main = main, ...)
