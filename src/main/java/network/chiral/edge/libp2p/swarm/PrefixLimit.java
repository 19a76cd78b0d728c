// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

/// What the inbound connections from one address prefix may use together; 0 is no limit.
///
/// @param six true for IPv6
/// @param bits length of the prefix
/// @param connections open or in their handshake
/// @param handshakes under way
/// @param perSecond new connections a second in the long run
/// @param burst new connections at once, where `perSecond` is a limit
public record PrefixLimit(
        boolean six, int bits, int connections, int handshakes, double perSecond, int burst) {
    public PrefixLimit {
        if (bits < 1 || bits > (six ? 128 : 32)) {
            throw new IllegalArgumentException("a prefix of " + bits + " bits");
        }
        if (perSecond > 0 && burst < 1) {
            throw new IllegalArgumentException("a rate without a burst lets nobody in");
        }
    }
}
