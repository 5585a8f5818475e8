# Pictures as jpeg, png and magick hold them, over the same reader and writer as image_load().

.picture_file <- function(source, ending) {
  if (!is.raw(source)) return(path.expand(source))
  path <- tempfile(fileext = ending)
  writeBin(source, path)
  path
}

.read_shares <- function(source, ending, native) {
  if (native) stop("native = TRUE is not known here; leave it out for an array of shares from 0 to 1")
  found <- .read_picture(.picture_file(source, ending)) / 255
  if (dim(found)[3] == 1) matrix(found, dim(found)[1]) else found
}

readJPEG <- function(source, native = FALSE) .read_shares(source, ".jpg", native)

readPNG <- function(source, native = FALSE, info = FALSE) {
  .unsupported(info)
  .read_shares(source, ".png", native)
}

.write_shares <- function(image, target) {
  if (length(dim(image)) == 2) dim(image) <- c(dim(image), 1)
  image_array_save(round(pmin(pmax(image, 0), 1) * 255), target, scale = FALSE)
  invisible()
}

writeJPEG <- function(image, target = raw(), quality = 0.7, bg = "white", color.space) {
  .passed_over(quality, bg, color.space)
  .write_shares(image, target)
}

writePNG <- function(image, target = raw(), dpi = NULL, asp = NULL, text = NULL, metadata = NULL) {
  .passed_over(dpi, asp)
  .unsupported(text, metadata)
  .write_shares(image, target)
}

# magick: a list of arrays of rows, columns and channels, values 0 to 255.

.magick <- function(frames) structure(frames, class = "magick-image")

.each_frame <- function(image, work) .magick(lapply(unclass(image), work))

image_read <- function(path, density = NULL, depth = NULL, strip = FALSE, ...) {
  .passed_over(density, depth, strip)
  if (inherits(path, "magick-image")) return(path)
  if (is.array(path) && is.numeric(path)) {
    values <- if (length(dim(path)) == 2) array(path, c(dim(path), 1)) else path
    return(.magick(list(if (max(values) <= 1) values * 255 else values)))
  }
  if (inherits(path, "raster")) {
    shades <- col2rgb(as.vector(t(as.matrix(path))))
    return(.magick(list(aperm(array(shades, c(3, dim(path)[2], dim(path)[1])), c(3, 2, 1)))))
  }
  files <- if (is.raw(path)) .picture_file(path, ".png") else path
  .magick(lapply(files, function(file) .read_picture(path.expand(file))))
}

image_write <- function(image, path = NULL, format = NULL, quality = NULL, ...) {
  .passed_over(quality)
  if (length(image) != 1) stop("image_write() writes one picture; choose one with image[i]")
  if (is.null(path)) path <- tempfile(fileext = paste0(".", if (is.null(format)) "png" else format))
  if (!is.null(format) && !grepl("\\.[A-Za-z]+$", path)) path <- paste0(path, ".", format)
  image_array_save(round(unclass(image)[[1]]), path, scale = FALSE)
  invisible(path)
}

image_info <- function(image) {
  frames <- unclass(image)
  channels <- vapply(frames, function(frame) dim(frame)[3], 1)
  tibble(format = "PNG", width = vapply(frames, ncol, 1L), height = vapply(frames, nrow, 1L),
         colorspace = ifelse(channels < 3, "Gray", "sRGB"), matte = channels %in% c(2, 4), filesize = 0L, density = "72x72")
}

# Width and height that a geometry such as "100x50", "100", "x50", "100x50!" or "50%" means for a picture.
.geometry_size <- function(geometry, width, height) {
  geometry <- as.character(geometry)
  if (grepl("%$", geometry)) return(pmax(1, round(c(width, height) * as.numeric(sub("%$", "", geometry)) / 100)))
  sides <- suppressWarnings(as.numeric(strsplit(sub("[!<>^+].*$", "", geometry), "x", fixed = TRUE)[[1]]))
  wide <- sides[1]
  high <- if (length(sides) > 1) sides[2] else NA
  if (is.na(wide) && is.na(high)) stop("a geometry is written such as \"100x50\", \"100\", \"x50\" or \"100x50!\"")
  if (grepl("!", geometry, fixed = TRUE)) return(c(if (is.na(wide)) width else wide, if (is.na(high)) height else high))
  share <- min(c(wide / width, high / height), na.rm = TRUE)
  if (grepl("^", geometry, fixed = TRUE)) share <- max(c(wide / width, high / height), na.rm = TRUE)
  if (grepl(">", geometry, fixed = TRUE)) share <- min(share, 1)
  pmax(1, round(c(width, height) * share))
}

image_resize <- function(image, geometry = NULL, filter = NULL) {
  .passed_over(filter)
  if (is.null(geometry)) return(image)
  .each_frame(image, function(frame) {
    size <- .geometry_size(geometry, ncol(frame), nrow(frame))
    made <- image_array_resize(frame, size[2], size[1])
    array(pmin(pmax(made, 0), 255), c(size[2], size[1], dim(frame)[3]))
  })
}

image_scale <- function(image, geometry = NULL) image_resize(image, geometry)

image_sample <- function(image, geometry = NULL) image_resize(image, geometry)

image_crop <- function(image, geometry = NULL, gravity = NULL, repage = TRUE) {
  .passed_over(repage)
  numbers <- as.numeric(regmatches(geometry, gregexpr("[+-]?[0-9]+", geometry))[[1]])
  .each_frame(image, function(frame) {
    wide <- min(abs(numbers[1]), ncol(frame))
    high <- min(abs(if (length(numbers) > 1) numbers[2] else numbers[1]), nrow(frame))
    from <- c(if (length(numbers) > 2) numbers[3] else 0, if (length(numbers) > 3) numbers[4] else 0)
    if (identical(tolower(gravity), "center")) from <- floor(c(ncol(frame) - wide, nrow(frame) - high) / 2) + from
    rows <- from[2] + seq_len(min(high, nrow(frame) - from[2]))
    frame[rows, from[1] + seq_len(min(wide, ncol(frame) - from[1])), , drop = FALSE]
  })
}

image_flip <- function(image) .each_frame(image, function(frame) frame[rev(seq_len(nrow(frame))), , , drop = FALSE])

image_flop <- function(image) .each_frame(image, function(frame) frame[, rev(seq_len(ncol(frame))), , drop = FALSE])

image_rotate <- function(image, degrees) {
  if (degrees %% 90 != 0) stop("image_rotate() turns by 90, 180 or 270 degrees here; layer_random_rotation() turns by any")
  turns <- (degrees %/% 90) %% 4
  .each_frame(image, function(frame) {
    for (turn in seq_len(turns)) frame <- aperm(frame[rev(seq_len(nrow(frame))), , , drop = FALSE], c(2, 1, 3))
    frame
  })
}

image_convert <- function(image, format = NULL, type = NULL, colorspace = NULL, ...) {
  grey <- any(tolower(c(type, colorspace)) %in% c("grayscale", "gray", "grey"))
  if (!grey) return(image)
  .each_frame(image, function(frame) if (dim(frame)[3] < 3) frame
    else array(round(0.212656 * frame[, , 1] + 0.715158 * frame[, , 2] + 0.072186 * frame[, , 3]), c(dim(frame)[1:2], 1)))
}

image_modulate <- function(image, brightness = 100, saturation = 100, hue = 100) {
  if (hue != 100) stop("image_modulate() does not turn hues here; leave hue at 100")
  .each_frame(image, function(frame) {
    if (saturation != 100 && dim(frame)[3] >= 3) {
      grey <- (apply(frame[, , 1:3], 1:2, max) + apply(frame[, , 1:3], 1:2, min)) / 2
      for (channel in 1:3) frame[, , channel] <- grey + (frame[, , channel] - grey) * saturation / 100
    }
    array(pmin(pmax(frame * brightness / 100, 0), 255), dim(frame))
  })
}

image_negate <- function(image) .each_frame(image, function(frame) 255 - frame)

image_append <- function(image, stack = FALSE) {
  frames <- unclass(image)
  channels <- max(vapply(frames, function(frame) dim(frame)[3], 1))
  frames <- lapply(frames, function(frame) if (dim(frame)[3] == channels) frame else array(frame[, , 1], c(dim(frame)[1:2], channels)))
  heights <- vapply(frames, nrow, 1L)
  widths <- vapply(frames, ncol, 1L)
  size <- if (stack) c(sum(heights), max(widths)) else c(max(heights), sum(widths))
  made <- array(255, c(size, channels))
  at <- 0
  for (frame in frames) {
    if (stack) made[at + seq_len(nrow(frame)), seq_len(ncol(frame)), ] <- frame else made[seq_len(nrow(frame)), at + seq_len(ncol(frame)), ] <- frame
    at <- at + if (stack) nrow(frame) else ncol(frame)
  }
  .magick(list(made))
}

image_join <- function(...) .magick(unlist(lapply(list(...), function(one) if (inherits(one, "magick-image")) unclass(one) else unlist(lapply(one, unclass), recursive = FALSE)), recursive = FALSE))

image_data <- function(image, channels = NULL, frame = 1) {
  values <- round(unclass(image)[[frame]])
  if (identical(channels, "gray")) values <- round(unclass(image_convert(image, type = "grayscale"))[[frame]])
  if (identical(channels, "rgb") && dim(values)[3] == 1) values <- array(values, c(dim(values)[1:2], 3))
  if (identical(channels, "rgb")) values <- values[, , 1:3, drop = FALSE]
  values <- aperm(values, c(3, 2, 1))
  structure(values, class = c("bitmap", if (dim(values)[1] == 1) "gray" else "rgb"))
}

as.integer.bitmap <- function(x, transpose = TRUE, ...) {
  values <- unclass(x)
  attributes(values) <- list(dim = dim(x))
  if (transpose) values <- aperm(values, c(3, 2, 1))
  storage.mode(values) <- "integer"
  values
}

as.double.bitmap <- function(x, transpose = TRUE, ...) as.integer.bitmap(x, transpose) / 255

`[[.magick-image` <- function(x, i, ...) image_data(x, frame = i)

image_blank <- function(width, height, color = "none", pseudo_image = "", defines = NULL) {
  .unsupported(defines)
  if (nzchar(pseudo_image)) stop("image_blank() makes one colour; leave pseudo_image out")
  shades <- if (color == "none") rep(0, 4) else col2rgb(color, alpha = TRUE)
  .magick(list(array(rep(shades, each = width * height), c(height, width, 4))))
}

# Colours and shares of cover, 0 to 1, of a picture with its channels made four.
.with_cover <- function(frame) {
  channels <- dim(frame)[3]
  colours <- if (channels < 3) frame[, , c(1, 1, 1), drop = FALSE] else frame[, , 1:3, drop = FALSE]
  cover <- if (channels %in% c(2, 4)) frame[, , channels] / 255 else 1
  list(colours = colours / 255, cover = matrix(cover, nrow(frame), ncol(frame)))
}

image_composite <- function(image, composite_image, operator = "atop", offset = "+0+0", gravity = "northwest", compose_args = "") {
  mode <- tolower(operator)
  known <- c("atop", "over", "blend", "dissolve", "multiply", "screen", "plus", "copy")
  if (!mode %in% known) stop("image_composite() knows the operators ", paste(known, collapse = ", "), ", not ", operator)
  above <- unclass(composite_image)[[1]]
  share <- suppressWarnings(as.numeric(strsplit(as.character(compose_args), "[x,%]")[[1]][1])) / 100
  if (is.na(share)) share <- 1
  .each_frame(image, function(below) {
    room <- c(nrow(below) - nrow(above), ncol(below) - ncol(above))
    place <- tolower(gravity)
    lies <- function(near, far) if (grepl(near, place)) 0 else if (grepl(far, place)) 1 else 0.5
    at <- as.numeric(regmatches(offset, gregexpr("[+-][0-9]+", offset))[[1]])[2:1]
    from <- floor(room * c(lies("north", "south"), lies("west", "east"))) + ifelse(is.na(at), 0, at)
    rows <- intersect(seq_len(nrow(below)), from[1] + seq_len(nrow(above)))
    columns <- intersect(seq_len(ncol(below)), from[2] + seq_len(ncol(above)))
    if (!length(rows) || !length(columns)) return(below)
    upper <- .with_cover(above[rows - from[1], columns - from[2], , drop = FALSE])
    lower <- .with_cover(below[rows, columns, , drop = FALSE])
    a <- upper$cover * (if (mode == "dissolve") share else 1)
    b <- lower$cover
    spread <- function(cover) array(cover, c(dim(b), 3))
    mixed <- switch(mode,
      multiply = upper$colours * lower$colours,
      screen = upper$colours + lower$colours - upper$colours * lower$colours,
      plus = pmin(upper$colours + lower$colours, 1),
      upper$colours)
    # Colours weighted with their cover: what both cover, what the upper covers alone, what the lower covers alone.
    weights <- switch(mode,
      atop = list(a * b, 0, (1 - a) * b),
      blend = list(share * a, 0, (1 - share) * b),
      copy = list(a, 0, 0 * b),
      list(a * b, a * (1 - b), (1 - a) * b))
    cover <- weights[[1]] + weights[[2]] + weights[[3]]
    colours <- mixed * spread(weights[[1]]) + upper$colours * spread(weights[[2]]) + lower$colours * spread(weights[[3]])
    colours <- colours / spread(pmax(cover, 1e-9))
    opaque <- dim(below)[3] %in% c(1, 3) && all(cover > 1 - 1e-9)
    made <- .with_cover(below)
    made$colours[rows, columns, ] <- colours
    made$cover[rows, columns] <- cover
    if (opaque) made$colours * 255 else array(c(made$colours, made$cover) * 255, c(dim(below)[1:2], 4))
  })
}

`c.magick-image` <- function(...) image_join(...)

`[.magick-image` <- function(x, i, ...) .magick(unclass(x)[i])

`as.raster.magick-image` <- function(x, ...) {
  frame <- unclass(x)[[1]] / 255
  as.raster(if (dim(frame)[3] == 1) matrix(frame, nrow(frame)) else frame)
}

`plot.magick-image` <- function(x, ...) {
  plot(as.raster(x), ...)
  invisible(x)
}

`print.magick-image` <- function(x, info = TRUE, ...) {
  if (info) print(image_info(x))
  invisible(x)
}
