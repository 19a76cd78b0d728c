// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// What the sides of one DHT share.
///
/// @param protocol its name
/// @param settings of all DHTs of the host
/// @param host around it
/// @param table whom this node knows
/// @param records what it keeps
/// @param providers who has what
/// @param listeners who is told
/// @param alarm wakes whoever keeps the table: something may be due sooner than it was
record DhtParts(
        ProtocolId protocol,
        KadSettings settings,
        KadSurroundings host,
        RoutingTable table,
        RecordStore records,
        ProviderStore providers,
        List<KadListener> listeners,
        Semaphore alarm) {

    static DhtParts of(ProtocolId protocol, KadSettings settings, KadSurroundings host) {
        var limits = settings.limits();
        return new DhtParts(
                protocol,
                settings,
                host,
                new RoutingTable(KadKey.of(host.self()), limits, settings.times().verifyEvery()),
                new RecordStore(limits),
                new ProviderStore(limits),
                new CopyOnWriteArrayList<>(),
                new Semaphore(0));
    }

    void tell(Consumer<KadListener> event) {
        listeners.forEach(event);
    }
}
