// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.net.InetAddress;
import java.util.List;

/// A resource record of the kinds that discovery needs; others are passed over.
sealed interface MdnsRecord {
    DnsName name();

    /// Seconds that it holds; 0 takes it back.
    long ttl();

    /// The number of its type.
    int type();

    /// PTR: an instance of a service, or a service of the link.
    record Pointer(DnsName name, long ttl, DnsName target) implements MdnsRecord {
        static final int TYPE = 12;

        @Override
        public int type() {
            return TYPE;
        }
    }

    /// TXT.
    ///
    /// @param strings at most 255 bytes each, one byte a character
    record Text(DnsName name, long ttl, List<String> strings) implements MdnsRecord {
        static final int TYPE = 16;

        public Text {
            strings = List.copyOf(strings);
        }

        @Override
        public int type() {
            return TYPE;
        }
    }

    /// SRV: where an instance runs.
    record Service(DnsName name, long ttl, int port, DnsName host) implements MdnsRecord {
        static final int TYPE = 33;

        @Override
        public int type() {
            return TYPE;
        }
    }

    /// A or AAAA.
    record Address(DnsName name, long ttl, InetAddress ip) implements MdnsRecord {
        static final int TYPE_4 = 1;
        static final int TYPE_6 = 28;

        @Override
        public int type() {
            return ip.getAddress().length == 4 ? TYPE_4 : TYPE_6;
        }
    }
}
