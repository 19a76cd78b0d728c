// SPDX-License-Identifier: Apache-2.0
/// All keys of the configuration at once: which there are, where their values come from, and whether they
/// can be.
///
/// [Mappings] lists the interfaces that the keys come from, [ConfigurationCheck] reads all values as the
/// node does, [UnknownKeys] finds what nobody reads. [StartCheck] asks the same when the node starts.
@NullMarked
package network.chiral.edge.node.configuration;

import org.jspecify.annotations.NullMarked;
