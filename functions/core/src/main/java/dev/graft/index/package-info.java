/** The images as files beside the heads, so that nobody has to read the whole table. */
@NullMarked
package dev.graft.index;

import org.jspecify.annotations.NullMarked;
