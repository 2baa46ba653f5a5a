#!/bin/sh
# Creates what docker/compose.yaml needs and the repository does not contain: docker/.env, and in docker/secrets one file per
# secret. What exists stays, so the command may be repeated. To replace a secret, remove the files of its backend, run this again
# and restart the services (docs/backends.md#passwords).
set -eu
cd "$(dirname "$0")"

if [ -e .env ] && grep -q '^WEBHOOK_SECRET=' .env; then
  echo "docker/.env is one of an earlier version, with secrets: see docker/secrets in CHANGELOG.md." >&2
  exit 1
fi
[ -e .env ] || cp .env.example .env

# Only you may enter the folder. The files themselves are readable, because the users of the containers are others than you.
mkdir -p secrets
chmod 700 secrets
umask 022
random() { openssl rand -hex 32; }
write() { cat > "secrets/$1.new" && mv "secrets/$1.new" "secrets/$1"; }
secret() { [ -e "secrets/$1" ] || { value=$(random) && printf '%s\n' "$value" | write "$1"; }; }

secret webhook_secret
secret operator_key
secret grafana_password

# RabbitMQ stores a salted hash: base64 of salt and SHA-256 of salt and password.
hash() {
  salt=$(openssl rand -hex 2)
  { printf %s "$salt"; printf %s "$salt$1" | openssl dgst -sha256 -binary; } | openssl base64 -A
}
if [ ! -e secrets/rabbitmq_url ]; then
  password=$(random)
  secret rabbitmq_admin_password
  write rabbitmq_definitions <<JSON
{
  "users": [
    { "name": "admin", "tags": "administrator", "password_hash": "$(hash "$(cat secrets/rabbitmq_admin_password)")" },
    { "name": "gateway", "tags": "", "password_hash": "$(hash "$password")" }
  ],
  "vhosts": [{ "name": "/" }],
  "permissions": [
    { "user": "admin", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*" },
    {
      "user": "gateway", "vhost": "/",
      "configure": "^gateway\\\\.events(\\\\.v1(\\\\.store)?|\\\\.dlq\\\\.v1)?$",
      "write": "^(gateway\\\\.events(\\\\.v1|\\\\.dlq\\\\.v1)?|store-[0-9a-f-]+)$",
      "read": "^gateway\\\\.events(\\\\.v1(\\\\.store)?)?$"
    }
  ]
}
JSON
  echo "amqp://gateway:$password@rabbitmq:5672" | write rabbitmq_url
fi

if [ ! -e secrets/redis_acl ]; then
  secret redis_password
  hashed=$(tr -d '\n' < secrets/redis_password | openssl dgst -sha256 -r | cut -c 1-64)
  driver="+ping +echo +info +client|id +client|setname"
  cache="+get +mget +set +setex +eval +scan +del +unlink"
  processes="+hset +hgetall +hdel +expire +time"
  write redis_acl <<ACL
user default off
user gateway on #$hashed resetchannels ~gateway:seen* -@all $driver $cache $processes
ACL
fi

if [ ! -e secrets/mongodb_uri ]; then
  secret mongo_admin_password
  secret mongo_password
  echo "mongodb://gateway:$(cat secrets/mongo_password)@mongo:27017/fincart_events?authSource=admin" | write mongodb_uri
fi

# With a routing service of your own: its address, which may contain user and password.
[ -e secrets/routing_url ] || echo "http://routing-stub:3000/v1/routing-service" | write routing_url
