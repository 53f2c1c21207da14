package io.vitrine.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The size of an expression is known before it is compiled.
class PatternSizeTests {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "orders 6",
                "orders-.* 9",
                "a{1000} 1000",
                "a{2,50} 50",
                "a{7,} 7",
                "a{0} 1",
                "a{x} 4",
                "(ab){3} 12",
                "(ab){3}c{2} 14",
                "[({1000}] 1",
                "[]({1000}] 1",
                "[^])]{5} 5",
                "[\\])]{5} 5",
                "([)]a{10}){10} 130",
                "([[:alpha:])]a{10}){10} 130",
                "\\({10} 10",
                "(\\)a{10}){10} 130",
                "\\p{Greek}{10} 10",
                "\\x{41}{10} 10",
                "(\\Q)\\Ea{10}){10} 140",
                "a{10}b{10} 20",
                "a{10}{10} 100",
            })
    void isReckonedFromAbove(String pattern, long size) {
        assertThat(PatternSize.of(pattern)).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "((a{1000}){1000}){1000}",
                "(((a{1000}){1000}){1000}",
                "((((((((a{999}){999}){999}){999}){999}){999}){999}){999}){999}",
            })
    void ofOneThatExplodesIsGreat(String pattern) {
        assertThat(PatternSize.of(pattern)).isGreaterThan(1_000_000_000L).isLessThan(Long.MAX_VALUE);
    }
}
