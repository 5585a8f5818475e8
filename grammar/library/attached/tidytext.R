# Texts as tables with a word in each row.

unnest_tokens <- function(tbl, output, input, token = "words", format = "text", to_lower = TRUE, drop = TRUE, collapse = NULL, ...) {
  if (format != "text") stop("texts of format \"", format, "\" are not taken apart here", call. = FALSE)
  made <- as.character(substitute(output))
  from <- as.character(substitute(input))
  groups <- if (dplyr::is_grouped_df(tbl)) dplyr::group_vars(tbl)
  data <- as.data.frame(dplyr::ungroup(tbl))
  if (!(from %in% names(data))) stop("Column `", from, "` doesn't exist.", call. = FALSE)
  texts <- as.character(data[[from]])
  if (!is.null(collapse)) {
    key <- do.call(paste, c(data[collapse], sep = "\r"))
    texts <- vapply(split(texts, factor(key, unique(key))), paste, "", collapse = "\n")
    data <- data[!duplicated(key), collapse, drop = FALSE]
  }
  pieces <- .taken_apart(texts, token, to_lower, ...)
  kept <- data[if (drop || made == from) setdiff(names(data), from) else names(data)]
  rows <- rep(seq_along(pieces), lengths(pieces))
  found <- kept[rows, , drop = FALSE]
  row.names(found) <- NULL
  found[[made]] <- unlist(pieces, use.names = FALSE)
  if (is.null(found[[made]])) found[[made]] <- character()
  if (inherits(tbl, "tbl_df")) found <- tibble::as_tibble(found)
  if (length(groups)) dplyr::group_by(found, dplyr::across(dplyr::all_of(intersect(groups, names(found))))) else found
}

.taken_apart <- function(texts, token, to_lower, n = 3L, n_min = n, ngram_delim = " ", pattern = "\\s+", stopwords = character(), strip_punct = TRUE, strip_numeric = FALSE, ...) {
  if (is.function(token)) return(token(if (to_lower) tolower(texts) else texts, ...))
  none <- function(pieces) Map(function(one, text) if (is.na(text)) NA_character_ else one, pieces, texts)
  cut_at <- function(pattern) none(lapply(strsplit(if (to_lower) tolower(texts) else texts, pattern, perl = TRUE), function(one) one[nzchar(one)]))
  switch(token,
    words = none(tokenize_words(texts, to_lower, stopwords, strip_punct, strip_numeric)),
    ngrams = , bigrams = .runs_of_words(tokenize_words(texts, to_lower), if (token == "bigrams") 2L else n, if (token == "bigrams") 2L else n_min, stopwords, ngram_delim),
    skip_ngrams = stop("token = \"skip_ngrams\" is not here; use \"ngrams\"", call. = FALSE),
    characters = none(tokenize_characters(texts, to_lower)),
    sentences = none(tokenize_sentences(texts, to_lower)),
    lines = cut_at("\n"), paragraphs = cut_at("\n[ \t]*\n"), regex = cut_at(pattern),
    tweets = none(lapply(strsplit(if (to_lower) tolower(texts) else texts, "\\s+"), function(one) Filter(nzchar, gsub("^[^[:alnum:]#@]+|[^[:alnum:]]+$", "", one)))),
    stop("Error: Token must be a supported type, or a function that takes a character vector as input", call. = FALSE))
}

.runs_of_words <- function(words, n, n_min, stopwords, delim) {
  lapply(words, function(one) {
    one <- one[!(one %in% stopwords)]
    found <- unlist(lapply(seq_along(one), function(at) {
      sizes <- seq.int(n_min, n)
      sizes <- sizes[at + sizes - 1L <= length(one)]
      vapply(sizes, function(size) paste(one[at + seq_len(size) - 1L], collapse = delim), "")
    }))
    if (is.null(found)) NA_character_ else found
  })
}

unnest_ngrams <- function(tbl, output, input, n = 3L, n_min = n, ngram_delim = " ", ...) {
  eval(bquote(unnest_tokens(tbl, .(substitute(output)), .(substitute(input)), token = "ngrams", n = n, n_min = n_min, ngram_delim = ngram_delim, ...)))
}

unnest_sentences <- function(tbl, output, input, ...) eval(bquote(unnest_tokens(tbl, .(substitute(output)), .(substitute(input)), token = "sentences", ...)))

unnest_characters <- function(tbl, output, input, ...) eval(bquote(unnest_tokens(tbl, .(substitute(output)), .(substitute(input)), token = "characters", ...)))

unnest_lines <- function(tbl, output, input, ...) eval(bquote(unnest_tokens(tbl, .(substitute(output)), .(substitute(input)), token = "lines", ...)))

unnest_regex <- function(tbl, output, input, pattern = "\\s+", ...) eval(bquote(unnest_tokens(tbl, .(substitute(output)), .(substitute(input)), token = "regex", pattern = pattern, ...)))

get_stopwords <- function(language = "en", source = "snowball") tibble::tibble(word = stopwords(language, source), lexicon = source)

stop_words <- tibble::tibble(word = .function_words(), lexicon = "snowball")

get_sentiments <- function(lexicon = "bing") stop("lists of words with their sentiment are not stored here; read one with read_csv() and join it", call. = FALSE)

bind_tf_idf <- function(tbl, term, document, n) {
  term <- as.character(substitute(term))
  document <- as.character(substitute(document))
  counted <- as.character(substitute(n))
  counts <- tbl[[counted]]
  documents <- as.character(tbl[[document]])
  terms <- as.character(tbl[[term]])
  tf <- counts / ave(counts, documents, FUN = sum)
  pairs <- !duplicated(data.frame(terms, documents))
  idf <- log(length(unique(documents)) / table(terms[pairs])[terms])
  tbl$tf <- as.vector(tf)
  tbl$idf <- as.vector(idf)
  tbl$tf_idf <- tbl$tf * tbl$idf
  tbl
}

.wide_counts <- function(data, row, column, value) {
  rows <- factor(data[[row]], unique(data[[row]]))
  columns <- factor(data[[column]], unique(data[[column]]))
  made <- matrix(0, nlevels(rows), nlevels(columns), dimnames = list(levels(rows), levels(columns)))
  made[cbind(as.integer(rows), as.integer(columns))] <- if (is.null(value)) 1 else data[[value]]
  made
}

cast_sparse <- function(data, row, column, value, ...) {
  .wide_counts(data, as.character(substitute(row)), as.character(substitute(column)), if (missing(value)) NULL else as.character(substitute(value)))
}

cast_dtm <- function(data, document, term, value, ...) {
  made <- .wide_counts(data, as.character(substitute(document)), as.character(substitute(term)), as.character(substitute(value)))
  names(dimnames(made)) <- c("Docs", "Terms")
  made
}

cast_tdm <- function(data, term, document, value, ...) {
  made <- .wide_counts(data, as.character(substitute(term)), as.character(substitute(document)), as.character(substitute(value)))
  names(dimnames(made)) <- c("Terms", "Docs")
  made
}

reorder_within <- function(x, by, within, fun = mean, sep = "___", ...) stats::reorder(paste(x, within, sep = sep), by, FUN = fun)

scale_x_reordered <- function(..., labels = function(x) gsub("___.+$", "", x)) scale_x_discrete(labels = labels, ...)

scale_y_reordered <- function(..., labels = function(x) gsub("___.+$", "", x)) scale_y_discrete(labels = labels, ...)
