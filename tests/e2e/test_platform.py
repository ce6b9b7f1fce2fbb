"""The whole platform over real ports: what somebody sees who has just started it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from local.ports import is_free
from local.settings import ROOT, SERVICES

pytestmark = [pytest.mark.platform, pytest.mark.timeout(240)]

PRODUCTS = (
    "query GetProducts($limit: Int!) { products(limit: $limit) "
    "{ id name price description category inStock } }"
)
CREATE_ORDER = (
    "mutation CreateOrder($input: CreateOrderInput!) { createOrder(input: $input) "
    "{ id status totalAmount items { productId quantity price } } }"
)
LOGIN = (
    "mutation Login($input: LoginInput!) { login(input: $input) "
    "{ accessToken userErrors { code } } }"
)
RESTART_SECONDS = 40.0


@dataclass(frozen=True)
class Platform:
    """A running platform of this test run's own."""

    environment: dict[str, str]
    address: str

    def local(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run `python -m local ...`."""
        return subprocess.run(
            [sys.executable, "-m", "local", *command],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """A JSON page."""
        answer = httpx.get(f"{self.address}{path}", timeout=15)
        return answer.status_code, answer.json()

    def send(self, query: str, token: str = "", **variables: object) -> dict[str, Any]:
        """An operation."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables}
        answer = httpx.post(f"{self.address}/graphql", json=body, headers=headers, timeout=15)
        loaded: dict[str, Any] = answer.json()
        return loaded


def free_block(size: int, start: int) -> int:
    """The first of `size` free ports in a row."""
    for first in range(start, 30_000, size):
        if all(is_free(first + offset) for offset in range(size)):
            return first
    raise OSError("no free ports")


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    start = 20_000 + os.getpid() % 5_000
    router = free_block(1, start)
    graphql = free_block(5, router + 1)
    grpc = free_block(5, graphql + 5)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.endswith("_URL")},
        "PLATFORM_DATA": str(tmp_path_factory.mktemp("platform")),
        "ROUTER_PORT": str(router),
        "GRAPHQL_PORTS": str(graphql),
        "GRPC_PORTS": str(grpc),
        "POSTGRES_PORT": str(free_block(1, grpc + 5)),
        "REDIS_PORT": str(free_block(1, grpc + 6)),
        "SEED_SIZE": "100",
    }
    running = Platform(environment, f"http://127.0.0.1:{router}")
    try:
        started = running.local("up", "--detach")
        assert started.returncode == 0, started.stderr
        yield running
    finally:
        stopped = running.local("down", "--wipe")
        assert stopped.returncode == 0, stopped.stderr
        assert not Path(environment["PLATFORM_DATA"]).exists()


def orderable(platform: Platform) -> str:
    """The id of a product that can be ordered as it is."""
    query = "{ products(limit: 100) { id inStock variants { id } } }"
    for product in platform.send(query)["data"]["products"]:
        if product["inStock"] and len(product["variants"]) == 1:
            return str(product["id"])
    raise AssertionError("no product has one variant and stock")


def test_products_come_with_prices_of_catalog_and_stock_of_inventory(platform: Platform) -> None:
    answer = platform.send(PRODUCTS, limit=50)
    assert "errors" not in answer
    products = answer["data"]["products"]
    assert len(products) == 50
    assert {type(product["inStock"]) for product in products} == {bool}
    assert all("." in product["price"] for product in products)


def test_a_guest_orders_with_nothing_but_items_and_an_address(platform: Platform) -> None:
    product = orderable(platform)
    items = [{"productId": product, "quantity": 2}]
    answer = platform.send(
        CREATE_ORDER, input={"items": items, "contactEmail": "guest@example.com"}
    )
    assert "errors" not in answer, answer
    order = answer["data"]["createOrder"]
    assert order["status"] == "CONFIRMED"
    (line,) = order["items"]
    assert (line["productId"], line["quantity"]) == (product, 2)


def test_an_unknown_product_is_refused_by_name(platform: Platform) -> None:
    unknown = "prd_" + "0" * 12 + "7" + "0" * 3 + "8" + "0" * 15
    items = [{"productId": unknown, "quantity": 1}]
    answer = platform.send(CREATE_ORDER, input={"items": items, "contactEmail": "a@example.com"})
    assert answer["data"]["createOrder"] is None
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert unknown in error["message"]


def test_a_demo_account_signs_in_and_sees_itself(platform: Platform) -> None:
    login = {"email": "customer@demo.shop", "password": "demo-password"}
    token = platform.send(LOGIN, input=login)["data"]["login"]["accessToken"]
    answer = platform.send("{ me { email roles } }", token)
    assert answer["data"]["me"] == {"email": "customer@demo.shop", "roles": ["CUSTOMER"]}


def test_health_tells_the_state_of_each_part(platform: Platform) -> None:
    status, body = platform.get("/health")
    assert status == 200
    assert set(SERVICES) <= body["checks"].keys() | body["checks"].get("subgraphs", {}).keys()
    shown = platform.local("status")
    assert shown.returncode == 0, shown.stdout


def test_a_killed_subgraph_costs_its_own_fields_and_comes_back(platform: Platform) -> None:
    data = platform.environment["PLATFORM_DATA"]
    launcher = json.loads((Path(data) / "launcher.json").read_text())
    inventory = next(
        child
        for child in psutil.Process(launcher["pid"]).children()
        if "subgraphs.inventory" in " ".join(child.cmdline())
    )
    inventory.kill()
    answer = platform.send("{ products(limit: 1) { id availability } }")
    assert answer["data"] is None or answer["data"]["products"][0].get("availability") is None
    assert "inventory" in json.dumps(answer["errors"])
    names = platform.send("{ products(limit: 1) { name } }")
    assert names["data"]["products"][0]["name"]
    deadline = time.monotonic() + RESTART_SECONDS
    while time.monotonic() < deadline:
        if "errors" not in platform.send("{ products(limit: 1) { inStock } }"):
            return
        time.sleep(0.3)
    raise AssertionError("inventory was not started again")


def test_a_second_platform_is_refused_with_who_is_in_the_way(platform: Platform) -> None:
    second = platform.local("up", "--detach")
    assert second.returncode == 1
    assert "running already" in second.stderr
