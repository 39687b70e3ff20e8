"""Which names and which sites' requests are taken."""

from __future__ import annotations

import socket

import pytest

from fanet_mmpose.serve.host_check import HostCheck

OWN = [
    'localhost', 'localhost:7860', 'LOCALHOST', 'localhost.', '127.0.0.1:7860', '[::1]:7860',
    '192.168.1.7', socket.gethostname(), 'faces.example.org', 'Faces.Example.Org:80',
]  # fmt: skip
FOREIGN = [
    'evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'evil-localhost', '',
    '[::1', 'faces.example.org.evil', 'a b', '127.0.0.1@evil.example',
]  # fmt: skip


def refusal(method: str, *headers: tuple[str, str]) -> str:
    encoded = [(name.encode(), value.encode()) for name, value in headers]
    return HostCheck(['faces.example.org']).refusal(method, encoded)


@pytest.mark.parametrize('host', OWN)
def test_own_names_and_addresses_are_taken(host: str) -> None:
    assert not refusal('GET', ('host', host))


@pytest.mark.parametrize('host', FOREIGN)
def test_a_foreign_name_is_refused(host: str) -> None:
    assert '--allow-host' in refusal('GET', ('host', host))


def test_no_name_and_two_names_are_refused() -> None:
    assert refusal('GET')
    assert refusal('GET', ('host', 'localhost'), ('Host', 'evil.example'))


@pytest.mark.parametrize(
    ('origin', 'taken'),
    [
        ('http://localhost:7860', True),
        ('https://faces.example.org', True),
        ('http://localhost:9999', False),
        ('https://evil.example', False),
        ('null', False),
        ('', False),
        ('http://[', False),
    ],
)
def test_other_sites_may_look_but_send_nothing(origin: str, taken: bool) -> None:
    headers = (('host', 'localhost:7860'), ('origin', origin))
    assert not refusal('GET', *headers)
    assert (not refusal('POST', *headers)) == taken


def test_the_browsers_own_word_counts_where_the_origin_is_blank() -> None:
    headers = (('host', 'localhost'), ('origin', 'null'))
    assert not refusal('POST', *headers, ('sec-fetch-site', 'same-origin'))
    assert refusal('POST', *headers, ('sec-fetch-site', 'cross-site'))
