"""`screen draft`: a registry's record, or its criteria as text, drafted as a rule file."""

import argparse
import sys
from typing import TYPE_CHECKING

from screener.commands.inputs import Parser, encode, read_input
from screener.commands.screening import write_json
from screener.errors import InputError, Problem

if TYPE_CHECKING:
    from screener.drafting.draft import Draft


def draft_parser() -> Parser:
    parser = Parser(
        prog="screen draft",
        description="A rule file drafted from a trial's published criteria, to standard output.",
        epilog="The file says `status: drafted` until a person has reviewed it: no patient is eligible "
        "by it, and every report says so.",
    )
    parser.add_argument("record", metavar="FILE", help="a record of ClinicalTrials.gov (API v2 JSON, or its "
                        "older XML), or the criteria as plain text; - reads standard input")  # fmt: skip
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--report", action="store_const", const="report", dest="form",
                      help="the whole trial side by side: its text, marked, and the rules")  # fmt: skip
    form.add_argument("--json", action="store_const", const="json", dest="form",
                      help="items, places, rules and how they stand, for a program")  # fmt: skip
    return parser


def draft_record(options: argparse.Namespace) -> int:
    from screener.vocabulary.load import catalogue

    made = _drafted(options.record)
    if options.form == "report":
        from screener.report import drafted

        drafted.report(made, catalogue(), sys.stdout)
        return 0
    encode(sys.stdout, encoding="utf-8")
    if options.form == "json":
        from screener.report.drafted_json import document

        write_json(document(made, catalogue()))
        return 0
    from screener.drafting.rule_file import rule_file

    sys.stdout.write(rule_file(made, catalogue()))
    return 0


def _drafted(name: str) -> "Draft":
    from screener.drafting.draft import draft
    from screener.drafting.layout.record import MAX_BYTES, read_record
    from screener.vocabulary.load import catalogue

    if not name.strip():
        raise InputError([Problem("call", "FILE is an empty name", "draft", "name a record, or -")])
    place = "standard input" if name == "-" else name
    content = read_input(name, MAX_BYTES, "pipe a record or its criteria in, or name its file")
    made = draft(read_record(content, place), catalogue())
    if not made.criteria:
        raise InputError([Problem("no-criteria", "the text holds headings and no criterion", place,
                                  "give the criteria that stand below the headings too")])  # fmt: skip
    return made
