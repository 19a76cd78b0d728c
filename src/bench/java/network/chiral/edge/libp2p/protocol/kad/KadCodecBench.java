// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A FIND_NODE as a server reads it, and its answer with 20 peers as a client does.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KadCodecBench {
    private byte[] request;
    private byte[] answer;

    @Setup
    public void setUp() {
        var random = new Random(1);
        var addresses = List.of(Multiaddr.parse("/ip4/203.0.113.7/tcp/4001"));
        var out = new AnswerWriter(KadType.FIND_NODE);
        for (int i = 0; i < KadLimits.K; i++) {
            out.closer(KadCodec.toBytes(somebody(random), addresses), Connectedness.CONNECTED);
        }
        answer = out.toBytes();
        request = KadCodec.toBytes(new KadRequest.FindNode(somebody(random).bytes()));
    }

    private static PeerId somebody(Random random) {
        var multihash = new byte[34];
        random.nextBytes(multihash);
        multihash[0] = 0x12;
        multihash[1] = 0x20;
        return PeerId.ofBytes(multihash);
    }

    @Benchmark
    public KadRequest parseRequest() throws MalformedMessage {
        return KadCodec.parseRequest(request);
    }

    @Benchmark
    public KadAnswer parseAnswer() throws MalformedMessage {
        return KadCodec.parseAnswer(answer);
    }
}
