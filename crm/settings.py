"""Settings, read strictly from the environment: a missing or nonsensical one is named.

`.env.example` lists every variable; docs/operations.md says when to change which.
"""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError

from crm import settings_rules
from crm.schedule import BEAT, ROUTES

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(eager=True)
env.read_env(str(BASE_DIR / ".env"), recurse=False)


def _read(name, kind, hint, *, fits=lambda value: True, **options):
    """One variable that `fits`, or a refusal that names it and says how to set it."""
    try:
        value = kind(name, **options)
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is missing or wrong ({error}). {hint}") from error
    if not fits(value):
        raise ImproperlyConfigured(f"{name} is missing or wrong. {hint}")
    return value


DEBUG = _read(
    "DEBUG", env.bool, "Set it to true on a developer's machine, else leave it out.", default=False
)
SECRET_KEY = _read("SECRET_KEY", env.str, "Set it to 50 or more random characters.")
PHONE_ENCRYPTION_KEYS = _read(
    "PHONE_ENCRYPTION_KEY",
    env.list,
    "Set it to 32 random bytes in urlsafe base64; to rotate, put the new key first and the old "
    "after a comma.",
    fits=settings_rules.are_encryption_keys,
)
PHONE_INDEX_KEY = _read(
    "PHONE_INDEX_KEY",
    env.str,
    "Set it to 64 hexadecimal characters.",
    fits=settings_rules.is_index_key,
)
if len(SECRET_KEY) < 50 and not DEBUG:
    raise ImproperlyConfigured("SECRET_KEY is too short. Set it to 50 or more random characters.")

ALLOWED_HOSTS = _read(
    "ALLOWED_HOSTS",
    env.list,
    "Name the hosts, with commas between.",
    default=["localhost", "127.0.0.1", "[::1]"],
    fits=settings_rules.are_hosts,
)
CSRF_TRUSTED_ORIGINS = _read(
    "CSRF_TRUSTED_ORIGINS",
    env.list,
    "Name the origins with https://, with commas between.",
    default=[],
    fits=settings_rules.are_origins,
)
BASE_URL = _read(
    "BASE_URL",
    env.str,
    "Set it to the address people type, with https://.",
    default="http://localhost:8000",
    fits=settings_rules.is_web_address,
)
BEHIND_TLS_PROXY = _read(
    "BEHIND_TLS_PROXY",
    env.bool,
    "Set it to true where nginx or a load balancer ends TLS.",
    default=False,
)
TRUSTED_PROXIES = _read(
    "TRUSTED_PROXIES",
    env.int,
    "Set it to the number of proxies in front of the web server.",
    default=0,
    fits=lambda count: 0 <= count <= 9,
)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "django_tables2",
    "pgtrigger",
    "pghistory",
    "template_partials",
    "core",
    "staff",
    "stock",
    "customers",
    "filings",
    "followups",
    "orders",
    "reports",
    "desk",
    "crm",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.BadInputMiddleware",
    "core.middleware.OriginMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "staff.middleware.WhosePageMiddleware",
    "staff.middleware.ReachMiddleware",
    "staff.middleware.LanguageMiddleware",
    "core.middleware.WrongMethodMiddleware",
    "axes.middleware.AxesMiddleware",
    "core.middleware.BusyMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"

_LOADERS = ["core.template_source.Loader", "django.template.loaders.app_directories.Loader"]
_TEMPLATE_LOADER = ("django.template.loaders.cached.Loader", _LOADERS)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [_TEMPLATE_LOADER])],
            "builtins": ["core.templatetags.drawn_once"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "desk.navigation.nav",
                "staff.bell.bell",
            ],
        },
    }
]

DATABASES = {
    "default": _read(
        "DATABASE_URL", env.dj_db_url, "Set it to postgresql://user:password@host:5432/name."
    )
}
DATABASES["default"].update(
    CONN_MAX_AGE=_read(
        "DATABASE_CONN_MAX_AGE", env.int, "Set it to seconds; 0 behind PgBouncer.", default=60
    ),
    CONN_HEALTH_CHECKS=True,
)
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    "-c lock_timeout=3s -c statement_timeout=600s -c idle_in_transaction_session_timeout=60s"
    # else each row's trigger raises and catches an error to find this unset: 0.6 ms an insert
    " -c pgtrigger.ignore={}"
)
if "postgresql" not in DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL server, 15 or newer.")

REDIS_URL = _read(
    "REDIS_URL",
    env.str,
    "Set it to redis://:password@host:6379/0.",
    fits=settings_rules.is_broker,
)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}

AUTH_USER_MODEL = "staff.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "staff.backends.PersonBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "staff.password_rules.LongEnough",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "staff:sign_in"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "staff:sign_in"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "staff/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "core.client_address.client_address"
# A try while locked does not start the wait anew.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["crm.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = _read(
    "TIME_ZONE",
    env.str,
    "Name an IANA zone, such as Asia/Shanghai.",
    default="Asia/Shanghai",
    fits=settings_rules.is_zone,
)

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024

EMAIL_CONFIG = _read(
    "EMAIL_URL",
    env.dj_email_url,
    "Set it to smtp+tls://user:password@host:587.",
    default="console:",
    fits=lambda config: "EMAIL_BACKEND" in config,
)
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "localhost")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = _read(
    "DEFAULT_FROM_EMAIL", env.str, "Set it to an address.", default="genjin@localhost"
)

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5"]
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
DJANGO_TABLES2_TEMPLATE = "tables/table.html"

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
    # A message is a nudge: without a broker it is given up at once, not tried for six seconds while
    # a person waits. Workers and beat connect by `broker_connection_max_retries`.
    "max_retries": 0,
    # kombu looks for unacknowledged messages about every 100 s unless told otherwise
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TASK_ROUTES = ROUTES
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1500
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "crm.beat:SteadyScheduler"
CELERY_BEAT_SCHEDULE = BEAT

DEMO_CUSTOMERS = _read(
    "DEMO_CUSTOMERS",
    env.int,
    "Set it to how many customers the demonstration of an empty database has.",
    default=400,
    fits=lambda count: count > 0,
)
FOLLOW_UP_HORIZON_DAYS = _read(
    "FOLLOW_UP_HORIZON_DAYS",
    env.int,
    "Set it to the days for which follow-ups are made ahead.",
    default=60,
    fits=lambda days: 1 <= days <= 400,
)
REVEALS_A_DAY = _read(
    "REVEALS_A_DAY",
    env.int,
    "Set it to the phone numbers a salesperson may open a day.",
    default=60,
    fits=lambda count: count > 0,
)

RESTORED = _read(
    "RESTORED",
    env.bool,
    "Set it to true on a restored copy, so that no message leaves it; else leave it out.",
    default=False,
)
if RESTORED:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
# Where tests have the messages of group robots go instead; a real installation has none.
ROBOT_GATEWAYS: dict[str, str] = {}

# Whose name stands under a greeting (FUP-12); without it the store's own.
COMPANY_NAME = _read(
    "COMPANY_NAME",
    env.str,
    "Give the name that customers know the company by, at most 40 characters.",
    default="",
    fits=lambda name: len(name) <= 40,
)

LEADS_DROP_DIR = _read(
    "LEADS_DROP_DIR",
    env.str,
    "Name a directory that exists, with a directory in it for each source of leads.",
    default="",
    fits=lambda path: not path or Path(path).is_dir(),
)

COMPILED_DIR = BASE_DIR / _read(
    "COMPILED_DIR", env.str, "Name a directory that workers may write.", default="var/numba"
)

LOG_LEVEL = _read(
    "LOG_LEVEL",
    env.str,
    "One of DEBUG, INFO, WARNING, ERROR.",
    default="INFO",
    fits=lambda level: level in settings_rules.LOG_LEVELS,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "structlog.stdlib.ProcessorFormatter", "processor": "ext://crm.logs.render"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "axes": {"level": "WARNING"},
        "django_structlog": {"level": "WARNING"},
        # It names each address it asks, and that of a group robot is a secret.
        "httpx": {"level": "WARNING"},
    },
}

env.seal()
