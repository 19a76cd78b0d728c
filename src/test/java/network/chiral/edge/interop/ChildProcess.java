// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// A program under test, with every line it wrote.
final class ChildProcess implements AutoCloseable {
    private static final int LINES_SHOWN = 80;

    /// Where a line came from.
    enum Source {
        OUT,
        ERR
    }

    private final String name;
    private final Process process;
    private final BufferedWriter input;
    private final List<String> out = new ArrayList<>(); // guarded by this
    private final List<String> err = new ArrayList<>(); // guarded by this
    private int openSources = 2; // guarded by this

    /// @param environment added to that of the test, from which the node's own settings are taken away
    ChildProcess(String name, List<String> command, Map<String, String> environment) {
        this.name = name;
        var builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(key -> key.startsWith("CHIRAL_") || key.startsWith("QUARKUS_"));
        builder.environment().putAll(environment);
        try {
            this.process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " did not start", e);
        }
        this.input =
                new BufferedWriter(
                        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        collect(process.getInputStream(), out);
        collect(process.getErrorStream(), err);
    }

    private void collect(InputStream stream, List<String> lines) {
        Thread.ofPlatform()
                .daemon()
                .name(name)
                .start(() -> {
                    try (var in =
                            new BufferedReader(
                                    new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (var line = in.readLine(); line != null; line = in.readLine()) {
                            add(lines, line);
                        }
                    } catch (IOException e) {
                        add(lines, "(unreadable from here: " + e + ")");
                    }
                    sourceEnded();
                });
    }

    private synchronized void add(List<String> lines, String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void sourceEnded() {
        openSources--;
        notifyAll();
    }

    /// Writes one line to the program's input.
    void write(String line) {
        synchronized (input) {
            try {
                input.write(line);
                input.newLine();
                input.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(name + " takes no input", e);
            }
        }
    }

    /// Waits for the first line, from the beginning, of which `reading` makes something.
    synchronized <T> T await(
            Source source, Function<String, Optional<T>> reading, String what, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        var lines = source == Source.OUT ? out : err;
        for (int next = 0; ; ) {
            while (next < lines.size()) {
                var found = reading.apply(lines.get(next++));
                if (found.isPresent()) {
                    return found.get();
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (openSources == 0 || left <= 0) {
                var why = openSources == 0 ? "ended without " : "gave within " + patience + " no ";
                throw new AssertionError(name + " " + why + what);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }

    /// Waits for a line with `text` in it.
    void awaitLine(Source source, String text, Duration patience) {
        await(
                source,
                line -> line.contains(text) ? Optional.of(line) : Optional.empty(),
                text,
                patience);
    }

    synchronized String stderr() {
        return String.join("\n", err);
    }

    synchronized String stdout() {
        return String.join("\n", out) + "\n";
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// SIGTERM.
    void terminate() {
        process.destroy();
    }

    /// SIGKILL.
    void kill() {
        process.destroyForcibly();
    }

    /// Any other signal, by its name.
    void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The exit code, and every line is there.
    int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " still runs after " + patience);
            }
            synchronized (this) {
                long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
                while (openSources > 0 && System.nanoTime() - end < 0) {
                    wait(100);
                }
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the end of " + name, e);
        }
    }

    /// What it wrote last, for whoever reads about a failure.
    synchronized String log() {
        return "--- %s, pid %d, %s%n%s%n%s%n"
                .formatted(
                        name,
                        process.pid(),
                        process.isAlive() ? "runs" : "exit code " + process.exitValue(),
                        tail("stdout", out),
                        tail("stderr", err));
    }

    private static String tail(String title, List<String> lines) {
        int from = Math.max(0, lines.size() - LINES_SHOWN);
        var shown = String.join("\n", lines.subList(from, lines.size()));
        return title + " (" + lines.size() + " lines):\n" + shown;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }
}
