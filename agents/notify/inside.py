"""Which receivers may be inside one's own network, and be told without TLS: those that are listed, and no others.

Whoever can write an address into the configuration, or answer for a name, could otherwise have us talk to machines
that only we can reach.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address


class Inside:
    """Names of hosts, addresses and networks, like alertmanager, 10.1.2.3 or 10.0.0.0/8."""

    def __init__(self, listed: Iterable[str] = ()) -> None:
        self._names: set[str] = set()
        self._networks: list[IPv4Network | IPv6Network] = []
        for entry in listed:
            try:
                self._networks.append(ip_network(entry))
            except ValueError:
                self._names.add(entry.lower())

    def has(self, host: str) -> bool:
        """Whether the host is listed, by its name or as an address."""
        address = address_of(host)
        return host.lower() in self._names or (address is not None and self._has_address(address))

    def may_be_at(self, host: str, address: str) -> bool:
        """Whether we talk to the host at this address, which is what its name has come to."""
        at = _plain(ip_address(address.partition("%")[0]))
        return self.has(host) or self._has_address(at) or (at.is_global and not at.is_multicast)

    def _has_address(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def address_of(host: str) -> Address | None:
    """The address that stands in place of a name; None if it is a name."""
    try:
        return _plain(ip_address(host.strip("[]").partition("%")[0]))
    except ValueError:
        return None


def _plain(address: Address) -> Address:
    """An address of the old kind that is wrapped in one of the new is reached all the same."""
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address.sixtofour or address
    return address
