"""The one refusal of this package."""


class EngineError(Exception):
    """An embedded server or its keys cannot be had.

    The text is a sentence for the person at the terminal, with what to do.
    """
