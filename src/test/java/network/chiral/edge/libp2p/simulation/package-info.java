// SPDX-License-Identifier: Apache-2.0
/// The services of the stack in a world whose time, threads and network are made up, so that a day with a
/// thousand peers passes in seconds and passes again in the same way from the same seed.
///
/// Read [Simulator] first (time and threads), then [World] (who can reach whom), [MemoryStream] and
/// [MemorySplice] (what stands in for the swarm). `*SimulationTest` are the stories.
@NullMarked
package network.chiral.edge.libp2p.simulation;

import org.jspecify.annotations.NullMarked;
