"""Words around a measure that add nothing: `resting QTcF`, `serum AST`, `ALT and AST both <= 3 x ULN`."""

from collections.abc import Sequence

from screener.drafting.logic.compose import Kind
from screener.drafting.words.lexer import Token

_MEASURED = frozenset({"MEASURE", "RESPONSE"})
_RAISED = frozenset({"elevation", "elevations", "elevated", "increase", "increased"})
_UPPER = frozenset({"ULN", "TIMES_ULN"})
_ANY_VALUE = frozenset({"serum", "starting", "calc"})
_AT_REST = frozenset(
    {"resting", "mean", "average"}
)  # `mean hemoglobin` and `mean platelet` begin other names
_OF_RECORDINGS = frozenset({"qt", "qtc", "qtcf", "pr_interval", "qrs_duration", "heart_rate", "systolic_bp",
                            "diastolic_bp", "spo2"})  # fmt: skip
# a limit says from which value they are measurable
_OF_MYELOMA = frozenset({"m_protein_serum", "m_protein_urine", "involved_flc"})
_BEFORE = frozenset({"", "COMMA", "AND", "OR", "SEMI", "DOT", "LPAR", "COLON", "LABEL"})
_VALUE_BEGINS = frozenset({"COMPARE", "BETWEEN", "NUMBER", "NORMAL", "ABNORMAL"})
_JOINTS = frozenset({"AND", "OR", "COMMA", "SLASH"})
_VALUE_ENDS = frozenset({"UNIT", "NUMBER", "ULN", "LLN"})
_TOTAL = frozenset({"total", "a total", "the total"})
_PEOPLE = frozenset({"FEMALE", "MALE"})
_SHOWING = frozenset({"showing", "indicating", "demonstrating"})
_LIMIT = ["COMPARE", "NUMBER", "UNIT"]
_GRADED = ["LPAR", "GRADE", "COMPARE", "NUMBER", "RPAR"]
_QT = frozenset({"qtc", "qtcf"})
_LEVELS = frozenset({"level", "levels", "value", "values"})
_MOST = 24  # tokens of a list of measures, each with its short form in brackets
_OF_LIST = _JOINTS | {"MEASURE", "LPAR", "RPAR", "ASIDE"}
_MILLISECONDS = ("ms", "milli")


def around_measures(tokens: Sequence[Token], text: str, kind: Kind) -> Sequence[Token]:
    """The tokens without those words, and with what is measured where a short form has two senses."""
    types = {token.type for token in tokens}
    if types.isdisjoint(_MEASURED):
        return tokens
    by_sex = types >= _PEOPLE
    every = kind == "inclusion"  # `both > 3 x ULN` excludes by none of them alone
    kept: list[Token] = []
    last = ""  # the type of the last token that is not set aside
    for at, token in enumerate(tokens):
        if _adds_nothing(tokens, at, last, text) or _says_above(tokens, at) or _ends_list(tokens, at):
            continue
        if every and token.type == "BOTH" and _is_shared(tokens, at):
            continue
        if _is_total(tokens, at, text):
            kept.append(token._replace(type="MEASURE", value="bilirubin_total"))
            last = "MEASURE"
            continue
        if token.type == "RESPONSE" and token.value == "pr" and _is_interval(tokens, at):
            kept.append(token._replace(type="MEASURE", value="pr_interval"))
            last = "MEASURE"
            continue
        if by_sex and token.type in _PEOPLE and _is_of_value(tokens, at):
            kept.append(Token("IF", "if", token.start, token.start))  # > 450 ms (men)
        kept.append(token)
        if token.type != "ASIDE":
            last = token.type
    return kept


def _adds_nothing(tokens: Sequence[Token], at: int, last: str, text: str) -> bool:
    """`starting bilirubin < 2 mg/dL`, and no `2 g/dL above baseline hemoglobin`."""
    token = tokens[at]
    measurable = token.type == "JUDGED" and text[token.start : token.end].casefold() == "measurable"
    plain = token.type == "WORD" and token.value in _ANY_VALUE | _AT_REST
    if last not in _BEFORE or not (plain or measurable):
        return False
    if token.value == "serum" and at + 1 < len(tokens) and _is_total(tokens, at + 1, text):
        return True
    after = next((index for index in range(at + 1, len(tokens)) if tokens[index].type != "ASIDE"), at)
    if token.value in _AT_REST and after + 1 < len(tokens) and tokens[after].value in _AT_REST:
        after += 1  # mean resting QTcF
    named = tokens[after]
    if measurable and named.value not in _OF_MYELOMA | _OF_RECORDINGS:
        return False
    if named.type != "MEASURE" or (token.value in _AT_REST and named.value not in _OF_RECORDINGS):
        return False
    for index in range(after + 1, min(after + _MOST, len(tokens))):
        if tokens[index].type not in _OF_LIST:
            return tokens[index].type in _VALUE_BEGINS
    return False


def _says_above(tokens: Sequence[Token], at: int) -> bool:
    """`ALT elevation > 3 x ULN`: what lies above the limit of normal is elevated."""
    if tokens[at].value == "prolonged" and at and tokens[at - 1].value in _OF_RECORDINGS:
        said = [token for token in tokens[at + 1 : at + 3] if token.type != "LPAR"]
        return bool(said) and said[0].type == "COMPARE" and said[0].value[0] == ">"
    if tokens[at].value not in _RAISED or tokens[at].type != "WORD":
        return False
    limit = at + 1
    if [token.type for token in tokens[limit : limit + 2]] == ["ASIDE", "MEASURE"]:
        limit += 1
    if limit < len(tokens) and tokens[limit].type == "MEASURE":
        limit += 1  # elevation of ALT > 3 x ULN
    elif not at or tokens[at - 1].type not in ("MEASURE", "RPAR"):
        return False
    later = tokens[limit : limit + 4]
    above = len(later) > 2 and later[0].type == "COMPARE" and later[0].value[0] == ">"
    return above and not _UPPER.isdisjoint(token.type for token in later)


def _ends_list(tokens: Sequence[Token], at: int) -> bool:
    """`potassium, magnesium, phosphate, within normal limits`: the last comma parts nothing."""
    if tokens[at].type != "COMMA" or at < 3 or at + 1 == len(tokens) or tokens[at + 1].type != "NORMAL":
        return False
    return [token.type for token in tokens[at - 3 : at]] == ["MEASURE", "COMMA", "MEASURE"]


def _is_total(tokens: Sequence[Token], at: int, text: str) -> bool:
    """`total and direct bilirubin`: two, of which the noun is named once."""
    token = tokens[at]
    if token.type != "ASIDE" or text[token.start : token.end].casefold() not in _TOTAL:
        return False
    later = tokens[at + 1 : at + 3]
    return len(later) > 1 and later[0].type in _JOINTS and later[1].value == "bilirubin_direct"


def _is_shared(tokens: Sequence[Token], at: int) -> bool:
    """Whether `both` stands between two measures and the limit that they share."""
    if at + 1 == len(tokens) or tokens[at + 1].type != "COMPARE":
        return False
    last = at - 2 if tokens[at - 1].value in _LEVELS else at - 1
    listed = []
    for index in range(last, max(-1, at - _MOST), -1):
        if tokens[index].type not in _OF_LIST:
            break
        listed.append(tokens[index])
    joints = [token.type for token in listed if token.type in _JOINTS]
    return joints == ["AND"] and sum(token.type == "MEASURE" for token in listed) > 1


def _is_interval(tokens: Sequence[Token], at: int) -> bool:
    """`PR > 280 ms`: no response is counted in milliseconds."""
    types = [token.type for token in tokens[at + 1 : at + 4]]
    return types == ["COMPARE", "NUMBER", "UNIT"] and tokens[at + 3].value.casefold().startswith(
        _MILLISECONDS
    )


def _is_of_value(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sex stands alone in brackets behind a value."""
    types = [token.type for token in tokens[max(0, at - 2) : at + 2]]
    return len(types) == 4 and types[0] in _VALUE_ENDS and (types[1], types[3]) == ("LPAR", "RPAR")


def shown(tokens: Sequence[Token]) -> list[Token]:
    """`ECHO (or MUGA) indicating an LVEF >= 48 %`: how it is found; `QTc > 480 ms (grade >= 2)`: the grade
    that this is; `FLC >= 100 mg/L with an abnormal ratio`: that of the chains."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        size = _told_before(tokens, at, kept) if token.type == "LPAR" else 0
        if size or (token.value in _SHOWING and _follows_methods(kept)):
            at += size or 1
            continue
        kept.append(
            token._replace(type="MEASURE", value="flc_ratio")
            if token.value == "ratio" and _is_of_chains(kept)
            else token
        )
        at += 1
    return kept[2:] if [one.value for one in kept[:2]] == ["blood", ":"] else kept


def _told_before(tokens: Sequence[Token], at: int, kept: Sequence[Token]) -> int:
    """How many tokens of a bracket say what its value says already; 0 for none."""
    types = [token.type for token in tokens[at : at + 5]]
    if types[:4] == ["LPAR", "OR", "METHOD", "RPAR"] and kept and kept[-1].type == "METHOD":
        return 4
    valued = [token.type for token in kept[-4:]] == ["MEASURE", *_LIMIT]
    return 5 if types == _GRADED and valued and kept[-4].value in _QT else 0


def _follows_methods(kept: Sequence[Token]) -> bool:
    """Whether nothing but ways of measuring stands before this place."""
    near = {token.type for token in kept[-_MOST:]} - {"ASIDE"}
    return len(kept) < _MOST and near == {"METHOD"}


def _is_of_chains(kept: Sequence[Token]) -> bool:
    """Whether an abnormal ratio is that of the chains before it."""
    if next((one.type for one in reversed(kept[-3:]) if one.type != "ASIDE"), "") != "ABNORMAL":
        return False
    return any(one.value == "involved_flc" for one in kept[-_MOST:])
