// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A part of a file in the memory of this process, by `/proc/self/smaps` (proc_pid_smaps(5)).
///
/// @param start its address
/// @param length bytes
record FileMapping(long start, long length) {
    /// `00410000-020a0000 r-xp 00000000 fd:00 1234 /path`; an inode of 0 is no file.
    private static final Pattern HEAD =
            Pattern.compile(
                    "([0-9a-f]{1,16})-([0-9a-f]{1,16}) r-[x-]p [0-9a-f]+ \\S+ [1-9]\\d* +/.*");

    private static final Pattern ANY_HEAD = Pattern.compile("[0-9a-f]+-[0-9a-f]+ .*");
    private static final Pattern NONE_ANONYMOUS = Pattern.compile("Anonymous: +0 kB");

    /// The private mappings of files that nobody may write and nobody has written: every page of them
    /// is as the file has it. A linker writes to some before it makes them read-only; those are not
    /// among them.
    static List<FileMapping> readOnly(List<String> smaps) {
        var found = new ArrayList<FileMapping>();
        FileMapping current = null;
        for (var line : smaps) {
            if (ANY_HEAD.matcher(line).matches()) {
                var head = HEAD.matcher(line);
                current = head.matches() ? between(head.group(1), head.group(2)) : null;
            } else if (current != null && NONE_ANONYMOUS.matcher(line).matches()) {
                found.add(current);
            }
        }
        return found;
    }

    private static FileMapping between(String start, String end) {
        long first = Long.parseUnsignedLong(start, 16);
        return new FileMapping(first, Long.parseUnsignedLong(end, 16) - first);
    }
}
