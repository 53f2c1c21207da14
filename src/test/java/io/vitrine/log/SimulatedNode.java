package io.vitrine.log;

import java.util.Random;

/// What a name on a [SimulatedDisk] stands for.
sealed interface SimulatedNode permits SimulatedContent, SimulatedDirectory {

    /// Forgets what is not on disk, and some of what isn't surely there.
    void cutPower(Random random);
}
