package io.vitrine.admin;

import io.vitrine.inspect.LiveTails;
import io.vitrine.tap.WireTaps;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Ends the streams when Spring stops, before the broker and the web side: those who listen are told why.
@Component
final class TailLifecycle implements SmartLifecycle {
    private final LiveTails tails;
    private final WireTaps taps;
    private volatile boolean running;

    TailLifecycle(LiveTails tails, WireTaps taps) {
        this.tails = tails;
        this.taps = taps;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        tails.close();
        taps.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /// Higher phases stop first.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
