// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One entry of the file while it is read: its values as far as they are good, and what is wrong with it.
///
/// An id, addresses and the time are required; any other field may be missing or null. The fields may
/// also come as an array in the order of the file, which Chiral's reader accepts too.
final class PeerEntry {
    /// More addresses of one peer are not kept; Chiral's client writes one.
    static final int MAX_ADDRESSES = 8;

    private static final BigInteger U64_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final double TWO_TO_THE_64 = 0x1p64;

    private enum Field {
        PEER_ID,
        ADDRESSES,
        LAST_SEEN,
        CONNECTION_COUNT,
        SUCCESSFUL_TRANSFERS,
        FAILED_TRANSFERS,
        TOTAL_BYTES_TRANSFERRED,
        AVERAGE_LATENCY_MS,
        IS_BOOTSTRAP,
        SUPPORTS_RELAY,
        RELIABILITY_SCORE;

        static final Map<String, Field> BY_NAME =
                Stream.of(values())
                        .collect(
                                Collectors.toMap(
                                        field -> field.name().toLowerCase(Locale.ROOT),
                                        Function.identity()));
    }

    private final EnumMap<Field, Object> values = new EnumMap<>(Field.class);
    private boolean usable = true;
    private @Nullable String fault;
    private @Nullable CachedPeer peer;

    private PeerEntry() {}

    /// Reads the value at which the parser stands, to its end.
    ///
    /// @throws IOException if this is not JSON; what is merely not an entry has a [#fault]
    static PeerEntry read(JsonParser json) throws IOException {
        var entry = new PeerEntry();
        if (json.currentToken() == JsonToken.START_OBJECT) {
            entry.readObject(json);
        } else if (json.currentToken() == JsonToken.START_ARRAY) {
            entry.readArray(json);
        } else {
            entry.reject("an entry is not an object");
        }
        entry.finish();
        return entry;
    }

    /// What is wrong, even if the peer could be read without it.
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    Optional<CachedPeer> peer() {
        return Optional.ofNullable(peer);
    }

    private void readObject(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            var field = Field.BY_NAME.get(name);
            if (field == null) {
                json.skipChildren();
            } else {
                take(field, json);
            }
        }
    }

    private void readArray(JsonParser json) throws IOException {
        for (var field : Field.values()) {
            if (json.nextToken() == JsonToken.END_ARRAY) {
                return;
            }
            take(field, json);
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            json.skipChildren();
        }
    }

    private void take(Field field, JsonParser json) throws IOException {
        if (values.containsKey(field)) {
            reject("a field twice in one entry");
            json.skipChildren();
            return;
        }
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        var value =
                switch (field) {
                    case PEER_ID -> text(json);
                    case ADDRESSES -> texts(json);
                    case LAST_SEEN,
                            CONNECTION_COUNT,
                            SUCCESSFUL_TRANSFERS,
                            FAILED_TRANSFERS,
                            TOTAL_BYTES_TRANSFERRED,
                            AVERAGE_LATENCY_MS ->
                            count(json);
                    case IS_BOOTSTRAP, SUPPORTS_RELAY -> flag(json);
                    case RELIABILITY_SCORE -> score(json);
                };
        if (value.isPresent()) {
            values.put(field, value.get());
        } else {
            reject("a bad " + field.name().toLowerCase(Locale.ROOT));
            json.skipChildren();
        }
    }

    private static Optional<String> text(JsonParser json) throws IOException {
        return json.currentToken() == JsonToken.VALUE_STRING
                ? Optional.of(json.getText())
                : Optional.empty();
    }

    /// A list of texts. A member that is none is left out; so are members beyond a sane number.
    private Optional<List<String>> texts(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            return Optional.empty();
        }
        var texts = new ArrayList<String>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                json.skipChildren();
                blemish("an address that is not a text");
            } else if (texts.size() < 2 * MAX_ADDRESSES) {
                texts.add(json.getText());
            }
        }
        return Optional.of(texts);
    }

    private static Optional<Long> count(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            var number = json.getBigIntegerValue();
            return number.signum() < 0 || number.compareTo(U64_MAX) > 0
                    ? Optional.empty()
                    : Optional.of(
                            number.bitLength() < Long.SIZE ? number.longValue() : Long.MAX_VALUE);
        }
        if (json.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
            double number = json.getDoubleValue();
            return number >= 0 && number < TWO_TO_THE_64 && number == Math.rint(number)
                    ? Optional.of((long) number)
                    : Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<Boolean> flag(JsonParser json) {
        return switch (json.currentToken()) {
            case VALUE_TRUE -> Optional.of(true);
            case VALUE_FALSE -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Optional<Double> score(JsonParser json) throws IOException {
        if (!json.currentToken().isNumeric()) {
            return Optional.empty();
        }
        double score = json.getDoubleValue();
        return Double.isFinite(score) ? Optional.of(score) : Optional.empty();
    }

    private void finish() {
        if (!values.containsKey(Field.PEER_ID)
                || !values.containsKey(Field.ADDRESSES)
                || !values.containsKey(Field.LAST_SEEN)) {
            reject("an entry without its id, its addresses or its time");
        } else if (!PeerAddresses.isPeerId(peerId())) {
            reject("a bad peer_id");
        }
        if (usable) {
            peer = toCachedPeer();
        }
    }

    private CachedPeer toCachedPeer() {
        long successful = number(Field.SUCCESSFUL_TRANSFERS);
        long failed = number(Field.FAILED_TRANSFERS);
        long latency = number(Field.AVERAGE_LATENCY_MS);
        return new CachedPeer(
                peerId(),
                addresses(),
                number(Field.LAST_SEEN),
                number(Field.CONNECTION_COUNT),
                successful,
                failed,
                number(Field.TOTAL_BYTES_TRANSFERRED),
                latency,
                isSet(Field.IS_BOOTSTRAP),
                isSet(Field.SUPPORTS_RELAY),
                values.get(Field.RELIABILITY_SCORE) instanceof Double score
                        ? score
                        : Reliability.score(successful, failed, latency));
    }

    private String peerId() {
        return values.get(Field.PEER_ID) instanceof String id ? id : "";
    }

    private List<String> addresses() {
        var named = new LinkedHashSet<String>();
        if (values.get(Field.ADDRESSES) instanceof List<?> given) {
            for (var address : given) {
                PeerAddresses.naming(peerId(), (String) address)
                        .ifPresentOrElse(named::add, () -> blemish("a bad address"));
            }
        }
        return named.stream().limit(MAX_ADDRESSES).toList();
    }

    private long number(Field field) {
        return values.get(field) instanceof Long number ? number : 0;
    }

    private boolean isSet(Field field) {
        return values.get(field) instanceof Boolean flag && flag;
    }

    private void reject(String reason) {
        usable = false;
        blemish(reason);
    }

    private void blemish(String reason) {
        if (fault == null) {
            fault = reason;
        }
    }
}
