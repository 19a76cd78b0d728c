// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.net.InetAddress;
import java.util.List;
import network.chiral.edge.libp2p.multiformats.IpPrefix;

/// Who may connect how often, and what all of them may hold; 0 is no limit.
///
/// go-libp2p lets 8 connections in from one IPv4 address and from one IPv6 /56, at 0.2 a second after a
/// burst of 16, and 64 from one /48. That turns away the office behind one address whom a relay is for,
/// so ours are larger.
///
/// @param perPeer inbound connections of one peer (go: 8)
/// @param prefixes limits by address prefix, all of which have to agree
/// @param trusted prefixes that no limit by prefix holds for
/// @param loopbackExempt whether loopback is trusted (go: yes)
/// @param streams inbound, of all connections together
/// @param streamsPerPeer inbound, of all connections of one peer (go: 256)
/// @param bufferedBytes received on streams and not consumed yet, of the whole host
/// @param shares what one peer and one address may have of streams and buffered bytes
public record AdmissionLimits(
        int perPeer,
        List<PrefixLimit> prefixes,
        List<IpPrefix> trusted,
        boolean loopbackExempt,
        int streams,
        int streamsPerPeer,
        long bufferedBytes,
        ShareLimits shares) {
    public static final int PER_PEER = 8;
    public static final int STREAMS_PER_PEER = 2_048;

    /// Connections of one IPv4 address or IPv6 /64: an office, or a mobile network's exit.
    public static final int PER_IP = 256;

    /// Handshakes at once of one IPv4 address or IPv6 /64; one takes a round trip or two.
    public static final int HANDSHAKES_PER_IP = 128;

    /// New connections of one address a second, after as many at once as may be open.
    public static final double RATE_PER_IP = 20;

    private static final int MIB = 1 << 20;
    private static final int LEAST_STREAMS = 32_768;
    private static final int STREAMS_PER_GIB = 16_384; // go: 1,024 per GiB
    private static final long LEAST_BUFFERED = 64L * MIB;

    public static final AdmissionLimits DEFAULT = forMemory(1024L * MIB);

    public AdmissionLimits {
        prefixes = List.copyOf(prefixes);
        trusted = List.copyOf(trusted);
    }

    /// Without limits by share.
    public AdmissionLimits(
            int perPeer,
            List<PrefixLimit> prefixes,
            List<IpPrefix> trusted,
            boolean loopbackExempt,
            int streams,
            int streamsPerPeer,
            long bufferedBytes) {
        this(
                perPeer,
                prefixes,
                trusted,
                loopbackExempt,
                streams,
                streamsPerPeer,
                bufferedBytes,
                ShareLimits.NONE);
    }

    /// The same but for the shares.
    public AdmissionLimits with(ShareLimits other) {
        return new AdmissionLimits(
                perPeer,
                prefixes,
                trusted,
                loopbackExempt,
                streams,
                streamsPerPeer,
                bufferedBytes,
                other);
    }

    /// The usual limits of a process that may use `bytes` of memory.
    public static AdmissionLimits forMemory(long bytes) {
        return new AdmissionLimits(
                PER_PEER,
                prefixes(PER_IP, HANDSHAKES_PER_IP, RATE_PER_IP, PER_IP),
                List.of(),
                true,
                streamsFor(bytes),
                STREAMS_PER_PEER,
                bufferedFor(bytes),
                ShareLimits.of(streamsFor(bytes), bufferedFor(bytes)));
    }

    public static int streamsFor(long memory) {
        return (int)
                Math.min(Integer.MAX_VALUE, LEAST_STREAMS + memory / MIB * STREAMS_PER_GIB / 1024);
    }

    public static long bufferedFor(long memory) {
        return Math.max(LEAST_BUFFERED, memory / 4);
    }

    /// The limits of an IPv4 address and an IPv6 /64, doubled for a /56 and again for a /48: what one
    /// customer and one site have.
    public static List<PrefixLimit> prefixes(
            int connections, int handshakes, double perSecond, int burst) {
        return List.of(
                new PrefixLimit(false, 32, connections, handshakes, perSecond, burst),
                new PrefixLimit(true, 64, connections, handshakes, perSecond, burst),
                new PrefixLimit(
                        true,
                        56,
                        twice(connections),
                        twice(handshakes),
                        2 * perSecond,
                        twice(burst)),
                new PrefixLimit(
                        true,
                        48,
                        twice(twice(connections)),
                        twice(twice(handshakes)),
                        4 * perSecond,
                        twice(twice(burst))));
    }

    /// True where no limit by prefix holds for `from`.
    boolean isExempt(InetAddress from) {
        return loopbackExempt && from.isLoopbackAddress()
                || trusted.stream().anyMatch(prefix -> prefix.contains(from));
    }

    private static int twice(int number) {
        return (int) Math.min(Integer.MAX_VALUE, 2L * number);
    }
}
