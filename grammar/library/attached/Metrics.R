# The rest of Metrics.

ae <- function(actual, predicted) abs(actual - predicted)

se <- function(actual, predicted) (actual - predicted)^2

ape <- function(actual, predicted) abs(actual - predicted) / abs(actual)

sle <- function(actual, predicted) (log1p(actual) - log1p(predicted))^2

ll <- function(actual, predicted) ifelse(actual == predicted, 0, -(actual * log(predicted) + (1 - actual) * log(1 - predicted)))

mdae <- function(actual, predicted) median(abs(actual - predicted))

rse <- function(actual, predicted) sum((actual - predicted)^2) / sum((actual - mean(actual))^2)

rrse <- function(actual, predicted) sqrt(rse(actual, predicted))

rae <- function(actual, predicted) sum(abs(actual - predicted)) / sum(abs(actual - mean(actual)))

percent_bias <- function(actual, predicted) mean((actual - predicted) / abs(actual))

mase <- function(actual, predicted, step_size = 1) {
  n <- length(actual)
  naive <- sum(abs(actual[(step_size + 1):n] - actual[seq_len(n - step_size)]))
  sum(abs(actual - predicted)) / (n / (n - step_size) * naive)
}

fbeta_score <- function(actual, predicted, beta = 1) {
  hits <- sum(actual == 1 & predicted == 1)
  exact <- hits / sum(predicted == 1)
  found <- hits / sum(actual == 1)
  (1 + beta^2) * exact * found / (beta^2 * exact + found)
}

f1 <- function(actual, predicted) {
  hits <- length(intersect(actual, predicted))
  if (!hits) return(0)
  exact <- hits / length(unique(predicted))
  found <- hits / length(unique(actual))
  2 * exact * found / (exact + found)
}

ScoreQuadraticWeightedKappa <- function(rater.a, rater.b, min.rating = min(c(rater.a, rater.b)), max.rating = max(c(rater.a, rater.b))) {
  levels <- min.rating:max.rating
  seen <- table(factor(rater.a, levels), factor(rater.b, levels)) / length(rater.a)
  expected <- outer(table(factor(rater.a, levels)) / length(rater.a), table(factor(rater.b, levels)) / length(rater.b))
  apart <- outer(levels, levels, function(a, b) (a - b)^2)
  1 - sum(seen * apart) / sum(expected * apart)
}

auc <- function(actual, predicted) area_under_curve(actual == 1, predicted)
