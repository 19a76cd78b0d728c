// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

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
import org.openjdk.jmh.annotations.Warmup;

/// The public-key steps of a handshake and of a voucher.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HandshakeCryptoBench {
    private static final byte[] MESSAGE = new byte[100];

    @Param({"libcrypto", "java"})
    public String provider;

    private CryptoProvider crypto;
    private Ed25519Signer signer;
    private byte[] signature;

    @Setup(Level.Trial)
    public void setUp() {
        crypto = CipherBench.named(provider);
        signer = crypto.ed25519Signer(new byte[32]);
        signature = signer.sign(MESSAGE);
    }

    @Benchmark
    public byte[] sign() {
        return signer.sign(MESSAGE);
    }

    @Benchmark
    public boolean verify() {
        return crypto.ed25519Verify(signer.publicKey(), MESSAGE, signature);
    }

    @Benchmark
    public byte[] newKeyPair() {
        try (var pair = crypto.newX25519KeyPair()) {
            return pair.publicKey();
        }
    }
}
