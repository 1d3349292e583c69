"""Django settings of Anxin. Everything a site may change comes from the environment (docs/guides/operations.md)."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from anxin.config import embedded, exchange, memory, postbox, secrets_store
from anxin.config.home import folder, home
from anxin.kernel import vault

memory.settle()
PACKAGE = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

# --- The instance -----------------------------------------------------------------------------------------------------
ANXIN_HOME = home()
DEBUG = os.environ.get("ANXIN_DEBUG") == "1"
# A demo instance has log-ins with known passwords and sample customers; everything else refuses both.
DEMO = os.environ.get("ANXIN_DEMO") == "1"
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [host for host in os.environ.get("ANXIN_HOSTS", "").split(",") if host] or LOCAL_HOSTS
if (DEBUG or DEMO) and not set(ALLOWED_HOSTS) <= {*LOCAL_HOSTS, "testserver"}:
    raise ImproperlyConfigured("ANXIN_DEBUG and ANXIN_DEMO are refused together with a public host in ANXIN_HOSTS.")
# Plain http is for an instance that only this machine can reach.
SECURE = os.environ.get("ANXIN_INSECURE_HTTP") != "1" and not set(ALLOWED_HOSTS) <= {*LOCAL_HOSTS, "testserver"}
SECRET_KEY = secrets_store.signing_key()
vault.install(secrets_store.key_ring(), secrets_store.fresh_ring)

# --- Applications -----------------------------------------------------------------------------------------------------
ROOMS = [
    "anxin.foundation.audit",
    "anxin.foundation.privacy",
    "anxin.foundation.schemes",
    "anxin.foundation.documents",
    "anxin.foundation.channels",
    "anxin.foundation.accounts",
    "anxin.foundation.org",
    "anxin.foundation.jobs",
    "anxin.foundation.notices",
    "anxin.foundation.intake",
    "anxin.foundation.approvals",
    "anxin.book.customers",
    "anxin.book.rights",
    "anxin.book.diligence",
    "anxin.book.matching",
    "anxin.book.portfolio",
    "anxin.book.households",
    "anxin.book.upkeep",
    "anxin.book.segments",
    "anxin.service.worklist",
    "anxin.service.knowledge",
    "anxin.service.managers",
    "anxin.service.desk",
    "anxin.service.callbacks",
    "anxin.service.complaints",
    "anxin.engagement.renewals",
    "anxin.faces.workspace",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "django_htmx",
    "anxin.kernel.web",
    *ROOMS,
]
MIDDLEWARE = [
    "anxin.config.middleware.DatabaseOutage",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "anxin.kernel.web.csp.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "anxin.config.middleware.SignedInActor",
    "anxin.config.api_caller.ApiCaller",
    "anxin.config.middleware.Language",
    "anxin.config.middleware.HistoryContext",
    "anxin.config.middleware.UnfitValue",
]
# Events between rooms are delivered by the worker.
PROCRASTINATE_ON_APP_READY = "anxin.kernel.outbox.connect"
ROOT_URLCONF = "anxin.config.urls"
WSGI_APPLICATION = "anxin.config.wsgi.application"
FORM_RENDERER = "anxin.kernel.web.controls.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before those of allauth, which stands higher in INSTALLED_APPS.
        "DIRS": [PACKAGE / "foundation" / "accounts" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "anxin.config.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "anxin.kernel.web.templatetags.ui",
                "anxin.kernel.web.templatetags.parts",
            ],
        },
    }
]

# --- Database ---------------------------------------------------------------------------------------------------------


def _database() -> dict[str, object]:
    # `kernel.statements` has what is asked all day planned once for a connection. Starting parallel workers takes more
    # time than a page has.
    options = "-c max_parallel_workers_per_gather=0"
    if os.environ.get("ANXIN_PROCESS") == "worker":
        # The queue keeps transactions of its own: a worker stopped inside one would hold up all the others.
        options += " -c idle_in_transaction_session_timeout=60000"
    settled: dict[str, object] = {"prepare_threshold": 5, "options": options}
    common: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        # Requests look for themselves (`config.middleware`), without a query.
        "CONN_HEALTH_CHECKS": os.environ.get("ANXIN_PROCESS") != "web",
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"application_name": "anxin", **settled},
    }
    url = os.environ.get("DATABASE_URL")
    if not url:
        return common | {
            "NAME": embedded.DATABASE,
            "USER": embedded.SUPERUSER,
            "HOST": str(embedded.socket_folder()),
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://.")
    query = dict(parse_qsl(parts.query))
    return common | {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # `?prepare=off` for a pooler that gives every transaction another connection.
        "OPTIONS": {"application_name": "anxin", **({} if query.pop("prepare", "") == "off" else settled), **query},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all processes: it holds the used one-time codes and the counters of wrong passwords, and must not be crowded
# out by them (Django keeps 300 entries unless told otherwise). `accounts.tasks` drops what has expired.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "anxin_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Signing in -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "anxin.foundation.accounts.forms.VariedPassword"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "anxin.config.signin.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "anxin.config.signin.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# How many proxies of one's own stand before the product. 0: X-Forwarded-For is what anybody may write there.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("ANXIN_TRUSTED_PROXIES", "0"))
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Locks one account after ten wrong passwords in five minutes; never an address, behind which a whole call centre sits.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "10/5m/key",
    "reset_password": "120/m/ip,5/m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Anxin"
MFA_ADAPTER = "anxin.config.signin.SecondFactorAdapter"
MFA_PASSKEY_LOGIN_ENABLED = False
# Our own middleware notes once a minute that a session is in use; allauth would write with every request.
USERSESSIONS_TRACK_ACTIVITY = False
# Staff must have a second factor. A demo on one's own machine may go without.
MFA_REQUIRED = os.environ.get("ANXIN_MFA_REQUIRED", "0" if DEMO else "1") == "1"
SESSION_ENGINE = "anxin.config.sessions"
SESSION_IDLE = timedelta(minutes=int(os.environ.get("ANXIN_SESSION_IDLE_MINUTES", "30")))
SESSION_ABSOLUTE = timedelta(hours=12)
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE.total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
if SECURE:
    SESSION_COOKIE_NAME = "__Host-anxin-session"
    CSRF_COOKIE_NAME = "__Host-anxin-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-anxin-language"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
else:
    # Cookies are per host, not per port: two instances side by side must not sign each other out.
    SESSION_COOKIE_NAME = f"anxin-session-{os.environ.get('ANXIN_PORT', '8000')}"
    CSRF_COOKIE_NAME = f"anxin-csrf-{os.environ.get('ANXIN_PORT', '8000')}"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# --- API --------------------------------------------------------------------------------------------------------------
# Calls per minute; 0: no limit. Far above what people and nightly feeds need, far below what hurts the others.
API_CALLS_OF_TOKEN = int(os.environ.get("ANXIN_API_CALLS_OF_TOKEN", "3000"))
API_CALLS_OF_USER = int(os.environ.get("ANXIN_API_CALLS_OF_USER", "6000"))

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = folder("static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Without DEBUG the files are hashed and compressed by `anxin migrate`; tests read them where they lie.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 60 if DEBUG else 31_536_000
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = folder("uploads")
DOCUMENTS_FOLDER = folder("documents")
INBOX_FOLDER = folder("inbox")

# --- Mail -------------------------------------------------------------------------------------------------------------
# Only a demo prints mail to its window: anywhere else a printed link to set a password would stand in somebody's log.
MAIL = postbox.from_environment(is_demo=DEMO or DEBUG)
EMAIL_BACKEND = MAIL.backend
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starts_tls, MAIL.is_tls
EMAIL_TIMEOUT = 10
# Whether a forgotten password can be replaced by mail; without it the page says who helps instead.
HAS_MAIL = MAIL.is_set
DEFAULT_FROM_EMAIL = os.environ.get("ANXIN_EMAIL_FROM", "anxin@localhost")
# --- Telephone --------------------------------------------------------------------------------------------------------
# None: calls are told by the webhook only, and nothing is dialled from a page.
TELEPHONE = exchange.from_environment()

# --- What is written down ---------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"personal": {"()": "anxin.config.logs.MaskPersonalData"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["personal"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("ANXIN_LOG_LEVEL", "WARNING")},
    # Django's own handlers would write (and mail) tracebacks past the filter.
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
