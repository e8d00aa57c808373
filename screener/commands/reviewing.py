"""`screen lint` and `screen test`: rule files checked, and their cases run."""

import argparse
from collections.abc import Callable
from pathlib import Path

from screener.commands.inputs import Parser, gathered, no_rules, rules_option
from screener.commands.listing import print_lines
from screener.errors import InputError, Problem


def files_parser(name: str, about: str, files: str) -> Callable[[], Parser]:
    def parser() -> Parser:
        made = Parser(prog=f"screen {name}", description=about)
        made.add_argument("files", nargs="*", type=Path, metavar="FILE", help=files)
        rules_option(made)
        return made

    return parser


def lint_files(options: argparse.Namespace) -> int:
    from screener import api
    from screener.review.lints import lint
    from screener.rulebook.library import trial_files
    from screener.vocabulary.load import catalogue

    problems: list[Problem] = []
    lines: list[str] = []
    count = 0
    files = options.files or trial_files(options.rules)
    if not files:
        problems.append(no_rules(options.rules))
    for path in files:
        trial = gathered(problems, lambda path=path: api.load_trial(path))  # type: ignore[misc]
        if trial is not None:
            found = lint(trial, catalogue())
            count += len(found)
            lines += [line for finding in found for line in f"{path} {finding}".splitlines()]
    if problems:
        raise InputError(problems)
    print_lines([*lines, "nothing found" if not count else f"{count} finding{'' if count == 1 else 's'}"])
    return 1 if count else 0


def run_cases(options: argparse.Namespace) -> int:
    from screener.review.cases import case_files, differences, read_cases

    problems: list[Problem] = []
    lines = []
    failed = total = 0
    for path in options.files or case_files():
        beside = path.parent if options.files and (path.parent / "patients").is_dir() else None
        for case in gathered(problems, lambda path=path: read_cases(path)) or ():  # type: ignore[misc]
            total += 1
            try:
                wrong = list(differences(case, beside and beside / "patients", options.rules))
            except InputError as error:
                problems += [problem.at(f"{path}: {case.name}") for problem in error.problems]
                continue
            failed += bool(wrong)
            lines += [f"{path.name}: {case.name}: {line}" for line in wrong]
    if problems:
        raise InputError(problems)
    print_lines([*lines, f"{total - failed} of {total} cases as expected"])
    return 1 if failed else 0
