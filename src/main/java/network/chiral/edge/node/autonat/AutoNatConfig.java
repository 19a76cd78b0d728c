// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.autonat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// Whether the node tells others, and finds out itself, who can be reached; and how often for others.
@ConfigMapping(prefix = "chiral.autonat")
public interface AutoNatConfig {
    /// Serves AutoNAT v1 and v2.
    @WithDefault("true")
    boolean server();

    /// Asks connected AutoNAT servers whether this node can be reached.
    @WithDefault("true")
    boolean client();

    /// The pause between two questions of the client while something is undecided. A server that was
    /// asked is left alone for 24 of them.
    @WithDefault("5s")
    String interval();

    /// Requests of v2 that are served a minute.
    @WithDefault("60")
    String requests();

    /// Requests of v2 of one peer a minute.
    @WithDefault("12")
    String requestsPerPeer();

    /// Requests of v2 a minute that lead to another IP than the client's.
    @WithDefault("12")
    String dialDataRequests();

    /// Requests of v1 that are served a minute.
    @WithDefault("30")
    String dials();

    /// Requests of v1 of one peer a minute.
    @WithDefault("3")
    String dialsPerPeer();
}
