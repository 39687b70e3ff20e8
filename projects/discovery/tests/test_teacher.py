"""The teacher follows, does not learn, and is not moved by the batch it sees."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
from torch import nn  # noqa: E402

from projects.discovery.teacher import Teacher  # noqa: E402


def parts() -> dict[str, nn.Module]:
    torch.manual_seed(0)
    return dict(a=nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4)), b=nn.Conv2d(4, 2, 1))


def test_it_starts_as_a_copy_and_moves_to_the_student() -> None:
    student = parts()
    teacher = Teacher(student, 0.9)
    with torch.no_grad():
        student['b'].weight += 1
    before = teacher.parts['b'].weight.clone()
    for _ in range(100):
        teacher.follow(student)
    assert not torch.equal(before, student['b'].weight)
    torch.testing.assert_close(teacher.parts['b'].weight, student['b'].weight, atol=1e-3, rtol=0)


def test_it_keeps_the_share_that_its_momentum_says() -> None:
    student = parts()
    teacher = Teacher(student, 0.9)
    teacher.steps.fill_(1000)
    with torch.no_grad():
        student['b'].weight += 1
    before = teacher.parts['b'].weight.clone()
    teacher.follow(student)
    torch.testing.assert_close(teacher.parts['b'].weight, before + 0.1)


def test_it_has_no_gradient_and_stays_in_evaluation_mode() -> None:
    teacher = Teacher(parts()).train()
    assert not any(module.training for module in teacher.modules())
    image = torch.rand(2, 3, 4, 4, requires_grad=True)
    statistics = teacher.parts['a'][1].running_mean.clone()
    assert not teacher(image).requires_grad
    assert torch.equal(statistics, teacher.parts['a'][1].running_mean)
