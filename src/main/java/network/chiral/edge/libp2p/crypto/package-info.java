// SPDX-License-Identifier: Apache-2.0
/// Ciphers and curves behind one small interface, chosen at start by known-answer self-test.
///
/// Read [CryptoProvider] first, then [CryptoProviders], which picks the fastest candidate that answers
/// the test vectors of RFC 7748, RFC 8032 and RFC 8439 rightly.
///
/// [LibcryptoProvider] is the fast one. Its classes know libcrypto as [Libcrypto], a table of C
/// functions with one form for the JVM and one for native executables. [JavaProvider] stands in where
/// there is no libcrypto.
@NullMarked
package network.chiral.edge.libp2p.crypto;

import org.jspecify.annotations.NullMarked;
