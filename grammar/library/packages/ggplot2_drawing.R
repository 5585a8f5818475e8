# How a ggplot becomes marks: mappings are evaluated, statistics computed, positions adjusted, scales applied.

.gg_pronouns <- c("..density..", "..count..", "..y..", "..x..", "..level..", "..prop..", "..ncount..", "..ndensity..")

# Whether an expression speaks of what a statistic computes.
.gg_after <- function(tree) any(c(.gg_pronouns, "after_stat", "stat") %in% all.names(tree))

# `!!name` and `{{ name }}` are replaced by what they stand for.
.gg_spliced <- function(tree, env) {
    if (!is.call(tree) || !"!" %in% all.names(tree)) return(tree)
    if (identical(tree[[1]], as.name("!")) && is.call(tree[[2]]) && identical(tree[[2]][[1]], as.name("!"))) {
        found <- eval(tree[[2]][[2]], env)
        return(if (inherits(found, "formula")) found[[2]] else found)
    }
    as.call(lapply(as.list(tree), .gg_spliced, env))
}

.gg_evaluated <- function(mapping, data, env) {
    env <- if (is.null(attr(mapping, "environment"))) env else attr(mapping, "environment")
    mask <- if (is.null(data)) list() else c(as.list(data), list(.data = data))
    values <- list()
    for (name in names(mapping)) {
        if (.gg_after(mapping[[name]])) next
        found <- eval(.gg_spliced(mapping[[name]], env), mask, env)
        if (length(found)) values[[name]] <- found
    }
    values
}

.gg_frame <- function(values, rows) {
    n <- max(rows, lengths(values), 0)
    for (name in names(values)) {
        if (!length(values[[name]]) %in% c(1, n))
            stop("Aesthetics must be either length 1 or the same as the data (", n, "): ", name)
        if (length(values[[name]]) == 1) values[[name]] <- rep(values[[name]], n)
    }
    attr(values, "rows") <- n
    values
}

.gg_is_discrete <- function(x) is.factor(x) || is.character(x) || is.logical(x)

.gg_pick <- function(d, rows) {
    made <- lapply(d, function(column) column[rows])
    attr(made, "rows") <- if (is.logical(rows)) sum(rows) else length(rows)
    made
}

.gg_layer_values <- function(layer, plot) {
    data <- if (is.null(layer$data)) plot$data else if (is.function(layer$data)) layer$data(plot$data)
            else if (inherits(layer$data, "formula")) eval(layer$data[[2]], list(. = plot$data, .x = plot$data)) else layer$data
    mapping <- layer$mapping
    if (layer$inherit) {
        plot_values <- .gg_evaluated(plot$mapping[setdiff(names(plot$mapping), names(mapping))], data, plot$plot_env)
        own <- .gg_evaluated(mapping, data, plot$plot_env)
        values <- c(own, plot_values)
    } else values <- .gg_evaluated(mapping, data, plot$plot_env)
    for (name in c("xintercept", "yintercept")) if (!is.null(layer$parameters[[name]])) values[[name]] <- layer$parameters[[name]]
    for (term in plot$facet$terms) {
        label <- deparse1(term)
        found <- tryCatch(eval(term, data, plot$plot_env), error = function(e) NULL)
        if (!is.null(found) && length(found) == NROW(data)) values[[paste0("panel:", label)]] <- as.character(found)
    }
    .gg_frame(values, 0)
}

.gg_groups <- function(d) {
    n <- attr(d, "rows")
    if (!is.null(d$group)) return(as.integer(factor(d$group)))
    keys <- Filter(.gg_is_discrete, d[setdiff(names(d), c("label", grep("^panel:", names(d), value = TRUE)))])
    if (!length(keys)) return(rep(1L, n))
    as.integer(factor(do.call(paste, c(lapply(keys, as.character), sep = "\r"))))
}

.gg_draw <- function(plot, whole = TRUE) {
    layers <- plot$layers
    values <- lapply(layers, .gg_layer_values, plot)
    flip <- isTRUE(plot$coordinates$flip)
    positions <- list(x = c("x", "xmin", "xmax", "xend", "xintercept"), y = c("y", "ymin", "ymax", "yend", "yintercept"))
    axes <- lapply(names(positions), function(axis) {
        columns <- unlist(lapply(values, function(d) unclass(d)[intersect(names(d), positions[[axis]])]), recursive = FALSE)
        found <- list(scale = plot$scales[[axis]], levels = NULL, dates = NULL)
        if (any(vapply(columns, .gg_is_discrete, TRUE)))
            found$levels <- if (is.character(found$scale$limits)) found$scale$limits else .gg_levels(columns)
        if (length(columns) && inherits(columns[[1]], c("Date", "POSIXct"))) found$dates <- columns[[1]][0]
        found
    })
    names(axes) <- names(positions)
    place <- function(column, axis) {
        if (!is.null(axes[[axis]]$levels)) {
            if (!.gg_is_discrete(column)) return(as.numeric(column))
            return(match(as.character(column), axes[[axis]]$levels))
        }
        .gg_transform(axes[[axis]]$scale, as.numeric(column))
    }
    scales <- list()
    for (name in c("colour", "fill", "shape", "size", "linetype", "linewidth", "alpha"))
        scales[[name]] <- .gg_trained(name, lapply(values, function(d) unclass(d)[[name]]), plot$scales[[name]])
    panels <- .gg_panels(values, plot$facet)
    numeric_values <- lapply(values, function(d) {
        d$group <- .gg_groups(d)
        for (axis in names(positions)) for (name in intersect(positions[[axis]], names(d))) d[[name]] <- place(d[[name]], axis)
        d
    })
    free <- if (is.null(plot$facet)) "fixed" else plot$facet$scales
    spread <- .gg_spread(numeric_values)
    built <- lapply(panels$keys, function(key) {
        lapply(seq_along(layers), function(i) {
            d <- numeric_values[[i]]
            if (length(key)) {
                keep <- rep(TRUE, attr(d, "rows"))
                for (name in intersect(names(key), names(d))) keep <- keep & d[[name]] == key[[name]]
                d <- .gg_pick(d, which(keep))
            }
            .gg_computed(layers[[i]], d, spread, plot)
        })
    })
    limits <- .gg_limits(unlist(built, recursive = FALSE), layers, plot, axes)
    if (whole && length(panels$keys) > 1) {
        old <- par(mfrow = panels$shape)
        on.exit(par(old))
    }
    for (number in seq_along(built)) {
        own <- if (free == "fixed") limits else {
            alone <- .gg_limits(built[[number]], layers, plot, axes)
            list(x = if (free %in% c("free", "free_x")) alone$x else limits$x, y = if (free %in% c("free", "free_y")) alone$y else limits$y)
        }
        .gg_panel(plot, layers, built[[number]], own, axes, scales, flip, panels$labels[number], number == length(built))
    }
}

.gg_panels <- function(values, facet) {
    if (is.null(facet)) return(list(keys = list(list()), labels = "", shape = c(1, 1)))
    names <- paste0("panel:", vapply(facet$terms, deparse1, ""))
    rows <- lapply(values, function(d) unclass(d)[intersect(names, names(d))])
    full <- rows[[which.max(lengths(rows))]]
    if (!length(full)) stop("At least one layer must contain all faceting variables: ", paste(sub("panel:", "", names), collapse = ", "))
    levels <- lapply(full, function(column) sort(unique(column)))
    grid <- expand.grid(rev(levels), stringsAsFactors = FALSE)[, rev(seq_along(levels)), drop = FALSE]
    if (is.null(facet$rows)) {
        present <- do.call(paste, c(unname(grid), sep = "\r")) %in% do.call(paste, c(unname(full), sep = "\r"))
        grid <- grid[present, , drop = FALSE]
        n <- nrow(grid)
        columns <- if (!is.null(facet$ncol)) facet$ncol else if (!is.null(facet$nrow)) ceiling(n / facet$nrow) else ceiling(sqrt(n))
        shape <- c(ceiling(n / columns), columns)
    } else {
        down <- prod(lengths(levels[seq_along(facet$rows)]))
        shape <- c(down, nrow(grid) / down)
    }
    list(keys = lapply(seq_len(nrow(grid)), function(i) as.list(grid[i, , drop = FALSE])),
         labels = unname(apply(grid, 1, paste, collapse = ", ")), shape = shape)
}

.gg_spread <- function(values) {
    whole <- function(names) {
        numbers <- unlist(lapply(values, function(d) unlist(unclass(d)[intersect(names, names(d))])))
        numbers <- numbers[is.finite(numbers)]
        if (length(numbers)) range(numbers) else c(0, 1)
    }
    list(x = whole(c("x", "xmin", "xmax")), y = whole(c("y", "ymin", "ymax")))
}

# Statistics group by group, then what is mapped to their results, then positions.
.gg_computed <- function(layer, d, spread, plot) {
    compute <- .gg_stats[[if (is.character(layer$stat)) layer$stat else "identity"]]
    if (is.null(compute)) stop("Can't find stat called \"", layer$stat, "\"")
    # A statistic that needs x and has y alone works along the other axis.
    turned <- layer$stat %in% c("bin", "density") && is.null(d$x) && !is.null(d$y)
    if (turned) {
        names(d)[names(d) == "y"] <- "x"
        spread <- list(x = spread$y, y = spread$x)
    }
    parameters <- layer$parameters
    if (identical(layer$stat, "identity") || !attr(d, "rows")) {
        made <- if (identical(layer$stat, "function")) compute(d, parameters, spread) else d
    } else {
        parts <- lapply(sort(unique(d$group)), function(group) compute(.gg_pick(d, which(d$group == group)), parameters, spread))
        columns <- unique(unlist(lapply(parts, names)))
        made <- lapply(setNames(columns, columns), function(name) {
            pieces <- lapply(parts, function(part) {
                if (is.null(part[[name]])) return(rep(NA, attr(part, "rows")))
                if (is.factor(part[[name]])) as.character(part[[name]]) else part[[name]]
            })
            do.call(c, pieces)
        })
        attr(made, "rows") <- sum(vapply(parts, function(part) as.numeric(attr(part, "rows")), 0))
    }
    mapping <- c(unclass(layer$mapping), if (layer$inherit) unclass(plot$mapping))
    for (name in names(mapping)) if (.gg_after(mapping[[name]])) {
        seen <- unclass(made)
        attr(seen, "rows") <- NULL
        if (!attr(made, "rows")) next
        for (one in intersect(c("density", "count", "y", "x", "prop", "ncount", "ndensity"), names(made))) seen[[paste0("..", one, "..")]] <- made[[one]]
        made[[name]] <- eval(mapping[[name]], seen, plot$plot_env)
    }
    if (layer$geom == "line" && length(made$x)) made <- .gg_pick(made, order(if (is.null(made$group)) rep(1, length(made$x)) else made$group, made$x))
    if (layer$geom == "bar" || layer$geom == "area") made <- .gg_stacked(layer, made)
    if (layer$geom == "tile" && length(made$x)) made <- .gg_tiled(made, parameters)
    if (turned) names(made)[match(c("x", "y"), names(made))] <- c("y", "x")
    if (layer$position$kind == "jitter" && length(made$x)) {
        room <- function(values, width) if (is.null(width)) 0.4 * (if (length(unique(values)) > 1) min(diff(sort(unique(values)))) else 1) else width
        if (!identical(layer$position$width, 0)) made$x <- jitter(made$x, amount = room(made$x, layer$position$width))
        if (!identical(layer$position$height, 0)) made$y <- jitter(made$y, amount = room(made$y, layer$position$height))
    }
    if (layer$position$kind == "nudge") {
        made$x <- made$x + layer$position$x
        made$y <- made$y + layer$position$y
    }
    made
}

# Bars and areas get a lower and an upper end: beside, upon, or upon and filled up to 1.
.gg_stacked <- function(layer, d) {
    if (is.null(d$y)) return(d)
    n <- length(d$y)
    if (!n) return(d)
    width <- if (!is.null(layer$parameters$width)) layer$parameters$width else if (!is.null(d$width)) d$width
             else 0.9 * (if (length(unique(d$x)) > 1) min(diff(sort(unique(d$x)))) else 1)
    width <- rep_len(width, n)
    kind <- layer$position$kind
    d$ymin <- pmin(0, d$y)
    d$ymax <- pmax(0, d$y)
    left <- d$x - width / 2
    right <- d$x + width / 2
    if (kind %in% c("stack", "fill")) {
        for (place in unique(d$x)) for (sign in c(1, -1)) {
            rows <- which(d$x == place & (if (sign > 0) d$y >= 0 else d$y < 0))
            rows <- rows[order(-d$group[rows])]
            tops <- cumsum(d$y[rows])
            whole <- if (kind == "fill" && length(tops)) max(abs(tops), 1e-300) else 1
            d$ymax[rows] <- tops / whole
            d$ymin[rows] <- (tops - d$y[rows]) / whole
        }
    } else if (kind == "dodge" && layer$geom == "bar") {
        for (place in unique(d$x)) {
            rows <- which(d$x == place)
            rows <- rows[order(d$group[rows])]
            part <- width[rows[1]] / length(rows)
            left[rows] <- place - width[rows[1]] / 2 + part * (seq_along(rows) - 1)
            right[rows] <- left[rows] + part
        }
    }
    d$xmin <- left
    d$xmax <- right
    if (layer$geom == "area") d$xmin <- d$xmax <- NULL
    d
}

.gg_limits <- function(built, layers, plot, axes) {
    one <- function(axis, names) {
        numbers <- unlist(lapply(built, function(d) unlist(unclass(d)[intersect(names, names(d))])))
        found <- plot$expand
        for (given in found) if (!is.null(given[[axis]])) numbers <- c(numbers, as.numeric(given[[axis]]))
        scale <- axes[[axis]]$scale
        numbers <- numbers[is.finite(numbers)]
        if (identical(scale$trans, "log10")) numbers <- numbers[numbers > 0]
        limits <- if (length(numbers)) range(numbers) else c(0, 1)
        if (!is.null(axes[[axis]]$levels)) limits <- c(min(limits, 0.6), max(limits, length(axes[[axis]]$levels) + 0.4))
        asked <- if (!is.null(plot$coordinates[[paste0(axis, "lim")]])) plot$coordinates[[paste0(axis, "lim")]] else scale$limits
        if (is.numeric(asked) || inherits(asked, c("Date", "POSIXct"))) limits <- ifelse(is.na(asked), limits, as.numeric(asked))
        sort(limits)
    }
    heads <- any(vapply(layers, function(layer) layer$geom %in% c("bar", "area"), TRUE))
    limits <- list(x = one("x", c("x", "xmin", "xmax", "xend", "xintercept")),
                   y = one("y", c(if (!heads) "y", "ymin", "ymax", "yend", "yintercept", "lower", "upper")))
    outside <- unlist(lapply(built, function(d) unlist(d$outliers)))
    if (length(outside)) limits$y <- range(limits$y, outside)
    limits
}

.gg_label <- function(plot, name) {
    if (name %in% names(plot$labels)) return(if (is.null(plot$labels[[name]])) "" else as.character(plot$labels[[name]]))
    sources <- c(list(plot$mapping), lapply(plot$layers, function(layer) layer$mapping))
    for (mapping in sources) if (!is.null(mapping[[name]])) {
        tree <- mapping[[name]]
        return(gsub("^\\.\\.|\\.\\.$", "", deparse1(tree)))
    }
    if (name == "y") for (layer in plot$layers) {
        if (layer$stat %in% c("count", "bin")) return("count")
        if (layer$stat == "density") return("density")
    }
    ""
}

.gg_panel <- function(plot, layers, built, limits, axes, scales, flip, label, last) {
    style <- if (is.null(plot$theme$style)) theme_get()$style else plot$theme$style
    turn <- function(options) {
        if (!flip) return(options)
        names(options) <- chartr("xy", "yx", names(options))
        options
    }
    trans <- function(axis) if (is.character(axes[[axis]]$scale$trans)) axes[[axis]]$scale$trans else "identity"
    log <- paste0(if (trans("x") == "log10") "x", if (trans("y") == "log10") "y")
    ranges <- turn(list(xlim = limits$x, ylim = limits$y))
    if (trans("x") == "reverse") ranges[[if (flip) "ylim" else "xlim"]] <- rev(limits$x)
    if (trans("y") == "reverse") ranges[[if (flip) "xlim" else "ylim"]] <- rev(limits$y)
    hidden <- style == "void"
    .draw("frame", xlim = ranges$xlim, ylim = ranges$ylim, log = if (flip) chartr("xy", "yx", log) else log, axes = !hidden,
          asp = plot$coordinates$ratio)
    if (style %in% c("grey", "grid")) .draw("grid", col = "grey90")
    for (i in seq_along(layers)) .gg_marks(layers[[i]], built[[i]], scales, limits, flip)
    for (axis in c("x", "y")) {
        side <- if (xor(axis == "x", flip)) 1 else 2
        found <- axes[[axis]]
        scale <- found$scale
        blank <- inherits(plot$theme[[paste0("axis.text.", axis)]], "element_blank") || inherits(plot$theme[["axis.text"]], "element_blank")
        if (blank) .draw("axis", side = side, at = limits[[axis]], labels = c(" ", " "))
        else if (!is.null(found$levels)) {
            shown <- if (is.character(scale$labels) && length(scale$labels) == length(found$levels)) scale$labels else found$levels
            .draw("axis", side = side, at = seq_along(found$levels), labels = shown)
        } else if (!is.null(found$dates)) {
            at <- pretty(limits[[axis]], 5)
            at <- at[at >= limits[[axis]][1] & at <= limits[[axis]][2]]
            .draw("axis", side = side, at = at, labels = format(if (inherits(found$dates, "Date")) as.Date(at, origin = "1970-01-01")
                                                               else as.POSIXct(at, origin = "1970-01-01")))
        } else if (is.numeric(scale$breaks) && length(scale$breaks)) {
            labels <- if (is.function(scale$labels)) scale$labels(scale$breaks) else if (is.null(scale$labels)) format(scale$breaks) else scale$labels
            .draw("axis", side = side, at = .gg_transform(scale, scale$breaks), labels = as.character(labels))
        }
    }
    head <- c(if (!is.null(plot$labels$title)) as.character(plot$labels$title), if (!is.null(plot$labels$subtitle)) as.character(plot$labels$subtitle),
              if (nzchar(label)) label)
    words <- turn(list(xlab = .gg_label(plot, "x"), ylab = .gg_label(plot, "y")))
    if (hidden) words <- list()
    .draw("titles", main = if (length(head)) paste(head, collapse = "\n"), xlab = words$xlab, ylab = words$ylab, sub = plot$labels$caption)
    if (last) .gg_legends(plot, layers, scales)
}

.gg_legends <- function(plot, layers, scales) {
    place <- plot$theme$legend.position
    if (is.null(place) && !is.null(theme_get()$legend.position)) place <- theme_get()$legend.position
    if (identical(place, "none") || all(vapply(layers, function(layer) isFALSE(layer$parameters$show.legend), TRUE))) return(invisible())
    where <- if (is.character(place) && place %in% c("top", "bottom", "left")) place else "topright"
    for (name in c("colour", "fill", "shape", "linetype", "size")) {
        keys <- scales[[name]]$keys
        guide <- plot$guides[[name]]
        off <- identical(guide, "none") || isFALSE(guide) || identical(plot$scales[[name]]$guide, "none") || isFALSE(plot$scales[[name]]$guide)
        if (is.null(keys) || off || !length(keys$labels)) next
        filled <- name == "fill" || any(vapply(layers, function(layer) layer$geom == "tile", TRUE))
        lines <- any(vapply(layers, function(layer) layer$geom %in% c("line", "path", "smooth", "step"), TRUE))
        .draw("legend", labels = as.character(keys$labels), place = where, title = .gg_label(plot, name), bty = "n",
              col = if (name %in% c("colour", "fill")) keys$values else "black", fill = if (filled) keys$values,
              pch = if (name == "shape") keys$values else if (!lines) 16, lty = if (name == "linetype") keys$values else if (lines) 1)
        break
    }
    invisible()
}
