// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

/// Tells code that runs in a native executable from code that runs on a JVM.
///
/// native-image initialises this class while it builds (see `native-image.properties`), so that the
/// field is a constant there and the branch of the JVM, with `java.lang.foreign`, is not compiled in.
/// GraalVM's own `ImageInfo` would do the same, but its jar is not there when the node runs on a JVM.
final class NativeExecutable {
    /// Set by native-image, to `buildtime` in its own JVM and to `runtime` in what it builds.
    private static final String IMAGE_CODE = "org.graalvm.nativeimage.imagecode";

    static final boolean HERE = System.getProperty(IMAGE_CODE) != null;

    private NativeExecutable() {}

    /// Tells whether native-image is still at work: what is made now would end up in the executable.
    static boolean isBeingBuilt() {
        return "buildtime".equals(System.getProperty(IMAGE_CODE));
    }
}
