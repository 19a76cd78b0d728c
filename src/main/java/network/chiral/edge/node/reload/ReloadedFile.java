// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import network.chiral.edge.node.BadConfiguration;
import org.jspecify.annotations.Nullable;

/// A text file whose content takes effect when it changes; a bad one leaves the last good one in force.
///
/// Symbolic links are followed each time, so the swap by which Kubernetes renews a mounted ConfigMap or
/// Secret is a change like any other. Used by one thread.
public final class ReloadedFile<T> {
    /// Files up to this size are read at every look; larger ones when time, size or identity changed.
    private static final int READ_ALWAYS = 1 << 20;

    private final String key;
    private final Path path;
    private final int maxBytes;
    private final FileReader<T> reader;
    private final Consumer<T> listener;
    private byte @Nullable [] good;
    private @Nullable String looked;
    private @Nullable String fault;

    /// @param key the setting that names the file
    /// @param maxBytes a longer file is a bad one
    /// @param reader makes something of the lines
    /// @param listener is given what came of them
    public ReloadedFile(
            String key, Path path, int maxBytes, FileReader<T> reader, Consumer<T> listener) {
        this.key = key;
        this.path = path;
        this.maxBytes = maxBytes;
        this.reader = reader;
        this.listener = listener;
    }

    public String key() {
        return key;
    }

    public Path path() {
        return path;
    }

    /// Reads it for the first time.
    ///
    /// @throws BadConfiguration where it is a bad one
    public void load() {
        if (look() == Outcome.BAD) {
            throw new BadConfiguration(key, path.toString(), "a good file: " + fault);
        }
    }

    /// What a look found.
    public enum Outcome {
        /// The content is that of the last good look.
        SAME,
        /// It has changed and is in force.
        CHANGED,
        /// It is bad, and the last good one stays in force.
        BAD
    }

    /// Looks whether it has changed.
    public Outcome look() {
        try {
            var seen = attributes();
            if (seen.equals(looked)) {
                return fault == null ? Outcome.SAME : Outcome.BAD;
            }
            var bytes = bytes();
            looked = bytes.length > READ_ALWAYS ? seen : null;
            if (good != null && Arrays.equals(good, bytes)) {
                fault = null;
                return Outcome.SAME;
            }
            listener.accept(reader.read(lines(bytes)));
            good = bytes;
            fault = null;
            return Outcome.CHANGED;
        } catch (BadFile e) {
            fault = e.getMessage();
        } catch (NoSuchFileException e) {
            fault = "there is none";
        } catch (IOException e) {
            fault = "it cannot be read: " + e.getMessage();
        }
        return Outcome.BAD;
    }

    /// What is wrong with it; null while nothing is.
    public @Nullable String fault() {
        return fault;
    }

    private String attributes() throws IOException {
        var now = Files.readAttributes(path, BasicFileAttributes.class);
        return now.size() + " " + now.lastModifiedTime() + " " + now.fileKey();
    }

    private byte[] bytes() throws IOException, BadFile {
        if (Files.size(path) > maxBytes) {
            throw new BadFile("it is longer than " + maxBytes + " bytes");
        }
        try (var in = Files.newInputStream(path)) {
            return in.readNBytes(maxBytes); // it may grow meanwhile; the next look sees that
        }
    }

    private static List<FileReader.Line> lines(byte[] bytes) throws BadFile {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new BadFile("it is no text in UTF-8");
        }
        var lines = new ArrayList<FileReader.Line>();
        int number = 0;
        for (var line : text.split("\n", -1)) {
            number++;
            var kept = line.strip();
            if (!kept.isEmpty() && !kept.startsWith("#")) {
                lines.add(new FileReader.Line(number, kept));
            }
        }
        return lines;
    }
}
