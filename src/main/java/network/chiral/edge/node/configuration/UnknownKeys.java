// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import network.chiral.edge.node.Nearest;
import org.eclipse.microprofile.config.spi.ConfigSource;

/// Finds names under `chiral.` that no mapping has, which otherwise would be read by nobody.
///
/// An environment variable stands for several keys (`CHIRAL_A_B` for `chiral.a.b` and `chiral.a-b`), so
/// these are compared in the spelling of the environment.
public final class UnknownKeys {
    private static final String PREFIX = "CHIRAL_";
    private static final Pattern PROFILE = Pattern.compile("^%[^.]+\\.");
    private static final Pattern PROFILE_VARIABLE = Pattern.compile("^_(DEV|TEST|PROD)_");
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]$");
    private static final Pattern INDEX_VARIABLE = Pattern.compile("_\\d+_$");

    /// What Kubernetes and Docker tell a container of the Service `chiral` or `chiral-...` beside it.
    private static final Pattern SERVICE_LINK =
            Pattern.compile(
                    "CHIRAL_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?"
                            + "|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern SERVICE_PORT = Pattern.compile("CHIRAL_(.*_)?PORT");
    private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

    private final KnownKeys known;

    public UnknownKeys(KnownKeys known) {
        this.known = known;
    }

    /// All of them, whichever source they come from.
    public List<UnknownKey> find(SmallRyeConfig config) {
        var found = new LinkedHashSet<UnknownKey>();
        for (var source : config.getConfigSources()) {
            names(source).forEach(found::add);
        }
        return found.stream().sorted(Comparator.comparing(UnknownKey::name)).toList();
    }

    private Stream<UnknownKey> names(ConfigSource source) {
        return source.getName().startsWith(EnvConfigSource.NAME)
                ? source.getProperties().keySet().stream()
                        .filter(name -> isUnknownVariable(name, source))
                        .map(name ->
                                unknown(name, source, known.environmentNames(), variable(name)))
                : source.getPropertyNames().stream()
                        .filter(this::isUnknownKey)
                        .map(name -> unknown(name, source, known.keys(), key(name)));
    }

    private static UnknownKey unknown(
            String name, ConfigSource source, Set<String> candidates, String compared) {
        var origin = Origin.of(source.getName(), name);
        return new UnknownKey(
                name,
                origin.startsWith("env ") ? "environment" : origin,
                Nearest.of(compared, candidates));
    }

    private boolean isUnknownKey(String name) {
        var key = key(name);
        if (!key.startsWith(KnownKeys.ROOT) || known.keys().contains(key)) {
            return false;
        }
        return !known.isList(INDEX.matcher(key).replaceFirst(""));
    }

    private static String key(String name) {
        return PROFILE.matcher(name).replaceFirst("");
    }

    private boolean isUnknownVariable(String name, ConfigSource source) {
        var variable = variable(name);
        return variable.startsWith(PREFIX)
                && !known.environmentNames().contains(variable)
                && !known.environmentNames()
                        .contains(INDEX_VARIABLE.matcher(variable).replaceFirst(""))
                && !isServiceLink(variable, source.getValue(name));
    }

    private static String variable(String name) {
        var variable = KnownKeys.environmentName(name);
        return PROFILE_VARIABLE.matcher(variable).replaceFirst("");
    }

    private static boolean isServiceLink(String variable, String value) {
        return SERVICE_LINK.matcher(variable).matches()
                || SERVICE_PORT.matcher(variable).matches()
                        && value != null
                        && SERVICE_URL.matcher(value).matches();
    }
}
