# Scales of ggplot2: from values to colours, sizes and places.
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
