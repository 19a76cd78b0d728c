// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Which rules of the specifications a test proves.
///
/// The ids are those of `src/test/conformance/*.tsv`, where each has its source and its wording;
/// `docs/conformance.md` is made from both.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Clause {
    String[] value();
}
