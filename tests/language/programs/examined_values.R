# what an examiner's programs over many topics once printed otherwise
m <- structure(1:3, class = "short")
length.short <- function(x) 2L
unclass(rev(m))
seq_along(m)
unsplit(split(1:6, c(1, 2)), c(1, 2))
counts <- table(c("a", "b"))
cbind(counts)
rbind(counts)
cbind(1:2, counts)
cbind(a = counts, counts)
# eigenvectors with the signs of the reference
eigen(matrix(c(2, 0, 0, 3), 2))
eigen(diag(c(3, 2)))$vectors
eigen(matrix(c(2, 1, 1, 3), 2))
eigen(matrix(c(1, -2, -2, -5), 2))$vectors
eigen(diag(3))$vectors
eigen(diag(c(2, 1, 1)))$vectors
round(eigen(matrix(c(5, 0, 0, 0, 2, 1, 0, 1, 2), 3))$values, 4)
svd(matrix(1:3, 3), nu = 3)$d
dim(svd(matrix(1:6, 2), nu = 2, nv = 3)$v)
set.seed(1)
chisq.test(table(sample(c("first", "second"), 50, TRUE), sample(c("third", "fourth"), 50, TRUE)))$data.name
# what messages about locked and active bindings speak of
x <- 1
lockBinding("x", globalenv())
f <- function() x <<- 3
tryCatch(f(), error = print)
tryCatch(assign("x", 5), error = print)
tryCatch(x[1] <- 2, error = print)
tryCatch(names(x) <- "a", error = print)
place <- new.env()
place$y <- 1
lockBinding("y", place)
tryCatch(place$y <- 2, error = print)
tryCatch(place[["y"]] <- 2, error = print)
tryCatch(makeActiveBinding("y", function() 1, place), error = print)
makeActiveBinding("z", function(value) if (missing(value)) stop("read") else stop("written ", value), place)
tryCatch(place$z, error = print)
tryCatch(place$z <- 3, error = print)
makeActiveBinding("call", function(value) if (missing(value)) sys.call() else print(sys.call()), place)
place$call
place$call <- "text"
