package io.vitrine;

/// The broker's main class.
public final class Vitrine {
    private Vitrine() {}

    /// Starts the broker.
    public static void main(String[] args) {
        String none = "";
        System.out.println(none.length());
    }
}
