# models whose response is a matrix of one column or has names; data frames with such columns
y1 <- matrix(c(1, 3, 2), 3, dimnames = list(c("p", "q", "r"), "resp")); X <- cbind(a = 1, b = 1:3); y2 <- X %*% c(1, 2)
str(lm.fit(X, y2)); coef(lm(y2 ~ X - 1)); class(lm(y1 ~ X)); residuals(lm(y1 ~ c(1, 2, 4)))
summary(lm(y1 ~ c(1, 2, 4))); anova(lm(y1 ~ c(1, 2, 4))); lm.wfit(X, y1, c(1, 1, 2))$coefficients; lm.wfit(X, y1, c(1, 0, 2))$residuals
model.response(model.frame(y1 ~ 1)); model.frame(y1 ~ 1); class(glm(y1 > 1 ~ c(1, 2, 4), family = gaussian))
z <- c(p = 1, q = 3, r = 2); residuals(lm(z ~ c(1, 2, 4))); z[2] <- NA; fitted(lm(z ~ c(1, 2, 5)))
d <- data.frame(a = 1:3); d$y <- y1; d$z <- unname(y1); d$w <- cbind(u = 1:3, v = 4:6); d; as.matrix(d); d[1, ]; lm(y ~ a, d)
lsfit(1:3, y1)$coefficients
