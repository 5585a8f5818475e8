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

# Statistics: from one group's values to what is drawn

.gg_stats <- list(
    identity = function(d, p, scale) d,
    blank = function(d, p, scale) d,
    sum = function(d, p, scale) {
        key <- paste(d$x, d$y)
        first <- !duplicated(key)
        made <- .gg_pick(d, first)
        made$size <- as.vector(table(factor(key, unique(key))))
        made
    },
    count = function(d, p, scale) {
        along <- if (is.null(d$x)) "y" else "x"
        at <- sort(unique(d[[along]]))
        weight <- if (is.null(d$weight)) rep(1, length(d[[along]])) else d$weight
        count <- vapply(at, function(one) sum(weight[d[[along]] == one]), 0)
        made <- .gg_kept(d, length(at))
        made[[along]] <- at
        made[[if (along == "x") "y" else "x"]] <- count
        made$count <- count
        made$prop <- count / sum(count)
        made
    },
    bin = function(d, p, scale) {
        x <- d$x[is.finite(d$x)]
        if (!is.null(p$breaks)) breaks <- p$breaks
        else {
            width <- if (is.null(p$binwidth)) diff(scale$x) / ((if (is.null(p$bins)) 30 else p$bins) - 1) else p$binwidth
            if (!is.finite(width) || width <= 0) width <- 1
            low <- if (is.null(p$boundary)) floor(scale$x[1] / width - 0.5) * width + width / 2 else p$boundary
            low <- low - ceiling((low - scale$x[1]) / width) * width
            breaks <- seq(low, scale$x[2] + width, by = width)
        }
        counts <- hist(x[x >= min(breaks) & x <= max(breaks)], breaks = breaks, plot = FALSE)
        made <- .gg_kept(d, length(counts$counts))
        made$x <- counts$mids
        made$y <- counts$counts
        made$count <- counts$counts
        made$density <- counts$density
        made$ncount <- counts$counts / max(counts$counts, 1)
        made$ndensity <- counts$density / max(counts$density, 1e-300)
        made$width <- diff(breaks)
        made
    },
    density = function(d, p, scale) {
        smooth <- density(d$x[is.finite(d$x)], adjust = if (is.null(p$adjust)) 1 else p$adjust, from = scale$x[1], to = scale$x[2])
        made <- .gg_kept(d, length(smooth$x))
        made$x <- smooth$x
        made$y <- smooth$y
        made$density <- smooth$y
        made$count <- smooth$y * length(d$x)
        made
    },
    ecdf = function(d, p, scale) {
        x <- sort(d$x)
        made <- .gg_kept(d, length(x))
        made$x <- x
        made$y <- seq_along(x) / length(x)
        made
    },
    smooth = function(d, p, scale) {
        keep <- is.finite(d$x) & is.finite(d$y)
        x <- d$x[keep]
        y <- d$y[keep]
        if (length(unique(x)) < 2) return(structure(list(x = numeric(), y = numeric()), rows = 0L))
        at <- seq(min(x), max(x), length.out = if (is.null(p$n)) 80 else p$n)
        method <- if (is.null(p$method)) "auto" else p$method
        if (is.function(method)) method <- "lm"
        made <- .gg_kept(d, length(at))
        made$x <- at
        if (method %in% c("lm", "glm", "rlm")) {
            model <- lm(if (is.null(p$formula)) y ~ x else p$formula, data.frame(x = x, y = y))
            found <- predict(model, data.frame(x = at), se.fit = TRUE)
            made$y <- as.vector(found$fit)
            wide <- qt(0.975, max(model$df.residual, 1)) * as.vector(found$se.fit)
        } else {
            found <- .gg_local(x, y, at, if (is.null(p$span)) 0.75 else p$span)
            made$y <- found$y
            wide <- 1.96 * found$error
        }
        if (!isFALSE(p$se)) {
            made$ymin <- made$y - wide
            made$ymax <- made$y + wide
        }
        made
    },
    boxplot = function(d, p, scale) {
        at <- if (is.null(d$x)) rep(0, length(d$y)) else d$x
        places <- unique(at)
        made <- .gg_kept(d, length(places))
        found <- lapply(places, function(place) boxplot.stats(d$y[at == place & !is.na(d$y)]))
        made$x <- places
        for (i in 1:5) made[[c("ymin", "lower", "middle", "upper", "ymax")[i]]] <- vapply(found, function(one) one$stats[i], 0)
        made$outliers <- lapply(found, function(one) one$out)
        made
    },
    violin = function(d, p, scale) {
        at <- if (is.null(d$x)) rep(0, length(d$y)) else d$x
        places <- unique(at)
        made <- .gg_kept(d, length(places))
        made$x <- places
        made$shape_of <- lapply(places, function(place) {
            values <- d$y[at == place & is.finite(d$y)]
            if (length(unique(values)) > 1) density(values, from = min(values), to = max(values), n = 128)
        })
        made$ymin <- vapply(places, function(place) min(d$y[at == place], na.rm = TRUE), 0)
        made$ymax <- vapply(places, function(place) max(d$y[at == place], na.rm = TRUE), 0)
        made
    },
    bin2d = function(d, p, scale) {
        bins <- if (is.null(p$bins)) 30 else p$bins
        cell <- function(values, limits) limits[1] + (pmin(floor((values - limits[1]) / (diff(limits) / bins)), bins - 1) + 0.5) * diff(limits) / bins
        x <- cell(d$x, scale$x)
        y <- cell(d$y, scale$y)
        key <- paste(x, y)
        first <- !duplicated(key)
        made <- .gg_kept(d, sum(first))
        made$x <- x[first]
        made$y <- y[first]
        made$fill <- as.vector(table(factor(key, unique(key))))
        made$width <- rep(diff(scale$x) / bins, sum(first))
        made$height <- rep(diff(scale$y) / bins, sum(first))
        made
    },
    summary = function(d, p, scale) {
        places <- sort(unique(d$x))
        made <- .gg_kept(d, length(places))
        made$x <- places
        parts <- lapply(places, function(place) d$y[d$x == place & !is.na(d$y)])
        if (!is.null(p$fun.data)) {
            found <- lapply(parts, match.fun(p$fun.data))
            for (name in c("y", "ymin", "ymax")) made[[name]] <- vapply(found, function(one) as.numeric(one[[name]]), 0)
            return(made)
        }
        made$y <- vapply(parts, match.fun(p$fun), 0)
        if (!is.null(p$fun.min)) made$ymin <- vapply(parts, match.fun(p$fun.min), 0)
        if (!is.null(p$fun.max)) made$ymax <- vapply(parts, match.fun(p$fun.max), 0)
        made
    },
    "function" = function(d, p, scale) {
        limits <- if (is.null(p$xlim)) scale$x else p$xlim
        at <- seq(limits[1], limits[2], length.out = if (is.null(p$n)) 101 else p$n)
        f <- if (inherits(p$fun, "formula")) eval(call("function", as.pairlist(alist(.x = )), p$fun[[2]]), environment(p$fun)) else match.fun(p$fun)
        structure(list(x = at, y = do.call(f, c(list(at), p$args))), rows = length(at))
    })

mean_se <- function(x, mult = 1) {
    x <- x[!is.na(x)]
    wide <- mult * sqrt(var(x) / length(x))
    data.frame(y = mean(x), ymin = mean(x) - wide, ymax = mean(x) + wide)
}

mean_cl_normal <- function(x, mult = qt(0.975, length(x) - 1)) mean_se(x, mult)

# Columns that are the same in a whole group stay, once for each new row.
.gg_kept <- function(d, n) {
    constant <- Filter(function(column) length(column) && !is.list(column) && length(unique(column)) == 1, unclass(d))
    structure(lapply(constant, function(column) rep(column[1], n)), rows = n)
}

# Parabolas through the nearest points, weighed by distance.
.gg_local <- function(x, y, at, span) {
    count <- max(3, min(length(x), ceiling(span * length(x))))
    degree <- min(2, length(unique(x)) - 1)
    fits <- lapply(at, function(place) {
        distance <- abs(x - place)
        reach <- max(sort(distance)[count], 1e-12) * 1.0001
        w <- pmax(1 - (distance / reach)^3, 0)^3
        design <- outer((x - place) / reach, 0:degree, `^`)
        normal <- crossprod(design * w, design) + diag(1e-9, degree + 1)
        beta <- solve(normal, crossprod(design * w, y))
        spread <- sum(w * (y - design %*% beta)^2) / sum(w)
        c(beta[1], sqrt(spread * solve(normal)[1, 1]))
    })
    list(y = vapply(fits, `[`, 0, 1), error = vapply(fits, `[`, 0, 2))
}

# Scales

.gg_hues <- function(n) {
    first <- list("#F8766D", c("#F8766D", "#00BFC4"), c("#F8766D", "#00BA38", "#619CFF"), c("#F8766D", "#7CAE00", "#00BFC4", "#C77CFF"),
                  c("#F8766D", "#A3A500", "#00BF7D", "#00B0F6", "#E76BF3"),
                  c("#F8766D", "#B79F00", "#00BA38", "#00BFC4", "#619CFF", "#F564E3"))
    if (n <= 6) first[[max(n, 1)]] else colorRampPalette(c("#F8766D", "#B79F00", "#00BA38", "#00BFC4", "#619CFF", "#F564E3", "#FF64B0"))(n)
}

.gg_levels <- function(columns) {
    found <- list()
    for (column in columns) found <- c(found, if (is.factor(column)) levels(column) else sort(unique(as.character(column))))
    unique(unlist(found))
}

.gg_shades <- function(values, colours, limits, middle = NULL) {
    share <- (values - limits[1]) / max(diff(limits), 1e-300)
    if (!is.null(middle) && length(colours) == 3) {
        reach <- max(abs(limits - middle), 1e-300)
        share <- (values - middle) / (2 * reach) + 0.5
    }
    ramp <- colorRampPalette(colours)(101)
    shades <- ramp[pmin(pmax(round(share * 100), 0), 100) + 1]
    shades[is.na(values)] <- "#7F7F7F"
    shades
}

# A scale that has seen all values: `map` gives what to draw, `keys` what the legend shows.
.gg_trained <- function(aesthetic, columns, scale) {
    columns <- Filter(function(column) length(column) > 0, columns)
    if (!length(columns)) return(NULL)
    kind <- if (is.null(scale)) "default" else scale$kind
    if (kind == "identity") return(list(map = function(x) if (is.factor(x)) as.character(x) else x))
    discrete <- any(vapply(columns, .gg_is_discrete, TRUE))
    if (discrete) {
        levels <- if (is.null(scale$limits)) .gg_levels(columns) else as.character(scale$limits)
        n <- length(levels)
        values <- if (kind == "manual") scale$values else switch(aesthetic,
            colour = , fill = if (kind == "gradient") colorRampPalette(scale$colours)(n) else .gg_hues(n),
            shape = rep_len(c(16, 17, 15, 3, 7, 8), n), linetype = rep_len(c(1, 2, 3, 4, 5, 6), n),
            size = , linewidth = seq(1, 6, length.out = n), alpha = seq(0.1, 1, length.out = n), rep(1, n))
        if (!is.null(names(values)) && all(levels %in% names(values))) values <- values[levels]
        values <- rep_len(unname(values), n)
        shown <- if (is.character(scale$labels) && length(scale$labels) == n) scale$labels else levels
        return(list(map = function(x) values[match(as.character(x), levels)], keys = list(labels = shown, values = values)))
    }
    limits <- range(unlist(lapply(columns, as.numeric)), na.rm = TRUE, finite = TRUE)
    if (!is.null(scale$limits)) limits <- ifelse(is.na(scale$limits), limits, scale$limits)
    at <- pretty(limits, 4)
    at <- at[at >= limits[1] & at <= limits[2]]
    if (aesthetic %in% c("colour", "fill")) {
        colours <- if (is.null(scale$colours)) c("#132B43", "#56B1F7") else scale$colours
        map <- function(x) .gg_shades(as.numeric(x), colours, limits, if (is.numeric(scale$values)) scale$values)
    } else {
        range <- if (!is.null(scale$range)) scale$range else if (aesthetic == "alpha") c(0.1, 1) else c(1, 6)
        map <- function(x) range[1] + diff(range) * sqrt(pmax((as.numeric(x) - limits[1]) / max(diff(limits), 1e-300), 0))
    }
    list(map = map, keys = list(labels = format(at), values = map(at)))
}

.gg_with_alpha <- function(colours, alpha) {
    if (is.null(alpha)) return(colours)
    alpha <- rep_len(alpha, length(colours))
    solid <- !is.na(colours)
    channels <- col2rgb(colours[solid])
    colours[solid] <- sprintf("#%02X%02X%02X%02X", channels[1, ], channels[2, ], channels[3, ], as.integer(round(255 * alpha[solid])))
    colours
}

.gg_transform <- function(scale, values) {
    if (is.null(scale) || is.null(values) || !is.numeric(values)) return(values)
    kind <- scale$trans
    if (is.character(kind) && kind == "sqrt") sqrt(values) else values
}

# Drawing

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
