"""What Tempest needs of a cloud and takes away again: an image, two flavors, an external network.

    cloud.py prepare WANTED.json    prints what tempest.conf names, as JSON; what is missing is made
    cloud.py remove                 removes everything that prepare made, also after a run that was cut

Runs beside Tempest, with the SDK of Debian; the cloud is the one called `cloud` in clouds.yaml.
Everything made here has a name that begins with PREFIX.
"""

import json
import sys

import openstack

PREFIX = "hastack-tempest-"


def prepare(cloud, wanted):
    extensions = [extension.alias for extension in cloud.network.extensions()]
    computes = [service for service in cloud.compute.services(binary="nova-compute") if service.state == "up"]
    image = find_or_upload_image(cloud, wanted)
    network = find_or_make_network(cloud, wanted)
    return {
        "image": image.id,
        "flavors": [make_flavor(cloud, name, memory) for name, memory in (("small", 128), ("large", 192))],
        "network": {"id": network.id, "name": network.name},
        "extensions": extensions,
        "computes": len(computes),
        "services": sorted({service.type for service in cloud.identity.services() if service.is_enabled is not False}),
    }


def find_or_upload_image(cloud, wanted):
    if wanted.get("image"):
        found = cloud.image.find_image(wanted["image"])
        if found is None:
            raise SystemExit(f"the cloud has no image {wanted['image']}")
        return found
    name = PREFIX + "image"
    return cloud.image.find_image(name) or cloud.create_image(
        name,
        filename=wanted["imageFile"],
        disk_format=wanted["imageFormat"],
        container_format="bare",
        visibility="public",
        wait=True,
        timeout=600,
    )


def make_flavor(cloud, name, memory):
    full = PREFIX + name
    found = cloud.compute.find_flavor(full)
    return (found or cloud.compute.create_flavor(name=full, ram=memory, vcpus=1, disk=1)).id


def find_or_make_network(cloud, wanted):
    for network in cloud.network.networks(is_router_external=True):
        return network
    external = wanted.get("external")
    if not external:
        raise SystemExit("the cloud has no external network, and the spec has no network of zone edge with floating addresses")
    network = cloud.network.create_network(
        name=PREFIX + "external",
        is_router_external=True,
        provider_network_type="flat",
        provider_physical_network=external["name"],
    )
    cloud.network.create_subnet(
        name=PREFIX + "external",
        network_id=network.id,
        ip_version=6 if ":" in external["cidr"] else 4,
        cidr=external["cidr"],
        gateway_ip=external.get("gateway"),
        allocation_pools=[{"start": external["first"], "end": external["last"]}],
        is_dhcp_enabled=False,
    )
    return network


def remove(cloud):
    """Every kind is tried, whatever becomes of the others; what is left is said and counts as a failure."""
    left = []
    kinds = (
        ("network", cloud.network.networks, cloud.network.delete_network),
        ("flavor", cloud.compute.flavors, cloud.compute.delete_flavor),
        ("image", cloud.image.images, cloud.image.delete_image),
    )
    for kind, listed, delete in kinds:
        for item in list(listed()):
            if not (item.name or "").startswith(PREFIX):
                continue
            try:
                delete(item)
            except openstack.exceptions.SDKException as error:
                left.append(f"{kind} {item.name}: {error}")
    if left:
        raise SystemExit("left behind: " + "; ".join(left))


def main():
    cloud = openstack.connect(cloud="cloud")
    if sys.argv[1] == "prepare":
        with open(sys.argv[2], encoding="utf-8") as file:
            print(json.dumps(prepare(cloud, json.load(file))))
    else:
        remove(cloud)


main()
