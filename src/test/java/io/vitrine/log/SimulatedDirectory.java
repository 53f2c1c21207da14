package io.vitrine.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A directory of a [SimulatedDisk]: the names that everybody sees, those that are surely on disk, and what happened
/// in between, of which a power cut keeps some. A name that survives leads to whatever survived of its file.
final class SimulatedDirectory implements SimulatedNode {
    private final List<Change> changes = new ArrayList<>();
    private final Map<String, SimulatedNode> visible = new TreeMap<>();
    private final Map<String, SimulatedNode> durable = new TreeMap<>();

    private sealed interface Change {
        void applyTo(Map<String, SimulatedNode> entries);
    }

    private record Added(String name, SimulatedNode node) implements Change {
        @Override
        public void applyTo(Map<String, SimulatedNode> entries) {
            entries.put(name, node);
        }
    }

    private record Removed(String name, SimulatedNode node) implements Change {
        @Override
        public void applyTo(Map<String, SimulatedNode> entries) {
            entries.remove(name, node);
        }
    }

    private record Renamed(String to, SimulatedNode node) implements Change {
        /// Under whatever name the node is known: an earlier renaming may not have survived.
        @Override
        public void applyTo(Map<String, SimulatedNode> entries) {
            entries.values().removeIf(node::equals);
            entries.put(to, node);
        }
    }

    @Nullable
    SimulatedNode find(String name) {
        return visible.get(name);
    }

    List<String> names() {
        return List.copyOf(visible.keySet());
    }

    /// The nodes in here, in the order of their names.
    List<SimulatedNode> nodes() {
        return List.copyOf(visible.values());
    }

    boolean isEmpty() {
        return visible.isEmpty();
    }

    void add(String name, SimulatedNode node) {
        change(new Added(name, node));
    }

    void remove(String name, SimulatedNode node) {
        change(new Removed(name, node));
    }

    void rename(SimulatedNode node, String to) {
        change(new Renamed(to, node));
    }

    void force() {
        changes.forEach(change -> change.applyTo(durable));
        changes.clear();
    }

    /// As with a file: some of it is on disk, the rest never will be.
    void forceInVain(Random random) {
        keepSome(random);
    }

    @Override
    public void cutPower(Random random) {
        keepSome(random);
        visible.clear();
        visible.putAll(durable);
        visible.values().forEach(node -> node.cutPower(random));
    }

    /// A journal keeps changes in order; a disk without one may keep any of them.
    private void keepSome(Random random) {
        boolean inOrder = random.nextBoolean();
        int allUntil = random.nextInt(changes.size() + 1);
        for (int i = 0; i < changes.size(); i++) {
            if (inOrder ? i < allUntil : random.nextBoolean()) {
                changes.get(i).applyTo(durable);
            }
        }
        changes.clear();
    }

    private void change(Change change) {
        change.applyTo(visible);
        changes.add(change);
    }
}
