// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What a relay does with each byte: opens a frame and seals it anew. The time is that of one frame.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CipherBench {
    private static final byte[] KEY = new byte[32];

    @Param({"libcrypto", "java", "bouncycastle"})
    public String provider;

    @Param({"1024", "4096", "16384", "65536"})
    public int bytes;

    private Aead aead;
    private ByteBuf plain;
    private ByteBuf[] parts;
    private ByteBuf sealed;
    private ByteBuf copy;

    @Setup(Level.Trial)
    public void setUp() {
        aead = named(provider).chacha20Poly1305(KEY);
        var allocator = PooledByteBufAllocator.DEFAULT;
        plain = allocator.directBuffer(bytes).writeZero(bytes);
        parts = new ByteBuf[] {plain};
        sealed = allocator.directBuffer(bytes + Aead.TAG_LENGTH);
        copy = allocator.directBuffer(bytes + Aead.TAG_LENGTH);
        aead.seal(1, Aead.NO_ASSOCIATED_DATA, parts, 1, sealed);
    }

    /// The provider of that name, and no other in its place.
    static CryptoProvider named(String name) {
        return CryptoProviders.candidates(Libcrypto.names()).stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow()
                .provider()
                .get();
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        aead.close();
        plain.release();
        sealed.release();
        copy.release();
    }

    @Benchmark
    public ByteBuf seal() {
        copy.clear();
        aead.seal(1, Aead.NO_ASSOCIATED_DATA, parts, 1, copy);
        return copy;
    }

    /// Opening is in place, so the sealed frame is copied first; that is a hundredth of the time.
    @Benchmark
    public boolean open() {
        copy.clear().writeBytes(sealed, 0, bytes + Aead.TAG_LENGTH);
        if (!aead.open(1, Aead.NO_ASSOCIATED_DATA, copy, 0, bytes + Aead.TAG_LENGTH)) {
            throw new IllegalStateException("the frame does not open");
        }
        return true;
    }
}
