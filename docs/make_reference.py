"""Write the reference: a page for every public name, both spellings, from signatures and docstrings.

`python docs/make_reference.py` rewrites docs/reference; a test holds the pages to what this makes.
"""

from __future__ import annotations

import importlib
import inspect
import re
import shutil
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "reference"
# Folder of the pages: the module they describe and a line about it.
MODULES = {
    "models": ("pipekeras.models", "Models: sequential, functional, subclassed."),
    "layers": ("pipekeras.layers", "Layers."),
    "activations": ("pipekeras.activations", "Activation functions."),
    "initializers": ("pipekeras.initializers", "How weights begin."),
    "quantizers": ("pipekeras.quantizers", "Numbers in few bits."),
    "regularizers": ("pipekeras.regularizers", "Penalties on weights and outputs."),
    "constraints": ("pipekeras.constraints", "What weights are held to after each step."),
    "losses": ("pipekeras.losses", "What training makes small."),
    "metrics": ("pipekeras.metrics", "What training reports."),
    "optimizers": ("pipekeras.optimizers", "How weights change, and schedules of the learning rate."),
    "callbacks": ("pipekeras.callbacks", "What listens to training."),
    "ops": ("pipekeras.ops", "Functions of tensors."),
    "random": ("pipekeras.random", "Random tensors."),
    "data": ("pipekeras.data", "Pipelines of samples."),
    "datasets": ("pipekeras.datasets", "Data to begin with."),
    "distillation": ("pipekeras.distillation", "A small model learns from a trained one."),
    "distribution": ("pipekeras.distribution", "Where training runs."),
    "saving": ("pipekeras.saving", "Files of models, and how classes are found again."),
    "utils": ("pipekeras.utils", "Tools."),
    "visualization": ("pipekeras.visualization", "Pictures with what was found on them."),
}
WORDS = "words"
METHODS = (".keras_shape",)
"""Ends of names that nobody writes: printing and operators find these methods by themselves."""
_BASES = frozenset(("Callback", "Layer", "Loss", "Metric", "Model", "Optimizer", "Sequential"))
_SECTION = re.compile(
    r"^(Args|Arguments|Returns|Raises|Yields|Input shape -> output shape|Formula|Source|Example|Examples|Attributes|Input shape"
    r"|Output shape|Note|Call arguments):\s*(.*)$"
)


def public_names(module: Any) -> dict[str, Any]:
    """What a module owes a page: its classes and functions, and those of the data sets, which are modules."""
    found = {}
    for name in getattr(module, "__all__", None) or dir(module):
        value = getattr(module, name, None)
        if name.startswith("_"):
            continue
        if callable(value):
            found[name] = value
        elif inspect.ismodule(value) and hasattr(value, "load_data"):
            found[f"{name}.load_data"] = value.load_data
    return dict(sorted(found.items()))


def _steady(text: str) -> str:
    """Text without addresses, which are not the same twice."""
    return re.sub(r" at 0x[0-9a-f]+", "", text)


def python_call(path: str, target: Any) -> str:
    """The call in Python, wrapped at its commas."""
    try:
        parameters = [parameter.replace(annotation=inspect.Parameter.empty)
                      for parameter in inspect.signature(target).parameters.values() if parameter.name != "self"]
    except (TypeError, ValueError):
        return path
    texts, starred = [], False
    for parameter in parameters:
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            texts.append("*")
        starred = starred or parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL)
        default = parameter.default
        if default is not parameter.empty and callable(default) and hasattr(default, "__name__"):
            texts.append(f"{parameter.name}={default.__name__}")
        else:
            texts.append(_steady(str(parameter)))
    whole = f"{path}({', '.join(texts)})"
    if len(whole) <= 100:
        return whole
    lines, line = [], "   "
    for text in texts:
        if len(line) + len(text) > 98:
            lines.append(line)
            line = "   "
        line += f" {text},"
    return "\n".join([f"{path}(", *lines, line, ")"])


def markdown(docstring: str) -> list[str]:
    """A docstring's text: sections become headings, arguments a list, examples code."""
    lines: list[str] = []
    section, in_code = "", False
    for line in [*docstring.splitlines(), ""]:
        code = line.lstrip().startswith((">>>", "..."))
        if in_code and not line.strip():
            lines.append("```")
            in_code = False
        if code and not in_code:
            lines += ([] if not lines or not lines[-1] else [""]) + ["```python"]
            in_code = True
        if in_code:
            lines.append(line.strip() if code else line)
            continue
        found = _SECTION.match(line)
        if found:
            section = found.group(1)
            lines += ([] if not lines or not lines[-1] else [""]) + [f"**{section}**: {found.group(2)}".removesuffix(": ")]
            continue
        inside = line.startswith("    ") and section
        argument = re.match(r"^    (\*{0,2}\w+(?:, \*{0,2}\w+)*):\s+(.*)$", line) if inside else None
        if argument:
            lines += [] if lines[-1].startswith(("- ", "  ")) else [""]
            lines.append(f"- `{argument.group(1)}`: {argument.group(2)}")
        elif inside and line.strip():
            lines.append(f"  {line.strip()}")
        else:
            if line and not line.startswith(" "):
                section = ""
            lines.append(line)
    return lines


def word_targets() -> dict[str, tuple[Any, Any]]:
    """Every word of the language that the package adds: its function, and the Python object that it stands for."""
    from pipekeras.grammar.keras import names

    found = {}
    for word in names.all_names():
        function = names.make(word)
        if function is None:
            continue
        value = getattr(function, "function", None)
        target = getattr(function, "documents", None) or getattr(value, "documents", None)
        found[word] = (function, None if target is None else inspect.unwrap(target))
    return found


def word_call(word: str, function: Any) -> str:
    """The call in the language."""
    from pipekeras.grammar.help import usage

    return _steady(usage(word, function))


def methods(target: type) -> list[str]:
    """What an object of the class can do: its own methods, or all of them for the classes that others are made from."""
    whole = target.__name__ in _BASES
    lines = []
    for name, member in sorted(inspect.getmembers(target)):
        own = name in vars(target) or whole
        if name.startswith("_") or not own or not inspect.isroutine(member) or not inspect.getdoc(member):
            continue
        call = " ".join(python_call(name, member).split()).replace("( ", "(").replace(", )", ")")
        lines.append(f"- `{call}`: {(inspect.getdoc(member) or '').splitlines()[0]}")
    return ["", "**Methods**", "", *lines] if lines else []


def page(title: str, path: str | None, target: Any, words: list[tuple[str, Any]], documentation: str) -> str:
    """One page."""
    lines = [f"# {title}", ""]
    if path is not None:
        lines += ["```python", python_call(path, target), "```", ""]
    if words:
        lines += ["```r", *[word_call(word, function) for word, function in words], "```", ""]
    lines += markdown(documentation)
    if inspect.isclass(target):
        lines += methods(target)
    return "\n".join(lines).rstrip() + "\n"


def pages() -> dict[str, str]:
    """Every page by its path in the folder."""
    targets = word_targets()
    by_target: dict[int, list[tuple[str, Any]]] = {}
    for word, (function, target) in targets.items():
        if target is not None:
            by_target.setdefault(id(target), []).append((word, function))
    made: dict[str, str] = {}
    told: set[str] = set()
    index = ["# Reference", "", "A page for every name, as Python and the pipe language spell it.", ""]
    for folder, (path, line) in MODULES.items():
        module = importlib.import_module(path)
        index += [f"## {path}", "", line, ""]
        entries = []
        for name, target in public_names(module).items():
            words = by_target.get(id(target), [])
            told.update(word for word, _ in words)
            file = f"{folder}/{name}.md"
            if any(file.lower() == other.lower() for other in made):
                # A file system may not tell capitals apart: the class and the function of one name.
                file = f"{folder}/{name}_function.md"
            made[file] = page(name, f"{path}.{name}", target, words, inspect.getdoc(target) or "")
            spelled = "".join(f", `{word}`" for word, _ in words)
            entries.append(f"- [`{name}`]({file}){spelled}")
        index += [*entries, ""]
    index += ["## Words of the language alone", "", "Verbs of the pipe, and the tools that R keras has.", ""]
    for word, (function, _) in targets.items():
        if word in told or word.endswith(METHODS):
            continue
        from pipekeras.grammar.help import documentation_of

        file = f"{WORDS}/{word}.md"
        made[file] = page(word, None, None, [(word, function)], documentation_of(function) or "")
        index.append(f"- [`{word}`]({file})")
    made["README.md"] = "\n".join(index) + "\n"
    return made


def main() -> None:
    """Write every page; a page of a name that is gone goes too."""
    made = pages()
    shutil.rmtree(FOLDER, ignore_errors=True)
    for path, text in made.items():
        file = FOLDER / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    print(f"{len(made)} pages")


if __name__ == "__main__":
    main()
