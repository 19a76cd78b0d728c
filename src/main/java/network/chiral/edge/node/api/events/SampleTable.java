// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.events;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.IntFunction;
import network.chiral.edge.node.api.events.Pulse.Moment;
import org.jspecify.annotations.Nullable;

/// The last hour in samples, in arrays that are made once: some 20 KB.
///
/// Time is an argument, as part of the samples; every method is synchronized and calls nothing foreign
/// while it holds the lock.
final class SampleTable {
    private static final double MILLIS = 1_000;

    private final int capacity;
    private final int[] at; // Unix seconds
    private final int[] connections;
    private final int[] peers;
    private final int[] reservations;
    private final int[] circuits;
    private final long[] bytesPerSecond;
    private final int[] refusals;
    private final int[] cached;
    private final int[] cachedConnected;
    private final float[] hitRate;
    private int count; // ever
    private long lastBytes;
    private long lastRefusals;
    private long lastMillis;

    SampleTable(int capacity) {
        this.capacity = capacity;
        at = new int[capacity];
        connections = new int[capacity];
        peers = new int[capacity];
        reservations = new int[capacity];
        circuits = new int[capacity];
        bytesPerSecond = new long[capacity];
        refusals = new int[capacity];
        cached = new int[capacity];
        cachedConnected = new int[capacity];
        hitRate = new float[capacity];
    }

    /// Adds a sample; the eldest makes room for it.
    synchronized void add(Moment moment) {
        int i = count % capacity;
        long millis = moment.at().toEpochMilli();
        // a circuit that ends may be told late, and a clock may be put back
        long moved = count == 0 ? 0 : Math.max(0, moment.relayedBytes() - lastBytes);
        long passed = Math.max(1, millis - lastMillis);
        at[i] = Math.clamp(moment.at().getEpochSecond(), 0, Integer.MAX_VALUE);
        connections[i] = moment.connections();
        peers[i] = moment.peers();
        reservations[i] = moment.reservations();
        circuits[i] = moment.circuits();
        bytesPerSecond[i] = Math.round(moved * MILLIS / passed);
        refusals[i] = count == 0 ? 0 : (int) Math.max(0, moment.refusals() - lastRefusals);
        cached[i] = moment.cached();
        cachedConnected[i] = moment.cachedConnected();
        hitRate[i] = (float) moment.hitRate();
        count++;
        lastBytes = Math.max(lastBytes, moment.relayedBytes());
        lastRefusals = moment.refusals();
        lastMillis = millis;
    }

    /// All samples as columns, the eldest first.
    synchronized JsonObject columns() {
        return new JsonObject()
                .put("at", column(i -> at[i]))
                .put("connections", column(i -> connections[i]))
                .put("peers", column(i -> peers[i]))
                .put("reservations", column(i -> reservations[i]))
                .put("circuits", column(i -> circuits[i]))
                .put("bytesPerSecond", column(i -> bytesPerSecond[i]))
                .put("refusals", column(i -> refusals[i]))
                .put("cached", column(i -> cached[i]))
                .put("cachedConnected", column(i -> cachedConnected[i]))
                .put("hitRate", column(i -> Pulse.rate(hitRate[i])));
    }

    private JsonArray column(IntFunction<@Nullable Object> value) {
        var column = new JsonArray();
        for (int n = Math.max(0, count - capacity); n < count; n++) {
            column.add(value.apply(n % capacity));
        }
        return column;
    }
}
