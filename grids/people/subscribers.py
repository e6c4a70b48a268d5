"""Subscribers of the grids app: notify the administrators of a district, and persons of their posts."""

from governance import events
from governance.access.permissions import Role
from governance.events import notices
from governance.events.kinds import BRAKED, TEXTS_BRAKED
from governance.events.models import Event
from governance.events.receivers import To
from grids.models import Post
from grids.tree import local_day, on_duty


@events.subscribes(BRAKED, TEXTS_BRAKED, name="grids.tell_administrators")
def tell_administrators(event: Event) -> None:
    """A brake is on, because there were too many notices or texts: notify the district's administrators."""
    posts = Post.objects.filter(on_duty(local_day(event.at)), role=Role.TENANT_ADMIN)
    to = [To(member, unit) for unit, member in posts.values_list("unit_id", "member_id")]
    facts = {name: event.facts[name] for name in ("limit", "minutes") if name in event.facts}
    link = "desk/tickets/?overdue=1" if event.kind == BRAKED else "desk/settings/"
    notices.tell(to, event, facts=facts, link=link)


@events.subscribes("person.posted", name="grids.tell_of_a_post")
def tell_of_a_post(event: Event) -> None:
    """Notify the person who got the post, and nobody instead of them."""
    notices.tell([event.subject_id], event, facts={"role": event.facts["role"]}, in_person=True)
