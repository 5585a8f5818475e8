suppressPackageStartupMessages({library(data.table); library(lubridate); library(readr)})
dt <- data.table(id = 1:6, g = c("a", "b", "a", "c", "b", "a"), x = c(1.5, 2, 3.25, NA, 5, 6))
dt[, .N, by = g]
dt[, .(mean(x), n = .N), by = .(g, odd = id %% 2 == 1)]
dt[, .SD[which.max(id)], by = g]
dt[, lapply(.SD, sum), by = g, .SDcols = is.numeric]
dt[order(g, -id), head(.SD, 1), by = g]
dt[, c(1, 3)][2]
dt[, !"x"][1:2]
dt[, id:g][1]
dt[, .I[1], by = g]
dt[g == "zzz"]
dt[, .(list(id)), keyby = g]
a <- data.table(k = c("x", "y", "z"), v = 1:3, key = "k")
b <- data.table(k = c("y", "z", "w"), v = 4:6, w = c(TRUE, FALSE, NA))
a[b]
a["y"]
a[b, on = .(k), .(k, v, i.v)]
b[a, on = "k", nomatch = NULL]
a[!b, on = "k"]
merge(a, b, by = "k", all = TRUE)
a[b, v2 := i.v, on = "k"]
a
data.table(v = c(TRUE, NA), s = c(NA, "x"), l = list(1, 2:3))
data.table(x = 1:200)
unique(dt, by = "g")
rbindlist(list(a, b), fill = TRUE)
melt(data.table(id = 1:2, a_1 = 3:4, a_2 = 5:6, b_1 = 7:8, b_2 = 9:10), id.vars = "id", measure.vars = patterns("^a", "^b"), value.name = c("a", "b"))
fread("a,b\n1,x\n2,y")
fwrite(data.table(a = 1:2, b = c("x", "y,z")))
mdy_hm("3/5/2024 4:05 PM")
floor_date(ymd("2024-03-17"), "week", week_start = 1)
ceiling_date(ymd_hms("2024-03-17 13:47:12"), "day")
quarter(ymd("2024-05-05"), with_year = TRUE)
i <- interval(ymd("2024-01-01"), ymd("2024-03-01"))
int_start(i)
i %% months(1)
intersect(i, interval(ymd("2024-02-01"), ymd("2024-05-01")))
ymd("2024-02-01") %within% i
duration("2 days 3 hours")
days_in_month(2)
tibble::tibble(p = days(1:2), d = ddays(1:2))
suppressWarnings(parse_double(c("1.5", "x")))
parse_time("10:20")
cols(a = col_integer(), .default = col_character())
read_csv("n,t\n\"1,234\",10:20:30\n\"5,678\",11:00\n", show_col_types = FALSE)
format_csv(data.frame(a = 1:2, b = c("q\"t", NA)), na = "-") |> cat()
tryCatch(read_csv("none.csv"), error = function(e) cat(sub("\\(.*", "", conditionMessage(e)), "\n"))
