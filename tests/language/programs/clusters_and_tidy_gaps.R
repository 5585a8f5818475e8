suppressPackageStartupMessages({library(parallel); library(foreach); library(doParallel); library(tidyr); library(tibble); library(forcats); library(readr); library(dplyr)})
cl <- makeCluster(2); cl; registerDoParallel(cl); x <- 5; clusterExport(cl, "x"); parSapply(cl, 1:3, function(i) i^2); parLapply(cl, 1:2, function(i) i + 1); r <- foreach(i = 1:3, .combine = rbind) %dopar% { c(i, i^2) }; r; unlist(clusterEvalQ(cl, 1 + 1)); stopCluster(cl)
foreach(i = 1:3) %do% sqrt(i)
foreach(a = 1:3, b = c(10, 20, 30), .combine = "+") %do% (a * b)
foreach(i = 1:4, .combine = c) %:% when(i %% 2 == 0) %do% i
foreach(n = c("a","b"), .combine = data.frame, .final = function(x) dim(x)) %do% 1:2
unlist(mclapply(1:3, function(i) i * 2)); detectCores() >= 1
tryCatch(foreach(i = 1:2) %do% if (i == 2) stop("bad"), error = function(e) cat(conditionMessage(e), "\n"))
fct_count(factor(c("a","b","a"))); fct_lump_min(factor(c("a","a","b")), 2); fct_lump_prop(factor(c("a","a","a","b")), .3); fct_other(factor(c("a","b","c")), keep="a"); fct_shift(factor(c("a","b","c")))
tibble(x=1:2, y=list(list(a=1,b=2), list(a=3,b=4))) %>% unnest_wider(y)
tibble(x=c("a1","b2")) %>% tidyr::extract(x, c("l","d"), "(.)(.)")
magrittr::extract(c(a=1,b=2), "b"); magrittr::extract(matrix(1:4,2), 1, 2); mtcars %>% magrittr::extract("mpg") %>% head(2)
read_csv("a,b,c,d\n1,x,2020-01-01,2020-01-01 10:00:00\n2,y,2020-02-01,2020-01-02T11:30:00Z\n", show_col_types=FALSE)
format_csv(data.frame(a=1:2,b=c("x","y"))); type_convert(tibble(a=c("1","2"),b=c("x","y"),d=c("2020-01-01",NA)))
df <- data.frame(id=1:3, x=c("a","b","c")); rows_update(df, tibble(id=2L, x="z"), by="id"); rows_insert(df, tibble(id=9L, x="n"), by="id"); rows_upsert(df, tibble(id=c(1L,7L), x=c("p","q")), by="id"); rows_delete(df, tibble(id=1L), by="id")
