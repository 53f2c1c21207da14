package io.vitrine.fault;

/// Which of the requests that match a fault it really hits, and until when.
///
/// @param everyNth the n-th, the 2n-th and so on; 1 for all
/// @param probability with which each of those is hit; 1 for all
/// @param count after so many it is over; 0 for no limit
/// @param forMs after so long it is over; 0 for no limit
/// @param seed of the draws: the same ones come of it in the same order
public record Schedule(int everyNth, double probability, int count, int forMs, long seed) {
    public Schedule {
        if (everyNth < 1 || probability < 0 || probability > 1 || count < 0 || forMs < 0) {
            throw new IllegalArgumentException(
                    "No schedule: %d, %s, %d, %d".formatted(everyNth, probability, count, forMs));
        }
    }
}
