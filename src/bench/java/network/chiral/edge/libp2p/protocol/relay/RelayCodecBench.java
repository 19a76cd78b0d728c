// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A CONNECT as the relay reads it, and a granted slot as it writes it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RelayCodecBench {
    private static final PeerId SOMEBODY =
            PeerId.parse("12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN");

    private final byte[] connect = RelayCodec.toBytes(new HopMessage.Connect(SOMEBODY));
    private final HopMessage granted =
            new HopMessage.Granted(
                    Instant.ofEpochSecond(1_800_000_000),
                    List.of(Multiaddr.parse("/ip4/203.0.113.7/tcp/4001")),
                    new byte[220], // a voucher has about as many
                    Allowance.UNLIMITED);

    @Benchmark
    public HopMessage parseConnect() throws MalformedMessage {
        return RelayCodec.parseHop(connect);
    }

    @Benchmark
    public byte[] printGranted() {
        return RelayCodec.toBytes(granted);
    }
}
