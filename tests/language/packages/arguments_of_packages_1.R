# Arguments of packages that wait for library(): each changes what comes out, or is refused.
fails <- function(expr, text = "") {
  said <- tryCatch({ expr; NA }, error = conditionMessage)
  !is.na(said) && grepl(text, said, fixed = TRUE)
}
pdf(NULL)

library(MASS)
stopifnot(is.null(truehist(c(1, 2, 2, 3, 9), h = 2, x0 = 0)), fails(truehist(1:9, h = -1), "strictly positive"))
stopifnot(fails(truehist(1:9, breaks = 2:5), "do not cover"))
line <- lm(mpg ~ wt + qsec + drat, mtcars)
stopifnot(identical(names(coef(stepAIC(line, trace = 0))), c("(Intercept)", "wt", "qsec", "drat")), identical(names(coef(stepAIC(line, scale = 40, trace = 0))), c("(Intercept)", "wt", "qsec")))
parcoord(iris[1:4], var.label = TRUE)

library(RColorBrewer)
display.brewer.all(type = "qual")
stopifnot(length(.brewer_shown(NULL, "qual", NULL, TRUE)) == 7, all(.brewer_shown(10, "div", NULL, TRUE) == 10), fails(display.brewer.all(type = "other"), "not a valid name"))
stopifnot(identical(.brewer_shown(10, "all", c("Set1", "Set3"), FALSE), c(Set1 = 9, Set3 = 10)), fails(display.brewer.all(n = 99)), fails(display.brewer.all(colorblindFriendly = TRUE)))

library(caret)
y <- c(1, 2.2, 4, 8.3, 15.5, 33, 64, 130)
stopifnot(BoxCoxTrans(y)$lambda == 0, BoxCoxTrans(y, x = exp(seq_along(y) * log(2)))$lambda == 1, fails(BoxCoxTrans(c(y, NA), na.rm = FALSE), "na.rm"))
stopifnot(BoxCoxTrans(c(y, NA))$n == 8)
waves <- data.frame(x = seq(-3, 3, length.out = 40), still = 1)
shares <- filterVarImp(waves, waves$x^2, nonpara = TRUE)$Overall
stopifnot(shares[1] > 0.98, is.na(shares[2]), filterVarImp(waves["x"], waves$x^2)$Overall < 0.01)

library(class)
votes <- knn.cv(iris[1:4], iris$Species, k = 5, prob = TRUE)
stopifnot(length(attr(votes, "prob")) == 150, all(attr(votes, "prob") > 1 / 3), is.null(attr(knn.cv(iris[1:4], iris$Species), "prob")))

library(cli)
two <- function() cli_abort(c("no {1 + 1}", i = "hint", x = "bad", "plain"), class = "mine")
said <- tryCatch(two(), error = identity)
stopifnot(identical(deparse(conditionCall(said)), "two()"), inherits(said, "mine"), conditionMessage(said) == "no 2\n\u2139 hint\n\u2716 bad\nplain")
three <- function(call) cli_abort("zz", call = call)
stopifnot(is.null(conditionCall(tryCatch(three(NULL), error = identity))), identical(conditionCall(tryCatch(three(quote(f(1))), error = identity)), quote(f(1))))
drawn <- function(...) as.character(unclass(rule(..., width = 20)))
stopifnot(drawn("L", right = "R", line = "-") == "-- L ---------- R --", drawn(center = "C", line = "=") == "========= C ========")
stopifnot(drawn(line = 2) == strrep("\u2550", 20), drawn("L", line = "bar3") == paste0("\u2583\u2583 L ", strrep("\u2583", 15)), fails(rule("a", "b"), "center"), fails(rule(line = 3)))

library(compiler)
before <- enableJIT(0)
stopifnot(before == 3L, enableJIT(3) == 0L, enableJIT(-1) == 3L, !compilePKGS(TRUE), compilePKGS(FALSE))

library(corrplot)
near <- cor(mtcars[1:4])
stopifnot(identical(corrplot.mixed(near, lower = "ellipse", upper = "square")$corr, near))

library(crayon)
options(crayon.enabled = TRUE, crayon.colors = 256)
stopifnot(make_style("orange")("x") == "\033[38;5;214mx\033[39m", make_style("orange", bg = TRUE)("x") == "\033[48;5;214mx\033[49m")
stopifnot(make_style("orange", grey = TRUE)("x") == "\033[38;5;255mx\033[39m", make_style("#123456", colors = 8)("x") == "\033[30mx\033[39m")
stopifnot(make_style("grey50")("x") == "\033[38;5;244mx\033[39m", make_style("bold")("x") == bold("x"), fails(make_style("nope"), "Unknown style"))
stopifnot(combine_styles(make_style("orange"), "bold")("x") == "\033[38;5;214m\033[1mx\033[22m\033[39m", red$bold("x") == "\033[31m\033[1mx\033[22m\033[39m")
stopifnot(red("a", blue("b"), "c") == "\033[31ma\033[34mb\033[31mc\033[39m")

library(data.table)
a <- data.table(x = c(2, 1, 2, 3), y = c("a", "b", "a", "c"))
b <- data.table(x = c(3, 2, 2, 2), y = c("c", "a", "a", "a"))
stopifnot(identical(fsetdiff(a, b)$x, 1), identical(fsetdiff(b, a, all = TRUE)$x, 2), nrow(fsetdiff(b, a)) == 0)
stopifnot(identical(fintersect(a, b)$x, c(2, 3)), identical(fintersect(a, b, all = TRUE)$x, c(2, 2, 3)))
stopifnot(!fsetequal(a, a[c(1, 1:4)]), fsetequal(a, a[c(1, 1:4)], all = FALSE), fsetequal(a, a[4:1]))
stopifnot(identical(nafill(c(1, NA, NaN), fill = 0), c(1, 0, 0)), identical(nafill(c(1, NA, NaN), fill = 0, nan = NaN), c(1, 0, NaN)))
stopifnot(identical(nafill(c(NaN, 1, NaN, NA), "locf", nan = NaN), c(NaN, 1, NaN, NaN)), identical(nafill(c(NA, NaN, 1), "nocb", nan = NaN), c(NaN, NaN, 1)))
setnafill(a, fill = 0, nan = NaN, cols = "x")
long <- data.table(id = factor(c("a", "a", "b"), levels = c("a", "b", "c")), g = c(1, 2, 1), k = factor(c("p", "q", "p"), levels = c("p", "q", "r")), v = 1:3)
every <- dcast(long, id + g ~ k, value.var = "v", drop = FALSE)
stopifnot(identical(names(every), c("id", "g", "p", "q", "r")), identical(every$p, c(1L, NA, 3L, NA, NA, NA)), identical(as.character(every$id), rep(c("a", "b", "c"), each = 2)), is.integer(every$r))
stopifnot(identical(dcast(long, id + g ~ k, sum, value.var = "v", drop = FALSE)$r, rep(0L, 6)), nrow(dcast(long, id + g ~ k, value.var = "v", drop = c(TRUE, FALSE))) == 3)
stopifnot(identical(dim(dcast(long, id + g ~ k, value.var = "v", drop = c(FALSE, TRUE))), c(6L, 4L)), identical(dcast(long, id ~ k, value.var = "v", subset = .(v > 1))$q, c(2L, NA)))
stopifnot(fails(dcast(long, id ~ k, value.var = "v", margins = TRUE), "margins"))

suppressMessages(library(dplyr))
d <- data.frame(a = c("x", "X", "y"), b = c(1L, 1L, 2L), c = c(1, 1.2, 2))
stopifnot(nrow(distinct_all(d)) == 3, nrow(distinct_all(d[1:2], toupper)) == 2, identical(names(distinct_all(d, list(u = toupper))), c("a_u", "b_u", "c_u")))
stopifnot(identical(distinct_if(d, is.character, toupper)$a, c("X", "Y")), nrow(distinct_if(d, is.numeric, round)) == 2, identical(distinct_at(d, "a", toupper)$a, c("X", "Y")))
stopifnot(identical(names(distinct_if(d, is.character, toupper, .keep_all = TRUE)), names(d)))
stopifnot(n_groups(group_by_all(d, toupper)) == 3, n_groups(group_by_if(d, is.character, toupper)) == 2, identical(group_vars(group_by_if(d, is.character, list(u = toupper))), "u"))
stopifnot(n_groups(group_by_at(d, "a", toupper)) == 2, identical(group_vars(group_by_at(group_by(d, b), "a", .add = TRUE)), c("b", "a")))
stopifnot(all_equal(data.frame(x = 1L), data.frame(x = 1)) == "Different types for column `x`: integer vs double.", isTRUE(all_equal(data.frame(x = 1L), data.frame(x = 1), convert = TRUE)))
stopifnot(isTRUE(all_equal(data.frame(x = "a"), data.frame(x = factor("a")), convert = TRUE)), is.character(all_equal(data.frame(x = "a"), data.frame(x = factor("a")))))
stopifnot(is.character(all_equal(data.frame(x = "1"), data.frame(x = 1), convert = TRUE)), isTRUE(all_equal(data.frame(x = 1:2), data.frame(x = 2:1))))

library(fastDummies)
pets <- data.frame(pet = c("cat, dog", "dog", NA))
apart <- dummy_cols(pets, split = ",")
stopifnot(identical(names(apart), c("pet", "pet_cat", "pet_dog", "pet_NA")), identical(apart$pet_dog, c(1L, 1L, NA)), identical(apart$pet_cat, c(1L, 0L, NA)))

library(forcats)
f <- factor(c("3", "1", "2"), levels = c("3", "1", "2"))
stopifnot(is.ordered(fct_inseq(f, ordered = TRUE)), identical(levels(fct_inseq(f)), c("1", "2", "3")), !is.ordered(fct_inseq(f)), is.ordered(fct_inseq(ordered(f))))
stopifnot(!is.ordered(lvls_reorder(ordered(f), 3:1, ordered = FALSE)), identical(levels(lvls_reorder(f, 3:1, ordered = TRUE)), c("2", "1", "3")), fails(lvls_reorder(f, 1:2), "one integer"))

library(janitor)
names <- c("First Name", "hoursWorked", "% of total")
stopifnot(identical(make_clean_names(names), c("first_name", "hours_worked", "percent_of_total")), identical(make_clean_names(names, "lower_camel"), c("firstName", "hoursWorked", "percentOfTotal")))
stopifnot(identical(make_clean_names(names[1], "big_camel"), "FirstName"), identical(make_clean_names(names[1], "all_caps"), "FIRST_NAME"), identical(make_clean_names(names[1], "title"), "First Name"))
stopifnot(identical(names(clean_names(data.frame(first_name = 1), case = "upper_camel")), "FirstName"), fails(make_clean_names("a", "nope"), "snake"))
told <- function(expr) {
  said <- character()
  withCallingHandlers(expr, message = function(m) {
    said <<- c(said, conditionMessage(m))
    invokeRestart("muffleMessage")
  })
  said
}
holes <- data.frame(a = c(1, NA, 3), b = NA, c = c(2, NA, 2))
stopifnot(identical(told(remove_empty(holes, quiet = FALSE)), c("Removing 1 empty rows of 3 rows total (33.3%).\n", "Removing 1 empty columns of 3 columns total (Removed: b).\n")))
stopifnot(identical(told(remove_constant(holes, na.rm = TRUE, quiet = FALSE)), "Removing 2 constant columns of 3 columns total (Removed: b, c).\n"))
stopifnot(identical(told(remove_empty(iris, "cols", quiet = FALSE)), "No empty columns to remove.\n"), !length(told(remove_empty(holes))))
counted <- tabyl(c("a", "b", NA, "a"))
stopifnot(identical(counted$n, c(2L, 1L, 1L)), identical(counted$percent, c(0.5, 0.25, 0.25)), all.equal(counted$valid_percent, c(2 / 3, 1 / 3, NA)))
stopifnot(identical(tabyl(c("a", "b", NA, "a"), show_na = FALSE)$n, 2:1), ncol(tabyl(c("a", "b"))) == 3)
pairs <- data.frame(u = c("a", NA, "a"), w = c("p", "p", NA))
stopifnot(identical(names(tabyl(pairs, u, w)), c("u", "p", "NA_")), identical(tabyl(pairs, u, w)[["NA_"]], c(1L, 0L)), identical(dim(tabyl(pairs, u, w, show_na = FALSE)), c(1L, 2L)))
stopifnot(nrow(tabyl(f[f != "1"], show_missing_levels = FALSE)) == 2, nrow(tabyl(f[f != "1"])) == 3)
stopifnot(identical(frollmean(c(1, 2, 4, 7), c(2, 3)), list(c(NA, 1.5, 3, 5.5), c(NA, NA, 7 / 3, 13 / 3))), identical(frollsum(c(1, 2, 4, 7), c(1, 2, 3, 3), adaptive = TRUE), c(1, 3, 7, 13)))
both <- dcast(data.table(g = c("a", "b", "a"), k = c("x", "y", "x"), v = 1:3), g ~ k, list(sum, mid = mean), value.var = "v")
stopifnot(identical(names(both), c("g", "v_sum_x", "v_sum_y", "v_mid_x", "v_mid_y")), identical(both$v_mid_y, c(NaN, 2)))
stopifnot(identical(shift(list(a = 1:3), 1:2, give.names = TRUE), list(a_lag_1 = c(NA, 1:2), a_lag_2 = c(NA, NA, 1L))), identical(shift(1:4, -1), c(2:4, NA)))
stopifnot(identical(shift(1:4, 1, type = "cyclic"), c(4L, 1:3)))
d <- data.table(g = c("a", "a", "b"), x = 1:3, y = c(2, NA, 6))
cols <- c("x", "y")
d[, (cols) := lapply(.SD, function(v) v * 2), .SDcols = cols]
stopifnot(identical(d$x, c(2, 4, 6)), identical(d$y, c(4, NA, 12)))
d[, paste0("s_", cols) := lapply(.SD, sum), by = g, .SDcols = cols]
d[, c("u", "w") := .(x + 1, "k")]
stopifnot(identical(d$s_x, c(6, 6, 6)), identical(d$u, c(3, 5, 7)), identical(d$w, rep("k", 3)))
d[, g := factor(g)]
d[, g := as.character(g)]
d[x > 100, z := 1]
stopifnot(identical(d$g, c("a", "a", "b")), identical(d$z, rep(NA_real_, 3)), is.null(d[, c("u", "w") := NULL]$u))
longer <- melt(d, id.vars = "g", measure.vars = cols, na.rm = TRUE, variable.factor = FALSE)
stopifnot(is.data.table(longer), nrow(longer) == 5, is.character(longer$variable), nrow(melt(as.data.frame(d), "g", cols)) == 6)
