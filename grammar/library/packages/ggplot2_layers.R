# Layers and scales of ggplot2: geom_*, stat_*, position_*, scale_*.

.gg_layer <- function(geom, stat, position, mapping, data, given, inherit.aes = TRUE) {
    if (inherits(mapping, "data.frame") || is.function(mapping)) {
        swapped <- mapping
        mapping <- if (inherits(data, "uneval")) data
        data <- swapped
    }
    if (!is.null(mapping) && !inherits(mapping, "uneval")) stop("`mapping` must be created by `aes()`")
    if (length(given)) names(given) <- .gg_spelling(names(given))
    if (is.character(position)) position <- list(kind = position)
    structure(list(geom = geom, stat = stat, position = position, mapping = mapping, data = data, parameters = given,
                   inherit = inherit.aes), class = c("gg_layer", "gg_part"))
}

.gg_geom <- function(geom, stat = "identity", position = "identity") {
    own_stat <- stat
    own_position <- position
    function(mapping = NULL, data = NULL, stat = own_stat, position = own_position, ..., na.rm = FALSE, show.legend = NA,
             inherit.aes = TRUE) {
        given <- list(...)
        given$show.legend <- show.legend
        .gg_layer(geom, stat, position, mapping, data, given, inherit.aes)
    }
}

geom_point <- .gg_geom("point")

geom_jitter <- .gg_geom("point", position = "jitter")

geom_count <- .gg_geom("point", "sum")

geom_dotplot <- .gg_geom("point", "count")

geom_line <- .gg_geom("line")

geom_path <- .gg_geom("path")

geom_step <- .gg_geom("step")

geom_polygon <- .gg_geom("polygon")

geom_bar <- .gg_geom("bar", "count", "stack")

geom_col <- .gg_geom("bar", "identity", "stack")

geom_histogram <- .gg_geom("bar", "bin", "stack")

geom_freqpoly <- .gg_geom("line", "bin")

geom_density <- .gg_geom("area", "density")

geom_area <- .gg_geom("area", "identity", "stack")

geom_ribbon <- .gg_geom("ribbon")

geom_boxplot <- .gg_geom("boxplot", "boxplot", "dodge")

geom_violin <- .gg_geom("violin", "violin", "dodge")

geom_tile <- .gg_geom("tile")

geom_raster <- .gg_geom("tile")

geom_bin2d <- .gg_geom("tile", "bin2d")

geom_bin_2d <- .gg_geom("tile", "bin2d")

geom_hex <- .gg_geom("tile", "bin2d")

geom_rect <- .gg_geom("rect")

geom_text <- .gg_geom("text")

geom_label <- .gg_geom("text")

geom_text_repel <- .gg_geom("text")

geom_label_repel <- .gg_geom("text")

geom_smooth <- .gg_geom("smooth", "smooth")

geom_segment <- .gg_geom("segment")

geom_curve <- .gg_geom("segment")

geom_errorbar <- .gg_geom("errorbar")

geom_linerange <- .gg_geom("errorbar")

geom_pointrange <- .gg_geom("pointrange")

geom_crossbar <- .gg_geom("errorbar")

geom_rug <- .gg_geom("rug")

geom_contour <- .gg_geom("contour")

geom_contour_filled <- .gg_geom("contour")

geom_blank <- .gg_geom("blank")

geom_function <- .gg_geom("line", "function")

geom_density_ridges <- .gg_geom("violin", "violin", "dodge")

stat_function <- .gg_geom("line", "function")

stat_smooth <- .gg_geom("smooth", "smooth")

stat_bin <- .gg_geom("bar", "bin", "stack")

stat_count <- .gg_geom("bar", "count", "stack")

stat_density <- .gg_geom("area", "density")

stat_ecdf <- .gg_geom("step", "ecdf")

stat_boxplot <- .gg_geom("boxplot", "boxplot", "dodge")

stat_identity <- .gg_geom("point")

stat_summary <- function(mapping = NULL, data = NULL, geom = "pointrange", fun = NULL, fun.y = NULL, fun.min = NULL, fun.max = NULL,
                         fun.data = NULL, position = "identity", ..., inherit.aes = TRUE) {
    if (is.null(fun)) fun <- if (is.null(fun.y)) "mean" else fun.y
    given <- c(list(fun = fun, fun.min = fun.min, fun.max = fun.max, fun.data = fun.data), list(...))
    .gg_layer(if (geom %in% c("bar", "col")) "bar" else geom, "summary", position, mapping, data, given, inherit.aes)
}

geom_hline <- function(mapping = NULL, data = NULL, ..., yintercept, show.legend = NA) {
    given <- list(...)
    if (!missing(yintercept)) given$yintercept <- yintercept
    .gg_layer("hline", "identity", "identity", mapping, data, given, is.null(given$yintercept))
}

geom_vline <- function(mapping = NULL, data = NULL, ..., xintercept, show.legend = NA) {
    given <- list(...)
    if (!missing(xintercept)) given$xintercept <- xintercept
    .gg_layer("vline", "identity", "identity", mapping, data, given, is.null(given$xintercept))
}

geom_abline <- function(mapping = NULL, data = NULL, ..., slope, intercept, show.legend = NA) {
    given <- list(...)
    given$slope <- if (missing(slope)) 1 else slope
    given$intercept <- if (missing(intercept)) 0 else intercept
    .gg_layer("abline", "identity", "identity", mapping, data, given, FALSE)
}

annotate <- function(geom, x = NULL, y = NULL, xmin = NULL, xmax = NULL, ymin = NULL, ymax = NULL, xend = NULL, yend = NULL, ...) {
    places <- Filter(Negate(is.null), list(x = x, y = y, xmin = xmin, xmax = xmax, ymin = ymin, ymax = ymax, xend = xend, yend = yend))
    given <- list(...)
    words <- given$label
    given$label <- NULL
    if (!is.null(words)) places$label <- words
    data <- as.data.frame(places)
    mapping <- structure(lapply(names(places), as.name), names = names(places), class = "uneval", environment = globalenv())
    .gg_layer(if (geom == "label") "text" else geom, "identity", "identity", mapping, data, given, FALSE)
}

layer <- function(geom = "point", stat = "identity", data = NULL, mapping = NULL, position = "identity", params = list(),
                  inherit.aes = TRUE, check.aes = TRUE, check.param = TRUE, show.legend = NA) {
  .gg_layer(geom, stat, position, mapping, data, as.list(params), inherit.aes)
}

position_identity <- function() list(kind = "identity")

position_stack <- function(vjust = 1, reverse = FALSE) {
    .passed_over(reverse)
  list(kind = "stack", vjust = vjust)
}

position_fill <- function(vjust = 1, reverse = FALSE) {
    .passed_over(reverse)
  list(kind = "fill", vjust = vjust)
}

position_dodge <- function(width = NULL, preserve = "total") {
    .passed_over(preserve)
  list(kind = "dodge", width = width)
}

position_dodge2 <- function(width = NULL, preserve = "total", padding = 0.1, reverse = FALSE) {
    .passed_over(preserve, reverse)
  list(kind = "dodge", width = width)
}

position_jitter <- function(width = NULL, height = NULL, seed = NA) {
    .passed_over(seed)
  list(kind = "jitter", width = width, height = height)
}

position_jitterdodge <- function(...) list(kind = "jitter")

position_nudge <- function(x = 0, y = 0) list(kind = "nudge", x = x, y = y)

# Scales

.gg_position <- function(aesthetic, trans = "identity") {
    own <- trans
    function(name = NULL, breaks = NULL, labels = NULL, limits = NULL, trans = own, ...)
        .gg_scale(aesthetic, "position", name = name, breaks = breaks, labels = labels, limits = limits, trans = trans, ...)
}

scale_x_continuous <- .gg_position("x")

scale_y_continuous <- .gg_position("y")

scale_x_discrete <- .gg_position("x")

scale_y_discrete <- .gg_position("y")

scale_x_log10 <- .gg_position("x", "log10")

scale_y_log10 <- .gg_position("y", "log10")

scale_x_sqrt <- .gg_position("x", "sqrt")

scale_y_sqrt <- .gg_position("y", "sqrt")

scale_x_reverse <- .gg_position("x", "reverse")

scale_y_reverse <- .gg_position("y", "reverse")

scale_x_date <- .gg_position("x")

scale_y_date <- .gg_position("y")

scale_x_datetime <- .gg_position("x")

scale_y_datetime <- .gg_position("y")

.gg_manual <- function(aesthetics) function(..., values, name = NULL, breaks = NULL, labels = NULL, limits = NULL, guide = NULL, na.value = NA)
    .gg_scale(aesthetics, "manual", name = name, breaks = breaks, labels = labels, limits = limits, values = values, guide = guide)

scale_colour_manual <- .gg_manual("colour")

scale_color_manual <- .gg_manual("colour")

scale_fill_manual <- .gg_manual("fill")

scale_shape_manual <- .gg_manual("shape")

scale_linetype_manual <- .gg_manual("linetype")

scale_size_manual <- .gg_manual("size")

scale_alpha_manual <- .gg_manual("alpha")

.gg_plain <- function(aesthetics, kind = "default") function(name = NULL, ..., breaks = NULL, labels = NULL, limits = NULL, range = NULL,
                                                             max_size = NULL, guide = NULL)
    .gg_scale(aesthetics, kind, name = name, breaks = breaks, labels = labels, limits = limits, guide = guide,
              range = if (is.null(max_size)) range else c(0, max_size))

scale_colour_discrete <- .gg_plain("colour")

scale_color_discrete <- .gg_plain("colour")

scale_fill_discrete <- .gg_plain("fill")

scale_colour_hue <- .gg_plain("colour")

scale_color_hue <- .gg_plain("colour")

scale_fill_hue <- .gg_plain("fill")

scale_colour_continuous <- .gg_plain("colour")

scale_color_continuous <- .gg_plain("colour")

scale_fill_continuous <- .gg_plain("fill")

scale_colour_identity <- .gg_plain("colour", "identity")

scale_color_identity <- .gg_plain("colour", "identity")

scale_fill_identity <- .gg_plain("fill", "identity")

scale_size <- .gg_plain("size")

scale_size_continuous <- .gg_plain("size")

scale_size_area <- .gg_plain("size")

scale_radius <- .gg_plain("size")

scale_alpha <- .gg_plain("alpha")

scale_alpha_continuous <- .gg_plain("alpha")

scale_shape <- .gg_plain("shape")

scale_shape_discrete <- .gg_plain("shape")

scale_shape_identity <- .gg_plain("shape", "identity")

scale_linetype <- .gg_plain("linetype")

scale_linetype_discrete <- .gg_plain("linetype")

.gg_gradient <- function(aesthetic, low = "#132B43", high = "#56B1F7") {
    own_low <- low
    own_high <- high
    function(name = NULL, ..., low = own_low, high = own_high, limits = NULL, breaks = NULL, labels = NULL, guide = NULL, na.value = NA)
        .gg_scale(aesthetic, "gradient", name = name, colours = c(low, high), limits = limits, breaks = breaks, labels = labels,
                  guide = guide)
}

scale_colour_gradient <- .gg_gradient("colour")

scale_color_gradient <- .gg_gradient("colour")

scale_fill_gradient <- .gg_gradient("fill")

scale_colour_grey <- .gg_gradient("colour", "#333333", "#CCCCCC")

scale_color_grey <- .gg_gradient("colour", "#333333", "#CCCCCC")

scale_fill_grey <- .gg_gradient("fill", "#333333", "#CCCCCC")

.gg_gradient2 <- function(aesthetic) function(name = NULL, ..., low = "#832424", mid = "white", high = "#3A3A98", midpoint = 0,
                                              limits = NULL, breaks = NULL, labels = NULL, guide = NULL)
    .gg_scale(aesthetic, "gradient", name = name, colours = c(low, mid, high), values = midpoint, limits = limits, breaks = breaks,
              labels = labels, guide = guide)

scale_colour_gradient2 <- .gg_gradient2("colour")

scale_color_gradient2 <- .gg_gradient2("colour")

scale_fill_gradient2 <- .gg_gradient2("fill")

.gg_gradientn <- function(aesthetic) function(name = NULL, ..., colours, colors = colours, limits = NULL, breaks = NULL, labels = NULL, guide = NULL)
    .gg_scale(aesthetic, "gradient", name = name, colours = colors, limits = limits, breaks = breaks, labels = labels, guide = guide)

scale_colour_gradientn <- .gg_gradientn("colour")

scale_color_gradientn <- .gg_gradientn("colour")

scale_fill_gradientn <- .gg_gradientn("fill")

.gg_viridis <- function(aesthetic) function(name = NULL, ..., option = "D", direction = 1, limits = NULL, guide = NULL) {
    shades <- hcl.colors(9, "viridis")
    .gg_scale(aesthetic, "gradient", name = name, colours = if (direction < 0) rev(shades) else shades, limits = limits, guide = guide)
}

scale_colour_viridis_c <- .gg_viridis("colour")

scale_color_viridis_c <- .gg_viridis("colour")

scale_fill_viridis_c <- .gg_viridis("fill")

scale_colour_viridis_d <- .gg_viridis("colour")

scale_color_viridis_d <- .gg_viridis("colour")

scale_fill_viridis_d <- .gg_viridis("fill")

scale_colour_viridis <- .gg_viridis("colour")

scale_color_viridis <- .gg_viridis("colour")

scale_fill_viridis <- .gg_viridis("fill")

.gg_brewer <- function(aesthetic) function(name = NULL, ..., palette = 1, direction = 1, limits = NULL, guide = NULL) {
    table <- list(Set1 = c("#E41A1C", "#377EB8", "#4DAF4A", "#984EA3", "#FF7F00", "#FFFF33", "#A65628", "#F781BF", "#999999"),
                  Set2 = c("#66C2A5", "#FC8D62", "#8DA0CB", "#E78AC3", "#A6D854", "#FFD92F", "#E5C494", "#B3B3B3"),
                  Dark2 = c("#1B9E77", "#D95F02", "#7570B3", "#E7298A", "#66A61E", "#E6AB02", "#A6761D", "#666666"),
                  Spectral = c("#D53E4F", "#FC8D59", "#FEE08B", "#E6F598", "#99D594", "#3288BD"),
                  RdBu = c("#B2182B", "#EF8A62", "#FDDBC7", "#D1E5F0", "#67A9CF", "#2166AC"),
                  Blues = c("#EFF3FF", "#C6DBEF", "#9ECAE1", "#6BAED6", "#3182BD", "#08519C"),
                  Greens = c("#EDF8E9", "#C7E9C0", "#A1D99B", "#74C476", "#31A354", "#006D2C"),
                  Reds = c("#FEE5D9", "#FCBBA1", "#FC9272", "#FB6A4A", "#DE2D26", "#A50F15"))
    shades <- if (is.character(palette) && !is.null(table[[palette]])) table[[palette]] else table$Blues
    if (direction < 0) shades <- rev(shades)
    .gg_scale(aesthetic, if (is.character(palette) && palette %in% c("Set1", "Set2", "Dark2")) "manual" else "gradient", name = name,
              colours = shades, values = if (is.character(palette) && palette %in% c("Set1", "Set2", "Dark2")) shades, limits = limits,
              guide = guide)
}

scale_colour_brewer <- .gg_brewer("colour")

scale_color_brewer <- .gg_brewer("colour")

scale_fill_brewer <- .gg_brewer("fill")

scale_colour_distiller <- .gg_brewer("colour")

scale_color_distiller <- .gg_brewer("colour")

scale_fill_distiller <- .gg_brewer("fill")
