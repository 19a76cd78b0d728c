// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

/// What one Yamux session may use.
///
/// @param inboundStreams open at once by the remote; one more is reset (js-libp2p takes 1,000)
/// @param unacknowledgedStreams opened here and not acknowledged yet (yamux/README.md: 256)
/// @param maxWindow bytes that a stream's receive window may grow to (go-yamux as go-libp2p sets it: 16 MiB)
/// @param maxFrame payload bytes of one data frame sent (go and js: 64 KiB)
public record YamuxLimits(
        int inboundStreams, int unacknowledgedStreams, int maxWindow, int maxFrame) {
    public static final YamuxLimits DEFAULT =
            new YamuxLimits(1000, 256, 16 * 1024 * 1024, 64 * 1024 - 1024);
}
