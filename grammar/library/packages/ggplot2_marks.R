# What one layer puts on the panel. Constants given to the layer win over what is mapped.
.gg_marks <- function(layer, d, scales, limits, flip) {
    n <- attr(d, "rows")
    p <- layer$parameters
    look <- function(name, default) {
        if (!is.null(p[[name]])) return(rep_len(p[[name]], max(n, 1)))
        if (!is.null(d[[name]]) && !is.null(scales[[name]])) return(scales[[name]]$map(d[[name]]))
        if (name == "fill" && !is.null(d[[name]]) && is.numeric(d[[name]])) {
            limits <- range(d[[name]], na.rm = TRUE)
            return(.gg_shades(d[[name]], c("#132B43", "#56B1F7"), limits))
        }
        rep_len(default, max(n, 1))
    }
    alpha <- if (!is.null(p$alpha) || !is.null(d$alpha)) look("alpha", 1)
    colour <- look("colour", switch(layer$geom, boxplot = , violin = "grey20", smooth = "#3366FF", bar = , tile = , rect = , area = , ribbon = NA, "black"))
    marks <- function(what, ...) {
        options <- list(...)
        if (flip) {
            swap <- c(x = "y", y = "x", x0 = "y0", y0 = "x0", x1 = "y1", y1 = "x1", left = "bottom", bottom = "left", right = "top",
                      top = "right", h = "v", v = "h")
            known <- names(options) %in% names(swap)
            names(options)[known] <- swap[names(options)[known]]
        }
        do.call(.draw, c(list(what), options))
    }
    size <- look("size", 1.5)
    thick <- if (!is.null(p$linewidth) || !is.null(d$linewidth)) look("linewidth", 0.5) else if (!is.null(p$size)) rep_len(p$size, max(n, 1)) else rep_len(0.5, max(n, 1))
    dash <- look("linetype", 1)
    groups <- if (is.null(d$group)) rep(1, n) else d$group
    group_rows <- function() lapply(unique(groups), function(group) which(groups == group))
    if (!n && !layer$geom %in% c("hline", "vline", "abline")) return(invisible())
    switch(layer$geom,
        point = marks("points", x = d$x, y = d$y, col = .gg_with_alpha(colour, alpha), pch = look("shape", 16), cex = size / 2, bg = look("fill", "white")),
        line = , path = , step = for (rows in group_rows())
            marks("lines", x = d$x[rows], y = d$y[rows], col = .gg_with_alpha(colour, alpha)[rows[1]], lwd = 2 * thick[rows[1]], lty = dash[rows[1]],
                  style = if (layer$geom == "step") "steps-post" else "default"),
        polygon = for (rows in group_rows()) marks("polygon", x = d$x[rows], y = d$y[rows],
            col = .gg_with_alpha(look("fill", "grey20"), alpha)[rows[1]], border = colour[rows[1]]),
        bar = marks("boxes", left = d$xmin, bottom = if (flip) d$ymin else pmax(d$ymin, limits$y[1] - diff(limits$y)), right = d$xmax, top = d$ymax,
                    col = .gg_with_alpha(look("fill", "grey35"), alpha), border = colour),
        area = for (rows in group_rows()) {
            lower <- if (is.null(d$ymin)) 0 * d$y[rows] else d$ymin[rows]
            upper <- if (is.null(d$ymax)) d$y[rows] else d$ymax[rows]
            shade <- if (!is.null(p$fill) || !is.null(d$fill)) .gg_with_alpha(look("fill", "grey35"), alpha)[rows[1]] else if (layer$stat == "density") NA else "grey35"
            along <- d$x[rows]
            marks("polygon", x = c(along, rev(along)), y = c(upper, rev(lower)), col = shade,
                  border = if (layer$stat == "density") look("colour", "black")[rows[1]] else NA)
        },
        ribbon = for (rows in group_rows()) marks("polygon", x = c(d$x[rows], rev(d$x[rows])), y = c(d$ymax[rows], rev(d$ymin[rows])),
            col = .gg_with_alpha(look("fill", "grey20"), alpha)[rows[1]], border = NA),
        smooth = for (rows in group_rows()) {
            if (!is.null(d$ymin)) marks("polygon", x = c(d$x[rows], rev(d$x[rows])), y = c(d$ymax[rows], rev(d$ymin[rows])), col = "#99999966", border = NA)
            marks("lines", x = d$x[rows], y = d$y[rows], col = colour[rows[1]], lwd = 2, lty = dash[rows[1]])
        },
        boxplot = .gg_boxes(d, p, .gg_with_alpha(look("fill", "white"), alpha), colour, marks, groups),
        violin = .gg_violins(d, p, .gg_with_alpha(look("fill", "white"), alpha), colour, marks, groups),
        tile = {
            shade <- .gg_with_alpha(look("fill", "grey35"), alpha)
            edge <- look("colour", NA)
            marks("boxes", left = d$xmin, bottom = d$ymin, right = d$xmax, top = d$ymax, col = shade, border = if (all(is.na(edge))) shade else edge)
        },
        rect = marks("boxes", left = .gg_ends(d$xmin, limits$x), bottom = .gg_ends(d$ymin, limits$y), right = .gg_ends(d$xmax, limits$x),
                     top = .gg_ends(d$ymax, limits$y), col = .gg_with_alpha(look("fill", "grey35"), alpha), border = colour),
        text = marks("words", x = d$x, y = d$y, labels = as.character(if (is.null(d$label)) look("label", "") else d$label),
                     col = .gg_with_alpha(colour, alpha), cex = look("size", 3.88) / 3.88),
        hline = marks("straight", h = if (is.null(d$yintercept)) p$yintercept else d$yintercept, col = colour[1], lwd = 2 * thick[1], lty = dash[1]),
        vline = marks("straight", v = if (is.null(d$xintercept)) p$xintercept else d$xintercept, col = colour[1], lwd = 2 * thick[1], lty = dash[1]),
        abline = .draw("straight", a = p$intercept, b = p$slope, col = colour[1], lwd = 2 * thick[1], lty = dash[1]),
        segment = marks("segments", x0 = d$x, y0 = d$y, x1 = if (is.null(d$xend)) d$x else d$xend, y1 = if (is.null(d$yend)) d$y else d$yend, col = colour,
                        lwd = 2 * thick[1], lty = dash[1]),
        errorbar = marks("segments", x0 = d$x, y0 = d$ymin, x1 = d$x, y1 = d$ymax, col = colour, lwd = 2 * thick[1]),
        pointrange = {
            if (!is.null(d$ymin)) marks("segments", x0 = d$x, y0 = d$ymin, x1 = d$x, y1 = d$ymax, col = colour)
            marks("points", x = d$x, y = d$y, col = colour, pch = 16, cex = 1)
        },
        rug = {
            if (!is.null(d$x)) marks("segments", x0 = d$x, y0 = rep(limits$y[1], n), x1 = d$x, y1 = rep(limits$y[1] + 0.03 * diff(limits$y), n), col = colour)
            if (!is.null(d$y)) marks("segments", x0 = rep(limits$x[1], n), y0 = d$y, x1 = rep(limits$x[1] + 0.03 * diff(limits$x), n), y1 = d$y, col = colour)
        },
        contour = .draw("contour", x = d$x, y = d$y, z = if (is.null(d$z)) d$fill else d$z),
        blank = NULL,
        stop("geom_", layer$geom, "() can't be drawn here"))
    invisible()
}

.gg_ends <- function(values, limits) ifelse(values == -Inf, limits[1], ifelse(values == Inf, limits[2], values))

.gg_widths <- function(d, p, groups, share) {
    n <- length(d$x)
    whole <- if (is.null(p$width)) share else p$width
    left <- numeric(n)
    part <- numeric(n)
    for (place in unique(d$x)) {
        rows <- which(d$x == place)
        rows <- rows[order(groups[rows])]
        part[rows] <- whole / length(rows)
        left[rows] <- place - whole / 2 + part[rows] * (seq_along(rows) - 1)
    }
    list(left = left, middle = left + part / 2, right = left + part, width = part)
}

.gg_boxes <- function(d, p, fill, colour, marks, groups) {
    at <- .gg_widths(d, p, groups, 0.75)
    marks("boxes", left = at$left, bottom = d$lower, right = at$right, top = d$upper, col = fill, border = colour)
    marks("segments", x0 = at$left, y0 = d$middle, x1 = at$right, y1 = d$middle, col = colour, lwd = 2)
    marks("segments", x0 = at$middle, y0 = d$upper, x1 = at$middle, y1 = d$ymax, col = colour)
    marks("segments", x0 = at$middle, y0 = d$lower, x1 = at$middle, y1 = d$ymin, col = colour)
    for (i in seq_along(d$x)) if (length(d$outliers[[i]]) && !identical(p$outlier.shape, NA))
        marks("points", x = rep(at$middle[i], length(d$outliers[[i]])), y = d$outliers[[i]], col = colour[i], pch = 16, cex = 0.7)
}

.gg_violins <- function(d, p, fill, colour, marks, groups) {
    at <- .gg_widths(d, p, groups, 0.9)
    for (i in seq_along(d$x)) {
        shape <- d$shape_of[[i]]
        if (is.null(shape)) next
        half <- shape$y / max(shape$y) * at$width[i] / 2
        marks("polygon", x = c(at$middle[i] - half, rev(at$middle[i] + half)), y = c(shape$x, rev(shape$x)), col = fill[i], border = colour[i])
    }
}

.gg_tiled <- function(d, p) {
    step <- function(values) if (length(unique(values)) > 1) min(diff(sort(unique(values)))) else 1
    width <- if (!is.null(d$width)) d$width else if (is.null(p$width)) step(d$x) else p$width
    height <- if (!is.null(d$height)) d$height else if (is.null(p$height)) step(d$y) else p$height
    d$xmin <- d$x - width / 2
    d$xmax <- d$x + width / 2
    d$ymin <- d$y - height / 2
    d$ymax <- d$y + height / 2
    d
}
