// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Looks into a service for everything that grows: what is left there when all have gone is a leak.
final class Memory {
    private static final String OURS = "network.chiral.edge.libp2p.protocol.";

    private Memory() {}

    /// The sizes of the maps and collections that `service` or a table of it holds something in, by the
    /// fields' names.
    static Map<String, Integer> of(Object service) {
        var sizes = new TreeMap<String, Integer>();
        look(service, service.getClass().getSimpleName(), sizes, new HashSet<>());
        sizes.keySet().removeIf(name -> name.endsWith("isteners"));
        sizes.remove("HopService.circuits.traffic.peers"); // of those who left; bounded by itself
        sizes.values().removeIf(size -> size == 0);
        return sizes;
    }

    private static void look(
            Object object, String path, Map<String, Integer> sizes, Set<Integer> seen) {
        if (!seen.add(System.identityHashCode(object))) {
            return;
        }
        for (var field : object.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            field.setAccessible(true);
            var name = path + "." + field.getName();
            switch (value(field, object)) {
                case Map<?, ?> map -> sizes.put(name, map.size());
                case Collection<?> all -> sizes.put(name, all.size());
                case Object part when isATable(part) -> look(part, name, sizes, seen);
                case null, default -> {}
            }
        }
    }

    private static Object value(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isATable(Object part) {
        return part.getClass().getName().startsWith(OURS)
                && !part.getClass().isRecord()
                && !(part instanceof Enum<?>);
    }
}
