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
    /// Folder of `identity.key`, `peer_cache.json` and `kad_records.bin`; the images set it to
    /// `/data`.
    ///
    /// Type: path.
    @WithDefault("${user.home}/.chiral")
    String dataDir();

    /// Where to listen; port 0 for a free one.
    ///
    /// Type: multiaddr, /ip4 or /ip6 with /tcp.
    @WithDefault("/ip4/0.0.0.0/tcp/4001,/ip6/::/tcp/4001")
    List<String> listen();

    /// Where peers reach the node, IPv4 first.
    ///
    /// Type: multiaddr.
    /// Default: the listen addresses that are in scope, and what peers report, see
    /// [Reachability](operations.md#reachability).
    Optional<List<String>> announce();

    /// Announces this IP with the listen ports, where `chiral.announce` is empty. The name is the
    /// one that Chiral's own node reads.
    ///
    /// Type: IP address.
    Optional<String> publicIp();

    /// What may be announced, answered and dialled: `public`, `lan` (and private ones), `any` (and
    /// loopback).
    ///
    /// Type: one of public, lan, any.
    @WithDefault("public")
    String addressScope();

    /// Peers to stay connected to.
    ///
    /// Type: multiaddr, ending in /p2p/PEER.
    Optional<List<String>> bootstrap();

    /// Told in identify; what Chiral's first epoch asks for.
    ///
    /// Type: text, a slash and at most 200 printable characters.
    @WithDefault("/chiral/1.0.0")
    String protocolVersion();

    /// Told in identify; `chiral/` and a semantic version, or Chiral's second epoch bans the node
    /// for a day.
    ///
    /// Type: text, 1 to 200 characters.
    @WithDefault("chiral/2.0.0-edge.${quarkus.application.version}")
    String agentVersion();

    /// Prints a line of JSON per listen address on stdout once it accepts connections.
    @WithDefault("false")
    boolean listeningLine();

    /// Who computes ciphers and curves; `auto` takes libcrypto, with libsodium for curves where that
    /// is there, `libcrypto` leaves libsodium alone, and both fall back to Java where libcrypto is missing.
    ///
    /// Type: one of auto, libcrypto, java.
    @WithDefault("auto")
    String crypto();

    /// The key of this node.
    Identity identity();

    /// Where the private key comes from.
    interface Identity {
        /// The libp2p private key in protobuf form, made at the first start.
        ///
        /// Type: path.
        /// Default: `identity.key` in `chiral.data-dir`.
        Optional<String> keyFile();

        /// A file whose text is the secret: its SHA-256 is the key's seed, as with Chiral's `--secret`.
        /// Takes the place of the key file.
        ///
        /// Type: path.
        Optional<String> secretFile();

        /// A file of 32 random bytes that each node of a set derives its own key from. Takes the place of
        /// the key file, and needs the ordinal.
        ///
        /// Type: path.
        Optional<String> seedFile();

        /// Which node of the set this is; of a StatefulSet the number of the pod.
        ///
        /// Type: number, 0 and more.
        Optional<String> ordinal();

        /// Names the set, such as namespace and name of a StatefulSet: the same seed gives another set
        /// other keys.
        ///
        /// Type: text, 1 to 200 printable characters.
        @WithDefault("chiral-edge")
        String context();
    }
}
