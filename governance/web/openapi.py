"""Complete the OpenAPI schema: names and tags, how a caller authenticates, and the problems of each operation."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

#: Status, what it means, and the methods that may answer it; None for all.
PROBLEMS: tuple[tuple[int, str, tuple[str, ...] | None], ...] = (
    (
        400,
        "内容不符合要求；errors 按字段说明 the body or a parameter is not valid; errors names the fields",
        None,
    ),
    (401, "缺少令牌，或令牌无效、过期 the token is missing, unknown or expired", None),
    (403, "令牌或岗位没有这项权限 the token or the posts of its user do not allow it", None),
    (404, "没有，或看不到 it does not exist or cannot be seen", None),
    (
        409,
        "情况已有变化 the state has changed meanwhile, or the key is taken",
        ("post", "put", "patch", "delete"),
    ),
    (413, "内容太大 the body is too large", ("post", "put", "patch")),
    (415, "内容类型不对 the content type is not accepted", ("post", "put", "patch")),
    (429, "太频繁，见 Retry-After too often", None),
    (503, "系统正在恢复，见 Retry-After the system is coming back", None),
)
PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "stable, for programs"},
        "detail": {"type": "string", "description": "for people"},
        "errors": {"type": "object", "description": "by field", "additionalProperties": True},
    },
}


class Schema(AutoSchema):
    """Name an operation by its resource and action, `tickets_list`, and tag it with the subject of its view set."""

    def get_operation_id(self) -> str:
        """The name of the operation, stable for generated clients."""
        resource = self.path.partition("/api/v1/")[2].partition("/")[0]
        return f"{resource}_{self.view.action}"

    def get_tags(self) -> list[str]:
        """The subject, which the documentation shows as a heading."""
        return [self.view.subject]

    def _is_list_view(self, serializer: Any = None) -> bool:
        """False: a list is documented as the page that it is, `page_of`, not as an array."""
        return False


class BearerScheme(OpenApiAuthenticationExtension):
    """A token in the Authorization header."""

    target_class = "governance.access.tokens.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "manage.py issue_token, 设置 → 接口令牌"}


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: give each operation the statuses of PROBLEMS that it does not describe already."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for methods in result["paths"].values():
        for method, operation in methods.items():
            for status, meaning, only in PROBLEMS:
                if only is None or method in only:
                    told = operation["responses"].setdefault(str(status), {"description": meaning})
                    told.setdefault("content", content)
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result
