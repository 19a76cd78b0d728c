// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The steps of an answer to FIND_NODE, in a table that has met so many servers.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KadBench {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final int TARGETS = 1024;

    @Param({"20", "200", "5000"})
    public int met;

    private final Random random = new Random(1);
    private final List<byte[]> keys = new ArrayList<>();
    private RoutingTable table;
    private PeerId asker;
    private int next;

    @Setup
    public void setUp() {
        table = new RoutingTable(KadKey.of(somebody()), KadLimits.DEFAULT, Duration.ofMinutes(5));
        var address = Multiaddr.parse("/ip4/203.0.113.7/tcp/4001");
        for (int i = 0; i < met; i++) {
            table.verified(Member.of(somebody(), List.of(address), Optional.empty()), NOW);
        }
        for (int i = 0; i < TARGETS; i++) {
            keys.add(somebody().bytes());
        }
        asker = somebody();
    }

    private PeerId somebody() {
        var multihash = new byte[34];
        random.nextBytes(multihash);
        multihash[0] = 0x12;
        multihash[1] = 0x20;
        return PeerId.ofBytes(multihash);
    }

    private KadKey target() {
        return KadKey.of(keys.get(next++ & TARGETS - 1));
    }

    @Benchmark
    public List<Member> nearest() {
        return table.nearest(target(), KadLimits.K, asker, NOW);
    }

    /// The whole of it: key, neighbours, bytes.
    @Benchmark
    public byte[] find() {
        var out = new AnswerWriter(KadType.FIND_NODE);
        for (var member : table.nearest(target(), KadLimits.K, asker, NOW)) {
            out.closer(member.wire(), Connectedness.CONNECTED);
        }
        return out.toBytes();
    }
}
