# keras-style & misc
normalize <- function(x, mean = NULL, sd = NULL) { if (is.null(mean)) mean <- colMeans(x); if (is.null(sd)) sd <- apply(x, 2, stats::sd); sweep(sweep(x, 2, mean), 2, sd, "/") }
set.seed(1); X <- matrix(rnorm(20), 5); round(normalize(X), 3)
to_cat <- function(y, k = max(y) + 1) { m <- matrix(0, length(y), k); m[cbind(seq_along(y), y + 1)] <- 1; m }; to_cat(c(0, 2, 1))
FLAGS <- list(lr = 0.01, epochs = 3L); cat(sprintf("%-8s= %s\n", names(FLAGS), FLAGS), sep = "")
history <- list(); for (ep in 1:3) { loss <- 1 / ep; history$loss <- c(history$loss, loss); cat(sprintf("Epoch %d/%d - loss: %.4f\n", ep, 3, loss)) }; str(history)
layers <- list(list(type = "dense", units = 32, activation = "relu"), list(type = "dropout", rate = 0.5)); for (l in layers) cat(l$type, if (!is.null(l$units)) l$units else "-", "\n")
params <- expand.grid(units = c(16, 32), lr = c(0.1, 0.01)); params; nrow(params)
results <- apply(params, 1, function(p) p["units"] * p["lr"]); unname(results)
gen <- function(data, batch) { i <- 1; function() { idx <- seq(i, min(i + batch - 1, length(data))); i <<- if (max(idx) == length(data)) 1 else max(idx) + 1; data[idx] } }; g <- gen(1:5, 2); g(); g(); g(); g()
relu <- function(x) pmax(x, 0); sigmoid <- function(x) 1 / (1 + exp(-x)); round(sigmoid(relu(c(-1, 0, 2))), 4)
softmax <- function(x) { e <- exp(x - max(x)); e / sum(e) }; round(softmax(c(1, 2, 3)), 4)
ifelse(c(0.2, 0.7) > 0.5, "pos", "neg"); which.max(c(0.1, 0.7, 0.2)) - 1; max.col(matrix(c(0.1, 0.9, 0.8, 0.2), 2, byrow = TRUE))
table(pred = c("a", "b", "a"), truth = c("a", "b", "b")); mean(c(1, 0, 1) == c(1, 1, 1))
train_idx <- 1:3; df <- data.frame(x = 1:5, y = c(2, 4, 6, 8, 10)); train <- df[train_idx, ]; test <- df[-train_idx, ]; dim(train); test
as.matrix(df[, c("x", "y")])[1:2, ]; data.matrix(df)[1, ]; unname(as.matrix(df))[2, ]
x <- array(1:24, c(2, 3, 4)); dim(x[, , 1]); x[2, 3, 4]; dim(x) <- c(6, 4); x[6, 4]; aperm(array(1:6, c(1, 2, 3)))[3, 2, 1]
vec <- 1:6; dim(vec) <- c(2, 3); vec; array(1:4, 4); is.null(dim(1:3)); length(array(0, c(2, 2, 2)))
sprintf("%s has %d params (%.1f%%)", c("a", "b"), c(10L, 200L), c(1.234, 99.9)); paste("acc:", round(0.98765, 3)); format(1234567.891, big.mark = ","); format(Sys.Date(), "%Y") > "2000"
strsplit("the quick brown", " ")[[1]]; tolower("ABC"); gsub("[^a-z]", "", "a1b2"); nchar("hello"); rev(utf8ToInt("ab")); match(c("b", "z"), letters)
vocab <- unique(unlist(strsplit("a b a c", " "))); setNames(seq_along(vocab), vocab); sapply(c("a", "c"), function(w) which(vocab == w))
do.call(rbind, lapply(1:2, function(i) data.frame(id = i, sq = i^2))); Reduce(rbind, list(1:2, 3:4)); do.call(cbind, list(a = 1:2, b = 3:4))
mapply(function(n, v) paste(n, v), c("a", "b"), c(1, 2)); outer(1:2, 1:3); crossprod(matrix(1:4, 2)); diag(2); solve(matrix(c(2, 0, 0, 4), 2))
tryCatch({ stop("shape mismatch") }, error = function(e) message("Error: ", conditionMessage(e)), finally = cat("done\n"))
invisible(lapply(seq_len(2), function(i) cat("fold", i, "\n"))); seq(0, 1, by = 0.25); seq(10, 1, length.out = 4); rep(c("a", "b"), times = c(2, 1)); rep_len(1:3, 7)
stopifnot(is.numeric(1), length(1:3) == 3); is.function(print); nchar(toString(1:5)); identical(c(a = 1), c(a = 1)); all.equal(1, 1 + 1e-10); isTRUE(all.equal(1, 1.1))
cut(c(1, 5, 9), breaks = c(0, 3, 6, 10), labels = c("lo", "mid", "hi")); findInterval(c(1, 5), c(0, 3, 6)); quantile(1:5); var(1:5); cor(1:5, c(2, 4, 6, 8, 11)); scale(matrix(1:4, 2))
class(Sys.time()); difftime(as.Date("2024-03-01"), as.Date("2024-02-01")); months(as.Date("2024-03-01")); seq(as.Date("2024-01-30"), by = "month", length.out = 2)
l <- list(a = 1, b = list(c = 2)); l$b$c; l[["b"]][["c"]]; modifyList(l, list(a = 5))$a; names(l); "a" %in% names(l); unlist(l); rapply(l, function(x) x + 1, how = "unlist")
nested <- lapply(1:2, function(i) lapply(1:2, function(j) i * j)); nested[[2]][[2]]; array(unlist(nested), c(2, 2))
f <- function(x, ...) UseMethod("f"); f.numeric <- function(x, scale = 1, ...) x * scale; f(3, scale = 2)
