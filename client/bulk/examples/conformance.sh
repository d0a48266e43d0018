#!/bin/sh
# What `conformance client` runs to judge the command: `cargo conformance client -- sh client/bulk/examples/conformance.sh
# target/debug/crustdata-bulk`. The argument is the command; the rest comes from the environment.
exec "$1" enrich "$CONFORMANCE_IDENTIFIERS" --fields "$CONFORMANCE_FIELDS" \
  -o "$CONFORMANCE_OUTPUT" --output-format records --yes --interval 1 --outage-patience 20 --unknown-patience 30
