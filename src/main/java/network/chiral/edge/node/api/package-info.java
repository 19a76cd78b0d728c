// SPDX-License-Identifier: Apache-2.0
/// What operators ask of a running node and tell it, over HTTP on the management port: `/api/v1/...`.
///
/// Read [ApiServer] first: who may ask ([network.chiral.edge.node.api.access.AdminGate]), which
/// [Route] it is, and its [Answer] from a thread that is no event loop. What there is to ask stands in
/// the package `resource`, one class for each; `events` tells what happens while somebody listens.
@NullMarked
package network.chiral.edge.node.api;

import org.jspecify.annotations.NullMarked;
