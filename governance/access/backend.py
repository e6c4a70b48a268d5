"""Log-in by name and password."""

from django.contrib.auth.backends import ModelBackend


class LoginBackend(ModelBackend):
    """Django's password check. Rights come from posts, so Django's own permission checks always say no."""

    def has_perm(self, *args: object, **kwargs: object) -> bool:
        return False

    def has_module_perms(self, *args: object, **kwargs: object) -> bool:
        return False
