// SPDX-License-Identifier: Apache-2.0
/// What the operator sets and sees of mDNS: [MdnsConfig], read by [MdnsValues], and [MdnsReport] for the
/// log and the metrics.
@NullMarked
package network.chiral.edge.node.mdns;

import org.jspecify.annotations.NullMarked;
