"""The exact words about programs that do not parse."""

import pytest
from pipekeras.grammar.parse import ParseError, parse_text

REPORTS = {
    "unclosed bracket, next line": (
        "x <- c(1, 2\ny <- 3\n",
        "SyntaxError: 'y' starts a line, but '(' is still open\n"
        "  model.pk:2:1   y <- 3\n"
        "                 ^\n"
        "  model.pk:1:7   x <- c(1, 2\n"
        "                       ^ opened here\n"
        "  mend: close it with ')', or put ',' or an operator after '2'",
    ),
    "unclosed brace": (
        "f <- function(x) {\n  x\n",
        "SyntaxError: the text ends before '{' is closed\n"
        "  model.pk:2:3     x\n"
        "                   ^\n"
        "  model.pk:1:18   f <- function(x) {\n"
        "                                   ^ opened here\n"
        "  mend: add the missing '}'",
    ),
    "wrong closer": (
        "f(x[1)",
        "SyntaxError: found ')' where '[' wants ']'\n"
        "  model.pk:1:6   f(x[1)\n"
        "                      ^\n"
        "  model.pk:1:4   f(x[1)\n"
        "                    ^ opened here\n"
        "  mend: write ']' before it, or remove '['",
    ),
    "closer of nothing": (
        "f(x))",
        "SyntaxError: ')' closes nothing\n"
        "  model.pk:1:5   f(x))\n"
        "                     ^\n"
        "  mend: remove it, or add the bracket it closes",
    ),
    "pipe that starts a line": (
        "model\n  %>% layer_dense(10)\n",
        "SyntaxError: '%>%' starts a line, but the expression has ended with the line before\n"
        "  model.pk:2:3     %>% layer_dense(10)\n"
        "                   ^^^\n"
        "  mend: move %>% to the end of the line before",
    ),
    "else on its own line": (
        "if (a) {\n  b\n}\nelse {\n  c\n}\n",
        "SyntaxError: 'else' starts a line, but its 'if' has ended with the line before\n"
        "  model.pk:4:1   else {\n"
        "                 ^^^^\n"
        "  mend: write } else { on one line",
    ),
    "assignment in a condition": (
        "if (a = 1) b",
        "SyntaxError: '=' assigns, it does not compare\n"
        "  model.pk:1:7   if (a = 1) b\n"
        "                       ^\n"
        "  mend: write == to compare",
    ),
    "missing comma": (
        "layer_dense(units = 10 activation = 'relu')",
        "SyntaxError: 'activation' follows '10' without ',' or an operator\n"
        "  model.pk:1:24   layer_dense(units = 10 activation = 'relu')\n"
        "                                         ^^^^^^^^^^\n"
        "  mend: put a ',' or an operator between them",
    ),
    "typographic quotes": (
        "x <- \u201crelu\u201d",
        "SyntaxError: the character '\u201c' has no meaning here\n"
        "  model.pk:1:6   x <- \u201crelu\u201d\n"
        "                      ^\n"
        '  mend: use straight quotes: "',
    ),
    "string that never ends": (
        "x <- 'relu\ny <- 2",
        "SyntaxError: this string is never closed\n"
        "  model.pk:1:6   x <- 'relu\n"
        "                      ^^^^^\n"
        "  mend: add the closing '",
    ),
    "escape that does not exist": (
        "x <- '\\d+'",
        "SyntaxError: '\\d' is an unrecognized escape in character string starting \"'\\d\"\n"
        "  model.pk:1:7   x <- '\\d+'\n"
        "                       ^^\n"
        '  mend: write \\\\d for a backslash, or a raw string r"(...)"',
    ),
    "chained comparison": (
        "0 < x < 1",
        "SyntaxError: comparisons do not chain: unexpected '<'\n"
        "  model.pk:1:7   0 < x < 1\n"
        "                       ^\n"
        "  mend: compare twice, a < b & b < c, or put one comparison in parentheses",
    ),
    "pipe into a name": (
        "x |> sum",
        "SyntaxError: The pipe operator requires a function call as RHS\n"
        "  model.pk:1:6   x |> sum\n"
        "                      ^^^\n"
        "  mend: write x |> f(), with parentheses",
    ),
    "parameter twice": (
        "function(x, x) 1",
        "SyntaxError: repeated formal argument 'x' on line 1\n"
        "  model.pk:1:13   function(x, x) 1\n"
        "                              ^\n"
        "  mend: give each parameter a name of its own",
    ),
    "no parentheses after if": (
        "if x > 1 y",
        "SyntaxError: 'if' must be followed by '('\n"
        "  model.pk:1:4   if x > 1 y\n"
        "                    ^\n"
        "  mend: write if (condition) ...",
    ),
    "wide characters before the place": (
        "x <- '你好' 5",
        "SyntaxError: the number 5 follows ''你好'' without an operator\n"
        "  model.pk:1:11   x <- '你好' 5\n"
        "                              ^\n"
        "  mend: put an operator or a newline between them",
    ),
}


@pytest.mark.parametrize("case", REPORTS, ids=list(REPORTS))
def test_report(case: str) -> None:
    program, report = REPORTS[case]
    with pytest.raises(ParseError) as caught:
        parse_text(program, "model.pk")
    assert caught.value.report() == report
