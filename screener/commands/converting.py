"""`screen convert`: the profile that a record of another system became, and how its entries ended."""

import argparse
import sys

from screener.commands.inputs import Parser, converted_of_call, encode, patient_option
from screener.errors import InputError, visible


def convert_parser() -> Parser:
    parser = Parser(
        prog="screen convert",
        description="Show the profile that a FHIR bundle, a bulk export or a phenopacket becomes.",
    )
    parser.add_argument("record", metavar="FILE", help="the record; - reads standard input")
    patient_option(parser)
    parser.add_argument("--report", action="store_true", help="list every entry and how it ended")
    return parser


def convert(options: argparse.Namespace) -> int:
    made = converted_of_call(options.record, options.wanted)
    unchosen = any(problem.code == "several-patients" for problem in made.problems)
    if options.report and made.account is not None and not unchosen:
        # Where there is no profile the account still says what the entries are.
        for line in made.account.lines():
            sys.stdout.write(visible(line) + "\n")
    if made.patient is None or made.problems:
        raise InputError(made.problems)
    if not options.report:
        from screener.commands.screening import write_json
        from screener.report.profile import plain

        encode(sys.stdout, encoding="utf-8")
        write_json(plain(made.patient))
    elif made.account is None:
        sys.stdout.write("this is a profile already\n")
    return 0
