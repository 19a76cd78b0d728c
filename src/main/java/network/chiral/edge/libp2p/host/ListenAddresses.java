// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.Swarm;

/// Binds the listen addresses, and knows which addresses of the machine that makes.
final class ListenAddresses {
    private final List<InetSocketAddress> bound = new CopyOnWriteArrayList<>();

    /// Binds every address of `wanted`.
    ///
    /// Where both wildcards are wanted on one port, the IPv6 one takes both families; on a machine
    /// without IPv6 the IPv4 one is enough.
    ///
    /// @throws IOException where one cannot be bound, naming it
    void bind(Swarm swarm, List<Multiaddr> wanted) throws IOException {
        var sockets = new ArrayList<InetSocketAddress>();
        for (var address : wanted) {
            sockets.add(
                    address.tcpSocket()
                            .orElseThrow(() ->
                                    new IOException(address + " is no address to listen on")));
        }
        for (var socket : sockets) {
            var other = otherWildcard(socket, sockets);
            if (other.isPresent() && socket.getAddress() instanceof Inet4Address) {
                continue; // taken together with the IPv6 one
            }
            if (other.isPresent()) {
                bindBoth(swarm, socket, other.get());
            } else {
                listen(swarm, socket);
            }
        }
    }

    /// What the system calls the wildcard of IPv4 may be that of both families.
    private void listen(Swarm swarm, InetSocketAddress socket) throws IOException {
        bound.add(new InetSocketAddress(socket.getAddress(), swarm.listen(socket).getPort()));
    }

    private static Optional<InetSocketAddress> otherWildcard(
            InetSocketAddress socket, List<InetSocketAddress> all) {
        if (!socket.getAddress().isAnyLocalAddress()) {
            return Optional.empty();
        }
        return all.stream()
                .filter(other -> other.getAddress().isAnyLocalAddress())
                .filter(other -> other.getPort() == socket.getPort())
                .filter(other -> other.getAddress().getClass() != socket.getAddress().getClass())
                .findFirst();
    }

    private void bindBoth(Swarm swarm, InetSocketAddress six, InetSocketAddress four)
            throws IOException {
        try {
            var both = swarm.listen(six);
            bound.add(both);
            bound.add(new InetSocketAddress(four.getAddress(), both.getPort()));
        } catch (IOException e) {
            listen(swarm, four); // no IPv6 here, or the port is taken: then this says so
        }
    }

    /// Where the host really listens, wildcards as such.
    List<Multiaddr> bound() {
        return bound.stream().map(Multiaddr::ofTcp).toList();
    }

    /// The sockets that the host really listens on.
    List<InetSocketAddress> sockets() {
        return List.copyOf(bound);
    }

    /// The machine's addresses that `allowed` takes, with wildcards put in words: IPv4 first, because
    /// clients of Chiral's first epoch look at IPv4 only.
    List<Multiaddr> reachable(Predicate<Multiaddr> allowed) {
        var found = new LinkedHashSet<Multiaddr>();
        for (var type : List.of(Inet4Address.class, Inet6Address.class)) {
            for (var socket : bound) {
                for (var ip : spelledOut(socket.getAddress())) {
                    if (type.isInstance(ip)) {
                        found.add(Multiaddr.ofTcp(new InetSocketAddress(ip, socket.getPort())));
                    }
                }
            }
        }
        return found.stream().filter(allowed).toList();
    }

    private static List<InetAddress> spelledOut(InetAddress ip) {
        if (!ip.isAnyLocalAddress()) {
            return List.of(ip);
        }
        try {
            return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(own -> own.getClass() == ip.getClass())
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }
}
