"""Publish a district's privacy notice."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Invalid
from governance.tenancy import config
from governance.tenancy.models import Tenant
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from tickets.privacy import notice
from tickets.privacy.models import PrivacyNotice


def publish(text: str, *, by: Actor, at: datetime) -> PrivacyNotice:
    """Publish a new version, in force at once; earlier versions stay readable.

    Raises Forbidden, and Invalid naming the field.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    text = web_fields.required(text.replace("\r\n", "\n"), "text", _("告知内容"))
    if len(text) > settings.MAX_TEXT_LENGTH:
        message = _("告知内容最多 %(most)d 字")
        raise Invalid(message % {"most": settings.MAX_TEXT_LENGTH}, code="too_long", field="text")
    Tenant.objects.select_for_update().get(pk=current().pk)  # concurrent requests wait for each other
    last = PrivacyNotice.objects.order_by("-number").first()
    if text == (last.text if last else notice.platform_text()):
        raise Invalid(_("与现行版本相同，不必再发布"), code="unchanged", field="text")
    number = last.number + 1 if last else notice.PLATFORMS + 1
    made = PrivacyNotice.objects.create(
        number=number, text=text, published_at=at, published_by_id=by.member_id
    )
    config.changed(current())
    events.record("settings.changed", made, by=by, at=at, number=number)
    return made
