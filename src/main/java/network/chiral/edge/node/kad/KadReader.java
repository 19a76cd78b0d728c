// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.kad;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.kad.KadLimits;
import network.chiral.edge.libp2p.protocol.kad.KadSettings;
import network.chiral.edge.libp2p.protocol.kad.KadTimes;
import network.chiral.edge.node.BadConfiguration;
import network.chiral.edge.node.SettingValue;

/// Reads and checks the settings of the DHTs.
public final class KadReader {
    private static final Pattern PROTOCOL = Pattern.compile("/[\\x21-\\x7e]{1,200}");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private KadReader() {}

    /// @throws BadConfiguration for the first value that cannot be
    public static KadSettings read(KadConfig config) {
        return new KadSettings(
                protocols(config),
                SettingValue.choice("chiral.kad.mode", config.mode(), KadSettings.Mode.class),
                storage(config.storage()),
                limits(config),
                times(config));
    }

    /// Where records and providers are kept.
    public static Path file(KadConfig config, Path dataDir) {
        return config.file()
                .map(file -> SettingValue.path("chiral.kad.file", file))
                .orElseGet(() -> dataDir.resolve("kad_records.bin"));
    }

    /// Between two saves while something changes.
    public static Duration saveInterval(KadConfig config) {
        return duration("save-interval", config.saveInterval());
    }

    private static List<ProtocolId> protocols(KadConfig config) {
        return config.protocols().stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty() && !name.equalsIgnoreCase("none"))
                .distinct()
                .map(KadReader::protocol)
                .toList();
    }

    private static ProtocolId protocol(String name) {
        if (!PROTOCOL.matcher(name).matches()) {
            throw new BadConfiguration(
                    "chiral.kad.protocols", name, "a protocol id such as /chiral/kad/1.0.0");
        }
        return new ProtocolId(name);
    }

    private static KadSettings.Storage storage(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "store" -> KadSettings.Storage.STORE;
            case "router-only" -> KadSettings.Storage.ROUTER_ONLY;
            default ->
                    throw new BadConfiguration(
                            "chiral.kad.storage", value, "one of store, router-only");
        };
    }

    private static KadLimits limits(KadConfig config) {
        return new KadLimits(
                number("records", config.records()),
                bytes("record-bytes", config.recordBytes()),
                number("records-per-peer", config.recordsPerPeer()),
                bytes("record-bytes-per-peer", config.recordBytesPerPeer()),
                number("providers", config.providers()),
                number("providers-per-peer", config.providersPerPeer()),
                number("group-per-bucket", config.groupPerBucket()),
                number("group-per-table", config.groupPerTable()));
    }

    private static KadTimes times(KadConfig config) {
        return new KadTimes(
                duration("record-lifetime", config.recordLifetime()),
                duration("provider-lifetime", config.providerLifetime()),
                duration("verify-every", config.verifyEvery()),
                duration("refresh-every", config.refreshEvery()),
                duration("query-timeout", config.queryTimeout()),
                KadTimes.DEFAULT.peerPatience());
    }

    private static int number(String name, String value) {
        return SettingValue.number("chiral.kad." + name, value, 0);
    }

    private static long bytes(String name, String value) {
        return SettingValue.bytes("chiral.kad." + name, value);
    }

    private static Duration duration(String name, String value) {
        return SettingValue.duration("chiral.kad." + name, value, SECOND);
    }
}
