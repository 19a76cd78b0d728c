// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.identify;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
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

/// An identify message with as much in it as those of usual peers have.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class IdentifyBench {
    private final IdentifyMessage message =
            new IdentifyMessage(
                    Optional.empty(),
                    IntStream.range(0, 6)
                            .mapToObj(i -> Multiaddr.parse("/ip4/203.0.113." + i + "/tcp/4001"))
                            .toList(),
                    IntStream.range(0, 12)
                            .mapToObj(i -> new ProtocolId("/example/protocol-" + i + "/1.0.0"))
                            .toList(),
                    Optional.of(Multiaddr.parse("/ip4/198.51.100.7/tcp/50123")),
                    Optional.of("/chiral/1.0.0"),
                    Optional.of("chiral/2.0.0-edge.0.1.0"),
                    Optional.of(new byte[300]));
    private final byte[] bytes = IdentifyCodec.toBytes(message);

    @Benchmark
    public IdentifyMessage parse() throws MalformedMessage {
        return IdentifyCodec.parse(bytes);
    }

    @Benchmark
    public byte[] print() {
        return IdentifyCodec.toBytes(message);
    }
}
