# rows of merged frames in R's order, and tails of Kolmogorov's limit
df <- data.frame(g = c("c", "a", "b", "a", "a", "b"), v = 1:6)
merge(df, data.frame(g = c("a", "b"), w = c(1, 2)))
merge(df, data.frame(g = c("a", "b", "a"), w = c(1, 2, 3)))
merge(data.frame(g = c("a", "b"), w = c(1, 2)), df)
merge(df, data.frame(g = c("a", "b"), w = c(1, 2)), sort = FALSE)
merge(df, data.frame(g = c("b", "a"), w = c(1, 2)), all.x = TRUE)
merge(data.frame(k = c(2, 1, 2, 1), j = c("x", "y", "x", "y"), a = 1:4), data.frame(k = c(1, 2, 2), j = c("y", "x", "x"), b = 1:3))
set.seed(3)
x <- data.frame(k = sample(3, 12, TRUE), a = 1:12)
y <- data.frame(k = sample(4, 8, TRUE), b = 1:8)
merge(x, y)
merge(x, y, sort = FALSE)
merge(x, y, all = TRUE)
merge(data.frame(a=c(10,9,100),b=1,x=1:3), data.frame(a=c(9,10,100),b=1,y=1:3))
merge(data.frame(a=c(10,9,100,10),b=c("u","v","u", "t"),x=1:4), data.frame(a=c(9,10,100,10),b=c("v","u","u","u"),y=1:4))
merge(data.frame(a=c(10,9,100,10),b=c("u","v","u", "t"),x=1:4), data.frame(a=c(9,10,100,10),b=c("v","u","u","u"),y=1:4), all = TRUE)
set.seed(5); z <- rnorm(150)
ks.test(z, "pnorm", 0.05, 1)$p.value
ks.test(z, "pnorm", 0.3, 1)$p.value
ks.test(rnorm(150), rnorm(120, .1))$p.value
ks.test(rnorm(150), rnorm(120, .5))$p.value
