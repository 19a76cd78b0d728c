// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// What the node is: where its data lies, where it listens, what it says of itself.
///
/// Values are taken as text, so that a bad one is answered with a sentence of [NodeSettings] that says
/// what is allowed.
@ConfigMapping(prefix = "chiral")
public interface NodeConfig {
    /// Folder of the private key and of `peer_cache.json`; the images set it to `/data`.
    @WithDefault("${user.home}/.chiral")
    String dataDir();

    /// Multiaddrs to listen on: `/ip4|ip6/.../tcp/PORT`, port 0 for a free one.
    @WithDefault("/ip4/0.0.0.0/tcp/4001,/ip6/::/tcp/4001")
    List<String> listen();

    /// Multiaddrs under which peers reach this node, IPv4 first. Without any, the listen addresses that
    /// are in scope are announced.
    Optional<List<String>> announce();

    /// The public IP to announce with the listen ports; the name that Chiral's own node reads.
    Optional<String> publicIp();

    /// Which addresses may be announced, answered and dialled: `public`, `lan` (and private ones) or
    /// `any` (and loopback).
    @WithDefault("public")
    String addressScope();

    /// Multiaddrs with `/p2p/...` of peers to stay connected to.
    Optional<List<String>> bootstrap();

    /// The network's name in identify. Chiral's first epoch wants exactly this.
    @WithDefault("/chiral/1.0.0")
    String protocolVersion();

    /// The program's name in identify. Chiral's second epoch bans what is not `chiral/` and a semantic
    /// version for a day.
    @WithDefault("chiral/2.0.0-edge.${quarkus.application.version}")
    String agentVersion();

    /// Prints a line of JSON per listen address on stdout once it accepts connections.
    @WithDefault("false")
    boolean listeningLine();

    /// Who computes ciphers and curves: `auto`, `libcrypto` or `java`.
    @WithDefault("auto")
    String crypto();

    /// The key of this node.
    Identity identity();

    /// Where the private key comes from.
    interface Identity {
        /// A libp2p private key in protobuf form; made at the first start. Default: `identity.key` in the
        /// data folder.
        Optional<String> keyFile();

        /// A file whose text is the secret that the key is derived from, as Chiral's `--secret` does;
        /// takes the place of the key file.
        Optional<String> secretFile();
    }
}
