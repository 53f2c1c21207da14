package io.vitrine.transaction;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.vitrine.coordinator.PatternSize;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.jspecify.annotations.Nullable;

/// Which transactional ids somebody wants to see.
///
/// @param states in Kafka's words; all if there is none
/// @param producerIds all if there is none
/// @param openForMs only those whose transaction began longer ago than that; negative for all
/// @param pattern matches the whole of the id; null for all
public record TransactionFilter(
        Set<String> states,
        Set<Long> producerIds,
        long openForMs,
        @Nullable Pattern pattern) {

    /// Longer ones, or such that are larger when repetitions are written out, would cost time and memory for nothing.
    private static final int MAX_PATTERN = 1_000;

    /// Wants all.
    public static final TransactionFilter ALL = new TransactionFilter(Set.of(), Set.of(), -1, null);

    /// Makes one of what a client says.
    ///
    /// @param pattern null or empty for all
    /// @throws InvalidRegularExpression if the pattern is none, or too large
    public static TransactionFilter of(
            Collection<String> states, Collection<Long> producerIds, long openForMs, @Nullable String pattern) {
        return new TransactionFilter(Set.copyOf(states), Set.copyOf(producerIds), openForMs, compile(pattern));
    }

    /// Those of some names of states that there are not.
    public static List<String> unknownStates(Collection<String> names) {
        return names.stream()
                .distinct()
                .filter(name -> TransactionState.fromName(name).isEmpty())
                .toList();
    }

    /// Does it want a transaction, at this moment?
    Predicate<TransactionDescription> at(long nowMs) {
        return transaction -> (states.isEmpty() || states.contains(transaction.state()))
                && (producerIds.isEmpty() || producerIds.contains(transaction.producerId()))
                && (openForMs < 0 || nowMs - transaction.startMs() > openForMs)
                && (pattern == null || pattern.matches(transaction.transactionalId()));
    }

    private static @Nullable Pattern compile(@Nullable String pattern) {
        if (pattern == null || pattern.isEmpty()) {
            return null;
        }
        if (pattern.length() > MAX_PATTERN || PatternSize.of(pattern) > MAX_PATTERN) {
            throw new InvalidRegularExpression(
                    "the pattern is longer than %d, as it is or with its repetitions written out"
                            .formatted(MAX_PATTERN));
        }
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new InvalidRegularExpression("'%s' is no regular expression: %s".formatted(pattern, e.getMessage()));
        }
    }
}
