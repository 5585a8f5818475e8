# Sheets of workbooks as tibbles.

read_excel <- function(path, sheet = NULL, range = NULL, col_names = TRUE, col_types = NULL, na = "", trim_ws = TRUE, skip = 0,
                       n_max = Inf, guess_max = min(1000, n_max), progress = FALSE, .name_repair = "unique") {
  found <- .excel_columns(path, sheet, range, if (is.null(range)) skip else 0, n_max, isTRUE(col_names), col_types, na, trim_ws, guess_max)
  columns <- found$columns
  names(columns) <- if (is.character(col_names)) {
    if (length(col_names) != length(columns)) {
      stop("Sheet ", if (is.null(sheet)) 1 else sheet, " has ", length(columns), " columns, but `col_names` has length ", length(col_names), ".")
    }
    col_names
  } else if (is.null(found$names)) rep("", length(columns)) else found$names
  names(columns) <- repaired_names(names(columns), .name_repair)
  as_tibble(columns, .name_repair = "minimal")
}

read_xlsx <- read_excel

read_xls <- function(path, ...) stop(dQuote(path, FALSE), ": old .xls files are not read: save the workbook as .xlsx")

# By the ending of the name and, where that tells nothing, by the first bytes.
excel_format <- function(path, guess = TRUE) {
  ending <- tolower(tools::file_ext(path))
  made <- ifelse(ending %in% c("xlsx", "xlsm", "xltx", "xltm"), "xlsx", ifelse(ending == "xls", "xls", NA_character_))
  if (guess) for (k in which(is.na(made) & file.exists(path) & !dir.exists(path))) {
    begin <- paste(readBin(path[k], "raw", 4L), collapse = "")
    made[k] <- if (begin == "504b0304") "xlsx" else if (begin == "d0cf11e0") "xls" else NA_character_
  }
  made
}

cell_cols <- function(x) {
  if (is.character(x)) return(if (length(x) == 1) x else paste(range(x), collapse = ":"))
  letters_of <- function(number) if (number <= 26) LETTERS[number] else paste0(letters_of((number - 1) %/% 26), LETTERS[(number - 1) %% 26 + 1])
  paste(vapply(range(x), letters_of, ""), collapse = ":")
}

cell_rows <- function(x) paste(range(x), collapse = ":")
