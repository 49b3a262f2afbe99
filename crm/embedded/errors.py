"""The one refusal of this package."""


class EngineError(Exception):
    """An embedded server or its keys cannot be had; the text is a sentence for the person at the terminal."""
