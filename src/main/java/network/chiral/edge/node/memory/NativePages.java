// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.function.CFunctionPointer;
import org.graalvm.nativeimage.c.function.InvokeCFunctionPointer;
import org.graalvm.nativeimage.c.type.CCharPointer;
import org.graalvm.nativeimage.c.type.CTypeConversion;
import org.graalvm.word.PointerBase;
import org.graalvm.word.UnsignedWord;
import org.graalvm.word.WordFactory;

/// Pages of a native executable that need not be in memory.
///
/// The start runs through much code that nothing needs afterwards, and the kernel maps its neighbours
/// with it: two thirds of the resident memory of an idle node. Pages that are only read can be let go
/// at any time: the kernel maps them again when they are used, from its cache of the file.
///
/// Never loaded on a JVM, where GraalVM's C interface does not exist.
final class NativePages {
    /// asm-generic/mman-common.h.
    private static final int MADV_DONTNEED = 4;

    private static final Path SMAPS = Path.of("/proc/self/smaps");

    private NativePages() {}

    /// Lets pages of files go that were only read, and asks the C library for what it holds and does
    /// not use.
    static void release() {
        try (var lines = Files.lines(SMAPS)) {
            for (var mapping : FileMapping.readOnly(lines.toList())) {
                madvise(
                        WordFactory.pointer(mapping.start()),
                        WordFactory.unsigned(mapping.length()),
                        MADV_DONTNEED);
            }
        } catch (IOException e) {
            // not Linux: everything stays where it is
        }
        trimCHeap();
    }

    /// `malloc_trim` is glibc's own; other C libraries have none.
    private static void trimCHeap() {
        try (var name = CTypeConversion.toCString("malloc_trim")) {
            var trim = (MallocTrim) dlsym(WordFactory.nullPointer(), name.get());
            if (trim.isNonNull()) {
                trim.call(WordFactory.zero());
            }
        }
    }

    private interface MallocTrim extends CFunctionPointer {
        @InvokeCFunctionPointer
        int call(UnsignedWord pad);
    }

    @CFunction("madvise")
    private static native int madvise(PointerBase start, UnsignedWord length, int advice);

    @CFunction("dlsym")
    private static native CFunctionPointer dlsym(PointerBase library, CCharPointer name);
}
