library(lime)
set.seed(1)
x <- data.frame(a = rnorm(100), b = rnorm(100), c = rnorm(100))
x$y <- 3 * x$a - x$b
line <- lm(y ~ ., x)
explainer <- lime(x[1:3], line, bin_continuous = FALSE)
told <- explain(x[1:2, 1:3], explainer, n_features = 2, n_permutations = 300)
# Of a model that is a line the slopes come back, and the third variable is not chosen.
stopifnot(identical(told$feature, c("a", "b", "a", "b")), all(abs(told$feature_weight - c(3, -1)) < 0.05), all(told$model_r2 > 0.99), identical(unique(told$case), c("1", "2")), identical(told$model_type[1], "regression"))
binned <- explain(x[1, 1:3], lime(x[1:3], line), n_features = 1, n_permutations = 300)
stopifnot(grepl("^[-0-9. <]*a [-<=0-9. ]+$", binned$feature_desc), identical(nrow(binned), 1L))
model_type.odds <- function(x, ...) "classification"
predict_model.odds <- function(x, newdata, type, ...) data.frame(Yes = plogis(newdata$a), No = 1 - plogis(newdata$a))
odds <- lime(x[1:3], structure(list(), class = "odds"), bin_continuous = FALSE)
both <- explain(x[1, 1:3], odds, n_labels = 2, n_features = 1, kernel_width = 0.5, n_permutations = 300)
stopifnot(setequal(both$label, c("Yes", "No")), all(both$feature == "a"), all(sign(both$feature_weight) == ifelse(both$label == "Yes", 1, -1)), abs(sum(both$label_prob) - 1) < 1e-9)
stopifnot(inherits(plot_features(both), "ggplot"), inherits(plot_explanations(both), "ggplot"), grepl("n_labels", tryCatch(explain(x[1, 1:3], odds, n_features = 1), error = conditionMessage)))
renamed <- explain(x[1, 1:3], lime(x[1:3], as_classifier(structure(list(), class = "odds"), c("ja", "nein"))), labels = "ja", n_features = 1, n_permutations = 200)
stopifnot(identical(renamed$label, "ja"))
