# Trees of clusters as nested lists.

as.dendrogram <- function(object, ...) UseMethod("as.dendrogram")

as.dendrogram.dendrogram <- function(object, ...) object

as.dendrogram.hclust <- function(object, hang = -1, check = TRUE, ...) {
  labels <- if (is.null(object$labels)) seq_along(object$order) else object$labels
  nodes <- list()
  leaf <- function(k, height) structure(k, members = 1L, height = height, label = labels[k], leaf = TRUE)
  size <- nrow(object$merge)
  high <- max(object$height)
  for (k in seq_len(size)) {
    pair <- object$merge[k, ]
    parts <- lapply(pair, function(at) if (at < 0) leaf(-at, if (hang < 0) 0 else max(0, object$height[k] - hang * high)) else nodes[[at]])
    members <- vapply(parts, attr, 0L, "members")
    # A branch's middle lies between the middles of its parts, counted from its own left end.
    middles <- vapply(parts, function(part) if (is.null(attr(part, "midpoint"))) 0 else attr(part, "midpoint"), 0)
    nodes[[k]] <- structure(parts, members = sum(members), midpoint = (members[1L] + middles[1L] + middles[2L]) / 2, height = object$height[k])
  }
  structure(nodes[[size]], class = "dendrogram")
}

`[[.dendrogram` <- function(x, ...) {
  part <- unclass(x)[[...]]
  if (is.null(attr(part, "height"))) part else structure(part, class = "dendrogram")
}

is.leaf <- function(object) is.logical(leaf <- attr(object, "leaf")) && leaf

order.dendrogram <- function(x) {
  if (!inherits(x, "dendrogram")) stop("'order.dendrogram' requires a dendrogram")
  as.integer(unlist(x))
}

labels.dendrogram <- function(object, ...) unlist(lapply(leaves_of(object), attr, "label"))

leaves_of <- function(tree) if (is.leaf(tree)) list(tree) else unlist(lapply(unclass(tree), leaves_of), recursive = FALSE)

nobs.dendrogram <- function(object, ...) attr(object, "members")

print.dendrogram <- function(x, digits = getOption("digits"), ...) {
  shown <- function(name) format(attr(x, name), digits = digits)
  what <- if (is.leaf(x)) sprintf("leaf '%s'", shown("label")) else sprintf("with %d branches and %d members total", length(unclass(x)), attr(x, "members"))
  cat("'dendrogram' ", what, ", at height ", shown("height"), " \n", sep = "")
  invisible(x)
}

str.dendrogram <- function(object, max.level = NA, digits.d = 3, give.attr = FALSE, nest.lev = 0, indent.str = "", last.str = "", stem = "--", ...) {
  .unsupported(give.attr)
  show <- function(node, indent, stem, level) {
    height <- format(signif(attr(node, "height"), digits.d))
    if (is.leaf(node)) cat(indent, stem, "leaf ", if (is.character(attr(node, "label"))) paste0("\"", attr(node, "label"), "\"") else attr(node, "label"), " ",
                           if (attr(node, "height") > 0) paste0("(h= ", height, " )"), "\n", sep = "")
    else {
      cat(indent, stem, "[dendrogram w/ ", length(node), " branches and ", attr(node, "members"), " members at h = ", height, "]", if (level %in% max.level) " ..", "\n", sep = "")
      if (level %in% max.level) return()
      for (k in seq_along(node)) {
        last <- k == length(node)
        below <- if (nchar(indent) || level) paste0(sub("`$", " ", indent)) else ""
        show(unclass(node)[[k]], paste0(below, "  ", if (last) "`" else "|"), "--", level + 1)
      }
    }
  }
  show(unclass(object), "", stem, 0)
  invisible()
}

rev.dendrogram <- function(x) {
  turn <- function(node) {
    if (is.leaf(node)) return(node)
    parts <- rev(lapply(unclass(node), turn))
    attributes(parts) <- attributes(node)
    attr(parts, "midpoint") <- attr(node, "members") - 1 - attr(node, "midpoint")
    parts
  }
  structure(turn(x), class = "dendrogram")
}

cut.dendrogram <- function(x, h, ...) {
  lower <- list()
  count <- 0L
  trim <- function(node) {
    if (attr(node, "height") <= h) {
      count <<- count + 1L
      lower[[count]] <<- structure(node, class = "dendrogram")
      return(structure(count, members = 1L, height = 0, label = paste("Branch", count), leaf = TRUE))
    }
    parts <- lapply(unclass(node), trim)
    members <- vapply(parts, attr, 0L, "members")
    middles <- vapply(parts, function(part) if (is.null(attr(part, "midpoint"))) 0 else attr(part, "midpoint"), 0)
    structure(parts, members = sum(members), midpoint = (sum(members[-length(members)]) + middles[1L] + middles[length(middles)]) / 2,
              height = attr(node, "height"))
  }
  upper <- trim(unclass(x))
  list(upper = structure(upper, class = "dendrogram"), lower = lower)
}

# A node is changed before its parts are; these take the places of the old ones.
dendrapply <- function(X, FUN, ...) {
  if (!inherits(X, "dendrogram")) stop("'X' is not a dendrogram")
  change <- match.fun(FUN)
  changed <- function(node) {
    made <- change(`class<-`(node, "dendrogram"), ...)
    if (is.leaf(node)) return(made)
    replace(if (is.list(made)) made else as.list(made), seq_along(node), lapply(unclass(node), changed))
  }
  changed(X)
}

reorder.dendrogram <- function(x, wts, agglo.FUN = sum, ...) {
  agglo.FUN <- match.fun(agglo.FUN)
  turn <- function(node) {
    if (is.leaf(node)) {
      attr(node, "value") <- wts[as.vector(node)]
      return(node)
    }
    parts <- lapply(unclass(node), turn)
    values <- vapply(parts, function(part) as.double(attr(part, "value")), 0)
    parts <- parts[order(values)]
    kept <- attributes(node)
    attributes(parts) <- kept
    members <- vapply(parts, attr, 0L, "members")
    middles <- vapply(parts, function(part) if (is.null(attr(part, "midpoint"))) 0 else attr(part, "midpoint"), 0)
    attr(parts, "midpoint") <- (members[1L] + middles[1L] + middles[2L]) / 2
    attr(parts, "value") <- agglo.FUN(values)
    parts
  }
  structure(turn(x), class = "dendrogram")
}

as.hclust <- function(x, ...) UseMethod("as.hclust")

as.hclust.default <- function(x, ...) {
  if (inherits(x, "hclust")) x
  else stop(gettextf("argument 'x' cannot be coerced to class %s", dQuote("hclust")), domain = NA)
}

as.hclust.dendrogram <- function(x, ...) {
  found <- list()
  walk <- function(node) {
    if (is.leaf(node)) return(-as.integer(node))
    parts <- lapply(unclass(node), walk)
    found[[length(found) + 1L]] <<- list(height = attr(node, "height"), parts = parts)
    structure(length(found), inner = TRUE)
  }
  walk(x)
  heights <- vapply(found, function(node) node$height, 0)
  at <- order(heights)
  place <- order(at)
  merge <- t(vapply(found[at], function(node) {
    pair <- vapply(node$parts, function(part) if (is.null(attr(part, "inner"))) part else place[part], 0L)
    if (all(pair > 0)) sort(pair) else if (all(pair < 0)) sort(pair, decreasing = TRUE) else sort(pair)
  }, integer(2)))
  structure(list(merge = merge, height = heights[at], order = order.dendrogram(x), labels = labels.dendrogram(x)[order(order.dendrogram(x))], call = match.call(),
                 method = NA_character_, dist.method = NA_character_), class = "hclust")
}

cophenetic <- function(x) UseMethod("cophenetic")

cophenetic.default <- function(x) {
  tree <- as.dendrogram(as.hclust(x))
  back <- order(order.dendrogram(tree))
  as.dist(as.matrix(cophenetic.dendrogram(tree))[back, back])
}

cophenetic.dendrogram <- function(x) {
  size <- attr(x, "members")
  made <- matrix(0, size, size)
  walk <- function(node) {
    if (is.leaf(node)) return(as.integer(node))
    parts <- lapply(unclass(node), walk)
    for (i in seq_along(parts)) for (j in seq_len(i - 1L)) made[parts[[i]], parts[[j]]] <<- made[parts[[j]], parts[[i]]] <<- attr(node, "height")
    unlist(parts)
  }
  members <- walk(x)
  # Objects stand in the order of the leaves.
  made <- made[members, members]
  dimnames(made) <- rep(list(as.character(labels.dendrogram(x))), 2L)
  as.dist(made)
}

plot.dendrogram <- function(x, horiz = FALSE, main = NULL, xlab = "", ylab = "", ...) {
  .unsupported(horiz, "trees hang from above")
  size <- attr(x, "members")
  plot.default(c(1, size), c(-.room_for_leaves(labels(x), attr(x, "height")), attr(x, "height")), type = "n", xlab = xlab, ylab = ylab, main = main, axes = FALSE)
  axis(2, at = pretty(c(0, attr(x, "height"))))
  draw <- function(node, left) {
    if (is.leaf(node)) {
      text(left, attr(node, "height"), attr(node, "label"), srt = 90, pos = 1)
      return(left)
    }
    middles <- numeric()
    for (part in unclass(node)) {
      middles <- c(middles, draw(part, left))
      left <- left + attr(part, "members")
    }
    for (k in seq_along(middles)) segments(middles[k], attr(unclass(node)[[k]], "height"), middles[k], attr(node, "height"))
    segments(min(middles), attr(node, "height"), max(middles), attr(node, "height"))
    mean(range(middles))
  }
  draw(x, 1)
  invisible()
}

reorder <- function(x, ...) UseMethod("reorder")
