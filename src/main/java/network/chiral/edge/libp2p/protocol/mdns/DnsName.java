// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A domain name, equal to another whatever the case of its letters.
///
/// @param labels in lower case, one byte of the wire a character
record DnsName(List<String> labels) {
    /// Of a label (RFC 1035, 2.3.4).
    static final int MAX_LABEL = 63;

    /// Of a name on the wire (RFC 1035, 2.3.4).
    static final int MAX_LENGTH = 255;

    DnsName {
        labels = labels.stream().map(label -> label.toLowerCase(Locale.ROOT)).toList();
    }

    static DnsName of(String... labels) {
        return new DnsName(List.of(labels));
    }

    /// The name one step below this one.
    DnsName below(String label) {
        var longer = new ArrayList<>(List.of(label));
        longer.addAll(labels);
        return new DnsName(longer);
    }

    @Override
    public String toString() {
        return String.join(".", labels);
    }
}
