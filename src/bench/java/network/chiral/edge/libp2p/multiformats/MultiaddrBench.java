// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

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

/// Addresses: of text, of bytes, and back.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MultiaddrBench {
    @Param({
        "/ip4/203.0.113.7/tcp/4001",
        "/ip6/2001:db8::7/udp/4001/quic-v1",
        "/dns4/relay.example.net/tcp/4001/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN/p2p-circuit"
    })
    public String text;

    private byte[] bytes;
    private Multiaddr address;

    @Setup
    public void setUp() {
        address = Multiaddr.parse(text);
        bytes = address.bytes();
    }

    @Benchmark
    public Multiaddr parse() {
        return Multiaddr.parse(text);
    }

    @Benchmark
    public Multiaddr ofBytes() {
        return Multiaddr.ofBytes(bytes);
    }

    @Benchmark
    public String print() {
        return address.toString();
    }
}
