# What pictures of models, trees, tables and series give back, and what they refuse.
pdf(NULL)
told <- function(value) {
  shown <- tryCatch(withVisible(value), error = identity)
  if (inherits(shown, "error")) cat("Error:", conditionMessage(shown), "\n")
  else { cat(if (shown$visible) "visible " else "invisible "); str(shown$value) }
}
fit <- lm(mpg ~ wt, mtcars)
told(plot(fit, which = 7)); told(plot(fit, which = "a")); told(plot(fit, id.n = 40))

tree <- hclust(dist(c(a = 1, b = 2, c = 6, d = 7, e = 15)))
told(plot(tree, hang = -1, labels = LETTERS[1:5], main = "m", sub = "", xlab = "x")); told(plot(tree, labels = letters[1:3]))
told(rect.hclust(tree, k = 2)); told(rect.hclust(tree, k = 3, which = c(1, 3)))
told(rect.hclust(tree)); told(rect.hclust(tree, k = 1)); told(rect.hclust(tree, k = 3, which = 7)); told(rect.hclust(tree, k = 3, which = 1, x = 2))

steps <- stepfun(c(1, 3, 4.5), c(0, 2, 1, 5))
told(plot(steps)); told(plot(steps, xlim = c(0, 4))); told(plot(steps, xval = c(0, 2, 9))); told(lines(steps, col = 2)); told(plot(stepfun(2, 0:1)))
told(lines(ecdf(1:3))); told(plot.stepfun("a")); told(plot.stepfun(c(1, 2, 2, 7)))

told(mosaicplot(Titanic, sort = 3:1)); told(mosaicplot(Titanic, shade = -1))
told(mosaicplot(matrix(c(1, NA, 2, 3), 2)))
told(spineplot(factor(am) ~ wt, mtcars)); told(spineplot(factor(am) ~ factor(cyl), mtcars))
told(spineplot(am ~ wt, mtcars)); told(spineplot(~ wt, mtcars))
shares <- cdplot(factor(gear) ~ wt, mtcars, plot = FALSE)
names(shares); round(sapply(shares, function(share) share(2:4)), 4)
told(cdplot(am ~ wt, mtcars))
told(assocplot(1:3)); told(assocplot(matrix(-1:2, 2)))
told(fourfoldplot(matrix(1:6, 3))); told(fourfoldplot(1:4)); told(fourfoldplot(UCBAdmissions, mfrow = c(1, 2)))
told(fourfoldplot(UCBAdmissions, conf.level = 2)); told(fourfoldplot(UCBAdmissions, margin = 3))

told(coplot(c(1, NA, 3) ~ c(1, 2, 3) | factor(c(1, 1, 2)))); told(co.intervals(quakes$depth, number = 3))
both <- lm(mpg ~ wt + factor(cyl), mtcars)
told(termplot(both, plot = FALSE)); told(termplot(both, plot = FALSE, se = TRUE, terms = 1))

told(plot.design(1:3)); told(plot.design(warpbreaks[2:3])); told(plot.design(mtcars))
told(sunflowerplot(c(1, 1, 2), c(1, 1, 2))); told(sunflowerplot(1:3, 1:3, number = 1:2))
told(symbols(1:2, 1:2, circles = 1:2, inches = 0.3)); told(symbols(1:3, 1:3)); told(symbols(1:2, 1:2, rectangles = matrix(1:6, 2)))
told(symbols(1:2, 1:2, circles = c(-1, 2))); told(symbols(1:3, 1:3, circles = 1:2)); told(symbols(1:2, 1:2, stars = 1:2))
told(stars(mtcars[1:5, 1:4], key.loc = c(5, 2), draw.segments = TRUE)); told(stars(mtcars[1:3, 1:4], locations = c(0, 0))); told(stars(1:3))
told(filled.contour(3:1, 1:2, matrix(1:6, 3))); told(filled.contour())
told(smoothScatter(1:9, 1:9, nrpoints = -1)); told(smoothScatter(1:9, 1:9, bandwidth = -1))
