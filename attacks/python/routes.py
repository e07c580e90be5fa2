#: what     looks for an interface that is up, an address, a neighbour or a route to anywhere: metadata services, bridges, private ranges
#: id       A-108
#: control  network
#: expect   ok
#: output   held
import os

NET = "/proc/self/net/"


def lines(name):
    """The lines of a table of the kernel, without its head."""
    with open(NET + name) as table:
        return [line.split() for line in table]


# No address is called: without a route to it, none of them can be. What the tables hold is the whole of the network.
escaped = [f"ESCAPED a route to {route[1]} by {route[0]}" for route in lines("route")[1:]]
escaped += [f"ESCAPED a neighbour {neighbour[0]}" for neighbour in lines("arp")[1:]]
if os.path.exists(NET + "if_inet6"):
    escaped += [f"ESCAPED an address {address[0]}" for address in lines("if_inet6")]
    # Entries of `lo` that reject everything are there in every network.
    escaped += [f"ESCAPED a route to {route[0]}" for route in lines("ipv6_route") if not int(route[8], 16) & 0x200]
escaped += [f"ESCAPED an address {leaf[1]}" for leaf in lines("fib_trie") if leaf[:1] == ["|--"]]
for interface in lines("dev")[2:]:
    if any(int(number) for number in interface[1:]):
        escaped.append(f"ESCAPED traffic on {interface[0]}")
# Each of these is a listener of somebody.
for name in ("tcp", "tcp6", "udp", "udp6", "raw", "netlink", "packet"):
    if os.path.exists(NET + name) and len(lines(name)) > 1 and name != "netlink":
        escaped.append(f"ESCAPED sockets in {name}")
print("\n".join(escaped) or "held")
