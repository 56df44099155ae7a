"""config/kubernetes: valid by the schemas of Kubernetes and KEDA, and in agreement with the code and itself."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from agents.contracts import fingerprint, load_contracts
from agents.notify.routes import load as load_routes
from agents.pseudonyms import Pseudonyms
from agents.settings import settings_from
from agents.source import CHANNELS
from tests.parts.presence import ROOT

FOLDER = ROOT / "config/kubernetes"
SCHEMAS = ROOT / "tests/data/kubernetes"
DOCKERFILE = (ROOT / "Dockerfile").read_text()

#: Kinds, and their names in Kubernetes' definitions.
DEFINITIONS = {
    "ConfigMap": "core.v1.ConfigMap",
    "Deployment": "apps.v1.Deployment",
    "NetworkPolicy": "networking.v1.NetworkPolicy",
    "PodDisruptionBudget": "policy.v1.PodDisruptionBudget",
    "Service": "core.v1.Service",
    "ServiceAccount": "core.v1.ServiceAccount",
}


def _yaml(path: str) -> Any:
    return YAML(typ="safe").load(FOLDER / path)


MANIFESTS = sorted(
    f"{folder}/{file}"
    for folder in ("base", "scaling")
    for file in _yaml(f"{folder}/kustomization.yaml")["resources"]
)
DEPLOYMENT = _yaml("base/worker.yaml")
POD = DEPLOYMENT["spec"]["template"]["spec"]
(CONTAINER,) = POD["containers"]
SCALED = _yaml("scaling/worker.yaml")
SETTINGS: dict[str, str] = _yaml("base/settings.yaml")["data"]
LABELS = {"app.kubernetes.io/name": "worker"}


def _closed(described: Any) -> Any:
    """KEDA's schema lets unknown keys pass, which its server then forgets."""
    if isinstance(described, list):
        return [_closed(one) for one in described]
    if not isinstance(described, dict):
        return described
    closed = {name: _closed(one) for name, one in described.items()}
    if isinstance(closed.get("properties"), dict) and closed.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed


def mistakes(manifest: dict[str, Any]) -> list[str]:
    """What the schema of its kind finds."""
    if manifest["kind"] == "ScaledObject":
        schema = _closed(json.loads((SCHEMAS / "scaledobject.json").read_text()))
        schema["properties"]["metadata"] = {"type": "object"}
    else:
        schema = json.loads((SCHEMAS / "kubernetes.json").read_text())
        schema["$ref"] = f"#/$defs/io.k8s.api.{DEFINITIONS[manifest['kind']]}"
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(manifest)]


@pytest.mark.parametrize("path", MANIFESTS)
def test_a_manifest_is_valid(path: str) -> None:
    assert mistakes(_yaml(path)) == []


@pytest.mark.parametrize(
    ("path", "place", "wrong"),
    [
        ("base/worker.yaml", ("spec", "template", "spec", "containers", 0), "readynessProbe"),
        ("base/disruption-budget.yaml", ("spec",), "maxUnavailabel"),
        ("base/network-policy.yaml", ("spec",), "ingres"),
        ("scaling/worker.yaml", ("spec",), "maxReplicas"),
        ("scaling/worker.yaml", ("spec", "triggers", 0), "metdata"),
    ],
)
def test_a_misspelt_key_is_found(path: str, place: tuple[str | int, ...], wrong: str) -> None:
    manifest = part = _yaml(path)
    for key in place:
        part = part[key]
    part[wrong] = {}
    assert any(f"'{wrong}'" in mistake for mistake in mistakes(manifest))


@pytest.mark.parametrize("folder", ["base", "scaling", "example"])
def test_every_file_is_put_to_use(folder: str) -> None:
    kustomization = _yaml(f"{folder}/kustomization.yaml")
    generated = [file for one in kustomization.get("configMapGenerator", []) for file in one["files"]]
    used = [*kustomization["resources"], *kustomization.get("components", []), *generated]
    beside = {file.name for file in (FOLDER / folder).iterdir()} - {"kustomization.yaml"}
    assert {one for one in used if not one.startswith("..")} == beside
    assert [one for one in used if not (FOLDER / folder / one).exists()] == []


def _selectors() -> Iterator[dict[str, str]]:
    yield DEPLOYMENT["spec"]["selector"]["matchLabels"]
    yield DEPLOYMENT["spec"]["template"]["metadata"]["labels"]
    yield POD["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"]
    yield _yaml("base/service.yaml")["spec"]["selector"]
    yield _yaml("base/disruption-budget.yaml")["spec"]["selector"]["matchLabels"]
    yield _yaml("base/network-policy.yaml")["spec"]["podSelector"]["matchLabels"]


def test_all_mean_the_same_workers() -> None:
    assert list(_selectors()) == [LABELS] * 6


def test_the_settings_can_be_used() -> None:
    settings = settings_from(SETTINGS)
    assert SETTINGS.keys() <= {f"SLA_{name.upper()}" for name in type(settings).model_fields}
    mounted = {mount["mountPath"] for mount in CONTAINER["volumeMounts"]}
    assert settings.notify is not None
    assert settings.customer_keys is not None
    assert {str(one) for one in (settings.contracts, settings.notify.parent, settings.customer_keys)} <= mounted


def test_what_is_mounted_is_there() -> None:
    volumes = {volume["name"]: volume for volume in POD["volumes"]}
    assert {mount["name"] for mount in CONTAINER["volumeMounts"]} == volumes.keys()
    generated = {one["name"] for one in _yaml("example/kustomization.yaml")["configMapGenerator"]}
    assert {one["configMap"]["name"] for one in volumes.values() if "configMap" in one} == generated
    assert CONTAINER["envFrom"][0]["configMapRef"]["name"] == _yaml("base/settings.yaml")["metadata"]["name"]


def test_all_speak_of_one_port() -> None:
    (port,) = CONTAINER["ports"]
    assert str(port["containerPort"]) == SETTINGS["SLA_HTTP_PORT"]
    assert f"EXPOSE {port['containerPort']}\n" in DOCKERFILE
    (served,) = _yaml("base/service.yaml")["spec"]["ports"]
    assert (served["port"], served["targetPort"]) == (port["containerPort"], port["name"])
    (allowed,) = _yaml("base/network-policy.yaml")["spec"]["ingress"][0]["ports"]
    assert allowed["port"] == port["name"]
    (job,) = YAML(typ="safe").load(ROOT / "config/prometheus/prometheus.yml")["scrape_configs"]
    (discovery,) = job["dns_sd_configs"]
    assert discovery["names"] == [_yaml("base/service.yaml")["metadata"]["name"]]
    assert discovery["port"] == port["containerPort"]


@pytest.mark.parametrize(
    ("probe", "path"), [("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")]
)
def test_a_probe_asks_what_it_should(probe: str, path: str) -> None:
    assert CONTAINER[probe]["httpGet"] == {"path": path, "port": "http"}
    assert f"`{path}`" in (ROOT / "docs/operating.md").read_text()


def test_a_worker_may_recover_for_an_hour_before_it_is_taken_for_dead() -> None:
    probe = CONTAINER["startupProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] == 3600


def test_a_worker_is_confined() -> None:
    user, group = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)[0]
    security = POD["securityContext"]
    assert security["runAsNonRoot"] is True
    assert (security["runAsUser"], security["runAsGroup"], security["fsGroup"]) == (
        int(user),
        int(group),
        int(group),
    )
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert CONTAINER["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert POD["automountServiceAccountToken"] is False
    assert _yaml("base/service-account.yaml")["metadata"]["name"] == POD["serviceAccountName"]


def test_keda_looks_at_the_lag_of_what_the_workers_count() -> None:
    triggers = [trigger["metadata"] for trigger in SCALED["spec"]["triggers"]]
    assert {trigger["type"] for trigger in SCALED["spec"]["triggers"]} == {"kafka"}
    assert {one["topic"] for one in triggers} == set(CHANNELS)
    assert {one["consumerGroup"] for one in triggers} == {SETTINGS["SLA_APP_ID"]}
    assert {one["bootstrapServers"] for one in triggers} == {SETTINGS["SLA_KAFKA"]}
    # Kafka's own names of it; anything else would be taken for the default.
    assert all(one.keys() <= _KAFKA_TRIGGER for one in triggers)


_KAFKA_TRIGGER = {"bootstrapServers", "consumerGroup", "topic", "lagThreshold", "offsetResetPolicy"}


def test_there_are_never_more_workers_than_partitions_nor_only_one() -> None:
    spec = SCALED["spec"]
    assert spec["scaleTargetRef"]["name"] == DEPLOYMENT["metadata"]["name"]
    assert spec["maxReplicaCount"] == int(SETTINGS["SLA_SOURCE_PARTITIONS"])
    assert spec["minReplicaCount"] == DEPLOYMENT["spec"]["replicas"] == 2
    assert _yaml("base/disruption-budget.yaml")["spec"]["maxUnavailable"] < spec["minReplicaCount"]


def test_the_example_holds_a_contract_and_routes_that_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    (contract,) = load_contracts(FOLDER / "example/hotline.yaml").values()
    assert contract.client == "acme"
    monkeypatch.setenv("PAGERDUTY_ROUTING_KEY", "R0123456789abcdefghijklmnopqrstu")
    (receiver,) = load_routes(FOLDER / "example/notify.yaml").receivers
    assert receiver.name == "on-call"


def _projected(home: Path, name: str, content: str) -> Path:
    """A file as Kubernetes mounts it: a link to a link to a folder that is exchanged as a whole."""
    (home / "..2026_01_01").mkdir(parents=True)
    (home / "..2026_01_01" / name).write_text(content)
    (home / "..data").symlink_to("..2026_01_01")
    (home / name).symlink_to(f"..data/{name}")
    return home


def test_contracts_are_read_as_kubernetes_mounts_them_and_a_change_is_noticed(tmp_path: Path) -> None:
    content = (FOLDER / "example/hotline.yaml").read_text()
    folder = _projected(tmp_path / "contracts", "hotline.yaml", content)
    assert list(load_contracts(folder)) == ["hotline"]
    before = fingerprint(folder)
    (folder / "..2026_01_02").mkdir()
    (folder / "..2026_01_02/hotline.yaml").write_text(content.replace("90%", "95%"))
    (folder / "..new").symlink_to("..2026_01_02")
    (folder / "..new").rename(folder / "..data")
    assert fingerprint(folder) != before


def test_keys_are_read_as_kubernetes_mounts_them(tmp_path: Path) -> None:
    keys = Pseudonyms.read(_projected(tmp_path / "keys", "acme", "k" * 32))
    assert keys.of("acme", "+33 6 12 34 56 78") is not None
