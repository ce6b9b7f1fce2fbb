"""Servers that variables name: asked before anything starts, and told of in one line."""

import pytest

from local import ports
from local.given import GivenError, check_databases, check_elasticsearch, check_redis
from local.postgres import RunningPostgres


def nothing_listens() -> str:
    return f"127.0.0.1:{ports.free_port()}"


def test_a_server_that_is_there_is_called_by_name_and_version(
    postgres_server: RunningPostgres, redis_url: str
) -> None:
    called = check_databases({"DATABASE_URL_ORDER": postgres_server.admin_url})
    assert called.startswith("PostgreSQL 1")
    assert check_redis(redis_url).endswith("(from REDIS_URL)")


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    place = nothing_listens()
    with pytest.raises(GivenError) as found:
        check_databases({"DATABASE_URL_ORDER": f"postgresql://order:secret@{place}/order"})
    assert str(found.value).startswith("DATABASE_URL_ORDER: nothing usable at postgresql://")
    assert place in str(found.value)
    assert "secret" not in str(found.value)
    with pytest.raises(GivenError, match=f"REDIS_URL: nothing usable at redis://{place}"):
        check_redis(f"redis://{place}/0")
    with pytest.raises(GivenError, match=f"ELASTICSEARCH_URL: nothing usable at http://{place}"):
        check_elasticsearch(f"http://{place}")


@pytest.mark.parametrize("url", ["order", "mysql://order@host/order", "postgresql:///order"])
def test_a_database_url_of_the_wrong_form_is_told_with_the_right_one(url: str) -> None:
    with pytest.raises(GivenError, match=r"DATABASE_URL_ORDER: expected postgresql://"):
        check_databases({"DATABASE_URL_ORDER": url})


def test_a_port_that_is_no_number_is_told() -> None:
    with pytest.raises(GivenError, match=r"REDIS_URL: the port in .* is not a number"):
        check_redis("redis://localhost:none/0")
