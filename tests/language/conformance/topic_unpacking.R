# zeallot: single values taken apart, classes with a method of their own
library(zeallot)
c(a, b, d) %<-% "abc"; a; d
c(y, m, dd) %<-% as.Date("2024-03-15"); y; m; dd
c(re, im) %<-% (1+2i); re; im
destructure.point <- function(x) list(x$lat, x$lon)
c(la, lo) %<-% structure(list(name = "p", lon = 2, lat = 1), class = "point"); la; lo
str(destructure("ab")); str(destructure(as.Date("2024-05-06")))
tryCatch(destructure(5), error = function(e) print(conditionMessage(e)))
tryCatch({ c(a, b) %<-% sum }, error = function(e) print(conditionMessage(e)))
c(d1, d2) %<-% as.Date(c("2024-01-01", "2024-01-02")); d2
