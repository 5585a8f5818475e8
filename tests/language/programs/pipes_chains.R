library(magrittr)
x <- c(4, 9, 16)
x %>% sqrt %>% sum
x %>% sapply(function(v) v + 1) %>% rev %>% head(2)
x %>% { mean(.) - min(.) }
list(a = 1:3, b = letters[1:2]) %>% lapply(length) %>% unlist
mtc <- data.frame(m = c(1, 2, 3), g = c("a", "b", "a"))
mtc %>% subset(m > 1) %>% nrow
mtc %>% .$m %>% mean
mtc %>% with(tapply(m, g, sum))
mtc %$% tapply(m, g, mean)
mtc %>% transform(k = m * 2) %>% .[["k"]]
1:10 %>% Filter(function(i) i %% 2 == 0, .) %>% Reduce(`+`, .)
"a,b,c" %>% strsplit(",") %>% .[[1]] %>% toupper %>% paste(collapse = "")
f <- function(x, y) x - y
10 %>% f(3); 10 %>% f(3, .); 10 %>% f(y = 2)
5 %>% (function(n) n^2); 5 %>% (\(n) n + 1)()
sq <- . %>% .^2; sq(4); (. %>% add(1) %>% multiply_by(3))(2)
y <- 1:3; y %<>% rev; y; y[2] %<>% add(100); y
z <- list(p = 2); z$p %<>% multiply_by(5); z$p
rnorm_dims <- 1:4 %>% matrix(2) %T>% print %>% colSums; rnorm_dims
c(1, 2) %>% set_names(c("a", "b")) %>% extract("b")
list(1, "a") %>% extract2(2)
1:3 %>% is_in(c(2, 3)); TRUE %>% not; 7 %>% mod(4); 7 %>% divide_by_int(2)
1:3 |> sum(); c(a = 1) |> names(); 4 |> (\(x) x * 2)()
mtc |> subset(m > 1, select = g)
quote(x |> f(y = 2)); quote(x %>% f)
sapply(1:3, . %>% multiply_by(10))
"x" %>% switch(x = "hit", "miss")
NULL %>% is.null; NULL %>% length
1:3 %>% paste0("n", ., collapse = "|")
tryCatch(1 %>% stop("bad ", .), error = function(e) conditionMessage(e))
res <- tryCatch("a" %>% as.numeric, warning = function(w) "warned"); res
outer_f <- function() { v <- 3; 2 %>% { . + v } }; outer_f()
g <- function(d, ...) d %>% head(...); g(1:10, 2)
1:2 %>% { a <- .; b <- a * 2; list(a, b) } %>% str
c(3, 1, 2) %>% order %>% `[`(c(10, 20, 30), .)
2 %>% `+`(3); 2 %>% "+"(3); 9 %>% base::sqrt()
x %>% `[`(2); x %>% `[[`(3); x %>% "["(1)
mtc %>% `$`(g); mtc %>% names %>% rev
1:5 %>% tail(n = 2) %>% sum -> tot; tot
iris_like <- mtc %>% split(.$g) %>% lapply(function(d) mean(d$m)); iris_like
mtc %>% aggregate(m ~ g, data = ., FUN = sum)
1:3 %>% lapply(. %>% { . * 2 }) %>% unlist
invisible(5) %>% identity
1:4 %>% sum %>% print %>% invisible
