m <- function(e) tryCatch(print(e), error = function(e) cat("E:", conditionMessage(e), "\n"), warning = function(w) cat("W:", 
    conditionMessage(w), "\n"))
df <- data.frame(id = 1:4, g = c("a", "b", "a", "b"), v = c(1.5, 2.5, NA, 4), stringsAsFactors = TRUE)
df
str(df)
summary(df)
levels(df$g)
df[df$g == "a", ]
df[-1, ]
df[["v"]]
df[2, 3]
df[, c("id", "v")]
df[order(-df$id), ]
df[c(TRUE, FALSE), ]
df$w <- df$v * 2
df[df$id == 2, "v"] <- 99
df
df$w <- NULL
df[["z"]] <- letters[1:4]
df
df[5, ] <- list(5L, "a", 7, "e")
df
m(df[6, "g"] <- "zz")
nrow(df)
dim(df)
m(df$bad <- 1:3)
m(df[, "nope"])
m(df[["nope"]])
m(df["nope"])
df$nope
names(df)
colnames(df)[1] <- "ID"
df
rownames(df) <- paste0("r", 1:5)
df["r2", ]
df[c("r1", "r5"), "v"]
d2 <- data.frame(x = c(1, 1, 2), y = c("p", "q", "r"))
d3 <- data.frame(x = c(1, 2, 3), z = c(10, 20, 30))
merge(d2, d3)
merge(d2, d3, all = TRUE)
merge(d2, d3, all.x = TRUE, by = "x")
merge(d3, d2, by = "x")
cbind(d2, k = 3:1)
rbind(d2, data.frame(x = 9, y = "s"))
rbind(d2, list(7, "t"))
with(d2, tapply(x, y, sum))
within(d2, {
    k <- x * 2
    rm(x)
})
subset(d2, x == 1, select = y)
subset(d2, x > 1)
subset(d2, select = -x)
transform(d2, x = x + 1, w = x * 2)
aggregate(v ~ g, df, mean)
aggregate(df$v, list(df$g), sum, na.rm = TRUE)
aggregate(cbind(ID, v) ~ g, data = df, FUN = sum)
aggregate(. ~ g, data = df[c("ID", "g", "v")], FUN = mean)
sapply(df, class)
lapply(split(df$v, df$g), mean, na.rm = TRUE)
do.call(rbind, list(d2, d2))
unique(rbind(d2, d2))
duplicated(rbind(d2, d2))
t(d3)
as.matrix(d2)
as.matrix(d3)
colMeans(d3)
rowSums(d3)
apply(d3, 1, sum)
sapply(d3, range)
is.na(df)
colSums(is.na(df))
complete.cases(df)
na.omit(df)
df[is.na(df)] <- 0
df
expand.grid(a = 1:2, b = c("x", "y"))
stack(list(a = 1:2, b = 3))
head(mtcars, 3)
head(iris, 2)
nrow(iris)
table(iris$Species)
tapply(iris$Sepal.Length, iris$Species, mean)
summary(iris)
data.frame(a = 1:2, b = list(c = 3:4, d = 5:6))
data.frame()
data.frame(x = integer(0))
data.frame(1:2, c("a", "b"))
data.frame(a = 1:4, b = 1:2)
m(data.frame(a = 1:3, b = 1:2))
data.frame(matrix(1:4, 2))
as.data.frame(matrix(1:4, 2, dimnames = list(NULL, c("p", "q"))))
as.data.frame(table(c("a", "b", "a")))
as.data.frame(list(a = 1, b = "z"))
data.frame(a = 1, b = "x")[rep(1, 3), ]
d2[nrow(d2):1, ]
d2[d2$x > 5, ]
d2[0, ]
df[["v"]][2]
d2[2, , drop = TRUE]
d2[1:2, 1]
d2[[2, "y"]]
d2[d2$y %in% c("p", "r"), ]
by(d2$x, d2$y, sum)
ave(c(1, 2, 3, 4), c("a", "a", "b", "b"))
cumsum(d3$z)
d3$z[2] <- 0
d3
d3[d3 == 0] <- -1
d3
d3 + 1
d3 > 1
-d3
d3[["x"]][d3$z > 5]
max(d3)
range(d3)
round(d3/3, 2)
names(d3)[names(d3) == "z"] <- "Z"
d3
d3[order(d3$Z, decreasing = TRUE), ]
levels(droplevels(df[df$g == "a", ])$g)
nlevels(df$g)
df$g <- as.character(df$g)
str(df)
mapply(function(a, b) a + b, d3$x, d3$Z)
Reduce(`+`, d3)
Map(function(n, col) class(col), names(d2), d2)
vapply(d3, mean, 0)
split(d2, d2$x)
unsplit(split(d2$x, d2$y), d2$y)
colnames(d2)
d2 == 1
rev(d2)
d2[, 2]
d2[, 2, drop = FALSE]
is.data.frame(d2)
length(d2)
as.list(d2)
d2[["y"]] == "p"
which(d2$x == 1)
cut(d3$x, 2)
quantile(d3$x)
cor(mtcars$mpg, mtcars$wt)
model.matrix(~g, data.frame(g = factor(c("a", "b", "c"))))
