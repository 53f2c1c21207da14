/// Share groups' delivery: what has been handed to whom, and what has become of it. Records of a partition are given
/// to members of a group one by one, and given again until one of them has dealt with them.
@NullMarked
package io.vitrine.share;

import org.jspecify.annotations.NullMarked;
