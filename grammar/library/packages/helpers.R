# What scripts take from small packages: plyr, matrixStats, zoo, Hmisc, progress, fastmap, rlang, remotes, grid, Rtsne, tokenizers.

# plyr

llply <- function(.data, .fun = NULL, ..., .progress = "none", .parallel = FALSE) lapply(.data, .fun, ...)

laply <- function(.data, .fun = NULL, ..., .progress = "none", .parallel = FALSE) {
  made <- lapply(.data, .fun, ...)
  if (all(lengths(made) == 1)) return(unlist(made, use.names = FALSE))
  if (is.null(dim(made[[1]]))) return(do.call(rbind, made))
  aperm(array(unlist(made), c(dim(made[[1]]), length(made))), c(length(dim(made[[1]])) + 1, seq_along(dim(made[[1]]))))
}

ldply <- function(.data, .fun = identity, ..., .progress = "none", .parallel = FALSE, .id = ".id") {
  made <- lapply(.data, .fun, ...)
  frames <- lapply(made, function(one) if (is.data.frame(one)) one else as.data.frame(as.list(one), stringsAsFactors = FALSE))
  plain <- vapply(made, function(one) is.null(names(one)) && !is.data.frame(one), TRUE)
  if (any(plain)) frames <- lapply(made, function(one) setNames(as.data.frame(as.list(one)), paste0("V", seq_along(one))))
  bound <- rbind.fill(frames)
  if (is.null(names(.data)) || is.null(.id)) return(bound)
  rows <- vapply(frames, nrow, 1L)
  cbind(setNames(data.frame(rep(names(.data), rows), stringsAsFactors = FALSE), .id), bound)
}

ddply <- function(.data, .variables, .fun = NULL, ..., .progress = "none", .drop = TRUE) {
  .unsupported(.drop, "groups without rows are left out")
  names <- if (is.character(.variables)) .variables else if (inherits(.variables, "formula")) all.vars(.variables) else vapply(.variables, deparse, "")
  groups <- split(.data, .data[rev(names)], drop = TRUE)
  quoted <- as.list(substitute(list(...)))[-1]
  calls <- is.function(.fun) && (identical(.fun, summarise) || identical(.fun, summarize) || identical(.fun, transform) || identical(.fun, mutate))
  frames <- lapply(groups, function(part) {
    made <- if (calls) eval(as.call(c(list(.fun, part), quoted)), parent.frame(3)) else .fun(part, ...)
    made <- if (is.data.frame(made)) as.data.frame(made) else as.data.frame(as.list(made))
    keys <- part[rep(1, nrow(made)), names, drop = FALSE]
    cbind(keys, made[setdiff(names(made), names)])
  })
  made <- rbind.fill(frames)
  row.names(made) <- NULL
  made
}

dlply <- function(.data, .variables, .fun = NULL, ..., .progress = "none") {
  names <- if (is.character(.variables)) .variables else vapply(.variables, deparse, "")
  lapply(split(.data, .data[names], drop = TRUE), .fun, ...)
}

rbind.fill <- function(...) {
  given <- list(...)
  frames <- if (length(given) == 1L && !is.data.frame(given[[1L]])) as.list(given[[1L]]) else given
  frames <- Filter(Negate(is.null), frames)
  if (!all(vapply(frames, is.data.frame, NA))) stop("All inputs to rbind.fill must be data.frames", call. = FALSE)
  frames <- frames[lengths(frames) > 0L]
  rows <- vapply(frames, nrow, 0L)
  columns <- unique(unlist(lapply(frames, names)))
  if (!length(columns)) return(if (length(given)) data.frame())
  # Each column is the frames' parts of it end to end, with missing values where a frame has none.
  whole <- lapply(columns, function(name) {
    parts <- lapply(frames, `[[`, name)
    kinds <- Filter(Negate(is.null), parts)
    if (!all(vapply(kinds, is.factor, NA))) parts <- lapply(parts, function(part) if (is.factor(part)) as.character(part) else part)
    absent <- vapply(parts, is.null, NA)
    parts[absent] <- lapply(rows[absent], function(count) rep(parts[!absent][[1L]][NA_integer_], count))
    do.call(c, unname(parts))
  })
  structure(whole, names = columns, class = "data.frame", row.names = .set_row_names(sum(rows)))
}

# Each value goes through a dictionary from the old ones to the new; of a factor the levels do.
mapvalues <- function(x, from, to, warn_missing = TRUE) {
  if (length(from) != length(to)) stop("`from` and `to` vectors are not the same length.")
  if (!is.atomic(x)) stop("`x` must be an atomic vector or NULL.")
  held <- if (is.factor(x)) levels(x) else x
  absent <- from[!(from %in% held) | duplicated(from)]
  if (warn_missing && length(absent)) message("The following `from` values were not present in `x`: ", paste(unique(absent), collapse = ", "))
  at <- match(held, from)
  held[!is.na(at)] <- to[at[!is.na(at)]]
  if (is.factor(x)) levels(x) <- held else x <- held
  x
}

revalue <- function(x, replace = NULL, warn_missing = TRUE) {
  if (!(is.null(x) || is.factor(x) || is.character(x))) stop("x is not a factor or a character vector.")
  if (length(replace)) mapvalues(x, names(replace), unname(replace), warn_missing) else x
}

round_any <- function(x, accuracy, f = round) f(x / accuracy) * accuracy

# matrixStats

rowMaxs <- function(x, na.rm = FALSE, ...) apply(x, 1, max, na.rm = na.rm)

rowMins <- function(x, na.rm = FALSE, ...) apply(x, 1, min, na.rm = na.rm)

colMaxs <- function(x, na.rm = FALSE, ...) apply(x, 2, max, na.rm = na.rm)

colMins <- function(x, na.rm = FALSE, ...) apply(x, 2, min, na.rm = na.rm)

rowSds <- function(x, na.rm = FALSE, ...) apply(x, 1, sd, na.rm = na.rm)

colSds <- function(x, na.rm = FALSE, ...) apply(x, 2, sd, na.rm = na.rm)

rowVars <- function(x, na.rm = FALSE, ...) apply(x, 1, var, na.rm = na.rm)

colVars <- function(x, na.rm = FALSE, ...) apply(x, 2, var, na.rm = na.rm)

rowMedians <- function(x, na.rm = FALSE, ...) apply(x, 1, median, na.rm = na.rm)

colMedians <- function(x, na.rm = FALSE, ...) apply(x, 2, median, na.rm = na.rm)

rowProds <- function(x, na.rm = FALSE, ...) apply(x, 1, prod, na.rm = na.rm)

colProds <- function(x, na.rm = FALSE, ...) apply(x, 2, prod, na.rm = na.rm)

rowCumsums <- function(x, ...) t(apply(x, 1, cumsum))

colCumsums <- function(x, ...) apply(x, 2, cumsum)

# zoo

rollapply <- function(data, width, FUN, ..., by = 1, by.column = TRUE, fill = if (na.pad) NA, na.pad = FALSE, partial = FALSE, align = c("center", "left", "right")) {
  align <- if (missing(align) && inherits(data, "xts")) "right" else match.arg(align)
  FUN <- match.fun(FUN)
  if (inherits(data, "zoo")) return(.zoo_rolled(data, width, FUN, ..., by = by, by.column = by.column, fill = fill, partial = partial, align = align))
  if (is.matrix(data) && ncol(data)) {
    if (by.column) return(apply(data, 2L, rollapply, width, FUN, ..., by = by, fill = fill, partial = partial, align = align))
    rows <- rollapply(seq_len(nrow(data)), width, function(at) at[1L], by = by, align = align)
    made <- lapply(rows, function(first) FUN(data[first + seq_len(width) - 1, , drop = FALSE], ...))
    return(if (all(lengths(made) == 1L)) unlist(made) else do.call(rbind, made))
  }
  if (partial) {
    # Windows at the ends hold what there is of them.
    before <- switch(align, left = 0, right = width - 1, center = (width - 1) %/% 2)
    at <- seq(1, length(data), by = by)
    return(vapply(at, function(k) as.numeric(FUN(data[max(1, k - before):min(length(data), k - before + width - 1)], ...)), 1))
  }
  count <- length(data) - width + 1
  starts <- if (count > 0) seq(1, count, by = by) else integer()
  made <- vapply(starts, function(i) as.numeric(FUN(data[i + seq_len(width) - 1], ...)), 1)
  if (is.null(fill)) return(made)
  found <- rep(fill, length.out = length(data))
  shift <- switch(align, left = 0, right = width - 1, center = (width - 1) %/% 2)
  found[starts + shift] <- made
  found
}

rollapplyr <- function(data, width, FUN, ..., align = "right") rollapply(data, width, FUN, ..., align = align)

rollmean <- function(x, k, fill = NULL, align = c("center", "left", "right"), ...) rollapply(x, k, mean, ..., fill = fill, align = match.arg(align))

rollmeanr <- function(x, k, fill = NULL, ...) rollapply(x, k, mean, ..., fill = fill, align = "right")

rollsum <- function(x, k, fill = NULL, align = c("center", "left", "right"), ...) rollapply(x, k, sum, ..., fill = fill, align = match.arg(align))

rollsumr <- function(x, k, fill = NULL, ...) rollapply(x, k, sum, ..., fill = fill, align = "right")

rollmax <- function(x, k, fill = NULL, align = c("center", "left", "right"), ...) rollapply(x, k, max, ..., fill = fill, align = match.arg(align))

rollmedian <- function(x, k, fill = NULL, align = c("center", "left", "right"), ...) rollapply(x, k, median, ..., fill = fill, align = match.arg(align))

na.locf <- function(object, na.rm = TRUE, fromLast = FALSE, ...) {
  if (inherits(object, "zoo")) return(.zoo_filled(object, function(x) na.locf(x, na.rm = FALSE, fromLast = fromLast), na.rm))
  if (is.data.frame(object)) {
    object[] <- lapply(object, na.locf, na.rm = FALSE, fromLast = fromLast)
    return(object)
  }
  if (fromLast) return(rev(na.locf(rev(object), na.rm = na.rm)))
  last <- cummax(ifelse(is.na(object), 0L, seq_along(object)))
  filled <- object
  filled[last > 0] <- object[last[last > 0]]
  if (na.rm) filled[last > 0] else filled
}

na.approx <- function(object, x = seq_along(object), na.rm = TRUE, rule = 1, ...) {
  if (inherits(object, "zoo")) {
    at <- if (missing(x)) as.numeric(index(object)) else x
    return(.zoo_filled(object, function(y) na.approx(y, at, na.rm = FALSE, rule = rule), na.rm))
  }
  seen <- !is.na(object)
  places <- x
  filled <- approx(x[seen], object[seen], places, rule = rule)$y
  if (na.rm) filled[!is.na(filled)] else filled
}

coredata <- function(x, ...) if (inherits(x, "zoo")) .bare_series(x) else as.vector(x)

# Hmisc

`%nin%` <- function(x, table) match(x, table, nomatch = 0) == 0

cut2 <- function(x, cuts, m = 150, g, digits = 3, ...) {
  if (missing(cuts)) {
    g <- if (missing(g)) max(1, floor(sum(!is.na(x)) / m)) else g
    sorted <- sort(x)
    cuts <- unique(c(sorted[1], sorted[floor(length(sorted) * seq_len(g - 1) / g) + 1], sorted[length(sorted)]))
  } else cuts <- sort(unique(c(if (min(x, na.rm = TRUE) < min(cuts)) min(x, na.rm = TRUE), cuts, if (max(x, na.rm = TRUE) > max(cuts)) max(x, na.rm = TRUE))))
  n <- length(cuts)
  shown <- formatC(signif(cuts, digits + 1), width = 0, format = "fg", digits = digits)
  shown <- format(shown, justify = "right")
  labels <- paste0("[", head(shown, -1), ",", tail(shown, -1), c(rep(")", n - 2), "]"))
  cut(x, cuts, labels = labels, right = FALSE, include.lowest = TRUE)
}

# progress: bars are drawn on terminals that can move their cursor; here they only count.
progress_bar <- R6Class("progress_bar", public = list(
  finished = FALSE,
  initialize = function(format = "[:bar] :percent", total = 100, width = 80, clear = TRUE, ...) {
    private$count <- 0
    private$total <- total
  },
  tick = function(len = 1, tokens = list()) {
    private$count <- private$count + len
    if (private$count >= private$total) self$finished <- TRUE
    invisible(self)
  },
  update = function(ratio, tokens = list()) self$tick(ratio * private$total - private$count),
  message = function(msg, set_width = TRUE) {
    base::message(msg)
    invisible(self)
  },
  terminate = function() {
    self$finished <- TRUE
    invisible(self)
  }
), private = list(count = 0, total = 100))

# fastmap

faststack <- function(init = 20, missing_default = NULL) {
  held <- list()
  list(push = function(x) {
         held[length(held) + 1] <<- list(x)
         invisible()
       },
       mpush = function(..., .list = NULL) {
         held <<- c(held, list(...), .list)
         invisible()
       },
       pop = function(missing = missing_default) {
         if (!length(held)) return(missing)
         last <- held[[length(held)]]
         held <<- head(held, -1)
         last
       },
       peek = function(missing = missing_default) if (length(held)) held[[length(held)]] else missing,
       reset = function() {
         held <<- list()
         invisible()
       },
       size = function() length(held), as_list = function() held)
}

fastqueue <- function(init = 20, missing_default = NULL) {
  held <- list()
  list(add = function(x) {
         held[length(held) + 1] <<- list(x)
         invisible()
       },
       madd = function(..., .list = NULL) {
         held <<- c(held, list(...), .list)
         invisible()
       },
       remove = function(missing = missing_default) {
         if (!length(held)) return(missing)
         first <- held[[1]]
         held <<- held[-1]
         first
       },
       peek = function(missing = missing_default) if (length(held)) held[[1]] else missing,
       reset = function() {
         held <<- list()
         invisible()
       },
       size = function() length(held), as_list = function() held)
}

fastmap <- function(missing_default = NULL) {
  held <- new.env(parent = emptyenv())
  list(get = function(key, missing = missing_default) if (exists(key, envir = held, inherits = FALSE)) get(key, envir = held) else missing,
       set = function(key, value) invisible(assign(key, value, envir = held)),
       mset = function(..., .list = NULL) {
         values <- c(list(...), .list)
         for (key in names(values)) assign(key, values[[key]], envir = held)
         invisible(held)
       },
       has = function(keys) vapply(keys, exists, TRUE, envir = held, inherits = FALSE, USE.NAMES = length(keys) > 1),
       remove = function(keys) invisible(rm(list = keys, envir = held)),
       keys = function(sort = FALSE) ls(held, all.names = TRUE), size = function() length(ls(held, all.names = TRUE)),
       as_list = function(sort = FALSE) mget(ls(held, all.names = TRUE), envir = held),
       reset = function() invisible(rm(list = ls(held, all.names = TRUE), envir = held)))
}

# rlang

abort <- function(message = NULL, class = NULL, ..., call = NULL, parent = NULL) {
  if (is.environment(call)) call <- NULL
  message <- bulleted(message)
  if (inherits(parent, "condition")) message <- paste0(message, "\n", dp_cause(parent))
  stop(structure(class = c(class, "rlang_error", "error", "condition"), list(message = message, call = call, ..., parent = parent)))
}

inform <- function(message = NULL, class = NULL, ...) {
  # The text has no end of line of its own; it gets one where it is shown.
  told <- structure(class = c(class, "rlang_message", "message", "condition"), list(message = bulleted(message), call = NULL, ...))
  withRestarts({
    signalCondition(told)
    cat(conditionMessage(told), "\n", sep = "", file = stderr())
  }, muffleMessage = function() NULL)
  invisible()
}

warn <- function(message = NULL, class = NULL, ...)
  warning(structure(class = c(class, "rlang_warning", "warning", "condition"), list(message = bulleted(message), call = NULL, ...)))

is_null <- function(x) is.null(x)

# As list(), where `!!!x` puts in the elements of x and `name := value` names one.
list2 <- function(...) {
  env <- .dots_place(parent.frame())
  made <- list()
  for (expr in as.list(substitute(list(...)))[-1L]) if (dp_is_spliced(expr) || is.call(expr) && identical(expr[[1L]], quote(`:=`))) made <- NULL
  if (!is.null(made)) return(list(...))
  dots <- eval(substitute(alist(...)))
  for (k in seq_along(dots)) {
    expr <- dots[[k]]
    if (dp_is_spliced(expr)) made <- c(made, as.list(eval(expr[[2L]][[2L]][[2L]], env)))
    else made <- c(made, lapply(dp_dots(dots[k], env), eval, env))
  }
  made
}

as_name <- function(x) if (is.character(x)) x else as.character(if (inherits(x, "quosure") || inherits(x, "formula")) x[[length(x)]] else x)

as_string <- function(x) as.character(x)

is_empty <- function(x) length(x) == 0

has_name <- function(x, name) name %in% names(x)

is_installed <- function(pkg, ...) all(vapply(pkg, requireNamespace, TRUE, quietly = TRUE))

# remotes and devtools: what is here is here, and nothing else can be installed.

install_github <- function(repo, ...) invisible(install.packages(sub("@.*$", "", basename(repo))))

install_cran <- function(pkgs, ...) invisible(install.packages(pkgs))

install_version <- function(package, version = NULL, ...) invisible(install.packages(package))

# grid

grid.newpage <- function(recording = TRUE) plot.new()

gpar <- function(...) list(...)

# Rtsne: t-SNE with exact gradients; places differ from those of other programs as random numbers do.

Rtsne <- function(X, dims = 2, initial_dims = 50, perplexity = 30, theta = 0.5, check_duplicates = TRUE, pca = TRUE, max_iter = 1000, verbose = FALSE,
                  is_distance = FALSE, Y_init = NULL, pca_center = TRUE, pca_scale = FALSE, normalize = TRUE, eta = 200, momentum = 0.5,
                  final_momentum = 0.8, exaggeration_factor = 12, stop_lying_iter = 250, mom_switch_iter = 250, ...) {
  X <- as.matrix(X)
  n <- nrow(X)
  if (n - 1 < 3 * perplexity) stop("perplexity is too large for the number of samples")
  if (check_duplicates && !is_distance && anyDuplicated(X)) stop("Remove duplicates before running TSNE.")
  if (is_distance) squares <- X^2
  else {
    if (pca) X <- prcomp(X, center = pca_center, scale. = pca_scale)$x[, seq_len(min(initial_dims, ncol(X), n)), drop = FALSE]
    if (normalize) {
      X <- sweep(X, 2, colMeans(X))
      X <- X / max(abs(X))
    }
    norms <- rowSums(X^2)
    squares <- pmax(outer(norms, norms, "+") - 2 * tcrossprod(X), 0)
  }
  diag(squares) <- Inf
  # The width of each point's neighbourhood is halved and doubled until its entropy is that of the perplexity.
  low <- rep(0, n)
  high <- rep(Inf, n)
  beta <- rep(1, n)
  shifted <- squares - apply(squares, 1, min)
  for (round in 1:64) {
    P <- exp(-shifted * beta)
    total <- rowSums(P)
    P <- P / total
    entropy <- log(total) + beta * rowSums(ifelse(is.finite(shifted), shifted, 0) * P)
    over <- entropy > log(perplexity)
    if (all(abs(entropy - log(perplexity)) < 1e-5)) break
    low <- ifelse(over, beta, low)
    high <- ifelse(over, high, beta)
    beta <- ifelse(is.infinite(high), beta * 2, (low + high) / 2)
  }
  P <- pmax((P + t(P)) / (2 * n), 1e-12)
  Y <- if (is.null(Y_init)) matrix(rnorm(n * dims, sd = 1e-4), n) else Y_init
  step <- matrix(0, n, dims)
  gain <- matrix(1, n, dims)
  costs <- numeric()
  for (iteration in seq_len(max_iter)) {
    pull <- if (iteration <= stop_lying_iter) exaggeration_factor else 1
    norms <- rowSums(Y^2)
    near <- 1 / (1 + outer(norms, norms, "+") - 2 * tcrossprod(Y))
    diag(near) <- 0
    Q <- pmax(near / sum(near), 1e-12)
    weight <- (pull * P - Q) * near
    slope <- 4 * (Y * rowSums(weight) - weight %*% Y)
    gain <- pmax(ifelse(sign(slope) != sign(step), gain + 0.2, gain * 0.8), 0.01)
    step <- (if (iteration <= mom_switch_iter) momentum else final_momentum) * step - eta * gain * slope
    Y <- Y + step
    Y <- sweep(Y, 2, colMeans(Y))
    if (iteration %% 50 == 0) {
      costs <- c(costs, sum(P * log(P / Q)))
      if (verbose) cat("Iteration ", iteration, ": error is ", format(costs[length(costs)]), "\n", sep = "")
    }
  }
  structure(list(N = n, Y = Y, costs = rowSums(P * log(P / Q)), itercosts = costs, origD = ncol(X), perplexity = perplexity, theta = theta,
                 max_iter = max_iter, stop_lying_iter = stop_lying_iter, eta = eta), class = c("Rtsne", "list"))
}

# tokenizers

tokenize_words <- function(x, lowercase = TRUE, stopwords = NULL, strip_punct = TRUE, strip_numeric = FALSE, simplify = FALSE) {
  made <- lapply(x, function(text) {
    words <- regmatches(text, gregexpr(if (strip_punct) "[[:alnum:]]+(['\u2019][[:alnum:]]+)*" else "[[:alnum:]]+(['\u2019][[:alnum:]]+)*|[[:punct:]]", text))[[1]]
    if (lowercase) words <- tolower(words)
    if (strip_numeric) words <- words[!grepl("^[0-9]+$", words)]
    words[!(words %in% stopwords)]
  })
  if (simplify && length(made) == 1) made[[1]] else made
}

tokenize_characters <- function(x, lowercase = TRUE, strip_non_alphanum = TRUE, simplify = FALSE) {
  made <- lapply(x, function(text) {
    if (lowercase) text <- tolower(text)
    if (strip_non_alphanum) text <- gsub("[[:punct:][:space:]]", "", text)
    strsplit(text, "")[[1]]
  })
  if (simplify && length(made) == 1) made[[1]] else made
}

tokenize_sentences <- function(x, lowercase = FALSE, strip_punct = FALSE, simplify = FALSE) {
  made <- lapply(x, function(text) {
    found <- trimws(strsplit(gsub("([.!?]+)\\s+", "\\1\n", text), "\n", fixed = TRUE)[[1]])
    if (lowercase) found <- tolower(found)
    if (strip_punct) gsub("[[:punct:]]", "", found) else found
  })
  if (simplify && length(made) == 1) made[[1]] else made
}
