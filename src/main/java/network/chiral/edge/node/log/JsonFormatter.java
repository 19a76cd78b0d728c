// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/// One object of JSON a line, always with `time`, `level`, `logger`, `thread` and `message`; with `fields`
/// where the message names values, and `error` and `stack` where something was thrown.
///
/// `fields` are read off the message's pattern (`peer=%s`), not off its text, so a value can hold what it
/// likes.
final class JsonFormatter extends ExtFormatter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// A conversion of [java.util.Formatter], with the key before it where there is one.
    private static final Pattern PRINTF =
            Pattern.compile("(?:([A-Za-z][\\w-]*)=)?%([-#+ 0,(]*\\d*(?:\\.\\d+)?)([a-zA-Z%])");

    /// The same of [java.text.MessageFormat].
    private static final Pattern BRACES = Pattern.compile("([A-Za-z][\\w-]*)=\\{(\\d{1,2})[^}]*}");

    @Override
    public String format(ExtLogRecord entry) {
        var out = new StringBuilder(256).append('{');
        field(out, "time", TIME.format(Instant.ofEpochMilli(entry.getMillis())));
        field(out, "level", entry.getLevel().getName());
        field(out, "logger", entry.getLoggerName());
        field(out, "thread", entry.getThreadName());
        field(out, "message", formatMessage(entry));
        var fields = fields(entry);
        if (!fields.isEmpty()) {
            out.append(",\"fields\":{");
            fields.forEach((key, value) -> field(out, key, value));
            out.append('}');
        }
        var thrown = entry.getThrown();
        if (thrown != null) {
            field(out, "error", thrown.toString());
            var stack = new StringWriter();
            thrown.printStackTrace(new PrintWriter(stack, true));
            field(out, "stack", stack.toString());
        }
        return out.append("}\n").toString();
    }

    private static Map<String, String> fields(ExtLogRecord entry) {
        var found = new LinkedHashMap<String, String>();
        var values = entry.getParameters();
        var pattern = entry.getMessage();
        if (values == null || pattern == null) {
            return found;
        }
        switch (entry.getFormatStyle()) {
            case PRINTF -> {
                int next = 0;
                for (var match = PRINTF.matcher(pattern); match.find(); ) {
                    boolean takesNone = match.group(3).equals("%") || match.group(3).equals("n");
                    if (!takesNone && match.group(1) != null && next < values.length) {
                        found.put(match.group(1), String.valueOf(values[next]));
                    }
                    next += takesNone ? 0 : 1;
                }
            }
            case MESSAGE_FORMAT -> {
                for (var match = BRACES.matcher(pattern); match.find(); ) {
                    int index = Integer.parseInt(match.group(2));
                    if (index < values.length) {
                        found.put(match.group(1), String.valueOf(values[index]));
                    }
                }
            }
            case NO_FORMAT -> {}
        }
        return found;
    }

    private static void field(StringBuilder out, String key, String value) {
        if (out.charAt(out.length() - 1) != '{') {
            out.append(',');
        }
        quote(out, key);
        out.append(':');
        quote(out, String.valueOf(value));
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
