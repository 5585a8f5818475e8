"""Programs nobody meant to write end in an error of the language, never in a Python exception or without an end.

The whole lot is run by `python -m tests.language.hostile`; here a sample of it.
"""

from __future__ import annotations

import gc
import resource
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("bounds the memory of the process, which only Linux does", allow_module_level=True)

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.language.hostile.crossings import crossings
from tests.language.hostile.found import FOUND
from tests.language.hostile.programs import ENDLESS, HUGE, programs
from tests.language.hostile.watch import run_watched


@pytest.fixture(autouse=True, scope="module")
def young_memory() -> Iterator[None]:
    """What other tests have left in this process is not looked through for garbage: that takes seconds of a program's time."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def small_memory() -> Iterator[None]:
    """A machine whose memory ends soon, however much it has."""
    limits = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 3 * 2**29, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, limits)


@pytest.mark.parametrize("seed", range(2))
def test_random_programs_fail_in_the_language(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for program in programs(seed + 5000, 80):
        if program in HUGE or program in ENDLESS:
            continue
        outcome = run_watched(program, 5.0)
        assert outcome.defect is None, f"{program[:2000]}\n{outcome.errors}"


@pytest.mark.parametrize("words", [False, True])
def test_functions_called_with_anything_fail_in_the_language(
    words: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for program in islice(crossings(1, 60, words), 7, None, 521):
        outcome = run_watched(program, 5.0)
        assert outcome.defect is None, f"{program}\n{outcome.errors}"


@pytest.mark.parametrize("program", FOUND)
def test_what_was_found_once_stays_mended(program: str) -> None:
    outcome = run_watched(program, 5.0)
    assert outcome.defect is None, outcome.errors


@pytest.mark.parametrize("program", HUGE)
def test_too_large_values_are_refused(program: str) -> None:
    outcome = run_watched(program, 5.0)
    assert outcome.defect is None, outcome.errors
    assert not outcome.stopped


@pytest.mark.parametrize("program", ENDLESS)
def test_programs_without_an_end_stop_or_can_be_stopped(program: str) -> None:
    outcome = run_watched(program, 0.3)
    assert outcome.defect is None, outcome.errors
