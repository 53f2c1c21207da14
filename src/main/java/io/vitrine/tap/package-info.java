/// What passes on the wire, for those who look: the open connections, the last requests with their answers, and those
/// who follow them as they pass. The listener notes here, in few instructions for each request; all else is done by
/// whoever looks. Credentials never leave this package.
@NullMarked
package io.vitrine.tap;

import org.jspecify.annotations.NullMarked;
