// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

/// Bytes per second of circuits, both directions together; 0 is no limit.
///
/// @param perCircuit of one circuit
/// @param perPeer of all circuits that one peer is an end of
/// @param total of all circuits
public record Bandwidth(long perCircuit, long perPeer, long total) {
    public static final Bandwidth UNLIMITED = new Bandwidth(0, 0, 0);

    public Bandwidth {
        if (perCircuit < 0 || perPeer < 0 || total < 0) {
            throw new IllegalArgumentException("a relay limit is 0 (none) or positive");
        }
    }
}
