"""Documents with chunks of R: what runs of them, and where their errors point."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipekeras.repl.command import main
from pipekeras.repl.document import program_of_document
from pipekeras.repl.source import SourceError, read_program

DOCUMENT = """\
---
title: "A document"
---

Words, `r 1 + 1` of them in line.

```{r setup, include=FALSE}
knitr::opts_chunk$set(echo = TRUE, eval = FALSE)
x <- 1:3
```

- in a list

  ```{R, eval = T, fig.width = 3}
  text <- "two
  lines"
  ```

> ```{r}
> y <- sum(x) +
>   1
> ```

```{r, eval=FALSE, echo=TRUE}
stop("left out")
```

```{r}
#| label: quarto
#| eval: false
stop("left out")
```

```r
stop("not a chunk")
```

````
```{r}
stop("shown")
```
````

```{python}
import os
```

```{css}
a { color: red }
```

```{r}
y
```
"""


def test_chunks_keep_their_lines() -> None:
    program = program_of_document(DOCUMENT, "a.Rmd").split("\n")
    given = DOCUMENT.split("\n")
    assert len(program) == len(given)
    kept = {number + 1: line for number, line in enumerate(program) if line}
    assert kept == {
        8: "knitr::opts_chunk$set(echo = TRUE, eval = FALSE)", 9: "x <- 1:3", 15: '  text <- "two', 16: '  lines"',
        20: "  y <- sum(x) +", 21: "    1", 44: 'message("python code in line 44 is left out")', 53: "y",
    }  # fmt: skip


@pytest.mark.parametrize("suffix", [".Rmd", ".rmd", ".qmd", ".Rmarkdown"])
def test_a_document_runs(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / f"a{suffix}"
    file.write_text(DOCUMENT)
    assert main([str(file)]) == 0
    output = capsys.readouterr()
    assert output.out == "[1] 7\n"
    assert output.err == "python code in line 44 is left out\n"


def test_errors_point_at_lines_of_the_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.Rmd"
    file.write_text(DOCUMENT.replace("```{r}\ny\n", "```{r}\nz + y\n"))
    assert main([str(file)]) == 1
    assert f"  {file}:53:1   z + y\n" in capsys.readouterr().err
    assert main(["check", str(file)]) == 1
    assert f"  {file}:53:1   z + y\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("words\n\n```{r}\n1 + 1\n", "a chunk of 'a.Rmd' has no end", 3),
        ("```{r, eval = is_ready}\n1\n```\n",
         "whether a chunk of 'a.Rmd' is evaluated cannot be told before it runs: is_ready", 1),
        ("```{r}\n#| eval: !expr ready\n1\n```\n",
         "whether a chunk of 'a.Rmd' is evaluated cannot be told before it runs: !expr ready", 2),
        ("---\nparams: [1\n---\n\n```{r}\n1\n```\n",
         "the head of 'a.Rmd' cannot be read: while parsing a flow sequence", 2),
        ("---\nparams: word\n---\n\n```{r}\n1\n```\n", "the parameters of 'a.Rmd' have no names", 2),
        ("only words\n", "'a.Rmd' holds no chunk of R", None),
        ("```{r\n1\n```\n", "'a.Rmd' holds no chunk of R", None),
    ],
)  # fmt: skip
def test_documents_that_cannot_run(text: str, message: str, line: int | None) -> None:
    with pytest.raises(SourceError) as caught:
        program_of_document(text, "a.Rmd")
    assert caught.value.message == message
    assert caught.value.place is None if line is None else str(caught.value.place).startswith(f"  a.Rmd:{line}:1   ")


def test_other_files_are_taken_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "a.R"
    file.write_text("```{r}\n1\n```\n")
    assert read_program(str(file)) == "```{r}\n1\n```\n"


def test_parameters_of_the_head(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = """---
title: "A"
params:
  epochs: 5
  rate: 0.5
  name: 'it says "so"'
  deep: yes
  sizes: [1, 2]
  none: null
  asked:
    label: "How many"
    value: 7
output: html_document
---
"""
    file = tmp_path / "a.Rmd"
    file.write_text(head + "\n```{r}\nstr(params)\n```\n")
    assert main([str(file)]) == 0
    assert capsys.readouterr().out == (
        'List of 7\n $ epochs: int 5\n $ rate  : num 0.5\n $ name  : chr "it says \\"so\\""\n $ deep  : logi TRUE\n'
        " $ sizes : int [1:2] 1 2\n $ none  : NULL\n $ asked : int 7\n"
    )
