"""Tell a person that somebody else has set the password."""

from governance import events
from governance.events import notices
from governance.events.models import Event


@events.subscribes("account.password_set", "person.password_reset", name="governance.tell_of_a_password")
def tell_whose_password_it_is(event: Event) -> None:
    """Notify the person at any hour, and nobody instead of them."""
    notices.tell([event.subject_id], event, now=True, in_person=True)
