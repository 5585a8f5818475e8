# Coloured text, where the output is a terminal; plain text elsewhere.

.crayon_codes <- list(
  reset = c(0, 0), bold = c(1, 22), blurred = c(2, 22), italic = c(3, 23), underline = c(4, 24), inverse = c(7, 27),
  hidden = c(8, 28), strikethrough = c(9, 29), black = c(30, 39), red = c(31, 39), green = c(32, 39), yellow = c(33, 39),
  blue = c(34, 39), magenta = c(35, 39), cyan = c(36, 39), white = c(37, 39), silver = c(90, 39), bgBlack = c(40, 49),
  bgRed = c(41, 49), bgGreen = c(42, 49), bgYellow = c(43, 49), bgBlue = c(44, 49), bgMagenta = c(45, 49),
  bgCyan = c(46, 49), bgWhite = c(47, 49)
)

.crayon <- function(names) {
  structure(function(...) {
    text <- paste0(...)
    if (!has_color()) return(text)
    for (name in rev(names)) {
      codes <- .crayon_codes[[name]]
      text <- paste0("\033[", codes[1], "m", text, "\033[", codes[2], "m")
    }
    text
  }, class = "crayon", styles = names)
}

`$.crayon` <- function(x, name) {
  if (is.null(.crayon_codes[[name]])) stop("Unknown style: ", name)
  .crayon(c(attr(x, "styles"), name))
}

print.crayon <- function(x, ...) {
  cat("Crayon style function, ", paste(attr(x, "styles"), collapse = ", "), ": ", x("example output."), "\n", sep = "")
  invisible(x)
}

has_color <- function() num_colors() > 1L

num_colors <- function(forget = FALSE) {
  wanted <- getOption("crayon.enabled", isatty(stdout()) && !nzchar(Sys.getenv("NO_COLOR")))
  if (wanted) getOption("crayon.colors", 8L) else 1L
}

make_style <- function(..., bg = FALSE, grey = FALSE, colors = num_colors()) {
  name <- c(...)[[1]]
  if (bg) name <- paste0("bg", toupper(substr(name, 1, 1)), substring(name, 2))
  if (is.null(.crayon_codes[[name]])) stop("Unknown style specification: ", name)
  .crayon(name)
}

combine_styles <- function(...) .crayon(unlist(lapply(list(...), function(one) if (is.character(one)) one else attr(one, "styles"))))

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
