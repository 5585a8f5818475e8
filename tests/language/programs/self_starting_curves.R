DNase1 <- subset(DNase, Run == 1)
print(round(coef(nls(density ~ SSlogis(log(conc), Asym, xmid, scal), DNase1)), 4)); print(round(SSlogis(log(c(1,5)), 2.3, 1.5, 1), 5)); Asym <- 2.3; xmid <- 1.5; scal <- 1; print(signif(attr(SSlogis(log(DNase1$conc[1:3]), Asym, xmid, scal), "gradient"), 4))
print(round(coef(nls(rate ~ SSmicmen(conc, Vm, K), data = Puromycin, subset = state == "treated")), 4))
Lob.329 <- Loblolly[ Loblolly$Seed == "329", ]; print(round(coef(nls(height ~ SSasymp(age, Asym, R0, lrc), data = Lob.329)), 3))
print(round(coef(nls(density ~ SSgompertz(log(conc), Asym, b2, b3), data = DNase1)), 3)); Chick.1 <- ChickWeight[ChickWeight$Chick == 1, ]
print(round(coef(nls(weight ~ SSfpl(Time, A, B, xmid, scal), data = Chick.1)), 2)); print(class(SSlogis))
Chick.6 <- subset(ChickWeight, (Chick == 6) & (Time > 0)); print(round(coef(nls(weight ~ SSweibull(Time, Asym, Drop, lrc, pwr), data = Chick.6)), 2))
a <- 2; b <- 3; print(SSmicmen(1:3, 200, .05)); print(names(getInitial(rate ~ SSmicmen(conc, Vm, K), data = Puromycin[1:12,])))
