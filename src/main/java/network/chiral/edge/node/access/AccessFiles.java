// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.access;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.multiformats.IpPrefixMap;
import network.chiral.edge.libp2p.swarm.AccessLists;
import network.chiral.edge.libp2p.swarm.AccessLists.Entries;
import network.chiral.edge.libp2p.swarm.AccessLists.Use;
import network.chiral.edge.node.BadConfiguration;
import network.chiral.edge.node.RelayConfig;
import network.chiral.edge.node.SettingValue;
import network.chiral.edge.node.reload.FileReloader;
import network.chiral.edge.node.reload.ReloadedFile;

/// Tells the host what lists, tokens and the map of autonomous systems say, now and whenever they change.
@Singleton
public class AccessFiles {
    /// Some 100,000 entries.
    private static final int MAX_LIST_BYTES = 8 << 20;

    private static final int MAX_TOKEN_BYTES = 128 << 10;

    /// All prefixes of the internet, some 1.2 million lines, are half of it.
    private static final int MAX_ASN_BYTES = 64 << 20;

    private final ListsConfig lists;
    private final RelayAuthConfig auth;
    private final RelayConfig relay;
    private final FileReloader reloader;
    private final Host host;
    private Entries allowInline = Entries.NONE;
    private Entries denyInline = Entries.NONE;
    private Entries allowFile = Entries.NONE;
    private Entries denyFile = Entries.NONE;
    private Set<Use> allowUses = Set.of();
    private Set<Use> denyUses = Set.of();

    AccessFiles(
            ListsConfig lists,
            RelayAuthConfig auth,
            RelayConfig relay,
            FileReloader reloader,
            Host host) {
        this.lists = lists;
        this.auth = auth;
        this.relay = relay;
        this.reloader = reloader;
        this.host = host;
    }

    /// Reads everything, before the host listens.
    ///
    /// @throws BadConfiguration for the first value or file that cannot be
    public synchronized void start() {
        allowInline = inline("chiral.lists.allow", lists.allow());
        denyInline = inline("chiral.lists.deny", lists.deny());
        allowUses = uses("chiral.lists.allow-uses", lists.allowUses());
        denyUses = uses("chiral.lists.deny-uses", lists.denyUses());
        add(
                "chiral.lists.allow-file",
                lists.allowFile(),
                (key, file) ->
                        new ReloadedFile<>(
                                key, file, MAX_LIST_BYTES, AccessLines::entries, this::allow));
        add(
                "chiral.lists.deny-file",
                lists.denyFile(),
                (key, file) ->
                        new ReloadedFile<>(
                                key, file, MAX_LIST_BYTES, AccessLines::entries, this::deny));
        add(
                "chiral.relay-auth.tokens-file",
                auth.tokensFile(),
                (key, file) ->
                        new ReloadedFile<>(
                                key,
                                file,
                                MAX_TOKEN_BYTES,
                                AccessLines::tokens,
                                host::relayTokens));
        add(
                "chiral.relay.asn-file",
                relay.asnFile(),
                (key, file) ->
                        new ReloadedFile<>(
                                key, file, MAX_ASN_BYTES, AccessLines::asns, host.relay()::asns));
        apply();
        var interval =
                SettingValue.duration(
                        "chiral.lists.reload-interval",
                        lists.reloadInterval(),
                        Duration.ofSeconds(1));
        reloader.start(interval);
    }

    /// Makes a watched file of a setting.
    private interface Maker {
        ReloadedFile<?> make(String key, java.nio.file.Path file);
    }

    private void add(String key, Optional<String> path, Maker maker) {
        path.filter(text -> !text.isBlank())
                .map(text -> SettingValue.path(key, text))
                .ifPresent(file -> reloader.add(maker.make(key, file)));
    }

    private synchronized void allow(Entries entries) {
        allowFile = entries;
        apply();
    }

    private synchronized void deny(Entries entries) {
        denyFile = entries;
        apply();
    }

    private void apply() {
        host.access(
                new AccessLists(
                        allowInline.and(allowFile), allowUses, denyInline.and(denyFile), denyUses));
    }

    private static Entries inline(String key, Optional<List<String>> values) {
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

    private static Set<Use> uses(String key, List<String> values) {
        var uses = EnumSet.noneOf(Use.class);
        values.stream()
                .filter(value -> !value.isBlank())
                .map(value -> SettingValue.choice(key, value, Use.class))
                .forEach(uses::add);
        return uses;
    }

    public void stop() {
        reloader.stop();
    }
}
