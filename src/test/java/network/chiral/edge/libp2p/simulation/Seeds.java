// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

/// Which history a test lives through.
final class Seeds {
    private static final String PROPERTY = "simulation.seed";

    private Seeds() {}

    /// The one that `-Dsimulation.seed` names, else a new one in every run.
    static long seed() {
        var named = System.getProperty(PROPERTY);
        return named == null ? System.nanoTime() & 0xFFFF_FFFFL : Long.parseLong(named);
    }
}
