"""What must hold of the house: arrows point one way, the public names stay, no text of ../shared is shipped."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, SHARED

import ingest
import rag

ALLOWED = {"rag": set(), "ingest": {"rag"}, "eval": {"rag", "ingest"}, "app": {"rag", "ingest"}}
OURS = set(ALLOWED)


def sources(package: str) -> list[Path]:
    return [ROOT / "app.py"] if package == "app" else sorted((ROOT / package).rglob("*.py"))


def imports(file: Path) -> list[tuple[int, str]]:
    """(level, module) of every import of a file, also of those inside functions."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(0, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.level, node.module or ""))
    return found


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_arrows_point_one_way(package):
    for file in sources(package):
        others = {name.split(".")[0] for level, name in imports(file) if level == 0} & (OURS - {package})
        assert others <= ALLOWED[package], f"{file} imports {others - ALLOWED[package]}"


def test_rag_knows_no_gradio_and_nobody_imports_its_own_root():
    for package in ("rag", "ingest", "eval"):
        for file in sources(package):
            modules = imports(file)
            assert not any(name.split(".")[0] == "gradio" for _, name in modules), file
            assert not any(level == 0 and name.split(".")[0] == package for level, name in modules), file


def test_modules_form_no_circle():
    """Within rag, by the imports at the top of each module."""
    graph = {}
    for file in sources("rag"):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        package = name.rsplit(".", 1)[0]
        graph[name] = {resolved(package, node) for node in top_level(file)}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path, name))
        if name in graph and name not in done:
            for other in graph[name]:
                visit(other, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def top_level(file: Path) -> list[ast.ImportFrom]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.level]


def resolved(package: str, node: ast.ImportFrom) -> str:
    parts = package.split(".")
    return ".".join(parts[: len(parts) - node.level + 1] + [node.module or "__init__"])


def test_the_public_names_stay():
    assert set(rag.__all__) == {
        "Archive", "Article", "Passage", "Hit", "NewsRetriever", "Searcher", "Filter", "Assistant", "Turn", "Answer",
        "Citation", "DatelineError",
    }  # fmt: skip
    assert set(ingest.__all__) == {"Fetcher", "FieldMap", "Report", "Source", "ingest", "retry"}
    assert all(hasattr(rag, name) for name in rag.__all__)
    assert rag.__doc__.startswith("Dateline")


def test_heavy_libraries_are_imported_when_they_are_needed():
    """`import rag` costs neither torch nor Chroma nor Gradio."""
    code = "import sys, rag, ingest; print([m for m in ('torch', 'chromadb', 'gradio', 'trafilatura') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]", out.stdout


def test_files_and_functions_stay_small():
    """The house: files up to about 300 lines, functions up to about 50."""
    for package in ALLOWED:
        for file in sources(package):
            text = file.read_text(encoding="utf-8")
            assert len(text.splitlines()) <= 350, file
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    assert node.end_lineno - node.lineno < 60, f"{file}: {node.name}"
            assert not any(word in file.stem for word in ("util", "helper", "manager", "registry")), file


def test_nothing_of_shared_is_shipped():
    """A sentence of any article there must not stand in the project."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here")
    seed = next((SHARED / "seed").glob("*.txt")).read_text(encoding="utf-8")
    sentences = [line.strip() for line in seed.splitlines() if len(line) > 80]
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split()
    for name in tracked:
        if name.endswith((".py", ".md", ".txt", ".json", ".jsonl", ".html")) and (ROOT / name).is_file():
            text = (ROOT / name).read_text(encoding="utf-8")
            assert not any(sentence in text for sentence in sentences), name
