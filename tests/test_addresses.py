import ipaddress

import pytest

from corpus.addresses import address_of, is_public
from corpus.errors import InputError


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1", "64:ff9b::5db8:d70e"])
def test_public_addresses_are_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),
        *("::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "224.0.0.1", "ff02::1", "255.255.255.255", "2001:db8::1"),
    ],
)
def test_others_are_not(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f000001", "2130706433", "127.1", "::1", "0"])
def test_a_host_that_leads_into_this_machine_is_refused_however_it_is_written(host):
    with pytest.raises(InputError, match=r"no public address|can't be found"):
        address_of(host, 80, allowed=())


def test_a_host_may_be_allowed_by_name_or_with_its_port():
    assert address_of("127.0.0.1", 80, allowed={"127.0.0.1"}) == "127.0.0.1"
    assert address_of("127.0.0.1", 80, allowed={"127.0.0.1:80"}) == "127.0.0.1"
    with pytest.raises(InputError, match=r"--allow-private 127\.0\.0\.1:81"):
        address_of("127.0.0.1", 81, allowed={"127.0.0.1:80"})
