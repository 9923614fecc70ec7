"""What is shipped to deploy: valid by its schemas, and true to the program that it starts."""

import http.client
import re
import shlex
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from qa.address import Address
from qa.page import health
from qa.page.options import parsed

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "qa" / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
RESOURCES = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
HAPROXY = (DEPLOY / "haproxy.cfg").read_text()
SECRETS = re.compile(r"password|secret|token|key$", re.IGNORECASE)


def resource(kind):
    (found,) = [each for each in RESOURCES if each["kind"] == kind]
    return found


def pod():
    return resource("Deployment")["spec"]["template"]


def container():
    (found,) = pod()["spec"]["containers"]
    return found


def commands():
    """Every way the page is started: of the image, by compose, by Kubernetes."""
    (by_image,) = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    return {
        "Dockerfile": yaml.safe_load(by_image),
        "compose": COMPOSE["services"]["page"]["command"],
        "kubernetes": container()["command"] + container()["args"],
    }


def served_paths():
    return {route.path for route in health.routes(_Desk, waiting=int, auth=None)}


class _Desk:
    answerer = archive = None


def test_compose_is_valid_by_its_specification():
    jsonschema = pytest.importorskip("jsonschema")
    schemas = pytest.importorskip("check_jsonschema.builtin_schemas", reason="check-jsonschema is missing")
    jsonschema.Draft7Validator(schemas.get_builtin_schema("vendor.compose-spec")).validate(COMPOSE)


@pytest.mark.parametrize("found", RESOURCES, ids=lambda each: each["kind"])
def test_each_resource_is_valid_by_kubernetes_schema(found):
    kubernetes = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is missing")
    kubernetes.validate(found, kubernetes.latest_version(), strict=True)


@pytest.mark.parametrize("where", ["Dockerfile", "compose", "kubernetes"])
def test_the_program_takes_the_options_that_it_is_started_with(where):
    python, program, *arguments = commands()[where]
    assert (python, program) == ("python", "app.py")
    options = parsed(arguments)
    assert options.read_only
    assert not options.local, "a proxy must reach it"
    assert options.port == 7860
    if where != "Dockerfile":
        address = Address.parse(options.archive)
        assert str(address.truth).startswith("postgresql://")
        assert address.search == "http://milvus:19530"


def test_probes_ask_for_paths_that_are_served_at_the_port_that_is_listened_at():
    told = container()
    (port,) = told["ports"]
    assert port == {"name": "http", "containerPort": 7860}
    probes = {name: told[f"{name}Probe"] for name in ("startup", "readiness", "liveness")}
    assert {name: each["httpGet"]["path"] for name, each in probes.items()} == {
        "startup": "/readyz",
        "readiness": "/readyz",
        "liveness": "/healthz",
    }
    for each in probes.values():
        assert each["httpGet"]["path"] in served_paths()
        assert each["httpGet"]["port"] == "http"
        assert each["timeoutSeconds"] > health.PATIENCE, "the reason is told before the probe gives up"
    scraped = pod()["metadata"]["annotations"]
    assert scraped["prometheus.io/path"] in served_paths()
    assert scraped["prometheus.io/port"] == "7860"
    (published,) = resource("Service")["spec"]["ports"]
    assert published["targetPort"] == "http"
    assert resource("Service")["spec"]["sessionAffinity"] == "ClientIP"


def test_labels_select_the_pods():
    labels = pod()["metadata"]["labels"]
    assert resource("Service")["spec"]["selector"] == labels
    for kind in ("Deployment", "PodDisruptionBudget"):
        assert resource(kind)["spec"]["selector"]["matchLabels"] == labels


def test_compose_checks_and_proxies_what_is_served():
    page = COMPOSE["services"]["page"]
    assert "http://127.0.0.1:7860/readyz" in page["healthcheck"]["test"][-1]
    compile(page["healthcheck"]["test"][-1], "healthcheck", "exec")
    assert re.search(r"^\s+server-template \S+ \d+ page:7860$", HAPROXY, re.MULTILINE)
    (bound,) = re.findall(r"bind :(\d+)", HAPROXY)
    assert [each.split(":")[1] for each in COMPOSE["services"]["proxy"]["ports"]] == [bound]
    (denied,) = re.findall(r"http-request deny .*\{ path,url_dec -m str (.+) \}", HAPROXY)
    assert set(denied.split()) == served_paths(), "not for those outside"
    assert "option httpchk GET /readyz" in HAPROXY
    assert "cookie ONRECORD insert" in HAPROXY
    assert "balance source" in HAPROXY
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", ())) <= set(COMPOSE["services"])


def test_images_are_pinned_by_tag():
    images = [service["image"] for service in COMPOSE["services"].values()]
    images += [container()["image"], *re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)]
    assert [image for image in images if not re.fullmatch(r"[\w./-]+:v?[\w.-]*\d[\w.-]*", image)] == []


def test_no_secret_is_written_down():
    for name, service in COMPOSE["services"].items():
        for variable, value in service.get("environment", {}).items():
            if SECRETS.search(variable) and not variable.endswith("_ID"):
                assert re.fullmatch(r"(root:)?\$\{\w+:\?[\w ]+\}", value), f"{name} {variable}"
    for variable in container()["env"]:
        assert "value" not in variable
        assert variable["valueFrom"]["secretKeyRef"]["name"] == "onrecord"
    assert {each["name"] for each in container()["env"]} == {"PGPASSWORD", "MILVUS_TOKEN"}
    assert not [each for each in RESOURCES if each["kind"] == "Secret"]


def test_the_image_holds_what_it_copies_and_runs_as_nobody_in_particular():
    copied = re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE)
    sources = [source for line in copied for source in shlex.split(line)[:-1]]
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert {line[1:] for line in ignored if line.startswith("!")} == set(sources)
    (user,) = re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE)
    assert int(user) == pod()["spec"]["securityContext"]["runAsUser"]
    pinned = (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-scale.txt").read_text()
    assert [line for line in pinned.splitlines() if line and not re.match(r"#|\S+==\S+$", line)] == []


@pytest.fixture
def haproxy():
    found = shutil.which("haproxy")
    if found is None:
        pytest.skip("haproxy is missing: apt-get install haproxy")
    return found


def test_haproxy_takes_its_configuration(haproxy):
    done = subprocess.run(
        [haproxy, "-c", "-f", DEPLOY / "haproxy.cfg"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_proxy_keeps_health_and_metrics_to_those_inside_and_questions_out_of_its_log(haproxy, tmp_path):
    """Nothing is behind it here, so whatever it lets pass gets 503."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = tmp_path / "haproxy.cfg"
    own.write_text(HAPROXY.replace("bind :8080", f"bind 127.0.0.1:{port}"))
    asked = {
        "/?q=secret+gull&k=3": 503,
        "/ask/%3Fq=x?q=secret%20gull": 503,
        **dict.fromkeys(served_paths(), 404),
        "/%6detrics": 404,
        "/%72e%61dyz?x=1": 404,
    }
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen([haproxy, "-f", own], stdout=log, stderr=subprocess.DEVNULL)
    try:
        assert {target: status(port, target) for target in asked} == asked
    finally:
        running.terminate()
        running.wait(20)
    told = (tmp_path / "log").read_text()
    assert " GET / HTTP/1.1" in told
    assert " GET /%6detrics HTTP/1.1" in told
    assert "gull" not in told


def status(port, target):
    ends = time.monotonic() + 20
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", target)
            return connection.getresponse().status
        except ConnectionRefusedError:
            assert time.monotonic() < ends, "it did not start"
            time.sleep(0.05)
        finally:
            connection.close()
