"""The source study's claims beside our rows."""

from __future__ import annotations

from spikecast.report.look import in_words
from spikecast.report.page.content import Column, Section, Table, context_line
from spikecast.study.claims.source import CLAIMS
from spikecast.study.claims.verdict import Evidence
from spikecast.study.study import Study


def section(study: Study) -> Section:
    """The section of the page."""
    findings = [(claim, claim.test(study)) for claim in CLAIMS]
    where = f"Compared within: {context_line(study.contexts[0])}. " if study.contexts else ""
    return Section(
        "claims",
        "Five claims of the source study beside our data",
        (
            "The claims are those of arXiv 2603.24891. Intervals are 95 % bootstrap intervals over configurations. "
            "Confirmed: the whole interval of every number lies on the claim's side, and reaches the size where the "
            "claim names one to be beaten. Different: an interval lies wholly on the other side, or short of that "
            "size. Not confirmed: an interval holds the value at which the claim is empty, so these data do not tell.",
            f"{where}The source trained a larger network (VGG9) for 200 epochs with 4-bit weights on other data sets "
            "and timed one sample on another allocation of cores: what differs here may be due to any of that.",
        ),
        (
            Table(
                "claims",
                "Claims and verdicts",
                (
                    Column("number", "", "d"),
                    Column("claim", "the study says"),
                    Column("verdict", "verdict"),
                    Column("numbers", "our rows say"),
                ),
                tuple(
                    {
                        "number": number,
                        "claim": claim.text,
                        "verdict": finding.verdict,
                        "numbers": "\n".join(map(_in_words, finding.evidence)) or in_words(finding.basis),
                        "evidence": [
                            {
                                "what": piece.what,
                                "unit": piece.unit,
                                "estimate": piece.estimate,
                                "verdict": piece.verdict,
                            }
                            for piece in finding.evidence
                        ],
                    }
                    for number, (claim, finding) in enumerate(findings, start=1)
                ),
            ),
            Table(
                "rules",
                "How each was tested",
                (
                    Column("number", "", "d"),
                    Column("rule", "confirmed if"),
                    Column("basis", "compared were"),
                ),
                tuple(
                    {"number": number, "rule": claim.rule, "basis": in_words(finding.basis)}
                    for number, (claim, finding) in enumerate(findings, start=1)
                ),
            ),
        ),
    )


def _in_words(piece: Evidence) -> str:
    form = ".2f" if piece.unit in ("", "times") else "+z.1f"
    number = Column("", "", form).shown(piece.estimate)
    return f"{in_words(piece.what)}: {f'{number} {piece.unit}'.rstrip()}; {piece.verdict}"
