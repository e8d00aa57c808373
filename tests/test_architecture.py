"""The house keeps its shape: imports go one way, files stay short, a call loads only what it uses."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "screener"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "_bundled" not in path.parts)
_BOTTOM = {"errors", "resources", "strict_yaml", "yaml_complaints", "_version"}
_UP_TO_RULEBOOK = _BOTTOM | {"model", "vocabulary", "language", "rulebook"}

# part of the package → the parts that it may import
MAY_IMPORT: dict[str, set[str]] = {
    "_version": set(),
    "errors": set(),
    "arguments": set(),
    "resources": set(),
    "strict_yaml": {"errors", "yaml_complaints"},
    "yaml_complaints": set(),
    "model": {"errors"},
    "vocabulary": _BOTTOM | {"model"},
    "language": _BOTTOM | {"model", "vocabulary"},
    "rulebook": _BOTTOM | {"model", "vocabulary", "language"},
    "intake": {"errors", "model", "vocabulary"},
    "evaluate": _UP_TO_RULEBOOK,
    "drafting": _UP_TO_RULEBOOK,
    "api": _UP_TO_RULEBOOK | {"arguments", "evaluate", "drafting", "intake"},
    "report": _UP_TO_RULEBOOK | {"evaluate", "drafting", "intake", "api"},
    "review": _UP_TO_RULEBOOK | {"evaluate", "drafting", "intake", "api", "report"},
    "commands": _UP_TO_RULEBOOK | {"evaluate", "drafting", "intake", "api", "report", "review"},
    "cli": _BOTTOM | {"commands"},
    "__main__": {"cli"},
    "__init__": {"_version", "api", "errors", "model"},
}


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, on top, in functions and for the type checker."""
    package = ("screener", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            if module == "screener":
                yield from (f"screener.{alias.name}" for alias in node.names)
            else:
                yield module


def parts_imported(path: Path) -> set[str]:
    own = [name.split(".") for name in imported(path) if name.split(".")[0] == "screener"]
    return {name[1] if len(name) > 1 else "__init__" for name in own} - {part_of(path)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    allowed = {name.strip("_") if name == "__version__" else name for name in parts_imported(path)}
    assert allowed <= MAY_IMPORT[part_of(path)]


# the rooms of the drafter, each of which sees those before it
ROOMS = ("layout", "words", "claims", "logic")


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent.parent.name == "drafting"], ids=lambda path: path.stem
)
def test_the_rooms_of_the_drafter_see_those_before_them(path: Path) -> None:
    room = path.parent.name
    seen = {name.split(".")[2] for name in imported(path) if name.startswith("screener.drafting.")}
    assert seen <= set(ROOMS[: ROOMS.index(room) + 1])


def test_the_imports_between_files_have_no_circle() -> None:
    def name(path: Path) -> str:
        parts = ("screener", *path.relative_to(PACKAGE).with_suffix("").parts)
        return ".".join(parts).removesuffix(".__init__")

    graph = {}
    for path in FILES:
        tree = ast.parse(path.read_text("utf-8"))
        found: set[str] = set()
        for node in tree.body:  # an import inside a function may close a circle without harm
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        graph[name(path)] = found
    done: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, f"{' → '.join(above)} → {module}"
        if module not in done:
            for other in sorted(graph[module] & graph.keys() - {module, "screener"}):
                visit(other, (*above, module))
            done.add(module)

    for module in graph:
        visit(module, ())


def test_no_file_of_code_has_more_than_300_lines() -> None:
    assert [path for path in FILES if len(path.read_text("utf-8").splitlines()) > 300] == []


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if part_of(path) == "model"],
    ids=lambda path: path.name,
)
def test_the_model_has_no_input_or_output_and_no_heavy_library(path: Path) -> None:
    heavy = {"lark", "pint", "ucumvert", "yaml", "rich", "os", "io", "sys", "pathlib", "tempfile",
             "shutil", "subprocess", "socket", "urllib", "logging"}  # fmt: skip
    assert {name.split(".")[0] for name in imported(path)} & heavy == set()
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert calls & {"open", "print", "input", "exec", "eval"} == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_is_unpickled_evaluated_or_run(path: Path) -> None:
    assert {name.split(".")[0] for name in imported(path)} & {"pickle", "marshal", "shelve"} == set()
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert calls & {"exec", "eval"} == set()


# --- what is loaded ---------------------------------------------------------------------------


def loaded_by(code: str, cache: Path) -> set[str]:
    """The top-level modules that a fresh process has loaded after the code."""
    script = f"{code}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SCREENER_CACHE": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {name.split(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def test_importing_the_package_loads_no_library(tmp_path: Path) -> None:
    assert loaded_by("import screener", tmp_path) & {
        "pydantic", "lark", "pint", "ucumvert", "yaml", "rich"
    } == set()  # fmt: skip


SCREEN = """
from screener.api import load_patient, load_trial, screen
trial = load_trial("NCT05378971")
patient = load_patient({
    "id": "p1", "as_of": "2026-10-01", "birth_date": "1960-01-01", "sex": "female",
    "observations": [
        {"name": "creatinine", "value": 1.1, "unit": "mg/dL", "date": "2026-09-20"},
        {"name": "platelets", "value": 150, "unit": "10*9/L", "date": "2026-09-20"},
    ],
    "conditions": [{"name": "multiple myeloma", "onset": "2024-05"}],
})
assert len(screen(patient, trial).criteria) == 18
"""


def test_a_call_with_a_warm_cache_loads_neither_grammar_nor_units_nor_yaml(tmp_path: Path) -> None:
    cold = loaded_by(SCREEN, tmp_path)
    assert {"lark", "yaml"} <= cold  # else the next line would prove nothing
    warm = loaded_by(SCREEN, tmp_path)
    assert "pydantic" in warm
    assert warm & {"lark", "pint", "ucumvert", "yaml", "rich"} == set()


def test_a_profile_of_ours_is_screened_without_what_reads_other_records(tmp_path: Path) -> None:
    script = SCREEN + "import sys; assert not any('intake.fhir' in name for name in sys.modules)"
    assert "pydantic" in loaded_by(script, tmp_path)


def test_a_bundle_loads_no_library_that_a_profile_does_not(tmp_path: Path) -> None:
    bundle = ROOT / "examples" / "fhir" / "pregnant.json"
    script = f"from screener import load_patient; load_patient({str(bundle)!r})"
    loaded_by(script, tmp_path)
    assert loaded_by(script, tmp_path) & {"lark", "pint", "ucumvert", "yaml", "rich", "fhir"} == set()
