# Steps of recipes that take texts apart and turn them into numbers.

.each_text <- function(work) function(data, columns, state, settings) {
  for (name in intersect(columns, names(data))) data[[name]] <- work(data[[name]], state[[name]])
  data
}

.learned_of_tokens <- function(learn) function(data, columns, settings) {
  setNames(lapply(columns, function(name) {
    if (!is.list(data[[name]])) stop("column `", name, "` must be tokens; put step_tokenize(", name, ") before", call. = FALSE)
    learn(data[[name]])
  }), columns)
}

step_tokenize <- function(recipe, ..., role = NA, columns = NULL, options = list(), token = "words", engine = "tokenizers", training_options = list(), custom_token = NULL, skip = FALSE, id = rand_id("tokenize")) {
  .passed_over(training_options)
  if (engine != "tokenizers") stop("step_tokenize() takes texts apart with engine = \"tokenizers\" only", call. = FALSE)
  if (is.null(custom_token)) {
    how <- switch(token, words = , word = tokenize_words, characters = , character = tokenize_characters, sentences = tokenize_sentences,
      ngrams = function(x, n = 3L, n_min = n, ...) .runs_of_words(tokenize_words(x, ...), n, n_min, character(), " "),
      regex = function(x, pattern = "\\s+", ...) strsplit(x, pattern), stop("token should be one of: words, characters, sentences, ngrams, regex", call. = FALSE))
  } else how <- custom_token
  work <- function(texts, state) do.call(how, c(list(as.character(texts)), options))
  .recipe_add(recipe, "Tokenization for", eval(substitute(alist(...))), .recipe_nothing, .each_text(work), role, skip, id)
}

step_untokenize <- function(recipe, ..., role = NA, sep = " ", skip = FALSE, id = rand_id("untokenize")) {
  .recipe_add(recipe, "Untokenization for", eval(substitute(alist(...))), .recipe_nothing, .each_text(function(tokens, state) vapply(tokens, paste, "", collapse = sep)), role, skip, id)
}

step_stopwords <- function(recipe, ..., role = NA, columns = NULL, res = NULL, language = "en", keep = FALSE, stopword_source = "snowball", custom_stopword_source = NULL, skip = FALSE, id = rand_id("stopwords")) {
  words <- if (is.null(custom_stopword_source)) stopwords(language, stopword_source) else custom_stopword_source
  work <- function(tokens, state) lapply(tokens, function(one) one[(one %in% words) == keep])
  .recipe_add(recipe, "Stop word removal for", eval(substitute(alist(...))), .recipe_nothing, .each_text(work), role, skip, id)
}

step_tokenfilter <- function(recipe, ..., role = NA, columns = NULL, max_times = Inf, min_times = 0, percentage = FALSE, max_tokens = 100, filter_fun = NULL, res = NULL, skip = FALSE, id = rand_id("tokenfilter")) {
  learn <- function(tokens) {
    counts <- table(unlist(tokens, use.names = FALSE))
    if (!is.null(filter_fun)) return(names(counts)[filter_fun(names(counts))])
    times <- if (percentage) counts / sum(counts) else counts
    counts <- counts[times <= max_times & times >= min_times]
    if (is.null(max_tokens)) return(names(counts))
    if (max_tokens > length(counts)) warning("max_tokens was set to ", max_tokens, ", but only ", length(counts), " was available and selected.", call. = FALSE)
    names(counts)[head(order(-as.vector(counts), names(counts)), max_tokens)]
  }
  work <- function(tokens, kept) lapply(tokens, function(one) one[one %in% kept])
  .recipe_add(recipe, "Text filtering for", eval(substitute(alist(...))), .learned_of_tokens(learn), .each_text(work), role, skip, id)
}

step_ngram <- function(recipe, ..., role = NA, columns = NULL, num_tokens = 3L, min_num_tokens = 3L, delim = "_", skip = FALSE, id = rand_id("ngram")) {
  work <- function(tokens, state) lapply(.runs_of_words(tokens, num_tokens, min_num_tokens, character(), delim), function(one) one[!is.na(one)])
  .recipe_add(recipe, "ngramming for", eval(substitute(alist(...))), .recipe_nothing, .each_text(work), role, skip, id)
}

.counted <- function(tokens, vocabulary) t(vapply(tokens, function(one) tabulate(match(one, vocabulary), length(vocabulary)), integer(length(vocabulary))))

.as_columns <- function(data, name, made, labels) {
  data[[name]] <- NULL
  made <- matrix(made, ncol = length(labels))
  for (k in seq_along(labels)) data[[labels[k]]] <- made[, k]
  data
}

step_tf <- function(recipe, ..., role = "predictor", columns = NULL, weight_scheme = "raw count", weight = 0.5, vocabulary = NULL, res = NULL, prefix = "tf", sparse = "auto", skip = FALSE, id = rand_id("tf")) {
  .passed_over(sparse)
  if (!(weight_scheme %in% c("raw count", "binary", "term frequency", "log normalization", "double normalization"))) stop("weight_scheme of step_tf() is not known: ", weight_scheme, call. = FALSE)
  learn <- function(tokens) if (is.null(vocabulary)) sort(unique(unlist(tokens))) else vocabulary
  run <- function(data, columns, state, settings) {
    for (name in columns) {
      counts <- matrix(.counted(data[[name]], state[[name]]), nrow(data))
      made <- switch(weight_scheme, `raw count` = counts, binary = (counts > 0) * 1L, `term frequency` = counts / pmax(lengths(data[[name]]), 1),
        `log normalization` = log(1 + counts), `double normalization` = weight + weight * counts / pmax(apply(counts, 1L, max), 1))
      data <- .as_columns(data, name, made, paste(prefix, name, state[[name]], sep = "_"))
    }
    data
  }
  .recipe_add(recipe, "Term frequency with", eval(substitute(alist(...))), .learned_of_tokens(learn), run, role, skip, id)
}

step_tfidf <- function(recipe, ..., role = "predictor", columns = NULL, vocabulary = NULL, res = NULL, smooth_idf = TRUE, norm = "l1", sublinear_tf = FALSE, prefix = "tfidf", sparse = "auto", skip = FALSE, id = rand_id("tfidf")) {
  .passed_over(sparse)
  learn <- function(tokens) {
    words <- if (is.null(vocabulary)) sort(unique(unlist(tokens))) else vocabulary
    held <- colSums(matrix(.counted(tokens, words) > 0, ncol = length(words)))
    list(words = words, idf = log(smooth_idf + length(tokens) / held))
  }
  run <- function(data, columns, state, settings) {
    for (name in columns) {
      counts <- matrix(.counted(data[[name]], state[[name]]$words), nrow(data)) * 1
      if (identical(norm, "l1")) counts <- counts / pmax(rowSums(counts), 1)
      if (identical(norm, "l2")) counts <- counts / pmax(sqrt(rowSums(counts^2)), .Machine$double.eps)
      if (sublinear_tf) counts[counts > 0] <- 1 + log(counts[counts > 0])
      data <- .as_columns(data, name, sweep(counts, 2L, state[[name]]$idf, "*"), paste(prefix, name, state[[name]]$words, sep = "_"))
    }
    data
  }
  .recipe_add(recipe, "Term frequency-inverse document frequency with", eval(substitute(alist(...))), .learned_of_tokens(learn), run, role, skip, id)
}

step_sequence_onehot <- function(recipe, ..., role = "predictor", columns = NULL, sequence_length = 100, padding = "pre", truncating = "pre", vocabulary = NULL, prefix = "seq1hot", skip = FALSE, id = rand_id("sequence_onehot")) {
  learn <- function(tokens) if (is.null(vocabulary)) sort(unique(unlist(tokens))) else vocabulary
  run <- function(data, columns, state, settings) {
    for (name in columns) {
      made <- t(vapply(data[[name]], function(one) {
        numbers <- match(one, state[[name]])
        numbers <- numbers[!is.na(numbers)]
        if (length(numbers) > sequence_length) numbers <- if (truncating == "pre") tail(numbers, sequence_length) else head(numbers, sequence_length)
        empty <- integer(sequence_length - length(numbers))
        if (padding == "pre") c(empty, numbers) else c(numbers, empty)
      }, integer(sequence_length)))
      data <- .as_columns(data, name, made, paste(prefix, name, seq_len(sequence_length), sep = "_"))
    }
    data
  }
  .recipe_add(recipe, "Sequence 1 hot encoding for", eval(substitute(alist(...))), .learned_of_tokens(learn), run, role, skip, id)
}

step_word_embeddings <- function(recipe, ..., role = "predictor", embeddings, aggregation = c("sum", "mean", "min", "max"), aggregation_default = 0, prefix = "wordembed", skip = FALSE, id = rand_id("word_embeddings")) {
  put_together <- match.fun(match.arg(aggregation))
  held <- as.matrix(as.data.frame(embeddings)[-1L])
  run <- function(data, columns, state, settings) {
    for (name in columns) {
      made <- t(vapply(data[[name]], function(one) {
        rows <- match(one, embeddings[[1L]])
        rows <- rows[!is.na(rows)]
        if (length(rows)) apply(held[rows, , drop = FALSE], 2L, put_together) else rep(aggregation_default, ncol(held))
      }, numeric(ncol(held))))
      data <- .as_columns(data, name, made, paste(prefix, name, colnames(held), sep = "_"))
    }
    data
  }
  .recipe_add(recipe, "Word embeddings aggregated from", eval(substitute(alist(...))), .recipe_nothing, run, role, skip, id)
}

show_tokens <- function(rec, var, n = 6L) {
  prepared <- prep(rec, strings_as_factors = FALSE)
  head(prepared$juice[[as.character(substitute(var))]], n)
}
