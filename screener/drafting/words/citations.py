"""`per IMWG 2014 diagnostic criteria (Rajkumar et al, 2014)`: the authority of a definition, its version and
its paper change no verdict. They are blanked before a text is cut, so that every place stays what it is."""

import re

_YEAR = r"(?:19|20)\d\d"
_AUTHORS = r"[A-Z][a-z]+(?: et al\.?)?"
_VERSION = r"(?i:,? ?\(?(?:version|ver\.?|v\.?) ?\d(?:\.\d\d?)?\)?)"
_SAID = (
    r"(?:(?:as )?(?:defined|specified|diagnosed|documented|established|verified|assessed|determined|graded|"
    r"classified|outlined|confirmed) )?"
)
_BY = (
    r"(?:(?:according to )?according to|according|in accordance with|as per|per|by|based on|using|following|"
    r"meeting|fulfilling|as defined in|consistent with)"
)
_KINDS = (
    r"(?:(?:newly|revised|updated|current|standard|latest|most recent|new|modified|uniform|diagnostic|"
    rf"response|consensus|{_YEAR}),? )*"
)
_NOUN = r"(?:criteria|guidelines?|definitions?|recommendations?)"
_OF_MYELOMA = r"(?: for (?:the )?(?:diagnosis(?: of)? ?)?(?:multiple myeloma|MM)?)?"
_IMWG = (
    r"(?:IMWG|International Myeloma (?:Working|Workshop) Group|International Working Group on Myeloma)"
    r"(?: ?\((?:IMWG|International Myeloma Working Group)\))?"
)

# what stands in brackets and only cites: a paper, an edition, criteria by name
_BRACKET = re.compile(
    rf"\((?:{_AUTHORS},? ?{_YEAR}|{_YEAR},? (?:version|criteria|edition|update)"
    rf"|(?:updated?|revised|version|edition) {_YEAR}"
    r"|(?:see (?:also )?|refer to )?(?:Appendix|Section|Table) [A-Za-z0-9.]+"
    r"(?:[,;] ?(?:Section|Appendix) [A-Za-z0-9.]+)?"
    r"|see https?://[^\s()]+"
    rf"|IMWG criteria,? {_AUTHORS},? {_YEAR}"
    r"|International Myeloma Working Group(?: \(IMWG\))? criteria"
    r"|ICD-?\d+(?:-CM)?(?: codes?)?:? ?[A-Z]\d[\d.]*"
    r"|(?:(?:by|per|according to) )?(?:the )?IMWG (?:\w+ )?criteria(?:,? (?:see )?[Aa]ppendix [A-Z0-9.]+)?)\)"
)
# according to the diagnostic criteria established by the IMWG
_SET_BY_IMWG = re.compile(
    rf"(?i:\b{_SAID}{_BY}(?: the)? {_KINDS}{_NOUN} )"
    r"(?i:(?:of|by|from|established by|published by|outlined by)(?: the)? )" + _IMWG
)
# per the revised IMWG 2014 diagnostic criteria for multiple myeloma (2014)
_BY_IMWG = re.compile(
    rf",? ?\b(?i:{_SAID}{_BY}(?: the)? {_KINDS}){_IMWG}(?i:,? ?\(?{_YEAR}\)?)?"
    rf"(?i:(?:,? {_KINDS}{_NOUN}{_OF_MYELOMA}(?: ?\({_YEAR}\))?)|(?=\s*(?:[.;:,)]|$)))(?! of\b| for\b)"
)
# graded by the NCI CTCAE version 5.0
_CTCAE = re.compile(
    rf"(?i:\b{_SAID}(?:(?:by|per|according to|using|based on)(?: the)? )?)"
    r"(?:NCI[ -]|National Cancer Institute(?: ?\(NCI\))?[ -])?"
    r"(?:CTCAE|Common (?:Terminology|Toxicity) Criteria (?:for|of) Adverse Events?"
    rf"(?: ?\((?:NCI[ -]?)?CTCAE\))?){_VERSION}"
)


def without_citations(text: str) -> str:
    """The text with blanks for what only cites, and as many characters. A pattern is tried where one of its
    words stands: most texts cite nothing."""
    if "(" in text:
        text = _BRACKET.sub(_blank, text)
    if "IMWG" in text or "International" in text:
        text = _BY_IMWG.sub(_blank, _SET_BY_IMWG.sub(_blank, text))
    if "CTCAE" in text or "Adverse Event" in text:
        text = _CTCAE.sub(_blank, text)
    return text


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
