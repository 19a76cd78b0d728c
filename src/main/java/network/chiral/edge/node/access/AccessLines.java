// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.access;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.multiformats.IpPrefixMap;
import network.chiral.edge.libp2p.protocol.relayauth.RelayAuthService;
import network.chiral.edge.libp2p.swarm.AccessLists.Entries;
import network.chiral.edge.node.reload.BadFile;
import network.chiral.edge.node.reload.FileReader.Line;

/// Reads the lines of mounted files: entries of lists, tokens, prefixes with their autonomous system.
final class AccessLines {
    /// Tokens at once: as many as a rotation needs, and few enough to compare with all of them.
    static final int MAX_TOKENS = 64;

    private static final Pattern BETWEEN = Pattern.compile("[\\s,;]+");

    private AccessLines() {}

    /// Peer ids, addresses, prefixes.
    static Entries entries(List<Line> lines) throws BadFile {
        Set<PeerId> peers = new HashSet<>();
        Map<IpPrefix, Boolean> prefixes = new HashMap<>();
        for (var line : lines) {
            try {
                add(BETWEEN.split(line.text(), 2)[0], peers, prefixes);
            } catch (IllegalArgumentException e) {
                throw new BadFile("line " + line.number() + ": " + e.getMessage());
            }
        }
        return new Entries(peers, new IpPrefixMap<>(prefixes));
    }

    /// Reads one entry.
    ///
    /// @throws IllegalArgumentException where it is neither a peer id nor a prefix
    static void add(String entry, Set<PeerId> peers, Map<IpPrefix, Boolean> prefixes) {
        if (entry.indexOf('.') >= 0 || entry.indexOf(':') >= 0 || entry.indexOf('/') >= 0) {
            prefixes.put(IpPrefix.parse(entry), true);
        } else {
            peers.add(PeerId.parse(entry));
        }
    }

    /// Tokens as they stand, one a line.
    static List<byte[]> tokens(List<Line> lines) throws BadFile {
        var tokens = new ArrayList<byte[]>();
        for (var line : lines) {
            var token = line.text().getBytes(StandardCharsets.UTF_8);
            if (token.length > RelayAuthService.MAX_TOKEN) {
                throw new BadFile(
                        "line "
                                + line.number()
                                + ": a token of more than "
                                + RelayAuthService.MAX_TOKEN
                                + " bytes");
            }
            tokens.add(token);
        }
        if (tokens.isEmpty()) {
            throw new BadFile("there is no token in it");
        }
        if (tokens.size() > MAX_TOKENS) {
            throw new BadFile("there are more than " + MAX_TOKENS + " tokens in it");
        }
        return tokens;
    }

    /// `prefix number` or `prefix,number`, the number with or without `AS`.
    static IpPrefixMap<Integer> asns(List<Line> lines) throws BadFile {
        var known = new HashMap<IpPrefix, Integer>();
        for (var line : lines) {
            var parts = BETWEEN.split(line.text(), -1);
            try {
                if (parts.length < 2) {
                    throw new IllegalArgumentException("a prefix and a number are wanted");
                }
                var number = parts[1].replaceFirst("^[aA][sS]", "");
                known.put(IpPrefix.parse(parts[0]), Integer.parseUnsignedInt(number));
            } catch (IllegalArgumentException e) {
                throw new BadFile("line " + line.number() + ": " + e.getMessage());
            }
        }
        return new IpPrefixMap<>(known);
    }
}
