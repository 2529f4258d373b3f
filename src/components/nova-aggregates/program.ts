// The program that makes host aggregates and availability zones through Nova's API, on a control host: Python, for the
// libraries that read Nova's own log-in from nova.conf are there; so it needs no secret of its own.
//   check   exit 0 when all are as wanted, else 1 with one line per difference
//   apply   makes them so; waits for compute hosts that Nova does not know yet
// Aggregates that the spec does not name, and properties that it does not name, are left alone.
// Source: Compute API v2.1, "Host aggregates (os-aggregates)"; Nova refuses another zone for hosts that have instances.

export const AGGREGATES_PROGRAM = String.raw`#!/usr/bin/python3
# Written by hastack; local changes are overwritten.
import json
import sys
import time

WANTED = "/etc/hastack/nova-aggregates.json"
GROUP = "service_user"
# Seconds: Nova looks for new compute hosts every 30.
DEADLINE = 120


def differences(wanted, present, known):
    """What must be done, as (verb, aggregate, value), in the order in which Nova allows it."""
    steps = []
    by_name = {each["name"]: each for each in present}
    # First out of where they are no more: a host may be in one zone only.
    for name, want in wanted.items():
        for host in by_name.get(name, {}).get("hosts", []):
            if host not in want["hosts"]:
                steps.append(("remove_host", name, host))
    for name, want in wanted.items():
        have = by_name.get(name)
        zone = want.get("zone")
        if have is None:
            steps.append(("create", name, zone))
            have = {"hosts": [], "metadata": {}, "availability_zone": zone}
        if zone is not None and have.get("availability_zone") != zone:
            steps.append(("zone", name, zone))
        properties = want.get("properties", {})
        changed = {key: value for key, value in properties.items() if have.get("metadata", {}).get(key) != value}
        if changed:
            steps.append(("properties", name, changed))
        for host in want["hosts"]:
            if host not in have["hosts"]:
                steps.append(("add_host" if host in known else "await_host", name, host))
    return steps


def api():
    from keystoneauth1 import adapter, loading
    from oslo_config import cfg

    conf = cfg.ConfigOpts()
    loading.register_auth_conf_options(conf, GROUP)
    loading.register_session_conf_options(conf, GROUP)
    conf.register_opt(cfg.StrOpt("region_name"), group=GROUP)
    conf(["--config-file=/etc/nova/nova.conf"], project="nova")
    auth = loading.load_auth_from_conf_options(conf, GROUP)
    session = loading.load_session_from_conf_options(conf, GROUP, auth=auth)
    return adapter.Adapter(
        session, service_type="compute", interface="internal", region_name=conf[GROUP].region_name, connect_retries=3
    )


def todo(compute, wanted):
    present = compute.get("/os-aggregates").json()["aggregates"]
    services = compute.get("/os-services?binary=nova-compute").json()["services"]
    return differences(wanted, present, {each["host"] for each in services}), {each["name"]: each["id"] for each in present}


def change(compute, ids, step):
    verb, name, value = step
    if verb == "create":
        body = {"name": name, **({} if value is None else {"availability_zone": value})}
        ids[name] = compute.post("/os-aggregates", json={"aggregate": body}).json()["aggregate"]["id"]
    elif verb == "zone":
        compute.put(f"/os-aggregates/{ids[name]}", json={"aggregate": {"availability_zone": value}})
    elif verb == "properties":
        compute.post(f"/os-aggregates/{ids[name]}/action", json={"set_metadata": {"metadata": value}})
    else:
        compute.post(f"/os-aggregates/{ids[name]}/action", json={verb: {"host": value}})


def main(mode):
    with open(WANTED, encoding="utf-8") as file:
        wanted = json.load(file)
    compute = api()
    deadline = time.monotonic() + DEADLINE
    while True:
        steps, ids = todo(compute, wanted)
        if mode == "check":
            for step in steps:
                print(*step)
            return 1 if steps else 0
        for step in steps:
            if step[0] != "await_host":
                change(compute, ids, step)
        missing = sorted({step[2] for step in steps if step[0] == "await_host"})
        if not missing:
            return 0
        if time.monotonic() > deadline:
            print("Nova does not know these compute hosts: " + ", ".join(missing), file=sys.stderr)
            return 1
        time.sleep(5)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
`;
