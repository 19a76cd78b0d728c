// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import network.chiral.edge.libp2p.crypto.CryptoProviders;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.host.HostSettings;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AddressScope;

/// `ping [--count N] ADDRESS`: dials a peer with an identity of the moment, pings it, and prints what
/// that took as one line of JSON.
final class PingCommand {
    static final String NAME = "ping";

    private static final String USAGE =
            "usage: ping [--count 1..1000] /ip4|ip6|dns4|dns6/.../tcp/PORT/p2p/PEER";
    private static final int MAX_COUNT = 1_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private final PrintStream out;
    private final PrintStream err;

    PingCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    private record Request(PeerId peer, Multiaddr address, int count) {}

    int run(List<String> arguments) {
        Request request;
        try {
            request = request(arguments);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.println(USAGE);
            return Commands.USAGE;
        }
        try {
            out.println(measure(request));
            return Commands.OK;
        } catch (IOException e) {
            err.println(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Commands.FAILED;
    }

    private static Request request(List<String> arguments) {
        int count = 1;
        var rest = arguments;
        if (rest.size() >= 2 && rest.getFirst().equals("--count")) {
            count = count(rest.get(1));
            rest = rest.subList(2, rest.size());
        }
        if (rest.size() != 1) {
            throw new IllegalArgumentException("one address is wanted, not " + rest.size());
        }
        var address = Multiaddr.parse(rest.getFirst());
        var peer =
                address.peer()
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        address + " does not end in /p2p/PEER"));
        return new Request(PeerId.ofBytes(peer), address, count);
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
