// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.autonat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// Whether the node tells others, and finds out itself, who can be reached; and how often for others.
@ConfigMapping(prefix = "chiral.autonat")
public interface AutoNatConfig {
    /// Tells others whether they can be reached: AutoNAT v1 and v2.
    @WithDefault("true")
    boolean server();

    /// Asks connected AutoNAT servers whether this node can be reached.
    @WithDefault("true")
    boolean client();

    /// The pause between two questions while something is undecided; a server that was asked rests
    /// for 24 of them.
    ///
    /// Type: duration, 50ms and more.
    @WithDefault("5s")
    String interval();

    /// Requests of v2 that are served a minute (go-libp2p's number, as the next four).
    ///
    /// Type: number, 1 and more.
    @WithDefault("60")
    String requests();

    /// Requests of v2 of one peer a minute.
    ///
    /// Type: number, 1 and more.
    @WithDefault("12")
    String requestsPerPeer();

    /// Requests of v2 a minute that lead to another IP than the client's, for which it pays 30 to
    /// 100 kB first.
    ///
    /// Type: number, 1 and more.
    @WithDefault("12")
    String dialDataRequests();

    /// Requests of v1 that are served a minute.
    ///
    /// Type: number, 1 and more.
    @WithDefault("30")
    String dials();

    /// Requests of v1 of one peer a minute.
    ///
    /// Type: number, 1 and more.
    @WithDefault("3")
    String dialsPerPeer();
}
