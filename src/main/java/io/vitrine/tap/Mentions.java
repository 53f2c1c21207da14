package io.vitrine.tap;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// Which topics a request and its answer name, and which errors are in the answer. Bounded, whatever they name.
public final class Mentions {
    /// Topics that are remembered.
    static final int MAX_TOPICS = 64;

    private static final int MAX_ERRORS = 8;
    private static final int MAX_NAME_CHARS = 255;
    private static final int BYTES_OF_TOPIC = 40;
    private static final int BYTES_OF_CHAR = 2;
    private static final Object[] NO_TOPICS = {};
    private static final short[] NO_ERRORS = {};

    // Names or ids, none of them twice.
    private Object[] topics = NO_TOPICS;
    private int topicCount;
    private boolean moreTopics;
    private short[] errors = NO_ERRORS;
    private int errorCount;

    Mentions() {}

    /// Notes that a topic is named, by its name or its id.
    void addTopic(Object topic) {
        if (moreTopics) {
            return;
        }
        var named = topic instanceof String name ? cut(name) : topic;
        for (int i = 0; i < topicCount; i++) {
            if (topics[i].equals(named)) {
                return;
            }
        }
        if (topicCount == MAX_TOPICS) {
            moreTopics = true;
            return;
        }
        if (topicCount == topics.length) {
            topics = Arrays.copyOf(topics, topicCount == 0 ? 1 : Math.min(MAX_TOPICS, 4 * topicCount));
        }
        topics[topicCount++] = named;
    }

    /// Notes an error of the answer; none if the code says so.
    void addError(short code) {
        if (code == 0) {
            return;
        }
        errorCount++;
        if (!hasError(code) && errors.length < MAX_ERRORS) {
            errors = Arrays.copyOf(errors, errors.length + 1);
            errors[errors.length - 1] = code;
        }
    }

    /// Names as text, or ids; the first 64.
    public List<Object> topics() {
        return List.of(Arrays.copyOf(topics, topicCount));
    }

    /// Are there others as well?
    public boolean hasMoreTopics() {
        return moreTopics;
    }

    /// The codes, each once, the first eight of them.
    public short[] errors() {
        return errors.clone();
    }

    /// How many errors there were, those of the same code too.
    public int errorCount() {
        return errorCount;
    }

    /// Is one of these topics named?
    boolean names(String name, @Nullable Uuid id) {
        for (int i = 0; i < topicCount; i++) {
            if (topics[i].equals(name) || topics[i].equals(id)) {
                return true;
            }
        }
        return false;
    }

    boolean hasError(short code) {
        for (short known : errors) {
            if (known == code) {
                return true;
            }
        }
        return false;
    }

    /// What it takes in memory, about.
    long sizeInBytes() {
        long bytes = (long) BYTES_OF_TOPIC * topicCount;
        for (int i = 0; i < topicCount; i++) {
            if (topics[i] instanceof String name) {
                bytes += (long) BYTES_OF_CHAR * name.length();
            }
        }
        return bytes;
    }

    /// As much of a name as is remembered.
    static String cut(String name) {
        return name.length() <= MAX_NAME_CHARS ? name : name.substring(0, MAX_NAME_CHARS);
    }
}
