"""Reasons and clauses of lead filing, worded in the reader's language."""

from filings.wording.clauses import CLAUSE_TEXTS, clause_text, clause_title
from filings.wording.elements import elements_text
from filings.wording.moments import limit_text, moment_text, stretch_text
from filings.wording.refusals import refusal_of, why_void
from filings.wording.sentences import SENTENCES, each_once, sentence

__all__ = [
    "CLAUSE_TEXTS",
    "SENTENCES",
    "clause_text",
    "clause_title",
    "each_once",
    "elements_text",
    "limit_text",
    "moment_text",
    "refusal_of",
    "sentence",
    "stretch_text",
    "why_void",
]
