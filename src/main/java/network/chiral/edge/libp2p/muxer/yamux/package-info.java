// SPDX-License-Identifier: Apache-2.0
/// `/yamux/1.0.0` (yamux/README.md of the libp2p specs).
///
/// [YamuxSession] reads frames and owns the streams, [YamuxStream] keeps one stream's state and
/// windows, [YamuxOutput] turns what waits into as few and as large sealed messages as the burst allows.
@NullMarked
package network.chiral.edge.libp2p.muxer.yamux;

import org.jspecify.annotations.NullMarked;
