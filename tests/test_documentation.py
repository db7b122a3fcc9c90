"""Examples run: docstrings, the README, the notebooks."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
import re
import subprocess
import sys

import pytest

import netanalytics

from .conftest import ROOT

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(netanalytics.__path__, "netanalytics.")
    if not module.name.endswith("__main__")
)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("name", ["netanalytics", *MODULES])
def test_examples_in_docstrings_run(name):
    module = importlib.import_module(name)
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def test_every_public_verb_and_metric_has_an_example():
    from netanalytics import registry

    verbs = [getattr(netanalytics, name) for name in netanalytics.__all__]
    functions = [verb for verb in verbs if callable(verb)]
    functions += [card.function for card in registry.metrics().values()]
    bare = [function.__name__ for function in functions if ">>>" not in (function.__doc__ or "")]
    assert set(bare) <= {"Interactions"}  # made by load, whose example shows it


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_twelve_lines_of_the_readme_run(tmp_path):
    code = re.search(r"```python\n(.*?)```", readme(), re.DOTALL).group(1)
    assert len([line for line in code.splitlines() if line.strip()]) == 12
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=tmp_path)
    assert (tmp_path / "reports" / "me" / "index.html").exists()


def test_the_readme_opens_with_the_two_commands():
    commands = re.findall(r"^make \w+", readme(), re.MULTILINE)
    assert commands[:2] == ["make report", "make test"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_run_and_are_saved_without_output(path):
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert str(ROOT) not in json.dumps(notebook)
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": ROOT}}
    ).execute()


def test_documents_name_no_path_of_a_machine():
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        assert not re.search(
            r"(?<![\w.])/(home|tmp|root|Users|usr)/", document.read_text(encoding="utf-8")
        )


def test_the_import_contract_names_every_loader():
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {one["name"]: one for one in settings["tool"]["importlinter"]["contracts"]}
    named = set(contracts["Loaders do not know one another"]["modules"])
    files = (ROOT / "netanalytics" / "loaders").glob("[a-z]*.py")
    assert named == {f"netanalytics.loaders.{file.stem}" for file in files}
