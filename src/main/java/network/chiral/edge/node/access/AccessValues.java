// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.access;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.multiformats.IpPrefixMap;
import network.chiral.edge.libp2p.swarm.AccessLists.Entries;
import network.chiral.edge.libp2p.swarm.AccessLists.Use;
import network.chiral.edge.node.BadConfiguration;
import network.chiral.edge.node.RelayConfig;
import network.chiral.edge.node.SettingValue;
import network.chiral.edge.node.reload.FileReader;
import network.chiral.edge.node.reload.ReloadedFile;

/// Reads and checks what the configuration says of lists, tokens and the map of autonomous systems.
public final class AccessValues {
    /// Some 100,000 entries.
    private static final int MAX_LIST_BYTES = 8 << 20;

    private static final int MAX_TOKEN_BYTES = 128 << 10;

    /// All prefixes of the internet, some 1.2 million lines, are half of it.
    private static final int MAX_ASN_BYTES = 64 << 20;

    private AccessValues() {}

    /// Who is told what the files say.
    record Takers(
            Consumer<Entries> allow,
            Consumer<Entries> deny,
            Consumer<List<byte[]>> tokens,
            Consumer<IpPrefixMap<Integer>> asns) {}

    /// Reads all values and files once.
    ///
    /// @throws BadConfiguration for the first that cannot be
    public static void check(ListsConfig lists, RelayAuthConfig auth, RelayConfig relay) {
        inline("chiral.lists.allow", lists.allow());
        inline("chiral.lists.deny", lists.deny());
        uses("chiral.lists.allow-uses", lists.allowUses());
        uses("chiral.lists.deny-uses", lists.denyUses());
        reloadInterval(lists);
        files(lists, auth, relay, new Takers(_ -> {}, _ -> {}, _ -> {}, _ -> {}))
                .forEach(ReloadedFile::load);
    }

    /// The files that are configured, not read yet.
    static List<ReloadedFile<?>> files(
            ListsConfig lists, RelayAuthConfig auth, RelayConfig relay, Takers takers) {
        var files = new ArrayList<ReloadedFile<?>>();
        file(
                        "chiral.lists.allow-file",
                        lists.allowFile(),
                        MAX_LIST_BYTES,
                        AccessLines::entries,
                        takers.allow())
                .ifPresent(files::add);
        file(
                        "chiral.lists.deny-file",
                        lists.denyFile(),
                        MAX_LIST_BYTES,
                        AccessLines::entries,
                        takers.deny())
                .ifPresent(files::add);
        file(
                        "chiral.relay-auth.tokens-file",
                        auth.tokensFile(),
                        MAX_TOKEN_BYTES,
                        AccessLines::tokens,
                        takers.tokens())
                .ifPresent(files::add);
        file(
                        "chiral.relay.asn-file",
                        relay.asnFile(),
                        MAX_ASN_BYTES,
                        AccessLines::asns,
                        takers.asns())
                .ifPresent(files::add);
        return files;
    }

    private static <T> Optional<ReloadedFile<T>> file(
            String key,
            Optional<String> path,
            int maxBytes,
            FileReader<T> reader,
            Consumer<T> taker) {
        return path.filter(text -> !text.isBlank())
                .map(text ->
                        new ReloadedFile<>(
                                key, SettingValue.path(key, text), maxBytes, reader, taker));
    }

    /// How often the files are looked at.
    static Duration reloadInterval(ListsConfig lists) {
        return SettingValue.duration(
                "chiral.lists.reload-interval", lists.reloadInterval(), Duration.ofSeconds(1));
    }

    /// Entries that stand in the configuration itself.
    static Entries inline(String key, Optional<List<String>> values) {
        Set<PeerId> peers = new HashSet<>();
        Map<IpPrefix, Boolean> prefixes = new HashMap<>();
        for (var value : values.orElse(List.of())) {
            try {
                if (!value.isBlank()) {
                    AccessLines.add(value.strip(), peers, prefixes);
                }
            } catch (IllegalArgumentException e) {
                throw new BadConfiguration(
                        key, value, "a peer id, an address or a prefix such as 192.0.2.0/24");
            }
        }
        return new Entries(peers, new IpPrefixMap<>(prefixes));
    }

    /// What a list is about.
    static Set<Use> uses(String key, List<String> values) {
        var uses = EnumSet.noneOf(Use.class);
        values.stream()
                .filter(value -> !value.isBlank())
                .map(value -> SettingValue.choice(key, value, Use.class))
                .forEach(uses::add);
        return uses;
    }
}
