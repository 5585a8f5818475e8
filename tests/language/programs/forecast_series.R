# Series foretold: simple methods, exponential smoothing, ARIMA models, regressions, decompositions, and how good they were.
suppressPackageStartupMessages(library(forecast))
quarters <- ts(c(3, 5, 4, 6, 7, 5, 8, 9, 7, 10, 11, 9, 12, 13, 11, 14), start = c(2001, 2), frequency = 4)
few <- naive(quarters, h = 3)
few
rwf(quarters, h = 3, drift = TRUE)$model
rwf(quarters, h = 3, drift = TRUE)
summary(snaive(quarters, h = 1))
snaive(USAccDeaths, h = 3, level = c(50, 90))
naive(ts(quarters, frequency = 7), h = 2)
naive(ts(as.vector(quarters), frequency = 365.25, start = 2020.5), h = 2, level = 99)
names(few)
few$mean
few$upper
as.data.frame(few)[2, ]
summary(meanf(quarters, h = 2, lambda = 0))
forecast(c(10, 20, 13), h = 2)
croston(c(0, 1, 0, 0, 2, 0, 3, 0, 0, 1), h = 2)
thetaf(Nile, h = 2)

level <- ses(Nile, h = 2)
summary(level)
ses(quarters, h = 2, alpha = 0.3)
holt(quarters, h = 2, initial = "simple", alpha = 0.3, beta = 0.1)$model
model <- ets(Nile, "ANN")
model
round(coef(model), 3)
c(AIC(model), BIC(model), model$aicc)
forecast(model, h = 2)
forecast(ets(Nile, "MNN", opt.crit = "mse"), h = 2)
ets(c(1, 3, 2, 4, 3, 5))
forecast(ets(Nile, model = "ANN", alpha = 0.2), h = 1)

recent <- window(Nile, start = 1941)
fit <- Arima(recent, order = c(1, 0, 0))
fit
round(accuracy(fit)[, -1], 3)
forecast(fit, h = 2)
arimaorder(fit)
Arima(recent, c(1, 1, 0), include.drift = TRUE)
forecast(Arima(LakeHuron, c(1, 0, 0), xreg = as.numeric(time(LakeHuron) - 1920), method = "CSS"), xreg = 53:54)
c(ndiffs(Nile), ndiffs(WWWusage), ndiffs(Nile, test = "adf"), nsdiffs(USAccDeaths))
set.seed(1)
auto.arima(rnorm(20), trace = TRUE, max.p = 1, max.q = 0)

line <- tslm(USAccDeaths ~ trend + season)
forecast(line, h = 2)
waves <- tslm(USAccDeaths ~ trend + fourier(USAccDeaths, K = 1))
forecast(waves, data.frame(fourier(USAccDeaths, K = 1, h = 2)))
round(accuracy(forecast(tslm(log(AirPassengers) ~ trend), h = 2))[, -1], 4)
forecast(lm(dist ~ speed, cars), newdata = data.frame(speed = c(10, 20)))

train <- window(USAccDeaths, end = c(1977, 12))
accuracy(snaive(train, h = 12), USAccDeaths)
accuracy(naive(Nile, h = 3), c(800, 790, 700))
accuracy(c(1, 2, 3), c(1.1, 2.2, 2.8))[, "MAE"]
checkresiduals(few, plot = FALSE)
checkresiduals(line, plot = FALSE)
dm.test(residuals(ses(Nile)), residuals(meanf(Nile)))
tsCV(window(Nile, start = 1961), function(x, h) rwf(x, h = h), h = 2)

apart <- mstl(USAccDeaths)
head(apart, 2)
head(seasadj(stl(USAccDeaths, "periodic")), 2)
head(trendcycle(decompose(AirPassengers, "multiplicative")), 8)
plain <- stlf(USAccDeaths, h = 2, method = "rwdrift")
plain$method
plain
forecast(HoltWinters(Nile, alpha = 0.3, beta = FALSE, gamma = FALSE), h = 2)

gaps <- replace(Nile, c(3, 50, 51, 100), NA)
na.interp(gaps)[c(3, 50, 51, 100)]
tsoutliers(replace(Nile, 30, 4000))
ma(quarters, 4)
ma(1:8, 4, centre = FALSE)
round(c(BoxCox.lambda(AirPassengers), BoxCox.lambda(Nile, method = "loglik")), 4)
InvBoxCox(BoxCox(c(1, 2, 3), 0.3), 0.3)
head(fourier(quarters, 2), 2)
head(seasonaldummy(quarters), 2)
c(findfrequency(USAccDeaths), findfrequency(Nile))
subset(USAccDeaths, month = "June")
msts(1:8, seasonal.periods = c(2, 4))
tail(USAccDeaths, 3)
Acf(Nile, plot = FALSE, lag.max = 3)
supsmu(cars$speed, cars$dist)$y
