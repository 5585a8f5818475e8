# str() of what programs seldom look into, and days of the calendar
str(numeric_version(c("1.2", "3"))); str(list(a = numeric_version("1.2"))); str(package_version("1.2.3")); str(ts(1:10, start = 2000)); str(ts(c(1.5, 2, 3), start = c(2020, 2), frequency = 4)); str(list(ts(1:3))); str(data.frame(t = ts(1:3)))
str(as.hexmode(10)); str(as.octmode(8L)); str(list(a = as.hexmode(255))); str(as.roman(4)); str(raw(0)); str(raw(5)); str(as.raw(1:20)); str(alist(a = , b = 2)); str(list(quote(expr = )))
for (n in c("if", "for", "return", "(", "{", "[", "[[", "@", "<-", "[<-", "&&", "+", "!", "~", "quote", "switch", "c", "call", ":")) { cat(n, ""); str(get(n)) }
str(strrep("x", 126)); str(strrep("x", 127)); str(c(strrep("y", 130), "b")); str(strrep("x", 60), nchar.max = 40); str(strrep("\"", 70)); str(strrep("\u00e9", 127)); str(list(a = strrep("x", 127)))
seq(as.POSIXct("2024-03-30 12:00", tz = "Europe/Berlin"), by = "DSTday", length.out = 3); seq(as.POSIXct("2024-03-30 12:00", tz = "Europe/Berlin"), as.POSIXct("2024-04-03", tz = "Europe/Berlin"), by = "2 DSTdays"); outer(as.Date("2024-01-01") + 0:1, 0:1, "+")
