#!/usr/bin/env bash
# CONFIG CHECKPOINT PROCESSES [FLAGS of test.py]
# Runs torchrun. Several machines: NNODES, NODE_RANK, MASTER_ADDR and PORT in the environment.
set -euo pipefail
[ $# -ge 3 ] || { echo "usage: $0 CONFIG CHECKPOINT PROCESSES [FLAGS of test.py]" >&2; exit 2; }
here=$(dirname "${BASH_SOURCE[0]}")
exec "${PYTHON:-python}" -m fanet_mmpose.engine.run_processes --nnodes="${NNODES:-1}" --node-rank="${NODE_RANK:-0}" \
    --master-addr="${MASTER_ADDR:-127.0.0.1}" --master-port="${PORT:-29500}" \
    --nproc-per-node="$3" "$here/test.py" "$1" "$2" --launcher pytorch "${@:4}"
