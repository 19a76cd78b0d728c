// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.SwarmListener;

/// Listens to what identify tells of this node's own address, and knows which addresses follow.
public final class ObservedAddresses implements SwarmListener {
    private final AddressScope scope;
    private final Supplier<List<InetSocketAddress>> listening;
    private final Clock clock;
    private final ObservedAddressTable table = new ObservedAddressTable();

    /// @param listening the sockets that the host listens on, wildcards as such
    public ObservedAddresses(
            AddressScope scope, Supplier<List<InetSocketAddress>> listening, Clock clock) {
        this.scope = scope;
        this.listening = listening;
        this.clock = clock;
    }

    /// The other side of `connection` sees this node at `seen`. What is out of scope, behind a relay,
    /// of a NAT64 or of another family than the connection says nothing of this node.
    public void observe(Connection connection, Multiaddr seen) {
        var ip = seen.ip();
        var plain = seen.withoutPeer();
        if (connection.isRelayed()
                || !seen.isPlainTcp()
                || plain.isEmpty()
                || ip.isEmpty()
                || !scope.allows(ip.get())
                || isNat64(ip.get())) {
            return;
        }
        var from = connection.remoteSocket().getAddress();
        if (isFour(from) != isFour(ip.get())) {
            return;
        }
        if (connection.direction() == Connection.Direction.INBOUND) {
            if (seen.port() != 0) {
                table.observe(connection.remotePeer(), from, plain.get(), false);
            }
        } else {
            onlyPort(ip.get())
                    .ifPresent(port ->
                            table.observe(
                                    connection.remotePeer(),
                                    from,
                                    Multiaddr.ofTcp(new InetSocketAddress(ip.get(), port)),
                                    true));
        }
    }

    /// The port that this node listens on, where it is one.
    private Optional<Integer> onlyPort(InetAddress ip) {
        var ports =
                listening.get().stream()
                        .filter(socket -> isFour(socket.getAddress()) == isFour(ip))
                        .map(InetSocketAddress::getPort)
                        .distinct()
                        .toList();
        return ports.size() == 1 ? Optional.of(ports.getFirst()) : Optional.empty();
    }

    private static boolean isFour(InetAddress ip) {
        return ip instanceof Inet4Address;
    }

    /// 64:ff9b::/96 is where one peer's own network puts IPv4 addresses; nobody else has it there.
    private static boolean isNat64(InetAddress ip) {
        var b = ip.getAddress();
        return b.length == 16
                && b[0] == 0
                && b[1] == 0x64
                && (b[2] & 0xFF) == 0xFF
                && (b[3] & 0xFF) == 0x9B;
    }

    @Override
    public void onDisconnected(Connection connection, boolean last, String reason) {
        if (last) {
            table.left(connection.remotePeer(), clock.instant());
        }
    }

    /// What enough peers agree on: to be tried.
    public List<Multiaddr> candidates() {
        return table.candidates(clock.instant()).stream()
                .map(ObservedAddressTable.Candidate::address)
                .toList();
    }

    /// What may be announced: not what was found unreachable, and of guesses only what was reached.
    ///
    /// @param verdict what is known of an address
    public List<Multiaddr> announceable(Function<Multiaddr, Reachability> verdict) {
        return table.candidates(clock.instant()).stream()
                .filter(candidate ->
                        switch (verdict.apply(candidate.address())) {
                            case PUBLIC -> true;
                            case UNKNOWN -> !candidate.guessed();
                            case PRIVATE -> false;
                        })
                .map(ObservedAddressTable.Candidate::address)
                .toList();
    }
}
