d <- density(faithful$eruptions); print(d); str(d$y[1:4]); d$bw
t.test(extra ~ group, data = sleep)
t.test(sleep$extra, mu=1)
t.test(mtcars$mpg, mtcars$wt, var.equal=TRUE)
cor.test(mtcars$mpg, mtcars$wt)
chisq.test(table(mtcars$cyl, mtcars$am))
m <- lm(mpg ~ wt + factor(cyl), mtcars); anova(m)
m1 <- lm(mpg ~ wt, mtcars); anova(m1, m)
p.adjust(c(.01,.02,.03), "BH")
fft(1:4)
Re(fft(fft(c(1,5,2)), inverse=TRUE))/3
var.test(mtcars$mpg, mtcars$wt)
