"""Helpers that call the API and check its refusals."""

import uuid

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from governance.access.models import User
from governance.access.permissions import TOKEN_SCOPES
from governance.accounts import actions as account_actions
from governance.tenancy.models import TenantModel
from governance.tenancy.scope import scope

PROBLEM = "application/problem+json"
ALL = tuple(sorted(TOKEN_SCOPES))
TICKETS = "/alpha/api/v1/tickets/"


class Caller:
    def __init__(self, world, client):
        self.world, self.client, self.kept = world, client, {}

    def token(self, name, scopes=ALL, tenant=None, at=None, days=365):
        user = User.objects.get(pk=self.world.members[name].user_id)
        tenant, at = tenant or self.world.tenant, at or timezone.now()
        return account_actions.create_token(user, tenant, name=name, scopes=list(scopes), at=at, days=days)

    def headers(self, who):
        if who not in self.kept:
            self.kept[who] = self.token(who)
        return {"Authorization": f"Bearer {self.kept[who]}"}

    def post(self, path, body, who="clerk", kind="application/json"):
        return self.client.post(path, body, content_type=kind, headers=self.headers(who))

    def get(self, path, who="county"):
        return self.client.get(path, headers=self.headers(who))

    def photo(self, number, upload, who="community", **more):
        path = f"{TICKETS}{number}/photos/"
        return self.client.post(path, {"photo": upload, **more}, headers=self.headers(who))

    def body(self, **more):
        return {"client_id": str(uuid.uuid4()), "text": "水管漏水", "area": "990101001001", **more}


def stored(world):
    """(rows per table of the first district, names of the files in the media folder)."""
    models = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    with scope(world.tenant):
        rows = {model.__name__: model.objects.count() for model in models}
    return rows, sorted(path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def refused(answer, status, code, *fields):
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content[:300]
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["detail"]
    assert list(told.get("errors", {})) == list(fields), told
