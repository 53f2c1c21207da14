package io.vitrine.protocol;

/// Versions of an API, both ends inclusive.
public record VersionRange(short lowest, short highest) {
    public VersionRange {
        if (lowest < 0 || lowest > highest) {
            throw new IllegalArgumentException("Versions %d to %d are no range".formatted(lowest, highest));
        }
    }

    public static VersionRange of(int lowest, int highest) {
        return new VersionRange((short) lowest, (short) highest);
    }
}
