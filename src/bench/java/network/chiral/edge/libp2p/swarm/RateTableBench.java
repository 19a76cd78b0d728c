// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
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

/// Tokens of so many addresses, one after the other; a millisecond lies between two of them.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RateTableBench {
    private static final Instant START = Instant.ofEpochSecond(1_800_000_000);

    @Param({"10", "1000", "100000"})
    public int keys;

    private RateTable<Integer> table;
    private long calls;

    @Setup
    public void setUp() {
        table = new RateTable<>(new Rate(256, Duration.ofMillis(50)));
        calls = 0;
    }

    @Benchmark
    public boolean take() {
        var now = START.plusMillis(calls);
        return table.take((int) (calls++ % keys), now);
    }
}
