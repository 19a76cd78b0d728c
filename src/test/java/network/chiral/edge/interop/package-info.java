// SPDX-License-Identifier: Apache-2.0
/// The packaged node, run as its users run it, against peers of the three libraries that are out there.
///
/// [Processes] starts and kills whatever a test needs and shows the logs of a failed one.
/// [EdgeProcess] is the node, the jar or the native executable; [PeerProcess] is a peer of
/// `src/test/peers`, in one of the languages of [PeerLanguage]. The tests: [RelayInteropIT] for who
/// can speak with whom, [RelayRulesIT] for what the relay refuses and bounds, [LifecycleIT] for stop
/// and warm restart, [CacheFilesIT] for what may lie where the cache should be, [HealthIT] for what
/// operators are told.
@NullMarked
package network.chiral.edge.interop;

import org.jspecify.annotations.NullMarked;
