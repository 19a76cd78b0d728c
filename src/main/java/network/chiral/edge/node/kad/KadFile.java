// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.kad;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import network.chiral.edge.libp2p.protocol.kad.KadContents;
import network.chiral.edge.libp2p.protocol.kad.StoredProvider;
import network.chiral.edge.libp2p.protocol.kad.StoredRecord;
import network.chiral.edge.node.cache.ReplaceableFile;

/// Records and providers of all DHTs on the volume.
///
/// ```
/// "CHIRKAD" 1 | entry ... | 0 (no more), number of entries
/// entry: length (4 bytes, > 0), CRC-32C of the body (4 bytes), body (KadEntry)
/// ```
/// A file that ends early, or an entry that is not what its checksum says, is damage: what came before
/// is used, and the file is set aside under another name, never deleted.
final class KadFile {
    private static final byte[] MAGIC = "CHIRKAD\1".getBytes(StandardCharsets.US_ASCII);

    /// Longer than any entry that fits into a packet of the protocol, twice.
    private static final int MAX_ENTRY = 32 * 1024;

    /// Our own limit: more than the default limits of four DHTs fill.
    private static final int MAX_ENTRIES = 1 << 21;

    private final ReplaceableFile file;

    /// What was found.
    ///
    /// @param contents by protocol id
    /// @param damage why the file is not whole; empty for a sound one, or none
    /// @param aside where a damaged one is now
    record Found(
            Map<String, KadContents> contents, Optional<String> damage, Optional<Path> aside) {}

    KadFile(Path path, boolean fsync) {
        this.file = new ReplaceableFile(path, fsync);
    }

    Path path() {
        return file.path();
    }

    // --- writing

    /// Replaces the file.
    ///
    /// @throws IOException if that failed; then the old file is as it was
    void save(Map<String, KadContents> contents) throws IOException {
        file.replace(out -> write(contents, out));
    }

    private static void write(Map<String, KadContents> contents, OutputStream target)
            throws IOException {
        var out = new DataOutputStream(new BufferedOutputStream(target, 64 * 1024));
        out.write(MAGIC);
        int entries = 0;
        for (var dht : contents.entrySet()) {
            for (var record : dht.getValue().records()) {
                writeEntry(out, KadEntry.toBytes(dht.getKey(), record));
                entries++;
            }
            for (var provider : dht.getValue().providers()) {
                writeEntry(out, KadEntry.toBytes(dht.getKey(), provider));
                entries++;
            }
        }
        out.writeInt(0);
        out.writeInt(entries);
        out.flush();
    }

    private static void writeEntry(DataOutputStream out, byte[] body) throws IOException {
        out.writeInt(body.length);
        out.writeInt(checksum(body));
        out.write(body);
    }

    private static int checksum(byte[] body) {
        var crc = new CRC32C();
        crc.update(body);
        return (int) crc.getValue();
    }

    // --- reading

    /// Loads what can be loaded; never throws.
    Found load(Instant now) {
        file.removeLeftovers();
        if (!Files.exists(path(), LinkOption.NOFOLLOW_LINKS)) {
            return new Found(Map.of(), Optional.empty(), Optional.empty());
        }
        var lists = new HashMap<String, Lists>();
        Optional<String> damage;
        if (Files.isRegularFile(path())) {
            damage = read(lists, now);
        } else {
            damage = Optional.of("not a file");
        }
        var aside = damage.isPresent() ? setAside(now) : Optional.<Path>empty();
        var contents = new HashMap<String, KadContents>();
        lists.forEach((dht, l) -> contents.put(dht, new KadContents(l.records, l.providers)));
        return new Found(contents, damage, aside);
    }

    private Optional<Path> setAside(Instant now) {
        try {
            return Optional.of(file.setAside(now));
        } catch (IOException e) {
            return Optional.empty(); // the next save says what is wrong
        }
    }

    private static final class Lists {
        private final List<StoredRecord> records = new ArrayList<>();
        private final List<StoredProvider> providers = new ArrayList<>();
    }

    /// Reads entry by entry; what is wrong ends it.
    private Optional<String> read(Map<String, Lists> lists, Instant now) {
        try (var in =
                new DataInputStream(
                        new BufferedInputStream(new FileInputStream(path().toFile()), 65_536))) {
            var magic = in.readNBytes(MAGIC.length);
            if (!java.util.Arrays.equals(magic, MAGIC)) {
                return Optional.of("not a file of this version");
            }
            for (int entries = 0; entries <= MAX_ENTRIES; entries++) {
                int length = in.readInt();
                if (length == 0) {
                    return in.readInt() == entries
                            ? Optional.empty()
                            : Optional.of("entries are missing");
                }
                if (length < 0 || length > MAX_ENTRY) {
                    return Optional.of("an entry of " + length + " bytes");
                }
                int expected = in.readInt();
                var body = in.readNBytes(length);
                if (body.length < length || checksum(body) != expected) {
                    return Optional.of("entry " + entries + " is damaged");
                }
                add(lists, KadEntry.parse(body), now);
            }
            return Optional.of("more than " + MAX_ENTRIES + " entries");
        } catch (EOFException e) {
            return Optional.of("it ends too early");
        } catch (IOException e) {
            return Optional.of(ReplaceableFile.reason(e));
        }
    }

    /// What has expired is not even kept in memory.
    private static void add(Map<String, Lists> lists, KadEntry entry, Instant now) {
        switch (entry) {
            case KadEntry.OfRecord(var dht, var record) -> {
                if (record.expires().isAfter(now)) {
                    lists.computeIfAbsent(dht, _ -> new Lists()).records.add(record);
                }
            }
            case KadEntry.OfProvider(var dht, var provider) -> {
                if (provider.expires().isAfter(now)) {
                    lists.computeIfAbsent(dht, _ -> new Lists()).providers.add(provider);
                }
            }
        }
    }
}
