// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Gets every good entry out of a text that once may have been a cache file.
///
/// First the text is read as JSON. Where that fails, each id that follows is tried as part of an
/// entry. Work and memory are bounded, whatever the text is.
final class PeerCacheReader {
    /// What a text contained.
    ///
    /// @param fault what is wrong with the text; empty if nothing is
    record Contents(List<CachedPeer> peers, long version, Optional<String> fault) {}

    private static final int MAX_DEPTH = 64;
    private static final int MAX_STRING_LENGTH = 64 * 1024;
    private static final String ID = "\"peer_id\"";

    /// Characters that may be parsed in vain while searching behind a syntax error.
    private static final int SEARCH_BUDGET = 16 * 1024 * 1024;

    /// What the shortest failure counts for: a parser and an exception are not free.
    private static final int ATTEMPT_COST = 4 * 1024;

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final char REPLACEMENT = '\uFFFD';

    // Without the table of field names: a hostile file would fill it with millions
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxStringLength(MAX_STRING_LENGTH)
                                    .build())
                    .build();

    private final String text;
    private final BestPeers best;
    private long version = PeerCacheText.VERSION;
    private boolean versionSeen;
    private boolean peersSeen;
    private int faults;
    private String firstFault = "";

    /// How far the text has been read entry by entry, in characters.
    private int done;

    /// How many characters the last attempt of the search took.
    private int lastAttempt;

    private PeerCacheReader(String text, CacheRules rules, Instant now) {
        this.text = text;
        this.best = new BestPeers(rules, now);
    }

    /// @param text decoded from UTF-8, with U+FFFD where it was not UTF-8
    static Contents read(String text, CacheRules rules, Instant now) {
        boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
        var reader = new PeerCacheReader(marked ? text.substring(1) : text, rules, now);
        if (marked) {
            reader.fault("a byte order mark");
        }
        if (text.indexOf(REPLACEMENT) >= 0) {
            reader.fault("not UTF-8");
        }
        try {
            reader.readAll();
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory cannot fail to be read", e);
        }
        return new Contents(reader.best.all(), reader.version, reader.fault());
    }

    private void readAll() throws IOException {
        try (var json = JSON.createParser(text)) {
            readDocument(json);
        } catch (JacksonException e) {
            fault("broken JSON at character " + offset(e.getLocation()));
            search();
        }
    }

    private void readDocument(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            fault(json.currentToken() == null ? "empty" : "not a JSON object");
            search();
            return;
        }
        readCache(json, false);
        if (!peersSeen) {
            fault("no list of peers");
        }
        if (json.nextToken() != null) {
            fault("more text behind the end");
            search();
        }
    }

    private void readCache(JsonParser json, boolean nested) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            switch (name) {
                case "version" -> readVersion(json);
                case "peers" -> readPeers(json);
                case "cache" -> {
                    // The format of February 2026 wraps version 1 in an object
                    if (!nested && json.currentToken() == JsonToken.START_OBJECT) {
                        readCache(json, true);
                    } else {
                        json.skipChildren();
                    }
                }
                default -> json.skipChildren();
            }
        }
    }

    private void readVersion(JsonParser json) throws IOException {
        if (versionSeen) {
            fault("a second version");
        }
        versionSeen = true;
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            var number = json.getBigIntegerValue();
            version = number.bitLength() < Long.SIZE ? number.longValue() : Long.MAX_VALUE;
        } else {
            fault("a version that is not a number");
            json.skipChildren();
        }
    }

    private void readPeers(JsonParser json) throws IOException {
        if (peersSeen) {
            fault("a second list of peers");
        }
        peersSeen = true;
        if (json.currentToken() != JsonToken.START_ARRAY) {
            fault("peers that are not a list");
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            keep(PeerEntry.read(json));
            done = offset(json.currentLocation());
        }
    }

    private void keep(PeerEntry entry) {
        entry.fault().ifPresent(this::fault);
        entry.peer()
                .ifPresent(peer -> {
                    if (!best.offer(peer)) {
                        fault("a peer twice");
                    }
                });
    }

    /// Tries to read an entry around every id that is named behind the last good entry.
    private void search() throws IOException {
        int budget = SEARCH_BUDGET;
        int id = text.indexOf(ID, done);
        while (id >= 0 && budget > 0) {
            int brace = text.lastIndexOf('{', id);
            int end = brace < done ? -1 : tryEntry(brace);
            if (end < 0) {
                budget -= ATTEMPT_COST + lastAttempt;
            } else {
                done = end;
            }
            id = text.indexOf(ID, Math.max(id + ID.length(), done));
        }
    }

    /// Where the entry ends that begins here, or -1 if none does.
    private int tryEntry(int brace) throws IOException {
        var rest = new StringReader(text);
        lastAttempt = 0;
        if (rest.skip(brace) != brace) {
            return -1;
        }
        try (var json = JSON.createParser(rest)) {
            json.nextToken();
            var entry = PeerEntry.read(json);
            lastAttempt = offset(json.currentLocation());
            keep(entry);
            return entry.peer().isPresent() ? brace + lastAttempt : -1;
        } catch (JacksonException e) {
            lastAttempt = offset(e.getLocation());
            return -1;
        }
    }

    private static int offset(JsonLocation location) {
        return location == null ? 0 : (int) Math.max(0, location.getCharOffset());
    }

    private void fault(String reason) {
        if (faults++ == 0) {
            firstFault = reason;
        }
    }

    private Optional<String> fault() {
        return switch (faults) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(firstFault);
            default -> Optional.of(firstFault + " (and " + (faults - 1) + " more)");
        };
    }
}
