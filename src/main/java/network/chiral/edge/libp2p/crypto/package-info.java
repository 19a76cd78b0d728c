// SPDX-License-Identifier: Apache-2.0
/// Ciphers and curves behind one small interface, chosen at start by known-answer self-test.
///
/// Read [CryptoProvider] first. [CryptoProviders] holds the candidates and picks the fastest one that
/// answers the test vectors of RFC 7748, RFC 8032 and RFC 8439 rightly.
@NullMarked
package network.chiral.edge.libp2p.crypto;

import org.jspecify.annotations.NullMarked;
