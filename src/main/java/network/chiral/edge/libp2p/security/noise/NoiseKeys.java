// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.security.noise;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.crypto.X25519KeyPair;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PublicKey;

/// What a host needs for all its Noise handshakes: one static key per process, signed once.
///
/// Keeping the static key saves a signature per connection; the spec allows it ("a static key ... may
/// be used for multiple sessions").
public final class NoiseKeys implements AutoCloseable {
    final CryptoProvider crypto;
    final X25519KeyPair staticKey;
    final byte[] payload;
    final List<String> muxers;
    private final EphemeralKeys ephemerals;

    /// @param muxers offered in the handshake, best first
    public NoiseKeys(CryptoProvider crypto, Identity identity, List<String> muxers) {
        this(crypto, identity.publicKey(), identity::sign, muxers);
    }

    /// @param muxers offered in the handshake, best first
    /// @param ahead runs what makes ephemeral keys for handshakes to come
    public NoiseKeys(
            CryptoProvider crypto, Identity identity, List<String> muxers, Executor ahead) {
        this(
                crypto,
                identity.publicKey(),
                identity::sign,
                muxers,
                new EphemeralKeys(crypto, EphemeralKeys.READY, ahead));
    }

    /// For an identity of any key type.
    NoiseKeys(
            CryptoProvider crypto,
            PublicKey identity,
            UnaryOperator<byte[]> sign,
            List<String> muxers) {
        this(crypto, identity, sign, muxers, new EphemeralKeys(crypto, 0, Runnable::run));
    }

    private NoiseKeys(
            CryptoProvider crypto,
            PublicKey identity,
            UnaryOperator<byte[]> sign,
            List<String> muxers,
            EphemeralKeys ephemerals) {
        this.crypto = crypto;
        this.staticKey = crypto.newX25519KeyPair();
        this.muxers = List.copyOf(muxers);
        this.ephemerals = ephemerals;
        var signature = sign.apply(NoisePayload.signedBytes(staticKey.publicKey()));
        this.payload = new NoisePayload(identity, signature, this.muxers).toBytes();
    }

    /// A key for one handshake, which closes it.
    X25519KeyPair ephemeral() {
        return ephemerals.take();
    }

    /// Ends the keys that wait for handshakes. Handshakes under way go on.
    @Override
    public void close() {
        ephemerals.close();
    }

    /// Keys of an identity that nobody knows and that is forgotten with them.
    public NoiseKeys ofAStranger() {
        return new NoiseKeys(crypto, Identity.random(crypto), muxers);
    }
}
