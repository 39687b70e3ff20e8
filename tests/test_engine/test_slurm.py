"""What Slurm says, in torch's words."""

from __future__ import annotations

import pytest

from fanet_mmpose.engine.slurm import first_machine, use_slurm
from fanet_mmpose.errors import UserError

TASK = dict(SLURM_PROCID='3', SLURM_NTASKS='4', SLURM_LOCALID='1', SLURM_JOB_ID='41007')


def test_torch_s_variables() -> None:
    environment = dict(TASK, SLURM_NNODES='1', SLURM_NODELIST='node7')
    use_slurm(environment)
    names = ('RANK', 'WORLD_SIZE', 'LOCAL_RANK', 'MASTER_ADDR', 'MASTER_PORT')
    assert [environment[name] for name in names] == ['3', '4', '1', '127.0.0.1', '11007']


def test_what_is_set_wins() -> None:
    environment = dict(TASK, SLURM_NNODES='2', MASTER_ADDR='first', MASTER_PORT='9')
    use_slurm(environment)
    assert (environment['MASTER_ADDR'], environment['MASTER_PORT']) == ('first', '9')


@pytest.mark.parametrize('nodes', ['a,b', 'node[1-4]'])
def test_the_first_of_several_machines_is_asked_for(
    nodes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('shutil.which', lambda name: None)
    with pytest.raises(UserError, match='set MASTER_ADDR'):
        first_machine(dict(SLURM_NODELIST=nodes))
