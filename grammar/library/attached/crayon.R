# Coloured text, where the output is a terminal; plain text elsewhere.

.crayon_codes <- list(
  reset = c(0, 0), bold = c(1, 22), blurred = c(2, 22), italic = c(3, 23), underline = c(4, 24), inverse = c(7, 27),
  hidden = c(8, 28), strikethrough = c(9, 29), black = c(30, 39), red = c(31, 39), green = c(32, 39), yellow = c(33, 39),
  blue = c(34, 39), magenta = c(35, 39), cyan = c(36, 39), white = c(37, 39), silver = c(90, 39), bgBlack = c(40, 49),
  bgRed = c(41, 49), bgGreen = c(42, 49), bgYellow = c(43, 49), bgBlue = c(44, 49), bgMagenta = c(45, 49),
  bgCyan = c(46, 49), bgWhite = c(47, 49)
)

# A style is known by its codes, which begin and end it, under its name. A style in the text that ends this one begins it again.
.crayon <- function(styles) {
  if (is.character(styles)) styles <- .crayon_codes[styles]
  structure(function(...) {
    text <- paste0(...)
    if (!has_color()) return(text)
    for (codes in rev(unname(styles))) {
      signs <- paste0("\033[", codes, "m")
      text <- paste0(signs[1], gsub(signs[2], signs[1], text, fixed = TRUE), signs[2])
    }
    text
  }, class = "crayon", styles = styles)
}

`$.crayon` <- function(x, name) {
  if (is.null(.crayon_codes[[name]])) stop("Unknown style: ", name)
  .crayon(c(attr(x, "styles"), .crayon_codes[name]))
}

print.crayon <- function(x, ...) {
  cat("Crayon style function, ", paste(names(attr(x, "styles")), collapse = ", "), ": ", x("example output."), "\n", sep = "")
  invisible(x)
}

has_color <- function() num_colors() > 1L

num_colors <- function(forget = FALSE) {
  wanted <- getOption("crayon.enabled", isatty(stdout()) && !nzchar(Sys.getenv("NO_COLOR")))
  if (wanted) getOption("crayon.colors", 8L) else 1L
}

.crayon_named <- c(black = "#000000", red = "#FF0000", green = "#00FF00", yellow = "#FFFF00", blue = "#0000FF", magenta = "#FF00FF", cyan = "#00FFFF", white = "#FFFFFF", silver = "#BEBEBE")

# The nearest of the terminal's named colours; of 256, the nearest in a cube of six shades each, or in a row of greys.
.crayon_nearest <- function(shade, bg, grey, colors) {
  if (colors < 256) {
    known <- if (bg) .crayon_named[names(.crayon_named) != "silver"] else .crayon_named
    near <- names(known)[which.min(colSums((col2rgb(known) - shade)^2))]
    return(.crayon_codes[[if (bg) paste0("bg", toupper(substr(near, 1, 1)), substring(near, 2)) else near]])
  }
  code <- if (grey) 232 + round(shade[1] / 255 * 23)
    else if (any(shade != shade[1])) 16 + sum(c(36, 6, 1) * round(shade / 255 * 5))
    else if (shade[1] < 8) 16 else if (shade[1] > 248) 231 else 232 + round((shade[1] - 8) / 247 * 24)
  c(paste0(if (bg) "48;5;" else "38;5;", code), if (bg) 49 else 39)
}

# A named style, or a colour by its name in R or by its shares of red, green and blue.
make_style <- function(..., bg = FALSE, grey = FALSE, colors = num_colors()) {
  given <- c(...)[[1]]
  own <- names(c(...))[1]
  label <- if (is.null(own) || is.na(own) || !nzchar(own)) given else own
  name <- if (bg) paste0("bg", toupper(substr(given, 1, 1)), substring(given, 2)) else given
  if (!is.null(.crayon_codes[[name]])) codes <- .crayon_codes[[name]]
  else {
    shade <- tryCatch(col2rgb(given)[, 1], error = function(e) stop("Unknown style specification: ", given, call. = FALSE))
    codes <- .crayon_nearest(shade, bg, grey, colors)
  }
  .crayon(setNames(list(codes), label))
}

combine_styles <- function(...) .crayon(do.call(c, lapply(list(...), function(one) attr(if (is.character(one)) make_style(one) else one, "styles"))))

style <- function(string, as = NULL, bg = NULL) {
  if (!is.null(as)) string <- make_style(as)(string)
  if (!is.null(bg)) string <- make_style(bg, bg = TRUE)(string)
  string
}

has_style <- function(string) grepl("\033\\[[0-9;]*m", string)

strip_style <- function(string) gsub("\033\\[[0-9;]*m", "", string)

col_nchar <- function(x, ...) nchar(strip_style(x), ...)

reset <- .crayon("reset")

bold <- .crayon("bold")

blurred <- .crayon("blurred")

italic <- .crayon("italic")

underline <- .crayon("underline")

inverse <- .crayon("inverse")

hidden <- .crayon("hidden")

strikethrough <- .crayon("strikethrough")

black <- .crayon("black")

red <- .crayon("red")

green <- .crayon("green")

yellow <- .crayon("yellow")

blue <- .crayon("blue")

magenta <- .crayon("magenta")

cyan <- .crayon("cyan")

white <- .crayon("white")

silver <- .crayon("silver")

bgBlack <- .crayon("bgBlack")

bgRed <- .crayon("bgRed")

bgGreen <- .crayon("bgGreen")

bgYellow <- .crayon("bgYellow")

bgBlue <- .crayon("bgBlue")

bgMagenta <- .crayon("bgMagenta")

bgCyan <- .crayon("bgCyan")

bgWhite <- .crayon("bgWhite")
