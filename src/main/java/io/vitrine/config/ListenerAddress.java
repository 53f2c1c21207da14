package io.vitrine.config;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/// One entry of `listeners` or `advertised.listeners`: `NAME://host:port`, where the host may be empty and an IPv6
/// address stands in brackets.
///
/// @param host empty for all addresses
public record ListenerAddress(String name, String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9_-]+)://(?:\\[([0-9a-fA-F:.%]+)]|([^:/\\[\\]]*)):(\\d+)");
    private static final int MAX_PORT = 65_535;

    /// Where it listens; all addresses where the host is empty.
    public InetSocketAddress socketAddress() {
        return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    }

    /// Reads one entry of the setting called `setting`.
    static ListenerAddress parse(String setting, String text) throws SettingsException {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new SettingsException(setting, text, "expected NAME://host:port");
        }
        var host = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
        var digits = matcher.group(4);
        int port = digits.length() > 5 ? Integer.MAX_VALUE : Integer.parseInt(digits);
        if (port > MAX_PORT) {
            throw new SettingsException(setting, text, "expected a port up to " + MAX_PORT);
        }
        return new ListenerAddress(matcher.group(1), host.equals("0.0.0.0") ? "" : host, port);
    }
}
