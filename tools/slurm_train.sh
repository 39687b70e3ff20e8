#!/usr/bin/env bash
# PARTITION JOB_NAME CONFIG [FLAGS of train.py]
# GPUS (processes), GPUS_PER_NODE (0: CPUs alone), CPUS_PER_TASK and SRUN_ARGS in the environment.
set -euo pipefail
[ $# -ge 3 ] || { echo "usage: $0 PARTITION JOB_NAME CONFIG [FLAGS of train.py]" >&2; exit 2; }
here=$(dirname "${BASH_SOURCE[0]}")
gpus=${GPUS:-8} per_node=${GPUS_PER_NODE:-8}
nodes=()
[ "$per_node" = 0 ] || nodes=(--gres="gpu:$per_node" --ntasks-per-node="$per_node")
# SRUN_ARGS holds several arguments and is split on purpose.
# shellcheck disable=SC2086
exec srun -p "$1" --job-name="$2" --ntasks="$gpus" ${nodes[@]+"${nodes[@]}"} \
    --cpus-per-task="${CPUS_PER_TASK:-5}" --kill-on-bad-exit=1 ${SRUN_ARGS:-} \
    "${PYTHON:-python}" -u "$here/train.py" "$3" --launcher slurm "${@:4}"
