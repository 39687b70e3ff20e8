"""How a job uses a Ray cluster. Imports no Ray."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClusterOptions:
    """A cluster and a process's share of it.

    Attributes:
        address: ``local`` for a cluster of this machine that ends with the job, ``auto`` for the
            one that this machine is a node of, or host:port of its head node.
        num_cpus: cores that Ray sets aside for a process; a fraction lets several share one.
        num_gpus: GPUs likewise; a process sees no other.
    """

    address: str
    num_cpus: float = 1.0
    num_gpus: float = 0.0
