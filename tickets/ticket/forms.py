"""Form fields for the photos of a ticket."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tickets.ticket.photos import MOST_PHOTOS

PHOTOS, KEPT = "photos", "kept_photos"  # names of the fields: new photos, and those kept of an earlier try


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files, below the photos `kept` of an earlier try of the form."""

    allow_multiple_selected = True
    kept: Sequence[dict[str, Any]] = ()

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        before = render_to_string("tickets/ticket/_kept_photos.html", {"kept": self.kept})
        return (
            before + super().render(*args, **kwargs) + render_to_string("tickets/ticket/_chosen_photos.html")
        )


class PhotosField(forms.FileField):
    """Several photos; the action checks the content of each."""

    widget = ManyFilesInput(attrs={"accept": "image/*,.heic,.heif"})

    def __init__(self, *args: Any, most: int = MOST_PHOTOS, shrink: bool = False, **kwargs: Any) -> None:
        """Take `most` photos at most; with `shrink`, a browser with scripts makes large ones smaller before sending."""
        super().__init__(*args, **kwargs)
        self.most = most
        self.widget.attrs |= {"data-photos": most} | ({"data-photos-shrink": "1"} if shrink else {})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = (
            [one for one in (data or []) if one] if isinstance(data, list | tuple) else [data] if data else []
        )
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > self.most:
            raise forms.ValidationError(_("一次最多 %(n)d 张照片") % {"n": self.most})
        return [super(PhotosField, self).clean(one, initial) for one in files]


def lost_photos(form: forms.Form) -> int:
    """The number of photos sent with a form that was refused, and not kept: a browser does not send them again."""
    if hasattr(form, "lost"):
        return form.lost
    return len(form.files.getlist(PHOTOS)) if form.files and form.errors else 0
