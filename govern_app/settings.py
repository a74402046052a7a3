"""Settings of the whole project: one file, typed, read from the environment.

Every variable starts with ``GOVERN_`` and is listed in ``docs/settings.md``. A secret may be given as a file:
``GOVERN_SECRET_KEY_FILE=/run/secrets/key`` instead of ``GOVERN_SECRET_KEY``.
"""

from pathlib import Path

import environs
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from assessments.common.named import named_places
from govern_app.secrets import development_secret

env = environs.FileAwareEnv(prefix="GOVERN_")

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(env.str("HOME", str(BASE_DIR / "var"))).expanduser().resolve()
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)  # personal data and keys lie in it

ENVIRONMENT = env.str("ENVIRONMENT", "development", validate=environs.validate.OneOf(["development", "production"]))
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("GOVERN_DEBUG must be off when GOVERN_ENVIRONMENT=production.")
    if len(SECRET_KEY) < 40 or SECRET_KEY.startswith("development-"):
        raise ImproperlyConfigured(
            "GOVERN_SECRET_KEY must hold at least 40 random characters when GOVERN_ENVIRONMENT=production; "
            "make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("GOVERN_ALLOWED_HOSTS must name the host names that Govern answers to.")
SECRET_KEY = SECRET_KEY or development_secret(HOME)

INSTALLED_APPS = [
    "govern_app.panel.PanelConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "govern_app",
    "assessments.common",
    "assessments.accounts",
    "assessments.jobs",
    "assessments.datasets",
    "assessments.quality",
    "assessments.checklists",
    "assessments.recommenders",
    "assessments.scoring",
    "assessments.remediation",
    "assessments.dashboards",
    "assessments.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "assessments.accounts.bodies.BodyLimitMiddleware",  # before the CSRF check, which reads the body
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "assessments.common.middleware.ContentSecurityPolicyMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "assessments.accounts.middleware.OrganisationMiddleware",
    "assessments.dashboards.middleware.ProblemPageMiddleware",
]

ROOT_URLCONF = "govern_app.urls"
WSGI_APPLICATION = "govern_app.wsgi.application"
ASGI_APPLICATION = "govern_app.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "assessments.accounts.context_processors.membership",
                "assessments.dashboards.context_processors.frame",
            ],
        },
    },
]

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{HOME / 'govern.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Immediate transactions take the write lock at their start, so two writers wait for each other instead
    # of failing when a read lock cannot be raised; WAL lets readers go on meanwhile.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": env.int("SQLITE_TIMEOUT", 30),
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "sign-in"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "govern_app.formats"
TIME_ZONE = env.str("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_TEMP_DIR = HOME / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION and env.bool("HTTPS", True)
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("HTTPS", True)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CELERY_BROKER_URL = env.str("BROKER_URL", f"sqla+sqlite:///{HOME / 'broker.sqlite3'}?timeout=30")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ALWAYS_EAGER = False
# A look that no worker was free for is not worth a second one.
CELERY_BEAT_SCHEDULE = {
    "reap-jobs": {"task": "jobs.reap", "schedule": 10.0, "options": {"expires": 10.0}},
    "make-rounds": {"task": "jobs.round", "schedule": 15.0, "options": {"expires": 15.0}},
}
# A process that grew is replaced when its job is done: Python gives little memory back.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600 * 1024

JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 30)
JOB_HEARTBEAT_SECONDS = env.float("JOB_HEARTBEAT_SECONDS", 5.0)
JOB_MAX_ATTEMPTS = env.int("JOB_MAX_ATTEMPTS", 3)

DATASET_MAX_ROWS = env.int("DATASET_MAX_ROWS", 200_000_000)
DATASET_MAX_COLUMNS = env.int("DATASET_MAX_COLUMNS", 10_000)
DATASET_MAX_BYTES = env.int("DATASET_MAX_BYTES", 20 * 2**30)
# The demonstration's files can be read again from its pages.
_LOCAL_PATHS = env.list("DATASET_LOCAL_PATHS", [] if PRODUCTION else [str(HOME / "demo")])
DATASET_LOCAL_PATHS = [Path(path).resolve() for path in _LOCAL_PATHS]
DATASET_PRIVATE_HOSTS: list[str] = env.list("DATASET_PRIVATE_HOSTS", [])

# Places that only the operator names: people choose among the names and never see or write an address.
CONNECTIONS = named_places(
    env.str("CONNECTIONS", ""), setting="GOVERN_CONNECTIONS", schemes=("postgresql", "postgres", "spark")
)
OBJECT_STORES = named_places(env.str("OBJECT_STORES", ""), setting="GOVERN_OBJECT_STORES", schemes=("s3",))

SCAN_MEMORY = env.str("SCAN_MEMORY", "2GiB")
SCAN_THREADS = env.int("SCAN_THREADS", 2)
SCAN_TIMEOUT_SECONDS = env.int("SCAN_TIMEOUT_SECONDS", 3600)
TRAINING_TIMEOUT_SECONDS = env.int("TRAINING_TIMEOUT_SECONDS", 86_400)

# What pseudonyms are made with; GOVERN_SECRET_KEY when empty. Who changes it changes every pseudonym made from then on.
PSEUDONYM_KEY = env.str("PSEUDONYM_KEY", "")
# The sum of epsilon that all counts published of one dataset may cost.
PRIVACY_BUDGET = env.float("PRIVACY_BUDGET", 3.0)

# Where people reach the pages, for links in messages: https://govern.example.com
PUBLIC_URL = env.str("PUBLIC_URL", "").rstrip("/")
# smtp://user:password@host:587/?tls=true and the like; empty: no e-mail is sent.
EMAIL_SENT = bool(env.str("EMAIL_URL", ""))
_EMAIL = env.dj_email_url("EMAIL_URL", "dummymail://")
EMAIL_BACKEND = _EMAIL.get("EMAIL_BACKEND") or "django.core.mail.backends.dummy.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _EMAIL.get("EMAIL_HOST") or "", _EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _EMAIL.get("EMAIL_HOST_USER") or "", _EMAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _EMAIL.get("EMAIL_USE_TLS", False), _EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "govern@localhost")

ENCODER_MODEL = env.str("ENCODER_MODEL", "")
VECTOR_CACHE = env.str("VECTOR_CACHE", str(HOME / "vectors"))

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "assessments.api.authentication.TokenAuthentication",
        "assessments.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["assessments.api.permissions.HasCapability"],
    "DEFAULT_PAGINATION_CLASS": "assessments.api.pagination.Pagination",
    "DEFAULT_FILTER_BACKENDS": ["assessments.api.filters.Filters"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["assessments.api.parsers.JsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "assessments.api.problems.problem_details",
    "DEFAULT_THROTTLE_RATES": {"sign-in": "10/minute", "heavy": "60/minute"},
    # Only a proxy that we run may say who is asking; otherwise anybody could, in a header.
    "NUM_PROXIES": 1 if env.bool("BEHIND_PROXY", False) else 0,
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Govern",
    "VERSION": "1",
    "DESCRIPTION": _("Datasets, quality, recommenders, checklists and assessments, with their evidence."),
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "JobState": "assessments.jobs.models.Job.State",
        "QualityRunState": "assessments.quality.models.QualityRun.State",
        "FindingKind": "assessments.quality.models.Finding.Kind",
        "ChannelKind": "assessments.quality.models.Channel.Kind",
        "FindingState": "assessments.quality.models.Finding.State",
        "RepairState": "assessments.quality.models.RepairRun.State",
        "AssessmentState": "assessments.scoring.models.Assessment.State",
        "DatasetKind": "assessments.datasets.models.Dataset.Kind",
        "EvidenceKind": "assessments.checklists.models.Evidence.Kind",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
}
