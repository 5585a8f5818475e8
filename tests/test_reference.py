"""The reference is what the docstrings say, and every page says something."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    specification = spec_from_file_location("make_reference", DOCS / "make_reference.py")
    assert specification is not None and specification.loader is not None
    module = module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_docstrings_say(maker: ModuleType) -> None:
    made = maker.pages()
    kept = {str(path.relative_to(maker.FOLDER)) for path in maker.FOLDER.rglob("*.md")}
    mend = "run python docs/make_reference.py"
    assert kept == set(made), mend
    changed = [path for path, text in made.items() if (maker.FOLDER / path).read_text(encoding="utf-8") != text]
    assert not changed, mend


def test_every_page_tells_something(maker: ModuleType) -> None:
    def is_told(text: str) -> bool:
        after = re.sub(r"^# .*\n|^```(?:python|r)\n(?:(?!>>>)[^`])*?^```\n", "", text, flags=re.MULTILINE)
        return len(after.strip()) > 15

    silent = [path for path, text in maker.pages().items() if not is_told(text)]
    assert not silent
