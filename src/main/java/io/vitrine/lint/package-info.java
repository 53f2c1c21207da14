/// What here would behave differently on a cluster, or in production: rules over what is known of configs, topics,
/// producers and groups, each with its evidence.
@NullMarked
package io.vitrine.lint;

import org.jspecify.annotations.NullMarked;
