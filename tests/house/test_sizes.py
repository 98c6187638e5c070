"""Sizes that keep the house readable."""

from statistics import median

from tests.house.source import ROOT, files, functions


def test_files_are_short() -> None:
    lengths = {str(path.relative_to(ROOT)): path.read_text().count("\n") for path in files()}
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}
    assert median(lengths.values()) <= 120


def test_files_of_tests_are_short() -> None:
    lengths = {str(path.relative_to(ROOT)): path.read_text().count("\n") for path in (ROOT / "tests").rglob("*.py")}
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


def test_functions_are_short() -> None:
    sizes = {
        f"{path.relative_to(ROOT)}:{each.lineno} {each.name}": (each.end_lineno or 0) - each.lineno + 1
        for path in files()
        for each in functions(path)
    }
    assert {name: lines for name, lines in sizes.items() if lines > 60} == {}
    assert median(sizes.values()) <= 8


def test_there_are_at_least_as_many_test_lines_as_code_lines() -> None:
    code = sum(path.read_text().count("\n") for path in files())
    tests = sum(path.read_text().count("\n") for path in (ROOT / "tests").rglob("*.py"))
    assert tests >= code
