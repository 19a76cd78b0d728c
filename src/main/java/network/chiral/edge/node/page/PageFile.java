// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// One file of the page as it is sent.
///
/// @param type its media type
/// @param tag names this content (RFC 9110, section 8.8.3), with its quotes
/// @param plain the bytes
/// @param gzip the same, compressed
record PageFile(String type, String tag, byte[] plain, byte[] gzip) {
    private static final int TAG_BYTES = 12;

    /// The file of this name; empty where the page has none.
    static Optional<PageFile> read(String name) {
        var type = type(name);
        if (type.isEmpty() || name.contains("/")) {
            return Optional.empty();
        }
        try (var in = PageFile.class.getResourceAsStream(name)) {
            if (in == null) {
                return Optional.empty();
            }
            var bytes = in.readAllBytes();
            return Optional.of(new PageFile(type.get(), tag(bytes), bytes, compressed(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> type(String name) {
        return Optional.ofNullable(
                switch (name.substring(name.lastIndexOf('.') + 1)) {
                    case "html" -> "text/html; charset=utf-8";
                    case "css" -> "text/css; charset=utf-8";
                    case "js" -> "text/javascript; charset=utf-8";
                    case "svg" -> "image/svg+xml";
                    default -> null;
                });
    }

    private static String tag(byte[] bytes) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] compressed(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
