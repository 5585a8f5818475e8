# Statistics of ggplot2's layers: from one group's values to what is drawn.
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
