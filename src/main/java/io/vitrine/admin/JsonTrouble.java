package io.vitrine.admin;

import tools.jackson.core.JacksonException;

/// What is wrong with JSON, in as many words as help its author.
final class JsonTrouble {
    private static final int MAX_LENGTH = 120;

    private JsonTrouble() {}

    /// Without the parser's remarks about its own source, and without repeating a long part of the body.
    static String of(JacksonException exception) {
        var message = String.valueOf(exception.getOriginalMessage());
        var words = message.lines().findFirst().orElse("").replaceAll(" ?\\(start marker at .*", "");
        return words.length() <= MAX_LENGTH ? words : words.substring(0, MAX_LENGTH) + "…";
    }
}
