/// What has happened to the groups: who joined, who left and why, what caused each rebalance, and who was to read what
/// after it. Told by the records that their coordinator writes and by what members ask and are answered; kept in
/// memory only.
@NullMarked
package io.vitrine.timeline;

import org.jspecify.annotations.NullMarked;
