// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import network.chiral.edge.libp2p.crypto.CryptoProviders;
import network.chiral.edge.libp2p.crypto.Selection;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.node.identity.SeedSettings;

/// What the configuration says, read and checked.
///
/// @param dataDir folder of key and cache
/// @param listen where to listen
/// @param announce where to be reached; empty to derive it from the listen addresses
/// @param scope which addresses may be announced, answered and dialled
/// @param bootstrap peers to stay connected to, each address naming its peer
/// @param keyFile private key on the volume
/// @param secretFile secret that the key is derived from instead
/// @param seed seed that the key of each node of a set is derived from instead
/// @param relay the relay's limits
public record NodeSettings(
        Path dataDir,
        List<Multiaddr> listen,
        List<Multiaddr> announce,
        AddressScope scope,
        List<Multiaddr> bootstrap,
        Path keyFile,
        Optional<Path> secretFile,
        Optional<SeedSettings> seed,
        RelayLimits relay) {

    private static final Pattern PROTOCOL = Pattern.compile("/[\\x21-\\x7e]{1,200}");
    private static final String ORDINAL = "chiral.identity.ordinal";
    private static final Pattern CONTEXT = Pattern.compile("[\\x21-\\x7e]{1,200}");

    public NodeSettings {
        listen = List.copyOf(listen);
        announce = List.copyOf(announce);
        bootstrap = List.copyOf(bootstrap);
    }

    /// Reads and checks the whole configuration.
    ///
    /// @throws BadConfiguration for the first value that cannot be
    public static NodeSettings of(NodeConfig node, RelayConfig relay) {
        var dataDir = SettingValue.path("chiral.data-dir", node.dataDir());
        checkVersions(node);
        var listen = listen(node);
        return new NodeSettings(
                dataDir,
                listen,
                announce(node, listen),
                SettingValue.choice(
                        "chiral.address-scope", node.addressScope(), AddressScope.class),
                bootstrap(node),
                node.identity()
                        .keyFile()
                        .map(file -> SettingValue.path("chiral.identity.key-file", file))
                        .orElse(dataDir.resolve("identity.key")),
                node.identity()
                        .secretFile()
                        .map(file -> SettingValue.path("chiral.identity.secret-file", file)),
                seed(node.identity()),
                RelaySettings.limits(relay));
    }

    private static Optional<SeedSettings> seed(NodeConfig.Identity identity) {
        if (!CONTEXT.matcher(identity.context()).matches()) {
            throw new BadConfiguration(
                    "chiral.identity.context",
                    identity.context(),
                    "1 to 200 printable characters without spaces, such as namespace/name");
        }
        var ordinal = identity.ordinal().map(text -> SettingValue.number(ORDINAL, text, 0));
        var file = identity.seedFile().filter(text -> !text.isBlank());
        if (file.isEmpty()) {
            return Optional.empty();
        }
        if (identity.secretFile().isPresent()) {
            throw new BadConfiguration(
                    "chiral.identity.seed-file and chiral.identity.secret-file are two sources of one"
                            + " key: leave one out");
        }
        return Optional.of(
                new SeedSettings(
                        SettingValue.path("chiral.identity.seed-file", file.get()),
                        identity.context(),
                        ordinal.orElseGet(() -> SettingValue.number(ORDINAL, "", 0))));
    }

    /// The crypto library that the configuration asks for.
    ///
    /// @throws BadConfiguration where there is none of that name
    public static Selection crypto(NodeConfig node) {
        try {
            return CryptoProviders.select(node.crypto());
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration("chiral.crypto", node.crypto(), "auto, libcrypto or java");
        }
    }

    private static void checkVersions(NodeConfig node) {
        if (!PROTOCOL.matcher(node.protocolVersion()).matches()) {
            throw new BadConfiguration(
                    "chiral.protocol-version",
                    node.protocolVersion(),
                    "a slash and at most 200 printable characters, such as /chiral/1.0.0");
        }
        if (node.agentVersion().isBlank() || node.agentVersion().length() > 200) {
            throw new BadConfiguration(
                    "chiral.agent-version",
                    node.agentVersion(),
                    "1 to 200 characters, such as chiral/2.0.0-edge");
        }
    }

    private static List<Multiaddr> listen(NodeConfig node) {
        var listen =
                node.listen().stream()
                        .filter(text -> !text.isBlank())
                        .map(text -> SettingValue.listenAddress("chiral.listen", text))
                        .distinct()
                        .toList();
        if (listen.isEmpty()) {
            throw new BadConfiguration("chiral.listen", "", "at least one multiaddr");
        }
        return listen;
    }

    private static List<Multiaddr> announce(NodeConfig node, List<Multiaddr> listen) {
        var announced =
                node.announce().orElse(List.of()).stream()
                        .filter(text -> !text.isBlank())
                        .map(text -> SettingValue.announceAddress("chiral.announce", text))
                        .distinct()
                        .toList();
        if (!announced.isEmpty() || node.publicIp().isEmpty()) {
            return announced;
        }
        var ip = publicIp(node.publicIp().get());
        return listen.stream()
                .mapToInt(Multiaddr::port)
                .filter(port -> port != 0)
                .distinct()
                .mapToObj(port -> Multiaddr.ofTcp(new InetSocketAddress(ip, port)))
                .toList();
    }

    private static InetAddress publicIp(String text) {
        try {
            return InetAddress.ofLiteral(text.strip());
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration("chiral.public-ip", text, "an IPv4 or IPv6 address");
        }
    }

    private static List<Multiaddr> bootstrap(NodeConfig node) {
        return node.bootstrap().orElse(List.of()).stream()
                .filter(text -> !text.isBlank())
                .map(text -> SettingValue.peerAddress("chiral.bootstrap", text))
                .distinct()
                .toList();
    }
}
