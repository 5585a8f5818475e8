model <- keras::keras_model_sequential()
keras::layer_dense(model, units = 4, activation = "relu", input_shape = 3)
`%>%` <- magrittr::`%>%`
model %>% keras::layer_dense(1) %>% keras::compile(optimizer = keras::optimizer_adam(), loss = "mse", metrics = list("mean_absolute_error"))
x <- data.frame(a = 1:6, b = 6:1, c = rnorm(6)); y <- 1:6
fit1 <- keras::fit(model, as.matrix(x), y, epochs = 2, verbose = 0)
res <- keras::evaluate(model, as.matrix(x), y, verbose = 0); names(res)
round(predict(model, as.matrix(x))[1:2, ] * 0)
print(dplyr::glimpse(x))
stats::predict(model, as.matrix(x)) -> p
utils::head(p, 2) * 0
fit1$metrics$loss |> length()
caret::RMSE(as.vector(p), y) > 0
df <- data.frame(actual = y, pred = as.vector(p)); cor(df)[1,2] <= 1
ggplot2::ggplot(df, ggplot2::aes(actual, pred)) + ggplot2::geom_point() + ggplot2::geom_abline(slope = 1, intercept = 0, linetype = 2)
table(cut(y, 3)); aggregate(actual ~ pred > 0, df, mean) |> nrow() >= 1
set.seed(1); idx <- caret::createDataPartition(y, p = .5, list = FALSE); dim(idx)
tensorflow::tf$constant(1); tensorflow::tf_version() > "2"
reticulate::py_config() |> class()
Sys.time() |> class()
system.time(for (i in 1:10) i)[["elapsed"]] < 5
invisible(gc())
sessionInfo() |> class()
