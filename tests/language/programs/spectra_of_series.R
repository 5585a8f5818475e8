s <- spec.pgram(ldeaths, taper=0, plot=FALSE); str(unclass(s)[c(1,2,6,7,8,9,12)]); s <- spectrum(lh, plot=FALSE); print(round(s$spec,4)); print(s$df); print(s$bandwidth)
s <- spec.pgram(lh, spans=c(3,3), plot=FALSE); print(round(s$spec,4)); print(c(s$df,s$bandwidth)); print(kernel("modified.daniell",c(1,2))); print(kernel("daniell",2))
a <- spec.ar(lh, n.freq=5, plot=FALSE); print(round(a$spec,4)); print(a$method); kernapply(ts(c(1,5,2,8,3)), kernel("daniell",1))
ts(1:3, end=5); ts(1:3,end=c(2000,4),frequency=12)
