# The palettes of hcl.colors(): paths through hue, chroma and luminance.

.palette_rows <- "
Pastel 1:qualitative 0 . . 35 . . 85
Dark 2:qualitative 0 . . 50 . . 60
Dark 3:qualitative 0 . . 80 . . 60
Set 2:qualitative 0 . . 60 . . 70
Set 3:qualitative 10 . . 50 . . 80
Warm:qualitative 90 -30 . 50 . . 70
Cold:qualitative 270 150 . 50 . . 70
Harmonic:qualitative 60 240 . 50 . . 70
Dynamic:qualitative 30 . . 50 . . 70
Grays:sequential 0 . . 0 . . 10 98 . 1.3
Light Grays:sequential 0 . . 0 . . 30 90 . 1.5
Blues 2:sequential 260 . . 80 . . 30 90 . 1.5
Blues 3:sequential 245 . . 50 . . 20 98 . 0.8 1.4 . . 75
Purples 2:sequential 270 . . 70 . . 25 95 . 1.2
Purples 3:sequential 270 . . 50 . . 20 98 . 0.9 1.4 . . 75
Reds 2:sequential 10 . . 85 . . 25 95 . 1.3
Reds 3:sequential 10 . . 65 . . 20 97 . 1.1 1.3 . . 150
Greens 2:sequential 135 . . 45 . . 35 95 . 1.3
Greens 3:sequential 135 . . 35 . . 25 98 . 1 1.5 . . 70
Oslo:sequential 250 . . 0 0 . 99 1 . 1 . . . 70
Purple-Blue:sequential 300 200 . 60 0 . 25 95 . 0.7 1.3
Red-Purple:sequential 10 -80 . 80 5 . 25 95 . 0.7 1.3
Red-Blue:sequential 0 -100 . 80 40 . 40 75 . 1 1
Purple-Orange:sequential -83 20 . 65 18 . 32 90 . 0.5 1
Purple-Yellow:sequential 320 80 . 60 20 . 30 95 . 0.7 1.3 . . 65
Blue-Yellow:sequential 265 80 . 60 10 . 25 95 . 0.7 2
Green-Yellow:sequential 140 80 . 50 10 . 40 97 . 0.7 1.8
Red-Yellow:sequential 10 85 . 80 10 . 25 95 . 0.4 1.3
Heat:sequential 0 90 . 80 30 . 30 90 . 0.2 2
Heat 2:sequential 0 90 . 100 30 . 50 90 . 0.2 1
Terrain:sequential 130 0 . 80 0 . 60 95 . 0.1 1
Terrain 2:sequential 130 30 . 65 0 . 45 90 . 0.5 1.5
Viridis:sequential 300 75 . 40 95 . 15 90 . 1 1.1
Plasma:sequential -100 100 . 60 100 . 15 95 . 2 0.9
Inferno:sequential -100 85 . 0 65 . 1 98 . 1.1 0.9 . . 120
Rocket:sequential -70 60 . 0 10 . 2 97 . 0.8 0.8 . . 130
Mako:sequential 325 130 . 0 18 . 2 95 . 1 1 . . 70
Dark Mint:sequential 240 130 . 30 33 . 25 95 . 1
Mint:sequential 205 140 . 40 12 . 34 94 . 0.5 1
BluGrn:sequential 215 120 . 25 30 . 31 88 . 0.7 1.1 . . 45
Teal:sequential 240 180 . 35 15 . 35 92 . 0.6 1.1 . . 40
TealGrn:sequential 220 125 . 44 50 . 49 90 . 0.8 1.2 . . 60
Emrld:sequential 224 105 . 23 55 . 25 92 . 1.5 1
BluYl:sequential 250 90 . 40 55 . 33 98 . 0.5 1
ag_GrnYl:sequential 225 87 . 27 86 . 34 92 . 0.9
Peach:sequential 15 50 . 128 30 . 55 90 . 1.1
PinkYl:sequential -4 80 . 100 47 . 55 96 . 1
Burg:sequential -10 10 . 40 40 . 25 85 . 1.2 1 . . 75
BurgYl:sequential -10 55 . 45 30 . 30 90 . 0.7 1 . . 80
RedOr:sequential -3 53 . 75 42 . 44 86 . 0.8 1 . . 90
OrYel:sequential 5 72 . 120 49 . 56 87 . 1 . . . 125
Purp:sequential 270 300 . 55 20 . 42 92 . 0.6 1 . . 60
PurpOr:sequential -83 20 . 55 18 . 32 90 . 0.6 1 . . 65
Sunset:sequential -80 78 . 60 55 . 40 91 . 0.8 1 . . 75
Magenta:sequential 312 358 . 50 24 . 27 85 . 0.6 1.1 . . 65
SunsetDark:sequential -35 50 . 55 60 . 30 90 . 1.2 1 . . 120
ag_Sunset:sequential -85 70 . 70 45 . 25 85 . 0.6 1 . . 105
BrwnYl:sequential -20 70 . 30 20 . 20 90 . 1 1.1 . . 60
YlOrRd:sequential 5 85 . 75 40 . 25 99 . 1.6 1.3 . . 180
YlOrBr:sequential 20 85 . 50 20 . 25 99 . 1.3 1.5 . . 150
OrRd:sequential 0 60 . 90 10 . 25 97 . 1 1.5 . . 135
Oranges:sequential 20 55 . 70 10 . 30 97 . 1.2 1.3 . . 150
YlGn:sequential 160 85 . 25 20 . 25 99 . 1.2 1.6 . . 70
YlGnBu:sequential 270 90 . 40 25 . 15 99 . 2 1.5 . . 90
Reds:sequential 0 35 . 65 5 . 20 97 . 1.1 1.3 . . 150
RdPu:sequential -70 40 . 45 5 . 15 97 . 1 1.3 . . 100
PuRd:sequential 20 -95 . 60 5 . 20 97 . 1.6 1.1 . . 140
Purples:sequential 275 270 . 55 5 . 20 99 . 1.3 1.3 . . 70
PuBuGn:sequential 160 320 . 25 5 . 25 98 . 1.4 1.2 . . 70
PuBu:sequential 240 260 . 30 5 . 25 98 . 1.5 1.2 . . 70
Greens:sequential 135 115 . 35 5 . 25 98 . 1 1.5 . . 70
BuGn:sequential 125 200 . 30 5 . 25 98 . 1.4 1.6 . . 65
GnBu:sequential 265 95 . 55 10 . 25 97 . 1.3 1.7 . . 80
BuPu:sequential 320 200 . 40 5 . 15 98 . 1.2 1.3 . . 65
Blues:sequential 260 220 . 45 5 . 25 98 . 1.2 1.3 . . 70
Lajolla:sequential 90 -20 . 40 5 . 99 5 . 0.7 0.8 . . 100
Turku:sequential 10 120 . 20 0 . 95 1 . 1.7 0.8 . . 55
Hawaii:sequential -30 200 . 70 35 . 30 92 . 0.3 1 . . 75
Batlow:sequential 270 -40 . 35 35 . 12 88 . 0.6 1.1 . . 75
Blue-Red:diverging 260 0 . 80 . . 30 90 . 1.5
Blue-Red 2:diverging 260 0 . 100 . . 50 90 . 1
Blue-Red 3:diverging 255 12 . 50 . . 20 97 . 1 1.3 . . 80
Red-Green:diverging 340 128 . 60 . . 30 97 . 0.8 1.5 . . 80
Purple-Green:diverging 300 128 . 30 . . 20 95 . 1 1.4 . . 65
Purple-Brown:diverging 270 40 . 30 . . 20 98 . 0.8 1.2 . . 70
Green-Brown:diverging 180 55 . 40 . . 25 97 . 0.8 1.4 . . 65
Blue-Yellow 2:diverging 265 80 . 80 . . 40 95 . 1.2
Blue-Yellow 3:diverging 265 80 . 80 . . 70 95 . 0.5 2
Green-Orange:diverging 130 43 . 100 . . 70 90 . 1
Cyan-Magenta:diverging 180 330 . 59 . . 75 95 . 1.5
Tropic:diverging 195 325 . 70 . . 55 95 . 1
Broc:diverging 240 85 . 30 . . 15 98 . 0.9 . . . 45
Cork:diverging 245 125 . 30 . . 15 95 . 0.9 1.1 . . 55
Vik:diverging 240 55 . 45 . . 15 95 . 0.8 1.1 . . 65
Berlin:diverging 240 15 . 60 . . 75 5 . 1.2 1.5 . . 80
Lisbon:diverging 240 85 . 30 . . 98 8 . 1 . . . 45
Tofino:diverging 260 120 . 45 . . 90 5 . 0.8 1 . . 55
ArmyRose:divergingx 0 . 93 73 18 47 58 98 52 1.5 0.8 0.8 1 . 55
Earth:divergingx 43 82 221 61 30 45 50 92 52 1 1 0.8 1 . 10
Fall:divergingx 133 77 21 20 35 100 35 95 50 1 . 1.5
Geyser:divergingx 192 77 21 40 35 100 50 95 50 1 1 1.2 1 20
TealRose:divergingx 190 77 0 50 25 80 55 92 55 1.5 1 1.8 1 15
Temps:divergingx 191 80 -4 43 50 78 55 89 54 1.6 1 1 1 57 85
PuOr:divergingx 40 . 270 70 0 30 30 98 10 0.6 1.4 1.5 1.3 100 65
RdBu:divergingx 20 . 230 60 0 50 20 98 15 1.4 1.2 1.5 1.5 125 90
RdGy:divergingx 5 50 50 60 0 0 20 98 20 1.2 1.2 1 1.2 125
PiYG:divergingx 340 . 115 75 0 50 30 98 35 1.3 1.4 0.8 1.5 100 80
PRGn:divergingx 300 . 128 30 0 30 15 97 25 1.3 1.2 0.9 1.5 65 65
BrBG:divergingx 55 . 180 40 0 30 25 97 20 0.8 1.4 0.8 1.4 75 45
RdYlBu:divergingx 10 85 260 105 45 70 35 98 35 1.5 1.2 0.6 1.2 150 10
RdYlGn:divergingx 10 85 140 105 45 50 35 98 35 1.5 1.2 0.8 1.2 150 75
Spectral:divergingx 0 85 270 90 45 65 37 98 37 1 1.2 1 1.2 120
Zissou 1:divergingx 218 71 12 46 88 165 59 82 52 0.2 1 3 1 33
Cividis:divergingx 255 . 75 30 0 95 13 52 92 1.1 1 1 . 47
Roma:divergingx 10 120 265 80 25 80 25 92 25 0.4 1.5 1 1.2
"

.palettes <- function() {
  rows <- strsplit(trimws(.palette_rows), "\n", fixed = TRUE)[[1L]]
  setNames(sub("^[^:]*:", "", rows), sub(":.*", "", rows))
}

# Kind and numbers of a palette, by their names.
.palette_numbers <- function(row) {
  words <- strsplit(row, " ", fixed = TRUE)[[1L]]
  numbers <- c("h1", "h2", "h3", "c1", "c2", "c3", "l1", "l2", "l3", "p1", "p2", "p3", "p4", "cmax1", "cmax2")
  list(kind = words[1L], at = setNames(suppressWarnings(as.numeric(words[-1L]))[seq_along(numbers)], numbers))
}

hcl.pals <- function(type = NULL) {
  known <- .palettes()
  if (is.null(type)) return(names(known))
  type <- match.arg(tolower(type), c("qualitative", "sequential", "diverging", "divergingx"))
  names(known)[sub(" .*", "", known) == type]
}

.along <- function(share, weak, strong) weak + (strong - weak) * share

.over_top <- function(share, weak, strong, top) {
  rise <- abs(top - weak)
  place <- rise / (rise + abs(top - strong))
  if (is.na(place) || place <= 0 || place >= 1) return(.along(share, weak, strong))
  ifelse(share <= place, .along(share / place, weak, top), .along((share - place) / (1 - place), top, strong))
}

.first_known <- function(...) {
  values <- c(...)
  unname(values[!is.na(values)][1L])
}

.palette_arm <- function(share, at, keys, fixup) {
  one <- setNames(at[keys], c("hue", "weak_hue", "chroma", "weak_chroma", "light", "weak_light", "chroma_power", "light_power", "top"))
  one[["weak_hue"]] <- .first_known(one["weak_hue"], one["hue"])
  one[["weak_chroma"]] <- .first_known(one["weak_chroma"], 0)
  one[["light_power"]] <- .first_known(one["light_power"], at["p2"], at["p1"])
  hcl(.along(share, one[["weak_hue"]], one[["hue"]]),
    .over_top(share^one[["chroma_power"]], one[["weak_chroma"]], one[["chroma"]], one[["top"]]),
    .along(share^one[["light_power"]], one[["weak_light"]], one[["light"]]), fixup = fixup)
}

.palette_arms <- list(
  sequential = list(c("h1", "h2", "c1", "c2", "l1", "l2", "p1", "p2", "cmax1")),
  diverging = list(c("h1", "h3", "c1", "c2", "l1", "l2", "p1", "p2", "cmax1"), c("h2", "h3", "c1", "c2", "l1", "l2", "p1", "p2", "cmax1")),
  divergingx = list(c("h1", "h2", "c1", "c2", "l1", "l2", "p1", "p2", "cmax1"), c("h3", "h2", "c3", "c2", "l3", "l2", "p3", "p4", "cmax2")))

hcl.colors <- function(n, palette = "viridis", alpha = NULL, rev = FALSE, fixup = TRUE) {
  n <- .count_of(n)
  if (is.na(n)) stop("'n' must be a number of colours")
  if (n < 1L) return(character())
  known <- .palettes()
  one <- .palette_numbers(known[[.meant_palette(palette, names(known))]])
  at <- one$at
  arms <- .palette_arms[[one$kind]]
  made <- if (is.null(arms)) {
    # Hues all around, or between two.
    hcl(seq(at[["h1"]], .first_known(at["h2"], at["h1"] + 360 * (n - 1) / n), length.out = n), at[["c1"]], at[["l1"]], fixup = fixup)
  } else if (length(arms) == 1L) {
    .palette_arm(if (n == 1L) 1 else seq(1, 0, length.out = n), at, arms[[1L]], fixup)
  } else {
    half <- if (n == 1L) 1 else seq(1, by = -2 / (n - 1), length.out = ceiling(n / 2))
    sides <- lapply(arms, function(keys) .palette_arm(half, at, keys, fixup))
    # An odd number of colours has one middle, that of the second arm.
    c(sides[[1L]][seq_len(n %/% 2L)], base::rev(sides[[2L]]))
  }
  .turned(with_alpha(made, alpha), rev)
}
