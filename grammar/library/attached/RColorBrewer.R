# The palettes of ColorBrewer that scripts ask for; fewer colours than the most are picked from the most, evenly.

.brewer_colours <- c(
  Set1 = "E41A1C 377EB8 4DAF4A 984EA3 FF7F00 FFFF33 A65628 F781BF 999999",
  Set2 = "66C2A5 FC8D62 8DA0CB E78AC3 A6D854 FFD92F E5C494 B3B3B3",
  Set3 = "8DD3C7 FFFFB3 BEBADA FB8072 80B1D3 FDB462 B3DE69 FCCDE5 D9D9D9 BC80BD CCEBC5 FFED6F",
  Dark2 = "1B9E77 D95F02 7570B3 E7298A 66A61E E6AB02 A6761D 666666",
  Paired = "A6CEE3 1F78B4 B2DF8A 33A02C FB9A99 E31A1C FDBF6F FF7F00 CAB2D6 6A3D9A FFFF99 B15928",
  Pastel1 = "FBB4AE B3CDE3 CCEBC5 DECBE4 FED9A6 FFFFCC E5D8BD FDDAEC F2F2F2",
  Accent = "7FC97F BEAED4 FDC086 FFFF99 386CB0 F0027F BF5B17 666666",
  Blues = "F7FBFF DEEBF7 C6DBEF 9ECAE1 6BAED6 4292C6 2171B5 08519C 08306B",
  Greens = "F7FCF5 E5F5E0 C7E9C0 A1D99B 74C476 41AB5D 238B45 006D2C 00441B",
  Greys = "FFFFFF F0F0F0 D9D9D9 BDBDBD 969696 737373 525252 252525 000000",
  Oranges = "FFF5EB FEE6CE FDD0A2 FDAE6B FD8D3C F16913 D94801 A63603 7F2704",
  Purples = "FCFBFD EFEDF5 DADAEB BCBDDC 9E9AC8 807DBA 6A51A3 54278F 3F007D",
  Reds = "FFF5F0 FEE0D2 FCBBA1 FC9272 FB6A4A EF3B2C CB181D A50F15 67000D",
  YlOrRd = "FFFFCC FFEDA0 FED976 FEB24C FD8D3C FC4E2A E31A1C BD0026 800026",
  YlGnBu = "FFFFD9 EDF8B1 C7E9B4 7FCDBB 41B6C4 1D91C0 225EA8 253494 081D58",
  RdYlBu = "A50026 D73027 F46D43 FDAE61 FEE090 FFFFBF E0F3F8 ABD9E9 74ADD1 4575B4 313695",
  RdYlGn = "A50026 D73027 F46D43 FDAE61 FEE08B FFFFBF D9EF8B A6D96A 66BD63 1A9850 006837",
  RdBu = "67001F B2182B D6604D F4A582 FDDBC7 F7F7F7 D1E5F0 92C5DE 4393C3 2166AC 053061",
  Spectral = "9E0142 D53E4F F46D43 FDAE61 FEE08B FFFFBF E6F598 ABDDA4 66C2A5 3288BD 5E4FA2")

.brewer_apart <- c("Set1", "Set2", "Set3", "Dark2", "Paired", "Pastel1", "Accent")

brewer.pal <- function(n, name) {
  if (!(name %in% names(.brewer_colours))) stop(name, " is not a valid palette name for brewer.pal; palettes here: ", paste(names(.brewer_colours), collapse = ", "), call. = FALSE)
  colours <- paste0("#", strsplit(.brewer_colours[[name]], " ")[[1L]])
  if (n < 3L) {
    warning("minimal value for n is 3, returning requested palette with 3 different levels\n", call. = FALSE)
    n <- 3L
  }
  if (n > length(colours)) {
    warning("n too large, allowed maximum for palette ", name, " is ", length(colours), "\nReturning the palette you asked for with that many colors\n", call. = FALSE)
    n <- length(colours)
  }
  if (name %in% .brewer_apart) colours[seq_len(n)] else colours[round(seq(1L, length(colours), length.out = n))]
}

.brewer_kinds <- function() {
  both <- c("RdYlBu", "RdYlGn", "RdBu", "Spectral")
  list(all = names(.brewer_colours), qual = .brewer_apart, div = both, seq = setdiff(names(.brewer_colours), c(.brewer_apart, both)))
}

# The palettes that are shown, and how many colours of each.
.brewer_shown <- function(n, type, select, exact.n) {
  kinds <- .brewer_kinds()
  if (!all(type %in% names(kinds))) stop(paste(setdiff(type, names(kinds)), "is not a valid name for a color list"), call. = FALSE)
  names <- unique(unlist(kinds[type]))
  if (!is.null(select)) names <- intersect(names, select)
  most <- lengths(strsplit(.brewer_colours, " "))
  if (!is.null(n) && exact.n && length(n) == 1L) names <- names[most[names] >= n]
  if (!length(names)) stop("no palette has ", n, " colours of its own", call. = FALSE)
  setNames(if (is.null(n)) most[names] else pmin(pmax(rep_len(n, length(names)), 3L), most[names]), names)
}

display.brewer.all <- function(n = NULL, type = "all", select = NULL, exact.n = TRUE, colorblindFriendly = FALSE) {
  .unsupported(colorblindFriendly, "name the palettes with `select =`")
  shown <- .brewer_shown(n, type, select, exact.n)
  names <- names(shown)
  plot(NULL, xlim = c(0, 12), ylim = c(0, length(names)), axes = FALSE, xlab = "", ylab = "")
  for (k in seq_along(names)) {
    colours <- brewer.pal(shown[k], names[k])
    rect(seq_along(colours) - 1, k - 1, seq_along(colours), k - 0.1, col = colours)
  }
  invisible()
}

display.brewer.pal <- function(n, name) {
  colours <- brewer.pal(n, name)
  image(seq_along(colours), 1, as.matrix(seq_along(colours)), col = colours, xlab = name, ylab = "", axes = FALSE)
}
