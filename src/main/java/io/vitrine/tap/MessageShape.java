package io.vitrine.tap;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Message;
import org.jspecify.annotations.Nullable;

/// Where a class of messages has topics and errors in it, found once by how Kafka names its fields: so no API is
/// forgotten, and a new version of Kafka needs nothing here.
///
/// - `errorCode`, `acknowledgeErrorCode` and so on are errors,
/// - `topicId`, `topic`, `topicName`, `topicNames`, `subscribedTopicNames`, and `name` where the class is that of a
///   topic, are topics,
/// - and so is `resourceName` where `resourceType` says so.
final class MessageShape {
    // However large a message is, so much of it is looked at.
    private static final int MAX_NODES = 2_000;
    private static final byte RESOURCE_IS_TOPIC = 2;
    private static final Set<String> NAMES = Set.of("topic", "topicName");
    private static final Set<String> LISTS_OF_NAMES = Set.of("topicNames", "subscribedTopicNames");

    private static final ClassValue<MessageShape> SHAPES = new ClassValue<>() {
        @Override
        protected MessageShape computeValue(Class<?> type) {
            return type.getSuperclass() == Object.class
                    ? new MessageShape(type)
                    // One of ours, derived from Kafka's.
                    : SHAPES.get(type.getSuperclass());
        }
    };

    private final List<Part> parts = new ArrayList<>();
    private final @Nullable Method resourceType;

    private enum Kind {
        ERROR,
        TOPIC,
        TOPICS,
        RESOURCE,
        CHILD,
        CHILDREN
    }

    private record Part(Kind kind, Method accessor) {}

    private MessageShape(Class<?> type) {
        var names = new ArrayList<Part>();
        var ids = new ArrayList<Part>();
        for (var field : type.getDeclaredFields()) {
            var kind = Modifier.isStatic(field.getModifiers()) ? null : kindOf(field);
            if (kind != null) {
                (field.getType() == Uuid.class ? ids : names).add(new Part(kind, accessor(type, field.getName())));
            }
        }
        parts.addAll(names);
        parts.addAll(ids);
        resourceType =
                parts.stream().anyMatch(part -> part.kind() == Kind.RESOURCE) ? accessor(type, "resourceType") : null;
    }

    /// Notes what is in `message`.
    static void note(Message message, Mentions mentions) {
        SHAPES.get(message.getClass()).note(message, mentions, MAX_NODES);
    }

    /// Can there be any topic or error in messages of this class?
    boolean isEmpty() {
        return parts.isEmpty();
    }

    static MessageShape of(Class<?> type) {
        return SHAPES.get(type);
    }

    /// Does a message of this class itself name a topic?
    boolean namesTopic() {
        return parts.stream()
                .anyMatch(
                        part -> part.kind() != Kind.ERROR && part.kind() != Kind.CHILD && part.kind() != Kind.CHILDREN);
    }

    /// @return how many more nodes may be looked at
    private int note(Message message, Mentions mentions, int nodes) {
        int left = nodes - 1;
        boolean named = false;
        for (var part : parts) {
            if (left <= 0) {
                return 0;
            }
            var value = get(part.accessor(), message);
            switch (part.kind()) {
                case ERROR -> mentions.addError((Short) Objects.requireNonNull(value));
                case TOPIC -> named = noteTopic(mentions, value, named);
                case TOPICS -> left -= noteTopics(mentions, (Collection<?>) value);
                case RESOURCE -> noteResource(mentions, message, (String) value);
                case CHILD ->
                    left = value == null ? left : SHAPES.get(value.getClass()).note((Message) value, mentions, left);
                case CHILDREN -> left = noteAll(mentions, (Collection<?>) value, left);
            }
        }
        return left;
    }

    /// @param named has it been named already? A topic with name and id is one topic.
    private static boolean noteTopic(Mentions mentions, @Nullable Object value, boolean named) {
        if (named || value == null || value.equals("") || value.equals(Uuid.ZERO_UUID)) {
            return named;
        }
        mentions.addTopic(value);
        return true;
    }

    private static int noteTopics(Mentions mentions, @Nullable Collection<?> names) {
        int count = 0;
        if (names != null) {
            for (var name : names) {
                if (++count > MAX_NODES) {
                    break;
                }
                mentions.addTopic(name);
            }
        }
        return count;
    }

    private void noteResource(Mentions mentions, Message message, @Nullable String name) {
        if (name != null
                && resourceType != null
                && Byte.valueOf(RESOURCE_IS_TOPIC).equals(get(resourceType, message))) {
            mentions.addTopic(name);
        }
    }

    private static int noteAll(Mentions mentions, @Nullable Collection<?> children, int nodes) {
        int left = nodes;
        if (children != null) {
            for (var child : children) {
                if (left <= 0) {
                    return 0;
                }
                left = SHAPES.get(child.getClass()).note((Message) child, mentions, left);
            }
        }
        return left;
    }

    private static @Nullable Kind kindOf(Field field) {
        var name = field.getName();
        var type = field.getType();
        if (type == short.class && name.endsWith("rrorCode")) {
            return Kind.ERROR;
        }
        if (type == Uuid.class && name.equals("topicId")) {
            return Kind.TOPIC;
        }
        if (type == String.class) {
            return name.equals("resourceName") && has(field.getDeclaringClass(), "resourceType")
                    ? Kind.RESOURCE
                    : NAMES.contains(name) || (name.equals("name") && isTopic(field.getDeclaringClass()))
                            ? Kind.TOPIC
                            : null;
        }
        if (Message.class.isAssignableFrom(type)) {
            return SHAPES.get(type).isEmpty() ? null : Kind.CHILD;
        }
        if (Collection.class.isAssignableFrom(type)) {
            var element = elementOf(field.getGenericType());
            if (element == String.class) {
                return LISTS_OF_NAMES.contains(name) ? Kind.TOPICS : null;
            }
            return element == null || SHAPES.get(element).isEmpty() ? null : Kind.CHILDREN;
        }
        return null;
    }

    /// A config of a topic has a name too.
    private static boolean isTopic(Class<?> type) {
        var name = type.getSimpleName();
        return name.contains("Topic") && !name.contains("Config");
    }

    /// The class of messages, or String, that a collection holds; null if it holds neither.
    private static @Nullable Class<?> elementOf(Type collection) {
        if (collection instanceof ParameterizedType of) {
            return of.getActualTypeArguments()[0] instanceof Class<?> element
                            && (element == String.class || Message.class.isAssignableFrom(element))
                    ? element
                    : null;
        }
        return collection instanceof Class<?> type && type.getGenericSuperclass() != null
                ? elementOf(type.getGenericSuperclass())
                : null;
    }

    private static boolean has(Class<?> type, String field) {
        for (var other : type.getDeclaredFields()) {
            if (other.getName().equals(field)) {
                return true;
            }
        }
        return false;
    }

    private static Method accessor(Class<?> type, String name) {
        try {
            return type.getMethod(name);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("%s has no accessor %s".formatted(type.getName(), name), e);
        }
    }

    private static @Nullable Object get(Method accessor, Object message) {
        try {
            return accessor.invoke(message);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("%s can't be called".formatted(accessor), e);
        }
    }
}
