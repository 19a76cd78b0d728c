// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.resource;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something that costs a table's lock to look at, looked at once a second however often it is asked for.
/// It keeps nothing alive: between two collections it may be there once more, or be looked at anew.
final class Recent<T> {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private record Value<T>(WeakReference<T> value, long at) {}

    private final Supplier<T> look;
    private @Nullable Value<T> latest; // guarded by this

    Recent(Supplier<T> look) {
        this.look = look;
    }

    synchronized T get() {
        long now = System.nanoTime();
        var known = latest;
        var value = known == null ? null : known.value().get();
        if (known == null || value == null || now - known.at() > FRESH_NANOS) {
            value = look.get();
            latest = new Value<>(new WeakReference<>(value), now);
        }
        return value;
    }

    /// It has changed by what was asked here, and whoever did that shall see it.
    synchronized void changed() {
        latest = null;
    }
}
