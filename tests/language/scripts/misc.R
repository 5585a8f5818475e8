library(keras)
suppressWarnings(library(tidyverse))
if (!require("pacman")) cat("no pacman\n")
if (!requireNamespace("devtools", quietly = TRUE)) cat("no devtools\n")
tryCatch(library(mxnet), error = function(e) cat(conditionMessage(e), "\n"))
install_keras(); use_condaenv("r-tensorflow"); is_keras_available()
set_random_seed(42); use_session_with_seed(1)
k_clear_session()
x <- array(1:24, c(2,3,4)); x %>% `/`(255) %>% dim()
onehot <- to_categorical(c(0,2,1)); onehot
max.col(onehot) - 1; apply(onehot, 1, which.max)
c(a, b) %<-% list(1, 2); a + b
mnist_like <- list(train = list(x = x, y = 1:2)); c(c(xt, yt)) %<-% mnist_like; dim(xt)
files <- list.files(tempdir()); is.character(files)
readr::write_csv(tibble(a = 1:2), f <- tempfile()); read_csv(f, show_col_types = FALSE)
df <- tibble(s = c("a b", "c d")) %>% separate(s, c("x", "y"), sep = " ") %>% mutate(z = str_c(x, y)) %>% pivot_longer(everything()); df
iris %>% as_tibble() %>% nest(data = -Species) %>% mutate(n = map_int(data, nrow)) %>% select(-data)
mtcars %>% rownames_to_column("car") %>% filter(mpg > 25) %>% select(car, mpg, starts_with("c")) %>% arrange(desc(mpg)) %>% head(2)
mtcars %>% group_by(cyl) %>% summarise(n = n(), m = mean(mpg), .groups = "drop")
crossing(a = 1:2, b = c("x","y")) %>% nrow()
purrr::map_dfr(1:2, ~ tibble(i = .x, sq = .x^2))
glue::glue("a {1 + 1} b"); jsonlite::toJSON(list(a = 1:3), auto_unbox = TRUE)
m <- matrix(1:6, 2); sweep(m, 2, colMeans(m)); scale(m, scale = FALSE)[1, ]
do.call(rbind, lapply(1:2, function(i) data.frame(i = i, j = i * 2)))
Recall; nchar("abc"); sprintf("%5.2f", pi); format(Sys.Date(), "%Y") > "2000"
model <- keras_model_sequential(list(layer_dense(units = 2, input_shape = 3), layer_activation(activation = "relu"))); model$count_params()
d <- file.path(tempdir(), "tfm"); model %>% save_model_tf(d); m2 <- load_model_tf(d); identical(get_weights(model), get_weights(m2))
withr::with_seed(1, runif(1)) == { set.seed(1); runif(1) }
here::here() |> is.character()
fs::path("a", "b.txt"); fs::dir_exists(tempdir())
knitr::kable(head(mtcars[1:2], 2))
