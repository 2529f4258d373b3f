# Written by hastack; local changes are overwritten.
# To change an option: `config:` in the spec.

ALLOWED_HOSTS = ("cloud.example.org", "10.10.1.10", "10.10.10.11", "horizon",)
SECRET_KEY = "secret:horizon/secret-key"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https",)
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_SECURE = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"
DATABASES = {"default": {"ENGINE": "django.db.backends.mysql", "NAME": "horizon", "USER": "horizon", "PASSWORD": "secret:horizon/database", "HOST": "10.10.10.10", "PORT": 3306, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": {"ssl": {"ca": "/etc/hastack/tls/ca.crt"}, "connect_timeout": 5}}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache", "LOCATION": ("10.10.10.11:11211", "10.10.10.12:11211", "10.10.10.13:11211",), "OPTIONS": {"ignore_exc": True, "connect_timeout": 1, "timeout": 1, "retry_attempts": 1, "dead_timeout": 30, "use_pooling": True}}}
OPENSTACK_KEYSTONE_URL = "https://10.10.10.10:5000/v3"
OPENSTACK_ENDPOINT_TYPE = "internalURL"
OPENSTACK_SSL_CACERT = "/etc/hastack/tls/ca.crt"
AVAILABLE_REGIONS = (("https://10.10.10.10:5000/v3", "RegionOne",),)
TIME_ZONE = "UTC"
