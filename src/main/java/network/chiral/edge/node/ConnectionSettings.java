// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.swarm.AdmissionLimits;
import network.chiral.edge.libp2p.swarm.ConnectionLimits;
import network.chiral.edge.libp2p.swarm.ShareLimits;
import network.chiral.edge.libp2p.swarm.TrimRules;

/// What the configuration says of connections, read and checked.
///
/// @param limits who may connect, and what all of them may use
/// @param trimming which connections are closed when nobody needs them
public record ConnectionSettings(ConnectionLimits limits, TrimRules trimming) {
    private static final String PREFIX = "chiral.connections.";

    /// Of the memory, what receive windows may grow by.
    private static final int GROWTH_SHARE = 4;

    /// Reads and checks the keys.
    ///
    /// @param memory bytes that this process may use
    /// @throws BadConfiguration for the first value that cannot be
    public static ConnectionSettings of(ConnectionsConfig config, long memory) {
        var usual = ConnectionLimits.DEFAULT;
        var limits =
                new ConnectionLimits(
                        number("max", config.max()),
                        number("handshakes", config.handshakes()),
                        usual.handshakeDeadline(),
                        usual.keepAlive(),
                        Math.min(usual.windowGrowthBytes(), memory / GROWTH_SHARE),
                        admission(config, memory));
        return new ConnectionSettings(limits, trimming(config));
    }

    private static AdmissionLimits admission(ConnectionsConfig config, long memory) {
        int rate = number("rate-per-ip", config.ratePerIp());
        var prefixes =
                AdmissionLimits.prefixes(
                        number("per-ip", config.perIp()),
                        number("handshakes-per-ip", config.handshakesPerIp()),
                        rate,
                        SettingValue.number(
                                PREFIX + "burst-per-ip", config.burstPerIp(), rate > 0 ? 1 : 0));
        int streams =
                config.streams()
                        .map(value -> number("streams", value))
                        .orElse(AdmissionLimits.streamsFor(memory));
        long buffered =
                bytes(
                        "buffered-bytes",
                        config.bufferedBytes(),
                        AdmissionLimits.bufferedFor(memory));
        return new AdmissionLimits(
                number("per-peer", config.perPeer()),
                prefixes,
                trusted(config),
                config.trustLoopback(),
                streams,
                number("streams-per-peer", config.streamsPerPeer()),
                buffered,
                shares(config, ShareLimits.of(streams, buffered)));
    }

    private static ShareLimits shares(ConnectionsConfig config, ShareLimits usual) {
        return new ShareLimits(
                config.streamsPerIp()
                        .map(value -> number("streams-per-ip", value))
                        .orElse(usual.streamsPerIp()),
                bytes(
                        "buffered-bytes-per-peer",
                        config.bufferedBytesPerPeer(),
                        usual.bufferedPerPeer()),
                bytes("buffered-bytes-per-ip", config.bufferedBytesPerIp(), usual.bufferedPerIp()));
    }

    private static long bytes(String name, Optional<String> value, long usual) {
        return value.map(text -> SettingValue.bytes(PREFIX + name, text)).orElse(usual);
    }

    private static List<IpPrefix> trusted(ConnectionsConfig config) {
        return config.trustedPrefixes().orElse(List.of()).stream()
                .filter(text -> !text.isBlank())
                .map(ConnectionSettings::prefix)
                .distinct()
                .toList();
    }

    private static IpPrefix prefix(String text) {
        try {
            return IpPrefix.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration(
                    PREFIX + "trusted-prefixes",
                    text,
                    "an address or a prefix such as 192.0.2.0/24 or 2001:db8::/56");
        }
    }

    private static TrimRules trimming(ConnectionsConfig config) {
        int high = number("high-water", config.highWater());
        int low = number("low-water", config.lowWater());
        if (high > 0 && low > high) {
            throw new BadConfiguration(
                    PREFIX + "low-water", config.lowWater(), "no more than high-water, " + high);
        }
        return new TrimRules(
                high,
                Math.min(low, high),
                duration("grace", config.grace(), Duration.ZERO),
                duration("idle-timeout", config.idleTimeout(), Duration.ZERO),
                duration("trim-interval", config.trimInterval(), Duration.ofSeconds(1)));
    }

    private static int number(String name, String value) {
        return SettingValue.number(PREFIX + name, value, 0);
    }

    private static Duration duration(String name, String value, Duration min) {
        return SettingValue.duration(PREFIX + name, value, min);
    }
}
