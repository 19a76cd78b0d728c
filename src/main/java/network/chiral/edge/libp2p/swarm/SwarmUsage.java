// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

/// What a swarm's connections use now.
///
/// @param inbound connections that came in
/// @param outbound connections that were dialled, and circuits
/// @param handshakes inbound, under way
/// @param streams inbound
/// @param bufferedBytes received on streams and not consumed yet
/// @param windowGrowthBytes that receive windows have grown by beyond their first 256 KiB
public record SwarmUsage(
        int inbound,
        int outbound,
        int handshakes,
        int streams,
        long bufferedBytes,
        long windowGrowthBytes) {}
