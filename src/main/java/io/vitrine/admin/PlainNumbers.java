package io.vitrine.admin;

import java.beans.PropertyEditorSupport;
import java.util.function.LongFunction;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.InitBinder;

/// Reads the numbers in paths. One thing has one address: there is no partition `00`, `+0` or `0x0`. Spring's own
/// editors take all of these, and take over where a mere converter refuses.
@ControllerAdvice
class PlainNumbers {
    @InitBinder
    void readPlainNumbersOnly(WebDataBinder binder) {
        binder.registerCustomEditor(int.class, new Editor(Math::toIntExact));
        binder.registerCustomEditor(long.class, new Editor(number -> number));
    }

    private static final class Editor extends PropertyEditorSupport {
        private final LongFunction<Number> shape;

        Editor(LongFunction<Number> shape) {
            this.shape = shape;
        }

        @Override
        public void setAsText(String text) {
            try {
                setValue(shape.apply(PlainNumber.parse(text)));
            } catch (ArithmeticException e) {
                throw new NumberFormatException("'%s' has more than 32 bits".formatted(QueryParameters.echo(text)));
            }
        }
    }
}
