// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.security.noise;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.crypto.Aead;
import network.chiral.edge.libp2p.crypto.X25519KeyPair;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

/// The three messages of Noise XX, from either side and without any IO.
///
/// ```
/// initiator: start() -> 1          onMessage(2) -> 3, done
/// responder: onMessage(1) -> 2     onMessage(3), done
/// ```
public final class NoiseHandshake implements AutoCloseable {
    private static final int KEY_LENGTH = 32;

    /// What the handshake came to.
    ///
    /// @param remotePeer proved by the signature over its static key
    /// @param keyType number of the type of the key it is proved by
    /// @param send key for what this side sends
    /// @param receive key for what it receives
    /// @param muxer agreed early, or empty where the other side offered none and multistream decides
    public record Result(
            PeerId remotePeer, int keyType, Aead send, Aead receive, Optional<String> muxer) {}

    private final NoiseKeys keys;
    private final boolean initiator;
    private final Optional<PeerId> expected;
    private final SymmetricState state;
    private final X25519KeyPair ephemeral;
    private byte[] remoteEphemeral = {};
    private int step;
    private int keyType;
    private @Nullable Result result;

    /// @param initiator true on the side that dialled
    /// @param expected whom the other side must be; empty where anybody may come
    public NoiseHandshake(NoiseKeys keys, boolean initiator, Optional<PeerId> expected) {
        this.keys = keys;
        this.initiator = initiator;
        this.expected = expected;
        this.state = new SymmetricState(keys.crypto);
        this.ephemeral = keys.ephemeral();
    }

    /// The initiator's first message: its ephemeral key in the clear.
    public byte[] start() {
        state.mixHash(ephemeral.publicKey());
        state.encryptAndHash(new byte[0]);
        return ephemeral.publicKey();
    }

    /// Takes the other side's next message.
    ///
    /// @return the message to send back, empty where none is due
    /// @throws MalformedMessage where the other side is not who it must be or does not know its own
    ///     keys; the connection is to be closed at once
    public Optional<byte[]> onMessage(byte[] message) throws MalformedMessage {
        try {
            if (initiator) {
                readSecond(message);
                return Optional.of(writeThird());
            }
            if (step++ == 0) {
                readFirst(message);
                return Optional.of(writeSecond());
            }
            readThird(message);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new MalformedMessage("a Noise message with a bad key: " + e.getMessage(), e);
        }
    }

    /// Empty until the last message has been taken or made.
    public Optional<Result> result() {
        return Optional.ofNullable(result);
    }

    private void readFirst(byte[] message) throws MalformedMessage {
        remoteEphemeral = slice(message, 0, KEY_LENGTH);
        state.mixHash(remoteEphemeral);
        state.decryptAndHash(Arrays.copyOfRange(message, KEY_LENGTH, message.length));
    }

    private byte[] writeSecond() {
        state.mixHash(ephemeral.publicKey());
        state.mixKey(ephemeral.agree(remoteEphemeral));
        var staticKey = state.encryptAndHash(keys.staticKey.publicKey());
        state.mixKey(keys.staticKey.agree(remoteEphemeral));
        return joined(ephemeral.publicKey(), staticKey, state.encryptAndHash(keys.payload));
    }

    private void readSecond(byte[] message) throws MalformedMessage {
        remoteEphemeral = slice(message, 0, KEY_LENGTH);
        state.mixHash(remoteEphemeral);
        state.mixKey(ephemeral.agree(remoteEphemeral));
        int end = KEY_LENGTH + KEY_LENGTH + Aead.TAG_LENGTH;
        var staticKey = state.decryptAndHash(slice(message, KEY_LENGTH, end));
        state.mixKey(ephemeral.agree(staticKey));
        var payload = state.decryptAndHash(Arrays.copyOfRange(message, end, message.length));
        authenticate(staticKey, payload);
    }

    private byte[] writeThird() {
        var staticKey = state.encryptAndHash(keys.staticKey.publicKey());
        state.mixKey(keys.staticKey.agree(remoteEphemeral));
        var message = joined(staticKey, state.encryptAndHash(keys.payload));
        finish();
        return message;
    }

    private void readThird(byte[] message) throws MalformedMessage {
        int end = KEY_LENGTH + Aead.TAG_LENGTH;
        var staticKey = state.decryptAndHash(slice(message, 0, end));
        state.mixKey(ephemeral.agree(staticKey));
        var payload = state.decryptAndHash(Arrays.copyOfRange(message, end, message.length));
        authenticate(staticKey, payload);
        finish();
    }

    private @Nullable PeerId authenticated;
    private Optional<String> muxer = Optional.empty();

    private void authenticate(byte[] staticKey, byte[] message) throws MalformedMessage {
        var payload = NoisePayload.parse(message);
        var signed = NoisePayload.signedBytes(staticKey);
        if (!payload.identityKey().verify(keys.crypto, signed, payload.signature())) {
            throw new MalformedMessage("the static key is not signed by the identity key");
        }
        var peer = PeerId.of(payload.identityKey());
        if (expected.isPresent() && !expected.get().equals(peer)) {
            throw new PeerMismatch(expected.get(), peer);
        }
        authenticated = peer;
        keyType = payload.identityKey().type();
        muxer = agree(payload.muxers());
    }

    /// The first of the initiator's list that both have (connections/inlined-muxer-negotiation.md).
    private Optional<String> agree(List<String> remoteMuxers) throws MalformedMessage {
        if (remoteMuxers.isEmpty() || keys.muxers.isEmpty()) {
            return Optional.empty();
        }
        var preferred = initiator ? keys.muxers : remoteMuxers;
        var other = initiator ? remoteMuxers : keys.muxers;
        for (var candidate : preferred) {
            if (other.contains(candidate)) {
                return Optional.of(candidate);
            }
        }
        throw new MalformedMessage("no common stream multiplexer: " + remoteMuxers);
    }

    private void finish() {
        var split = state.split();
        var peer = authenticated;
        if (peer == null) {
            throw new IllegalStateException("a handshake ends after its payload was read");
        }
        result =
                initiator
                        ? new Result(peer, keyType, split[0], split[1], muxer)
                        : new Result(peer, keyType, split[1], split[0], muxer);
    }

    private static byte[] slice(byte[] message, int from, int to) throws MalformedMessage {
        if (message.length < to) {
            throw new MalformedMessage("a Noise message of " + message.length + " bytes");
        }
        return Arrays.copyOfRange(message, from, to);
    }

    private static byte[] joined(byte[]... parts) {
        int length = 0;
        for (var part : parts) {
            length += part.length;
        }
        var whole = new byte[length];
        int at = 0;
        for (var part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }

    /// Frees the handshake's own keys; the keys of a [Result] belong to whoever took it.
    @Override
    public void close() {
        state.close();
        ephemeral.close();
    }
}
