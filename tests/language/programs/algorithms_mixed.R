# generators, memo, matrix programs, text processing, recursion, closures etc
make_gen <- function(v) { i <- 0; list(has_next = function() i < length(v), next_val = function() { i <<- i + 1; v[[i]] }) }
g <- make_gen(letters[1:3]); while (g$has_next()) cat(g$next_val(), ""); cat("\n")
memo <- local({ cache <- c(); function(n) { key <- as.character(n); if (!is.null(cache[key]) && !is.na(cache[key])) return(cache[[key]]); val <- if (n < 2) n else memo(n - 1) + memo(n - 2); cache[key] <<- val; val } }); memo(30)
primes <- function(n) { s <- rep(TRUE, n); s[1] <- FALSE; for (i in 2:floor(sqrt(n))) if (s[i]) s[seq(i * i, n, by = i)] <- FALSE; which(s) }; primes(50)
collatz <- function(n) { steps <- 0; while (n != 1) { n <- if (n %% 2 == 0) n / 2 else 3 * n + 1; steps <- steps + 1 }; steps }; sapply(c(1, 7, 27), collatz)
bubble <- function(v) { n <- length(v); repeat { swapped <- FALSE; for (i in seq_len(n - 1)) if (v[i] > v[i + 1]) { t <- v[i]; v[i] <- v[i + 1]; v[i + 1] <- t; swapped <- TRUE }; if (!swapped) break }; v }; bubble(c(5, 2, 9, 1))
words <- strsplit("the cat the dog a cat", " ")[[1]]; freq <- table(words); freq[order(-freq, names(freq))]; names(freq)[freq == max(freq)]
caesar <- function(s, k) { ch <- utf8ToInt(s); up <- ch >= 65 & ch <= 90; ch[up] <- (ch[up] - 65 + k) %% 26 + 65; intToUtf8(ch) }; caesar("HELLO", 3)
is_pal <- function(s) { cl <- tolower(gsub("[^A-Za-z]", "", s)); cl == paste(rev(strsplit(cl, "")[[1]]), collapse = "") }; is_pal("A man, a plan, a canal: Panama")
mat_pow <- function(m, k) if (k == 0) diag(nrow(m)) else if (k %% 2 == 0) { h <- mat_pow(m, k / 2); h %*% h } else m %*% mat_pow(m, k - 1); mat_pow(matrix(c(1, 1, 1, 0), 2), 10)
flat <- function(l) do.call(c, lapply(l, function(x) if (is.list(x)) flat(x) else list(x))); str(flat(list(1, list(2, list("a")))))
perms <- function(v) if (length(v) <= 1) list(v) else do.call(c, lapply(seq_along(v), function(i) lapply(perms(v[-i]), function(p) c(v[i], p)))); length(perms(1:4)); perms(1:3)[[4]]
pipeline <- function(x, ...) { for (f in list(...)) x <- f(x); x }; pipeline(1:4, rev, cumsum, function(v) v * 2)
curry <- function(f, x) function(y) f(x, y); curry(`-`, 10)(3); Map(curry, list(`+`, `*`), 2) |> lapply(function(f) f(5)) |> unlist()
counter_env <- new.env(); with(counter_env, { n <- 0; inc <- function() { n <<- n + 1; n } }); counter_env$inc(); counter_env$inc()
queue <- list(); queue <- append(queue, list("a")); queue <- append(queue, list("b")); head1 <- queue[[1]]; queue <- queue[-1]; head1; length(queue)
binsearch <- function(v, t) { lo <- 1; hi <- length(v); while (lo <= hi) { mid <- (lo + hi) %/% 2; if (v[mid] == t) return(mid); if (v[mid] < t) lo <- mid + 1 else hi <- mid - 1 }; -1 }; binsearch(c(1, 3, 5, 7, 9), 7); binsearch(1:5, 10)
tree_insert <- function(t, v) { if (is.null(t)) return(list(v = v, l = NULL, r = NULL)); if (v < t$v) t$l <- tree_insert(t$l, v) else t$r <- tree_insert(t$r, v); t }; tr <- NULL; for (v in c(5, 2, 8, 1)) tr <- tree_insert(tr, v); walk <- function(t) if (!is.null(t)) c(walk(t$l), t$v, walk(t$r)); walk(tr)
gd <- function(f, df, x0, lr = 0.1, n = 50) { x <- x0; for (i in 1:n) x <- x - lr * df(x); c(x = x, fx = f(x)) }; round(gd(function(x) (x - 3)^2, function(x) 2 * (x - 3), 0), 4)
set.seed(42); w <- matrix(rnorm(6, sd = 0.1), 3); X <- matrix(runif(12), 4); fwd <- function(X, w) 1 / (1 + exp(-X %*% w)); dim(fwd(X, w)); round(fwd(X, w)[1, ], 4)
confusion <- function(t, p) { lv <- sort(unique(c(t, p))); m <- matrix(0L, length(lv), length(lv), dimnames = list(true = lv, pred = lv)); for (i in seq_along(t)) m[t[i], p[i]] <- m[t[i], p[i]] + 1L; m }; confusion(c("a", "b", "a"), c("a", "a", "a"))
sprintf("%5.2f|%-8s|%03d|%e|%g|%%|%x", pi, "ab", 7L, 12345.678, 1e-10, 255L); format(c(1.123456789, 100), digits = 3); round(-2.567, 1); signif(123456, 2); 5 %/% 2; -5 %/% 2; -5 %% 3; 1e5; 100000; 123456789; 1e-5; 0.1 + 0.2; 1/3
x <- c(b = 2, a = 1); x[order(names(x))]; rev(x); which(x > 1); cumsum(1:5); diff(c(1, 4, 9)); outer(1:2, 1:2, Vectorize(function(a, b) a^b)); any(x > 1); all(x > 1); range(x); prod(1:5); var(c(1, 2, 3, 4)); rowSums(matrix(1:4, 2)); mapply(function(...) paste(...), 1:2, c("a", "b"))
switch(class(1L)[1], integer = "int", numeric = "num"); vapply(list(1, "a", TRUE, NULL, sum), function(v) class(v)[1], ""); is.na(c(1, NA)); nchar("héllo"); toupper("é"); rev(strsplit("añb", "")[[1]]); substr("hello", 2, 3); sub("l+", "L", "hello"); regmatches("a1b22", gregexpr("[0-9]+", "a1b22"))[[1]]; sprintf("%s", list("a", 1, TRUE)); toString(c(1.5, 2)); trimws("  x ")
do.call(rbind, Map(function(n, v) data.frame(name = n, value = v), c("a", "b"), 1:2)); Reduce(function(acc, w) { acc[[w]] <- (if (is.null(acc[[w]])) 0 else acc[[w]]) + 1; acc }, c("x", "y", "x"), list()) |> str()
f <- function(n) { if (n > 3) stop("too deep at ", n); tryCatch(f(n + 1), error = function(e) { if (n == 1) cat("top caught:", conditionMessage(e), "\n") else stop(e) }) }; f(1)
print(tryCatch({ warning("first"); 1 }, warning = function(w) { message("handling: ", conditionMessage(w)); 2 }, finally = cat("finally\n")))
repeat { x <- tryCatch({ if (runif(1) >= 0) stop("retry"); 1 }, error = function(e) NULL); if (is.null(x)) break }; x
df <- data.frame(id = 1:4, g = c("x", "y", "x", "y"), v = c(10, 20, 30, 40)); for (k in unique(df$g)) cat(k, mean(df$v[df$g == k]), "\n"); df$z <- ifelse(df$v > 15, "hi", "lo"); df[order(-df$v), c("id", "z")]; aggregate(v ~ g, df, mean); with(df, tapply(v, g, max)); merge(df, data.frame(g = c("x", "y"), w = c(0.5, 2))); apply(as.matrix(df[, c("id", "v")]), 1, sum); colMeans(df[, c("id", "v")]); lapply(split(df, df$g), function(d) sum(d$v)); do.call(cbind, lapply(df[c("id", "v")], range)); str(df); summary(df$v); head(df, 2); nrow(df[df$v > 100, ]); df[["v"]][2]; df[df$g == "x" & df$v > 5, "id"]; colnames(df); unique(df$g); table(df$g, df$z)
