"""`screen trials`, `show`, `concepts` and `schema`: what there is."""

import argparse
from collections.abc import Iterable

from screener.commands.inputs import Parser, rules_option, trials_of_call
from screener.errors import InputError, Problem, shown, visible


def _width() -> int:
    from shutil import get_terminal_size

    return max(40, get_terminal_size().columns)


def print_lines(lines: Iterable[str]) -> int:
    for line in lines:
        print(visible(line))
    return 0


def trials_parser() -> Parser:
    parser = Parser(prog="screen trials", description="What can be screened for.")
    rules_option(parser)
    return parser


def list_trials(options: argparse.Namespace) -> int:
    from screener.report import listing

    return print_lines(listing.trials(trials_of_call([], options.rules)))


def show_parser() -> Parser:
    parser = Parser(prog="screen show", description="A trial's criteria, text beside rule.")
    parser.add_argument("trial", metavar="ID",
                        help="a trial's id, as `screen trials` lists it, or a rule file's path")  # fmt: skip
    rules_option(parser)
    return parser


def show(options: argparse.Namespace) -> int:
    from screener.report import listing

    return print_lines(listing.criteria(trials_of_call([options.trial], options.rules)[0], _width()))


def concepts_parser() -> Parser:
    parser = Parser(prog="screen concepts", description="The vocabulary: names, codes, units.")
    parser.add_argument("word", nargs="?", default="", metavar="WORD",
                        help="a name or a part of one; without it, all names are listed")  # fmt: skip
    return parser


def concepts(options: argparse.Namespace) -> int:
    from screener.report import listing
    from screener.vocabulary.load import catalogue

    lines = list(listing.concepts(catalogue(), options.word, _width()))
    if not lines:
        near = catalogue().nearest(options.word)
        help = f"did you mean `{near}`?" if near else "try a part of the word"
        message = f"the vocabulary does not know `{shown(options.word, 60)}`"
        raise InputError([Problem("unknown-name", message, "", help)])
    return print_lines(lines)


def schema_parser() -> Parser:
    parser = Parser(prog="screen schema", description="The JSON Schema of a document.")
    parser.add_argument("document", metavar="DOCUMENT", choices=("patient", "rules", "policy", "result"),
                        help="patient, rules, policy or result")  # fmt: skip
    return parser


def write_schema(options: argparse.Namespace) -> int:
    import json

    from screener.report.schemas import schema

    print(json.dumps(schema(options.document), indent=2, ensure_ascii=False))
    return 0
