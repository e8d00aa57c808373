"""What stands around a limit and is none of it: letters of a list, the next heading, an age in brackets."""

import re
from collections.abc import Sequence

from screener.drafting.words.around_measures import shown
from screener.drafting.words.lexer import Token

_VALUE_ENDS = frozenset({"UNIT", "ULN", "LLN", "TIMES_ULN", "NUMBER", "RPAR"})
_SCALES = frozenset({"karnofsky", "lansky", "ecog"})
_PRESSURES = frozenset({"systolic_bp", "diastolic_bp"})
_LIMIT = ["COMPARE", "NUMBER", "UNIT"]
_IN_YEARS = ["COMPARE", "NUMBER", "TIME_UNIT"]
_OF_AGE = ["COMPARE", "NUMBER", "AGE_UNIT"]
_ENDS = frozenset({"", "COMMA", "AND", "OR", "DOT", "SEMI", "RPAR"})
_BEFORE_AGE = frozenset({"FOR", "LPAR", "IF"})
_BILIRUBIN = "total bilirubin"
_SIGNS = frozenset({"DOT", "COMMA", "SEMI", "AND", "OR"})
_PARTING = frozenset(
    {"COMMA", "SEMI", "AND", "DOT", "IF", "UNLESS", "EXCEPT"}
)  # where would the bracket end?
_FAR = 60  # tokens of the sentence in which a value may have been named
_TITLE = 24  # tokens that may stand in the name of what is measured
_OF_TITLE = frozenset({"LPAR", "RPAR", "AND", "OR", "SLASH", "ASIDE", "METHOD"})
_WHERE = frozenset({"serum", "urine"})
_OF_GLEASON = frozenset({"MEASURE", "COMPARE", "NUMBER", "OR_MORE", "ASIDE", "JUDGED", "AND", "LPAR", "RPAR"})
_BEHIND_PSA = frozenset({"WORD", "ASIDE", "COMPARE", "NUMBER", "TIME_UNIT", "SINCE"})  # over 12 months
_PAST = frozenset({"PRIOR", "HISTORY"})
_LINES = "lines_of_therapy"
_YOUNGEST, _OLDEST = 1, 120
_HEADING = re.compile(
    r"(?:renal|hepatic|liver|kidney|cardiac|pulmonary|ha?ematologic(?:al)?|coagulation)(?: function)?",
    re.IGNORECASE,
)
_BY_METHOD = re.compile(
    r"(?:by|on|in|using|per|with) (?:(?:(serum)|(urine)) (?:protein )?electrophoresis|(SPEP)|(UPEP))",
    re.IGNORECASE,
)


def around_values(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """The tokens with each of these as what it is."""
    types = [token.type for token in tokens]
    if "NUMBER" not in types:
        return tokens
    tokens = _told_apart(_without_next_heading(shown(tokens), text), text)
    if "BP" in types:
        tokens = [token for at, token in enumerate(tokens) if not _is_named_again(tokens, at)]
    if "WORD" in types:
        tokens = _with_lines(_with_sentences(tokens))
    if "LPAR" in types or "RPAR" in types:
        tokens = _without_title(_closed(tokens), text)
    tokens = _with_gleason(tokens)
    if "TIME_UNIT" in types:
        tokens = _in_days(_with_ages(tokens))
    if "NORMAL" in types or types[0] == "WITHIN":
        tokens = _below_normal(tokens, text)
    return tokens if "MEASURE" in types or "METHOD" in types else _with_method(tokens, text)


def _without_next_heading(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`ALT <= 3 x ULN Renal:`: what the lines that were below it are about."""
    end = len(tokens)
    while end and (
        tokens[end - 1].type == "COLON" or text[tokens[end - 1].start : tokens[end - 1].end] == "°"
    ):
        end -= 1
    last = tokens[end - 1] if end > 1 else None
    if last is None or last.type != "LABEL" or tokens[end - 2].type not in _VALUE_ENDS | {"WORD"}:
        return tokens
    word = text[last.start : last.end]
    if not word[0].isupper() or _HEADING.fullmatch(word) is None:
        return tokens
    end -= 2 if text[tokens[end - 2].start : tokens[end - 2].end] == "°" else 1
    return tokens[:end] if tokens[end - 1].type in _VALUE_ENDS else tokens


def _told_apart(tokens: Sequence[Token], text: str) -> list[Token]:
    """`who must have total bilirubin <= 5 x ULN`: its measure; `established therapy`: it is taken."""
    kept: list[Token] = []
    measured = False
    for at, token in enumerate(tokens):
        word = text[token.start : token.end].casefold() if token.type in ("THEN", "ASIDE") else ""
        measured = measured or token.value == "bilirubin_total"
        if token.type == "COMMA" and [one.type for one in tokens[at + 1 : at + 2]] == ["IF"]:
            inside = [one.type for one in kept[-5:]]
            if inside[:2] == ["LPAR", "COMPARE"] and inside[-1] in _VALUE_ENDS and len(inside) == 5:
                continue  # (<= 5 x ULN, if liver metastases)
        named = token.type == "THEN" and word.endswith(_BILIRUBIN)
        if named and all(one.value != "bilirubin_total" for one in kept[-_FAR:]):
            measured, middle = True, token.end - len(_BILIRUBIN)
            kept += [token._replace(end=middle), Token("MEASURE", "bilirubin_total", middle, token.end)]
        elif word == "established" and _is_taken_for(tokens, at):
            kept.append(token._replace(type="ONGOING", value=""))
        else:
            kept.append(token)
    return kept


def _is_taken_for(tokens: Sequence[Token], at: int) -> bool:
    """Whether a treatment and the time that it has been taken for follow."""
    types = [token.type for token in tokens[at + 1 : at + 6]]
    return types[:1] == ["THERAPY"] and not {"FOR", "IF"}.isdisjoint(types)


def _closed(tokens: Sequence[Token]) -> Sequence[Token]:
    """`ULN (upper limit`, `<= 2 mg/dL)`: one bracket at the end has lost its other half."""
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if token.type == "LPAR":
            opened.append(at)
        elif token.type == "RPAR" and not (opened and opened.pop() >= 0):
            rest = {one.type for one in tokens[at + 1 :]}
            return [*tokens[:at], *tokens[at + 1 :]] if at > 1 and rest <= _SIGNS else tokens
    if len(opened) != 1 or any(token.type in _PARTING for token in tokens[opened[0] :]):
        return tokens
    end = len(tokens)
    while tokens[end - 1].type in _SIGNS:
        end -= 1
    edge = tokens[end - 1].end
    return [*tokens[:end], Token("RPAR", ")", edge, edge), *tokens[end:]] if end > opened[0] + 1 else tokens


def _without_title(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`M-protein (serum and/or urine electrophoresis): SPEP >= 0.5 g/dL`: named again with each limit."""
    if len(tokens) < 4 or tokens[0].value != "m_protein_serum" or tokens[1].type != "LPAR":
        return tokens
    colon = next((at for at in range(2, min(len(tokens), _TITLE)) if tokens[at].type == "COLON"), 0)
    named = colon and all(
        token.type in _OF_TITLE or text[token.start : token.end].casefold() in _WHERE
        for token in tokens[1:colon]
    )
    following = next((token.type for token in tokens[colon + 1 :] if token.type != "ASIDE"), "")
    if not named or following not in ("METHOD", "MEASURE"):
        return tokens
    opened = sum({"LPAR": 1, "RPAR": -1}.get(token.type, 0) for token in tokens[1:colon])
    rest = list(tokens[colon + 1 :])
    closing = [at for at, token in enumerate(rest) if token.type == "RPAR"]
    if opened == 1 and closing and "LPAR" not in {token.type for token in rest}:
        del rest[closing[-1]]
        opened = 0
    return rest if opened == 0 else tokens


def _with_gleason(tokens: Sequence[Token]) -> Sequence[Token]:
    """`prostate cancer of Gleason grade 6 or less with stable PSA`: which cancers are meant, as one."""
    at = next((at for at, token in enumerate(tokens) if token.value == "gleason"), 0)
    first = at - 1
    while first > 0 and tokens[first].type in ("ASIDE", "COMPARE"):
        first -= 1
    if first < 0 or tokens[first].type != "CONDITION" or "prostate_cancer" not in tokens[first].value:
        return tokens
    end = next((end for end in range(at, min(at + _TITLE, len(tokens))) if tokens[end].value == "psa"), 0)
    stable = end and any(token.type == "JUDGED" for token in tokens[at:end])
    if not stable or not {token.type for token in tokens[at : end + 1]} <= _OF_GLEASON:
        return tokens
    while end + 1 < len(tokens) and tokens[end + 1].type in _BEHIND_PSA:
        end += 1
    told = Token("THAT", "", tokens[first + 1].start, tokens[end].end)
    return [*tokens[: first + 1], told, *tokens[end + 1 :]]


def _with_lines(tokens: Sequence[Token]) -> list[Token]:
    """`treated with prior 1 to 3 lines`: of therapy."""
    kept = list(tokens)
    for at, token in enumerate(kept):
        if token.type == "WORD" and token.value in ("line", "lines") and at and kept[at - 1].type == "NUMBER":
            before = {one.type for one in kept[max(0, at - 5) : at]}
            kept[at] = token if before.isdisjoint(_PAST) else token._replace(type="MEASURE", value=_LINES)
    return kept


def _is_named_again(tokens: Sequence[Token], at: int) -> bool:
    """`blood pressure > 150 mmHg systolic`: which of its two values is said behind the number."""
    if tokens[at].type != "BP":
        return False
    later = tokens[at + 1 : at + 5]
    return [token.type for token in later] == [*_LIMIT, "MEASURE"] and later[3].value in _PRESSURES


def _with_sentences(tokens: Sequence[Token]) -> list[Token]:
    """`<= 2 mg/dL b) INR < 2`, `<= 3 x ULN o INR < 2`: a letter for a line begins another one."""
    kept: list[Token] = []
    depth = at = 0
    while at < len(tokens):
        token = tokens[at]
        depth += (token.type == "LPAR") - (token.type == "RPAR" and depth > 0)
        size = _letter(tokens, at) if depth == 0 and kept and kept[-1].type in _VALUE_ENDS else 0
        kept.append(token._replace(type="SEMI", value=";", end=tokens[at + size - 1].end) if size else token)
        at += size or 1
    return kept


def _letter(tokens: Sequence[Token], at: int) -> int:
    """How many tokens from here are the letter of a line that begins with a measure; 0 for none."""
    if tokens[at].type != "WORD" or len(tokens[at].value) != 1 or not tokens[at].value.isalpha():
        return 0
    types = [token.type for token in tokens[at + 1 : at + 3]]
    if types == ["RPAR", "MEASURE"]:
        return 2
    return int(tokens[at].value == "o" and types[:1] == ["MEASURE"])


def _with_ages(tokens: Sequence[Token]) -> list[Token]:
    """`Karnofsky >= 60 (>= 16 years)`, `Lansky >= 50 for patients < 16 years`: at what age."""
    kept = list(tokens)
    for at in range(len(kept) - 4, 0, -1):
        if kept[at].type not in _BEFORE_AGE:
            continue
        later = [one.type for one in kept[at + 1 : at + 4]]
        if kept[at].type == "FOR" and later == _OF_AGE and _behind_scale(kept, at):
            kept[at] = kept[at]._replace(type="IF", value="if")
        if kept[at].type == "FOR" or later != _IN_YEARS:
            continue
        after = kept[at + 4].type if at + 4 < len(kept) else ""
        number = kept[at + 2].value
        of_age = kept[at + 3].value == "a" and number.isdigit() and _YOUNGEST <= int(number) <= _OLDEST
        if not of_age or after not in _ENDS or not _behind_scale(kept, at):
            continue
        kept[at + 3] = kept[at + 3]._replace(type="AGE_UNIT")
        if kept[at].type == "LPAR" and after == "RPAR":
            kept[at] = kept[at]._replace(type="IF", value="if")
            kept[at + 3 : at + 5] = [kept[at + 3]._replace(end=kept[at + 4].end)]
    return kept


def _in_days(tokens: Sequence[Token]) -> Sequence[Token]:
    """`> 365 days and < 25 years of age`: an age on both sides."""
    ahead = [token.type for token in tokens[:9] if token.type != "ASIDE"]
    if ahead[:7] != [*_IN_YEARS, "AND", *_OF_AGE]:
        return tokens
    first = next(at for at, token in enumerate(tokens) if token.type == "TIME_UNIT")
    return [*tokens[:first], tokens[first]._replace(type="AGE_UNIT"), *tokens[first + 1 :]]


def _below_normal(tokens: Sequence[Token], text: str) -> list[Token]:
    """`>= 2 g/dL below normal`: below its lower limit; `within BMI range 20 to 30`: the range says it."""
    kept = list(tokens)
    for at in range(2, len(kept)):
        types = [token.type for token in kept[at - 2 : at + 1]]
        below = kept[at - 1].value == "<" and text[kept[at].start : kept[at].end].casefold() == "normal"
        if types == ["UNIT", "COMPARE", "NORMAL"] and below:
            kept[at] = kept[at]._replace(type="LLN", value="")
    if [token.type for token in kept[:3]] == ["WITHIN", "MEASURE", "BETWEEN"]:
        del kept[0]
    return kept


def _behind_scale(tokens: Sequence[Token], at: int) -> bool:
    """Whether a performance status and its limit stand before this place."""
    first = at - 1
    if first and tokens[first].type == "UNIT" and tokens[first].value == "%":
        first -= 1
    named = [token for token in tokens[max(0, first - 2) : first + 1] if token.type != "ASIDE"]
    return [token.type for token in named] == ["MEASURE", "COMPARE", "NUMBER"] and named[0].value in _SCALES


def _with_method(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`>= 1 g/dL on serum protein electrophoresis`, and nothing else is measured: the monoclonal protein."""
    found = list(tokens)
    for at in range(3, len(tokens)):
        if tokens[at].type != "ASIDE" or [token.type for token in tokens[at - 3 : at]] != _LIMIT:
            continue
        named = _BY_METHOD.fullmatch(text[tokens[at].start : tokens[at].end])
        if named is not None:
            value = "m_protein_serum" if named[1] or named[3] else "m_protein_urine"
            found[at] = tokens[at]._replace(type="MEASURE", value=value)
    return found
