// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.libp2p.identity.PeerId;
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

/// Slots, in a table that holds so many.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RelayBench {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    @Param({"10", "1000", "100000"})
    public int held;

    private final Random random = new Random(1);
    private final List<PeerId> holders = new ArrayList<>();
    private ReservationTable table;
    private InetAddress from;
    private PeerId guest;
    private int next;

    @Setup
    public void setUp() throws UnknownHostException {
        table = new ReservationTable(RelayLimits.UNLIMITED);
        from = InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 7});
        for (int i = 0; i < held; i++) {
            holders.add(somebody());
            table.reserve(holders.get(i), from, NOW);
        }
        guest = somebody();
    }

    private PeerId somebody() {
        var multihash = new byte[34];
        random.nextBytes(multihash);
        multihash[0] = 0x12;
        multihash[1] = 0x20;
        return PeerId.ofBytes(multihash);
    }

    /// One more comes, and leaves again.
    @Benchmark
    public boolean reserveAndRelease() {
        table.reserve(guest, from, NOW);
        return table.release(guest);
    }

    @Benchmark
    public boolean isReserved() {
        return table.isReserved(holders.get(next++ % held), NOW);
    }
}
