// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.access;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.swarm.AccessLists;
import network.chiral.edge.libp2p.swarm.AccessLists.Entries;
import network.chiral.edge.libp2p.swarm.AccessLists.Use;
import network.chiral.edge.node.BadConfiguration;
import network.chiral.edge.node.RelayConfig;
import network.chiral.edge.node.reload.FileReloader;

/// Tells the host what lists, tokens and the map of autonomous systems say, now and whenever they change.
@Singleton
public class AccessFiles {
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
        allowInline = AccessValues.inline("chiral.lists.allow", lists.allow());
        denyInline = AccessValues.inline("chiral.lists.deny", lists.deny());
        allowUses = AccessValues.uses("chiral.lists.allow-uses", lists.allowUses());
        denyUses = AccessValues.uses("chiral.lists.deny-uses", lists.denyUses());
        AccessValues.files(
                        lists,
                        auth,
                        relay,
                        new AccessValues.Takers(
                                this::allow, this::deny, host::relayTokens, host.relay()::asns))
                .forEach(reloader::add);
        apply();
        reloader.start(AccessValues.reloadInterval(lists));
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

    /// One of the two lists, in numbers.
    ///
    /// @param uses what it is about
    public record ListView(int peers, int prefixes, List<String> uses) {}

    /// The list of those who may.
    public synchronized ListView allowed() {
        return view(allowInline.and(allowFile), allowUses);
    }

    /// The list of those who may not.
    public synchronized ListView denied() {
        return view(denyInline.and(denyFile), denyUses);
    }

    private static ListView view(Entries entries, Set<Use> uses) {
        return new ListView(
                entries.peers().size(),
                entries.prefixes().size(),
                uses.stream().map(use -> use.name().toLowerCase(Locale.ROOT)).sorted().toList());
    }

    public void stop() {
        reloader.stop();
    }
}
