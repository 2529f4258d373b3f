// The program that reads and changes Keystone from a control host: Python, because the hosts of an OpenStack have it
// and names must be resolved to ids on the way. It takes one JSON document on stdin and uses the standard library
// only. `read` prints `state <JSON list>` or `unknown <reason>`; `apply` changes one item and prints nothing.
// Source: Identity API v3 (docs.openstack.org/api-ref/identity/v3).

export const KEYSTONE_PROGRAM = String.raw`
import hashlib, http.client, json, os, ssl, sys, time, urllib.parse

CACHE = "/var/cache/hastack/keystone-passwords"
DAY = 86400


class Unknown(Exception):
    pass


class Refused(Exception):
    pass


class Api:
    def __init__(self, auth):
        self.auth = auth
        url = urllib.parse.urlsplit(auth["url"])
        self.host, self.port, self.base = url.hostname, url.port, url.path.rstrip("/")
        self.context = ssl.create_default_context(cafile=auth.get("caFile")) if url.scheme == "https" else None
        self.connection = None
        self.token = None
        self.cache = {}

    def request(self, method, path, body=None):
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token:
            headers["X-Auth-Token"] = self.token
        text = None if body is None else json.dumps(body)
        for attempt in (1, 2):
            fresh = self.connection is None
            if fresh:
                self.connection = self.connect()
            try:
                self.connection.request(method, self.base + path, text, headers)
                answer = self.connection.getresponse()
                content = answer.read()
                if answer.will_close:
                    self.connection = None
                return answer.status, answer.headers, content
            except (OSError, http.client.HTTPException) as error:
                self.connection = None
                # A kept connection may be closed between two requests: that is no failure.
                if fresh or attempt == 2:
                    raise Unknown("Keystone does not answer: %s" % (error or type(error).__name__))

    def connect(self):
        if self.context:
            return http.client.HTTPSConnection(self.host, self.port, timeout=20, context=self.context)
        return http.client.HTTPConnection(self.host, self.port, timeout=20)

    def log_in(self):
        domain = {"name": self.auth["domain"]}
        user = {"name": self.auth["user"], "domain": domain, "password": self.auth["password"]}
        status, headers, _ = self.request("POST", "/auth/tokens", {"auth": {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"name": self.auth["project"], "domain": domain}}}})
        if status == 401:
            raise Unknown("Keystone refuses the administrator")
        if status != 201:
            raise Unknown("Keystone does not answer: HTTP %d" % status)
        self.token = headers["X-Subject-Token"]

    def password_is(self, user_id, password):
        status, _, _ = self.request("POST", "/auth/tokens", {"auth": {"identity": {
            "methods": ["password"], "password": {"user": {"id": user_id, "password": password}}}}})
        if status not in (201, 401):
            raise Unknown("Keystone does not answer: HTTP %d" % status)
        return status == 201

    def get(self, path):
        if path not in self.cache:
            status, _, content = self.request("GET", path)
            if status != 200:
                raise Unknown("Keystone answers GET %s with HTTP %d" % (path, status))
            self.cache[path] = json.loads(content)
        return self.cache[path]

    def find(self, kind, **filters):
        """The objects of a kind; filters that are not None are applied by the server."""
        query = urllib.parse.urlencode({key: value for key, value in filters.items() if value is not None})
        return self.get("/" + kind + ("?" + query if query else ""))[kind]

    def change(self, method, path, body=None):
        status, _, content = self.request(method, path, body)
        self.cache.clear()
        if status >= 300:
            try:
                message = json.loads(content)["error"]["message"]
            except (ValueError, KeyError, TypeError):
                message = ""
            raise Refused("Keystone refuses %s %s: HTTP %d %s" % (method, path, status, message))
        return json.loads(content) if content else None


def one(found):
    return found[0] if found else None


def domain(api, name):
    return one([each for each in api.find("domains") if each["name"] == name])


def owned(api, kind, name, domain_name):
    """A project or user by name and domain."""
    where = domain(api, domain_name)
    return where and one([each for each in api.find(kind, name=name, domain_id=where["id"]) if each["name"] == name])


def role(api, name):
    return one([each for each in api.find("roles") if each["name"] == name and not each.get("domain_id")])


def service(api, item, name):
    found = [each for each in api.find("services") if each["type"] == item["serviceType"]]
    return one([each for each in found if each.get("name") == name]) or one(found)


def endpoints(api, item):
    owner = service(api, item, item["serviceName"])
    return [each for each in api.find("endpoints") if owner and each["service_id"] == owner["id"]
            and each["interface"] == item["interface"] and each["region_id"] == item["region"]]


def scope(api, item):
    """Filter of role_assignments, and the path under which roles of the scope are."""
    wanted = item["scope"]
    if wanted["kind"] == "system":
        return "scope.system=all", "/system"
    if wanted["kind"] == "domain":
        found = domain(api, wanted["domain"])
        return found and ("scope.domain.id=" + found["id"], "/domains/" + found["id"])
    found = owned(api, "projects", wanted["project"], wanted["domain"])
    return found and ("scope.project.id=" + found["id"], "/projects/" + found["id"])


def remembered(user_id, password):
    digest = hashlib.sha256(("%s:%s" % (user_id, password)).encode()).hexdigest()
    path = os.path.join(CACHE, user_id)
    try:
        with open(path) as file:
            fresh = abs(time.time() - os.stat(path).st_mtime) < DAY
            return path, digest, fresh and file.read() == digest
    except OSError:
        return path, digest, False


def remember(path, digest):
    os.makedirs(CACHE, mode=0o700, exist_ok=True)
    with open(os.open(path + ".tmp", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(digest)
    os.rename(path + ".tmp", path)


def password_matches(api, user_id, password):
    path, digest, known = remembered(user_id, password)
    if known:
        return True
    right = api.password_is(user_id, password)
    if right:
        remember(path, digest)
    return right


def state(api, item):
    kind = item["type"]
    if kind == "service":
        found = service(api, item, item["name"])
        return found and {key: found.get(key) for key in ("name", "description", "enabled")}
    if kind == "endpoint":
        found = endpoints(api, item)
        return found and {"url": found[0]["url"], "enabled": found[0]["enabled"], "count": len(found)} or None
    if kind == "domain":
        found = domain(api, item["name"])
    elif kind == "project":
        found = owned(api, "projects", item["name"], item["domain"])
    elif kind == "role":
        found = role(api, item["name"])
        return found and {}
    elif kind == "user":
        found = owned(api, "users", item["name"], item["domain"])
        # A disabled user cannot log in, whatever the password is.
        return found and {"enabled": found["enabled"],
                          "password": not found["enabled"] or password_matches(api, found["id"], item["password"])}
    else:
        return assignment(api, item)
    return found and {"description": found.get("description"), "enabled": found["enabled"]}


def assignment(api, item):
    where = scope(api, item)
    if not where:
        return None
    for each in api.get("/role_assignments?include_names=true&" + where[0])["role_assignments"]:
        user = each.get("user")
        inherited = "OS-INHERIT:inherited_to" in each["scope"]
        if user and not inherited and user["name"] == item["user"] and user["domain"]["name"] == item["userDomain"] \
                and each["role"]["name"] == item["role"]:
            return {}
    return None


def needed(found, what, name):
    if not found:
        raise Refused("there is no %s %s in Keystone" % (what, name))
    return found


def save(api, kind, found, values):
    """Creates an object, or changes what differs of the one that is there."""
    single = kind[:-1]
    if not found:
        return api.change("POST", "/" + kind, {single: values})[single]
    changed = {key: value for key, value in values.items() if found.get(key) != value}
    if changed:
        api.change("PATCH", "/%s/%s" % (kind, found["id"]), {single: changed})
    return found


def described(item, **values):
    if item.get("description") is not None:
        values["description"] = item["description"]
    return dict(values, enabled=True)


def apply(api, item):
    kind = item["type"]
    if kind == "service":
        save(api, "services", service(api, item, item["name"]), described(item, type=item["serviceType"], name=item["name"]))
    elif kind == "endpoint":
        apply_endpoint(api, item)
    elif kind == "domain":
        save(api, "domains", domain(api, item["name"]), described(item, name=item["name"]))
    elif kind == "project":
        where = needed(domain(api, item["domain"]), "domain", item["domain"])
        save(api, "projects", owned(api, "projects", item["name"], item["domain"]),
             described(item, name=item["name"], domain_id=where["id"]))
    elif kind == "role":
        save(api, "roles", role(api, item["name"]), {"name": item["name"]})
    elif kind == "user":
        apply_user(api, item)
    else:
        where = needed(scope(api, item), item["scope"]["kind"], item["scope"].get("project") or item["scope"].get("domain"))
        user = needed(owned(api, "users", item["user"], item["userDomain"]), "user", item["user"])
        granted = needed(role(api, item["role"]), "role", item["role"])
        api.change("PUT", "%s/users/%s/roles/%s" % (where[1], user["id"], granted["id"]))


def apply_endpoint(api, item):
    owner = needed(service(api, item, item["serviceName"]), "service", item["serviceType"])
    if item["region"] not in [each["id"] for each in api.find("regions")]:
        api.change("POST", "/regions", {"region": {"id": item["region"]}})
    found = endpoints(api, item)
    save(api, "endpoints", one(found), {"service_id": owner["id"], "interface": item["interface"],
                                       "region_id": item["region"], "url": item["url"], "enabled": True})
    for each in found[1:]:
        api.change("DELETE", "/endpoints/" + each["id"])


def apply_user(api, item):
    where = needed(domain(api, item["domain"]), "domain", item["domain"])
    found = owned(api, "users", item["name"], item["domain"])
    values = {"name": item["name"], "domain_id": where["id"], "enabled": True}
    if not found or not found["enabled"] or not password_matches(api, found["id"], item["password"]):
        values["password"] = item["password"]
    user = save(api, "users", found, values)
    path, digest, _ = remembered(user["id"], item["password"])
    remember(path, digest)


def main():
    document = json.load(sys.stdin)
    api = Api(document["auth"])
    if sys.argv[1] == "apply":
        try:
            api.log_in()
            apply(api, document["item"])
        except (Unknown, Refused) as error:
            sys.exit(str(error))
        return
    try:
        api.log_in()
        print("state " + json.dumps([state(api, item) for item in document["items"]]))
    except Unknown as error:
        print("unknown " + str(error).replace("\n", " "))


main()
`;
