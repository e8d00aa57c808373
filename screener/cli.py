"""The command line. Every problem of the input ends in a message and exit status 2."""

import argparse
import errno
import gc
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from screener.commands import converting, drafting, listing, reviewing, screening
from screener.commands.inputs import Parser, encode
from screener.errors import InputError, Problem

_UNWRITTEN = Problem("output", "the result cannot be written", "standard output",
                     "check where it is sent, and the space left there")  # fmt: skip

Command = tuple[Callable[[], Parser], Callable[[argparse.Namespace], int]]

SCREENING: Command = (screening.screen_parser, screening.run_screen)
COMMANDS: dict[str, Command] = {
    "trials": (listing.trials_parser, listing.list_trials),
    "show": (listing.show_parser, listing.show),
    "lint": (reviewing.files_parser("lint", "Check rule files.", "rule files (default: all of the folder)"),
             reviewing.lint_files),
    "test": (reviewing.files_parser("test", "Run the cases kept for rule files.",
                                    "files of cases (default: those shipped with the package)"),
             reviewing.run_cases),
    "convert": (converting.convert_parser, converting.convert),
    "draft": (drafting.draft_parser, drafting.draft_record),
    "concepts": (listing.concepts_parser, listing.concepts),
    "schema": (listing.schema_parser, listing.write_schema),
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one call and gives its exit status."""
    # No plugin of somebody else's gets to see a patient's record (and none costs start-up time).
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    if arguments is None:
        gc.disable()  # a process of one call: what it makes, it needs to its end
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = _written(given)
    except InputError as error:
        _say(error)
        return 2
    except BrokenPipeError:
        _silence()
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # the last guard: a defect of ours must not print a patient's data
        if os.environ.get("SCREENER_DEBUG"):
            raise
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EIO, errno.EBADF):
            _silence()
            _say(InputError([_UNWRITTEN]))
            return 2
        print(f"screen: an internal error ({type(error).__name__}); set SCREENER_DEBUG=1 to see where, "
              "and report it", file=sys.stderr)  # fmt: skip
        return 2
    return status


def _written(given: list[str]) -> int:
    if sys.stdout is None:  # closed by the caller
        raise InputError([_UNWRITTEN])
    encode(sys.stdout, errors="backslashreplace")
    status = _run(given)
    sys.stdout.flush()
    return status


def _say(error: InputError) -> None:
    """Tells every problem; a help that several problems in a row share stands once, below them."""
    problems = list(error.problems)
    for problem, following in zip(problems, [*problems[1:], None], strict=True):
        shared = following is not None and following.help == problem.help
        print(f"screen: {replace(problem, help='') if shared else problem}", file=sys.stderr)


def _silence() -> None:
    """Sends what is left to write nowhere, so that Python does not complain of it on its way out."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return


def _run(given: list[str]) -> int:
    if given:
        _check_command(given[0])
    parser, run = COMMANDS.get(given[0], SCREENING) if given else SCREENING
    options = given[1:] if given and given[0] in COMMANDS else given
    return run(parser().parse_args(options))


def _check_command(word: str) -> None:
    """Raises InputError for a command with a slip: a word that is no file and nearly a command."""
    if word in COMMANDS or not word.isalpha() or os.path.lexists(word):
        return
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, n=1, cutoff=0.7)
    if near:
        raise InputError([Problem("call", f"`{word}` is neither a command nor a file", "",
                                  f"did you mean `screen {near[0]}`?")])  # fmt: skip
