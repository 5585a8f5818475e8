# What makes stored numbers the values that programs know under these names.

.grouped <- function(frame, formula, outer = NULL, labels, units) {
  classes <- c("nfnGroupedData", "nfGroupedData", "groupedData", "data.frame")
  environment(formula) <- emptyenv()
  if (!is.null(outer)) environment(outer) <- emptyenv()
  frame <- structure(as.list(frame), row.names = attr(frame, "row.names"), class = classes, formula = formula)
  attr(frame, "outer") <- outer
  attr(frame, "labels") <- labels
  attr(frame, "units") <- units
  frame
}

.distances <- function(values, labels) structure(values, Size = as.double(length(labels)), Labels = labels, class = "dist")
