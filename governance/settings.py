"""Settings; everything that differs between installations comes from the environment."""

import os
import sys
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from governance import environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = environment.require()
DATA_DIR = environment.data_dir(BASE_DIR)
INSECURE_HTTP = environment.flag("INSECURE_HTTP")
DEMO = environment.flag("DEMO")
DEMO_PASSWORD = os.environ.get("DEMO_PASSWORD", "")
DEBUG = False
SECRET_KEY = ENV["SECRET_KEY"]
FIELD_KEY = environment.field_key(ENV["FIELD_KEY"])
ALLOWED_HOSTS = ENV["ALLOWED_HOSTS"].split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "governance",
    "grids",
    "tickets",
    "volunteers",
    "consultation",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guardian",
    "axes",
    "csp",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "governance.web.charsets.Utf8Only",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "governance.access.middleware.IdleTimeout",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "governance.web.caching.NoStore",
    "governance.web.problems.WrongMethod",
    "governance.web.map_tiles.AllowTiles",
    "governance.access.middleware.TenantScope",  # last: the scope is the transaction
]

ROOT_URLCONF = "governance.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "governance.web.context.place_and_person",
            ],
        },
    }
]

# One database, two roles: requests run as the runtime role, migrations and dumps as the owner.
_pool_size = int(os.environ.get("DB_POOL_SIZE", "0"))
DATABASES = {
    "default": {
        "ENGINE": "governance.database",
        **environment.DatabaseUrl.parse(ENV["DATABASE_URL"]).settings(),
        "CONN_MAX_AGE": 0 if _pool_size else 60,
        "CONN_HEALTH_CHECKS": not _pool_size,
        "OPTIONS": {
            "options": "-c idle_in_transaction_session_timeout=60000 -c TimeZone=UTC",
            **({"pool": {"min_size": 2, "max_size": _pool_size, "timeout": 10}} if _pool_size else {}),
        },
    }
}
OWNER_DATABASE_URL = os.environ.get("OWNER_DATABASE_URL", "")

REDIS_URL = ENV["REDIS_URL"]
CACHES = {
    "default": {
        "BACKEND": "governance.web.cache.ForgivingCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "gov",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}
# Text messages: the function that sends one; PUBLIC_URL below begins the links in them.
SMS_BACKEND = os.environ.get("SMS_BACKEND") or "governance.messages.backends.console"
SMS_SHOWN = DEMO or environment.flag("SMS_SHOWN")  # the console backend does not mask codes
# Allowed origins of group robots; add a district's own WeCom or DingTalk servers, separated by spaces.
ROBOT_ORIGINS = [
    "https://qyapi.weixin.qq.com",
    "https://oapi.dingtalk.com",
    "https://open.feishu.cn",
    *os.environ.get("ROBOT_ORIGINS", "").split(),
]
PUBLIC_URL = os.environ.get("PUBLIC_URL") or f"http{'' if INSECURE_HTTP else 's'}://{ALLOWED_HOSTS[0]}"

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_HTTP
SESSION_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
IDLE_MINUTES = int(os.environ.get("IDLE_MINUTES", "30"))

#: How many own proxies stand in front; each adds one entry to X-Forwarded-For.
PROXY_COUNT = int(os.environ.get("PROXY_COUNT", "0"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = not INSECURE_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 31_536_000
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
#: A tile layer under the maps ("https://…/{z}/{x}/{y}.png"); without one, maps show the outlines only.
MAP_TILES = os.environ.get("MAP_TILES", "")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:", *environment.origin_of(MAP_TILES)],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

AUTH_USER_MODEL = "governance.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "governance.access.backend.LoginBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "governance.access.passwords.ThreeKinds"},
    {"NAME": "governance.access.passwords.NotUsedLately"},
]
PASSWORD_DAYS = 90
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
CSRF_FAILURE_VIEW = "governance.web.pages.stale_form"
# Five failures lock a name for one IP address, thirty the address, for fifteen minutes (domain.md B10).
AXES_HANDLER = "governance.accounts.login_limits.LoginLimits"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "governance/locked_out.html"
AXES_ENABLE_ADMIN = False
AXES_CLIENT_IP_CALLABLE = "governance.web.client_address.client_address"

SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # visible_to reads the shares, not an authentication backend
ANONYMOUS_USER_NAME = None  # guardian: no anonymous account; residents do not need one
GUARDIAN_RAISE_403 = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or DATA_DIR / "static")
_modules = BASE_DIR / "node_modules"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *(
        (prefix, folder)
        for prefix, folder in [
            ("vendor/tabler/css", _modules / "@tabler/core/dist/css"),
            ("vendor/tabler/js", _modules / "@tabler/core/dist/js"),
            ("vendor/leaflet", _modules / "leaflet/dist"),
            ("vendor/echarts", _modules / "echarts/dist"),
            ("vendor/idb", _modules / "idb/build"),
        ]
        if folder.is_dir()
    ),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = environment.flag("DEV")
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT") or DATA_DIR / "media")
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # the body without files
MAX_TEXT_LENGTH = 20_000

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "visibility_timeout": 900,
    "queue_order_strategy": "priority",
    "max_retries": 1,  # a commit waits at most a second for a dead broker
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["governance.access.tokens.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["governance.access.tokens.HasActor"],
    "DEFAULT_RENDERER_CLASSES": ["governance.web.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["governance.web.parsers.JSONObjectParser"],
    "DEFAULT_SCHEMA_CLASS": "governance.web.openapi.Schema",
    "DEFAULT_THROTTLE_RATES": {"public": "60/min"},
    "EXCEPTION_HANDLER": "governance.web.problems.handle",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "基层治理平台 API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "TAGS": [
        {"name": "工单", "description": "登记、查询、办理 tickets"},
        {"name": "事项分类", "description": "代码和补充问题 categories"},
        {"name": "区域", "description": "街道、社区、网格、楼栋的代码 areas"},
        {"name": "单位", "description": "单位的代码 units"},
        {"name": "吹哨", "description": "发起、应哨、到场 whistles"},
        {"name": "工作准入", "description": "申请与批复 admissions"},
        {"name": "征求意见", "description": "派驻机构负责人 consents"},
    ],
    "ENUM_NAME_OVERRIDES": {
        "TicketState": "tickets.states.State",
        "TicketChannel": "tickets.states.Channel",
        "AdmissionState": "tickets.duties.models.WorkAdmission.State",
        "ConsentState": "tickets.duties.models.HeadConsent.State",
        "WhistleKind": "tickets.whistles.workflow.WhistleKind",
        "UnitKind": "grids.models.UnitKind",
    },
    "SCHEMA_PATH_PREFIX": r"/[-\w]+/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "governance.web.openapi.add_problems",
    ],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "governance.log_masks.MaskingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {"axes": {"level": "WARNING"}, "django.server": {"level": "WARNING"}},
}
TEST_RUN = "pytest" in sys.modules
