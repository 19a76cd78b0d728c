// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.kad;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.protocol.kad.Dht;
import network.chiral.edge.libp2p.protocol.kad.KadContents;
import network.chiral.edge.node.NodeSettings;
import network.chiral.edge.node.cache.CacheConfig;
import network.chiral.edge.node.cache.ReplaceableFile;
import network.chiral.edge.node.cache.SaveLoop;
import org.jboss.logging.Logger;

/// Gives the DHTs back at the start what they held at the stop, and saves it while it changes.
@Singleton
public class KadKeeper {
    private static final Logger LOG = Logger.getLogger(KadKeeper.class);

    /// The provider key under which Chiral's clients look for relays.
    private static final byte[] RELAY_SERVICE =
            "chiral:service:relay".getBytes(StandardCharsets.UTF_8);

    /// A disk that takes longer than this at shutdown is not waited for.
    private static final Duration LAST_SAVE_PATIENCE = Duration.ofMillis(2_500);

    private final Host host;
    private final Clock clock;
    private final KadFile file;
    private final Duration interval;
    private final boolean announceRelay;
    private final SaveLoop saving = new SaveLoop("kad-file", LAST_SAVE_PATIENCE);
    private long saved; // changes that are in the file; of the worker
    private boolean failing; // of the worker
    private Map<String, KadContents> foreign = Map.of(); // of DHTs that are not served now

    KadKeeper(Host host, NodeSettings settings, KadConfig config, CacheConfig cache, Clock clock) {
        this.host = host;
        this.clock = clock;
        this.file = new KadFile(KadReader.file(config, settings.dataDir()), cache.fsync());
        this.interval = KadReader.saveInterval(config);
        this.announceRelay = config.announceRelay();
    }

    /// Loads the file, before anybody can ask.
    public void load() {
        if (host.dhts().isEmpty()) {
            return;
        }
        var found = file.load(clock.instant());
        found.damage()
                .ifPresent(reason ->
                        LOG.warnf(
                                "The DHT's file is damaged: set-aside=%s, reason=%s",
                                found.aside().map(Path::toString).orElse("failed"), reason));
        var rest = new HashMap<>(found.contents());
        for (var dht : host.dhts()) {
            var contents = rest.remove(dht.protocol().name());
            if (contents != null) {
                int taken = dht.restore(contents);
                LOG.infof("Restored the DHT: protocol=%s entries=%d", dht.protocol(), taken);
            }
        }
        foreign = Map.copyOf(rest);
        saved = found.damage().isPresent() ? -1 : changes();
    }

    /// Begins to save, and to announce the relay.
    public void start() {
        if (host.dhts().isEmpty()) {
            return;
        }
        if (announceRelay) {
            host.dhts().forEach(dht -> dht.announce(RELAY_SERVICE, () -> isRelay(dht)));
        }
        saving.start(this::saveIfChanged, interval);
    }

    /// A relay that nobody can reach is none.
    private boolean isRelay(Dht dht) {
        return host.isRelay() && dht.isServing() && !host.directAddresses().isEmpty();
    }

    private long changes() {
        return host.dhts().stream().mapToLong(Dht::changes).sum();
    }

    private void saveIfChanged() {
        long before = changes();
        if (before == saved) {
            return;
        }
        var contents = new HashMap<>(foreign);
        host.dhts().forEach(dht -> contents.put(dht.protocol().name(), dht.contents()));
        try {
            file.save(contents);
            saved = before;
            failing = false;
        } catch (IOException | RuntimeException e) {
            // whatever it is: a node that works must not stop over it
            if (!failing) {
                LOG.warnf(
                        "Saving the DHT failed, retrying later: path=%s reason=%s",
                        file.path(), ReplaceableFile.reason(e));
            }
            failing = true;
        }
    }

    /// Saves what changed, and ends. Waits a few seconds at most.
    public void stop() {
        if (host.dhts().isEmpty()) {
            return;
        }
        saving.stop(this::saveIfChanged);
    }
}
