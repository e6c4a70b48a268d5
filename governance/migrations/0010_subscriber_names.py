"""Subscribers get stable names: what each has read, and what it failed at, stands under the new name from here on."""

from typing import Any

from django.db import migrations

NAMES = {
    "tickets.subscribers.tell_the_new_holder": "tickets.tell_the_new_holder",
    "tickets.subscribers.inform_of_an_emergency": "tickets.inform_of_an_emergency",
    "tickets.subscribers.tell_the_person": "tickets.tell_the_person",
    "tickets.subscribers.tell_the_assistants": "tickets.tell_the_assistants",
    "tickets.subscribers.tell_who_must_decide": "tickets.tell_who_must_decide",
    "tickets.subscribers.tell_who_holds": "tickets.tell_who_holds",
    "tickets.subscribers.tell_the_waived": "tickets.tell_the_waived",
    "tickets.subscribers.gather_the_parts": "tickets.gather_the_parts",
    "tickets.subscribers.tell_who_dispatched": "tickets.tell_who_dispatched",
    "tickets.subscribers.tell_of_time": "tickets.tell_of_time",
    "tickets.subscribers.text_the_receipt": "tickets.text_the_receipt",
    "tickets.subscribers.text_the_rating_link": "tickets.text_the_rating_link",
    "tickets.subscribers.tell_who_answers_for_privacy": "tickets.tell_who_answers_for_privacy",
    "tickets.whistle_subscribers.tell_the_summoned": "tickets.tell_the_summoned",
    "tickets.whistle_subscribers.tell_the_street": "tickets.tell_the_whistling_street",
    "tickets.whistle_subscribers.tell_who_decides": "tickets.tell_who_decides_a_refusal",
    "tickets.whistle_subscribers.tell_of_the_decision": "tickets.tell_of_a_decided_refusal",
    "tickets.whistle_subscribers.tell_the_party": "tickets.tell_the_whistle_party",
    "tickets.whistle_subscribers.tell_everybody": "tickets.tell_of_the_whistle_end",
    "tickets.whistle_subscribers.tell_of_time": "tickets.tell_of_whistle_time",
    "tickets.duty_subscribers.tell_of_an_admission": "tickets.tell_of_an_admission",
    "tickets.duty_subscribers.tell_of_a_consent": "tickets.tell_of_a_consent",
    "tickets.duty_subscribers.tell_of_a_late_decision": "tickets.tell_of_a_late_decision",
    "grids.subscribers.tell_administrators": "grids.tell_administrators",
}


def rename(apps: Any, schema_editor: Any) -> None:
    """Put the new names in place of the old ones, in every district."""
    _replace(apps, schema_editor, NAMES)


def rename_back(apps: Any, schema_editor: Any) -> None:
    """The reverse."""
    _replace(apps, schema_editor, {new: old for old, new in NAMES.items()})


def _replace(apps: Any, schema_editor: Any, names: dict[str, str]) -> None:
    for pk in apps.get_model("governance", "Tenant").objects.values_list("pk", flat=True):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL app.tenant = '{pk}'")  # row-level security holds for the owner too
        for model in ("FeedCursor", "FailedDelivery"):
            rows = apps.get_model("governance", model).objects.filter(tenant_id=pk)
            for old, new in names.items():
                rows.filter(subscriber=old).update(subscriber=new)


class Migration(migrations.Migration):
    dependencies = [("governance", "0009_sheet_uploads")]

    operations = [migrations.RunPython(rename, rename_back)]
