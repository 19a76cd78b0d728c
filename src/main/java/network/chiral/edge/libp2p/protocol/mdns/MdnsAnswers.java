// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.mdns.MdnsMessage.Question;

/// Our own records, and which of them a question asks for.
final class MdnsAnswers {
    /// The service that every peer is an instance of.
    static final DnsName SERVICE = DnsName.of("_p2p", "_udp", "local");

    /// Under which the services of a link are found (RFC 6763, 9).
    static final DnsName META = DnsName.of("_services", "_dns-sd", "_udp", "local");

    static final String DNSADDR = "dnsaddr=";

    /// Two of the longest pauses between queries (RFC 6762, 10, says the same for host records).
    static final Duration TTL = Duration.ofMinutes(2);

    /// For plain DNS clients (RFC 6762, 6.7).
    private static final long LEGACY_TTL = 10;

    /// Of an answer: an Ethernet packet less the headers of IPv6 and UDP (RFC 6762, 17).
    static final int MAX_ANSWER = 1_452;

    private static final int MAX_STRING = 255;

    /// Our records that can be asked for.
    enum Asked {
        PEERS,
        SERVICES,
        TEXT,
        LOCATION,
        HOST
    }

    private final PeerId self;
    private final DnsName instance;
    private final DnsName host;

    /// @param peerName random, lower-case letters and digits
    MdnsAnswers(PeerId self, String peerName) {
        this.self = self;
        this.instance = SERVICE.below(peerName);
        this.host = DnsName.of(peerName, "p2p", "local");
    }

    /// Asks for all peers.
    static MdnsMessage query() {
        return MdnsMessage.query(new Question(SERVICE, MdnsRecord.Pointer.TYPE, false));
    }

    /// Which of our records `query` wants and does not have yet.
    Set<Asked> asked(MdnsMessage query) {
        var asked = EnumSet.noneOf(Asked.class);
        for (var question : query.questions()) {
            var name = question.name();
            if (name.equals(SERVICE) && question.wants(MdnsRecord.Pointer.TYPE)) {
                asked.add(Asked.PEERS);
            } else if (name.equals(META) && question.wants(MdnsRecord.Pointer.TYPE)) {
                asked.add(Asked.SERVICES);
            } else if (name.equals(instance)) {
                addIf(asked, Asked.TEXT, question.wants(MdnsRecord.Text.TYPE));
                addIf(asked, Asked.LOCATION, question.wants(MdnsRecord.Service.TYPE));
            } else if (name.equals(host)) {
                boolean wanted =
                        question.wants(MdnsRecord.Address.TYPE_4)
                                || question.wants(MdnsRecord.Address.TYPE_6);
                addIf(asked, Asked.HOST, wanted);
            }
        }
        if (query.answers().stream().anyMatch(this::isKnownWell)) {
            asked.remove(Asked.PEERS);
        }
        return asked;
    }

    private static void addIf(Set<Asked> all, Asked one, boolean wanted) {
        if (wanted) {
            all.add(one);
        }
    }

    /// The asker has our answer, and at least half of its time is left (RFC 6762, 7.1).
    private boolean isKnownWell(MdnsRecord known) {
        return known instanceof MdnsRecord.Pointer pointer
                && pointer.name().equals(SERVICE)
                && pointer.target().equals(instance)
                && pointer.ttl() >= TTL.toSeconds() / 2;
    }

    /// The answer to all, empty where there is nothing to say.
    ///
    /// @param addresses of ours on the link, without peer id
    Optional<MdnsMessage> answer(Set<Asked> asked, List<Multiaddr> addresses) {
        return answer(0, List.of(), asked, addresses, TTL.toSeconds());
    }

    /// The answer to one asker; a plain DNS client has its number and questions back.
    Optional<MdnsMessage> answerTo(
            MdnsMessage query, boolean legacy, Set<Asked> asked, List<Multiaddr> addresses) {
        return legacy
                ? answer(query.id(), query.questions(), asked, addresses, LEGACY_TTL)
                : answer(asked, addresses);
    }

    private Optional<MdnsMessage> answer(
            int id,
            List<Question> questions,
            Set<Asked> asked,
            List<Multiaddr> addresses,
            long ttl) {
        var answers = new ArrayList<MdnsRecord>();
        var additionals = new ArrayList<MdnsRecord>();
        if (asked.contains(Asked.SERVICES)) {
            answers.add(new MdnsRecord.Pointer(META, ttl, SERVICE));
        }
        if (!addresses.isEmpty()) {
            boolean peers = asked.contains(Asked.PEERS);
            if (peers) {
                answers.add(new MdnsRecord.Pointer(SERVICE, ttl, instance));
            }
            if (asked.contains(Asked.LOCATION) || peers) {
                (asked.contains(Asked.LOCATION) ? answers : additionals)
                        .add(location(addresses, ttl));
            }
            if (asked.contains(Asked.HOST) || peers) {
                (asked.contains(Asked.HOST) ? answers : additionals).addAll(hosts(addresses, ttl));
            }
            if (asked.contains(Asked.TEXT) || peers) {
                int used =
                        MdnsCodec.toBytes(
                                        new MdnsMessage(id, true, questions, answers, additionals))
                                .length;
                (asked.contains(Asked.TEXT) ? answers : additionals)
                        .add(text(addresses, MAX_ANSWER - used, ttl));
            }
        }
        return answers.isEmpty()
                ? Optional.empty()
                : Optional.of(new MdnsMessage(id, true, questions, answers, additionals));
    }

    /// Takes the answer to all back (RFC 6762, 10.1).
    Optional<MdnsMessage> goodbye(List<Multiaddr> addresses) {
        return answer(0, List.of(), Set.of(Asked.PEERS), addresses, 0);
    }

    /// One record with a string per address: go-libp2p takes the last TXT record of a name only.
    private MdnsRecord text(List<Multiaddr> addresses, int room, long ttl) {
        var strings = new ArrayList<String>();
        int left = room - MdnsCodec.toBytes(bare(ttl)).length;
        for (var address : addresses) {
            var string = DNSADDR + address.withPeer(self.bytes());
            if (string.length() <= MAX_STRING && 1 + string.length() <= left) {
                strings.add(string);
                left -= 1 + string.length();
            }
        }
        return new MdnsRecord.Text(instance, ttl, strings);
    }

    private MdnsMessage bare(long ttl) {
        var text = new MdnsRecord.Text(instance, ttl, List.of());
        return new MdnsMessage(0, true, List.of(), List.of(text), List.of());
    }

    private MdnsRecord location(List<Multiaddr> addresses, long ttl) {
        return new MdnsRecord.Service(instance, ttl, addresses.getFirst().port(), host);
    }

    /// One of each family: whoever wants all reads the TXT record.
    private List<MdnsRecord> hosts(List<Multiaddr> addresses, long ttl) {
        var ips = new LinkedHashSet<InetAddress>();
        var lengths = new LinkedHashSet<Integer>();
        for (var address : addresses) {
            address.ip().filter(ip -> lengths.add(ip.getAddress().length)).ifPresent(ips::add);
        }
        return ips.stream().<MdnsRecord>map(ip -> new MdnsRecord.Address(host, ttl, ip)).toList();
    }
}
