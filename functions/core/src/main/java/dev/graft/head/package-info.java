/** The trained layer: its numbers, its files and the store that keeps every version. */
@NullMarked
package dev.graft.head;

import org.jspecify.annotations.NullMarked;
