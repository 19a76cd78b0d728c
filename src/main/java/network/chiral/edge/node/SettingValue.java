// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import org.jspecify.annotations.Nullable;

/// Reads the values of settings, and says what is allowed where one cannot be read.
public final class SettingValue {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([kKmMgG]?)(i?[bB])?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)?");

    private SettingValue() {}

    /// A whole number, `min` to 2³¹-1.
    public static int number(String key, String value, int min) {
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= min) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls to the one sentence below
        }
        throw new BadConfiguration(
                key, value, "a whole number from " + min + " to " + Integer.MAX_VALUE);
    }

    /// A path, absolute from here on.
    public static Path path(String key, String value) {
        try {
            if (!value.isBlank()) {
                return Path.of(value.strip()).toAbsolutePath().normalize();
            }
        } catch (InvalidPathException e) {
            // falls to the one sentence below
        }
        throw new BadConfiguration(key, value, "a path");
    }

    /// A number of bytes, `128M` being 128 x 1,048,576.
    public static long bytes(String key, String value) {
        var match = SIZE.matcher(value.strip());
        if (match.matches()) {
            long unit =
                    switch (match.group(2).toLowerCase(Locale.ROOT)) {
                        case "k" -> 1L << 10;
                        case "m" -> 1L << 20;
                        case "g" -> 1L << 30;
                        default -> 1;
                    };
            long count = Long.parseLong(match.group(1));
            if (count <= Long.MAX_VALUE / unit) {
                return count * unit;
            }
        }
        throw new BadConfiguration(
                key, value, "a number of bytes such as 131072, 128K, 128M or 1G; 0 is no limit");
    }

    /// A duration such as `90`, `90s`, `30m`, `1h`, `7d` or `PT30M`; a bare number is seconds.
    public static Duration duration(String key, String value, Duration min) {
        var found = duration(value.strip());
        if (found == null || found.compareTo(min) < 0) {
            throw new BadConfiguration(
                    key,
                    value,
                    "a duration such as 90s, 30m or 1h"
                            + (min.isZero()
                                    ? "; 0 is no limit"
                                    : ", at least " + min.toSeconds() + "s"));
        }
        return found;
    }

    private static @Nullable Duration duration(String value) {
        var match = TIME.matcher(value);
        try {
            if (!match.matches()) {
                var parsed = Duration.parse(value);
                return parsed.isNegative() ? null : parsed;
            }
            long count = Long.parseLong(match.group(1));
            return switch (match.group(2) == null ? "s" : match.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                case "d" -> Duration.ofDays(count);
                default -> Duration.ofSeconds(count);
            };
        } catch (DateTimeParseException | ArithmeticException e) {
            return null;
        }
    }

    /// One of the names of `type`, in any case.
    public static <E extends Enum<E>> E choice(String key, String value, Class<E> type) {
        for (var constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(value.strip())) {
                return constant;
            }
        }
        var names = new StringBuilder();
        for (var constant : type.getEnumConstants()) {
            names.append(names.isEmpty() ? "" : ", ")
                    .append(constant.name().toLowerCase(Locale.ROOT));
        }
        throw new BadConfiguration(key, value, "one of " + names);
    }

    /// An address to listen on.
    public static Multiaddr listenAddress(String key, String value) {
        var address = multiaddr(key, value, "such as /ip4/0.0.0.0/tcp/4001 or /ip6/::/tcp/4001");
        if (address.parts().size() != 2 || address.tcpSocket().isEmpty()) {
            throw new BadConfiguration(
                    key, value, "/ip4/<address>/tcp/<port> or /ip6/<address>/tcp/<port>");
        }
        return address;
    }

    /// An address to announce, without or with this node's peer id.
    public static Multiaddr announceAddress(String key, String value) {
        var address = multiaddr(key, value, "such as /dns4/relay.example.net/tcp/4001");
        if (address.isCircuit()) {
            throw new BadConfiguration(
                    key, value, "an address of this node, not one through a relay");
        }
        return address;
    }

    /// An address of a peer, which it names.
    public static Multiaddr peerAddress(String key, String value) {
        var allowed = "such as /ip4/192.0.2.1/tcp/4001/p2p/12D3KooW...";
        var address = multiaddr(key, value, allowed);
        if (address.peer().isEmpty()) {
            throw new BadConfiguration(
                    key, value, "a multiaddr that ends in /p2p/<peer id>, " + allowed);
        }
        return address;
    }

    /// The peer that `address` names at its end.
    public static PeerId peerOf(Multiaddr address) {
        return PeerId.ofBytes(
                address.peer()
                        .orElseThrow(
                                () -> new IllegalArgumentException(address + " names no peer")));
    }

    private static Multiaddr multiaddr(String key, String value, String example) {
        try {
            return Multiaddr.parse(value.strip());
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration(
                    key, value, "a multiaddr " + example + " (" + e.getMessage() + ")");
        }
    }
}
