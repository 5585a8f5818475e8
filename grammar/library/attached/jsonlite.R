# jsonlite beyond texts and values: records line by line, pages, bytes as text.

parse_json <- function(txt, simplifyVector = FALSE, ...) fromJSON(txt, simplifyVector = simplifyVector, ...)

stream_out <- function(x, con = stdout(), pagesize = 500, verbose = TRUE, prefix = "", ...) {
  if (pagesize < 1) stop("pagesize must be at least 1", call. = FALSE)
  if (verbose) message("Complete! Processed total of ", nrow(x), " rows.")
  if (!is.data.frame(x)) stop("is.data.frame(x) is not TRUE", call. = FALSE)
  rows <- vapply(seq_len(nrow(x)), function(k) {
    text <- as.character(toJSON(x[k, , drop = FALSE], rownames = FALSE, ...))
    substr(text, 2L, nchar(text) - 1L)
  }, "")
  writeLines(paste0(prefix, rows), con)
  invisible()
}

stream_in <- function(con, handler = NULL, pagesize = 500, verbose = TRUE, ...) {
  if (pagesize < 1) stop("pagesize must be at least 1", call. = FALSE)
  lines <- readLines(con)
  lines <- lines[nzchar(trimws(lines))]
  if (verbose && length(lines)) message("\r Imported ", length(lines), " records. Simplifying...")
  made <- fromJSON(paste0("[", paste(lines, collapse = ","), "]"), ...)
  if (is.null(handler)) made else invisible(handler(made))
}

rbind_pages <- function(pages) {
  pages <- Filter(Negate(is.null), pages)
  if (!all(vapply(pages, is.data.frame, NA))) stop("all(vapply(pages, is.data.frame, logical(1))) is not TRUE", call. = FALSE)
  as.data.frame(bind_rows(lapply(pages, function(page) structure(page, row.names = .set_row_names(nrow(page))))))
}

base64_enc <- function(input) base64enc_text(if (is.character(input)) charToRaw(paste(input, collapse = "\n")) else input)

base64_dec <- function(input) base64_bytes(if (is.raw(input)) rawToChar(input) else input)

.base64_letters <- c(LETTERS, letters, 0:9, "+", "/")

base64enc_text <- function(bytes) {
  bits <- as.vector(vapply(as.integer(bytes), function(byte) as.integer(rev(intToBits(byte)[1:8])), integer(8)))
  bits <- c(bits, rep(0L, (-length(bits)) %% 6L))
  codes <- colSums(matrix(bits, 6L) * 2^(5:0))
  paste0(paste(.base64_letters[codes + 1L], collapse = ""), strrep("=", (-length(bytes)) %% 3L))
}

base64_bytes <- function(text) {
  codes <- match(strsplit(gsub("[^A-Za-z0-9+/]", "", text), "")[[1L]], .base64_letters) - 1L
  bits <- as.vector(vapply(codes, function(code) as.integer(rev(intToBits(code)[1:6])), integer(6)))
  as.raw(colSums(matrix(bits[seq_len(length(bits) %/% 8L * 8L)], 8L) * 2^(7:0)))
}
