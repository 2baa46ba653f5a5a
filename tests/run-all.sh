#!/usr/bin/env bash
# Runs every test on real servers, and installs the servers and the browser where it may. A server that is still missing fails
# its tests. Arguments go to `dotnet test`.
set -euo pipefail
cd "$(dirname "$0")/.."

# Where a MongoDB lies beside this folder, tests start it themselves.
if [ -d ../shared/mongodb ]; then
  PATH="$PATH:$(cd ../shared/mongodb && pwd)"
  export PATH
fi

# The other servers, and the browser, come from the distribution. Without apt, or not as root, they stay missing.
if [ ! -x /usr/sbin/rabbitmq-server ] || ! command -v redis-server >/dev/null || ! command -v chromium >/dev/null \
  || ! command -v node >/dev/null; then
  programs="rabbitmq-server redis-server chromium nodejs"
  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $programs; } >/dev/null || true
fi

GATEWAY_TEST_REQUIRE_SERVERS=1 exec dotnet test --solution Gateway.sln "$@"
