"""All settings, in one file. `.env.example` lists every variable that is read here; a test compares."""

import re
import sys
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from ij8.core import env, pseudo
from ij8.embedded import address

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(env.text("IJ8_VAR", str(ROOT / "var")))

# --- what this installation is ---
DEMO = env.flag("IJ8_DEMO")
DEMO_LONG_PX = int(env.number("IJ8_DEMO_LONG_PX", 960, low=96, high=2048))
DEBUG = False
HOST = env.text("IJ8_HOST", "127.0.0.1")
PORT = int(env.number("IJ8_PORT", 8008, low=1, high=65535))
SECRET_KEY = env.secret_key() or address.secret_key(VAR)
SECRETS_KEYS = env.secrets_keys()
SITE_URL = env.text("SITE_URL", f"http://{HOST}:{PORT}").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.allowed_hosts(SITE_URL)
TRUSTED_PROXIES = env.trusted_proxies(SITE_URL)
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []

# --- services ---
_as_owner = env.text("IJ8_DB_ROLE", "app", choices=("app", "owner")) == "owner"
_database_url = (
    (env.text("DATABASE_OWNER_URL") if _as_owner else "")
    or env.text("DATABASE_URL")
    or address.database_url(owner=_as_owner)
    or "postgres://ij8@127.0.0.1:5432/ij8"
)
REDIS_URL = env.text("REDIS_URL") or address.redis_url() or "redis://127.0.0.1:6379/0"
DATABASES: dict[str, Any] = {"default": {**env.database(_database_url), "ATOMIC_REQUESTS": True, "CONN_HEALTH_CHECKS": True}}
IN_WORKER = any("celery" in part for part in sys.argv[:2])
if IN_WORKER:  # a forked pool must not inherit psycopg's pool threads: one lasting connection per thread instead
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 20, "timeout": 10}

_HURRIED = {"socket_timeout": 1, "socket_connect_timeout": 1}  # a hanging Redis must not hold up a page
CACHES = {"default": {"BACKEND": "ij8.core.cache.ForgivingRedisCache", "LOCATION": REDIS_URL, "OPTIONS": _HURRIED}}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "ij8"},
    }
}
CELERY_BROKER_URL = env.broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_DB_REUSE_MAX = 100_000
CELERY_TASK_DEFAULT_QUEUE = "remote"

# --- applications ---
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.mfa",
    "ij8.core",
    "ij8.accounts",
    "ij8.safety",
    "ij8.ai",
    "ij8.audit",
    "studio",
    "gallery",
    "tutorials",
    "classroom",
    "showcase",
    "nft",
    "ij8.embedded",
]
MIDDLEWARE = [
    "ij8.core.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ij8.accounts.middleware.MemberMiddleware",
    "ij8.accounts.locale.PersonLocaleMiddleware",
    "ij8.accounts.door.middleware.DoorMiddleware",
    "ij8.safety.refusals.RefusalMiddleware",
    "ij8.core.errors_page.ErrorPageMiddleware",
    "ij8.core.limits.PageLimitMiddleware",
]
ROOT_URLCONF = "ij8.urls"
ASGI_APPLICATION = "ij8.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- people ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["ij8.accounts.backend.Backend"]
PASSWORD_HASHERS = [
    "ij8.accounts.hashers.Argon2id",
    "ij8.accounts.hashers.Words",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/home/"
LOGOUT_REDIRECT_URL = "/sign-in/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "ij8.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are given by the school, never claimed at the door
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = True
# tries are counted by ij8.accounts.door.tries, which knows the networks of schools and works while Redis is away
ACCOUNT_RATE_LIMITS = {
    "login": "3000/m/ip",
    "login_failed": "3000/m/ip,5/5m/key",
    "request_login_code": "3000/m/ip,3/m/key",
}
MFA_ADAPTER = "ij8.accounts.door.second_step.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 s: phones' clocks go wrong
MFA_ALLOW_UNVERIFIED_EMAIL = True  # a school gave the address
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
MFA_FORMS = {
    "authenticate": "ij8.accounts.door.second_step_forms.SecondStepForm",
    "reauthenticate": "ij8.accounts.door.second_step_forms.ProveByCodeForm",
    "activate_totp": "ij8.accounts.door.second_step_forms.AddAppForm",
    "add_webauthn": "ij8.accounts.door.second_step_forms.AddPasskeyForm",
}
ACCOUNT_FORMS = {"reauthenticate": "ij8.accounts.door.second_step_forms.ProveByPasswordForm"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
GOOGLE_CLIENT_ID = env.text("GOOGLE_CLIENT_ID")
GOOGLE_CLIENT_SECRET = env.text("GOOGLE_CLIENT_SECRET")
SOCIALACCOUNT_ADAPTER = "ij8.accounts.adapter.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if GOOGLE_CLIENT_ID:
    SOCIALACCOUNT_PROVIDERS["google"] = {"APPS": [{"client_id": GOOGLE_CLIENT_ID, "secret": GOOGLE_CLIENT_SECRET, "key": ""}]}

# --- mail: by EMAIL_URL; without it every message is kept for the demo's outbox page ---
_email_url = env.text("EMAIL_URL")
EMAIL_CONNECTED = bool(_email_url)
if _email_url:
    globals().update(env.mail(_email_url))
else:
    EMAIL_BACKEND = "ij8.accounts.outbox.OutboxBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "ij8 <no-reply@localhost>")

# --- places where work runs ---
COMFYUI_URL = env.http_url("COMFYUI_URL")
# where keys of a vendor are used that have no address of their own; empty: at the vendor's
PROVIDER_URLS = {"gemini": env.http_url("GEMINI_BASE_URL"), "openai": env.http_url("OPENAI_BASE_URL")}
# the language model of each provider, in the order in which they are asked
CHAT_MODELS = {
    "gemini": env.text("GEMINI_CHAT_MODEL", "gemini-3.5-flash"),
    "openai": env.text("OPENAI_CHAT_MODEL", "gpt-5.4"),
    "minimax": env.text("MINIMAX_CHAT_MODEL", "MiniMax-M2.7"),
    "ollama": env.text("OLLAMA_CHAT_MODEL", "qwen3:14b"),
}
# how many tools one turn of talk may use, and what they may cost without a plan that the person starts
CHAT_TOOL_CALLS = int(env.number("IJ8_CHAT_TOOL_CALLS", 8, low=0, high=64))
CHAT_TURN_USD = env.number("IJ8_CHAT_TURN_USD", 0.5, low=0, high=100)
# private networks that addresses entered by platform admins may lead to; everybody else's reach public ones alone
TRUSTED_NETWORKS = env.networks("TRUSTED_NETWORKS", "127.0.0.1,::1" if DEMO else "")

# --- safety ---
WORDS = env.text("IJ8_WORDS", str(ROOT / "ij8" / "safety" / "words"))

# --- files ---
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [path for path in (ROOT / "static" / "dist",) if path.is_dir()]
MEDIA_ROOT = Path(env.text("IJ8_MEDIA", str(VAR / "media")))
_in_folder = {"BACKEND": "ij8.core.storage.AtomicFileStorage", "OPTIONS": {"location": str(MEDIA_ROOT)}}
_bucket = env.bucket()
S3_SIGNED_URLS = env.flag("S3_SIGNED_URLS")
ACCEL_PREFIX = env.text("ACCEL_PREFIX")
if S3_SIGNED_URLS and not _bucket:
    raise ImproperlyConfigured("S3_SIGNED_URLS is for works in a bucket: set S3_BUCKET too")
if ACCEL_PREFIX and (_bucket or not re.fullmatch(r"/[\w/.-]*/", ACCEL_PREFIX, re.ASCII)):
    raise ImproperlyConfigured("ACCEL_PREFIX is a path like /stored/ of the proxy in front, and for works in a folder only")
_bucket_origins = [env.origin(_bucket["endpoint_url"])] if _bucket and S3_SIGNED_URLS else []
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "ij8.core.object_storage.ObjectStorage", "OPTIONS": _bucket} if _bucket else _in_folder,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
UPLOAD_LIMIT_BYTES = int(env.number("UPLOAD_LIMIT_MB", 200, low=1, high=10_000)) * 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # a JSON body; files stream to disk and have their own limit

# --- the job engine (seconds) ---
LEASE_S = env.number("IJ8_LEASE_S", 30, low=1)
BEAT_S = env.number("IJ8_BEAT_S", 5, low=0.1)
AWAY_S = env.number("IJ8_AWAY_S", 30, low=0.1)  # a place silent for so long is away; its jobs wait uncounted
CANCEL_GRACE_S = env.number("IJ8_CANCEL_GRACE_S", 10, low=0.5)
SWEEP_S = env.number("IJ8_SWEEP_S", 1, low=0.1)
PERSON_CAP = int(env.number("IJ8_PERSON_CAP", 4, low=1, high=1000))
CPU_SLOTS = int(env.number("IJ8_CPU_SLOTS", 0, high=256))  # 0: one per core

# --- how often one may ask, per minute (ij8.core.limits); 0: as often as one likes ---
LIMITS = {
    "read": int(env.number("LIMIT_READ", 1200)),
    "media": int(env.number("LIMIT_MEDIA", 6000)),
    "write": int(env.number("LIMIT_WRITE", 240)),
    "make": int(env.number("LIMIT_MAKE", 60)),
    "visit": int(env.number("LIMIT_VISIT", 300)),
    "guess": int(env.number("LIMIT_GUESS", 20)),
    "knock": int(env.number("LIMIT_KNOCK", 10)),
}

# --- language and time ---
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("en-us", "English (US)")]
LOCALE_PATHS = [ROOT / "locale"]
PSEUDO_LOCALES = env.flag("IJ8_PSEUDO_LOCALES")
if PSEUDO_LOCALES:
    LANGUAGES += pseudo.LANGUAGES
FORMAT_MODULE_PATH = ["ij8.formats"]
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "UTC")

# --- security ---
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "ij8.core.errors_page.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^api/health/$"]  # asked from within, by http
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    # other hosts of a school's domain, and a browser's list of domains, are not ours to bind
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *_bucket_origins],
        "media-src": [SELF, "blob:", *_bucket_origins],
        "font-src": [SELF],
        "connect-src": [SELF, *_bucket_origins],
        "manifest-src": [SELF],
        "form-action": [SELF, *(["https://accounts.google.com"] if GOOGLE_CLIENT_ID else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- API ---
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "ij8.accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["ij8.core.api.IsMember"],
    "DEFAULT_THROTTLE_CLASSES": ["ij8.core.limits.ApiLimit"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["ij8.core.api.LimitedJSONParser"],
    "EXCEPTION_HANDLER": "ij8.core.api.problem",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ij8",
    "DESCRIPTION": "The API of ij8: sessions, jobs, works. Errors are problem+json with a `code`.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/",
    "POSTPROCESSING_HOOKS": ["studio.api.schema.add_problems"],
    "COMPONENT_SPLIT_PATCH": False,
}

# --- logs ---
LOG_LEVEL = env.text("LOG_LEVEL", "INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "ij8.core.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.channels.server": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},  # or each call to a place where work runs is a line
        "django.request": {"level": "ERROR"},  # ij8.request tells of every answer already
    },
}

# --- reports of errors ---
SENTRY_DSN = env.dsn()
if SENTRY_DSN:
    from ij8.core import reports

    reports.begin(SENTRY_DSN)
