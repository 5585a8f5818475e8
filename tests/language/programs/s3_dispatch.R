# S3
print.money <- function(x, ...) { cat("<money>", format(unclass(x)), "\n"); invisible(x) }
m <- structure(c(1.5, 2), class = "money")
m
print(m)
format.money <- function(x, ...) paste0("$", unclass(x))
format(m)
toString.money <- function(x, ...) "money!"
toString(m)
Ops.money <- function(e1, e2) {
  v <- get(.Generic)(unclass(e1), unclass(e2))
  if (.Generic %in% c("+", "-", "*", "/")) structure(v, class = "money") else v
}
m + 1
m == 1.5
1 + m
m > m
Math.money <- function(x, ...) structure(NextMethod(), class = "money")
sqrt(m); round(m); cumsum(m)
Summary.money <- function(..., na.rm = FALSE) { cat("Summary", .Generic, "\n"); structure(NextMethod(), class="money") }
max(m); sum(m, m); range(m)
length.stack <- function(x) 42L
s <- structure(list(1,2), class = "stack")
length(s)
"[.money" <- function(x, i) structure(unclass(x)[i], class = "money")
m[2]
"[[.stack" <- function(x, i) paste("elem", i)
s[[3]]
"$.stack" <- function(x, name) paste("field", name)
s$foo
"$<-.stack" <- function(x, name, value) { cat("set", name, "\n"); x }
s$bar <- 3
"[<-.money" <- function(x, i, value) { cat("assign\n"); y <- unclass(x); y[i] <- value; structure(y, class="money") }
m[1] <- 10
m
"[[<-.stack" <- function(x, i, value) { cat("setelem", i, "\n"); x }
s[["q"]] <- 1
summary.money <- function(object, ...) structure(list(total = sum(unclass(object))), class = "summary.money")
print.summary.money <- function(x, ...) cat("Total:", x$total, "\n")


as.character.money <- function(x, ...) format(x)
as.character(m); paste(m)
speak <- function(x, ...) UseMethod("speak")
speak.default <- function(x, ...) cat("...\n")
speak.dog <- function(x, ...) { cat("Woof\n"); NextMethod() }
speak.animal <- function(x, loud = FALSE, ...) { cat("animal", loud, "\n"); NextMethod() }
d <- structure(list(), class = c("dog", "animal"))
speak(d); speak(d, loud = TRUE); speak(1)
speak.numeric <- function(x, ...) cat("number\n")
speak.integer <- function(x, ...) { cat("int\n"); NextMethod() }
speak(1L); speak(2.5)
speak.function <- function(x, ...) cat("fun\n"); speak(sum); speak(function(x) x)
speak.matrix <- function(x, ...) { cat("matrix\n"); NextMethod() }; speak(matrix(1:4,2))
speak.NULL <- function(x, ...) cat("null\n"); speak(NULL)
speak.data.frame <- function(x, ...) cat("df\n"); speak(data.frame(a=1))
speak.list <- function(x, ...) cat("list\n"); speak(list(1))
speak.character <- function(x, ...) cat("chr\n"); speak("a")
inherits(d, "animal"); inherits(d, c("cat", "animal"), which = TRUE); inherits(1, "numeric")
class(d) <- "cat"; class(d)
unclass(structure(1:3, class="foo", extra="e"))
t1 <- structure(list(v=3), class="temp")
"==.temp" <- function(e1, e2) e1$v == e2$v
t1 == structure(list(v=3), class="temp")
"<.temp" <- function(e1, e2) e1$v < e2$v
t1 < structure(list(v=4), class="temp")
"!.temp" <- function(x) "not!"
!t1
"-.temp" <- function(e1, e2) if (missing(e2)) "neg" else "minus"
-t1; t1 - t1
seq_along(s); rev.stack <- function(x) "rev"; rev(s)
mean.money <- function(x, ...) "mean money"; mean(m)
unique.money <- function(x, ...) "uniq"; unique(m)
dim.stack <- function(x) c(7L, 7L); dim(s); nrow(s)
names.stack <- function(x) c("n1","n2"); names(s)
sort.money <- function(x, decreasing = FALSE, ...) "sorted"; sort(m)
print(structure(list(a=1,b="x"), class="rec"))
print(structure(1:3, class="bar"))
structure(list(a=1), class="zzz")
c.money <- function(...) { cat("c.money\n"); structure(unlist(lapply(list(...), unclass)), class="money") }
c(m, m)
rep.money <- function(x, ...) "rep"; rep(m, 2)
as.list.stack <- function(x, ...) list("as", "list"); lapply(s, identity)
levels(structure(1, levels="a"))
update <- function(obj, ...) UseMethod("update"); update.rec <- function(obj, ...) { args <- list(...); for (n in names(args)) obj[[n]] <- args[[n]]; obj }
r <- structure(list(a=1), class="rec"); r2 <- update(r, a = 5, z = 2); unclass(r2)
print.rec <- function(x, ...) { cat("rec with", length(unclass(x)), "\n") }
list(r, 1)
r
methods(speak)
exists("print.money"); is.function(speak)
tryCatch(speak2(1), error=function(e) cat(conditionMessage(e),"\n"))
area <- function(s) UseMethod("area")
tryCatch(area(1), error=function(e) cat(conditionMessage(e),"\n"))
tryCatch(area(d), error=function(e) cat(conditionMessage(e),"\n"))
g <- function(x) { x <- structure(x, class="dog"); UseMethod("speak") }
g(1)
outerf <- function(x) { y <- "local"; UseMethod("outerf") }
outerf.default <- function(x) exists("y", inherits=FALSE)
outerf(1)
