// SPDX-License-Identifier: Apache-2.0
/// What happens, while somebody listens, and how the last hour went. [EventHub] hands events on and
/// drops who is too slow; [LiveEvents] makes them of what the host tells; [SampleTable] is the hour.
@NullMarked
package network.chiral.edge.node.api.events;

import org.jspecify.annotations.NullMarked;
