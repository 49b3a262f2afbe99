"""Pictures that a form of this room brings."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from core.phones import mask_in_text
from customers.services.pictures import LARGEST_UPLOAD, Picture, PictureRefused, read_picture


def pictures_in(files: Iterable[UploadedFile]) -> tuple[list[Picture], list[str]]:
    """The pictures among `files`, and a sentence for each that is none."""
    pictures, refused = [], []
    for file in files:
        try:
            if (file.size or 0) > LARGEST_UPLOAD:
                raise PictureRefused.because("too_heavy", most=LARGEST_UPLOAD // 1024 // 1024)
            pictures.append(read_picture(file.read()))
        except PictureRefused as refusal:
            said = {"name": mask_in_text(file.name or ""), "sentence": str(refusal)}
            refused.append(_("“%(name)s” is not kept: %(sentence)s") % said)
    return pictures, refused
