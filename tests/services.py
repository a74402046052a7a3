"""Run the tests on PostgreSQL and Redis, and those of Spark: ``make test-services``.

Where they answer is said by GOVERN_TEST_DATABASE_URL and GOVERN_TEST_BROKER_URL. When one does not answer, the reason
is printed and nothing runs; with GOVERN_REQUIRE_SERVICES=1 that is a failure.
"""

import os
import subprocess
import sys

import psycopg
import redis

DATABASE = os.environ.get("GOVERN_TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
BROKER = os.environ.get("GOVERN_TEST_BROKER_URL", "redis://127.0.0.1:6379/15")


def main() -> int:
    missing = unreachable()
    if missing:
        required = os.environ.get("GOVERN_REQUIRE_SERVICES") == "1"
        sys.stderr.write(f"{'failed' if required else 'skipped'}: {missing}\n")
        return 1 if required else 0
    sys.stderr.write("testing on PostgreSQL and Redis\n")
    environment = {**os.environ, "GOVERN_DATABASE_URL": DATABASE, "GOVERN_BROKER_URL": BROKER}
    environment.setdefault("GOVERN_TEST_SPARK", "1")  # skipped with a reason where PySpark or Java is not there
    # Only tests that touch one of them (tests/touching.py); nothing in tests/ml does, and reading it loads PyTorch.
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.touching",
        "--ignore=tests/ml",
        "-n",
        "3",  # more than the processors of a small machine: the tests of workers wait more than they compute
        "--dist",
        "loadfile",
        *sys.argv[1:],
    ]
    return subprocess.run(command, env=environment, check=False).returncode


def unreachable() -> str:
    """Why one of the services cannot be used; empty when both answer."""
    try:
        psycopg.connect(DATABASE.replace("postgres://", "postgresql://", 1), connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return f"PostgreSQL does not answer: {error}"
    try:
        redis.Redis.from_url(BROKER, socket_connect_timeout=3).ping()
    except redis.RedisError as error:
        return f"Redis does not answer: {error}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
