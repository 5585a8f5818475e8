# elements told by names in arrays, missing names, and words said of rare arguments
says <- function(expr) tryCatch(expr, error = function(e) cat("Error:", conditionMessage(e), "\n"), warning = function(w) cat("Warning:", conditionMessage(w), "\n"))

counts <- table(letter = c("b", "a", "b"))
counts["a"] <- 9L
counts
counts <- table(letter = c("b", "a", "b"))
counts[["a"]] <- 9L
counts
counts[1] <- 5L
counts
counts["new"] <- 1L
attributes(counts)
line <- array(1:2, 2, list(k = c("p", "q")))
line[c("p", "q")] <- 5:6
attributes(line)
line <- array(list(1, 2), 2, list(k = c("p", "q")))
line["q"] <- list("z")
attributes(line)
cells <- matrix(1:4, 2)
cells[character(0)] <- 9L
attributes(cells)
names(cells) <- letters[1:4]
cells["b"] <- 9L
cells
marked <- structure(1:2, unit = "cm", names = c("a", "b"))
marked["a"] <- 5L
attributes(marked)

shaped <- c(a = 1, b = 2)
attr(shaped, "unit") <- "cm"
attr(shaped, "dim") <- c(1, 2)
shaped
attr(shaped, "dim") <- NULL
shaped

gaps <- setNames(c(1L, NA, 3L), c("a", NA, ""))
print(gaps, na.print = "-")
print(setNames(c("q", NA), c(NA, "k")), na.print = "<none>")
rows <- as.data.frame(gaps)
rows
rownames(rows)
as.data.frame(setNames(1:2, c("a", "a")))
says(data.frame(gaps))

intToUtf8(123456)
dput("\U1e240")
sprintf("%5.2.1f", 1)
sprintf("%..2f|", 1)
sprintf("%5-d", 1L)

says(lengths(sum))
says(lengths(quote(a + b)))
lengths(expression(a, b))
says(seq_len(list(3)))
says(seq_len(3:4))
value <- 1
says({ storage.mode(value) <- 1 })
says({ storage.mode(value) <- c("integer", "double") })
says(intToUtf8(factor("a")))
says(numeric_version(c("1.2", "a", "b", "a")))
says(quantile(noquote("q")))
xtfrm(as.POSIXct("2024-01-01 12:00:00", tz = "UTC"))
all.equal(sum, mean)
all.equal(function(x) x, max)
stats::lag(1:3)
stats::lag(c(a = 1, b = 2), -1)
