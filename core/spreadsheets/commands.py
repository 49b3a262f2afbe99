"""A file that is named to a command: read, and its refused rows laid beside it."""

from pathlib import Path

from django.core.management.base import CommandError


def content_of(file: Path) -> bytes:
    """What is in the file. Raises CommandError."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error


def lay_errors_beside(file: Path, errors: bytes) -> str:
    """Write the workbook of refused rows, and say where it is; nothing where none were."""
    if not errors:
        return ""
    target = file.with_name(f"{file.stem}.errors.xlsx")
    target.write_bytes(errors)
    return str(target)
