"""`per IMWG 2014 diagnostic criteria (Rajkumar et al, 2014)`: the authority of a definition, its version and its
paper change no verdict. They are blanked before a text is cut, so that every place stays what it is."""

import re

_YEAR = r"(?:19|20)\d\d"
_AUTHORS = r"[A-Z][a-z]+(?: et al\.?)?"
# what stands in brackets and only cites: a paper, an edition of criteria
_PAPER = re.compile(
    rf"\((?:{_AUTHORS},? ?{_YEAR}|{_YEAR},? (?:version|criteria|edition|update)"
    rf"|(?:updated?|revised|version|edition) {_YEAR}"
    rf"|(?:(?:by|per|according to) )?(?:the )?IMWG (?:\w+ )?criteria(?:,? (?:see )?[Aa]ppendix [A-Z0-9.]+)?)\)"
)
_SAID = r"(?:(?:as )?(?:defined|specified|diagnosed|documented|established|verified|assessed|graded|classified) )?"
_BY = r"(?:according to|in accordance with|as per|per|by|based on|using|following|meeting|fulfilling)"
_KIND = (
    rf"(?:revised|updated|current|standard|latest|most recent|new|newly updated|modified|uniform|diagnostic|"
    rf"response|consensus|{_YEAR})"
)
_NOUN = r"(?:criteria|guidelines?|definitions?|recommendations?)"
_IMWG = (
    r"(?:IMWG|International Myeloma (?:Working|Workshop) Group|International Working Group on Myeloma)"
    r"(?: ?\((?:IMWG|International Myeloma Working Group)\))?"
)
_BY_IMWG = re.compile(
    rf",? ?\b(?i:{_SAID}{_BY}(?: the)? (?:{_KIND} )*){_IMWG}(?i:,? ?\(?{_YEAR}\)?)?"
    rf"(?i:(?:,? (?:{_KIND},? )*{_NOUN}(?: for (?:the )?(?:diagnosis(?: of)? ?)?(?:multiple myeloma|MM)?)?(?: ?\({_YEAR}\))?)|(?=\s*(?:[.;:,)]|$)))"
    rf"(?! of\b| for\b)"
)
_CTCAE = re.compile(
    r"(?i:\b(?:(?:as )?(?:defined|graded|assessed|determined|specified) )?(?:(?:by|per|according to|using|based on)"
    r"(?: the)? )?)"
    r"(?:NCI[ -]|National Cancer Institute(?: ?\(NCI\))?[ -])?"
    r"(?:CTCAE|Common (?:Terminology|Toxicity) Criteria (?:for|of) Adverse Events?(?: ?\((?:NCI[ -]?)?CTCAE\))?)"
    r"(?i:,? ?\(?(?:version|ver\.?|v\.?) ?\d(?:\.\d\d?)?\)?)"
)


def without_citations(text: str) -> str:
    """The text with blanks for what only cites, and as many characters."""
    for pattern in (_PAPER, _BY_IMWG, _CTCAE):
        if pattern.search(text):
            text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text
