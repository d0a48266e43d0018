#!/usr/bin/env bash
# Turns the inputs of the action, which come in variables, into flags of `conformance run`, and runs it.
set -euo pipefail

arguments=(run)

# A flag with the value of its input, if the input has one.
value() {
  if [ -n "${!2:-}" ]; then arguments+=("$1" "${!2}"); fi
}

# A flag for each line of its input.
each() {
  while IFS= read -r line; do
    if [ -n "$line" ]; then arguments+=("$1" "$line"); fi
  done <<< "${!2:-}"
}

# A flag where its input is true.
switch() {
  case "${!2:-false}" in
    true) arguments+=("$1") ;;
    false) ;;
    *)
      echo "error: the input of $1 is neither true nor false: ${!2}" >&2
      exit 2
      ;;
  esac
}

value --base-url INPUT_BASE_URL
value --max-jobs INPUT_MAX_JOBS
value --max-minutes INPUT_MAX_MINUTES
value --refusals INPUT_REFUSALS
value --cases INPUT_CASES
value --timeout INPUT_TIMEOUT
value --rpm INPUT_RPM
value --seed INPUT_SEED
value --known-failures INPUT_KNOWN_FAILURES
value --report INPUT_REPORT
each --only INPUT_ONLY
each --skip INPUT_SKIP
each --profile-url INPUT_PROFILE_URL
switch --strict INPUT_STRICT
switch --require-all INPUT_REQUIRE_ALL

# An input that is not set is an empty variable here, which is no key.
if [ -z "${CRUSTDATA_API_KEY:-}" ]; then unset CRUSTDATA_API_KEY; fi

exec conformance "${arguments[@]}"
