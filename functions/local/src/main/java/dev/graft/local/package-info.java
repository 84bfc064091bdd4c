/** The whole product on one machine. */
@NullMarked
package dev.graft.local;

import org.jspecify.annotations.NullMarked;
