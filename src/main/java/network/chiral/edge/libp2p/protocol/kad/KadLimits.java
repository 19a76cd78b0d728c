// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

/// What a DHT keeps. In every number 0 is no limit.
///
/// @param records kept at once
/// @param recordBytes of keys and values together
/// @param recordsPerPeer that one connected peer has put
/// @param recordBytesPerPeer of those
/// @param providers entries of all keys together
/// @param providersPerPeer keys that one peer provides
/// @param groupPerBucket peers of one IPv4 /16 or IPv6 /32 in one bucket of the routing table
/// @param groupPerTable peers of one such group in the whole table
public record KadLimits(
        int records,
        long recordBytes,
        int recordsPerPeer,
        long recordBytesPerPeer,
        int providers,
        int providersPerPeer,
        int groupPerBucket,
        int groupPerTable) {

    /// K of the specification: peers in a bucket, in an answer, and that a record is put to.
    public static final int K = 20;

    /// Providers of one key (rust-libp2p's MemoryStoreConfig::max_providers_per_key).
    public static final int PROVIDERS_PER_KEY = 20;

    /// Bytes of a key that is kept; go-libp2p takes 80, Chiral's longest is about 100.
    public static final int KEY_LENGTH = 512;

    /// Searches of this node at once, each of which asks ten peers; more wait for their turn. Its own are
    /// one refresh, and one for each key that it announces or looks relays up under.
    public static final int QUERIES = 32;

    /// What all peers of one public address (IPv6: /64) may put together, as a multiple of what one peer
    /// may: peer ids cost nothing, and behind one address there may be a household or an office. A
    /// quarter of the store by default.
    public static final int PEERS_PER_ADDRESS = 4;

    /// rust-libp2p's memory store, which is Chiral's, ends at 1,024 records and 1,024 keys. These are 64
    /// times as many records, in 64 MiB; a sixteenth of that for one peer, whose Chiral client publishes
    /// all of its files anew every three minutes. Two and three of a group are go-libp2p's amino
    /// defaults.
    public static final KadLimits DEFAULT =
            new KadLimits(65_536, 64L << 20, 4_096, 4L << 20, 262_144, 16_384, 2, 3);

    public KadLimits {
        if (records < 0
                || recordBytes < 0
                || recordsPerPeer < 0
                || recordBytesPerPeer < 0
                || providers < 0
                || providersPerPeer < 0
                || groupPerBucket < 0
                || groupPerTable < 0) {
            throw new IllegalArgumentException("a limit of the DHT is 0 (none) or positive");
        }
    }

    /// These, with other limits of records.
    public KadLimits withRecords(int count, long bytes, int perPeer, long bytesPerPeer) {
        return new KadLimits(
                count,
                bytes,
                perPeer,
                bytesPerPeer,
                providers,
                providersPerPeer,
                groupPerBucket,
                groupPerTable);
    }

    /// These, with other limits of providers.
    public KadLimits withProviders(int count, int perPeer) {
        return new KadLimits(
                records,
                recordBytes,
                recordsPerPeer,
                recordBytesPerPeer,
                count,
                perPeer,
                groupPerBucket,
                groupPerTable);
    }

    /// These, with other limits of groups in the routing table.
    public KadLimits withGroups(int perBucket, int perTable) {
        return new KadLimits(
                records,
                recordBytes,
                recordsPerPeer,
                recordBytesPerPeer,
                providers,
                providersPerPeer,
                perBucket,
                perTable);
    }
}
