"""Which network addresses may be fetched from: public ones, and those a user has named."""

import ipaddress
import socket
from collections.abc import Collection

from corpus.errors import InputError

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv6 that leads to any IPv4 address
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def address_of(host: str, port: int, *, allowed: Collection[str]) -> str:
    """The numeric address of a host, to connect to; every address it has must be public.

    Hosts named in `allowed`, as `host` or `host:port`, may have any address. Raises InputError where
    the host has none, or one that leads into this machine or its network.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(f"{host!r} can't be found: {getattr(error, 'strerror', None) or error}") from None
    addresses = [str(each[4][0]) for each in found]
    if host not in allowed and f"{host}:{port}" not in allowed:
        for address in addresses:
            if not is_public(ipaddress.ip_address(address.partition("%")[0])):
                named = host if host == address else f"{host!r} is {address}, which"
                raise InputError(
                    f"{named} is no public address; if you mean it, add --allow-private {host}:{port}"
                )
    return addresses[0]


def is_public(address: _Address) -> bool:
    """Whether an address, and any that is hidden in it, is of the public network."""
    inner: list[_Address | None] = []
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _TRANSLATED:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(inner):
            return all(is_public(each) for each in inner if each is not None)
    return address.is_global and not address.is_multicast
