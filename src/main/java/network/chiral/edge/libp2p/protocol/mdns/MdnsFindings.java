// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AddressScope;

/// The peers that a response names.
final class MdnsFindings {
    /// Taken of one packet; a packet is of one peer, only a proxy's could be of more.
    static final int MAX_PEERS = 16;

    /// Taken of one peer; four interfaces with two families and two ports.
    static final int MAX_ADDRESSES = 16;

    private MdnsFindings() {}

    /// The peers in `response`, those without a usable address included.
    static List<FoundPeer> of(MdnsMessage response, AddressScope scope) {
        return response.answers().stream()
                .filter(record -> record.name().equals(MdnsAnswers.SERVICE))
                .filter(MdnsRecord.Pointer.class::isInstance)
                .map(MdnsRecord.Pointer.class::cast)
                .distinct()
                .limit(MAX_PEERS)
                .flatMap(pointer -> peer(pointer, response, scope).stream())
                .toList();
    }

    private record Named(PeerId peer, Multiaddr address) {}

    /// rust-libp2p's target is the bare peer name, go-libp2p's the instance of the service: what counts
    /// is that the TXT record has the same name.
    private static Optional<FoundPeer> peer(
            MdnsRecord.Pointer pointer, MdnsMessage response, AddressScope scope) {
        var named =
                response.records()
                        .filter(record -> record.name().equals(pointer.target()))
                        .filter(MdnsRecord.Text.class::isInstance)
                        .flatMap(record -> ((MdnsRecord.Text) record).strings().stream())
                        .flatMap(string -> named(string).stream())
                        .toList();
        return named.isEmpty()
                ? Optional.empty()
                : Optional.of(found(named.getFirst().peer(), named, pointer.ttl(), scope));
    }

    private static FoundPeer found(PeerId peer, List<Named> named, long ttl, AddressScope scope) {
        var addresses =
                named.stream()
                        .filter(one -> one.peer().equals(peer))
                        .flatMap(one -> one.address().withoutPeer().stream())
                        .filter(plain -> plain.tcpSocket().isPresent()) // nor is a name asked for
                        .filter(scope::allows)
                        .distinct()
                        .limit(MAX_ADDRESSES)
                        .toList();
        return new FoundPeer(peer, addresses, Duration.ofSeconds(ttl));
    }

    /// Empty for other attributes, and for addresses of transports that we do not know.
    private static Optional<Named> named(String string) {
        if (!string.toLowerCase(Locale.ROOT).startsWith(MdnsAnswers.DNSADDR)) {
            return Optional.empty();
        }
        try {
            var address = Multiaddr.parse(string.substring(MdnsAnswers.DNSADDR.length()));
            return address.peer().map(id -> new Named(PeerId.ofBytes(id), address));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
