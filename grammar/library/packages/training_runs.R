# Folders of training runs put away, deleted and copied: what scripts take from tfruns beside the runs themselves.

.run_folders <- function(runs) {
  folders <- if (is.list(runs)) runs$run_dir else runs
  here <- dir.exists(folders)
  if (!all(here)) folders[!here] <- file.path(getOption("tfruns.runs_dir", "runs"), folders[!here])
  unknown <- folders[!dir.exists(folders)]
  if (length(unknown)) stop("Run directory does not exist: ", paste(unknown, collapse = ", "))
  folders
}

.runs_agreed <- function(folders, what, confirm) {
  count <- paste(length(folders), if (length(folders) == 1) "run" else "runs")
  !confirm || tolower(readline(paste0(count, " to be ", what, ". Continue? [y/N]: "))) %in% c("y", "yes")
}

clean_runs <- function(runs = ls_runs(runs_dir = runs_dir), runs_dir = getOption("tfruns.runs_dir", "runs"), confirm = interactive()) {
  folders <- .run_folders(runs)
  if (!length(folders)) {
    message("No runs to clean.")
    return(invisible())
  }
  if (!.runs_agreed(folders, "moved to archive", confirm)) return(invisible())
  archive <- file.path(runs_dir, "archive")
  dir.create(archive, showWarnings = FALSE, recursive = TRUE)
  moved <- file.rename(folders, file.path(archive, basename(folders)))
  message(sum(moved), if (sum(moved) == 1) " run" else " runs", " moved to ", archive)
  invisible(moved)
}

purge_runs <- function(runs_dir = getOption("tfruns.runs_dir", "runs"), confirm = interactive()) {
  folders <- list.files(file.path(runs_dir, "archive"), full.names = TRUE)
  if (!length(folders)) {
    message("No runs found in archive.")
    return(invisible())
  }
  if (.runs_agreed(folders, "permanently deleted", confirm)) unlink(folders, recursive = TRUE)
  invisible()
}

copy_run <- function(run_dir, to = ".", rename = NULL) {
  folders <- .run_folders(run_dir)
  if (length(rename) > 1 && length(rename) != length(folders)) stop("rename must have a name for each run")
  targets <- file.path(to, if (is.null(rename)) basename(folders) else rename)
  for (k in seq_along(folders)) {
    if (dir.exists(targets[k])) stop("Directory ", targets[k], " exists already")
    dir.create(to, showWarnings = FALSE, recursive = TRUE)
    dir.create(targets[k])
    file.copy(list.files(folders[k], full.names = TRUE, all.files = TRUE, no.. = TRUE), targets[k], recursive = TRUE)
  }
  invisible(targets)
}
