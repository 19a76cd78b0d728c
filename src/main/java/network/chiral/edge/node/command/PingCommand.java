// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import network.chiral.edge.libp2p.crypto.CryptoProviders;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.host.HostSettings;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AddressScope;

/// `ping [--count N] ADDRESS`: dials a peer with an identity of the moment, pings it, and prints what
/// that took as one line of JSON.
final class PingCommand implements Command {
    static final String NAME = "ping";

    private static final String COUNT = "--count";
    private static final int MAX_COUNT = 1_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private record Request(PeerId peer, Multiaddr address, int count) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "dials a peer with an identity of the moment, and tells how long it took";
    }

    @Override
    public String help() {
        return """
        ping [--count 1..1000] /ip4|ip6|dns4|dns6/.../tcp/PORT/p2p/PEER
        Prints one line of JSON: peer, address, handshakePlusOneRttMillis, pingRttMillis. Exit code 1 where
        nobody answered.
          --count N  so many pings; without it one\
        """;
    }

    @Override
    public int run(List<String> typed, Console console) throws BadUsage, IOException {
        var request = request(Arguments.of(typed, Set.of(), Set.of(COUNT)));
        try {
            console.out().println(measure(request));
            return Commands.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Commands.FAILED;
        }
    }

    private static Request request(Arguments arguments) throws BadUsage {
        try {
            int count = arguments.value(COUNT).isEmpty() ? 1 : count(arguments.value(COUNT).get());
            var address = Multiaddr.parse(arguments.only("address"));
            var peer =
                    address.peer()
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            address + " does not end in /p2p/PEER"));
            return new Request(PeerId.ofBytes(peer), address, count);
        } catch (IllegalArgumentException e) {
            throw new BadUsage(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private static int count(String text) {
        try {
            int count = Integer.parseInt(text);
            if (count >= 1 && count <= MAX_COUNT) {
                return count;
            }
        } catch (NumberFormatException e) {
            // falls to the one sentence below
        }
        throw new IllegalArgumentException(
                "--count is '" + text + "', but it has to be a number from 1 to " + MAX_COUNT);
    }

    /// Whoever asks at a shell may ask for any address, loopback included.
    private static String measure(Request request) throws IOException, InterruptedException {
        var crypto = CryptoProviders.select("auto").provider();
        var settings = new HostSettings(crypto, Identity.random(crypto)).scope(AddressScope.ANY);
        var loops = new NioEventLoopGroup(1);
        try (var host = new Host(settings, loops, loops, Clock.systemUTC())) {
            host.start();
            long began = System.nanoTime();
            var connection = host.dial(request.peer(), List.of(request.address()), true);
            host.ping(connection);
            long firstAnswer = System.nanoTime() - began;
            var trips = new ArrayList<String>();
            for (int i = 0; i < request.count(); i++) {
                trips.add(millis(host.ping(connection).toNanos()));
            }
            return String.format(
                    "{\"peer\":\"%s\",\"address\":\"%s\",\"handshakePlusOneRttMillis\":%s,"
                            + "\"pingRttMillis\":[%s]}",
                    request.peer(),
                    connection.remoteAddress(),
                    millis(firstAnswer),
                    String.join(",", trips));
        } finally {
            loops.shutdownGracefully();
        }
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / NANOS_PER_MILLI);
    }
}
