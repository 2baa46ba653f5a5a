#!/usr/bin/env bash
# Runs the contract suites on servers of your own, and reports. Each address is optional; what has none is not tested.
#
#   GATEWAY_TEST_RABBITMQ_URL=amqp://user:password@host:5672 \
#   GATEWAY_TEST_MONGODB_URI='mongodb://a,b,c/?replicaSet=rs0' \
#   GATEWAY_TEST_REDIS_URL=host:6379,password=secret \
#   tests/conformance.sh
#
# Arguments go to `dotnet test`.
# Tests use queues, exchanges, keys and databases of their own (test-…, gateway_test_…) and remove them; keys in Redis expire.
# The user of MongoDB needs readWrite and dbAdmin on any database, the user of RabbitMQ configure, write and read on any name.
set -uo pipefail
cd "$(dirname "$0")/.."

report=artifacts/conformance
failed=0
options=("$@")

# Tests of a server that they break start one of this machine, and are skipped where there is none.
run() { # name, address, project, classes
  if [ -z "$2" ]; then echo "$1: no address"; return; fi
  if dotnet test --project "tests/$3" --no-progress --no-ansi --filter-class "$4" \
    --results-directory "$report" --report-xunit-html --report-xunit-html-filename "$1.html" "${options[@]}" >"$report/$1.log" 2>&1
  then result=passed; else result=FAILED; failed=1; fi
  echo "$1: $result, $(grep -E '^ *(total|failed|skipped):' "$report/$1.log" | tr -s ' \n' ' '), see $report/$1.html and .log"
}

mkdir -p "$report"
run RabbitMQ "${GATEWAY_TEST_RABBITMQ_URL:-}" EventsGateway.Tests '*RabbitMqTests'
run MongoDB "${GATEWAY_TEST_MONGODB_URI:-}" EventsGateway.Tests '*MongoTests'
run Redis "${GATEWAY_TEST_REDIS_URL:-}" Shared.Tests '*RedisTests'
exit $failed
