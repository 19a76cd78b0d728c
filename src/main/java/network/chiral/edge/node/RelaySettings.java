// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.multiformats.IpPrefixMap;
import network.chiral.edge.libp2p.protocol.relay.AdmissionLimits;
import network.chiral.edge.libp2p.protocol.relay.AdmissionLimits.PrefixCap;
import network.chiral.edge.libp2p.protocol.relay.Bandwidth;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.Rate;

/// Reads the relay's limits: a preset, and what takes the place of its numbers.
final class RelaySettings {
    private static final String PREFIX = "chiral.relay.";
    private static final Pattern CAP = Pattern.compile("ip([46])/(\\d{1,3})=(\\d{1,9})");
    private static final Pattern RATE = Pattern.compile("(\\d{1,9})\\+1/(.{1,12})");

    private enum Preset {
        CHIRAL,
        GO,
        RUST,
        UNLIMITED;

        RelayLimits limits() {
            return switch (this) {
                case CHIRAL -> RelayLimits.CHIRAL;
                case GO -> RelayLimits.GO;
                case RUST -> RelayLimits.RUST;
                case UNLIMITED -> RelayLimits.UNLIMITED;
            };
        }
    }

    private RelaySettings() {}

    /// @throws BadConfiguration for the first value that cannot be
    static RelayLimits limits(RelayConfig relay) {
        var base = SettingValue.choice(PREFIX + "preset", relay.preset(), Preset.class).limits();
        var perCircuit = base.allowance();
        return new RelayLimits(
                number("reservations", relay.reservations(), base.reservations()),
                relay.reservationLifetime()
                        .map(v -> duration("reservation-lifetime", v, Duration.ofSeconds(1)))
                        .orElse(base.reservationLifetime()),
                number(
                        "reservations-per-ip",
                        relay.reservationsPerIp(),
                        base.reservationsPerAddress()),
                number("circuits", relay.circuits(), base.circuits()),
                number("circuits-per-peer", relay.circuitsPerPeer(), base.circuitsPerPeer()),
                new Allowance(
                        relay.circuitBytes()
                                .map(v -> SettingValue.bytes(PREFIX + "circuit-bytes", v))
                                .orElse(perCircuit.bytesEachWay()),
                        relay.circuitDuration()
                                .map(v -> duration("circuit-duration", v, Duration.ZERO))
                                .orElse(perCircuit.duration())),
                admission(relay, base.admission()),
                new Bandwidth(
                        SettingValue.bytes(
                                PREFIX + "bandwidth-per-circuit", relay.bandwidthPerCircuit()),
                        SettingValue.bytes(PREFIX + "bandwidth-per-peer", relay.bandwidthPerPeer()),
                        SettingValue.bytes(PREFIX + "bandwidth-total", relay.bandwidthTotal())));
    }

    private static AdmissionLimits admission(RelayConfig relay, AdmissionLimits base) {
        return new AdmissionLimits(
                relay.reservationsPerPrefix().map(RelaySettings::caps).orElse(base.perPrefix()),
                number("reservations-per-asn", relay.reservationsPerAsn(), base.perAsn()),
                rate(
                        "reservation-rate-per-peer",
                        relay.reservationRatePerPeer(),
                        base.reservationsPerPeer()),
                rate(
                        "reservation-rate-per-ip",
                        relay.reservationRatePerIp(),
                        base.reservationsPerAddress()),
                rate("circuit-rate-per-peer", relay.circuitRatePerPeer(), base.circuitsPerPeer()),
                rate("circuit-rate-per-ip", relay.circuitRatePerIp(), base.circuitsPerAddress()),
                trusted(relay.trustedPrefixes().orElse(List.of())));
    }

    private static int number(String name, Optional<String> value, int preset) {
        return value.map(v -> SettingValue.number(PREFIX + name, v, 0)).orElse(preset);
    }

    private static Duration duration(String name, String value, Duration min) {
        return SettingValue.duration(PREFIX + name, value, min);
    }

    private static List<PrefixCap> caps(List<String> values) {
        var caps = new ArrayList<PrefixCap>();
        for (var value : values) {
            var text = value.strip();
            if (text.isEmpty() || text.equals("0")) {
                continue;
            }
            var match = CAP.matcher(text);
            var cap =
                    match.matches()
                            ? Optional.of(match)
                            : Optional.<java.util.regex.Matcher>empty();
            caps.add(
                    cap.map(found ->
                                    new PrefixCap(
                                            found.group(1).equals("6"),
                                            Integer.parseInt(found.group(2)),
                                            Integer.parseInt(found.group(3))))
                            .filter(one -> one.slots() > 0 && one.length() > 0)
                            .filter(one -> one.length() <= (one.six() ? 64 : 32))
                            .orElseThrow(() ->
                                    new BadConfiguration(
                                            PREFIX + "reservations-per-prefix",
                                            value,
                                            "a list such as ip4/24=2048,ip6/48=2048, up to ip4/32"
                                                    + " and ip6/64, or 0 for none")));
        }
        return caps;
    }

    private static Rate rate(String name, Optional<String> value, Rate preset) {
        return value.map(text -> rate(name, text.strip())).orElse(preset);
    }

    private static Rate rate(String name, String text) {
        if (text.equals("0")) {
            return Rate.NONE;
        }
        var match = RATE.matcher(text);
        if (match.matches() && Integer.parseInt(match.group(1)) > 0) {
            try {
                return new Rate(
                        Integer.parseInt(match.group(1)),
                        duration(name, match.group(2), Duration.ofMillis(1)));
            } catch (BadConfiguration e) {
                // falls to the one sentence below, which shows the whole value
            }
        }
        throw new BadConfiguration(
                PREFIX + name,
                text,
                "a rate such as 30+1/2m, 30 at once and one every 2 min, or 0");
    }

    private static IpPrefixMap<Integer> trusted(List<String> values) {
        var trusted = new HashMap<IpPrefix, Integer>();
        for (var value : values) {
            if (value.isBlank()) {
                continue;
            }
            var parts = value.strip().split("=", 2);
            try {
                int slots = parts.length == 1 ? 0 : Integer.parseUnsignedInt(parts[1]);
                trusted.put(IpPrefix.parse(parts[0]), Math.max(0, slots));
            } catch (IllegalArgumentException e) {
                throw new BadConfiguration(
                        PREFIX + "trusted-prefixes",
                        value,
                        "a list such as 192.0.2.7,198.51.100.0/24=500");
            }
        }
        return new IpPrefixMap<>(trusted);
    }
}
