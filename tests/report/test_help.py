"""What `--help` tells of every command: what each word of a call is, and what it may be."""

import re

import pytest

from screener.cli import COMMANDS, SCREENING, main

TOLD = {
    "show": "a trial's id, as `screen trials` lists it, or a rule file's path",
    "lint": "rule files (default: all of the folder)",
    "test": "files of cases (default: those shipped with the package)",
    "schema": "patient, rules, policy or result",
    "concepts": "a name or a part of one; without it, all names are listed",
    "convert": "the record; - reads standard input",
    "draft": "reads standard input",
}


def help_of(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*([command] if command else []), "--help"])
    assert ended.value.code == 0
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("command", TOLD)
def test_the_help_of_a_command_says_what_its_words_are(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert TOLD[command] in help_of(command, capsys)


def test_every_option_and_word_of_a_call_has_a_help() -> None:
    for name, (parser, _) in {"": SCREENING, **COMMANDS}.items():
        for action in parser()._actions:
            assert action.help, (name, action.dest)


def test_the_help_of_screening_shows_how_an_anchor_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert re.search(r'"first dose=\d{4}-\d\d-\d\d"', help_of("", capsys))
