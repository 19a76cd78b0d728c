// SPDX-License-Identifier: Apache-2.0
/// `/noise`: Noise_XX_25519_ChaChaPoly_SHA256 with libp2p's payload (noise/README.md of the specs).
///
/// [NoiseHandshake] is the three messages without any IO, [NoiseChannel] the frames afterwards.
@NullMarked
package network.chiral.edge.libp2p.security.noise;

import org.jspecify.annotations.NullMarked;
