ftable(table(mtcars$cyl, mtcars$gear, mtcars$am))
f <- ftable(cyl ~ gear + am, data = mtcars); f
ftable(gear + am ~ cyl, mtcars)
ftable(mtcars[c("cyl", "gear", "am")], row.vars = 1)
ftable(mtcars[c("cyl", "gear", "am")], row.vars = c("am", "cyl"))
ftable(table(a = c("x","y","x"), b = c("u","v","v")))
dim(f); attributes(f)$row.vars; as.table(f)
class(f); str(unclass(f)[1:2, ])
write.ftable(f, quote = FALSE)
ft <- ftable(xtabs(~ cyl + gear + carb, mtcars)); ft
format(f, quote = FALSE)
symnum(cor(mtcars[, 1:4]))
symnum(c(0.001, 0.02, 0.2), corr = FALSE, cutpoints = c(0, .001, .01, .05, .1, 1), symbols = c("***", "**", "*", ".", " "))
tf <- tempfile(); cat("123456\n987654\n", file = tf)
read.fwf(tf, widths = c(1, 2, 3))
read.fwf(tf, widths = c(1, -2, 3), col.names = c("a", "b"))
strcapture("(.*)-(\\d+)", c("ab-12", "zz", "q-7"), data.frame(n = character(), v = integer()))
x <- list(a = 1, b = list(c = 2:3, d = "z")); relist(unlist(as.relistable(list(a=1,b=list(c=2,d=3)))))
ipar <- list(mean = c(0, 1), vcov = cbind(c(1, 1), c(1, 0))); ul <- unlist(as.relistable(ipar)); relist(ul)
relist(c(9, 8, 7, 6, 5, 4), skeleton = ipar)
spline(1:4, c(1, 4, 9, 16), n = 5)
sf <- splinefun(1:5, c(1, 4, 2, 5, 3)); sf(c(1.5, 2.5)); sf(2, deriv = 1); sf(c(0, 6))
splinefun(1:5, c(1, 4, 2, 5, 3), method = "natural")(c(0, 1.5, 5.5))
splinefun(1:5, c(1, 4, 2, 5, 1), method = "periodic")(c(1.5, 2.5)); splinefun(1:4, c(1, 2, 4, 8), "monoH.FC")(c(1.5, 3.5))
spline(c(1, 3, 4), c(2, 5, 1), xout = c(2, 3.5), method = "natural")
nlm(function(x) sum((x - c(3, 5))^2), c(0, 0))$estimate
r <- nlminb(c(-1.2, 1), function(x) 100 * (x[2] - x[1]^2)^2 + (1 - x[1])^2); round(r$par, 4); r$convergence
lsfit(1:5, c(2, 4, 5, 4, 5))$coefficients
as.roman(c(1, 4, 1999)); as.integer(as.roman("MCMXC")); format(as.roman(7)); as.roman(5) + as.roman(3); as.roman("IX") > as.roman("V"); rev(as.roman(1:3))
adist("kitten", "sitting"); adist(c("lasy", "1 LAZY"), "1 LAZY", ignore.case = TRUE)
runmed(c(1, 5, 2, 8, 3), 3); toeplitz(1:3); 
lowess(cars)$y[1:5]
medpolish(matrix(c(1,2,3,4,5,7,7,8,12), 3))
isoreg(c(1, 0, 4, 3, 3, 5, 4, 2, 0))$yf
sf2 <- stepfun(1:3, c(0, 1, 3, 2)); sf2(c(0.5, 1, 2.5, 9)); sf2; knots(sf2)
callCC(function(k) { k(5); 6 }); rcond(matrix(c(2, 1, 1, 3), 2)); kappa(diag(2)); nullfile()
head.matrix(matrix(1:6, 3), 1); tail.matrix(matrix(1:6, 3), 1); formatOL(c("a", "b")); formatUL(c("a", "b"))
mean.default(c(1, NA), na.rm = TRUE); sort.default(c(2, 1)); as.data.frame.list(list(a = 1)); levels.default(factor("q")); split.default(1:4, c(1, 1, 2, 2)); as.list.default(1:2); merge.data.frame(data.frame(a = 1:2), data.frame(a = 2:3)); unique.default(c(1, 1)); range.default(3:1); rev.default(1:3); diff.default(c(1, 4)); scale.default(matrix(1:4, 2)); all.equal.numeric(1, 1 + 1e-3); as.character.factor(factor("z")); droplevels.factor(factor("a", levels = c("a", "b"))); t.default(1:2); cut.default(1:3, 2); summary.factor(factor(c("a", "b", "a"))); seq.default(1, 3); as.Date.default(NA); aperm.default(matrix(1:4, 2)); median.default(1:4); duplicated.default(c(1, 1)); weekdays.Date(as.Date("2024-01-01")); months.Date(as.Date("2024-01-01")); as.matrix.default(1:2)
