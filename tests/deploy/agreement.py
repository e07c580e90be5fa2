#!/usr/bin/env python3
"""Checks that the files of deploy/ agree with each other and with the code, and keep what the documentation promises.

    tests/deploy/agreement.py FOLDER

FOLDER has what tests/deploy/check has made: the manifests of the overlays. Needs PyYAML. compose.yaml is read as it stands;
whether it means what it says is for Docker Compose to tell.
"""

import json
import pathlib
import re
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MADE = pathlib.Path(sys.argv[1])
# Without what comes in an overlay's own name.
OVERLAYS = ["small", "large"]
problems = []


def require(condition, sentence):
    """Remembers the sentence where the condition does not hold."""
    if not condition:
        problems.append(sentence)


def same(what, found, wanted):
    """Both are compared as sets."""
    found, wanted = set(found), set(wanted)
    require(found == wanted, f"{what}: too many {sorted(found - wanted)}, missing {sorted(wanted - found)}")


def read(path):
    """A file of the repository, as text."""
    return (ROOT / path).read_text()


def needed_capabilities():
    """What `code-runner doctor` asks for, without CAP_."""
    body = re.search(r"fn privileges\(\).*?let have", read("crates/sandbox/src/layers.rs"), re.S).group(0)
    return set(re.findall(r"CapabilitySet::([A-Z_]+)", body))


def units():
    """The settings of each unit: a name may have several values."""
    for path in sorted((ROOT / "deploy/systemd").glob("*.service")):
        settings = {}
        for line in path.read_text().splitlines():
            if "=" in line and not line.startswith("#"):
                name, value = line.split("=", 1)
                settings.setdefault(name, []).append(value)
        yield path.stem, settings


def check_seccomp():
    """Boxes may call what they are meant to, and making them takes what is named here and nothing else."""
    profile = json.loads(read("deploy/seccomp/worker.json"))
    names = [name for rule in profile["syscalls"] for name in rule["names"]]
    require(len(names) == len(set(names)), "deploy/seccomp/worker.json names a call twice")
    lines = read("crates/sandbox/seccomp/reachable.txt").splitlines()
    reachable = {line.split(" ")[0] for line in lines if line and not re.match(r"\d+ system calls|socket family", line)}
    making = (
        "chroot clone3 flock landlock_add_rule landlock_create_ruleset landlock_restrict_self mount pivot_root seccomp "
        "setdomainname sethostname setns umount2 unshare"
    ).split()
    same("deploy/seccomp/worker.json", names, reachable | set(making))
    require(all(rule["action"] == "SCMP_ACT_ALLOW" and rule["comment"] for rule in profile["syscalls"]), "a rule without comment")
    require(profile["defaultAction"] == "SCMP_ACT_ERRNO", "deploy/seccomp/worker.json allows what it does not name")
    return set(names)


def check_units(allowed):
    """Those that make boxes can do so, and nothing that a box may call is forbidden by the unit."""
    for name, settings in units():
        bounds = {word.removeprefix("CAP_") for word in settings["CapabilityBoundingSet"][0].split()}
        if name == "code-runner-api":
            same(f"{name}: capabilities", bounds, set())
            continue
        same(f"{name}: capabilities", bounds, needed_capabilities())
        require(settings["Delegate"] == ["yes"], f"{name}: cgroups are not its own")
        groups = settings["SystemCallFilter"][0]
        require(groups.startswith("~"), f"{name}: an allow-list of systemd's would reach into boxes")
        listed = subprocess.run(
            ["systemd-analyze", "syscall-filter", *groups.removeprefix("~").split()], capture_output=True, text=True, check=True
        )
        refused = {line.strip() for line in listed.stdout.splitlines() if re.fullmatch(r" +[a-z_0-9]+", line)}
        require(len(refused) > 20, f"{name}: no calls are refused")
        same(f"{name}: calls that boxes need and the unit refuses", refused & allowed, set())


def check_compose():
    """Only the API can be reached, and each service has what it needs alone."""
    compose = yaml.safe_load(read("deploy/compose.yaml"))
    services = compose["services"]
    same("compose.yaml: published", [name for name, service in services.items() if service.get("ports")], ["api"])
    same("compose.yaml: address", [port.rsplit(":", 2)[0] for port in services["api"]["ports"]], ["127.0.0.1"])
    require(compose["networks"]["store"].get("internal"), "compose.yaml: workers could reach others")
    for name, service in services.items():
        require(service["cap_drop"] == ["ALL"], f"compose.yaml: {name} keeps capabilities")
        require("no-new-privileges:true" in service["security_opt"], f"compose.yaml: {name} can get privileges")
        require(service["read_only"], f"compose.yaml: {name} can change its file tree")
        require(service["restart"] == "unless-stopped", f"compose.yaml: {name} is not started again")
        require(not service.get("privileged"), f"compose.yaml: {name} is privileged")
        for bound in ("mem_limit", "cpus", "pids_limit"):
            require(service.get(bound), f"compose.yaml: {name} has no {bound}")
        secret = [key for key in service.get("environment", {}) if re.search("TOKEN|PASSWORD|STORE", key) and not key.endswith("_FILE")]
        same(f"compose.yaml: secrets in the environment of {name}", secret, set())
    workers = {name: service for name, service in services.items() if name.startswith("worker")}
    require(len(workers) == 2, "compose.yaml: not two workers")
    for name, service in workers.items():
        same(f"compose.yaml: capabilities of {name}", service["cap_add"], needed_capabilities())
        same(f"compose.yaml: networks of {name}", service["networks"], ["store"])
        same(f"compose.yaml: secrets of {name}", service["secrets"], ["store"])
        require(any("seccomp" in option for option in service["security_opt"]), f"compose.yaml: {name} has no profile")
    require("cap_add" not in services["api"], "compose.yaml: the API has capabilities")
    return [service["environment"] for name, service in services.items() if name != "postgres"]


def check_kubernetes(overlay):
    """The same for the manifests of an overlay."""
    documents = [document for document in yaml.safe_load_all((MADE / f"{overlay}.yaml").read_text()) if document]
    found = {(document["kind"], document["metadata"]["name"]): document for document in documents}
    generated = {re.sub(r"-[a-z0-9]{10}$", "", name): document for (kind, name), document in found.items() if kind in ("ConfigMap", "Secret")}
    settings = [document["data"] for document in generated.values() if document["kind"] == "ConfigMap"]
    for part in ("api", "worker"):
        deployment = found["Deployment", part]
        pod = deployment["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        security, where = container["securityContext"], f"{overlay}: {part}"
        settings.append({entry["name"]: "" for entry in container["env"]})
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        selectors = [deployment["spec"]["selector"]["matchLabels"], found["PodDisruptionBudget", part]["spec"]["selector"]["matchLabels"]]
        if part == "api":
            selectors.append(found["Service", "api"]["spec"]["selector"])
        require(all(selector and selector.items() <= labels.items() for selector in selectors), f"{where}: selects other pods")
        require(pod["automountServiceAccountToken"] is False, f"{where}: has a token of Kubernetes")
        require(security["readOnlyRootFilesystem"], f"{where}: can change its file tree")
        same(f"{where}: capabilities dropped", security["capabilities"]["drop"], ["ALL"])
        same(f"{where}: capabilities", security["capabilities"].get("add", []), needed_capabilities() if part == "worker" else [])
        require(not security.get("privileged"), f"{where}: is privileged")
        same(f"{where}: probes", [probe for probe in container if probe.endswith("Probe")], ["livenessProbe", "readinessProbe", "startupProbe"])
        # What runs has 20 s (DRAIN of commands/serve.rs) after drain_notice_ms.
        notice = int(generated[f"{part}-settings"]["data"].get("CODE_RUNNER_DRAIN_NOTICE_MS", 500)) / 1000
        require(pod["terminationGracePeriodSeconds"] >= notice + 20 + 10, f"{where}: is killed while it finishes what runs")
        ready = container["readinessProbe"]
        require(part == "worker" or notice >= ready["periodSeconds"] * ready["failureThreshold"], f"{where}: stops before it is noticed")
        mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
        require({"/var/lib/code-runner", "/var/log/code-runner", "/tmp"} <= mounts, f"{where}: has nowhere to write")
    worker, api = found["Deployment", "worker"]["spec"]["template"]["spec"], found["Deployment", "api"]["spec"]["template"]["spec"]
    require(worker["hostUsers"] is False, f"{overlay}: root of a worker is root of the node")
    require(api["securityContext"]["runAsNonRoot"], f"{overlay}: the API runs as root")
    profile = worker["containers"][0]["securityContext"]["seccompProfile"]
    require(profile == {"type": "Localhost", "localhostProfile": "code-runner/worker.json"}, f"{overlay}: {profile}")
    require(worker["runtimeClassName"] == found["RuntimeClass", "code-runner"]["metadata"]["name"], f"{overlay}: cgroups")
    resources = worker["containers"][0]["resources"]
    same(f"{overlay}: a worker is throttled", [resources["requests"][key] for key in ("cpu", "memory")], [resources["limits"][key] for key in ("cpu", "memory")])

    policies = [document for document in documents if document["kind"] == "NetworkPolicy"]
    closed = {document["metadata"]["namespace"] for document in policies if document["metadata"]["name"] == "nothing-unless-allowed" and document["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}}
    same(f"{overlay}: namespaces closed by default", closed, ["code-runner", "code-runner-workers"])
    ports = {}
    for document in policies:
        for rule in document["spec"].get("egress", []):
            require(rule.get("to"), f"{overlay}: a rule lets everything out")
            for peer in rule["to"]:
                selected = peer.get("podSelector", {}).get("matchLabels", {"k8s-app": "kube-dns"})
                require(selected == {"k8s-app": "kube-dns"}, f"{overlay}: the name service is looked for by {selected}")
            ports.setdefault(document["metadata"]["namespace"], set()).update(port["port"] for port in rule["ports"])
    same(f"{overlay}: where the API may go", ports["code-runner"], [53, 80, 443, 5432])
    same(f"{overlay}: where a worker may go", ports["code-runner-workers"], [53, 5432])

    if overlay == "large":
        scaled = found["ScaledObject", "worker"]["spec"]
        require(scaled["scaleTargetRef"]["name"] == "worker", "large: something else is scaled")
        (trigger,) = scaled["triggers"]
        # What KEDA's page about this trigger asks for.
        same("large: the trigger", trigger["metadata"], ["url", "valueLocation", "targetValue", "authMode", "method", "keyParamName"])
        field = trigger["metadata"]["valueLocation"]
        require(f"pub {field}: u64" in read("crates/server/src/metrics.rs"), f"large: GET /metrics has no {field}")
        require(all("replicas" not in found["Deployment", part]["spec"] for part in ("api", "worker")), "large: two set the number")
        secret = found["TriggerAuthentication", "metrics"]["spec"]["secretTargetRef"][0]
        made = generated["metrics-key"]
        same("large: the key's secret", made["data"], [secret["key"]])
        require(secret["name"] == made["metadata"]["name"], "large: the autoscaler looks for another secret")
    return settings


def check_settings(environments):
    """Every variable is one that the program knows, and every secret that is in the repository one that it refuses."""
    known = set(re.findall(r"`((?:CODE_RUNNER|API|CODE)_[A-Z_]+)`", read("docs/settings.md")))
    used = {name for environment in environments for name in environment}
    for path in (ROOT / "deploy/systemd").glob("*.env"):
        used |= set(re.findall(r"^#?([A-Z_]+)=", path.read_text(), re.M))
    used |= set(re.findall(r"\b((?:CODE_RUNNER|API)_[A-Z_]+)=", read("deploy/Containerfile"))) - {"CODE_RUNNER_"}
    require(used <= known, f"settings that docs/settings.md does not have: {sorted(used - known)}")
    examples = re.search(r"const EXAMPLES.*?\];", read("crates/server/src/keys.rs"), re.S).group(0)
    for overlay in OVERLAYS:
        token = read(f"deploy/kubernetes/overlays/{overlay}/secrets/api-token")
        bare = re.sub("[^a-z0-9]", "", token.lower())
        require(any(word in bare for word in re.findall(r'"(\w+)"', examples)), f"{overlay}: a server would accept {token}")
    tracked = subprocess.run(["git", "ls-files", "deploy/secrets"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    require(not tracked, f"secrets are in git: {tracked}")


def check_metrics():
    """Every metric that a rule asks for is one that the server tells."""
    sources = [read(f"crates/server/src/{source}") for source in ("metrics.rs", "metrics/observed.rs")]
    named = [name for source in sources for name in re.findall(r'register(?:_with_unit)?\(\s*"([a-z_]+)"', source)]
    require(len(named) > 20, "the metrics were not found in the source")
    told = {f"code_runner_{name}" for name in named}
    for path in sorted((ROOT / "deploy/prometheus").glob("*.yml")):
        for name in set(re.findall(r"\bcode_runner_[a-z_]+", path.read_text())):
            short = re.sub(r"(_seconds)?(_bucket|_total|_count|_sum)?$", "", name)
            require(short in told or name in told, f"{path.name}: no metric is called {name}")


def main():
    """All of them."""
    allowed = check_seccomp()
    check_units(allowed)
    environments = check_compose()
    for overlay in OVERLAYS:
        environments += check_kubernetes(overlay)
    check_settings(environments)
    check_metrics()
    if problems:
        sys.exit("\n".join(problems))


main()
