# More of yardstick's measures: of classes counted in a table, of numbers, of probabilities.

.class_vector <- function(measure) {
  force(measure)
  function(truth, estimate, ..., event_level = "first") measure(truth, estimate, event_level = event_level)
}

sens <- .class_measure("sens", function(tp, fp, fn, tn) tp / (tp + fn))

spec <- .class_measure("spec", function(tp, fp, fn, tn) tn / (tn + fp))

ppv <- .class_measure("ppv", function(tp, fp, fn, tn) tp / (tp + fp))

npv <- .class_measure("npv", function(tp, fp, fn, tn) tn / (tn + fn))

j_index <- .class_measure("j_index", function(tp, fp, fn, tn) tp / (tp + fn) + tn / (tn + fp) - 1)

bal_accuracy <- .class_measure("bal_accuracy", function(tp, fp, fn, tn) (tp / (tp + fn) + tn / (tn + fp)) / 2)

detection_prevalence <- .class_measure("detection_prevalence", function(tp, fp, fn, tn) (tp + fp) / (tp + fp + fn + tn))

precision_vec <- .class_vector(.precision_measure)

recall_vec <- .class_vector(sens)

sens_vec <- .class_vector(sens)

spec_vec <- .class_vector(spec)

f_meas_vec <- .class_vector(f_meas)

bal_accuracy_vec <- .class_vector(bal_accuracy)

.table_measure <- function(name, work) {
  force(name)
  force(work)
  function(data, truth, estimate, ...) {
    env <- parent.frame()
    if (!is.data.frame(data)) return(work(as.factor(data), as.factor(truth)))
    truth <- as.factor(eval(substitute(truth), data, env))
    value <- work(truth, factor(eval(substitute(estimate), data, env), levels(truth)))
    .measured(name, value, if (nlevels(truth) > 2L) "multiclass" else "binary")
  }
}

mcc <- .table_measure("mcc", function(truth, estimate) {
  counts <- table(truth, factor(estimate, levels(truth)))
  n <- as.numeric(sum(counts))
  said <- as.numeric(colSums(counts))
  there <- as.numeric(rowSums(counts))
  (n * sum(diag(counts)) - sum(said * there)) / sqrt((n^2 - sum(said^2)) * (n^2 - sum(there^2)))
})

mcc_vec <- function(truth, estimate, ...) mcc(truth, estimate)

kap_vec <- function(truth, estimate, ...) kap(data.frame(truth, estimate), truth, estimate)$.estimate

mpe <- .numeric_measure("mpe", function(truth, estimate) 100 * mean((truth - estimate) / truth))

msd <- .numeric_measure("msd", function(truth, estimate) mean(truth - estimate))

mase <- .numeric_measure("mase", function(truth, estimate) mean(abs(truth - estimate)) / mean(abs(diff(truth))))

ccc <- .numeric_measure("ccc", function(truth, estimate) {
  share <- (length(truth) - 1) / length(truth)
  2 * share * cov(truth, estimate) / (share * (var(truth) + var(estimate)) + (mean(truth) - mean(estimate))^2)
})

rpd <- .numeric_measure("rpd", function(truth, estimate) sd(truth) / sqrt(mean((truth - estimate)^2)))

rpiq <- .numeric_measure("rpiq", function(truth, estimate) IQR(truth) / sqrt(mean((truth - estimate)^2)))

rsq_trad <- .numeric_measure("rsq_trad", function(truth, estimate) 1 - sum((truth - estimate)^2) / sum((truth - mean(truth))^2))

rsq_vec <- function(truth, estimate, ...) cor(truth, estimate)^2

mape_vec <- function(truth, estimate, ...) 100 * mean(abs((truth - estimate) / truth))

smape_vec <- function(truth, estimate, ...) 100 * mean(abs(truth - estimate) / ((abs(truth) + abs(estimate)) / 2))

huber_loss_vec <- function(truth, estimate, delta = 1, ...) {
  error <- abs(truth - estimate)
  mean(ifelse(error <= delta, error^2 / 2, delta * (error - delta / 2)))
}

# The probability of each row's own class, from one column of the first class or one column for each class.
.own_probability <- function(truth, columns, event_level) {
  truth <- as.factor(truth)
  if (length(columns) == 1L) {
    event <- truth == levels(truth)[if (identical(event_level, "second")) 2L else 1L]
    return(ifelse(event, columns[[1L]], 1 - columns[[1L]]))
  }
  as.matrix(as.data.frame(columns))[cbind(seq_along(truth), as.integer(truth))]
}

.probability_columns <- function(dots, data, env) as.list(dp_plain(data)[unname(dp_select(dots, dp_plain(data), env))])

mn_log_loss <- function(data, truth, ..., na_rm = TRUE, sum = FALSE, event_level = "first") {
  env <- parent.frame()
  truth <- as.factor(eval(substitute(truth), data, env))
  own <- .own_probability(truth, .probability_columns(eval(substitute(alist(...))), data, env), event_level)
  if (na_rm) own <- own[!is.na(own)]
  losses <- -log(pmax(own, .Machine$double.eps))
  .measured("mn_log_loss", if (sum) base::sum(losses) else mean(losses), if (nlevels(truth) > 2L) "multiclass" else "binary")
}

mn_log_loss_vec <- function(truth, estimate, ..., event_level = "first") mean(-log(pmax(.own_probability(truth, if (is.matrix(estimate)) as.data.frame(estimate) else list(estimate), event_level), .Machine$double.eps)))

brier_class <- function(data, truth, ..., event_level = "first") {
  env <- parent.frame()
  truth <- as.factor(eval(substitute(truth), data, env))
  columns <- .probability_columns(eval(substitute(alist(...))), data, env)
  if (length(columns) == 1L) columns <- if (event_level == "second") list(1 - columns[[1L]], columns[[1L]]) else list(columns[[1L]], 1 - columns[[1L]])
  hits <- outer(as.character(truth), levels(truth), "==")
  .measured("brier_class", base::sum((hits - as.matrix(as.data.frame(columns)))^2) / (2 * length(truth)), if (nlevels(truth) > 2L) "multiclass" else "binary")
}

roc_auc_vec <- function(truth, estimate, ..., event_level = "first") {
  truth <- as.factor(truth)
  area_under_curve(truth == levels(truth)[if (identical(event_level, "second")) 2L else 1L], estimate)
}

.curve_of <- function(data, truth, dots, event_level, env) {
  found <- as.factor(eval(truth, data, env))
  score <- .probability_columns(dots, data, env)[[1L]]
  event <- found == levels(found)[if (identical(event_level, "second")) 2L else 1L]
  cuts <- sort(unique(score), decreasing = TRUE)
  list(cuts = cuts, hits = vapply(cuts, function(cut) sum(event & score >= cut), 0), said = vapply(cuts, function(cut) sum(score >= cut), 0), events = sum(event), n = length(event))
}

pr_curve <- function(data, truth, ..., event_level = "first") {
  found <- .curve_of(data, substitute(truth), eval(substitute(alist(...))), event_level, parent.frame())
  .curve("pr_df", data.frame(.threshold = c(Inf, found$cuts), recall = c(0, found$hits / found$events), precision = c(1, found$hits / found$said)))
}

pr_auc <- function(data, truth, ..., event_level = "first") {
  found <- .curve_of(data, substitute(truth), eval(substitute(alist(...))), event_level, parent.frame())
  recall <- c(0, found$hits / found$events)
  precision <- c(1, found$hits / found$said)
  .measured("pr_auc", sum(diff(recall) * (precision[-1] + precision[-length(precision)]) / 2))
}

average_precision <- function(data, truth, ..., event_level = "first") {
  found <- .curve_of(data, substitute(truth), eval(substitute(alist(...))), event_level, parent.frame())
  .measured("average_precision", sum(diff(c(0, found$hits / found$events)) * found$hits / found$said))
}

gain_curve <- function(data, truth, ..., event_level = "first") {
  found <- .curve_of(data, substitute(truth), eval(substitute(alist(...))), event_level, parent.frame())
  .curve("gain_df", data.frame(.n = c(0, found$said), .n_events = c(0, found$hits), .percent_tested = c(0, 100 * found$said / found$n), .percent_found = c(0, 100 * found$hits / found$events)))
}

lift_curve <- function(data, truth, ..., event_level = "first") {
  found <- .curve_of(data, substitute(truth), eval(substitute(alist(...))), event_level, parent.frame())
  tested <- 100 * found$said / found$n
  .curve("lift_df", data.frame(.n = c(0, found$said), .n_events = c(0, found$hits), .percent_tested = c(0, tested), .lift = c(NaN, 100 * found$hits / found$events / tested)))
}

metric_set <- function(...) {
  labels <- vapply(eval(substitute(alist(...))), deparse1, "")
  measures <- list(...)
  probable <- sub(".*::", "", labels) %in% c("roc_auc", "pr_auc", "mn_log_loss", "brier_class", "average_precision")
  function(data, truth, ..., estimate) {
    env <- parent.frame()
    rest <- eval(substitute(alist(...)))
    truth <- substitute(truth)
    guess <- if (missing(estimate)) rest[1L] else list(substitute(estimate))
    asked <- function(k) eval(as.call(c(list(measures[[k]], quote(.data_judged), truth), if (probable[k]) rest else guess)), list(.data_judged = data), env)
    bind_rows(lapply(c(which(!probable), which(probable)), asked))
  }
}
