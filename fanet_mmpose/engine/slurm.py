"""Which of several processes Slurm's `srun` started this one as."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import MutableMapping

from fanet_mmpose.errors import UserError

# Where the first process listens, unless MASTER_PORT says otherwise: two jobs on one machine have
# two ports, all below those that systems hand out.
FIRST_PORT, NUM_PORTS = 10000, 20000


def use_slurm(environment: MutableMapping[str, str] = os.environ) -> None:
    """Set torch's own variables (RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT).

    MASTER_ADDR and MASTER_PORT of the environment win. A job on one machine stays on its loopback
    and asks nobody for names.

    Raises:
        UserError: `srun` did not start this process, or the first machine's name is unknown.
    """
    for name in ('SLURM_PROCID', 'SLURM_NTASKS'):
        if name not in environment:
            raise UserError(
                f'--launcher slurm: {name} is not set, so srun did not start this process: use '
                'tools/slurm_train.sh or tools/slurm_test.sh'
            )
    environment['RANK'] = environment['SLURM_PROCID']
    environment['WORLD_SIZE'] = environment['SLURM_NTASKS']
    environment['LOCAL_RANK'] = environment.get('SLURM_LOCALID', environment['SLURM_PROCID'])
    if 'MASTER_ADDR' not in environment:
        environment['MASTER_ADDR'] = first_machine(environment)
    job = int(environment.get('SLURM_JOB_ID', '0'))
    environment.setdefault('MASTER_PORT', str(FIRST_PORT + job % NUM_PORTS))


def first_machine(environment: MutableMapping[str, str]) -> str:
    """Name of the machine of process 0."""
    names = ('SLURM_STEP_NUM_NODES', 'SLURM_NNODES', 'SLURM_JOB_NUM_NODES')
    nodes = [environment[name] for name in names if name in environment]
    machines = environment.get('SLURM_STEP_NODELIST') or environment.get('SLURM_NODELIST', '')
    several = nodes[0] != '1' if nodes else any(sign in machines for sign in ',[')
    if not several:
        return '127.0.0.1'
    if shutil.which('scontrol'):
        done = subprocess.run(
            ['scontrol', 'show', 'hostnames', machines], capture_output=True, text=True
        )
        if done.returncode == 0 and done.stdout.strip():
            return done.stdout.split()[0]
    raise UserError(
        f'--launcher slurm: scontrol does not say which machine is the first of {machines!r}: set '
        'MASTER_ADDR to its name'
    )
