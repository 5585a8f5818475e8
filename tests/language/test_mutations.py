"""Broken programs end in an error of the language, never in a Python exception or a defect report."""

from __future__ import annotations

import io
import random
import re
import threading
import time
from pathlib import Path

import pytest
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.session import Session

PROGRAMS = sorted((Path(__file__).parent / "conformance").glob("*.R"))
TOKEN = re.compile(
    r'"[^"]*"|[A-Za-z_.][\w.]*|\d+\.?\d*L?|%[^%]*%|<<?-|[-+*/^<>=!&|~?:$@]+|[()\[\]{},;]|\s+|.'
)
ODD = [
    "NULL", "NA", "list()", "-1", "character(0)", "quote(x)", "1:3", "TRUE", "Inf", "...", "1i", "sum",
    "new.env()", "NaN", "-0.5", "c(a=1)", "matrix(1:4,2)", "data.frame(a=1:2)", 'factor("a")',
    'as.Date("2020-01-01")',
]
UNSAFE = re.compile(
    r"unlink|file|quit|\bq\(|sleep|system|setwd|repeat|while|sink|readline|1e|save|install|Inf.*(rep|seq|:)|:Inf|setenv"
    r"|write|source|library"
)


class Watch(threading.Thread):
    """Interrupts the program after so many seconds of processor time, so that a crowded machine changes nothing."""

    def __init__(self, seconds: float) -> None:
        super().__init__(daemon=True)
        self.end = time.process_time() + seconds
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.2):
            if time.process_time() > self.end:
                machine.interrupted = True
                return


def mutated(lines: list[str], tokens: list[str], chance: random.Random) -> str:
    program = []
    for line in chance.sample(lines, chance.randint(1, 3)):
        parts = TOKEN.findall(line)
        for _ in range(chance.randint(0, 3)):
            if not parts:
                break
            at = chance.randrange(len(parts))
            kind = chance.random()
            if kind < 0.2:
                del parts[at]
            elif kind < 0.4:
                parts[at] = chance.choice(tokens)
            elif kind < 0.9:
                words = [i for i, part in enumerate(parts) if re.match(r'["\w.]', part)]
                if words:
                    parts[chance.choice(words)] = chance.choice(ODD)
            else:
                parts.insert(at, chance.choice(parts))
        program.append("".join(parts))
    return "\n".join(program)


@pytest.mark.parametrize("seed", range(4))
def test_broken_programs_fail_in_the_language(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    chance = random.Random(seed)
    lines = [
        line
        for program in PROGRAMS
        for line in program.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    tokens = [token for line in lines for token in TOKEN.findall(line)]
    for _ in range(120):
        program = mutated(lines, tokens, chance)
        if UNSAFE.search(program):
            continue
        output, errors = io.StringIO(), io.StringIO()
        stop = Watch(5.0)
        stop.start()
        try:
            status = Session(output=output, error_output=errors).run(program, "broken.pk")
        finally:
            stop.done.set()
            stop.join()
            machine.interrupted = False
        assert status in (0, 1), program
        assert "internal problem" not in errors.getvalue(), f"{program}\n{errors.getvalue()}"
        assert "Traceback" not in errors.getvalue(), program
