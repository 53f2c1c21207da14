package io.vitrine.protocol;

/// What a refusal is about.
///
/// @param name of the topic, the group and so on; empty if it is the whole request or connection
/// @param partition of the topic; -1 if it is none
public record Subject(Kind kind, String name, int partition) {
    private static final int NO_PARTITION = -1;
    private static final Subject WHOLE = new Subject(Kind.WHOLE, "", NO_PARTITION);

    /// What kind of a thing it is.
    public enum Kind {
        /// The request or the connection as a whole.
        WHOLE,
        PARTITION,
        TOPIC,
        GROUP,
        TRANSACTIONAL_ID,
        /// Something else that has a name, such as a config or a user.
        OTHER
    }

    /// The request or the connection as a whole.
    public static Subject whole() {
        return WHOLE;
    }

    /// One partition.
    ///
    /// @param topic its name, or its id where only that is known
    public static Subject partition(String topic, int partition) {
        return new Subject(Kind.PARTITION, topic, partition);
    }

    public static Subject topic(String name) {
        return new Subject(Kind.TOPIC, name, NO_PARTITION);
    }

    public static Subject group(String id) {
        return new Subject(Kind.GROUP, id, NO_PARTITION);
    }

    public static Subject transactionalId(String id) {
        return new Subject(Kind.TRANSACTIONAL_ID, id, NO_PARTITION);
    }

    public static Subject other(String name) {
        return new Subject(Kind.OTHER, name, NO_PARTITION);
    }

    /// Is it this topic, or a partition of it?
    public boolean isOfTopic(String topic) {
        return (kind == Kind.PARTITION || kind == Kind.TOPIC) && name.equals(topic);
    }

    /// As people write it, such as `orders-0`.
    public String text() {
        return kind == Kind.PARTITION ? name + "-" + partition : name;
    }

    Subject shortened() {
        var cut = RefusalEntry.cut(name);
        return cut.length() == name.length() ? this : new Subject(kind, cut, partition);
    }
}
