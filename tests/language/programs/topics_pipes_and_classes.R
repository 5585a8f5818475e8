# Pipes that ask for what flows in before braces run, sequences as they print, members of objects in their order.
library(magrittr); library(R6)
c(2, 3) %T>% print %T>% { cat("again\n") } %>% prod
c(2, 3) %>% print %T>% { cat("again\n") } %>% prod
steps <- . %>% { . * 2 } %>% add(1) %>% (function(x) { x }); steps; functions(steps)[[1]]; print(steps)
3 %>% if (. > 2) "big" else "small"
`if`(FALSE, 1, 2, 3)
mtcars %>% extract(, "mpg") %>% head(2); mtcars %>% extract(1:2, 1:2)
tryCatch(ts(1:3) %$% 5, error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(c(nowhere = 1) %$% nowhere, error = function(e) cat(conditionMessage(e), "\n"))
Warm <- R6Class("Warm", public = list(b = 1, Z = 2, m = function() 1), private = list(c = 0, A = 1), active = list(C = function(v) private$c, ro = function() "fixed"))
warm <- Warm$new(); warm; tryCatch(warm$ro <- 1, error = function(e) cat(conditionMessage(e), "\n"))
print.model <- function(x, ...) cat("model\n"); summary.model <- function(object, ...) structure(list(), class = "summary.model")
print.summary.model <- function(x, ...) cat("summary\n"); "+.model" <- function(e1, e2) e1; methods(class = "model")
