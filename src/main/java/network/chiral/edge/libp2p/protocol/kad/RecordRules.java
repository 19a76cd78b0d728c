// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.identity.PublicKey;
import network.chiral.edge.libp2p.wire.MalformedMessage;

/// Which values a key may have (kad-dht/README.md, Entry validation).
///
/// `/pk/<peer id>` holds that peer's public key. `/ipns/...` holds what only a validator of IPNS can
/// judge, and there is none here. All other values are the application's own affair, as Chiral's are.
final class RecordRules {
    private static final byte[] PUBLIC_KEY = "/pk/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAME = "/ipns/".getBytes(StandardCharsets.US_ASCII);

    private RecordRules() {}

    static boolean allow(byte[] key, byte[] value) {
        if (startsWith(key, PUBLIC_KEY)) {
            return isKeyOf(Arrays.copyOfRange(key, PUBLIC_KEY.length, key.length), value);
        }
        return !startsWith(key, NAME);
    }

    private static boolean isKeyOf(byte[] peer, byte[] value) {
        try {
            return PeerId.of(PublicKey.parse(value)).equals(PeerId.ofBytes(peer));
        } catch (MalformedMessage | IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
