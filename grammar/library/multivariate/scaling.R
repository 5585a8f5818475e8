# Points in few dimensions whose distances are those given.
# Sources: W. S. Torgerson, Theory and Methods of Scaling (1958); F. Cailliez, Psychometrika 48 (1983).

# Less the means of rows and of columns.
.doubly_centred <- function(x) {
  centre <- diag(nrow(x)) - 1 / nrow(x)
  centre %*% unname(x) %*% centre
}

# The least constant which makes distances those of points: Cailliez's largest real eigenvalue.
.additive_constant <- function(distances) {
  n <- nrow(distances)
  corners <- rbind(cbind(matrix(0, n, n), -.doubly_centred(distances^2)), cbind(-diag(n), 2 * .doubly_centred(distances)))
  found <- eigen(corners, only.values = TRUE)$values
  max(Re(found)[abs(Im(found)) <= 1e-8 * max(Mod(found))])
}

cmdscale <- function(d, k = 2, eig = FALSE, add = FALSE, x.ret = FALSE, list. = eig || add || x.ret) {
  .refuse_if(`NA values not allowed in 'd'` = anyNA(d), `distances must be result of 'dist' or a square matrix` = !inherits(d, "dist") && (!is.matrix(d) || nrow(d) != ncol(d)))
  labels <- if (inherits(d, "dist")) attr(d, "Labels") else rownames(d)
  distances <- unname(as.matrix(d))
  .refuse_if(`'k' must be in {1, 2, ..  n - 1}` = k < 1 || k > nrow(distances) - 1)
  constant <- if (add) .additive_constant(distances) else 0
  centred <- .doubly_centred((distances + constant * (row(distances) != col(distances)))^2)
  axes <- eigen(-centred / 2, symmetric = TRUE)
  used <- which(axes$values[seq_len(k)] > 0)
  if (length(used) < k) warning(gettextf("only %d of the first %d eigenvalues are > 0", length(used), k), domain = NA)
  points <- structure(axes$vectors[, used, drop = FALSE] %*% diag(sqrt(axes$values[used]), length(used)), dimnames = list(labels, NULL))
  if (!list.) return(points)
  fit <- sum(axes$values[used]) / c(sum(abs(axes$values)), sum(axes$values[axes$values > 0]))
  list(points = points, eig = if (eig) axes$values, x = if (x.ret) centred, ac = constant, GOF = fit)
}
