// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static network.chiral.edge.node.cache.Peers.ALICE;
import static network.chiral.edge.node.cache.Peers.BOB;
import static network.chiral.edge.node.cache.Peers.CAROL;
import static network.chiral.edge.node.cache.Peers.NOON;
import static network.chiral.edge.node.cache.Peers.document;
import static network.chiral.edge.node.cache.Peers.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DamagedPeerCacheTest {
    private static final String SOUND = document(entry(ALICE), entry(BOB));

    /// Ten times what is allowed, because a build machine may be ten times busier than a node.
    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir Path folder;

    /// A kind of damage, the text, and the peers that are still to be found in it.
    static Stream<Arguments> damages() throws IOException {
        return Stream.of(
                        Stream.of(
                                damage("empty", ""),
                                damage("white space", " \n\t "),
                                damage("garbage", "\u0003\u0001\u007f@@@"),
                                damage("plain text", "hello {world} of {\"json\": }"),
                                damage("NUL page", "\0".repeat(4096)),
                                damage("NUL page behind", SOUND + "\0".repeat(4096), ALICE, BOB),
                                damage("gzip", gzip(SOUND)),
                                damage("UTF-16", SOUND.getBytes(UTF_16LE)),
                                damage("byte order mark", "\uFEFF" + SOUND, ALICE, BOB),
                                damage("trailing garbage", SOUND + "}", ALICE, BOB),
                                damage("twice", SOUND + document(entry(CAROL)), ALICE, BOB, CAROL),
                                damage("a number", "1"),
                                damage("null", "null"),
                                damage("no peers", "{\"version\":1,\"last_updated\":1}"),
                                damage("null peers", "{\"version\":1,\"peers\":null}"),
                                damage("peers as object", "{\"version\":1,\"peers\":{}}"),
                                damage("bare list", "[" + entry(ALICE) + "]", ALICE),
                                damage("deep nest", "[".repeat(1_000_000)),
                                damage("deep objects", "{\"a\":".repeat(1_000_000)),
                                damage("braces", "{".repeat(1_000_000)),
                                damage("ids", "{\"peer_id\":".repeat(700_000)),
                                damage("bad entries", "{\"peer_id\":\"a\"},".repeat(400_000)),
                                damage("open strings", "{\"peer_id\":\"a\",\"b".repeat(400_000))),
                        damagedTexts(),
                        damagedEntries())
                .flatMap(kind -> kind);
    }

    private static Stream<Arguments> damagedTexts() {
        return Stream.of(
                damage("text version", SOUND.replace("version\":1", "version\":\"1\""), ALICE, BOB),
                damage("second list", SOUND.replace("}]}", "}],\"peers\":[]}"), ALICE, BOB),
                damage("duplicate top key", "{\"version\":1," + SOUND.substring(1), ALICE, BOB),
                damage(
                        "deep unknown field",
                        SOUND.replace("}]}", "}],\"x\":" + "[".repeat(9_000) + "}"),
                        ALICE,
                        BOB),
                damage("garbage between", SOUND.replace("},{", "},\0\0#{"), ALICE, BOB),
                damage("missing comma", SOUND.replace("},{", "}{"), ALICE, BOB),
                damage("comma too many", SOUND.replace("}]}", "},]}"), ALICE, BOB),
                damage("single quotes", SOUND.replace('"', '\'')),
                damage("comment", "// cache\n" + SOUND, ALICE, BOB),
                damage("bad UTF-8", badUtf8(), ALICE, BOB),
                damage("bad UTF-8 in an id", badUtf8InAnId(), BOB));
    }

    /// Alice's entry is damaged, Bob's is good.
    private static Stream<Arguments> damagedEntries() {
        return Stream.of(
                inEntry("NaN", "0.7", "NaN"),
                inEntry("infinity", "0.7", "1e999"),
                inEntry("score as text", "0.7", "\"0.7\""),
                inEntry("score as bool", "0.7", "true"),
                inEntry("negative", "\"connection_count\":3", "\"connection_count\":-3"),
                inEntry("fraction", "\"connection_count\":3", "\"connection_count\":3.5"),
                inEntry("number as text", "\"connection_count\":3", "\"connection_count\":\"3\""),
                inEntry("u64 overflow", "_transferred\":5", "_transferred\":18446744073709551616"),
                inEntry("long number", "_transferred\":5", "_transferred\":" + "9".repeat(5_000)),
                inEntry("huge exponent", "_transferred\":5", "_transferred\":1e999999999"),
                inEntry("flag as number", "\"supports_relay\":true", "\"supports_relay\":1"),
                inEntry("id as number", '"' + ALICE + "\",\"addr", "7,\"addr"),
                inEntry("null id", '"' + ALICE + "\",\"addr", "null,\"addr"),
                inEntry("empty id", '"' + ALICE + "\",\"addr", "\"\",\"addr"),
                inEntry("path as id", '"' + ALICE + "\",\"addr", "\"../../etc\",\"addr"),
                inEntry("half a surrogate", '"' + ALICE + "\",\"addr", "\"\\ud800\",\"addr"),
                inEntry(
                        "long id",
                        '"' + ALICE + "\",\"addr",
                        '"' + "a".repeat(99_999) + "\",\"addr"),
                inEntry("addresses as text", "[\"/ip4", "\"/ip4", "\"],", "\","),
                inEntry("no time", "\"last_seen\"", "\"seen\""),
                inEntry("null time", "\"last_seen\":1795435200", "\"last_seen\":null"),
                inEntry("no addresses", "\"addresses\"", "\"addr\""),
                inEntry("duplicate key", "\"last_seen\"", "\"last_seen\":1,\"last_seen\""),
                inEntry("control character", "\"peer_id\"", "\"peer\0_id\""),
                damage("entry as number", document("1", entry(BOB)), BOB),
                damage("entry as null", document("null", entry(BOB)), BOB),
                damage("empty entry", document("{}", "[]", entry(BOB)), BOB),
                damage("short array", document("[\"a\"]", entry(BOB)), BOB),
                damage("the same peer twice", document(entry(BOB), entry(BOB)), BOB),
                damage("bad multiaddr", SOUND.replaceFirst("/ip4/", "ip4:"), ALICE, BOB),
                damage("address as number", SOUND.replaceFirst("\\[\"", "[4,\""), ALICE, BOB));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void isKeptAsideWhileItsGoodEntriesAreUsed(String kind, byte[] text, List<String> left)
            throws IOException {
        Files.write(path(), text);

        var load = assertTimeoutPreemptively(BOUND, () -> file().load(NOON));

        assertThat(load.peers()).extracting(CachedPeer::peerId).containsExactlyElementsOf(left);
        var aside = folder.resolve("peer_cache.json.corrupt-20261123T120000Z");
        assertThat(aside(load.outcome())).isEqualTo(aside);
        assertThat(aside).hasBinaryContent(text);
        assertThat(path()).doesNotExist();
    }

    @Test
    void givesEveryWholeEntryWhereverItIsCut() throws IOException {
        var text = new String(PeerCacheText.of(pair(), NOON), UTF_8);
        int first = text.indexOf("    },\n") + 5;
        int second = text.lastIndexOf("    }\n") + 5;

        for (int length = 0; length < text.length(); length++) {
            Files.writeString(path(), text.substring(0, length));
            var load = file().load(NOON.plusSeconds(length));

            int whole = length >= second ? 2 : length >= first ? 1 : 0;
            assertThat(load.peers()).as("cut at %d", length).isEqualTo(pair().subList(0, whole));
            assertThat(aside(load.outcome())).exists();
        }
    }

    @Test
    void neverThrowsWhicheverByteIsFlipped() throws IOException {
        var text = PeerCacheText.of(pair(), NOON);
        var random = new Random(20261123);
        for (int i = 0; i < 2_000; i++) {
            var flipped = text.clone();
            flipped[random.nextInt(text.length)] = (byte) random.nextInt();

            var contents =
                    PeerCacheReader.read(new String(flipped, UTF_8), CacheRules.DEFAULT, NOON);

            assertThat(contents.peers()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void neverThrowsOnRandomBytes() {
        var random = new Random(7);
        var alphabet = "{}[]\",:\\ 0e-.ntfpeer_id\0\uFEFF\uD800".toCharArray();
        for (int i = 0; i < 3_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(200); n > 0; n--) {
                text.append(alphabet[random.nextInt(alphabet.length)]);
            }

            var contents = PeerCacheReader.read(text.toString(), CacheRules.DEFAULT, NOON);

            assertThat(contents.peers()).isEmpty();
        }
    }

    @Test
    void neverOverwritesAnEarlierOne() throws IOException {
        for (var text : List.of("first", "second", "third")) {
            Files.writeString(path(), text);
            file().load(NOON);
        }

        var name = "peer_cache.json.corrupt-20261123T120000Z";
        assertThat(folder.resolve(name)).hasContent("first");
        assertThat(folder.resolve(name + "-1")).hasContent("second");
        assertThat(folder.resolve(name + "-2")).hasContent("third");
    }

    @Test
    void saysHowMuchIsWrong() throws IOException {
        Files.writeString(path(), document("{}", "7", entry(BOB)));

        var outcome = (LoadOutcome.Salvaged) file().load(NOON).outcome();

        assertThat(outcome.kept()).isEqualTo(1);
        assertThat(outcome.reason())
                .isEqualTo("an entry without its id, its addresses or its time (and 1 more)");
    }

    private static List<CachedPeer> pair() {
        return List.of(Peers.peer(ALICE, 0.5), Peers.peer(BOB, 0.25));
    }

    private static Arguments inEntry(String kind, String... replacements) {
        var alice = entry(ALICE);
        for (int i = 0; i < replacements.length; i += 2) {
            assertThat(alice).contains(replacements[i]);
            alice = alice.replace(replacements[i], replacements[i + 1]);
        }
        return damage(kind, document(alice, entry(BOB)), BOB);
    }

    private static Arguments damage(String kind, String text, String... left) {
        return damage(kind, text.getBytes(UTF_8), left);
    }

    private static Arguments damage(String kind, byte[] text, String... left) {
        return arguments(kind, text, Arrays.asList(left));
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] badUtf8() {
        return SOUND.replace("}]}", "}],\"note\":\"\u00c3\u0028\u00ff\"}").getBytes(ISO_8859_1);
    }

    private static byte[] badUtf8InAnId() {
        return document(entry(ALICE.replace('H', '\u00ff')), entry(BOB)).getBytes(ISO_8859_1);
    }

    private static Path aside(LoadOutcome outcome) {
        return switch (outcome) {
            case LoadOutcome.Salvaged(var _, var aside, var _) -> aside.orElseThrow();
            case LoadOutcome.Unreadable(var aside, var _) -> aside.orElseThrow();
            default -> throw new AssertionError(outcome + " is not about damage");
        };
    }

    private PeerCacheFile file() {
        return new PeerCacheFile(path(), CacheRules.DEFAULT, false);
    }

    private Path path() {
        return folder.resolve("peer_cache.json");
    }
}
