// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The multiaddr protocols this node can read, with their codes (multiformats/multiaddr protocols.csv).
public enum MultiaddrProtocol {
    IP4(4, "ip4", Value.IP4),
    TCP(6, "tcp", Value.PORT),
    IP6(41, "ip6", Value.IP6),
    IP6ZONE(42, "ip6zone", Value.TEXT),
    DNS(53, "dns", Value.TEXT),
    DNS4(54, "dns4", Value.TEXT),
    DNS6(55, "dns6", Value.TEXT),
    DNSADDR(56, "dnsaddr", Value.TEXT),
    UDP(273, "udp", Value.PORT),
    WEBRTC_DIRECT(280, "webrtc-direct", Value.NONE),
    WEBRTC(281, "webrtc", Value.NONE),
    P2P_CIRCUIT(290, "p2p-circuit", Value.NONE),
    P2P(421, "p2p", Value.PEER),
    HTTPS(443, "https", Value.NONE),
    TLS(448, "tls", Value.NONE),
    SNI(449, "sni", Value.TEXT),
    NOISE(454, "noise", Value.NONE),
    QUIC(460, "quic", Value.NONE),
    QUIC_V1(461, "quic-v1", Value.NONE),
    WEBTRANSPORT(465, "webtransport", Value.NONE),
    CERTHASH(466, "certhash", Value.MULTIBASE),
    WS(477, "ws", Value.NONE),
    WSS(478, "wss", Value.NONE),
    HTTP(480, "http", Value.NONE),
    HTTP_PATH(481, "http-path", Value.ESCAPED_TEXT),
    MEMORY(777, "memory", Value.NUMBER);

    /// How a protocol's value is spelled in bytes and in text.
    enum Value {
        NONE(0),
        IP4(4),
        IP6(16),
        PORT(2),
        NUMBER(8),
        TEXT(-1),
        ESCAPED_TEXT(-1),
        MULTIBASE(-1),
        PEER(-1);

        /// Bytes of the value, or -1 where a varint length stands before it.
        final int length;

        Value(int length) {
            this.length = length;
        }
    }

    private static final Map<Integer, MultiaddrProtocol> BY_CODE = new HashMap<>();
    private static final Map<String, MultiaddrProtocol> BY_NAME = new HashMap<>();

    static {
        for (var protocol : values()) {
            BY_CODE.put(protocol.code, protocol);
            BY_NAME.put(protocol.text, protocol);
        }
        BY_NAME.put("ipfs", P2P); // the name before 2019, still in old address lists
    }

    final int code;
    final String text;
    final Value value;

    MultiaddrProtocol(int code, String text, Value value) {
        this.code = code;
        this.text = text;
        this.value = value;
    }

    static Optional<MultiaddrProtocol> ofCode(long code) {
        return Optional.ofNullable(BY_CODE.get((int) code)).filter(found -> found.code == code);
    }

    static Optional<MultiaddrProtocol> ofName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
