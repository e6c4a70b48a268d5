"""Log-in by name and password."""

from typing import Any

from django.contrib.auth.backends import ModelBackend


class LoginBackend(ModelBackend):
    """Django's password check. Rights come from posts, so Django's own permission checks always say no."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Refuse service accounts: they work by token only."""
        return super().user_can_authenticate(user) and not user.is_service

    def has_perm(self, *args: object, **kwargs: object) -> bool:
        return False

    def has_module_perms(self, *args: object, **kwargs: object) -> bool:
        return False
