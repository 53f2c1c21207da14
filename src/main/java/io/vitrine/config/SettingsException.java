package io.vitrine.config;

/// A setting can't be used; the message names it, its value and what would do.
public final class SettingsException extends Exception {
    private static final long serialVersionUID = 1;

    public SettingsException(String message) {
        super(message);
    }

    SettingsException(String name, String value, String expected) {
        super("%s=%s: %s".formatted(name, value, expected));
    }
}
