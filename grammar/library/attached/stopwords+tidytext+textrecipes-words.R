# Words of English that carry grammar rather than meaning.

.function_words <- function() {
  subjects <- c("i", "you", "he", "she", "it", "we", "they")
  be <- list(i = "'m", you = "'re", he = "'s", she = "'s", it = "'s", we = "'re", they = "'re")
  pronouns <- c("i", "me", "my", "myself", "we", "our", "ours", "ourselves", "you", "your", "yours", "yourself", "yourselves", "he", "him", "his", "himself",
                "she", "her", "hers", "herself", "it", "its", "itself", "they", "them", "their", "theirs", "themselves")
  asking <- c("what", "which", "who", "whom", "when", "where", "why", "how")
  pointing <- c("this", "that", "these", "those", "here", "there")
  verbs <- c("am", "is", "are", "was", "were", "be", "been", "being", "have", "has", "had", "having", "do", "does", "did", "doing")
  modal <- c("would", "should", "could", "ought", "cannot")
  shortened <- c(paste0(names(be), unlist(be)), paste0(c("i", "you", "we", "they"), "'ve"), paste0(subjects[-5L], "'d"), paste0(subjects[-5L], "'ll"))
  denied <- paste0(c("is", "are", "was", "were", "has", "have", "had", "does", "do", "did", "wo", "would", "sha", "should", "ca", "could", "must"), "n't")
  stating <- paste0(c("let", "that", "who", "what", "here", "there", "when", "where", "why", "how"), "'s")
  joining <- c("and", "but", "if", "or", "because", "as", "until", "while", "of", "at", "by", "for", "with", "about", "against", "between", "into", "through",
               "during", "before", "after", "above", "below", "to", "from", "up", "down", "in", "out", "on", "off", "over", "under", "again", "further", "then", "once")
  counting <- c("all", "any", "both", "each", "few", "more", "most", "other", "some", "such", "no", "nor", "not", "only", "own", "same", "so", "than", "too", "very")
  c(pronouns, asking[1:4], pointing[1:4], verbs, modal, shortened, denied, stating, "a", "an", "the", joining, pointing[5:6], asking[5:8], counting)
}

stopwords <- function(language = "en", source = "snowball", simplify = TRUE) {
  .passed_over(simplify, source)
  if (!(language %in% c("en", "english"))) stop("words of language '", language, "' are not stored here; give them as a vector", call. = FALSE)
  .function_words()
}
