// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What is known of address prefixes; the longest prefix that holds an address counts.
///
/// A look-up costs one probe per length that occurs, however many prefixes there are.
public final class IpPrefixMap<V> {
    private final Map<IpPrefix, V> entries;
    private final int[] lengths4;
    private final int[] lengths6;

    public IpPrefixMap(Map<IpPrefix, V> entries) {
        this.entries = Map.copyOf(entries);
        this.lengths4 = lengths(false);
        this.lengths6 = lengths(true);
    }

    public static <V> IpPrefixMap<V> empty() {
        return new IpPrefixMap<>(Map.of());
    }

    /// The entries of both; where both have one, that of `other`.
    public IpPrefixMap<V> and(IpPrefixMap<V> other) {
        var all = new HashMap<>(entries);
        all.putAll(other.entries);
        return new IpPrefixMap<>(all);
    }

    private int[] lengths(boolean six) {
        return entries.keySet().stream()
                .filter(prefix -> prefix.six() == six)
                .map(IpPrefix::length)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /// The longest prefix that `address` is in, and what it stands for.
    public Optional<Map.Entry<IpPrefix, V>> longest(InetAddress address) {
        for (int length : address instanceof Inet6Address ? lengths6 : lengths4) {
            var prefix = IpPrefix.of(address, length);
            var value = entries.get(prefix);
            if (value != null) {
                return Optional.of(Map.entry(prefix, value));
            }
        }
        return Optional.empty();
    }

    public boolean holds(InetAddress address) {
        return longest(address).isPresent();
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    public int size() {
        return entries.size();
    }
}
