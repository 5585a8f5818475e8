# what Perl's patterns can do beyond the extended dialect, names of groups, and counts without a least number
m <- function(p, x) regmatches(x, gregexpr(p, x, perl = TRUE))[[1]]
m("foo\\Kbar", "foobar barfoobar")
sub("foo\\Kbar", "X", "foobar", perl = TRUE)
gsub("\\d\\K", "-", "123", perl = TRUE)
gsub("(a)\\K(b)", "<\\1\\2>", "abab", perl = TRUE)
strsplit("a1b2c3", "\\d\\K", perl = TRUE)
regexpr("(a)\\K(b)", "xab", perl = TRUE)
m("(?x) a b # c", "ab")
m("(?x)\n (\\d{3}) # area (code)\n -? (\\d{4}) # number", "555-1234")
m("(\\((?:[^()]|(?1))*\\))", "a(b(c)d)e (x)")
m("\\((?:[^()]++|(?R))*\\)", "f(g(h(1),2),3)")
grepl("^(\\((?1)*\\))+$", c("(())()", "(()", "()"), perl = TRUE)
m("(?<p>\\{(?:[^{}]|(?&p))*\\})", "{a{b}c}d{e}")
regexec("(a)(?<n>b)", c("ab", "zz", NA), perl = TRUE)
regmatches("ab", regexec("(a)(?<n>b)", "ab", perl = TRUE))
regmatches(c("x=1", "y=2 z=3"), gregexec("(?<k>\\w)=(?<v>\\d)", c("x=1", "y=2 z=3"), perl = TRUE))
regmatches("baaaaab", gregexpr("ba{,2}", "baaaaab"))[[1]]
regmatches("aaa", gregexpr("a{,1}", "aaa"))[[1]]
