# What is known of files and folders, as tables.

file_info <- function(path, fail = TRUE, follow = FALSE) {
  path <- path_expand(path)
  away <- !file.exists(path)
  if (fail && any(away)) stop("[ENOENT] Failed to stat '", path[away][1], "': no such file or directory")
  known <- file.info(path, extra_cols = TRUE)
  links <- Sys.readlink(path)
  kinds <- ifelse(!follow & !is.na(links) & nzchar(links), "symlink", ifelse(known$isdir, "directory", "file"))
  columns <- list(
    path = as_fs_path(path),
    type = factor(kinds, c("any", "block_device", "character_device", "directory", "FIFO", "file", "socket", "symlink")),
    size = structure(known$size, class = c("fs_bytes", "numeric")),
    permissions = as.character(known$mode),
    modification_time = known$mtime,
    user = known$uname,
    group = known$grname,
    access_time = known$atime,
    change_time = known$ctime
  )
  as_tibble(columns[!vapply(columns, is.null, NA)])
}

dir_info <- function(path = ".", all = FALSE, recurse = FALSE, type = "any", regexp = NULL, glob = NULL, fail = TRUE, ...) {
  file_info(unname(dir_ls(path, all = all, recurse = recurse, type = type, regexp = regexp, glob = glob, fail = fail, ...)), fail)
}

format.fs_bytes <- function(x, digits = 3, ...) {
  power <- pmin(ifelse(is.na(x) | x < 1024, 0, floor(log(unclass(x), 1024))), 5)
  number <- vapply(unclass(x) / 1024^power, function(one) if (is.na(one)) NA_character_ else format(signif(one, digits), trim = TRUE), "")
  ifelse(is.na(x), NA_character_, paste0(number, c("", "K", "M", "G", "T", "P")[power + 1]))
}

print.fs_bytes <- function(x, ...) {
  print(format(x), quote = FALSE)
  invisible(x)
}

`[.fs_bytes` <- function(x, i) structure(unclass(x)[i], class = class(x))
