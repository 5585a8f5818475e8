# ggplot2's grammar: a plot is data, mappings and layers put together with `+`; printing it draws (ggplot2_drawing.R).

.gg_state <- new.env(parent = emptyenv())

ggplot <- function(data = NULL, mapping = aes(), ..., environment = parent.frame()) {
    if (inherits(data, "uneval")) {
        mapping <- data
        data <- NULL
    }
    if (!is.null(data) && !is.data.frame(data)) data <- fortify(data)
    .gg_remember(structure(list(data = data, layers = list(), scales = list(), mapping = mapping, theme = list(),
                                coordinates = list(), facet = NULL, plot_env = environment, labels = list()),
                           class = c("gg", "ggplot")))
}

.gg_remember <- function(plot) {
    assign("last", plot, envir = .gg_state)
    plot
}

last_plot <- function() get0("last", envir = .gg_state)

is.ggplot <- function(x) inherits(x, "ggplot")

is_ggplot <- function(x) inherits(x, "ggplot")

autoplot <- function(object, ...) UseMethod("autoplot")

autoplot.default <- function(object, ...) stop("Objects of class <", class(object)[1L], "> are not supported by autoplot.", call. = FALSE)

fortify <- function(model, data, ...) as.data.frame(model)

.gg_spelling <- function(names) {
    names[names == "color"] <- "colour"
    names <- sub("_color$", "_colour", names)
    table <- c(col = "colour", pch = "shape", cex = "size", lty = "linetype", lwd = "linewidth", bg = "fill", fg = "colour",
               srt = "angle", min = "ymin", max = "ymax")
    known <- names %in% names(table)
    names[known] <- table[names[known]]
    names
}

aes <- function(x, y, ...) {
    quoted <- as.list(match.call(expand.dots = TRUE))[-1]
    labels <- names(quoted)
    if (is.null(labels)) labels <- rep("", length(quoted))
    free <- setdiff(c("x", "y"), labels)
    for (i in which(labels == "")) {
        if (!length(free)) stop("aes() takes x and y by place, the others by name")
        labels[i] <- free[1]
        free <- free[-1]
    }
    names(quoted) <- .gg_spelling(labels)
    structure(quoted, class = "uneval", environment = parent.frame())
}

aes_string <- function(x = NULL, y = NULL, ...) {
    given <- Filter(Negate(is.null), list(x = x, y = y, ...))
    quoted <- lapply(given, function(text) if (is.character(text)) parse(text = text)[[1]] else text)
    names(quoted) <- .gg_spelling(names(quoted))
    structure(quoted, class = "uneval", environment = parent.frame())
}

aes_ <- function(x = NULL, y = NULL, ...) {
    given <- Filter(Negate(is.null), list(x = x, y = y, ...))
    quoted <- lapply(given, function(one) if (inherits(one, "formula")) one[[2]] else one)
    names(quoted) <- .gg_spelling(names(quoted))
    structure(quoted, class = "uneval", environment = parent.frame())
}

vars <- function(...) structure(as.list(substitute(list(...)))[-1], class = "quosures")

print.uneval <- function(x, ...) {
    cat("Aesthetic mapping: \n")
    for (name in names(x)) cat("* `", name, "` -> `", deparse1(x[[name]]), "`\n", sep = "")
    invisible(x)
}

after_stat <- function(x) x

stat <- function(x) x

`+.gg` <- function(e1, e2) {
    if (missing(e2)) stop("Cannot use `+` with a single argument. Did you accidentally put `+` on a new line?")
    if (inherits(e1, "theme")) return(structure(modifyList(unclass(e1), unclass(e2)), class = c("theme", "gg")))
    # Two plots, and what is more than a plot, are put together by patchwork.
    if (inherits(e1, "patchwork") || inherits(e1, "patch_spacer") || inherits(e2, "ggplot") || inherits(e2, "patchwork") || inherits(e2, "patch_spacer")) {
        if (exists("add_to_patchwork")) return(add_to_patchwork(e1, e2))
    }
    if (!inherits(e1, "ggplot")) stop("Cannot add ", deparse1(substitute(e2)), " to an object that is no ggplot")
    .gg_remember(.gg_add(e1, e2, deparse1(substitute(e2))))
}

# With texts it is crayon's.
`%+%` <- function(e1, e2) {
    if (is.character(e1)) return(paste0(e1, e2))
    if (is.data.frame(e2)) {
        e1$data <- e2
        return(e1)
    }
    e1 + e2
}

`%+replace%` <- function(e1, e2) e1 + e2

.gg_add <- function(plot, part, label) {
    if (is.null(part)) return(plot)
    if (inherits(part, "gg_layer")) plot$layers <- c(plot$layers, list(part))
    else if (inherits(part, "gg_scale")) {
        for (name in part$aesthetics) plot$scales[[name]] <- part
        if (!is.null(part$name)) plot$labels[part$aesthetics] <- rep(list(part$name), length(part$aesthetics))
    }
    else if (inherits(part, "gg_labels")) for (name in names(part)) plot$labels[[name]] <- part[[name]]
    else if (inherits(part, "gg_facet")) plot$facet <- part
    else if (inherits(part, "gg_coordinates")) plot$coordinates <- unclass(part)
    else if (inherits(part, "theme")) plot$theme <- modifyList(plot$theme, unclass(part))
    else if (inherits(part, "uneval")) plot$mapping[names(part)] <- part
    else if (inherits(part, "gg_guides")) plot$guides <- c(plot$guides, unclass(part))
    else if (inherits(part, "gg_limits")) plot$expand <- c(plot$expand, list(unclass(part)))
    else if (is.data.frame(part)) plot$data <- part
    else if (is.list(part) && !is.object(part)) for (one in part) plot <- .gg_add(plot, one, label)
    else stop("Can't add `", label, "` to a <ggplot> object")
    plot
}

print.ggplot <- function(x, newpage = TRUE, vp = NULL, ...) {
    .gg_remember(x)
    .gg_draw(x)
    invisible(x)
}

plot.ggplot <- function(x, ...) print.ggplot(x)

# A line each for data, mapping and facets, then three for each layer.
summary.ggplot <- function(object, ...) {
    mapped <- function(aesthetics) paste0(names(aesthetics), " = ~", vapply(aesthetics, deparse1, ""), collapse = ", ")
    size <- if (is.null(object$data)) "x" else paste(dim(object$data), collapse = "x")
    lines <- c(paste0("data: ", toString(names(object$data)), if (length(object$data)) " ", "[", size, "]"),
        if (length(object$mapping)) paste0("mapping:  ", mapped(object$mapping)),
        paste0("faceting: ", if (is.null(object$facet)) "none" else "by variables"),
        if (length(object$layers)) strrep("-", 35L))
    told <- lapply(object$layers, function(layer) c(if (length(layer$mapping)) paste("mapping:", mapped(layer$mapping)),
        paste0(c("geom_", "stat_", "position_"), c(layer$geom, layer$stat, layer$position$kind)), ""))
    writeLines(c(lines, unlist(told)))
}

print.gg_layer <- function(x, ...) {
    cat("geom_", x$geom, ": stat_", x$stat, ", position_", x$position$kind, "\n", sep = "")
    invisible(x)
}

print.theme <- function(x, ...) {
    cat("<theme> with ", length(x), " elements\n", sep = "")
    invisible(x)
}

ggsave <- function(filename, plot = last_plot(), device = NULL, path = NULL, scale = 1, width = NA, height = NA,
                   units = c("in", "cm", "mm", "px"), dpi = 300, limitsize = TRUE, bg = NULL, ...) {
    units <- match.arg(units)
    if (!is.null(path)) filename <- file.path(path, filename)
    if (is.character(dpi)) dpi <- c(screen = 72, print = 300, retina = 320)[[dpi]]
    inches <- function(size) if (is.na(size)) 7 else scale * size / c("in" = 1, cm = 2.54, mm = 25.4, px = dpi)[[units]]
    kind <- if (is.character(device)) device else tolower(sub(".*\\.", "", filename))
    size <- c(inches(width), inches(height))
    switch(kind,
        pdf = pdf(filename, size[1], size[2]),
        svg = svg(filename, size[1], size[2]),
        png = png(filename, size[1], size[2], units = "in", res = dpi),
        jpg = , jpeg = jpeg(filename, size[1], size[2], units = "in", res = dpi),
        stop("Unknown graphics device \"", kind, "\": pdf, svg, png and jpeg are here"))
    on.exit(dev.off())
    print(plot)
    invisible(filename)
}

qplot <- function(x, y, ..., data, facets = NULL, geom = "auto", xlim = c(NA, NA), ylim = c(NA, NA), log = "", main = NULL,
                  xlab = NULL, ylab = NULL) {
    quoted <- as.list(match.call(expand.dots = FALSE))
    extra <- as.list(substitute(list(...)))[-1]
    mapping <- structure(c(quoted[intersect(c("x", "y"), names(quoted))], extra), class = "uneval", environment = parent.frame())
    names(mapping) <- .gg_spelling(names(mapping))
    values <- if (missing(data)) NULL else data
    if (identical(geom, "auto")) {
        numeric_x <- is.numeric(eval(quoted$x, values, parent.frame()))
        geom <- if (!is.null(quoted$y)) "point" else if (numeric_x) "histogram" else "bar"
    }
    plot <- structure(list(data = values, layers = list(), scales = list(), mapping = mapping, theme = list(),
                           coordinates = list(), facet = NULL, plot_env = parent.frame(), labels = list()), class = c("gg", "ggplot"))
    for (one in geom) plot <- plot + get(paste0("geom_", one))()
    if (!is.null(facets)) plot <- plot + facet_wrap(facets)
    if (!is.null(main)) plot <- plot + ggtitle(main)
    if (!is.null(xlab)) plot <- plot + xlab(xlab)
    if (!is.null(ylab)) plot <- plot + ylab(ylab)
    if (!all(is.na(xlim))) plot <- plot + xlim(xlim)
    if (!all(is.na(ylim))) plot <- plot + ylim(ylim)
    if (grepl("x", log)) plot <- plot + scale_x_log10()
    if (grepl("y", log)) plot <- plot + scale_y_log10()
    .gg_remember(plot)
}

quickplot <- function(...) qplot(...)

# Labels, limits, coordinates, facets

labs <- function(..., title = NULL, subtitle = NULL, caption = NULL, tag = NULL) {
    .passed_over(tag)
    given <- list(...)
    if (length(given)) names(given) <- .gg_spelling(names(given))
    structure(c(given, Filter(Negate(is.null), list(title = title, subtitle = subtitle, caption = caption))), class = "gg_labels")
}

ggtitle <- function(label, subtitle = NULL) labs(title = label, subtitle = subtitle)

xlab <- function(label) labs(x = label)

ylab <- function(label) labs(y = label)

.gg_scale <- function(aesthetics, kind, ..., name = NULL, breaks = NULL, labels = NULL, limits = NULL, values = NULL,
                      trans = "identity", transform = trans, colours = NULL, guide = NULL, range = NULL) {
    structure(list(aesthetics = aesthetics, kind = kind, name = if (is.character(name) || is.expression(name)) name, breaks = breaks,
                   labels = labels, limits = limits, values = values, trans = transform, colours = colours, guide = guide,
                   range = range), class = "gg_scale")
}

xlim <- function(...) .gg_scale("x", "position", limits = c(...), trans = if (.gg_turned(c(...))) "reverse" else "identity")

ylim <- function(...) .gg_scale("y", "position", limits = c(...), trans = if (.gg_turned(c(...))) "reverse" else "identity")

.gg_turned <- function(limits) is.numeric(limits) && !anyNA(limits) && limits[1] > limits[2]

lims <- function(...) {
    given <- list(...)
    lapply(names(given), function(name) .gg_scale(name, "position", limits = given[[name]]))
}

expand_limits <- function(...) structure(list(...), class = "gg_limits")

coord_cartesian <- function(xlim = NULL, ylim = NULL, expand = TRUE, default = FALSE, clip = "on") {
    .passed_over(expand)
  structure(list(xlim = xlim, ylim = ylim), class = "gg_coordinates")
}

coord_fixed <- function(ratio = 1, xlim = NULL, ylim = NULL, expand = TRUE, clip = "on") {
    .passed_over(expand)
  structure(list(ratio = ratio, xlim = xlim, ylim = ylim), class = "gg_coordinates")
}

coord_equal <- function(...) coord_fixed(...)

coord_quickmap <- function(...) coord_fixed()

coord_flip <- function(xlim = NULL, ylim = NULL, expand = TRUE, clip = "on") {
    .passed_over(expand)
  structure(list(flip = TRUE, xlim = xlim, ylim = ylim), class = "gg_coordinates")
}

coord_polar <- function(theta = "x", start = 0, direction = 1, clip = "on") {
    message("coord_polar() is drawn with straight axes")
    structure(list(), class = "gg_coordinates")
}

.gg_facet_terms <- function(facets) {
    if (inherits(facets, "quosures")) return(unclass(facets))
    if (is.character(facets)) return(lapply(facets, as.name))
    if (!inherits(facets, "formula")) stop("facets are a formula such as ~ variable, or vars(variable)")
    terms <- list()
    walk <- function(tree) {
        if (is.call(tree) && as.character(tree[[1]]) %in% c("+", "*", "~")) for (part in as.list(tree)[-1]) walk(part)
        else if (!identical(tree, quote(.))) terms[[length(terms) + 1]] <<- tree
    }
    walk(facets)
    terms
}

facet_wrap <- function(facets, nrow = NULL, ncol = NULL, scales = "fixed", shrink = TRUE, labeller = "label_value",
                       as.table = TRUE, drop = TRUE, dir = "h", strip.position = "top") {
    .passed_over(as.table, drop, dir)
  structure(list(terms = .gg_facet_terms(facets), nrow = nrow, ncol = ncol, scales = scales, labeller = labeller), class = "gg_facet")
}

facet_grid <- function(rows = NULL, cols = NULL, scales = "fixed", space = "fixed", shrink = TRUE, labeller = "label_value",
                       as.table = TRUE, switch = NULL, drop = TRUE, margins = FALSE) {
    .passed_over(space, switch, drop, margins)
    if (inherits(rows, "formula")) {
        formula <- rows
        rows <- if (length(formula) == 3) .gg_facet_terms(eval(call("~", formula[[2]]))) else list()
        cols <- .gg_facet_terms(eval(call("~", formula[[length(formula)]])))
    } else {
        rows <- if (is.null(rows)) list() else .gg_facet_terms(rows)
        cols <- if (is.null(cols)) list() else .gg_facet_terms(cols)
    }
    structure(list(terms = c(rows, cols), rows = rows, cols = cols, scales = scales, labeller = labeller), class = "gg_facet")
}

facet_null <- function(...) NULL

label_both <- function(labels, multi_line = TRUE, sep = ": ") {
    .passed_over(sep)
  labels
}

label_value <- function(labels, multi_line = TRUE) labels

guides <- function(...) structure(list(...), class = "gg_guides")

guide_legend <- function(...) structure(list(...), class = "guide")

guide_colourbar <- function(...) structure(list(...), class = "guide")

guide_colorbar <- function(...) structure(list(...), class = "guide")

guide_none <- function(...) "none"

guide_axis <- function(...) structure(list(...), class = "guide")

# Themes: of the elements, those that show or hide the legend and the axes are drawn

theme <- function(...) {
    given <- list(...)
    structure(given, class = c("theme", "gg"))
}

.gg_theme <- function(style) function(base_size = 11, base_family = "", ...) structure(list(style = style), class = c("theme", "gg"))

theme_grey <- .gg_theme("grey")

theme_gray <- .gg_theme("grey")

theme_bw <- .gg_theme("grid")

theme_minimal <- .gg_theme("grid")

theme_light <- .gg_theme("grid")

theme_linedraw <- .gg_theme("grid")

theme_dark <- .gg_theme("grid")

theme_classic <- .gg_theme("plain")

theme_test <- .gg_theme("plain")

theme_void <- .gg_theme("void")

theme_cowplot <- .gg_theme("plain")

theme_pubr <- .gg_theme("plain")

theme_get <- function() get0("theme", envir = .gg_state, ifnotfound = theme_grey())

theme_set <- function(new) {
    old <- theme_get()
    assign("theme", new, envir = .gg_state)
    invisible(old)
}

theme_update <- function(...) theme_set(structure(modifyList(unclass(theme_get()), list(...)), class = c("theme", "gg")))

element_blank <- function() structure(list(), class = c("element_blank", "element"))

element_text <- function(...) structure(list(...), class = c("element_text", "element"))

element_line <- function(...) structure(list(...), class = c("element_line", "element"))

element_rect <- function(...) structure(list(...), class = c("element_rect", "element"))

rel <- function(x) structure(x, class = "rel")

unit <- function(x, units, data = NULL) structure(x, class = "unit", unit = units)

margin <- function(t = 0, r = 0, b = 0, l = 0, unit = "pt") structure(c(t, r, b, l), class = c("margin", "unit"), unit = unit)

arrow <- function(angle = 30, length = 0.25, ends = "last", type = "open") structure(list(angle = angle), class = "arrow")

# Plots side by side

grid.arrange <- function(..., grobs = list(...), nrow = NULL, ncol = NULL, top = NULL) {
    .passed_over(top)
    shown <- Filter(function(one) is.ggplot(one) || inherits(one, "rastergrob"), grobs)
    if (!length(shown)) stop("grid.arrange() takes ggplots and what rasterGrob() makes")
    if (is.null(ncol)) ncol <- if (is.null(nrow)) ceiling(sqrt(length(shown))) else ceiling(length(shown) / nrow)
    old <- par(mfrow = c(ceiling(length(shown) / ncol), ncol))
    on.exit(par(old))
    for (one in shown) if (inherits(one, "rastergrob")) grid.draw(one) else .gg_draw(one, whole = FALSE)
    invisible(shown)
}

plot_grid <- function(..., plotlist = NULL, nrow = NULL, ncol = NULL, labels = NULL, align = NULL, rel_widths = 1, rel_heights = 1) {
    .passed_over(labels, rel_widths, rel_heights)
  grid.arrange(grobs = c(list(...), plotlist), nrow = nrow, ncol = ncol)
}

ggarrange <- function(..., plotlist = NULL, nrow = NULL, ncol = NULL, labels = NULL, common.legend = FALSE) {
    .passed_over(labels, common.legend)
  grid.arrange(grobs = c(list(...), plotlist), nrow = nrow, ncol = ncol)
}
