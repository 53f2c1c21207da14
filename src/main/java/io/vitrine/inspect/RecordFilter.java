package io.vitrine.inspect;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Which records to show: those that fulfil every condition. It looks at the bytes in the record, whatever is shown
/// of them; damage is never filtered out.
public final class RecordFilter {
    /// Every record.
    public static final RecordFilter ALL = new RecordFilter(null, null, null, null);

    private final byte @Nullable [] key;
    private final byte @Nullable [] keyPrefix;
    private final @Nullable ByteSearch inValue;
    private final @Nullable HeaderWish header;

    private record HeaderWish(String name, @Nullable String value) {
        static @Nullable HeaderWish parse(@Nullable String wish) {
            if (wish == null) {
                return null;
            }
            int colon = wish.indexOf(':');
            return colon < 0
                    ? new HeaderWish(wish, null)
                    : new HeaderWish(wish.substring(0, colon), wish.substring(colon + 1));
        }
    }

    /// Conditions as text, in UTF-8; null for one that is not set.
    ///
    /// @param key the whole key
    /// @param keyPrefix what the key begins with
    /// @param inValue what is found somewhere in the value
    /// @param header `name:value`, or `name` alone for a header of that name with any value
    public RecordFilter(
            @Nullable String key, @Nullable String keyPrefix, @Nullable String inValue, @Nullable String header) {
        this.key = key == null ? null : bytes(key);
        this.keyPrefix = keyPrefix == null ? null : bytes(keyPrefix);
        this.inValue = inValue == null ? null : ByteSearch.of(inValue);
        this.header = HeaderWish.parse(header);
    }

    /// Bytes of a key that must be seen to judge it.
    int keyBytesNeeded() {
        return Math.max(key == null ? 0 : key.length, keyPrefix == null ? 0 : keyPrefix.length);
    }

    boolean acceptsKey(@Nullable Excerpt found) {
        if (key != null && (found == null || !found.isExactly(key))) {
            return false;
        }
        return keyPrefix == null || (found != null && found.beginsWith(keyPrefix));
    }

    /// A search through a value; null if any value will do.
    ByteSearch.@Nullable Run searchValue() {
        return inValue == null ? null : inValue.start();
    }

    boolean wantsHeader() {
        return header != null;
    }

    /// Bytes of a header's name, and of its value, that must be seen to judge it.
    int headerBytesNeeded() {
        return header == null
                ? 0
                : Math.max(bytes(header.name()).length, header.value() == null ? 0 : bytes(header.value()).length);
    }

    boolean acceptsHeader(@Nullable Excerpt name, @Nullable Excerpt value) {
        var wish = header;
        if (wish == null || name == null || !name.isExactly(bytes(wish.name()))) {
            return false;
        }
        return wish.value() == null || (value != null && value.isExactly(bytes(wish.value())));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Names no bytes, as they may be what somebody wants to keep to themselves.
    @Override
    public String toString() {
        return "RecordFilter[key=%s, keyPrefix=%s, inValue=%s, header=%s]"
                .formatted(key != null, keyPrefix != null, inValue != null, header != null);
    }
}
