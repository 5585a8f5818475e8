"""The index of builtins: fresh, complete, and harmless when it is not."""

import ast
import subprocess
import sys
from pathlib import Path

from pipekeras.grammar import families
from pipekeras.grammar.builtins import registry
from pipekeras.grammar.method_names import method_names


def python(code: str) -> str:
    """Output of code in a fresh process, where no family is imported yet."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_the_index_is_fresh() -> None:
    stored = python("from pipekeras.grammar.families import stored_text; print(stored_text(), end='')")
    assert stored == families.INDEX_PATH.read_text("utf-8"), "run: python -m pipekeras.grammar.families"


def test_every_indexed_builtin_finds_its_function() -> None:
    missing = python(
        "from pipekeras.grammar.session import Session; from pipekeras.grammar.builtins.registry import REGISTRY\n"
        "print([name for name, entry in REGISTRY.items() if not callable(entry.function)])"
    )
    assert missing == "[]\n"


def test_an_index_changes_nothing_but_the_time(tmp_path: Path) -> None:
    path = tmp_path / "index.json"
    path.write_text(python("from pipekeras.grammar.families import stored_text; print(stored_text(), end='')"))
    code = (
        "from pathlib import Path; from pipekeras.grammar import families\n"
        f"families.INDEX_PATH = Path({str(path)!r})\n"
        "digest = families.digest\n"
        "families.digest = lambda path: {digest}\n"
        "from pipekeras.grammar.session import Session\n"
        "from pipekeras.grammar.builtins.registry import REGISTRY\n"
        "import sys; session = Session()\n"
        "print(len([name for name in sys.modules if name.startswith('pipekeras.grammar.builtins.')]))\n"
        "print(sorted((n, e.owner, e.signature, e.generic, e.special) for n, e in REGISTRY.items()))\n"
        "session.run('print(paste0(\"a\", 1:3)); m <- matrix(1:4, 2); m %*% m; sapply(1:3, function(i) i^2)')"
    )
    fresh, one_changed, all_changed = (
        python(code.replace("{digest}", how)).split("\n", 1)
        for how in ("digest(path)", "'' if path.stem == 'matrices' else digest(path)", "'another'")
    )
    assert fresh[1] == one_changed[1] == all_changed[1]
    assert int(fresh[0]) < int(one_changed[0]) < int(all_changed[0])


def test_a_builtin_is_defined_in_one_place() -> None:
    """A second definition would be dead: the index names one family for each name."""
    places: dict[str, list[str]] = {}
    for path in sorted(Path(registry.__file__).parent.glob("*/*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            for call in getattr(node, "decorator_list", []):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "builtin":
                    given = ast.literal_eval(call.args[0])
                    own = (given,) if isinstance(given, str) else given
                    for name in {*own, *(further for one in own for further in method_names(one))}:
                        places.setdefault(name, []).append(path.name)
    assert len(places) > 800
    assert {name: files for name, files in places.items() if len(files) > 1} == {}
