"""What stands beside a criterion and decides nothing: why it is asked, and which tests will be made.

`pregnant women are excluded because the drug may be teratogenic`, `RNA testing is optional`. These
stretches are blanked before a text is cut, as citations are, so that every place stays what it is.
"""

import re

from screener.drafting.words.lexer import holds
from screener.model.trial import CriterionKind

_PEOPLE = r"(?:patients?|participants?|subjects?|individuals?|persons?)"
_BRACKET = r"\((?:[^()]|\([^()]{0,200}\)){0,400}\)"
_REST = rf"(?:[^.;()]|\.(?=\d)|{_BRACKET}){{0,600}}"  # of a sentence, brackets and all
_BEGINS = r"(?:^|(?<=[.;:(]))\s*(?:note\s*(?:that\b|:)?\s*|exception\s*:\s*)?"
_ENDS = r"(?=\s*(?:[.;:]|$))"
_HARM = r"(?:teratogen|abortifacient|genotoxic|mutagen|(?:fetal|foetal) (?:harm|toxicit)|studied in pregnan)"

# because carfilzomib is an agent with the potential for teratogenic or abortifacient effects
_WHY = re.compile(
    r",? ?\b(?:because|since|as(?! well\b))\b"
    rf"(?:(?!\b(?:must|should|women of|females of|because|since)\b)[^.;()]|{_BRACKET}){{0,400}}"
    rf"{_HARM}[^.;(),]*{_ENDS}",
    re.IGNORECASE,
)
# because there is an unknown but potential risk for adverse events in nursing infants …, breastfeeding …
_INFANTS = re.compile(
    rf"{_BEGINS}because there (?:is|may be) (?:an? )?(?:unknown,? (?:but )?)?(?:potential )?risk (?:for|of) "
    r"(?:serious )?(?:adverse (?:events?|effects|reactions)|AEs)(?: in)? nursing infants?"
    rf"(?:[^.;,()]|{_BRACKET}){{0,300}},?\s*(?=breast[ -]?feeding\b)",
    re.IGNORECASE,
)
_RISKS = re.compile(
    rf"{_BEGINS}these (?:potential )?risks may also apply to (?:(?:the )?other agents|the use of)\b"
    rf"{_REST}[.;]?",
    re.IGNORECASE,
)
# RNA testing is optional and participants with a negative antibody test are not required to undergo it
_TESTING = re.compile(
    rf"{_BEGINS}(?:"
    r"(?:\w+[ -]){0,5}(?:testing|screening) is (?:optional|not (?:required|mandatory|necessary))"
    rf"|{_PEOPLE} {_REST}(?:do|does) not need to be tested"
    rf"|{_PEOPLE} (?:is|are) not required to (?:have|undergo)"
    r"|(?:in the event|if) the infection status is unclear, quantitative (?:viral )?levels are necessary"
    rf"){_REST}[.;]?",
    re.IGNORECASE,
)
# FEV1 testing is required for subjects suspected of having COPD: a suspected one is asked about anyway
_SUSPECTED = re.compile(
    rf"{_BEGINS}(?:PFT/)?FEV1 testing is required (?:at screening )?for {_PEOPLE} suspected of having "
    r"(?:COPD|chronic obstructive pulmonary disease(?: \(COPD\))?)"
    rf"(?:,? and {_PEOPLE} must be excluded if (?:the )?FEV1 (?:is )?< ?50 ?% of predicted(?: normal)?)?"
    r"(?=\s*(?:[.;:)]|$))",
    re.IGNORECASE,
)
# if the urine test is positive, a serum test will be required; whoever becomes pregnant should tell
_BEARING = r"(?:(?:child[ -]?bearing|reproductive) potential|FCBP|WOCBP|FOCBP|WCBP|POCBP)"
_WOMAN = rf"(?:wom[ae]n|females?|{_PEOPLE})"
_PREGNANCY = re.compile(
    rf"{_BEGINS}(?:"
    r"if the urine (?:pregnancy )?test is (?:positive|borderline) or cannot be confirmed as negative, "
    r"a serum (?:pregnancy )?test (?:will be|is|must be) required"
    rf"|(?:an? |the )?pregnancy test(?:ing)? is required for (?:all )?{_WOMAN} of {_BEARING}"
    rf"|this applies even if the {_WOMAN} practices? (?:true|complete) abstinence"
    rf"|(?:should an?|if an?|if any) {_WOMAN} becomes? pregnant or suspects? "
    r"(?:that )?(?:she is|they are|being) pregnant"
    r"|any wom[ae]n becoming pregnant during the (?:study|trial) will be (?:withdrawn|removed|discontinued)"
    r"|lactating (?:females|women) must agree not to breast[ -]?feed while taking \w+"
    r"|(?:the )?investigators? (?:is responsible for review of|should evaluate the effectiveness of)"
    rf"){_REST}[.;]?",
    re.IGNORECASE,
)
# a highly sensitive serum (beta-hCG) pregnancy test with a sensitivity of at least 25 mIU/mL: how it is made
_HCG = r"(?:hCG|human chorionic gonadotropin(?: [\[(][^\])]{1,12}[\])])?)"
_SENSITIVE = re.compile(
    r"\bhighly[- ]sensitive (?=(?:serum|urine|pregnancy|\())"
    r"|\(?(?:with )?(?:an? )?(?:minimum )?sensitivity (?:of )?(?:at least |≥ ?)?\d+ ?m?IU/m?L"
    r"(?: or equivalent units of (?:beta-)?hCG)?\)?"
    rf"|\((?:β|beta)[- ]?{_HCG}\)(?= pregnancy test)"
    r"|(?<=test )\((?:as )?required by (?:local regulations?|the protocol)\)"
    rf"|(?<=pregnant )\((?:positive )?(?:β|beta|b)[- ]?{_HCG}\+?\)"
    r"|(?<=test )at screening and (?:again )?(?=within \d)",
    re.IGNORECASE,
)
# women are considered of childbearing potential unless they are surgically sterile or postmenopausal
_STERILE = r"(?:steril|menopaus|hysterectom|menses|menstrua|menarche|oophorectom|amenorrh)"
_BEARING_DEFINED = re.compile(
    rf"{_BEGINS}(?=(?:[^.;()]|{_BRACKET}){{0,200}}?{_BEARING})(?:[*\w-]+ ){{0,6}}(?:{_BRACKET} ?)?"
    rf"(?:is|are) (?:considered|defined|those)\b(?=(?:[^.;()]|\.(?=\w)|{_BRACKET}){{0,400}}?{_STERILE})"
    rf"(?:[^.;()]|\.(?=\w)|;\s*(?:or|and)\b|{_BRACKET}){{0,600}}[.;]?",
    re.IGNORECASE,
)
# the effects of carfilzomib on the developing human fetus are unknown. For this reason, …
_FETUS = re.compile(
    rf"{_BEGINS}the effects? of {_REST}on the (?:developing )?(?:human )?f(?:o?e)tus (?:is|are) "
    r"(?:unknown|not known)\s*\.\s*"
    rf"(?:for this reason(?: and because (?:[^.;()]|{_BRACKET}){{0,300}}?{_HARM}\w*)?,\s*)?",
    re.IGNORECASE,
)
# who has a resolved infection must be screened for hepatitis B DNA. Those who are positive are excluded
_RESOLVED = re.compile(
    rf"{_BEGINS}{_PEOPLE} with (?:a )?resolved (?:hepatitis B |HBV )?infection {_BRACKET} must be "
    rf"(?:screened|tested) (?:using|by|with) (?:[^.;()]|{_BRACKET}){{0,200}}?"
    r"(?P<dna>(?:hepatitis B virus (?:\(HBV\) )?|HBV )(?:DNA|deoxyribonucleic acid(?: \(DNA\))?))"
    r" levels?[.;]?\s*"
    rf"(?:those|{_PEOPLE}) who are PCR (?P<outcome>positive) (?:will be|are) excluded(?: from the study)?"
    r"(?=\s*(?:[.;*]|$))",
    re.IGNORECASE,
)
# a pattern is tried where one of its words stands
_ANYWHERE = (
    (_PREGNANCY, ("pregnancy", "pregnant", "practice", "breast", "nvestigator")),
    (_SENSITIVE, ("ensitiv", "hCG", "gonadotropin", "test at screening and", "required by")),
    (_BEARING_DEFINED, ("potential", "CBP")),
    (_FETUS, ("fetus", "foetus")),
    (_WHY, ("teratogen", "abortifacient", "genotoxic", "mutagen", "fetal", "studied in")),
    (_TESTING, ("testing", "screening", "not required to", "not need to be tested", "status is unclear")),
)
_IN_EXCLUSIONS = (
    (_INFANTS, ("nursing infant",)),
    (_RISKS, ("risks may also",)),
    (_SUSPECTED, ("FEV1 testing",)),
    (_RESOLVED, ("PCR positive",)),
)


def without_notices(text: str, kind: CriterionKind) -> str:
    """The text with blanks for what decides nothing, and as many characters; as it was if nothing is left."""
    said = text
    for pattern, words in _ANYWHERE if kind == "inclusion" else (*_ANYWHERE, *_IN_EXCLUSIONS):
        if holds(text, words):
            said = pattern.sub(_blank, said)
    return said if said is text or re.search(r"\w", said) else text


def _blank(found: re.Match[str]) -> str:
    """As many blanks but for what is named; what stood between two sentences parts them still."""
    said = " " * len(found[0])
    for name in found.groupdict():
        at, end = (place - found.start() for place in found.span(name))
        said = said[:at] + found[name] + said[end:]
    return ";" + said[1:] if found.re in (_INFANTS, _FETUS, _RESOLVED) else said
